"""Log in without a password: askfirst sends a code, checks it, and limits who can ask for how many.

Choosing WhatsApp for the code is the yes to codes on WhatsApp, and to nothing else; askfirst
records it. With JavaScript, `<askfirst-code>` leads through on one page and sends JSON; without,
the same forms lead from page to page. Both come in at the same three addresses.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from accounts import Login
from askfirst_client import Answer, Away, Refused
from asking import GRANTED, record_answer
from confirming import offer_confirmation
from phone_numbers import chosen, read_number
from visit import Here, Visit

router = APIRouter()
PAGES = ("/login", "/login/message", "/login/code")
INBOUND = "whatsapp_inbound"
WAYS = ("grant", "refuse")
"""What the two buttons of the question say: WhatsApp, or another way. Which one that is, askfirst
says: SMS, or a message to us where the policy has it so. SMS comes where WhatsApp fails, too."""
_REMINDERS = {INBOUND: "login.message_ready", "sms": "login.sms"}
_NOT_FOUND, _CONFLICT, _UNPROCESSABLE, _TOO_MANY, _UNAVAILABLE = 404, 409, 422, 429, 503


@router.get("/login")
async def login_page(visit: Here) -> Response:
    """Ask for the number, how the code shall come, and, apart from that, about messages."""
    return await _number_page(visit, {})


@router.get("/login/message")
async def message_page(visit: Here) -> Response:
    """The other way round: the visitor sends a message. It works when codes do not."""
    return visit.page("login_message.html", wrong="", phone="", country=chosen({}))


@router.post("/login/code")
async def request_code(visit: Here) -> Response:
    """Ask askfirst for a code. It answers alike whether or not it knows the number; so do we."""
    form = await visit.form()
    phone, way = read_number(form), form.get("askfirst_code", "")
    if not phone:
        return await _refuse(visit, form, "shop.number_wrong")
    is_message = form.get("channel") == INBOUND
    if way not in WAYS and not is_message:
        return await _choice_page(visit, form)
    wish: Answer = {"to": phone, "locale": visit.say.language, "purpose": "login"}
    if is_message:
        wish["channel"] = INBOUND
    elif way == "grant":
        # The token proves that they chose WhatsApp: with it askfirst tries that first.
        wish["prompt"] = {"token": form.get("askfirst_code_token", "")}
    try:
        code = await visit.shop.askfirst.call("POST", "/v1/codes", wish)
    except Refused as refusal:
        return await _refuse(visit, form, _words_for(refusal))
    except Away:
        return await _refuse(visit, form, "shop.failed", _UNAVAILABLE)
    box = {name: text for name, text in form.items() if name.startswith("askfirst_login")}
    code = _reminding(visit, code)
    _keep(visit, Login(phone, code, box))
    return JSONResponse(_told(code)) if visit.is_script else visit.go("/login/code")


@router.get("/login/code")
async def code_page(visit: Here) -> Response:
    """Remind of where the code is, and take it. Only without JavaScript one comes here."""
    pending = _waiting(visit)
    if pending is None:
        return visit.go("/login")
    return _code_page(visit, pending)


@router.post("/login/check")
async def check_code(visit: Here) -> Response:
    """Let askfirst judge what was typed. Approved, the number is proven, and they are in."""
    form, pending = await visit.form(), _waiting(visit)
    if pending is None:
        return JSONResponse({"result": "expired"}) if visit.is_script else visit.go("/login")
    try:
        checked = await _check(visit, pending, form.get("code", ""))
    except (Refused, Away) as trouble:
        return _tell(visit, pending, trouble)
    if checked["result"] == "approved":
        await _enter(visit, pending)
    if visit.is_script:
        return JSONResponse(checked)
    if checked["result"] == "approved":
        return visit.go("/account")
    result = checked["result"]
    is_over = pending.is_inbound and result != "waiting"
    key = "over" if is_over else "message_waiting" if pending.is_inbound else result
    words = visit.say(f"login.{key}").replace("{tries}", str(checked.get("tries_left", 0)))
    return _code_page(visit, pending, words, _UNPROCESSABLE, is_over=is_over)


@router.post("/login/resend")
async def resend_code(visit: Here) -> Response:
    """Ask for another code for the same log-in. The one before is no longer good."""
    pending = _waiting(visit)
    if pending is None:
        return await _refuse(visit, {}, "login.expired")
    try:
        path = f"/v1/codes/{pending.code['id']}/resend"
        code = await visit.shop.askfirst.call("POST", path)
    except (Refused, Away) as trouble:
        return _tell(visit, pending, trouble)
    code = _reminding(visit, code)
    _keep(visit, Login(pending.phone, code, pending.box))
    return JSONResponse(_told(code)) if visit.is_script else visit.go("/login/code")


@router.post("/logout")
async def log_out(visit: Here) -> Response:
    """End the session; the language stays."""
    for name in ("account", "order", "code"):
        visit.session.pop(name, None)
    return visit.go("/")


def _waiting(visit: Visit) -> Login | None:
    return visit.shop.logins.find(visit.session.get("code", ""))


def _keep(visit: Visit, login: Login) -> None:
    visit.shop.logins.keep(login)
    visit.session["code"] = login.code["id"]


async def _check(visit: Visit, pending: Login, typed: str) -> Answer:
    path = f"/v1/codes/{pending.code['id']}"
    if pending.is_inbound:
        state = (await visit.shop.askfirst.call("GET", path))["state"]
        return {"result": state if state in ("waiting", "approved") else "expired"}
    answer = {"code": typed, "purpose": "login", "to": pending.phone}
    checked = await visit.shop.askfirst.call("POST", f"{path}/check", answer)
    return {"result": checked["result"], "tries_left": checked["tries_left"]}


def _reminding(visit: Visit, code: Answer) -> Answer:
    """Say where the code is, or what to do; askfirst has words for WhatsApp only."""
    key = _REMINDERS.get(code["channel"])
    return {**code, "reminder": visit.say(key)} if key else code


async def _enter(visit: Visit, pending: Login) -> None:
    """Log in. Only now the box about messages counts: before, the number was anybody's."""
    answer = await record_answer(
        visit.shop.askfirst, "login", pending.box, pending.phone, is_proven=True, page="/login"
    )
    account = visit.shop.accounts.of_holder(pending.phone, visit.account)
    if answer.kind == GRANTED:
        account.answer = answer
        account.confirmation = await offer_confirmation(
            visit.shop.askfirst, account.phone, answer, visit.say.language, "login", is_known=True
        )
    visit.shop.logins.end(visit.session.pop("code"))
    visit.session["account"] = account.id


