"""What an operator may say about one Alibaba Cloud account."""

from collections.abc import Mapping
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot.contracts.values import AccountTable

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_ENDPOINTS: Mapping[str, Mapping[str, str]] = {
    "domestic": {"endpoint": "https://dysmsapi.aliyuncs.com", "billing_endpoint": "https://business.aliyuncs.com"},
    "international": {
        "endpoint": "https://dysmsapi.ap-southeast-1.aliyuncs.com",
        "billing_endpoint": "https://business.ap-southeast-1.aliyuncs.com",
    },
}
"""Each site has hosts of its own (facts 1.1, 7, 8.1)."""


class Unconfirmed(BaseModel):
    """Where the vendor's documents are silent or unsure: our reading, and how to overrule it without new code.

    Each key names the point of `facts/alibaba.md` that marks it UNSURE.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    booleans: Literal["lower", "title"] = Field(
        default="lower",
        description="How true and false are written in requests: `true` or `True`. (Facts 14, no. 2)",
    )
    text_dates_utc_offset: int = Field(
        default=8,
        ge=-12,
        le=14,
        description="Hours from UTC of the vendor's dates, which carry no zone; 8 is China time. (Facts 14, no. 7)",
    )
    retry_after_unit: Literal["ms", "s"] = Field(
        default="ms",
        description="Unit of the answer header x-acs-retry-after; the vendor's SDK reads it as ms. (Facts 14, no. 12)",
    )
    throttling_codes: tuple[str, ...] = Field(
        default=("Throttling",),
        description="Error codes that begin with one of these mean: nothing was accepted, call later. (Facts 14, no. 12)",
    )
    calls_per_second: float = Field(
        default=5.0,
        gt=0,
        le=100,
        description="The most calls a second of each operation for which no limit is published. (Facts 1.4)",
    )
    package_product: str = Field(
        default="",
        description="ProductCode to ask the billing API for; empty asks for all and picks by words. (Facts 14, no. 4)",
    )
    package_words: tuple[str, ...] = Field(
        default=("dysms", "sms", "短信"),
        description="A package counts as SMS when its code, type, note or products contain one of these. (Facts 14, no. 4)",
    )
    statistics_days: int = Field(
        default=30,
        ge=1,
        le=366,
        description="Days that one statistics query may span; the longest allowed is not stated. (Facts 6.3)",
    )
    details_lag_seconds: float = Field(
        default=120.0,
        ge=0,
        le=86_400,
        description="How late what was sent shows in the sending details, at most; not stated. A test message whose answer "
        "was lost counts as never sent only after that. (Facts 6.2)",
    )
    sent_is_delivered: bool = Field(
        default=True,
        description="At the international site: whether status 1 of a message, which the vendor calls sent, means that it "
        "arrived. (Facts 7)",
    )
    digital_files: Literal["form", "query"] = Field(
        default="form",
        description="Where the files of a digital template go: into the form of the call, or into its address as the "
        "vendor's SDK writes them, where no more than about 40 kB fit. (Facts 14, no. 3)",
    )
    kind_names: dict[str, str] = Field(
        default_factory=dict,
        description=(
            "Other spellings for our guesses of placeholder kinds, e.g. others = 'characterWithNumber2'; only part of the "
            "kinds is documented. (Facts 14, no. 11)"
        ),
    )


class Account(AccountTable):
    """One Alibaba Cloud account; secrets arrive resolved."""

    vendor: Literal["alibaba"] = Field(default="alibaba", description="Which vendor this account is at.")
    access_key_id: SecretStr = Field(description="AccessKey ID of a RAM user that may use dysms and read billing.")
    access_key_secret: SecretStr = Field(description="The AccessKey's secret.")
    security_token: SecretStr | None = Field(
        default=None, description="Only for temporary credentials (STS): the token that came with them."
    )
    site: Literal["domestic", "international"] = Field(
        default="domestic",
        description='"domestic" for aliyun.com, "international" for alibabacloud.com, whose API sends and does nothing else: '
        "signatures and templates of Go China are guided requests there.",
    )
    endpoint: str = Field(
        default=_ENDPOINTS["domestic"]["endpoint"],
        description="Address of the SMS API; left out, that of the site.",
    )
    billing_endpoint: str = Field(
        default=_ENDPOINTS["domestic"]["billing_endpoint"],
        description="Address of the billing API; left out, that of the site.",
    )
    sender_id: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9]{1,11}|[0-9]{1,15})?$",
        description="At the international site: From of messages abroad, up to 11 letters and digits or 15 digits; empty for "
        "the vendor's own.",
    )
    quota: tuple[Literal["packages", "balance"], ...] = Field(
        default=("packages", "balance"),
        description="Which figures to read; leave out what the key has no right to.",
    )
    unconfirmed: Unconfirmed = Field(
        default_factory=Unconfirmed,
        description="How we read what the vendor does not document; change when your account shows otherwise.",
    )

    @field_validator("endpoint", "billing_endpoint")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if not parts.hostname or parts.port == 0 or parts.query or parts.username:
            raise ValueError("must be an address such as https://dysmsapi.aliyuncs.com")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("must be https; plain http only for loopback addresses")
        return value.rstrip("/")

    @model_validator(mode="before")
    @classmethod
    def _endpoints_of_the_site(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("site") in _ENDPOINTS:
            return {**_ENDPOINTS[given["site"]], **given}
        return given

    @model_validator(mode="after")
    def _site_and_endpoints_agree(self) -> Self:
        for site, hosts in _ENDPOINTS.items():
            if self.site != site and hosts["endpoint"] == self.endpoint:
                raise ValueError(
                    f'site = "{self.site}" has an endpoint of its own, {_ENDPOINTS[self.site]["endpoint"]}'
                )
        return self
