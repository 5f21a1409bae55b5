"""The answers that make an account, tried at its vendor: what `signpost init` does with them."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, SecretStr

from bot.contracts.clock import SystemClock
from bot.contracts.errors import Trouble, VendorError
from bot.contracts.model import Words
from bot.contracts.settings import Account
from bot.contracts.vendor import Vendor
from bot.running.config_tables import kinds_of
from bot.running.doctor import left_to_send, refused
from bot.running.vendors import VENDORS
from integrations import http

LABELS: Mapping[str, Words] = {
    "access_key_id": Words("AccessKey ID", "AccessKey ID"),
    "access_key_secret": Words("AccessKey Secret", "AccessKey Secret"),
    "secret_id": Words("SecretId", "SecretId"),
    "secret_key": Words("SecretKey", "SecretKey"),
    "sdk_app_id": Words("SmsSdkAppId, from 应用管理 (applications) in the console", "SmsSdkAppId（控制台 应用管理）"),
    "public_key": Words("Public key of the API key pair", "API 公钥"),
    "private_key": Words("Private key of the API key pair", "API 私钥"),
    "project_id": Words("Project id, such as org-abc123", "项目 id，如 org-abc123"),
}
"""A key that an account must have → what people call it; a key that is not here is called by its name."""


NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class Tried:
    """What an account's vendor answered.

    Args:
        said: what is well.
        error: what it refused; none where it serves us.
        what: the same in words.
    """

    said: tuple[Words, ...]
    error: VendorError | None = None
    what: Words = NOTHING


async def tried(account: Account) -> Tried:
    """Ask a vendor for what it has, and for what is left."""
    async with http.client() as client:
        vendor: Vendor = VENDORS[account.vendor](account, http=client, now=SystemClock().now)
        try:
            seen = await vendor.probe()
        except VendorError as error:
            return Tried((), error, refused(error, Words("does not serve us", "无法使用")))
        try:
            left = (left_to_send(await vendor.quota.readings()),) if vendor.quota is not None else ()
        except VendorError as error:
            return Tried((seen,), error, refused(error, Words("what is left cannot be read", "无法读取余量")))
        finally:
            await vendor.aclose()
    return Tried((seen, *left))


def required(model: type[BaseModel]) -> Mapping[str, bool]:
    """The keys that an account must have beside its name and vendor → whether it is a secret."""
    return {
        key: SecretStr in set(kinds_of(one.annotation))
        for key, one in model.model_fields.items()
        if one.is_required() and key not in ("name", "vendor")
    }


def blamed(error: VendorError, keys: Mapping[str, bool]) -> tuple[str, ...]:
    """Which answers a refusal speaks of: those that it names; of credentials, all that are secret; else none.

    Args:
        error: what the vendor said.
        keys: of the account → whether it is a secret.
    """
    said = f"{error.code} {error.message} {error.advice.en if error.advice else ''}".lower().replace("_", "")
    named = tuple(key for key, secret in keys.items() if not secret and key.replace("_", "") in said)
    if named:
        return named
    return tuple(key for key, secret in keys.items() if secret) if error.trouble is Trouble.CREDENTIALS else ()
