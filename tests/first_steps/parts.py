"""Every transcript of the page, in its order."""

from tests.first_steps import dingtalk, operator, slack, terminal
from tests.first_steps.page import Part

PARTS = (
    Part("the terminal", terminal.typed),
    Part("终端", terminal.piped),
    Part("Slack", slack.in_english),
    Part("Slack 频道", slack.in_chinese),
    Part("钉钉", dingtalk.in_chinese),
    Part("DingTalk", dingtalk.in_english),
    Part("the operator", operator.in_english),
    Part("运维", operator.in_chinese),
)
