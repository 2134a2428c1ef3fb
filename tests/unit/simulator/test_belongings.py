"""Files, flows, templates, settings: the simulator takes what Meta takes, and nothing else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from askfirst.simulator.simulator import Simulator
from tests.unit.simulator.conftest import ANA, SENDER, WABA, Receiver, text

PNG = b"\x89PNG" + b"x" * 100
NUMBER = f"/v26.0/{SENDER}"


async def upload(
    client: httpx.AsyncClient, content: bytes = PNG, kind: str = "image/png", **form: str
) -> httpx.Response:
    files = {"file": ("a", content, kind)}
    data = {"messaging_product": "whatsapp"} | form
    return await client.post(f"{NUMBER}/media", files=files, data=data)


def code_of(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_file_is_kept_described_handed_out_and_deleted(client: httpx.AsyncClient) -> None:
    await upload(client)
    file_id = (await upload(client)).json()["id"]
    described = (await client.get(f"/v26.0/{file_id}")).json()
    assert (described["mime_type"], described["file_size"]) == ("image/png", len(PNG))
    assert (await client.get(described["url"])).content == PNG
    assert (await client.delete(f"/v26.0/{file_id}")).json() == {"success": True}
    assert code_of(await client.get(f"/v26.0/{file_id}")) == (400, 100)


async def test_the_server_of_files_wants_the_token_and_the_whole_address(
    client: httpx.AsyncClient,
) -> None:
    file_id = (await upload(client)).json()["id"]
    url = (await client.get(f"/{file_id}")).json()["url"]
    wrong = {"authorization": "Bearer ask_key"}
    assert (await client.get(url, headers=wrong)).status_code == 401
    assert (await client.get(url.partition("?")[0])).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "status", "content", "told"),
    [
        ("bytes=0-3", 206, PNG[:4], f"bytes 0-3/{len(PNG)}"),
        ("bytes=100-", 206, PNG[100:], f"bytes 100-103/{len(PNG)}"),
        ("bytes=-2", 206, PNG[-2:], f"bytes 102-103/{len(PNG)}"),
        ("bytes=-", 200, PNG, None),
        ("bytes=999-", 416, b"", f"bytes */{len(PNG)}"),
    ],
)
async def test_a_part_of_a_file_may_be_asked_for(
    client: httpx.AsyncClient, wanted: str, status: int, content: bytes, told: str | None
) -> None:
    url = (await client.get(f"/{(await upload(client)).json()['id']}")).json()["url"]
    got = await client.get(url, headers={"range": wanted})
    assert (got.status_code, got.content) == (status, content)
    assert got.headers.get("content-range") == told


async def test_files_that_meta_does_not_take_are_refused(client: httpx.AsyncClient) -> None:
    assert code_of(await upload(client, kind="text/html")) == (400, 100)
    assert code_of(await upload(client, b"x" * (5 * 1024 * 1024 + 1))) == (400, 131053)
    assert code_of(await upload(client, b"")) == (400, 131053)
    assert code_of(await upload(client, messaging_product="sms")) == (400, 100)
    form = {"messaging_product": "whatsapp"}
    assert code_of(await client.post(f"{NUMBER}/media", data=form)) == (400, 100)


async def test_a_person_sends_a_picture(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    headers = {"content-type": "image/png"}
    sent = await client.post(
        f"/phones/{ANA}/files", content=PNG, headers=headers, params={"caption": "Hi"}
    )
    assert sent.json()["webhook_status"] == 200
    assert b'"caption":"Hi"' in receiver.bodies[-1]
    assert sent.json()["file_id"].encode() in receiver.bodies[-1]
    for kind in ("", "text/html"):
        bad = await client.post(f"/phones/{ANA}/files", content=PNG, headers={"content-type": kind})
        assert bad.status_code == 400
    await simulator.courier.settle()


async def test_a_resumable_upload_ends_with_a_handle(client: httpx.AsyncClient) -> None:
    empty = await client.post("/9/uploads")
    assert code_of(await client.post(f"/{empty.json()['id']}", content=b"a")) == (400, 100)
    for half in ({"file_length": 6}, {"file_type": "image/png"}, {"file_length": "six"}):
        assert code_of(await client.post("/9/uploads", json=half)) == (400, 100)
    begun = await client.post("/9/uploads", json={"file_length": 6, "file_type": "image/png"})
    name = f"/{begun.json()['id']}"
    assert code_of(await client.post("/upload:no?sig=x")) == (400, 100)
    assert code_of(await client.post(name, content=b"a", headers={"file_offset": "1"})) == (
        400,
        100,
    )
    first = await client.post(name, content=b"abc", headers={"file_offset": "0"})
    assert first.json()["file_offset"] == 3
    long = await client.post(name, content=b"defg", headers={"file_offset": "3"})
    assert code_of(long) == (400, 100)
    last = await client.post(name, content=b"def", headers={"file_offset": "3"})
    assert last.json()["h"].startswith("4:")


async def test_a_flow_goes_from_draft_to_published_to_deprecated(client: httpx.AsyncClient) -> None:
    draft = {"name": "booking", "categories": '["OTHER"]', "flow_json": {"version": "7.0"}}
    flow = (await client.post(f"/{WABA}/flows", json=draft)).json()["id"]
    assert code_of(await client.post(f"/{WABA}/flows", json=draft)) == (400, 100)
    assert code_of(await client.post(f"/{WABA}/flows", json={"name": ""})) == (400, 100)
    odd = {"name": "x", "categories": ["NONE"]}
    assert code_of(await client.post(f"/{WABA}/flows", json=odd)) == (400, 100)
    assert code_of(await client.post(f"/{flow}/deprecate")) == (400, 100)
    assert (await client.post(f"/{flow}", json={"name": "table"})).json() == {"success": True}
    assert (await client.post(f"/{flow}/publish")).json() == {"success": True}
    query = {"fields": "id,name,status,whatsapp_business_account"}
    assert (await client.get(f"/{flow}", params=query)).json() == {
        "id": flow,
        "name": "table",
        "status": "PUBLISHED",
        "whatsapp_business_account": {"id": WABA},
    }
    assert (await client.post(f"/{flow}/deprecate")).json() == {"success": True}
    assert (await client.get(f"/{flow}/assets")).json()["data"][0]["name"] == "flow.json"
    assert code_of(await client.post("/999/publish")) == (400, 100)


async def test_a_template_is_edited_and_deleted_as_at_meta(client: httpx.AsyncClient) -> None:
    templates = f"/{WABA}/message_templates"
    found = (await client.get(templates, params={"name": "order_update"})).json()["data"]
    template = found[0]["id"]
    parts: dict[str, Any] = {"components": [{"type": "body", "text": "On its way."}]}
    assert (await client.post(f"/{template}", json=parts)).json() == {"success": True}
    shown = (await client.get(f"/{template}", params={"fields": "components"})).json()
    assert shown["components"] == [{"type": "BODY", "text": "On its way."}]
    other = {"category": "MARKETING"}
    assert code_of(await client.post(f"/{template}", json=other)) == (400, 100)
    assert code_of(await client.delete(templates)) == (400, 100)
    one = {"name": "order_update", "hsm_id": template}
    assert (await client.delete(templates, params=one)).json() == {"success": True}
    assert code_of(await client.delete(templates, params=one)) == (400, 100)
    rest = {"name": "order_update"}
    assert (await client.delete(templates, params=rest)).json() == {"success": True}
    assert (await client.get(templates, params=rest)).json()["data"] == []


@pytest.mark.parametrize(
    ("edge", "content"),
    [
        ("settings", {"calling": {"status": "ENABLED"}}),
        ("whatsapp_business_profile", {"about": "Hi"}),
        ("whatsapp_commerce_settings", {"is_cart_enabled": True}),
        ("whatsapp_business_encryption", {"business_public_key": "x"}),
    ],
)
async def test_what_is_set_is_shown(
    client: httpx.AsyncClient, edge: str, content: dict[str, Any]
) -> None:
    assert (await client.post(f"{NUMBER}/{edge}", json=content)).json() == {"success": True}
    shown = (await client.get(f"{NUMBER}/{edge}")).json()
    kept = shown if edge == "settings" else shown["data"][0]
    assert kept.items() >= content.items()
    assert code_of(await client.get(f"/999/{edge}")) == (400, 100)


async def test_registering_wants_a_pin_and_codes(client: httpx.AsyncClient) -> None:
    for edge, content in (
        ("register", {"pin": "123456"}),
        ("request_code", {"code_method": "SMS"}),
        ("verify_code", {"code": "1"}),
    ):
        assert code_of(await client.post(f"{NUMBER}/{edge}", json={})) == (400, 100)
        assert (await client.post(f"{NUMBER}/{edge}", json=content)).json() == {"success": True}
    assert (await client.post(f"{NUMBER}/deregister")).json() == {"success": True}
    assert (await client.post(NUMBER, json={"pin": "123456"})).json() == {"success": True}
    assert code_of(await client.post(NUMBER, json={"pin": "1"})) == (400, 100)


async def test_people_are_blocked_and_listed(client: httpx.AsyncClient) -> None:
    body = {"messaging_product": "whatsapp", "block_users": [{"user": ANA}]}
    await client.post(f"/phones/{ANA}/messages", json={"text": "You again"})
    done = (await client.post(f"{NUMBER}/block_users", json=body)).json()["block_users"]
    assert done == {"added_users": [{"input": ANA, "wa_id": "447700900123"}]}
    listed = (await client.get(f"{NUMBER}/block_users")).json()["data"]
    assert [one["wa_id"] for one in listed] == ["447700900123"]
    heard = await client.post(f"/phones/{ANA}/messages", json={"text": "Hello?"})
    assert heard.json()["webhook_status"] == 0
    assert code_of(await client.post(f"{NUMBER}/messages", json=text("Hello"))) == (400, 131026)
    await client.request("DELETE", f"{NUMBER}/block_users", json=body)
    assert (await client.get(f"{NUMBER}/block_users")).json()["data"] == []


async def test_of_people_who_cannot_be_blocked_each_is_told(client: httpx.AsyncClient) -> None:
    await client.post(f"/phones/{ANA}/messages", json={"text": "You again"})
    names = [ANA, "+447700900456", "+15550100001", "me"]
    body = {"messaging_product": "whatsapp", "block_users": [{"user": name} for name in names]}
    answer = await client.post(f"{NUMBER}/block_users", json=body)
    assert code_of(answer) == (400, 139100)
    told = answer.json()["block_users"]
    assert [one["input"] for one in told["added_users"]] == [ANA]
    failed = [(one["input"], one["errors"][0]["code"]) for one in told["failed_users"]]
    assert failed == [(names[1], 131047), (names[2], 131021), ("me", 131047)]
    assert code_of(await client.post(f"{NUMBER}/block_users", json={})) == (400, 100)
    many = {"block_users": [{"user": ANA}] * 1001}
    assert code_of(await client.post(f"{NUMBER}/block_users", json=many)) == (400, 130429)


async def test_calls_get_an_id(client: httpx.AsyncClient) -> None:
    made = await client.post(f"{NUMBER}/calls", json={"action": "connect", "to": ANA})
    assert made.json()["calls"][0]["id"].startswith("wacid.")
    answered = await client.post(f"{NUMBER}/calls", json={"action": "accept", "call_id": "x"})
    assert answered.json()["success"] is True
    assert code_of(await client.post(f"{NUMBER}/calls", json={"action": "dial"})) == (400, 100)


async def test_a_token_is_told_of(client: httpx.AsyncClient) -> None:
    good = await client.get("/debug_token", params={"input_token": "simulated-meta-token"})
    assert good.json()["data"]["is_valid"] is True
    bad = await client.get("/v17.0/debug_token", params={"input_token": "x"})
    assert bad.json()["data"]["is_valid"] is False


async def test_the_next_page_holds_the_token_as_at_meta(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/{WABA}/message_templates", params={"limit": 2})).json()
    assert "access_token=simulated-meta-token" in page["paging"]["next"]
