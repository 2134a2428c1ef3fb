"""The hosted pages in a real browser: from the click to the ledger line, for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Request, ViewportSize, expect

from askfirst.domain.consent.attestation import Attestation
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import Answer, view
from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.purpose import Purpose
from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.prompts.show_prompt import open_token, show_prompt
from tests.browser.house import BUSINESS, NAME, House, open_house
from tests.browser.looking import AXE, NARROW, VIOLATIONS, WIDE, open_all, take
from tests.browser.other_site import visiting

pytestmark = pytest.mark.browser

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HALF: ViewportSize = {"width": 640, "height": 512}
"""What is left of a screen of 1280 by 1024 at 200 % zoom."""
MOMENT_MS = 700
LONG_NAME = "Königsberger Feinkost und Spezialitäten"
LONGER_NAME = "Donaudampfschifffahrtsgesellschaft Königsberger Spezialitätengroßhandel & Söhne"
PERSON = phone_alias("447700900123")
LOCALES = ("en", "fr", "ar")
AGREED = {
    "en": "Send me offers and news",
    "fr": "Je souhaite recevoir sur WhatsApp",
    "ar": "تلقي رسائل",
}
NOT_LOADED = r"Failed to load resource: .* (410|422)"


@dataclass(frozen=True)
class Places:
    """Addresses of every page, with something on it."""

    join: str
    stop: str
    thanks: str
    entry: str
    poster: str
    small_poster: str
    confirm: str
    me: str
    preview: str
    verify: str
    gone: str
    missing: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def places(house: House, browser: Browser) -> Places:
    record(house, PERSON, "signup", "fr")
    record(house, PERSON, "order", "en")
    record(house, PERSON, "", "", verb=ConsentVerb.WITHDRAW, purposes=("utility",))
    record(house, PERSON, "", "", purposes=("marketing.recipes",))
    page = browser.new_page()
    join(house, page, "en", "+4915123456789")
    thanks = page.url
    page.context.close()
    entry = house.page(f"chat/{house.entry()}")
    return Places(
        join=house.page("join"),
        stop=house.page("stop"),
        thanks=thanks.partition("?")[0],
        entry=entry,
        poster=f"{entry}/poster",
        small_poster=f"{entry}/poster?size=a6",
        confirm=house.proof(PERSON),
        me=house.link_of(PERSON),
        preview=house.page("prompts/code"),
        verify=f"{house.address}/p/verify",
        gone=house.page("me/1.none.none"),
        missing=house.page("nothing"),
    )


@pytest.fixture
def manner() -> dict[str, Any]:
    return {"expected": NOT_LOADED}


def record(
    house: House,
    person: Alias,
    key: str,
    locale: str,
    verb: ConsentVerb = ConsentVerb.GRANT,
    purposes: tuple[str, ...] = (),
) -> None:
    """Let somebody answer a question elsewhere, or on paper where none is named."""

    async def act() -> None:
        services, token = house.services, None
        if key:
            filling = Filling(business=NAME)
            shown = await show_prompt(services, BUSINESS, key, locale, filling)
            token = open_token(services, shown.token)
        consent = Consent(
            business_id=BUSINESS,
            verb=verb,
            alias=person,
            purposes=tuple(map(Purpose, token.purposes if token else purposes)),
            surface=token.surface if token else Surface.PAPER,
            source=Source.API,
            number_proof=NumberProof.VOUCHED,
            prompt=token,
            witness=None if token else Attestation(taken_by="shop 3"),
        )
        await record_consent(services, consent)

    house.do(act())


def join(house: House, page: Page, locale: str, number: str) -> None:
    """Say yes on the opt-in page, as people do."""
    page.goto(house.page(f"join?locale={locale}"))
    page.locator("input[type=tel]").fill(number)
    page.locator("input[type=checkbox]").check()
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/thanks/**")


def answer(house: House, person: Alias, purpose: str) -> Answer:
    async def look() -> Answer:
        contact = await house.services.ledger.find(BUSINESS, person)
        assert contact is not None
        standing = await house.services.ledger.standing(BUSINESS, contact)
        return view(standing, Purpose(purpose)).answer

    return house.do(look())


def localised(address: str, locale: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}locale={locale}"


def number(locale: str, *, scripts: bool) -> str:
    """A number for each run of a test."""
    return f"+44 7700 900{200 + LOCALES.index(locale) * 2 + scripts}"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "page",
    [{"java_script_enabled": True}, {"java_script_enabled": False}],
    ids=["with scripts", "without scripts"],
    indirect=True,
)
def test_from_the_opt_in_page_to_the_ledger(
    house: House, page: Page, locale: str, request: pytest.FixtureRequest
) -> None:
    before = house.head()
    typed = number(locale, scripts="without" not in request.node.name)
    join(house, page, locale, typed)
    (event,) = house.events(before)
    assert (event.kind, event.assurance) == (EventKind.GRANTED, Assurance.SHOWN)
    assert (event.surface, event.purposes) == (Surface.SIGNUP, ("marketing",))
    assert page.locator("html").get_attribute("lang") == locale
    assert AGREED[locale] in page.locator("blockquote").inner_text()
    assert "7700" not in page.url


def test_a_receipt_is_downloaded_and_checked(house: House, page: Page, tmp_path: Path) -> None:
    join(house, page, "en", "+44 7700 900301")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download your record").click()
    file = tmp_path / "receipt.jws"
    download.value.save_as(file)
    page.goto(f"{house.address}/p/verify")
    page.get_by_label("Record file").set_input_files(file)
    page.get_by_role("button", name="Check").click()
    page.get_by_text("Genuine: signed on behalf of Café Lune, and unchanged.").wait_for()
    page.get_by_label("Record text").fill(file.read_text()[:-4] + "AAAA")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("this is not what was signed")).to_be_visible()


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_whoever_said_yes_finds_out_how_to_stop(house: House, page: Page) -> None:
    join(house, page, "en", "+44 7700 900309")
    before = house.head()
    page.get_by_role("link", name="How to unsubscribe").click()
    page.get_by_role("heading", name="How to stop messages from Café Lune").wait_for()
    chat = page.get_by_role("link", name="Open WhatsApp")
    assert chat.get_attribute("href") == "https://wa.me/15550100001?text=STOP"
    assert page.locator("figure svg").is_visible()
    assert house.head() == before


def test_the_page_notices_that_the_number_has_proven_itself(house: House, page: Page) -> None:
    address = house.proof(phone_alias("447700900302"))
    page.goto(address)
    assert page.get_by_role("link", name="Open WhatsApp").is_visible()
    house.prove(address)
    page.get_by_text("Your number is confirmed.").wait_for(timeout=10_000)


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_a_number_can_be_confirmed_without_scripts(house: House, page: Page) -> None:
    address = house.proof(phone_alias("447700900303"))
    page.goto(address)
    house.prove(address)
    page.get_by_role("link", name="I have sent the message").click()
    expect(page.get_by_text("Your number is confirmed.")).to_be_visible()


@pytest.mark.parametrize(
    "page",
    [{"java_script_enabled": True}, {"java_script_enabled": False}],
    ids=["with scripts", "without scripts"],
    indirect=True,
)
def test_a_person_turns_things_off_and_on_and_stops_everything(house: House, page: Page) -> None:
    person = phone_alias("447700900304")
    record(house, person, "signup", "en")
    record(house, person, "orders", "en")
    page.goto(house.link_of(person))
    page.get_by_role("switch", name="offers and news").click()
    page.get_by_text("Your answer has been saved.").wait_for()
    assert answer(house, person, "marketing") is Answer.WITHDRAWN
    assert answer(house, person, "utility") is Answer.GRANTED
    card = page.locator(".choice", has_text="offers and news")
    card.get_by_text("Turn on").click()
    card.get_by_role("checkbox").check()
    card.get_by_role("button", name="Save").click()
    page.get_by_text("Your answer has been saved.").wait_for()
    assert answer(house, person, "marketing") is Answer.GRANTED
    page.get_by_role("button", name="Stop all messages").click()
    page.get_by_text("will not send you any more messages").first.wait_for()
    for purpose in ("marketing", "utility", "authentication"):
        assert answer(house, person, purpose) is Answer.WITHDRAWN
    assert page.get_by_role("switch").count() == 0


def test_everything_can_be_done_with_the_keyboard_alone(house: House, page: Page) -> None:
    person = phone_alias("447700900305")
    record(house, person, "signup", "en")
    page.goto(house.page("join"))
    reached = press_until(page, "#phone")
    assert reached[0] == "Skip to content"
    page.keyboard.type("+447700900306")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks/**")
    page.goto(house.link_of(person))
    press_until(page, "[name=stop]")
    page.keyboard.press("Enter")
    page.get_by_text("will not send you any more messages").first.wait_for()
    assert answer(house, person, "marketing") is Answer.WITHDRAWN


def press_until(page: Page, target: str) -> list[str]:
    """Press Tab until something has the focus; whatever had it on the way could be seen."""
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        text, is_there, outline = page.evaluate(FOCUS, target)
        reached.append(text)
        assert outline, text
        if is_there:
            return reached
    raise AssertionError(reached)


def test_a_page_cannot_be_put_into_a_frame(house: House, browser: Browser) -> None:
    """Else somebody's box is ticked by a click that was meant for something else."""
    with visiting(browser, f'<iframe src="{house.page("join")}"></iframe>') as page:
        frame = page.frames[1]
        frame.wait_for_load_state()
        assert frame.url.startswith("chrome-error:")


