"""A quick order with a notice: news about it comes on WhatsApp, and the shop asks nothing.

The notice stands in the form, above the button that places the order. Beside it is a button that
says no; it is a plain submit, so it works without JavaScript. With the order goes the notice's
token: it proves which words were shown.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from asking import Outcome, record_answer
from phone_numbers import chosen, read_number
from visit import Here, Visit

router = APIRouter()
PAGES = ("/pickup",)
PRICES = {"croissants": 1200}
KEY = "orders_notice"
_ANSWER, _TOKEN = f"askfirst_{KEY}", f"askfirst_{KEY}_token"
_UNPROCESSABLE = 422


@router.get("/pickup")
async def pickup_page(visit: Here) -> Response:
    """Show the form, with a fresh notice; or the order that was just placed."""
    order = visit.order
    if "done" in visit.request.query_params and order and order.question == KEY:
        return visit.page("pickup.html", order=order, outcome=order.answer)
    return await _form(visit, {})


@router.post("/pickup")
async def order_box(visit: Here) -> Response:
    """Take the order, and record what they were shown; or the no, which alone places no order."""
    form = await visit.form()
    if form.get(_ANSWER) == "refuse":
        return await _form(visit, form, no_messages=form.get(_TOKEN, ""))
    no_messages, phone = form.get("no_messages", ""), read_number(form)
    if not phone:
        return await _form(visit, form, no_messages=no_messages, is_wrong=True)
    order = visit.shop.orders.place("", phone, {"croissants": 1}, PRICES)
    order.question, order.answer = KEY, await _record(visit, form, phone, order.id)
    visit.session["order"] = order.id
    return visit.go("/pickup?done=1")


async def _record(visit: Visit, form: dict[str, str], phone: str, order: str) -> Outcome:
    """Say that the notice was shown. A page that showed none has no token, and says nothing."""
    no_messages, token = form.get("no_messages", ""), form.get(_TOKEN, "")
    verb = "refuse" if no_messages else "inform" if token else ""
    return await record_answer(
        visit.shop.askfirst,
        KEY,
        {_ANSWER: verb, _TOKEN: no_messages or token},
        phone,
        is_proven=visit.known(phone) is not None,
        order=order,
        page="/pickup",
    )


async def _form(
    visit: Visit, typed: dict[str, str], *, no_messages: str = "", is_wrong: bool = False
) -> Response:
    return visit.page(
        "pickup.html",
        _UNPROCESSABLE if is_wrong else 200,
        order=None,
        notice=None if no_messages else await visit.ask(KEY),
        no_messages=no_messages,
        typed=typed,
        is_wrong=is_wrong,
        country=chosen(typed),
        cents=PRICES["croissants"],
    )
