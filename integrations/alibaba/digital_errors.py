"""What the refusals of digital messages mean; none is published, these are the gateway's usual ones (facts 1.3, 5.1, 14)."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.contracts.errors import Trouble
from bot.contracts.model import Words

MEANINGS: Mapping[str, tuple[Trouble, Words | None]] = MappingProxyType(
    {
        "MissingTemplateContents": (
            Trouble.UNEXPECTED,
            Words(
                'The vendor did not see the files in the form of the call. The operator sets digital_files = "query" under '
                "[account.unconfirmed], which fits files of 40 kB in all, or submits it in the console.",
                '平台没有收到表单中的文件。请运维人员在 [account.unconfirmed] 中设置 digital_files = "query"（文件合计不超过 40 kB），'
                "或在控制台提交。",
            ),
        ),
        "FilesForAddress": (
            Trouble.INPUT,
            Words(
                "The files are larger than the address of a call takes, 40 kB in all. Make them smaller, or let the operator set "
                'digital_files = "form" under [account.unconfirmed].',
                "文件超过请求地址可容纳的大小（合计 40 kB）。请压缩文件，或请运维人员在 [account.unconfirmed] 中设置 "
                'digital_files = "form"。',
            ),
        ),
        "InvalidTemplateContents": (
            Trouble.INPUT,
            Words(
                "The vendor does not take the files: up to 1.9 MB in all, jpg, png, gif, mp3, one mp4 with H.264.",
                "平台不接受这些文件：合计不超过 1.9 MB，支持 jpg、png、gif、mp3 及一个 H.264 编码的 mp4。",
            ),
        ),
        "InvalidOrderContext": (
            Trouble.INPUT,
            Words(
                "The vendor does not take what was said of company and persons. Compare it with licence and identity cards.",
                "平台不接受所填的企业或人员信息。请与营业执照和身份证核对。",
            ),
        ),
    }
)
"""Code → whose business it is, and what to do now."""

ADDRESS_BYTES = 40_000
"""What of files fits into an address: one of 64 KiB is the longest that is sent (facts 5.1), base64 makes a third more."""
