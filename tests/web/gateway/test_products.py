"""Whole products behind the gateway: a picture in and out, templates, pages, over real sockets."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from askfirst.simulator.endpoints.files_api import FilesApi
from askfirst.simulator.graph.file_list import message_type
from askfirst.simulator.simulator import DEFAULT_PHONE_NUMBER_ID, DEFAULT_TOKEN, DEFAULT_WABA_ID
from tests.web.gateway.town import NUMBER, Town

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4096


async def send_picture(town: Town) -> str:
    """Let a customer send a picture; gives its id."""
    files = FilesApi(town.simulator, lambda _: None)
    file = files.keep(DEFAULT_PHONE_NUMBER_ID, "image/png", PICTURE)
    await town.simulator.phones.send_file(NUMBER, file, message_type("image/png"), "Like this?")
    return file.file_id


async def test_a_customers_picture_comes_in_and_ours_goes_out_with_an_unchanged_client(
    town: Town,
) -> None:
    file_id = await send_picture(town)
    url = await asyncio.to_thread(town.client.get_media_url, file_id)
    assert url.url.startswith(f"{town.address}/media/")
    got = await asyncio.to_thread(town.client.get_media_bytes, url=url.url)
    assert got == PICTURE
    uploaded = await asyncio.to_thread(
        town.client.upload_media, PICTURE, mime_type="image/png", filename="menu.png"
    )
    sent = await asyncio.to_thread(town.client.send_image, NUMBER, uploaded.id)
    assert sent.id.startswith("wamid.")
    assert len(town.simulator.world.phone(NUMBER).inbox) == 1
    assert await asyncio.to_thread(town.client.delete_media, uploaded.id)
    assert uploaded.id not in town.simulator.world.belongings.files


async def test_a_part_of_a_file_comes_as_a_part(town: Town) -> None:
    file_id = await send_picture(town)
    headers = {"authorization": f"Bearer {town.secret}"}
    async with httpx.AsyncClient(base_url=town.address, headers=headers) as client:
        url = (await client.get(f"/v26.0/{file_id}")).json()["url"]
        part = await client.get(url, headers={"range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, PICTURE[10:20])
        assert part.headers["content-range"] == f"bytes 10-19/{len(PICTURE)}"
        beyond = await client.get(url, headers={"range": "bytes=99999999-"})
        assert beyond.status_code == 416
        assert beyond.headers["content-range"] == f"bytes */{len(PICTURE)}"


@pytest.mark.parametrize("in_query", [True, False])
async def test_every_page_of_a_list_is_followed_through_the_gateway(
    town: Town, in_query: bool
) -> None:
    """As two products do: one shows its key in the address alone, and finds it there again."""
    headers = {} if in_query else {"authorization": f"OAuth {town.secret}"}
    url = f"{town.address}/v14.0/{DEFAULT_WABA_ID}/message_templates?limit=4"
    url += f"&access_token={town.secret}" if in_query else ""
    names = []
    async with httpx.AsyncClient(headers=headers) as client:
        while url:
            page = await client.get(url)
            assert page.status_code == 200
            assert DEFAULT_TOKEN not in page.text
            assert ("access_token" in page.text) is (in_query and "next" in page.text)
            names += [row["id"] for row in page.json()["data"]]
            url = page.json()["paging"].get("next", "")
            assert not url or url.startswith(f"{town.address}/v14.0/{DEFAULT_WABA_ID}/")
    assert len(names) == len(set(names)) > 4


async def test_a_template_is_made_changed_and_deleted(town: Town) -> None:
    headers = {"authorization": f"Bearer {town.secret}"}
    async with httpx.AsyncClient(base_url=f"{town.address}/v26.0", headers=headers) as client:
        body = {"type": "BODY", "text": "How was it?"}
        draft = {"name": "survey", "language": "en_US", "category": "UTILITY", "components": [body]}
        made = await client.post(f"/{DEFAULT_WABA_ID}/message_templates", json=draft)
        template = made.json()["id"]
        assert await categories(town, "survey") == ["utility"]
        parts = {"components": [body | {"text": "How was it, really?"}]}
        assert (await client.post(f"/{template}", json=parts)).json() == {"success": True}
        shown = (await client.get(f"/{template}")).json()
        assert shown["components"][0]["text"] == "How was it, really?"
        gone = await client.delete(
            f"/{DEFAULT_WABA_ID}/message_templates", params={"name": "survey"}
        )
        assert gone.json() == {"success": True}
        assert (await client.get(f"/{template}")).status_code == 400


async def categories(town: Town, name: str) -> list[str]:
    """Return what the registry knows of a template."""
    found = await town.services.directory.templates(town.business_id, "", 500)
    return [one.category.value for one in found if one.name == name]


async def test_a_flow_is_made_published_and_kept(town: Town) -> None:
    headers = {"authorization": f"Bearer {town.secret}"}
    async with httpx.AsyncClient(base_url=f"{town.address}/v26.0", headers=headers) as client:
        draft = {"name": "booking", "categories": ["APPOINTMENT_BOOKING"]}
        flow = (await client.post(f"/{DEFAULT_WABA_ID}/flows", json=draft)).json()["id"]
        files = {"file": ("flow.json", b"{}", "application/json")}
        form = {"name": "flow.json", "asset_type": "FLOW_JSON"}
        put = await client.post(f"/{flow}/assets", data=form, files=files)
        assert put.json()["success"] is True
        assert (await client.post(f"/{flow}/publish")).json() == {"success": True}
        assert (await client.get(f"/{flow}")).json()["status"] == "PUBLISHED"
        listed = (await client.get(f"/{DEFAULT_WABA_ID}/flows")).json()["data"]
        assert [one["id"] for one in listed] == [flow]
        assert (await client.delete(f"/{flow}")).status_code == 400
        draft = (await client.post(f"/{DEFAULT_WABA_ID}/flows", json={"name": "other"})).json()
        assert (await client.delete(f"/{draft['id']}")).json() == {"success": True}


async def test_a_picture_for_a_template_is_uploaded_in_pieces(town: Town) -> None:
    """As one product does for its templates, with Meta's other scheme."""
    headers = {"authorization": f"OAuth {town.secret}"}
    async with httpx.AsyncClient(base_url=f"{town.address}/v26.0", headers=headers) as client:
        asked = {
            "file_name": "a.png",
            "file_length": str(len(PICTURE)),
            "file_type": "image/png",
        }
        begun = await client.post("/900000000000001/uploads", params=asked)
        session = begun.json()["id"]
        first = await client.post(
            f"/{session}", content=PICTURE[:1000], headers={"file_offset": "0"}
        )
        assert first.json() == {"id": first.json()["id"], "file_offset": 1000}
        assert (await client.get(f"/{session}")).json()["file_offset"] == 1000
        last = await client.post(
            f"/{session}", content=PICTURE[1000:], headers={"file_offset": "1000"}
        )
        assert last.json()["h"].startswith("4:")


async def test_what_a_product_reads_when_it_is_set_up(town: Town) -> None:
    headers = {"authorization": f"Bearer {town.secret}"}
    async with httpx.AsyncClient(base_url=f"{town.address}/v26.0", headers=headers) as client:
        number = f"/{DEFAULT_PHONE_NUMBER_ID}"
        for path in (
            number,
            f"{number}/whatsapp_business_profile",
            f"{number}/settings",
            f"{number}/whatsapp_commerce_settings",
            f"{number}/whatsapp_business_encryption",
            f"{number}/block_users",
            f"{number}/message_qrdls",
            f"/{DEFAULT_WABA_ID}",
            f"/{DEFAULT_WABA_ID}/phone_numbers",
            f"/{DEFAULT_WABA_ID}/template_analytics?start=1&end=2",
            "/message_template_library",
        ):
            assert (await client.get(path)).status_code == 200, path
        debugged = (await client.get("/debug_token", params={"input_token": town.secret})).json()
        assert debugged["data"]["is_valid"] is True
        assert debugged["data"]["scopes"] == [
            "whatsapp_business_messaging",
            "whatsapp_business_management",
        ]
        assert debugged["data"]["granular_scopes"][0]["target_ids"] == [DEFAULT_WABA_ID]
