"""What Alibaba's official SDKs are asked for, with what is needed in every call."""

import json
from typing import Any

import pytest
from alibabacloud_dysmsapi20170525 import models as sms
from alibabacloud_dysmsapi20170525.client import Client as SmsClient
from alibabacloud_tea_openapi.models import Config
from darabonba.exceptions import DaraException

from integrations.sandbox import Credential, Sandbox

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


def sign(name: str, **fields: Any) -> sms.CreateSmsSignRequest:
    return sms.CreateSmsSignRequest(sign_name=name, **{"sign_source": 0, "qualification_id": 8563} | fields)


def template(**fields: Any) -> sms.CreateSmsTemplateRequest:
    given = {
        "template_name": "登录验证码",
        "template_content": OTP,
        "template_type": 0,
        "related_sign_name": "速达科技",
        "template_rule": json.dumps({"code": "numberCaptcha"}),
        "apply_scene_content": "https://www.example.com",
        "remark": "登录",
    }
    return sms.CreateSmsTemplateRequest(**given | fields)


async def get_sign(client: SmsClient, name: str) -> Any:
    return (await client.get_sms_sign_async(sms.GetSmsSignRequest(sign_name=name))).body


async def get_template(client: SmsClient, code: str) -> Any:
    return (await client.get_sms_template_async(sms.GetSmsTemplateRequest(template_code=code))).body


async def refused(call: Any, code: str) -> Any:
    with pytest.raises(DaraException) as caught:
        await call
    assert caught.value.code == code
    return caught.value
