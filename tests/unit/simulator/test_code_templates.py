"""Authentication templates: Meta's words in each language, the code in two places."""

from typing import Any

import httpx
import pytest

from askfirst.domain.inbound.inbound_event import ReplyTapped
from askfirst.domain.value import replace
from askfirst.domain.values.purpose import Category
from askfirst.graph.sending.authentication import (
    DID_NOT_REQUEST_CODE,
    CodeButton,
    CodeTemplate,
    SupportedApp,
    read_upsert,
    upsert_body,
)
from askfirst.graph.tenants.templates import read_template_page
from askfirst.simulator.simulator import Simulator
from tests.unit.simulator.conftest import (
    ANA,
    SENDER,
    WABA,
    Day,
    Receiver,
    code_of,
    code_template,
    template,
)

MESSAGES = f"/v26.0/{SENDER}/messages"
UPSERT = f"/v26.0/{WABA}/upsert_message_templates"
LIST = f"/v26.0/{WABA}/message_templates"
LOGIN = CodeTemplate(
    name="login_code",
    languages=("en_US", "fr", "ar", "de", "es", "sw"),
    expiration_minutes=5,
    ttl_seconds=300,
)
WORDS = {
    "en_US": "*1234* is your verification code. For your security, do not share this code.",
    "fr": "*1234* est votre code de vérification. Pour votre sécurité, ne le partagez pas.",
    "ar": "*1234* هو رمز التحقق الخاص بك. للحفاظ على أمانك، لا تشارك هذا الرمز.",
    "de": "*1234* ist dein Verifizierungscode. Teile diesen Code zu deiner Sicherheit nicht.",
    "es": "Tu código de verificación es *1234*. Por tu seguridad, no lo compartas.",
    "sw": "*1234* is your verification code. For your security, do not share this code.",
}


async def letter(client: httpx.AsyncClient) -> dict[str, Any]:
    inbox = (await client.get(f"/phones/{ANA}")).json()["inbox"]
    return dict(inbox[-1])


