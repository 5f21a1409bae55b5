"""The few words that this chat says by itself, in both languages; everything else comes from the program."""

from bot.contracts.model import Words

NOT_SHOWN = Words(
    "the card was not shown: the robot must be in the group (群设置 → 机器人), a person in the app's 可见范围 "
    "(DingTalk: {why})",
    "卡片没有送达：机器人必须在群里（群设置 → 机器人），成员必须在应用的可见范围内（钉钉：{why}）",
)
NOBODY = Words(
    "DingTalk knows no such user, or the app's 可见范围 does not hold them", "钉钉没有此用户，或不在应用的可见范围内"
)
CONNECTED = Words("connected", "已连接")
CALLS = Words(
    "{calls} of about {allowed} calls this month, {webhooks} more through webhooks",
    "本月已调用接口 {calls} 次（额度约 {allowed} 次），另经 Webhook {webhooks} 次",
)
NEARLY = Words(
    "{calls} of about {allowed} DingTalk calls of this month are used",
    "本月钉钉接口调用已用 {calls} 次（额度约 {allowed} 次）",
)
NEARLY_MEANS = Words(
    "The last {percent} % are kept for critical alerts and answers: from {kept} on everything else waits for the next month, but "
    "in groups in which somebody spoke within 90 minutes. Buy more, or set `monthly_calls` under `[dingtalk]` to what the edition "
    "allows ({console} → 资源管理).",
    "最后 {percent}% 留给严重告警和答复：用到 {kept} 次以后，其他消息要等到下月才发（90 分钟内有人说过话的群除外）。请购买更多次数，或按版本的"
    "实际额度修改 `[dingtalk]` 的 `monthly_calls`（{console} → 资源管理）。",
)
KEEPING = Words(
    "What is left of this month's DingTalk calls is kept for critical alerts and answers",
    "本月剩余的钉钉接口次数只用于严重告警和答复",
)
KEEPING_MEANS = Words(
    "{calls} of about {allowed} are used. Everything else waits for the next month, but in groups in which somebody spoke within 90 "
    "minutes; what is three days old by then is given up. Buy more, or set `monthly_calls` under `[dingtalk]` ({console} → 资源管理).",
    "已用 {calls} 次（额度约 {allowed} 次）。其他消息要等到下月才发（90 分钟内有人说过话的群除外），满三天仍未发出的不再发。请购买更多次数，或修改 "
    "`[dingtalk]` 的 `monthly_calls`（{console} → 资源管理）。",
)
KEPT = Words(
    "what is left of this month's calls is kept for critical alerts and answers", "本月剩余的接口次数留给严重告警和答复"
)
NO_CARDS = Words("messages instead of cards", "卡片不可用，暂以消息代替")
ONLY_CARDS = Words("only cards can be changed in DingTalk", "钉钉里只有卡片可以修改")
NO_TEMPLATE = Words("there is no card_template_id any more", "已没有配置 card_template_id")
MINUTE_FULL = Words("this conversation's minute is full", "该会话本分钟的发送数已满")
TOO_MANY_CALLS = Words("too many calls at once", "同时调用过多")
ENDING = Words("the program is ending", "程序正在退出")
PERSON_FULL = Words("DingTalk takes no more for this person for a while", "钉钉暂不向此人发送更多消息")
MENTIONED = Words("You are mentioned in {group}.", "{group} 里提到了你。")
LEFT_OUT = Words("{count} messages went unanswered", "有 {count} 条消息没有得到答复")
SAY_AGAIN = Words(
    "Too much was said here at once for what DingTalk takes in a minute. Please say them again, a few at a time.",
    "这里一下子说得太多，超过了钉钉每分钟的发送上限。请分几次重新发送。",
)
A_GROUP = Words("a group", "群聊")
FILE_LOST = Words("A file did not reach me", "有文件没有取到")
FILES_LOST = Words("{lost} of {all} files did not reach me", "{all} 个文件中有 {lost} 个没有取到")
FILE_NAME = Words("picture {position}", "第 {position} 张图片")
FILE_ROW = Words("{name}: {why}", "{name}：{why}")
FILE_LATE = Words("DingTalk did not hand it out in time. Please send it again.", "钉钉没有及时给出文件，请重新发送。")
FILE_OVER = Words(
    "DingTalk no longer hands it out. Please send it again, as a new message.", "钉钉已不再提供这个文件，请重新发一条。"
)
FILE_PERMISSION = Words(
    "the app may not fetch files. An operator grants 企业内机器人发送消息权限 (qyapi_robot_sendmsg) under 权限管理; "
    "then send it again.",
    "应用没有取文件的权限。请管理员在开发者后台「权限管理」开通 企业内机器人发送消息权限（qyapi_robot_sendmsg），然后重新发送。",
)
FILE_REFUSED = Words(
    "DingTalk refuses to hand files to the app, and the operator finds why in the log. Send it again once that is mended.",
    "钉钉拒绝向应用提供文件，原因见日志（请管理员查看）。解决后重新发送。",
)
FILE_SPENT = Words(
    "this month's calls of DingTalk's API are used up. An operator sees how many under 资源管理; send it again once there "
    "are more.",
    "本月的钉钉接口调用次数已用完。请管理员查看开发者后台「资源管理」，恢复后重新发送。",
)

UNREAD = Words("I cannot read this kind of message", "这种消息我读不了")
WRITE_OR_SEND = Words(
    "DingTalk tells me nothing of what is in it. Please write it as text. A picture or file that belongs to it goes into the "
    "same message, or to me one to one.",
    "钉钉没有告诉我里面的内容。请用文字发送；图片和文件放在同一条消息里，或单聊发给我。",
)
NO_WORDS = Words("I did not understand this voice message", "这条语音没有识别出文字")
WRITE = Words(
    "DingTalk recognised no words in it. Please speak again, or write it as text.",
    "钉钉没有识别出其中的文字。请重说一遍，或用文字发送。",
)
