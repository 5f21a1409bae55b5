"""One account at Tencent Cloud SMS, as the configuration file describes it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot.contracts.values import AccountTable
from integrations.tencent.declared import IMAGE_BYTES, Site

_ENDPOINTS: Mapping[str, str] = {
    "domestic": "https://sms.tencentcloudapi.com",
    "international": "https://sms.intl.tencentcloudapi.com",
}
"""Each site has a host of its own (facts, "Two sites")."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _endpoint(value: str) -> str:
    parts = urlsplit(value)
    if not parts.hostname or parts.port == 0 or parts.path.strip("/") or parts.query or parts.username:
        raise ValueError("must be an address without path, such as https://sms.tencentcloudapi.com")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("must be https; plain http only for loopback addresses")
    return value.rstrip("/")


class Unconfirmed(BaseModel):
    """Points that the vendor's documentation leaves open and the code rests on; one override for each.

    The defaults are the careful reading. Where a live account shows something else, change it here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    image_bytes: int = Field(
        default=IMAGE_BYTES,
        gt=0,
        description="Largest picture to send. The review page says 5 MB; the API's own limit is not stated (facts 7.2, 10).",
    )
    delete_in_review: bool = Field(
        default=True,
        description="Whether DeleteSmsSign and DeleteSmsTemplate take what is still under review; "
        "no state is excluded in the documentation (facts 2.4, 3).",
    )
    statistics_utc_offset: float = Field(
        default=8.0,
        ge=-12,
        le=14,
        description="Hours east of UTC in which the yyyymmddhh times of the statistics are read; "
        "the zone is not stated, China time is assumed (facts 4).",
    )
    callback_utc_offset: float = Field(
        default=8.0,
        ge=-12,
        le=14,
        description="Hours east of UTC in which the time of a status callback is read; the zone is not stated, China time "
        "is assumed (facts 6).",
    )
    details_lag_seconds: float = Field(
        default=120.0,
        ge=0,
        le=86_400,
        description="How late what was sent shows in the sending details, at most; not stated. A test message whose answer "
        "was lost counts as never sent only after that. (Facts 5.2)",
    )
    package_window_days: int = Field(
        default=730,
        ge=1,
        description="How far back packages are asked for. The longest span allowed is not stated; "
        "packages created earlier are missed (facts 4).",
    )
    rate_share: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="The part of the published call rate this program may use. Whether the rate is counted by account, "
        "sub-account or region is not stated; lower it when others call with the same account (facts 1.1).",
    )


class Account(AccountTable):
    """One account; the domestic and the international site have separate ones (facts, "Two sites")."""

    vendor: Literal["tencent"] = Field(description='Always "tencent".')
    secret_id: SecretStr = Field(description="SecretId of an API key. Listing templates may need a main-account key.")
    secret_key: SecretStr = Field(description="SecretKey of the same API key.")
    token: SecretStr | None = Field(default=None, description="Only with temporary credentials (STS).")
    endpoint: Annotated[str, AfterValidator(_endpoint)] = Field(
        default=_ENDPOINTS["domestic"],
        description="Where calls go; left out, the host of the site: https://sms.intl.tencentcloudapi.com for the "
        "international one. A regional host, as https://sms.ap-singapore.tencentcloudapi.com, is only another way in.",
    )
    region: str = Field(
        default="ap-guangzhou",
        pattern=r"^[A-Za-z0-9-]+$",
        description="X-TC-Region. Signatures and templates are kept per region; "
        "the list of values is not published (facts 1.1).",
    )
    sdk_app_id: str = Field(
        pattern=r"^[0-9]+$", description="SmsSdkAppId, from 应用管理 (applications) in the console."
    )
    site: Site = Field(
        default="domestic",
        description='"domestic" for cloud.tencent.com, "international" for tencentcloud.com: '
        "decides the kinds of papers, qualifications and package quota.",
    )
    sender_id: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9]{0,15}$",
        description="SenderId of messages abroad, where the country has one registered for you; empty for the vendor's own.",
    )
    unconfirmed: Unconfirmed = Field(
        default=Unconfirmed(), description="What the documentation leaves open; see each key."
    )

    @model_validator(mode="before")
    @classmethod
    def _endpoint_of_the_site(cls, given: Any) -> Any:
        if isinstance(given, dict) and "endpoint" not in given and given.get("site") in _ENDPOINTS:
            return {**given, "endpoint": _ENDPOINTS[given["site"]]}
        return given

    @model_validator(mode="after")
    def _site_and_endpoint_agree(self) -> Self:
        for site, endpoint in _ENDPOINTS.items():
            if self.endpoint == endpoint and self.site != site:
                raise ValueError(f'site = "{self.site}" has an endpoint of its own, {_ENDPOINTS[self.site]}')
        return self
