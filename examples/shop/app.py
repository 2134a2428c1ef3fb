"""Café Lune: a small shop that asks its customers with askfirst, and writes to them through it.

Read it from the top: one place where the shop asks after the other, and then the place where it
sends. The log-in is in `login.py`; what any shop has anyway is in the other files.
"""

from __future__ import annotations

import argparse
import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import counter
import login
import pickup
from accounts import Account, Accounts, Logins, Order, Orders
from askfirst_client import Answer, Askfirst, Away, Refused
from asking import GRANTED, REFUSED, record_answer
from confirming import offer_confirmation, state_of
from guard import guard
from phone_numbers import chosen, read_number, written
from sessions import Sessions
from visit import Here, Shop, Visit
from words import NAMES, Words, all_words

HERE = Path(__file__).parent
PRICES = {"beans": 950, "croissants": 1200, "tea": 780}
PAGES = (
    "/",
    "/signup",
    "/welcome",
    "/order",
    "/thanks",
    "/support",
    "/account",
    *login.PAGES,
    *counter.PAGES,
    *pickup.PAGES,
)
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
    name, phone = form.get("name", "").strip(), read_number(form)
    if not (name and phone):
        return await _signup(visit, form, {"name": not name, "phone": not phone})
    account = visit.known(phone) or visit.shop.accounts.open(name, phone)
    account.name = name
    account.answer = await record_answer(
        visit.shop.askfirst, "signup", form, phone, is_proven=account.is_proven, page="/signup"
    )
    await _offer(visit, account)
    visit.session["account"] = account.id
    return visit.go("/welcome")


@router.get("/welcome")
async def welcome(visit: Here) -> Response:
    """Say what was recorded, and whether something is still to be confirmed.

    That they may be written to is said to the number's holder only, and only while askfirst's gate
    says so, too.
    """
    account = visit.account
    if account is None or account.answer is None:
        return visit.go("/signup")
    reason = await may_send(visit, account.phone, "marketing") if account.is_proven else ""
    is_held = account.answer.kind == GRANTED and (reason or not account.is_proven)
    words = "welcome.noted" if is_held else f"welcome.{account.answer.kind}"
    state = await state_of(visit.shop.askfirst, account.confirmation)
    return visit.page(
        "welcome.html",
        answer=account.answer,
        words=words,
        reason=reason if is_held else "",
        state=state,
    )


async def _signup(visit: Visit, typed: dict[str, str], wrong: dict[str, bool]) -> Response:
    question = await visit.ask("signup", typed)
    status = _UNPROCESSABLE if wrong else _OK
    return visit.page(
        "signup.html", status, question=question, typed=typed, wrong=wrong, country=chosen(typed)
    )


# 2. Confirm in WhatsApp: anybody can type any number, so a yes to offers counts only once the
#    number itself has said it. How the message is made ready is in `confirming.py`. It lives for
#    half an hour; who comes back later begins again.


@router.post("/confirm")
async def begin_again(visit: Here) -> Response:
    """Make another message ready, for the yes at sign-up or after an order."""
    form = await visit.form()
    holder = visit.order if form.get("what") == "order" else visit.account
    if holder is not None:
        await _offer(visit, holder)
    return visit.go("/thanks" if holder is not None and holder is visit.order else "/welcome")


async def _offer(visit: Visit, holder: Account | Order) -> None:
    """Offer to confirm the yes that somebody gave for their account or their order."""
    if holder.answer is not None:
        holder.confirmation = await offer_confirmation(
            visit.shop.askfirst,
            holder.phone,
            holder.answer,
            visit.say.language,
            "signup" if isinstance(holder, Account) else "order",
            is_known=visit.known(holder.phone) is not None,
        )


# 3. After an order: `<askfirst-order>` around a question with a yes and a no. Its answer travels
#    with the form; without JavaScript the two buttons send the same form themselves.


