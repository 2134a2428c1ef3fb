"""Café Lune: a small shop that asks its customers with askfirst, and writes to them through it.

Read it from the top: one place where the shop asks after the other, and then the place where it
sends. The log-in is in `login.py`; what any shop has anyway is in the other files.
"""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import login
from accounts import Account, Accounts, Logins, Orders, read_number
from askfirst_client import Answer, Askfirst, Away, Refused
from asking import GRANTED, record_answer
from guard import guard
from sessions import Sessions
from visit import Here, Shop, Visit
from words import NAMES, Words, all_words

HERE = Path(__file__).parent
PRICES = {"beans": 950, "croissants": 1200, "tea": 780}
PAGES = ("/", "/signup", "/welcome", "/order", "/thanks", "/support", "/account", *login.PAGES)
_MOST = 9
_OK, _NOT_FOUND, _UNPROCESSABLE = 200, 404, 422

router = APIRouter()


@router.get("/")
async def start(visit: Here) -> Response:
    """Say what there is."""
    return visit.page("start.html")


# 1. Sign-up: a plain form. The question is pasted into it as it came, an unticked box; there is no
#    script and no component. The box is apart from everything else that the form asks.


@router.get("/signup")
async def signup_page(visit: Here) -> Response:
    """Show the form, with a fresh question."""
    return await _signup(visit, {}, {})


@router.post("/signup")
async def sign_up(visit: Here) -> Response:
    """Open an account. Whether they also said yes to messages is another matter."""
    form = await visit.form()
    name, phone = form.get("name", "").strip(), read_number(form.get("phone", ""))
    if not (name and phone):
        return await _signup(visit, form, {"name": not name, "phone": not phone})
    account = visit.shop.accounts.open(name, phone)
    account.answer = await record_answer(visit.shop.askfirst, "signup", form, phone, page="/signup")
    if account.answer.kind == GRANTED:
        await _offer_confirmation(visit, account)
    visit.session["account"] = account.id
    return visit.go("/welcome")


@router.get("/welcome")
async def welcome(visit: Here) -> Response:
    """Say what was recorded, and whether something is still to be confirmed."""
    if visit.account is None or visit.account.answer is None:
        return visit.go("/signup")
    proven = await _is_confirmed(visit, visit.account)
    return visit.page("welcome.html", answer=visit.account.answer, is_confirmed=proven)


async def _signup(visit: Visit, typed: dict[str, str], wrong: dict[str, bool]) -> Response:
    question = await visit.ask("signup")
    status = _UNPROCESSABLE if wrong else _OK
    return visit.page("signup.html", status, question=question, typed=typed, wrong=wrong)


# 2. Confirm in WhatsApp: in some countries a yes counts only once the number itself has said so.
#    The customer sends a message with a code that only this page knows; nobody is written to.


async def _offer_confirmation(visit: Visit, account: Account) -> None:
    """Ask askfirst whether a message could be sent now; if only the proof is missing, offer one."""
    send = {"sender": visit.shop.sender, "to": account.phone, "purpose": "marketing"}
    wish = {"contact": {"phone": account.phone}, "locale": visit.say.language}
    try:
        decision = await visit.shop.askfirst.call("POST", "/v1/check", send)
        if any(reason["code"] == "assurance_too_low" for reason in decision["reasons"]):
            words = visit.say("welcome.confirm_text")
            wish |= {"purposes": ["marketing"], "text": words}
            account.confirmation = await visit.shop.askfirst.call("POST", "/v1/confirmations", wish)
    except (Refused, Away):
        account.confirmation = None  # the yes is there; only messages will not leave yet


async def _is_confirmed(visit: Visit, account: Account) -> bool:
    if account.confirmation is None:
        return False
    path = f"/v1/confirmations/{account.confirmation['id']}"
    try:
        return bool((await visit.shop.askfirst.call("GET", path))["proven_at"])
    except (Refused, Away):
        return False


