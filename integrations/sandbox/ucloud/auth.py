"""Verification of UCloud's SHA1 signature (UCloud facts 1.2; summary/signature.md). Pure: nothing here does I/O."""

import hashlib
import hmac
from collections.abc import Mapping

from integrations.sandbox.settings import Credential
from integrations.sandbox.ucloud.refusal import RefusalError


def signed_text(value: object) -> str:
    """Write a value as it stands in the signed text.

    An object is its sorted names and values without separators, a list its values without index (facts 1.2, the JSON
    variant of the Go SDK); `None` is left out.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() else format(value, "f").rstrip("0")
        case dict():
            return "".join(f"{name}{signed_text(value[name])}" for name in sorted(value) if value[name] is not None)
        case list():
            return "".join(signed_text(item) for item in value)
        case _:
            return str(value)


def sign(private_key: str, params: Mapping[str, object]) -> str:
    """Return the signature of parameters; `Signature` itself is left out."""
    text = signed_text({name: value for name, value in params.items() if name != "Signature"})
    return hashlib.sha1(f"{text}{private_key}".encode()).hexdigest()  # noqa: S324  the vendor's scheme


def verify(params: Mapping[str, object], credentials: Mapping[str, Credential]) -> None:
    """Check one call's signature. There is no timestamp and no nonce in it.

    Raises:
        RefusalError: 170 signature missing, 171 wrong, 172 unknown key, 174 token missing or wrong (facts 1.6).
    """
    signature = params.get("Signature")
    if not isinstance(signature, str) or not signature:
        raise RefusalError(170, "Missing signature")
    credential = credentials.get(str(params.get("PublicKey", "")))
    if credential is None:
        raise RefusalError(172, "User not exist")
    if credential.token is not None and params.get("SecurityToken") != credential.token:
        raise RefusalError(174, "Missing token")
    if not hmac.compare_digest(sign(credential.secret, params), signature):
        raise RefusalError(171, "Signature VerifyAC Error")
