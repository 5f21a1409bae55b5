"""Vendor calls per second: our client against the vendor's official SDK, same server, same question, same run.

Each client lives in its own process, so that its memory is its own; a bare aiohttp server in another process answers
every call with the same canned body. Over plain HTTP as tests do it, and over TLS as every real call goes. Rounds
alternate between the two clients. Pace limits are set out of the way, on our side by `pace`; the SDKs have none.
"""

import asyncio
import json
import os
import ssl
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from report import Child, Report, answer, children, median, resident

VENDORS = ("alibaba", "tencent", "ucloud")
ROUNDS = 5
SECONDS = 0.5  # of one measurement
AT_ONCE = 16
NAME = "速达科技"
PACE = 1e-6  # of our limiters: no wait

ALIBABA = {
    "Code": "OK",
    "Message": "OK",
    "RequestId": "5A4D0B0C-0000-4000-8000-000000000001",
    "SignName": NAME,
    "SignCode": "SIGN_100000000",
    "SignStatus": 1,
    "AuditInfo": {"AuditDate": "2026-09-22 13:53:24", "RejectInfo": ""},
    "OrderId": "2000000001",
    "CreateDate": "2026-09-22 11:53:24",
    "Remark": "登录与订单通知，官网 https://www.example.com",
    "SignUsage": "通用",
    "QualificationId": 8563,
    "AuthorizationLetterId": 0,
    "TrademarkId": 0,
    "AppIcpRecordId": 0,
    "ThirdParty": False,
    "SignTag": "2",
    "FileUrlList": [],
    "RegisterResult": -1,
    "SignIspRegisterDetailList": [
        {
            "OperatorCode": carrier,
            "OperatorCompleteTime": "2026-09-22 15:23:24",
            "RegisterStatus": 3,
            "RegisterStatusReasons": [{"ReasonCode": "DETECT_SUCCESS", "ReasonDescList": []}],
        }
        for carrier in ("mobile", "unicom", "telecom")
    ],
}
TENCENT = {
    "Response": {
        "DescribeSignListStatusSet": [
            {
                "SignId": 1110001,
                "International": 0,
                "StatusCode": 0,
                "ReviewReply": "",
                "SignName": NAME,
                "CreateTime": 1790049204,
                "QualificationId": 8563,
                "QualificationName": "速达自用资质",
                "QualificationStatusCode": 1,
            }
        ],
        "RequestId": "5a4d0b0c-0000-4000-8000-000000000002",
    }
}
UCLOUD = {
    "RetCode": 0,
    "Action": "QueryUSMSSignatureResponse",
    "Message": "",
    "Data": {"SigId": "SIG20261121000001", "SigContent": NAME, "Status": 2, "ErrDesc": ""},
}
REFS = {"alibaba": NAME, "tencent": "1110001", "ucloud": "SIG20261121000001"}

Call = Callable[[], Awaitable[None]]


# --- The server ------------------------------------------------------------------------------------------------------


def serve(folder: Path) -> None:
    """Answer on two free ports, plain and TLS, until the orders end."""
    from aiohttp import web

    bodies = {name: json.dumps(body, ensure_ascii=False).encode() for name, body in
              (("alibaba", ALIBABA), ("tencent", TENCENT), ("ucloud", UCLOUD))}  # fmt: skip

    async def reply(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        headers = request.headers
        vendor = "alibaba" if "x-acs-action" in headers else "tencent" if "x-tc-action" in headers else "ucloud"
        return web.Response(body=bodies[vendor], content_type="application/json")

    async def main() -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        runner = web.ServerRunner(web.Server(reply, access_log=None))
        await runner.setup()
        sites = [web.TCPSite(runner, "127.0.0.1", 0), web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)]
        for site in sites:
            await site.start()
        ports = [address[1] for address in runner.addresses]
        answer({"http": f"http://127.0.0.1:{ports[0]}", "https": f"https://127.0.0.1:{ports[1]}"})
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()

    asyncio.run(main())