def _told(code: Answer) -> Answer:
    """Tell the element what it shows, and no more."""
    names = ("id", "masked", "channel", "expires_at", "resend_at", "reminder", "open_url")
    return {name: code[name] for name in names} | {"qr_url": code["qr"]}


def _words_for(refusal: Refused) -> str:
    """Find words for why askfirst says no. A limit names itself in `policy`."""
    if refusal.status == _TOO_MANY:
        capped = refusal.content.get("policy") == "failed_checks"
        return "login.no_checks" if capped else "login.too_many"
    return "shop.number_wrong" if "to" in refusal.fields else "shop.failed"


def _tell(visit: Visit, pending: Login, trouble: Refused | Away) -> Response:
    """Say what is in the way of a log-in that has begun."""
    name, status = "shop.failed", _UNAVAILABLE
    if isinstance(trouble, Refused):
        is_ended = trouble.status in (_NOT_FOUND, _CONFLICT)
        name, status = "login.ended" if is_ended else _words_for(trouble), trouble.status
    words = visit.say(name)
    if visit.is_script:
        return JSONResponse({"detail": words}, status)
    return _code_page(visit, pending, words, status)


def _code_page(
    visit: Visit, pending: Login, wrong: str = "", status: int = 200, *, is_over: bool = False
) -> Response:
    """Show where the code is, and take it. `is_over`: no message came, and none is waited for."""
    return visit.page("login_code.html", status, code=pending.code, wrong=wrong, is_over=is_over)


async def _number_page(
    visit: Visit, form: dict[str, str], wrong: str = "", status: int = 200
) -> Response:
    """Show the form, with what was typed and ticked where something is wrong."""
    question, login = await visit.ask("code"), await visit.ask("login", form)
    return visit.page(
        "login.html",
        status,
        question=question,
        login=login,
        wrong=wrong,
        phone=form.get("phone", ""),
        country=chosen(form),
    )


async def _choice_page(visit: Visit, form: dict[str, str]) -> Response:
    """Somebody pressed Enter instead of choosing a way: that is no choice, so ask once more."""
    kept = {name: text for name, text in form.items() if name.startswith("askfirst_login")}
    question = await visit.ask("code")
    return visit.page("login_choice.html", question=question, kept=kept, phone=read_number(form))


async def _refuse(
    visit: Visit, form: dict[str, str], words: str, status: int = _UNPROCESSABLE
) -> Response:
    """Say what is wrong, to the element or on the page that the form came from."""
    text = visit.say(words, example=visit.example(form))
    is_number = words == "shop.number_wrong"
    if visit.is_script:
        errors = [{"field": "phone", "message": text}] if is_number else []
        return JSONResponse({"detail": text, "errors": errors}, status)
    if form.get("channel") == INBOUND:
        phone = form.get("phone", "")
        return visit.page(
            "login_message.html", status, wrong=words, phone=phone, country=chosen(form)
        )
    return await _number_page(visit, form, words, status)
