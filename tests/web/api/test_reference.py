"""The page of the reference as it is served: complete, rendered, under a strict policy."""

from __future__ import annotations

import re
from html import unescape
from importlib import resources
from pathlib import Path

import httpx
import pytest

from askfirst.web.api.app import ROUTES, SECTIONS, api_document
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.reference.operations import Operation, OperationReader
from askfirst.web.api.reference.page import FILES, REMEDIES, render_reference
from askfirst.web.api.reference.prose import rendered
from askfirst.web.api.reference.snippets import (
    ExampleCall,
    as_curl,
    as_javascript,
    as_json,
    as_python,
)
from askfirst.web.problems import KINDS

BASE = "https://askfirst.example"
CODE = re.compile(r"<(code|pre|textarea|option)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def page() -> str:
    return render_reference(api_document(), BASE)


def operations() -> list[Operation]:
    reader = OperationReader(api_document(), BASE)
    return [one for section in SECTIONS for one in reader.of_tag(section.title)]


def place_of(page: str, name: str) -> str:
    """Return what the page says about a call, as text."""
    found = re.search(rf'<section class="call" id="{name}".*?</section>', page, re.DOTALL)
    assert found, name
    return unescape(TAG.sub("", found[0]))


def named(operation: Operation) -> str:
    return operation.name


def test_every_call_is_shown_in_the_order_of_the_sections() -> None:
    assert [one.name for one in operations()] == [route.name for route in ROUTES]


@pytest.mark.parametrize("call", operations(), ids=named)
def test_a_call_is_shown_with_all_its_examples(page: str, call: Operation) -> None:
    shown = place_of(page, call.name)
    assert call.summary in shown
    assert f"{call.method} {call.path}" in shown
    assert [one.label for one in call.snippets] == ["curl", "Python", "JavaScript"]
    for example in (*call.snippets, *call.bodies, *call.answers):
        assert example.text in shown
    assert call.answers[0].label == call.status
    assert len(call.answers) == len(call.refusals) + 1


@pytest.mark.parametrize("call", operations(), ids=named)
def test_a_call_lists_its_problems_with_their_reasons(page: str, call: Operation) -> None:
    shown = place_of(page, call.name)
    for refusal in call.refusals:
        assert all(f"{code}" in shown for code in refusal.codes)
        assert unescape(TAG.sub("", refusal.about)) in shown


def test_the_contents_lead_to_every_call_and_every_place(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    places = set(ids)
    assert len(ids) == len(places)
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= places
    assert {route.name for route in ROUTES} | {"gateway", "webhooks", "problems"} <= links


def test_every_problem_is_explained(page: str) -> None:
    assert set(REMEDIES) == {kind.code for kind in KINDS.values()}
    assert all(f'id="problem-{code}"' in page for code in REMEDIES)


@pytest.mark.parametrize("name", ["token", "hash", "taken_by", "bsuid", "would_make_it_effective"])
def test_what_is_inside_of_members_is_shown(page: str, name: str) -> None:
    assert f'<code class="name">{name}</code>' in page


def test_no_markdown_is_shown_raw(page: str) -> None:
    words = TAG.sub("", CODE.sub("", page))
    assert not re.search(r"`|\*\*|\]\(|^#+ |^\|", words, re.MULTILINE)


def test_what_looks_like_html_in_a_description_is_text() -> None:
    assert "&lt;script&gt;" in rendered("<script>alert(1)</script>")
    assert "<script" not in rendered("a <script>alert(1)</script> b")


def test_nothing_stands_inline_and_nothing_comes_from_elsewhere(page: str) -> None:
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert (
        re.findall(r"<script[^>]*>", page)
        == [
            '<script type="module" src="/docs/reference.js">',
        ]
        or page.count("<script") == 1
    )
    assert not re.search(r'(?:src|<link[^>]*href)="https?:', page)


def test_no_field_of_the_page_can_be_submitted_by_the_browser(page: str) -> None:
    assert not re.search(r"<form[^>]*\s(?:action|method)=", page)
    fields = re.findall(r"<(?:input|textarea|select)\b[^>]*>", page)
    named = [one for one in fields if " name=" in one and 'class="tab"' not in one]
    assert not named


def test_behind_a_path_the_page_loads_what_is_behind_it() -> None:
    page = render_reference(api_document(), f"{BASE}/askfirst")
    assert 'href="/askfirst/docs/reference.css"' in page
    assert 'href="/askfirst/openapi.json"' in page
    assert f'curl "{BASE}/askfirst/v1/me"' in unescape(TAG.sub("", page))


def test_the_page_uses_no_colour_or_size_that_nobody_defines() -> None:
    css = resources.files("askfirst.web.api.reference").joinpath("static", "reference.css")
    tokens = resources.files("askfirst.web.public").joinpath("static", "tokens.css")
    text = css.read_text(encoding="utf-8")
    defined = re.findall(r"(--[\w-]+):", text + tokens.read_text(encoding="utf-8"))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= set(defined)


@pytest.mark.parametrize("packing", ["gzip", "identity"])
async def test_it_is_served_packed_to_whoever_can_unpack_it(
    stranger: httpx.AsyncClient, packing: str
) -> None:
    got = await stranger.get("/docs", headers={"accept-encoding": packing})
    assert got.status_code == 200
    assert got.headers.get("content-encoding", "identity") == packing
    assert "<h1>API reference</h1>" in got.text


async def test_the_policy_lets_the_page_speak_to_its_own_server_only(
    stranger: httpx.AsyncClient,
) -> None:
    for path in ("/docs", "/docs/reference.js", "/docs/reference.css"):
        got = await stranger.get(path)
        policy = got.headers["content-security-policy"]
        assert got.status_code == 200
        assert "unsafe" not in policy
        for part in ("default-src 'none'", "connect-src 'self'", "form-action 'none'"):
            assert part in policy.split("; ")
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("name", ["none.js", "page.py", "../app.py", "reference.html"])
async def test_no_other_file_is_served(stranger: httpx.AsyncClient, name: str) -> None:
    assert (await stranger.get(f"/docs/{name}")).status_code == 404


@pytest.mark.parametrize("code", ["invalid_input", "conflict"])
async def test_the_type_of_a_problem_leads_to_its_explanation(
    stranger: httpx.AsyncClient, code: str
) -> None:
    response = await stranger.get(f"/problems/{code}")
    assert response.headers["location"] == f"/docs#problem-{code}"


def test_a_call_is_written_in_three_languages() -> None:
    call = ExampleCall(method="PUT", url=f"{BASE}/v1/x", body={"a": True, "b": None, "c": "true"})
    assert as_curl(call).startswith(f'curl -X PUT "{BASE}/v1/x" \\\n')
    assert "--json '{\n" in as_curl(call)
    assert '\'{"a": True' not in as_python(call)
    assert '"a": True,\n' in as_python(call)
    assert '"b": None,\n' in as_python(call)
    assert '"c": "true"\n' in as_python(call)
    assert 'method: "PUT"' in as_javascript(call)
    assert '"b": null,\n' in as_javascript(call)


def test_a_quote_in_a_body_does_not_end_the_shells_quotes() -> None:
    call = ExampleCall(method="POST", url=BASE, body={"name": "Ada's Shop"})
    assert """Ada'"'"'s Shop""" in as_curl(call)


def test_a_call_without_an_answer_shows_its_status() -> None:
    call = ExampleCall(method="DELETE", url=BASE, has_answer=False)
    assert as_python(call).endswith("print(answer.status_code)")
    assert as_javascript(call).endswith("console.log(answer.status);")


def test_short_values_stand_in_one_line() -> None:
    assert as_json({"a": {"b": 1}, "c": []}) == '{\n  "a": {"b": 1},\n  "c": []\n}'
    assert as_json({}) == "{}"


def test_routes_have_a_reason_for_each_status_of_their_own() -> None:
    def silent(route: ApiRoute) -> list[int]:
        return [status for status, words in route.problems.items() if len(words) < 15]

    assert not [route.name for route in ROUTES if silent(route)]


def test_the_style_and_the_script_are_files_of_the_package() -> None:
    folder = Path(str(resources.files("askfirst.web.api.reference").joinpath("static")))
    assert {one.name for one in folder.iterdir()} == set(FILES)