def certificate(folder: Path) -> None:
    """A certificate for loopback that signs itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


# --- Our client ------------------------------------------------------------------------------------------------------


async def ours(vendor: str, url: str) -> Call:
    """One look at one signature through the client that the bot uses."""
    from pydantic import SecretStr

    from bot.contracts.model import Kind, State
    from bot.contracts.vendor import Seen, Tracked, Vendor
    from integrations import http

    client: Vendor
    key, secret = SecretStr("bench-key-id"), SecretStr("bench-secret")
    match vendor:
        case "alibaba":
            from integrations.alibaba.client import Alibaba
            from integrations.alibaba.config import Account as AlibabaAccount

            client = Alibaba(
                AlibabaAccount(name="a", access_key_id=key, access_key_secret=secret, endpoint=url),
                http=http.client(),
                pace=PACE,
            )
        case "tencent":
            from integrations.tencent.client import Tencent
            from integrations.tencent.config import Account as TencentAccount

            client = Tencent(
                TencentAccount(
                    name="t", vendor="tencent", secret_id=key, secret_key=secret, endpoint=url, sdk_app_id="1400000001"
                ),
                http=http.client(),
                pace=PACE,
            )
        case _:
            from integrations.ucloud.client import Ucloud
            from integrations.ucloud.config import Account as UcloudAccount

            client = Ucloud(
                UcloudAccount(name="u", public_key=key, private_key=secret, endpoint=url, project_id="org-bench"),
                http=http.client(),
                pace=PACE,
            )
    tracked = [Tracked(1, Kind.SIGNATURE, REFS[vendor], NAME)]

    async def call() -> None:
        (seen,) = await client.reviews.look(tracked)
        if not isinstance(seen, Seen) or seen.state is not State.READY:
            raise TypeError(seen)

    return call


# --- The SDKs --------------------------------------------------------------------------------------------------------


async def sdk(vendor: str, url: str) -> Call:
    """The same question through the official SDK, as its own examples use it.

    Alibaba's is asynchronous; the other two block and run in threads when several calls are made at once.
    """
    bundle = os.environ["SSL_CERT_FILE"]
    scheme, _, endpoint = url.partition("://")
    match vendor:
        case "alibaba":
            from alibabacloud_dysmsapi20170525 import models as alibaba_models
            from alibabacloud_dysmsapi20170525.client import Client as AlibabaClient
            from alibabacloud_tea_openapi.models import Config

            client = AlibabaClient(
                Config(
                    access_key_id="bench-key-id",
                    access_key_secret="bench-secret",  # noqa: S106 - made up
                    endpoint=endpoint,
                    protocol=scheme,
                    ca=bundle,
                )
            )

            async def call() -> None:
                request = alibaba_models.GetSmsSignRequest(sign_name=NAME)
                found = await client.get_sms_sign_async(request)
                if found.body.sign_status != 1:
                    raise TypeError(found)

            return call
        case "tencent":
            from tencentcloud.common.credential import Credential
            from tencentcloud.common.profile.client_profile import ClientProfile
            from tencentcloud.common.profile.http_profile import HttpProfile
            from tencentcloud.sms.v20210111 import models as tencent_models
            from tencentcloud.sms.v20210111.sms_client import SmsClient

            profile = ClientProfile(httpProfile=HttpProfile(protocol=scheme, endpoint=endpoint, certification=bundle))
            sms = SmsClient(Credential("bench-key-id", "bench-secret"), "ap-guangzhou", profile)

            def blocking() -> None:
                request = tencent_models.DescribeSmsSignListRequest()
                request.SignIdSet = [1110001]
                request.International = 0
                found = sms.DescribeSmsSignList(request)
                if found.DescribeSignListStatusSet[0].StatusCode != 0:
                    raise TypeError(found)

        case _:
            import logging

            from ucloud.client import Client as UcloudClient

            silent = logging.getLogger("silent")
            silent.addHandler(logging.NullHandler())
            silent.propagate = False
            usms = UcloudClient(
                {
                    "project_id": "org-bench",
                    "public_key": "bench-key-id",
                    "private_key": "bench-secret",
                    "base_url": url + "/",
                    "max_retries": 0,
                    "ssl_cacert": bundle,
                },
                logger=silent,
            ).usms()

            def blocking() -> None:
                found = usms.query_usms_signature({"SigId": REFS["ucloud"]})
                if found["Data"]["Status"] != 2:
                    raise TypeError(found)

    threads = ThreadPoolExecutor(AT_ONCE)
    loop = asyncio.get_running_loop()

    async def in_thread() -> None:
        await loop.run_in_executor(threads, blocking)

    return in_thread


# --- Measuring -------------------------------------------------------------------------------------------------------


async def measured(call: Call, at_once: int) -> tuple[float, float]:
    """Calls per second over a fixed time, so many under way at any moment; and the processor's milliseconds for each."""
    done = 0
    end = time.perf_counter() + SECONDS

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await call()
            done += 1

    start, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(at_once)))
    return done / (time.perf_counter() - start), 1000 * (time.process_time() - worked) / done