@pytest.mark.parametrize("how", ["form", "fetch", "sandboxed frame"])
def test_a_foreign_page_cannot_answer_for_anybody(house: House, browser: Browser, how: str) -> None:
    shown = show_prompt(house.services, BUSINESS, "signup", "en", Filling(business=NAME))
    token = house.do(shown).token
    form = forged(
        house.page("join"),
        phone="+447700900307",
        askfirst_signup="grant",
        askfirst_signup_token=token,
    )
    answer = f"{{token: '{token}', phone: '+447700900307', answer: 'grant'}}"
    fetch = (
        f"<script>fetch('{house.page('answers')}', {{method: 'POST', headers: "
        f"{{'content-type': 'application/json'}}, body: JSON.stringify({answer})}})</script>"
    )
    sandbox = f"<iframe sandbox='allow-forms allow-scripts' srcdoc='{escape(form)}'></iframe>"
    body = {"form": form, "fetch": fetch, "sandboxed frame": sandbox}[how]
    before = house.head()
    with visiting(browser, body) as page:
        page.wait_for_timeout(MOMENT_MS)
        assert house.head() == before


def test_a_foreign_page_cannot_stop_anybody_either(house: House, browser: Browser) -> None:
    person = phone_alias("447700900308")
    record(house, person, "signup", "en")
    with visiting(browser, forged(house.link_of(person), stop="all")) as page:
        page.wait_for_timeout(MOMENT_MS)
        assert answer(house, person, "marketing") is Answer.GRANTED


