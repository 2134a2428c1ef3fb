"""Screenings: a list that is sent, its answers by reason, and the rows of each as a file."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.decision.reason import Reason
from askfirst.domain.bulk.import_settings import Role
from askfirst.domain.bulk.screen_job import UNREAD, ScreenJob, ScreenSettings, ScreenState
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.values.errors import AskfirstError, InvalidInput, UnknownReference
from askfirst.domain.values.ids import Prefix, parse_id, parse_node_id
from askfirst.usecases.bulk.screens.screen_files import rows_of_answer
from askfirst.usecases.bulk.screens.start_screen import (
    begin_screen,
    give_up_screen,
    list_screens,
    parse_screen_id,
    read_screen,
    receive_list,
)
from askfirst.usecases.contacts.countries import home_country, list_countries
from askfirst.usecases.operators.write_down import write_down
from askfirst.usecases.sending.summarize_campaign import permilles
from askfirst.usecases.tenants.manage_templates import list_templates
from askfirst.usecases.tenants.read_senders import list_senders
from askfirst.web.bulk.file_form import FileForm
from askfirst.web.bulk.list_files import csv_answer
from askfirst.web.console.bulk.uploads import read_upload, whole_or_nothing
from askfirst.web.console.bulk.waiting import look_again
from askfirst.web.console.desk import Desk, field_of
from askfirst.web.pages.countries import countries_in
from askfirst.web.problems import NotFound

_PAGE: Final = 25
_TEMPLATES_MAX: Final = 500
_PURPOSE, _TEMPLATE = "purpose", "template"


async def show_screens(desk: Desk) -> Response:
    """What was screened this week, and the form for one more list."""
    return await _screens(desk)


async def take_list(desk: Desk) -> Response:
    """Take a list in and have it screened; where that fails, nothing of it stays."""
    try:
        form = await read_upload(desk)
        job = await begin_screen(desk.services, desk.business_id, _settings(form))
    except InvalidInput as error:
        return await _screens(desk, error)
    await write_down(desk.services, desk.actor, AuditAct.LIST_SCREENED, about=job.screen_id)
    give_up = partial(give_up_screen, desk.services, desk.business_id, job.screen_id)
    try:
        async with whole_or_nothing(give_up):
            await receive_list(desk.services, job, form.content)
    except InvalidInput as error:
        return await _screens(desk, error)
    return desk.see(f"/screens/{job.screen_id}")


async def show_screen(desk: Desk) -> Response:
    """How many rows have which answer: their parts are 100 %."""
    job = await _find(desk)
    shares = permilles([one.rows for one in job.counts])
    waiting = look_again(desk)
    answer = desk.page(
        "bulk/screen.html",
        job=job,
        counts=list(zip(job.counts, shares, strict=True)),
        reasons={one.reason: Reason(one.reason) for one in job.counts if one.verdict != UNREAD},
        is_still=waiting.is_still,
    )
    is_at_work = job.state in (ScreenState.RECEIVING, ScreenState.SCREENING)
    return waiting.at(answer) if is_at_work else answer


async def take_rows(desk: Desk) -> Response:
    """Give the rows of one answer away: by a form, since the log keeps who took them."""
    form = await desk.form()
    job = await _find(desk)
    verdict, reason = field_of(form, "verdict"), field_of(form, "reason")
    parts = rows_of_answer(desk.services, job, verdict, reason)
    try:
        first = await anext(parts)  # where there are none, it is said before a byte is sent
    except UnknownReference as error:
        raise NotFound("no row of the list has this answer") from error
    about = f"{job.screen_id}/{verdict}/{reason}"
    await write_down(desk.services, desk.actor, AuditAct.SCREEN_ROWS_TAKEN, about=about)
    return csv_answer(f"{job.screen_id}-{reason}", first, parts)


async def take_screen_end(desk: Desk) -> Response:
    """Forget a screening with its list and its answers."""
    await desk.form()
    job = await _find(desk)
    await write_down(desk.services, desk.actor, AuditAct.SCREEN_GIVEN_UP, about=job.screen_id)
    await give_up_screen(desk.services, desk.business_id, job.screen_id)
    return desk.see("/screens", "screen_given_up")


def _settings(form: FileForm) -> ScreenSettings:
    """Read what is asked of each person: a purpose, or a template in one of its languages."""
    kind, _, name = form.fields.get("about", "").partition(":")
    language, _, template = name.partition(":") if kind == _TEMPLATE else ("", "", "")
    sender, column = form.fields.get("sender", ""), form.fields.get("phone_column", "").strip()
    return ScreenSettings(
        sender=parse_node_id(sender, "sender") if sender else "",
        purpose=name if kind == _PURPOSE else "",
        template=template,
        language=language,
        country=form.fields.get("country", ""),
        sheet=form.fields.get("sheet", "").strip(),
        columns=((column, Role.PHONE),) if column else (),
    )


async def _find(desk: Desk) -> ScreenJob:
    try:
        screen_id = parse_screen_id(desk.request.path_params["screen"])
        return await read_screen(desk.services, desk.business_id, screen_id)
    except (UnknownReference, InvalidInput) as error:
        raise NotFound("no screening of this id is here") from error


async def _screens(desk: Desk, error: AskfirstError | None = None) -> Response:
    after = desk.request.query_params.get("after", "")
    if after:
        parse_id(Prefix.SCREEN, after, "after")
    found = await list_screens(desk.services, desk.business_id, after, _PAGE)
    templates = await list_templates(desk.services, desk.business_id, "", _TEMPLATES_MAX)
    home = await home_country(desk.services, desk.business_id)
    return desk.page(
        "bulk/screens.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        found=found,
        more=found[-1].screen_id if len(found) == _PAGE else "",
        purposes=desk.purpose_choices,
        templates=[one.template for one in templates],
        senders=await list_senders(desk.services, desk.business_id),
        countries=countries_in(desk.reader.locale, list_countries(desk.services), home),
        error=error,
    )
