"""A file that an operator sends: the form is looked at before a byte of the file is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from askfirst.domain.bulk.import_settings import NAME_MAX
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.web.asgi import know_caller
from askfirst.web.bulk.file_form import FileForm, read_file_form
from askfirst.web.console.desk import Desk, check_token


async def read_upload(desk: Desk) -> FileForm:
    """Read the form of a file, which is of this session.

    Raises:
        NotPermitted: it carries no token of this session.
        InvalidInput: it brings no file, or can be read in two ways.
    """
    know_caller(desk.request.scope)
    if not desk.request.headers.get("content-type", "").startswith("multipart/form-data"):
        await desk.form()
        raise InvalidInput("file", "must be chosen")
    form = await read_file_form(desk.request)
    check_token(form.fields, desk.secret)
    return form


@asynccontextmanager
async def whole_or_nothing(give_up: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Receive a file in the block; where that fails, nothing of it stays."""
    try:
        yield
    except Exception:
        with suppress(UnknownReference):
            await give_up()
        raise


def name_of(form: FileForm) -> str:
    """Return what the operator calls the file, without folders."""
    return form.filename.replace("\\", "/").rpartition("/")[2][-NAME_MAX:]