def forged(address: str, **fields: str) -> str:
    """A form that sends itself."""
    inputs = "".join(f'<input name="{name}" value="{text}">' for name, text in fields.items())
    script = "<script>document.forms[0].submit()</script>"
    return f'<form method="post" action="{address}">{inputs}</form>{script}'


def test_looking_ahead_and_scanning_links_change_nothing(
    house: House, places: Places, page: Page
) -> None:
    before = house.events()
    page.goto(places.entry)
    for address in vars(places).values():
        for purpose in ({}, {"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}):
            assert page.request.get(address, headers=purpose).status < 500
            assert page.request.head(address, headers=purpose).status < 500
    assert house.events() == before


@pytest.mark.parametrize("locale", ["en", "fr", "ar", "ja"])
@pytest.mark.parametrize("name", list(Places.__dataclass_fields__))
def test_everybody_can_read_it(places: Places, browser: Browser, name: str, locale: str) -> None:
    """WCAG 2.2 AA as far as a machine can tell; fits a phone, and 200 % zoom, without scrolling."""
    context = browser.new_context(viewport=WIDE, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(localised(getattr(places, name), locale))
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("dir") == ("rtl" if locale == "ar" else "ltr")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(WIDE)
        take(page, f"hosted-{name}-{locale}-{scheme}-1280")
        page.set_viewport_size(NARROW)
        take(page, f"hosted-{name}-{locale}-{scheme}-360")
    page.add_script_tag(path=AXE)
    open_all(page)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(VIOLATIONS) == []
    for view_port in (HALF, NARROW):
        page.set_viewport_size(view_port)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view_port
    assert page.evaluate(TOO_SMALL) == []
    context.close()


def test_a_business_s_colour_is_readable_and_its_letters_are_ours(
    house: House, places: Places, browser: Browser
) -> None:
    """Even of a yellow: axe finds no words that are too faint, and nothing comes from elsewhere."""
    with house.looking(colour="#ffcc00"):
        for name in ("join", "me", "thanks"):
            context = browser.new_context(viewport=NARROW, bypass_csp=True, reduced_motion="reduce")
            page = context.new_page()
            asked: list[str] = []
            context.on("request", partial(note, asked))
            page.goto(localised(getattr(places, name), "en"))
            page.add_script_tag(path=AXE)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate(VIOLATIONS) == []
            assert page.evaluate("document.fonts.check('16px Inter')")
            assert any(url.endswith("inter-latin.woff2") for url in asked)
            assert all(url.startswith(house.address) for url in asked)
            context.close()


def note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


@pytest.mark.parametrize("locale", ["de", "el", "fr", "ru"])
@pytest.mark.parametrize("name", ["me", "join", "thanks", "entry", "stop"])
def test_no_word_of_a_heading_is_divided_on_a_phone(
    places: Places, browser: Browser, name: str, locale: str
) -> None:
    page = browser.new_page(viewport=NARROW)
    page.goto(localised(getattr(places, name), locale))
    assert page.evaluate(DIVIDED) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


@pytest.mark.parametrize("page", [{"viewport": NARROW}], indirect=True)
def test_whatever_looks_like_a_switch_can_be_pressed(places: Places, page: Page) -> None:
    page.goto(places.me)
    assert page.locator(".switch").count() == page.get_by_role("switch").count() > 0
    page.get_by_text("Turn on", exact=True).first.click()
    expect(page.get_by_role("checkbox").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_error_can_be_read_by_everybody(house: House, browser: Browser, scheme: Any) -> None:
    context = browser.new_context(viewport=NARROW, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(house.page("join?locale=fr"))
    page.locator("input[type=tel]").fill("07700 900123")
    page.locator("input[type=checkbox]").check()
    page.locator("main button[type=submit]").click()
    page.get_by_role("alert").wait_for()
    assert page.locator("input[type=tel]").input_value() == "07700 900123"
    assert page.locator("input[type=checkbox]").is_checked()
    expect(page.get_by_role("alert")).to_contain_text("Dans le pays choisi (États-Unis)")
    expect(page.locator("#phone")).to_be_focused()
    page.add_script_tag(path=AXE)
    assert page.evaluate(VIOLATIONS) == []
    take(page, f"hosted-join_error-fr-{scheme}-narrow")
    context.close()


@pytest.mark.parametrize(("size", "sheet"), [("a4", (595, 842)), ("a6", (298, 420))])
@pytest.mark.parametrize("name", [NAME, LONG_NAME, LONGER_NAME])
def test_a_poster_is_printed_on_one_sheet(
    house: House, places: Places, page: Page, name: str, size: str, sheet: tuple[int, int]
) -> None:
    with house.named(name):
        for locale in ("fr", "el"):
            page.goto(f"{places.poster}?size={size}&locale={locale}")
            printed = page.pdf(prefer_css_page_size=True, print_background=True)
            sheets = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)
            assert [(round(float(w)), round(float(h))) for w, h in sheets] == [sheet]


@pytest.mark.parametrize("name", ["join", "thanks", "entry", "stop", "me", "confirm"])
def test_a_long_name_fits_a_phone(house: House, places: Places, page: Page, name: str) -> None:
    page.set_viewport_size(NARROW)
    with house.named(LONGER_NAME):
        page.goto(localised(getattr(places, name), "de"))
        assert page.evaluate(STICKS_OUT) == []


def test_motion_is_left_out_where_it_is_not_wanted(places: Places, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(places.me)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("document.getAnimations().length") == 0
    context.close()


FOCUS = """(target) => {
  const found = document.activeElement;
  const style = getComputedStyle(found);
  return [found.textContent.trim(), found.matches(target), style.outlineStyle !== "none"];
}"""

TOO_SMALL = """() => [...document.querySelectorAll("main :is(a, button, input, select, summary)")]
  .filter((one) => one.checkVisibility() && one.type !== "hidden" && !one.closest(".skip"))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([html]) => html)"""

DIVIDED = """() => [...document.querySelectorAll("main :is(h1, h2)")].flatMap((heading) => {
  const texts = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
  const divided = [];
  while (texts.nextNode()) {
    const node = texts.currentNode;
    for (const { 0: word, index } of node.data.matchAll(/\\p{L}+/gu)) {
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const rows = new Set([...range.getClientRects()].map(({ y }) => Math.round(y)));
      if (rows.size > 1) divided.push(word);
    }
  }
  return divided;
})"""

STICKS_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest(".skip, svg"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
  .map((one) => one.outerHTML.slice(0, 80))"""