# 3. After an order: `<askfirst-order>` around a question with a yes and a no. Its answer travels
#    with the form; without JavaScript the two buttons send the same form themselves.


@router.get("/order")
async def order_page(visit: Here) -> Response:
    """Show what there is to buy."""
    return visit.page("order.html", prices=PRICES, typed={}, wrong={})


@router.post("/order")
async def place_order(visit: Here) -> Response:
    """Take an order; customers need no account for it."""
    form = await visit.form()
    name, phone = form.get("name", "").strip(), read_number(form.get("phone", ""))
    lines = {product: _count(form.get(product, "")) for product in PRICES}
    lines = {product: count for product, count in lines.items() if count}
    if not (name and phone and lines):
        wrong = {"name": not name, "phone": not phone, "goods": not lines}
        return visit.page("order.html", _UNPROCESSABLE, prices=PRICES, typed=form, wrong=wrong)
    order = visit.shop.orders.place(name, phone, lines, PRICES)
    visit.session["order"] = order.id
    return visit.go("/thanks")


@router.get("/thanks")
async def thanks_page(visit: Here, ask: str = "order") -> Response:
    """Ask about this order only, or, where the customer wishes so, about all that are to come."""
    if visit.order is None:
        return visit.go("/order")
    key = "orders" if ask == "orders" else "order"
    question = await visit.ask(key)
    return visit.page("thanks.html", order=visit.order, key=key, question=question)


@router.post("/thanks")
async def answer_about_order(visit: Here) -> Response:
    """Record the yes or no. The order's reference is evidence of what "this order" means."""
    form, order = await visit.form(), visit.order
    if order is None:
        return visit.go("/order")
    key = "orders" if "askfirst_orders" in form else "order"
    order.answer = await record_answer(
        visit.shop.askfirst, key, form, order.phone, order=order.id, page="/thanks"
    )
    order.question = key
    return visit.go("/thanks")


def _count(text: str) -> int:
    return min(int(text), _MOST) if text.isascii() and text.isdigit() else 0


# 4. Customer-started chat: an entry is made once, when the shop starts. Its link and QR code carry
#    a short code, by which the first message is attributed. That message is no yes: askfirst
#    answers it with the question, once.


@router.get("/support")
async def support(visit: Here) -> Response:
    """Show the way into the chat; `<askfirst-chat>` shows the QR code where there is a desk."""
    return visit.page("support.html", entry=visit.shop.entries.get(visit.say.language))


async def open_entries(askfirst: Askfirst, words: dict[str, Words]) -> dict[str, Answer]:
    """Find each language's entry, or make it: the question is asked in the entry's language."""
    entries = {
        one["locale"]: one
        for one in await _all_entries(askfirst)
        if one["name"] == "support page" and one["ended_at"] is None
    }
    for language, say in words.items():
        if language not in entries:
            wish = {"name": "support page", "text": say("support.hello"), "locale": language}
            entries[language] = await askfirst.call("POST", "/v1/entries", wish)
    return entries


async def _all_entries(askfirst: Askfirst) -> list[Answer]:
    """Read page after page: a list says where it goes on."""
    page = await askfirst.call("GET", "/v1/entries")
    found = list(page["data"])
    while cursor := page["next_cursor"]:
        page = await askfirst.call("GET", "/v1/entries?" + urlencode({"after": cursor}))
        found += page["data"]
    return found


# 5. Sending: the shop's own code calls Meta's API as it always did, only the address is askfirst's.
#    askfirst lets a message through or refuses it, with the reason. The shop decides nothing.

TEMPLATES = {
    "offer": ("summer_offer", {}, ()),
    "update": ("order_update", {"fr": "fr"}, ("CL-1001",)),
}
"""What the shop sends: the template's name, its languages besides English, its parameters."""


