"""Meta's managed links, as a Graph client makes them."""

import httpx
import pytest

from askfirst.graph.entry_points.qr_links import (
    LINKS_MAX,
    QrFormat,
    QrLinkRequest,
    read_link,
    write_request,
)
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.state import BusinessNumber, ManagedLink
from tests.unit.simulator.conftest import SENDER, code_of

LINKS = f"/v26.0/{SENDER}/message_qrdls"
HELLO = "Hello Café Lune! (AF-7K2M9QXT)"


async def make(client: httpx.AsyncClient, text: str = HELLO) -> str:
    answer = await client.post(LINKS, content=write_request(QrLinkRequest(prefilled_message=text)))
    assert answer.status_code == 200
    return read_link(answer.content).code


async def test_a_link_is_made_with_its_picture(client: httpx.AsyncClient) -> None:
    wanted = QrLinkRequest(prefilled_message=HELLO, image=QrFormat.SVG)
    link = read_link((await client.post(LINKS, content=write_request(wanted))).content)
    assert len(link.code) == 14
    assert link.prefilled_message == HELLO
    assert link.deep_link_url == f"http://simulator/chat/message/{link.code}"
    assert link.qr_image_url == f"http://simulator/chat/message/{link.code}/qr.svg"


async def test_links_are_listed_with_pictures_where_asked_for(client: httpx.AsyncClient) -> None:
    codes = [await make(client, text) for text in ("One", "Two", "Three")]
    plain = (await client.get(LINKS)).json()["data"]
    assert [link["code"] for link in plain] == codes
    assert not [link for link in plain if "qr_image_url" in link]
    fields = {"fields": "code,prefilled_message,qr_image_url.format(PNG)"}
    (one,) = (await client.get(f"{LINKS}/{codes[0]}", params=fields)).json()["data"]
    assert one["prefilled_message"] == "One"
    assert one["qr_image_url"].endswith("/qr.png")


async def test_links_are_listed_a_page_at_a_time(client: httpx.AsyncClient) -> None:
    for text in ("One", "Two", "Three"):
        await make(client, text)
    first = (await client.get(LINKS, params={"limit": "2"})).json()
    assert "next" in first["paging"]
    rest = {"limit": "2", "after": first["paging"]["cursors"]["after"]}
    last = (await client.get(LINKS, params=rest)).json()
    texts = [link["prefilled_message"] for link in (*first["data"], *last["data"])]
    assert (texts, "next" in last["paging"]) == (["One", "Two", "Three"], False)


async def test_a_link_gets_another_text_and_keeps_its_code(client: httpx.AsyncClient) -> None:
    code = await make(client)
    changed = QrLinkRequest(prefilled_message="Hello again", code=code)
    link = read_link((await client.post(LINKS, content=write_request(changed))).content)
    assert (link.code, link.prefilled_message) == (code, "Hello again")
    assert len((await client.get(LINKS)).json()["data"]) == 1


async def test_a_deleted_link_is_gone(client: httpx.AsyncClient) -> None:
    code = await make(client)
    assert (await client.delete(f"{LINKS}/{code}")).json() == {"success": True}
    assert code_of(await client.delete(f"{LINKS}/{code}")) == 100
    assert code_of(await client.get(f"{LINKS}/{code}")) == 100
    changed = QrLinkRequest(prefilled_message="Hello", code=code)
    assert code_of(await client.post(LINKS, content=write_request(changed))) == 100


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"prefilled_message": ""},
        {"prefilled_message": "x" * 141},
        {"prefilled_message": "Hello", "generate_qr_image": "GIF"},
        [],
    ],
)
async def test_a_link_that_meta_would_refuse_is_not_made(
    client: httpx.AsyncClient, odd: object
) -> None:
    assert code_of(await client.post(LINKS, json=odd)) == 100
    assert (await client.get(LINKS)).json()["data"] == []


async def test_a_number_has_so_many_links_and_no_more(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    for place in range(LINKS_MAX - 1):
        link = ManagedLink(code=str(place), phone_number_id=SENDER, prefilled_message="Hi")
        simulator.world.links[link.code] = link
    await make(client)
    full = write_request(QrLinkRequest(prefilled_message=HELLO))
    assert code_of(await client.post(LINKS, content=full)) == 100
    changed = write_request(QrLinkRequest(prefilled_message=HELLO, code="7"))
    assert (await client.post(LINKS, content=changed)).status_code == 200


async def test_a_number_sees_only_its_own_links(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    code = await make(client)
    other = BusinessNumber(phone_number_id="2", waba_id="1", digits="15550100002", name="Other")
    simulator.world.numbers[other.phone_number_id] = other
    assert (await client.get("/2/message_qrdls")).json()["data"] == []
    assert code_of(await client.get(f"/2/message_qrdls/{code}")) == 100
    assert code_of(await client.delete(f"/2/message_qrdls/{code}")) == 100


async def test_links_need_a_token_and_a_number_that_is_there(client: httpx.AsyncClient) -> None:
    assert code_of(await client.get("/v26.0/1/message_qrdls")) == 100
    for method, path in (("GET", LINKS), ("POST", LINKS), ("DELETE", f"{LINKS}/A")):
        answer = await client.request(method, path, headers={"authorization": ""})
        assert (answer.status_code, code_of(answer)) == (401, 190)
    assert code_of(await client.delete(LINKS)) == 100
    assert code_of(await client.post(f"{LINKS}/A", json={})) == 100
    fields = {"fields": "qr_image_url.format(GIF)"}
    assert code_of(await client.get(LINKS, params=fields)) == 100
