"""A signature as it is submitted to UCloud, with its licence."""

import base64
from collections.abc import Mapping

from bot.contracts.model import Kind, Paper, Submission

LICENCE = Paper("licence.jpg", b"\xff\xd8\xff\xe0licence", "image/jpeg")
IN_BASE64 = base64.b64encode(LICENCE.content).decode()


def signature(papers: Mapping[str, tuple[Paper, ...]] | None = None, **values: str) -> Submission:
    given = {"source": "company", "remark": "登录与订单通知", **values}
    return Submission(Kind.SIGNATURE, "优刻得科技", given, {"paper": (LICENCE,)} if papers is None else papers)
