"""Entry points: links and QR codes with which customers start the chat, and how many came."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final, NamedTuple

from markupsafe import Markup
from starlette.responses import Response

from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.values.errors import AskfirstError, Conflict, InvalidInput, UnknownReference
from askfirst.domain.values.ids import Prefix, parse_id
from askfirst.usecases.entry_points.manage_entries import (
    EntryOrder,
    end_entry,
    find_entry,
    link_of,
    list_entries,
    make_entry,
    page_of,
)
from askfirst.usecases.operators.write_down import write_down
from askfirst.usecases.tenants.read_senders import list_senders
from askfirst.web.console.desk import Desk
from askfirst.web.pages.qr import qr_markup
from askfirst.web.pages.reader import language_names
from askfirst.web.problems import NotFound

_PAGE: Final = 12


class ShownEntry(NamedTuple):
    """An entry with its link and code; both empty where its sender is gone or it has ended."""

    entry: EntryPoint
    link: str
    picture: Markup
    page: str


async def show_entries(desk: Desk) -> Response:
    """Every entry, and the form for one more."""
    return await _entries(desk)


async def take_entry(desk: Desk) -> Response:
    """Make an entry."""
    form = await desk.form()
    order = EntryOrder(
        business_id=desk.business_id,
        name=form.get("name", "").strip(),
        words=form.get("words", "").strip(),
        locale=form.get("locale", ""),
    )
    await write_down(desk.services, desk.actor, AuditAct.ENTRY_MADE)
    try:
        await make_entry(desk.services, order)
    except (Conflict, InvalidInput) as error:
        return await _entries(desk, error, order)
    return desk.see("/entry-points", "entry_made")


async def take_entry_end(desk: Desk) -> Response:
    """End an entry: who comes by it later is asked nothing."""
    await desk.form()
    try:
        entry_id = parse_id(Prefix.ENTRY, desk.request.path_params["entry"], "entry")
    except InvalidInput as error:
        raise NotFound("no entry point of this id is here") from error
    if await find_entry(desk.services, desk.business_id, entry_id) is None:
        raise NotFound("no entry point of this id is here")
    await write_down(desk.services, desk.actor, AuditAct.ENTRY_ENDED, about=entry_id)
    await end_entry(desk.services, desk.business_id, entry_id)
    return desk.see("/entry-points", "entry_ended")


async def _entries(
    desk: Desk, error: AskfirstError | None = None, order: EntryOrder | None = None
) -> Response:
    after = desk.request.query_params.get("after", "")
    if after:
        parse_id(Prefix.ENTRY, after, "after")
    found = await list_entries(desk.services, desk.business_id, after, _PAGE)
    return desk.page(
        "entries.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        entries=[await _shown(desk, entry) for entry in found],
        more=found[-1].entry_id if len(found) == _PAGE else "",
        senders=await list_senders(desk.services, desk.business_id),
        languages=language_names(),
        language=order.locale if order else desk.profile.locale,
        order=order,
        error=error,
    )


async def _shown(desk: Desk, entry: EntryPoint) -> ShownEntry:
    if entry.ended_at is not None:
        return ShownEntry(entry, "", Markup(""), "")
    try:
        link = await link_of(desk.services, entry)
    except UnknownReference:
        return ShownEntry(entry, "", Markup(""), "")
    title = desk.words.plain("entries.code", name=entry.name)
    return ShownEntry(entry, link, qr_markup(link, title=title), page_of(desk.services, entry))
