"""Health over HTTP."""

import httpx

from integrations.web import Web


async def test_alive_and_ready() -> None:
    failing: dict[str, str] = {"outbox": ""}
    web = Web("127.0.0.1", 0, lambda: failing)
    await web.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web.port}") as client:
            assert (await client.get("/healthz")).json() == {"alive": True}
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()) == (200, {"ready": True, "failing": {}})
            failing["review:aliyun"] = "connection: no answer"
            ready = await client.get("/readyz")
            assert ready.status_code == 503
            assert ready.json()["failing"] == {"review:aliyun": "connection: no answer"}
            assert (await client.get("/healthz")).status_code == 200
            assert (await client.get("/nothing")).status_code == 404
    finally:
        await web.stop()


async def test_figures_where_there_are_some() -> None:
    figures: list[bytes | None] = [None]

    async def metrics() -> bytes | None:
        return figures[0]

    web = Web("127.0.0.1", 0, dict, metrics=metrics)
    await web.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web.port}") as client:
            missing = await client.get("/metrics")
            assert (missing.status_code, missing.headers["Retry-After"]) == (503, "5")
            figures[0] = b"signpost_notices_due 0.0\n"
            found = await client.get("/metrics")
            assert (found.status_code, found.content) == (200, figures[0])
            assert found.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    finally:
        await web.stop()
