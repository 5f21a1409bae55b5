"""What an operator may say about one UCloud account."""

from datetime import date
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot.contracts.values import AccountTable

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Unconfirmed(BaseModel):
    """Where the vendor's documents are silent or contradict each other: our reading, and how to overrule it.

    Each key names the point of `facts/ucloud.md` that marks it UNSURE.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    file_form: Literal["typed", "data_url", "bare"] = Field(
        default="typed",
        description=(
            "How a paper is written: typed = `image/jpeg;base64,…` as the Update page shows, data_url = `data:` before "
            "it, bare = base64 alone. The Create page does not say. (Facts 2.1)"
        ),
    )
    unsubscribe: str = Field(
        default="拒收请回复R",
        min_length=1,
        description=(
            "UnsubscribeInfo of domestic marketing templates; the page prints it in 【】 without saying whether they are "
            "part of the value. (Facts 3.1, 7.4)"
        ),
    )
    qualification_first_page: Literal[0, 1] = Field(
        default=0,
        description="Number of the first page of the qualification list; the statistics count from 0. (Facts 2.5)",
    )
    page_size: int = Field(
        default=100, ge=1, le=1000, description="NumPerPage of every list; the largest is not published. (Facts 10)"
    )
    upload_form: Literal["typed", "data_url", "bare"] = Field(
        default="bare",
        description="How FileContent of an uploaded file is written: the page says base64 and nothing more. (Facts 2.5)",
    )
    qualification_letter: bool = Field(
        default=True,
        description=(
            "Whether a qualification takes an authorisation letter (PowerOfAttorneyFileId): it stands in the samples of the "
            "page, not in its table. (Facts 2.5)"
        ),
    )
    qualification_required: bool = Field(
        default=False,
        description=(
            "Whether a domestic signature must name a qualification: optional in the API, but the carriers' filing needs "
            "what it holds. (Facts 2.1, 7.3)"
        ),
    )
    longest_signature: int = Field(
        default=12,
        ge=2,
        le=20,
        description="Characters of a signature; older pages say 20, and full company names may be longer. (Facts 7.1)",
    )
    edit_under_review: bool = Field(
        default=False,
        description=(
            "Whether a signature may be edited while it waits for its review: the console's guide says yes, the API page "
            "speaks of rejected ones only. (Facts 2.2)"
        ),
    )
    missing_codes: tuple[int, ...] = Field(
        default=(18016, 18017),
        description=(
            "RetCodes that answer a query for something the account does not have, besides an answer without data. "
            "(Facts 2.3, 10)"
        ),
    )
    calls_per_second: float = Field(
        default=5.0,
        gt=0,
        le=100,
        description="The most calls a second; no limit is published, only the code for exceeding one. (Facts 1.1, 10)",
    )
    statistics_days: int = Field(
        default=30,
        ge=1,
        le=366,
        description="Days that one statistics query may span; the console's analysis spans 30. (Facts 4.1)",
    )
    statistics_lag_days: int = Field(
        default=1,
        ge=0,
        le=7,
        description="How many days late the statistics are; the console tells today's tomorrow. (Facts 4.1)",
    )
    details_lag_seconds: float = Field(
        default=120.0,
        ge=0,
        le=86_400,
        description="How late what was sent shows in the sending details, at most; not stated. A test message whose answer "
        "was lost counts as never sent only after that. (Facts 5)",
    )
    submit_failed_billed: bool = Field(
        default=False,
        description="Whether parts that failed at submission use up the package; probably not. (Facts 4.2)",
    )


class Package(BaseModel):
    """The package that was bought: no API tells what is left of it (facts 4.2)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int = Field(gt=0, description="Messages bought.")
    since: date = Field(description="The day it was bought, in China; usage is counted from here on.")
    expires: date | None = Field(default=None, description="The last day on which it can be used, in China.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.expires is not None and self.expires < self.since:
            raise ValueError("expires must not be before since")
        return self


class Account(AccountTable):
    """One UCloud account; secrets arrive resolved."""

    vendor: Literal["ucloud"] = Field(default="ucloud", description="Which vendor this account is at.")
    public_key: SecretStr = Field(description="Public key of the API key pair.")
    private_key: SecretStr = Field(description="Private key of the API key pair.")
    security_token: SecretStr | None = Field(
        default=None, description="Only for temporary credentials (AssumeRole): the token that came with them."
    )
    endpoint: str = Field(default="https://api.ucloud.cn", description="Address of the API.")
    project_id: str = Field(
        min_length=1,
        description="The project, like org-xxxxxx; signatures, templates and packages belong to it.",
    )
    package: Package | None = Field(
        default=None,
        description="The package that was bought; what is left is estimated from it and the usage.",
    )
    unconfirmed: Unconfirmed = Field(
        default_factory=Unconfirmed,
        description="How we read what the vendor does not document; change when your account shows otherwise.",
    )

    @field_validator("endpoint")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if (
            not parts.hostname
            or parts.port == 0
            or parts.query
            or parts.fragment
            or parts.username
            or parts.path.strip("/")
        ):
            raise ValueError("must be an address such as https://api.ucloud.cn")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("must be https; plain http only for loopback addresses")
        return value.rstrip("/")
