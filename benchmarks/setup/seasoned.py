"""Templates and opt-in methods that no brake is set on: past askfirst, in plain SQL.

askfirst watches the first 200 messages of what is new for an hour and more, and stops what many
people stop, as they do all the time where stops are raced or measured.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable

import asyncpg

from askfirst.bootstrap.settings import Settings
from askfirst.domain.brakes.subject import BrakeScope, Subject
from askfirst.domain.consent.event import Assurance
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.ids import BusinessId

_SEASON = (
    "INSERT INTO brake_subject (business_id, subject, sends, filled_at, passed_at, judged_from) "
    "VALUES ($1, $2, 200, 0, 0, 4000000000000000)"
)


def season(
    settings: Settings, business_id: BusinessId, templates: Iterable[str], senders: Iterable[str]
) -> None:
    """Let these, and every way to opt in, have had their first messages; judge them in 2096."""
    methods = [
        Subject(BrakeScope.METHOD, f"{surface.value}.{assurance.name.lower()}")
        for surface in Surface
        for assurance in Assurance
    ]
    subjects = [
        *methods,
        *(Subject(BrakeScope.TEMPLATE, name) for name in templates),
        *(Subject(BrakeScope.SENDER, sender) for sender in senders),
    ]
    rows = [(business_id, subject.key) for subject in subjects]
    if settings.sqlite_path is None:
        asyncio.run(_in_postgres(settings.database_url, rows))
        return
    connection = sqlite3.connect(settings.sqlite_path)
    try:
        with connection:
            connection.executemany(_SEASON.replace("$", "?"), rows)
    finally:
        connection.close()


async def _in_postgres(url: str, rows: list[tuple[BusinessId, str]]) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.executemany(_SEASON, rows)
    finally:
        await connection.close()
