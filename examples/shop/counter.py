"""At the counter: what the shop's own people ask, on the phone and on paper.

A yes that somebody else types in needs a witness: who took it, and with which script or form.
askfirst refuses it otherwise. A page like this belongs behind the log-in of your staff.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from asking import FAILED, GRANTED, Outcome, record_answer
from phone_numbers import chosen, read_number
from visit import Here, Visit

router = APIRouter()
PAGES = ("/counter",)
WITNESS = {"taken_by": "Café Lune, counter", "form": "telephone script 1"}
_UNPROCESSABLE = 422


@router.get("/counter")
async def counter_page(visit: Here) -> Response:
    """Show the question to be read out, and the form to be printed."""
    return await _counter(visit, {})


@router.post("/counter")
async def take_call(visit: Here) -> Response:
    """Record what somebody said on the phone; the token proves what was read out to them."""
    form = await visit.form()
    phone = read_number(form)
    if not phone:
        return await _counter(visit, form, wrong="shop.number_wrong")
    if not form.get("askfirst_phone"):
        return await _counter(visit, form, wrong="counter.no_answer")
    outcome = await record_answer(
        visit.shop.askfirst, "phone", form, phone, is_proven=True, witness=WITNESS, page="/counter"
    )
    wrong = "shop.not_recorded" if outcome.kind == FAILED else ""
    return await _counter(visit, {}, wrong=wrong, outcome=None if wrong else outcome)


async def _counter(
    visit: Visit, form: dict[str, str], *, wrong: str = "", outcome: Outcome | None = None
) -> Response:
    return visit.page(
        "counter.html",
        _UNPROCESSABLE if wrong else 200,
        question=await visit.ask("phone"),
        paper=await visit.ask("paper"),
        typed=form,
        country=chosen(form),
        wrong=wrong,
        outcome=outcome,
        is_yes=bool(outcome and outcome.kind == GRANTED),
    )