def client(kind: str, vendor: str, url: str) -> None:
    """Make calls as ordered: an order is how many at once, the answer calls per second and memory."""

    async def main() -> None:
        before = resident()
        call = await (ours if kind == "ours" else sdk)(vendor, url)
        await asyncio.gather(*(call() for _ in range(AT_ONCE)))
        answer({"before": before, "ready": resident()})
        while order := await asyncio.to_thread(sys.stdin.readline):
            rate, cpu = await measured(call, int(order))
            answer({"rate": rate, "cpu": cpu, "rss": resident()})

    asyncio.run(main())


def run() -> None:
    """Measure every vendor over both schemes and report."""
    report = Report(
        "vendor_calls",
        "Vendor calls per second, our client against the official SDK",
        ("httpx", "aiohttp", "alibabacloud-dysmsapi20170525", "tencentcloud-sdk-python-sms", "ucloud-sdk-python3"),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate(folder)
        server = Child(__file__, "serve", name)
        trust = {"SSL_CERT_FILE": str(folder / "cert.pem")}
        with children(server):
            for scheme in ("http", "https"):
                for vendor in VENDORS:
                    _compare(report, vendor, scheme, partial(Child, __file__, environment=trust), server.ready[scheme])
    report.note(
        f"Calls per second, medians of {ROUNDS} rounds of {SECONDS} s; memory is the resident size of the client's "
        f"process in MiB after all rounds. Both clients in Python; over HTTP no handshake is counted."
    )
    report.finish()


def _compare(report: Report, vendor: str, scheme: str, start: Callable[..., Child], url: str) -> None:
    pair = {kind: start("client", kind, vendor, url) for kind in ("ours", "sdk")}
    with children(*pair.values()):
        memory = {}
        for at_once in (1, AT_ONCE):
            rates: dict[str, list[float]] = {"ours": [], "sdk": []}
            works: dict[str, list[float]] = {"ours": [], "sdk": []}
            for _ in range(ROUNDS):
                for kind, child in pair.items():
                    told = child.ask(str(at_once))
                    rates[kind].append(told["rate"])
                    works[kind].append(told["cpu"])
                    memory[kind] = told["rss"]
            mine, theirs = median(rates["ours"]), median(rates["sdk"])
            report.row(
                "Calls per second",
                vendor=vendor,
                scheme=scheme,
                at_once=at_once,
                ours=mine,
                sdk=theirs,
                ratio=mine / theirs,
            )
            mine, theirs = median(works["ours"]), median(works["sdk"])
            report.row(
                "Processor time of a call, ms",
                vendor=vendor,
                scheme=scheme,
                at_once=at_once,
                ours=mine,
                sdk=theirs,
                ratio=mine / theirs,
            )
        report.row(
            "Memory of the process, MiB",
            vendor=vendor,
            scheme=scheme,
            ours=memory["ours"],
            sdk=memory["sdk"],
            share=memory["ours"] / memory["sdk"],
        )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", folder]:
            serve(Path(folder))
        case ["client", kind, vendor, url]:
            client(kind, vendor, url)
        case _:
            run()