@router.get("/order")
async def order_page(visit: Here) -> Response:
    """Show what there is to buy."""
    return visit.page("order.html", prices=PRICES, typed={}, wrong={}, country=chosen({}))


@router.post("/order")
async def place_order(visit: Here) -> Response:
    """Take an order; customers need no account for it."""
    form = await visit.form()
    name, phone = form.get("name", "").strip(), read_number(form)
    lines = {product: _count(form.get(product, "")) for product in PRICES}
    lines = {product: count for product, count in lines.items() if count}
    if not (name and phone and lines):
        wrong = {"name": not name, "phone": not phone, "goods": not lines}
        return visit.page(
            "order.html",
            _UNPROCESSABLE,
            prices=PRICES,
            typed=form,
            wrong=wrong,
            country=chosen(form),
        )
    order = visit.shop.orders.place(name, phone, lines, PRICES)
    visit.session["order"] = order.id
    return visit.go("/thanks")


@router.get("/thanks")
async def thanks_page(visit: Here, ask: str = "order") -> Response:
    """Ask about this order only, or, where the customer wishes so, about all that are to come."""
    if visit.order is None:
        return visit.go("/order")
    if visit.order.question == pickup.KEY:
        return visit.go("/pickup?done=1")
    key = "orders" if ask == "orders" else "order"
    state = await state_of(visit.shop.askfirst, visit.order.confirmation)
    words, reason = await _said_of_order(visit, visit.order)
    question = None if words else await visit.ask(key)
    return visit.page(
        "thanks.html",
        order=visit.order,
        key=key,
        question=question,
        words=words,
        reason=reason,
        state=state,
    )


@router.post("/thanks")
async def answer_about_order(visit: Here) -> Response:
    """Record the yes or no. The order's reference is evidence of what "this order" means."""
    form, order = await visit.form(), visit.order
    if order is None:
        return visit.go("/order")
    key = "orders" if "askfirst_orders" in form else "order"
    order.answer = await record_answer(
        visit.shop.askfirst,
        key,
        form,
        order.phone,
        is_proven=visit.known(order.phone) is not None,
        order=order.id,
        page="/thanks",
    )
    order.question = key
    await _offer(visit, order)
    return visit.go("/thanks")


async def _said_of_order(visit: Visit, order: Order) -> tuple[str, str]:
    """Find words for what became of the answer, and what is in the way of a holder's yes."""
    if order.answer is None or order.answer.kind not in (GRANTED, REFUSED):
        return "", ""
    words = f"thanks.{order.question}_{order.answer.kind}"
    if order.answer.kind == REFUSED:
        return words, ""
    noted = f"thanks.{order.question}_noted"
    if not visit.known(order.phone):
        return noted, ""
    reason = await may_send(visit, order.phone, order.answer.purposes[0])
    return (noted, reason) if reason else (words, "")


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

TEMPLATES = {"offer": "summer_offer", "update": "order_update"}
"""What the shop sends. Each template is approved in every language that the shop speaks."""
_CODES = {"en": "en_US"}
"""How Meta calls a language, where it does not call it as the shop does."""
_NO_ORDER = "CL-1000"
"""Stands for an order in the message of somebody who has not ordered anything yet."""


async def send(visit: Visit, phone: str, what: str) -> Answer:
    """Send a template in the customer's language; gives the verdict, and the reason of a no."""
    language = {"code": _CODES.get(visit.say.language, visit.say.language)}
    template: dict[str, Any] = {"name": TEMPLATES[what], "language": language}
    if what == "update":
        newest = visit.shop.orders.newest(phone)
        parameters = [{"type": "text", "text": newest.id if newest else _NO_ORDER}]
        template["components"] = [{"type": "body", "parameters": parameters}]
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


OFFERS = 12


