"""What people can say, one module a subject. This is the only registry.

A command is one function with its declaration in one of these modules; a dialogue is one function in `ANSWERS`. How a
command travels: `bot.desk.reception` parses the text and asks whether this person may, the handler here calls a use case,
the use case stores and calls the vendor, the outbox brings back what came of it.
"""

from bot.commands.command import Router
from bot.desk import changing, dialogue
from bot.desk.context import Context, Reply
from handlers import (
    alerts,
    approve,
    change,
    check,
    conversation,
    delete,
    digest,
    help,  # noqa: A004 - called like its command
    history,
    lists,
    messages,
    oncall,
    operate,
    path,
    quota,
    report,
    resubmit,
    send,
    settings,
    settle,
    stats,
    status,
    submit,
    sync,
    watch,
    why,
)

ROUTER: Router[Context, Reply] = Router(
    submit.ROUTER,
    check.ROUTER,
    change.ROUTER,
    resubmit.ROUTER,
    delete.ROUTER,
    approve.ROUTER,
    settle.ROUTER,
    lists.ROUTER,
    status.ROUTER,
    path.ROUTER,
    history.ROUTER,
    report.ROUTER,
    digest.ROUTER,
    quota.ROUTER,
    stats.ROUTER,
    send.ROUTER,
    messages.ROUTER,
    alerts.ROUTER,
    oncall.ROUTER,
    watch.ROUTER,
    why.ROUTER,
    help.ROUTER,
    operate.ROUTER,
    sync.ROUTER,
    conversation.ROUTER,
    settings.ROUTER,
)

ANSWERS = {
    "fill": dialogue.answer,
    changing.DO: changing.answer,
    "delete": delete.answer_delete,
    "send": send.answer_send,
}
