"""Imports: the list of them, and a new one that begins with its file."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.domain.bulk.import_settings import ImportMode, ImportSettings
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Prefix, parse_id
from askfirst.usecases.bulk.imports.receive_import import (
    begin_import,
    give_up_import,
    list_imports,
    receive_file,
)
from askfirst.usecases.contacts.countries import home_country, list_countries
from askfirst.usecases.operators.write_down import write_down
from askfirst.web.bulk.file_form import FileForm
from askfirst.web.console.bulk.uploads import name_of, read_upload, whole_or_nothing
from askfirst.web.console.desk import Desk
from askfirst.web.pages.countries import countries_in

_PAGE: Final = 25


async def show_imports(desk: Desk) -> Response:
    """What was imported, and the forms for one more file."""
    return await _imports(desk)


async def take_import(desk: Desk) -> Response:
    """Take a file in and have it read; where that fails, nothing of it stays."""
    try:
        form = await read_upload(desk)
        job = await begin_import(desk.services, desk.business_id, _settings(form))
    except InvalidInput as error:
        return await _imports(desk, error)
    await write_down(desk.services, desk.actor, AuditAct.IMPORT_SENT, about=job.import_id)
    give_up = partial(give_up_import, desk.services, desk.business_id, job.import_id)
    try:
        async with whole_or_nothing(give_up):
            await receive_file(desk.services, job, form.content)
    except InvalidInput as error:
        return await _imports(desk, error)
    return desk.see(f"/imports/{job.import_id}")


def _settings(form: FileForm) -> ImportSettings:
    try:
        mode = ImportMode(form.fields.get("mode", ""))
    except ValueError as error:
        raise InvalidInput("mode", "must be one of " + ", ".join(ImportMode)) from error
    return ImportSettings(
        mode=mode,
        purpose=form.fields.get("purpose", ""),
        name=name_of(form),
        country=form.fields.get("country", ""),
    )


async def _imports(desk: Desk, error: InvalidInput | None = None) -> Response:
    after = desk.request.query_params.get("after", "")
    if after:
        parse_id(Prefix.IMPORT, after, "after")
    found = await list_imports(desk.services, desk.business_id, after, _PAGE)
    home = await home_country(desk.services, desk.business_id)
    return desk.page(
        "bulk/imports.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        found=found,
        more=found[-1].import_id if len(found) == _PAGE else "",
        purposes=desk.purpose_choices,
        countries=countries_in(desk.reader.locale, list_countries(desk.services), home),
        error=error,
    )
