"""Alibaba's official SDKs against the sandbox."""

import hashlib
import json
from typing import Any

import aiohttp
import pytest
from alibabacloud_bssopenapi20171214 import models as bss
from alibabacloud_bssopenapi20171214.client import Client as BssClient
from alibabacloud_dysmsapi20170525 import models as sms
from alibabacloud_dysmsapi20170525.client import Client as SmsClient
from alibabacloud_tea_openapi.models import Config
from darabonba.exceptions import DaraException

from integrations.sandbox import Credential, Fault, Sandbox
from integrations.sandbox.alibaba import auth

OTP = "您的验证码为${code}，5分钟内有效，用于登录速达科技。"


def config(sandbox: Sandbox, credential: Credential | None = None) -> Config:
    used = credential or sandbox.credentials("alibaba")
    return Config(
        access_key_id=used.key_id,
        access_key_secret=used.secret,
        security_token=used.token,
        endpoint=sandbox.alibaba.endpoint,
        protocol="http",
    )


@pytest.fixture
def client(sandbox: Sandbox) -> SmsClient:
    return SmsClient(config(sandbox))


@pytest.fixture
def billing(sandbox: Sandbox) -> BssClient:
    return BssClient(config(sandbox))


def sign_request(name: str, **fields: Any) -> sms.CreateSmsSignRequest:
    return sms.CreateSmsSignRequest(sign_name=name, **{"sign_source": 0, "qualification_id": 8563} | fields)


async def test_create_smoke(sandbox, client, clock):
    answer = await client.create_sms_sign_async(sign_request("速达快运", remark="登录 A*~/+&="))
    assert answer.body.code == "OK"
