"""How one file is to be read: what an operator said, and what was found by itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.values.country import check_country_code
from askfirst.domain.values.errors import InvalidInput

NAME_MAX: Final = 200
COLUMNS_MAX: Final = 1000


class ImportMode(StrEnum):
    """What the rows are: people with their answers, or people who want nothing."""

    CONTACTS = "contacts"
    SUPPRESSION = "suppression"


class Role(StrEnum):
    """What a column holds. `none`: it is not read."""

    PHONE = "phone"
    WA_ID = "wa_id"
    BSUID = "bsuid"
    COUNTRY = "country"
    CALLING_CODE = "calling_code"
    STATE = "state"
    CHANNEL = "channel"
    SAID_AT = "said_at"
    STOPPED_AT = "stopped_at"
    ENDS_AT = "ends_at"
    WORDING = "wording"
    METHOD = "method"
    COLLECTED_BY = "collected_by"
    LOCALE = "locale"
    SCOPE = "scope"
    NOTE = "note"
    NONE = "none"


SEVERAL: Final = frozenset({Role.PHONE, Role.NONE})
"""Roles that more than one column may have; of phones, the first that is filled counts."""


class DateOrder(StrEnum):
    """What 03/04/2025 means. `unsure`: a yes counts from the earlier, a no from the later."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSettings:
    """What was said about a file. What is empty is found, or asked.

    `purpose` is what a yes is for; stops of a suppression list end everything where it is empty.
    `columns` are the names of columns with what each holds. `everybody` is the operator's word in
    place of a column of answers: all said yes, or (False) nobody was asked. `only` are the values
    of the channel column that are about WhatsApp.
    """

    mode: ImportMode = ImportMode.CONTACTS
    purpose: str = ""
    name: str = ""
    preset: str = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    country: str = ""
    time_zone: str = ""
    date_order: DateOrder | None = None
    everybody: bool | None = None
    columns: tuple[tuple[str, Role], ...] = ()
    only: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.mode is ImportMode.CONTACTS and not self.purpose:
            raise InvalidInput("purpose", "must say what the yeses are for, such as marketing")
        if self.country:
            check_country_code(self.country, "country")
        if len(self.name) > NAME_MAX or len(self.columns) > COLUMNS_MAX:
            raise InvalidInput("columns", f"must be {COLUMNS_MAX} at most")
        once = [role for _, role in self.columns if role not in SEVERAL]
        twice = next((role for role in once if once.count(role) > 1), None)
        if twice:
            raise InvalidInput("columns", f"must name one column for {twice.value}, not several")


class QuestionCode(StrEnum):
    """What has to be known of a file before its rows can be read."""

    SHEET = "sheet"
    PHONE = "phone"
    STATE = "state"
    CHANNEL = "channel"
    COLUMNS = "columns"
    DATE_ORDER = "date_order"
    TIME_ZONE = "time_zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportQuestion:
    """One question about the file, with what can be answered, and what it is about."""

    code: QuestionCode
    about: str
    choices: tuple[str, ...] = ()
