"""Fixtures of the tests with Alibaba's official SDKs: its clients, pointed at the sandbox."""

import pytest
from alibabacloud_bssopenapi20171214.client import Client as BssClient
from alibabacloud_dysmsapi20170525.client import Client as SmsClient

from integrations.sandbox import Sandbox
from tests.oracle.alibaba.asked import config


@pytest.fixture
def client(sandbox: Sandbox) -> SmsClient:
    return SmsClient(config(sandbox))


@pytest.fixture
def billing(sandbox: Sandbox) -> BssClient:
    return BssClient(config(sandbox))
