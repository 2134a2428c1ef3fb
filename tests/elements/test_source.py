"""An empty element fetches its question, and lets in nothing that can act."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.elements.conftest import heard
from tests.elements.questions import TOKEN, box, fragment, joining, optin
from tests.elements.shop import Shop

pytestmark = pytest.mark.browser

SOURCE = "/p/cafe/prompts/signup.json"
SRC = f'src="{SOURCE}"'


@pytest.mark.parametrize(("lang", "way"), [("fr", "ltr"), ("ar", "rtl"), ("pt-BR", "ltr")])
def test_the_question_comes_in_the_language_of_the_page(
    shop: Shop, page: Page, lang: str, way: str
) -> None:
    page.context.add_cookies([{"name": "who", "value": "ada", "url": shop.url()}])
    html = fragment("signup", lang)
    shop.answer(SOURCE, {"html": html, "token": TOKEN})
    page.goto(shop.show(joining(optin("", SRC)), lang=lang, direction=way))
    question = page.locator("askfirst-optin > .askfirst-prompt")
    expect(question).to_have_attribute("lang", lang)
    assert question.evaluate("one => getComputedStyle(one).direction") == way
    assert [one.query for one in shop.received] == [{"locale": lang}]
    assert "cookie" not in shop.received[0].headers


def test_the_nearest_language_counts(shop: Shop, page: Page) -> None:
    shop.answer(SOURCE, {"html": box()})
    page.goto(shop.show(f'<div lang="de">{optin("", SRC)}</div>'))
    page.get_by_role("checkbox").wait_for()
    assert shop.received[0].query["locale"] == "de"


def test_it_is_answered_like_any_other(shop: Shop, page: Page) -> None:
    shop.answer(SOURCE, {"html": box()})
    page.goto(shop.show(joining(optin("", SRC))))
    page.get_by_role("checkbox").check()
    assert [one["token"] for one in heard(page)] == [TOKEN]
    with page.expect_navigation():
        page.locator("#join").click()
    sent = [("askfirst_signup", "grant"), ("askfirst_signup_token", TOKEN)]
    assert shop.posted("/join")[0].fields == [*sent, ("phone", "+44 7700 900123")]


def test_a_question_that_is_off_is_not_asked(shop: Shop, page: Page) -> None:
    shop.answer(SOURCE, {"html": box()})
    page.goto(shop.show(joining(optin("", f"{SRC} disabled"))))
    expect(page.get_by_role("checkbox")).to_be_disabled()


def test_a_question_that_is_there_stays(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box(), SRC))))
    page.get_by_role("checkbox").check()
    assert shop.received == []


@pytest.mark.parametrize(
    ("key", "locale"),
    [("signup", "ar"), ("code", "fr"), ("order", "ar"), ("confirm", "en"), ("paper", "en")],
)
def test_nothing_of_a_built_in_question_is_lost(
    shop: Shop, page: Page, key: str, locale: str
) -> None:
    html = fragment(key, locale)
    shop.answer(SOURCE, {"html": html})
    page.goto(shop.show(f"<askfirst-chat {SRC}></askfirst-chat><div id=same>{html}</div>"))
    page.locator("askfirst-chat .askfirst-prompt").wait_for()
    assert page.evaluate(
        """() => {
          const [copy, original] = document.querySelectorAll(".askfirst-prompt");
          return copy.isEqualNode(original);
        }"""
    )


HOSTILE = [
    "<script>ran()</script>",
    '<script src="/evil.js"></script>',
    "<img src=x onerror=ran()>",
    "<svg onload=ran()><script>ran()</script></svg>",
    "<svg><a href='javascript:ran()'><text y=9>press</text></a></svg>",
    '<p onclick="ran()" onpointerover="ran()">press</p>',
    '<p style="position:fixed">press</p>',
    '<a href="javascript:ran()">press</a>',
    '<a href=" javascript:ran()">press</a>',
    '<a href="data:text/html,<script>ran()</script>">press</a>',
    '<button type="submit" formaction="/evil">press</button>',
    '<button form="other">press</button>',
    '<input type="image" src="/evil.svg" formaction="/evil">',
    '<input name="askfirst_password" type="password">',
    '<input name="askfirst_x">',
    '<form action="/evil"><button>press</button></form>',
    '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
    '<object data="/evil.svg"></object><embed src="/evil.svg">',
    '<link rel="stylesheet" href="/evil.css"><style>body{display:none}</style>',
    '<meta http-equiv="refresh" content="0;url=/evil"><base href="/evil/">',
    "<template><script>ran()</script></template>",
    "<math><mtext><img src=x onerror=ran()></mtext></math>",
    '<noscript><p title="</noscript><img src=x onerror=ran()>">',
    '<div id="same" slot="x" is="x-evil">press</div>',
    "<askfirst-order post='/evil'><button name='askfirst_x'>press</button></askfirst-order>",
    "<x-evil>press</x-evil>",
]
# What there may be: tags that say and ask, and attributes that do nothing by themselves.
STRANGE = """(optin) => {
  const tags = new Set("A BDI BUTTON DIV FIELDSET INPUT LABEL LEGEND P SPAN".split(" "));
  const safe = "autocomplete class data-name dir href lang rel target type value";
  const names = new Set(safe.split(" "));
  return [...optin.querySelectorAll("*")].flatMap((one) => [
    ...(tags.has(one.tagName) ? [] : [one.tagName]),
    ...[...one.attributes].filter(({ name }) => !names.has(name)).map(({ name }) => name),
  ]);
}"""


def test_nothing_that_can_act_comes_in(shop: Shop, page: Page) -> None:
    ran = shop.script("/ran.js", "window.ran = () => { window.hasRun = true }")
    questions = []
    for number, hostile in enumerate(HOSTILE):
        shop.answer(f"/{number}.json", {"html": box() + hostile})
        questions.append(optin("", f'src="/{number}.json"'))
    body = "".join(questions) + '<form id="other" action="/evil"></form>'
    # A policy that would let it happen: it is the element that does not.
    policy = "script-src 'self' 'unsafe-inline'"
    page.goto(shop.show(body, scripts=(ran, "/elements/askfirst.js"), policy=policy))
    expect(page.get_by_role("checkbox")).to_have_count(len(HOSTILE))
    for hostile, question in zip(HOSTILE, page.locator("askfirst-optin").all(), strict=True):
        assert question.evaluate(STRANGE) == [], hostile
    for press in page.locator("askfirst-optin").get_by_text("press").all():
        press.click()
    assert page.evaluate("window.hasRun") is None
    assert page.url == shop.url()
    assert [one.path for one in shop.received if "evil" in one.path] == []


def test_a_ticked_box_from_there_is_not_ticked(shop: Shop, page: Page) -> None:
    shop.answer(SOURCE, {"html": box().replace("checkbox", 'checkbox" checked="')})
    page.goto(shop.show(joining(optin("", SRC))))
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    assert heard(page) == []


@pytest.mark.parametrize(("said", "status"), [({}, 200), ("no", 200), ({"detail": "gone"}, 404)])
def test_what_cannot_be_read_is_not_asked(
    shop: Shop, page: Page, said: object, status: int
) -> None:
    shop.answer(SOURCE, said, status)
    page.goto(shop.show(joining(optin("", SRC))))
    with page.expect_navigation():
        page.locator("#join").click()
    assert shop.posted("/join")[0].fields == [("phone", "+44 7700 900123")]