async def send_campaign(visit: Visit, phone: str) -> Answer:
    """Send one offer after the other; gives how many left, and each reason with its count."""
    sent = [await send(visit, phone, "offer") for _ in range(OFFERS)]
    stopped = Counter(one["reason"] for one in sent if one["reason"])
    details = {one["reason"]: one["details"] for one in sent}
    next_one = await _next_place(visit, phone)
    return {
        "left": OFFERS - sum(stopped.values()),
        "stopped": [
            {"reason": reason, "count": count, "details": details[reason]}
            for reason, count in stopped.most_common()
        ],
        **next_one,
    }


async def _next_place(visit: Visit, phone: str) -> Answer:
    """Ask when the next offer may leave, where only time is in its way."""
    body = {"sender": visit.shop.sender, "to": phone, "purpose": "marketing"}
    try:
        decision = await visit.shop.askfirst.call("POST", "/v1/check", body)
    except (Refused, Away):
        return {"until": ""}
    if decision["verdict"] != "wait":
        return {"until": ""}
    moment = datetime.fromisoformat(decision["retry_at"])
    return {"until": moment.strftime("%Y-%m-%d %H:%M UTC"), "why": decision["reasons"][0]["code"]}


async def may_send(visit: Visit, phone: str, purpose: str) -> str:
    """Ask what would become of a message; gives the reason of a no, empty for a yes.

    What has to wait may be sent, at another time. Only the number's holder is told.
    """
    body = {"sender": visit.shop.sender, "to": phone, "purpose": purpose}
    try:
        decision = await visit.shop.askfirst.call("POST", "/v1/check", body)
    except (Refused, Away):
        return "away"
    return "" if decision["verdict"] in ("allow", "wait") else str(decision["reasons"][0]["code"])


@router.get("/account")
async def account_page(visit: Here) -> Response:
    """Show what holds, and what the customer can do about messages."""
    return await _account(visit) if visit.account else visit.go("/login")


@router.post("/account/send")
async def try_sending(visit: Here) -> Response:
    """Try to send an offer, or news about an order: to a number that is known to be theirs."""
    form, account = await visit.form(), visit.account
    if account is None or not account.is_proven or form.get("what") not in TEMPLATES:
        return visit.go("/login")
    account.sent = await send(visit, account.phone, form["what"])
    return visit.go("/account#sent")


@router.post("/account/campaign")
async def try_campaign(visit: Here) -> Response:
    """Try to send twelve offers at once: to a number that is known to be theirs."""
    account = visit.account
    if account is None or not account.is_proven:
        return visit.go("/login")
    account.campaign = await send_campaign(visit, account.phone)
    return visit.go("/account#campaign")


async def _account(visit: Visit, status: int = _OK, *, is_unasked: bool = False) -> Response:
    account = visit.account
    holds = {}
    if account and account.is_proven:
        for name, purpose in (("offers", "marketing"), ("updates", "utility")):
            holds[name] = await may_send(visit, account.phone, purpose)
    confirmation = account.confirmation if account else None
    state = await state_of(visit.shop.askfirst, confirmation)
    sent = None
    if account:  # what became of a message is told once: it may be otherwise a moment later
        sent, account.sent = account.sent, None
    return visit.page(
        "account.html", status, holds=holds, state=state, sent=sent, is_unasked=is_unasked
    )


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
        return await _account(visit, _NOT_FOUND, is_unasked=True)
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
    app.include_router(counter.router)
    app.include_router(pickup.router)
    app.mount("/static", StaticFiles(directory=HERE / "static", follow_symlink=True))
    app.add_api_route("/{path:path}", missing)
    guard(app, Sessions(secrets.token_bytes(32)), askfirst.url)
    return app


def _templates() -> Environment:
    templates = Environment(
        autoescape=True,
        loader=FileSystemLoader(HERE / "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    templates.filters["written"] = written
    return templates


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--port", type=int, default=8070)
    given = arguments.parse_args()
    connection = Askfirst(os.environ["SHOP_ASKFIRST_URL"], os.environ["SHOP_ASKFIRST_KEY"])
    shop = build_app(connection, os.environ.get("SHOP_PHONE_URL", ""))
    uvicorn.run(shop, port=given.port, log_level="warning")