async def send(visit: Visit, phone: str, what: str) -> Answer:
    """Send a template; gives the verdict, and the reason of a no."""
    name, languages, parameters = TEMPLATES[what]
    language = {"code": languages.get(visit.say.language, "en_US")}
    template: dict[str, Any] = {"name": name, "language": language}
    if parameters:
        texts = [{"type": "text", "text": text} for text in parameters]
        template["components"] = [{"type": "body", "parameters": texts}]
    message = {
        "messaging_product": "whatsapp",
        "to": phone,
        "type": "template",
        "template": template,
    }
    try:
        await visit.shop.askfirst.call("POST", f"/v26.0/{visit.shop.sender}/messages", message)
    except Refused as refusal:
        error = refusal.content["error"]
        reasons = error.get("askfirst", {}).get("reasons") or [str(error["code"])]
        return {"what": what, "reason": reasons[0], "details": error["error_data"]["details"]}
    except Away:
        return {"what": what, "reason": "away", "details": ""}
    return {"what": what, "reason": "", "details": ""}


@router.get("/account")
async def account_page(visit: Here) -> Response:
    """Show what the customer can do about messages."""
    if visit.account is None:
        return visit.go("/login")
    return visit.page("account.html", sent=visit.account.sent)


@router.post("/account/send")
async def try_sending(visit: Here) -> Response:
    """Try to send an offer, or news about an order."""
    form, account = await visit.form(), visit.account
    if account is None or form.get("what") not in TEMPLATES:
        return visit.go("/login")
    account.sent = await send(visit, account.phone, form["what"])
    return visit.go("/account#sent")


@router.post("/account/preferences")
async def open_preferences(visit: Here) -> Response:
    """Lead to askfirst's page for this one person: what I agreed to, a switch each, receipts.

    Whoever has the link can end consents. So only those get it who have proven their number.
    """
    if visit.account is None or not visit.account.is_proven:
        return visit.go("/login")
    wish = {"contact": {"phone": visit.account.phone}, "days": 1}
    try:
        link = await visit.shop.askfirst.call("POST", "/v1/preference-links", wish)
    except Refused:
        return visit.page("account.html", _NOT_FOUND, sent=None, is_unasked=True)
    return visit.go(f"{link['url']}?locale={visit.say.language}")


@router.post("/language")
async def choose_language(visit: Here) -> Response:
    """Change the language; the page is the one they were on."""
    form = await visit.form()
    if form.get("language") in NAMES:
        visit.session["language"] = form["language"]
    path = form.get("path", "")
    return visit.go(path if path in PAGES else "/")


async def missing(visit: Here) -> Response:
    """Say that there is no such page, and where to go on."""
    return visit.page("missing.html", _NOT_FOUND)


def build_app(askfirst: Askfirst, phone_url: str = "") -> FastAPI:
    """Put the shop together."""
    words = all_words()

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        senders = (await askfirst.call("GET", "/v1/senders"))["data"]
        app.state.shop = Shop(
            askfirst=askfirst,
            phone_url=phone_url.rstrip("/"),
            words=words,
            templates=_templates(),
            accounts=Accounts(),
            orders=Orders(),
            logins=Logins(),
            entries=await open_entries(askfirst, words),
            sender=senders[0]["phone_number_id"],
        )
        yield

    app = FastAPI(lifespan=opened, openapi_url=None)
    app.include_router(router)
    app.include_router(login.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    app.add_api_route("/{path:path}", missing)
    guard(app, Sessions(secrets.token_bytes(32)), askfirst.url)
    return app


def _templates() -> Environment:
    return Environment(
        autoescape=True,
        loader=FileSystemLoader(HERE / "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--port", type=int, default=8070)
    given = arguments.parse_args()
    connection = Askfirst(os.environ["SHOP_ASKFIRST_URL"], os.environ["SHOP_ASKFIRST_KEY"])
    shop = build_app(connection, os.environ.get("SHOP_PHONE_URL", ""))
    uvicorn.run(shop, port=given.port, log_level="warning")