async def test_all_languages_are_made_at_once_and_told(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    made = read_upsert((await client.post(UPSERT, content=upsert_body(LOGIN))).content)
    assert tuple(row.language for row in made) == LOGIN.languages
    page = read_template_page((await client.get(LIST, params={"name": "login_code"})).content)
    assert {(one.language, one.category) for one in page.templates} == {
        (language, Category.AUTHENTICATION) for language in LOGIN.languages
    }
    told = [getattr(notice, "language", "") for notice in await receiver.settled(simulator)]
    assert sorted(told) == sorted(LOGIN.languages)


async def test_a_template_that_is_there_is_changed_and_keeps_its_id(
    client: httpx.AsyncClient,
) -> None:
    first = read_upsert((await client.post(UPSERT, content=upsert_body(LOGIN))).content)
    shorter = CodeTemplate(name="login_code", languages=("fr",), security_recommendation=False)
    (again,) = read_upsert((await client.post(UPSERT, content=upsert_body(shorter))).content)
    assert again in first
    await client.post(MESSAGES, json=code_template("1234", "login_code", "fr"))
    assert (await letter(client))["text"] == "*1234* est votre code de vérification."


@pytest.mark.parametrize("language", LOGIN.languages)
async def test_the_words_are_in_the_templates_language(
    client: httpx.AsyncClient, language: str
) -> None:
    await client.post(UPSERT, content=upsert_body(LOGIN))
    sent = await client.post(MESSAGES, json=code_template("1234", "login_code", language))
    assert sent.status_code == 200
    assert (await letter(client))["text"] == WORDS[language]


async def test_a_template_is_listed_as_meta_keeps_it(client: httpx.AsyncClient) -> None:
    await client.post(UPSERT, content=upsert_body(replace(LOGIN, languages=("es",))))
    (listed,) = (await client.get(LIST, params={"name": "login_code"})).json()["data"]
    assert listed["message_send_ttl_seconds"] == 300
    body, footer, buttons = listed["components"]
    assert body["text"].startswith("Tu código de verificación es *{{1}}*.")
    assert footer == {
        "type": "FOOTER",
        "text": "Este código caduca en 5 minutos.",
        "code_expiration_minutes": 5,
    }
    (button,) = buttons["buttons"]
    assert (button["type"], button["text"]) == ("URL", "Copiar código")
    assert button["url"].endswith("otp_type=COPY_CODE&code_expiration_minutes=5&code=otp{{1}}")


async def test_the_copy_button_carries_the_code_while_it_lives(
    client: httpx.AsyncClient, day: Day
) -> None:
    await client.post(UPSERT, content=upsert_body(LOGIN))
    await client.post(MESSAGES, json=code_template("1234", "login_code", "fr"))
    copied = {"title": "Copier le code", "code": "1234", "expires_at": day.seconds + 300}
    assert (await letter(client))["copy_code"] == copied
    await client.post(MESSAGES, json=code_template("1234"))
    ten_minutes = {"title": "Copy code", "code": "1234", "expires_at": day.seconds + 600}
    assert (await letter(client))["copy_code"] == ten_minutes


async def test_who_did_not_ask_for_a_code_can_say_so(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    await client.post(MESSAGES, json=code_template("1234"))
    sent = await letter(client)
    assert sent["buttons"] == ["I didn't request a code"]
    await client.post(f"/phones/{ANA}/tap", json={"message_id": sent["message_id"]})
    (tap,) = [notice for notice in receiver.notices if isinstance(notice, ReplyTapped)]
    assert (tap.payload, tap.label) == (DID_NOT_REQUEST_CODE, "I didn't request a code")


@pytest.mark.parametrize(
    ("in_text", "in_button", "code"),
    [
        ("1234", None, 131008),
        ("1234", "", 131009),
        ("1234", "4321", 131009),
        ("1" * 16, "1" * 16, 131009),
        (None, "1234", 132000),
    ],
)
async def test_a_code_that_is_not_there_twice_is_refused(
    client: httpx.AsyncClient, in_text: str | None, in_button: str | None, code: int
) -> None:
    body = template("verification_code", *filter(None, [in_text]))
    if in_button is not None:
        parameters = [{"type": "text", "text": in_button}]
        button = {"type": "button", "sub_type": "url", "index": 0, "parameters": parameters}
        body["template"]["components"].append(button)
    assert code_of(await client.post(MESSAGES, json=body)) == code


@pytest.mark.parametrize("button", [CodeButton.ONE_TAP, CodeButton.ZERO_TAP])
async def test_codes_for_apps_are_sent_in_the_same_way(
    client: httpx.AsyncClient, button: CodeButton
) -> None:
    app = SupportedApp("com.example.shop", "K8a/AINcGX7")
    for_app = CodeTemplate(
        name="app_code",
        languages=("en",),
        button=button,
        apps=(app,),
        zero_tap_terms_accepted=True,
    )
    assert (await client.post(UPSERT, content=upsert_body(for_app))).status_code == 200
    sent = await client.post(MESSAGES, json=code_template("12345678", "app_code", "en"))
    assert sent.status_code == 200


BODY, BUTTONS = {"type": "body"}, {"type": "buttons", "buttons": [{"type": "otp"}]}
OTP = {"type": "otp", "otp_type": "copy_code"}


def asked(*components: object, **more: object) -> dict[str, object]:
    kind = {"name": "login_code", "language": "fr", "category": "authentication"}
    return {**kind, "components": list(components), **more}


@pytest.mark.parametrize(
    "odd",
    [
        asked(),
        asked(BODY),
        asked(BODY, BUTTONS),
        asked(
            {"type": "body", "text": "{{1}} is your code"}, {"type": "buttons", "buttons": [OTP]}
        ),
        asked(BODY, {"type": "buttons", "buttons": [OTP, OTP]}),
        asked(BODY, {"type": "buttons", "buttons": [{"type": "quick_reply", "text": "No"}]}),
        asked(BODY, {"type": "buttons", "buttons": [OTP | {"text": "x" * 26}]}),
        asked(BODY, {"type": "buttons", "buttons": [OTP | {"otp_type": "one_tap"}]}),
        asked(BODY, {"type": "buttons", "buttons": [OTP]}, {"type": "header", "text": "Hi"}),
        asked(
            BODY,
            {"type": "footer", "code_expiration_minutes": 91},
            {"type": "buttons", "buttons": [OTP]},
        ),
        asked(BODY, {"type": "buttons", "buttons": [OTP]}, message_send_ttl_seconds=29),
        asked(BODY, {"type": "buttons", "buttons": [OTP]}, message_send_ttl_seconds=901),
        asked(BODY, {"type": "buttons", "buttons": [OTP]}, name="Login code"),
        asked(BODY, {"type": "buttons", "buttons": [OTP]}, language="french"),
    ],
)
async def test_a_template_that_meta_would_refuse_is_not_made(
    client: httpx.AsyncClient, odd: dict[str, object]
) -> None:
    assert code_of(await client.post(LIST, json=odd)) == 100


async def test_labels_are_for_one_language_only(client: httpx.AsyncClient) -> None:
    labelled = [BODY, {"type": "buttons", "buttons": [OTP | {"text": "Copier"}]}]
    assert (await client.post(LIST, json=asked(*labelled))).status_code == 200
    bulk = asked(*labelled, languages=["fr"])
    assert code_of(await client.post(UPSERT, json=bulk)) == 100
    await client.post(MESSAGES, json=code_template("1234", "login_code", "fr"))
    assert (await letter(client))["copy_code"]["title"] == "Copier"


async def test_an_upsert_is_for_authentication_templates_only(client: httpx.AsyncClient) -> None:
    changes: list[dict[str, object]] = [
        {"category": "UTILITY"},
        {"name": "order_update"},
        {"languages": []},
    ]
    for changed in changes:
        buttons = {"type": "buttons", "buttons": [OTP]}
        odd = asked(BODY, buttons, languages=["fr"]) | changed
        assert code_of(await client.post(UPSERT, json=odd)) == 100
    assert code_of(await client.post(UPSERT, json=[])) == 100


@pytest.mark.parametrize(
    ("category", "seconds", "status"),
    [
        ("authentication", -1, 200),
        ("utility", -1, 200),
        ("utility", 43_200, 200),
        ("utility", 43_201, 400),
        ("marketing", 43_199, 400),
        ("marketing", 2_592_000, 200),
        ("marketing", -1, 400),
    ],
)
async def test_each_category_has_its_times_to_live(
    client: httpx.AsyncClient, category: str, seconds: int, status: int
) -> None:
    parts: list[object] = [{"type": "body", "text": "Hello"}]
    if category == "authentication":
        parts = [BODY, {"type": "buttons", "buttons": [OTP]}]
    made = asked(*parts, category=category, message_send_ttl_seconds=seconds)
    assert (await client.post(LIST, json=made)).status_code == status
