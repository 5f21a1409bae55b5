"""Accounts of a vendor that there is not, and configuration files that name it."""

from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from bot.running.config import ConfigError, Settings, parse


class Inner(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    pin: SecretStr | None = None
    pins: tuple[SecretStr, ...] = ()


class AcmeAccount(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str
    vendor: Literal["acme", "other"]
    key: SecretStr
    push_token: SecretStr | None = None
    inner: Inner = Inner()
    defaults: dict[str, str] = Field(default_factory=dict)
    company: str = ""
    review_hours: str = ""
    test_numbers: tuple[str, ...] = ()

    @field_validator("push_token")
    @classmethod
    def _tells_too_much(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and "!" in value.get_secret_value():
            raise ValueError(f"cannot be {value.get_secret_value()}")
        return value


ACCOUNTS: dict[str, type[BaseModel]] = {"acme": AcmeAccount, "other": AcmeAccount}


def read(text: str, base: Path = Path("/nowhere"), **environ: str) -> Settings:
    return parse(text, accounts=ACCOUNTS, environ=environ, base=base)


def problems(text: str, base: Path = Path("/nowhere"), **environ: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read(text, base, **environ)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems
