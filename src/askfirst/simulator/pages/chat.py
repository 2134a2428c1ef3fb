"""What a phone shows: its chats, and the lines of one, cut into days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, groupby

from babel.dates import format_date

from askfirst.simulator.pages.markup import plain
from askfirst.simulator.pages.words import Words, words_in
from askfirst.simulator.state.state import BusinessNumber, CopyCode, Letter, Link, Phone, Said, Sms

_OK = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a chat: theirs, own, or a quiet note in between.

    `buttons` can be tapped. `fate` is what became of an own line.
    """

    line_id: str
    at: float
    text: str
    kind: str = "theirs"
    header: str = ""
    footer: str = ""
    note: str = ""
    message_id: str = ""
    buttons: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    copy_code: CopyCode | None = None
    is_expired: bool = False
    language: str = ""

    @property
    def time(self) -> str:
        """The time of day, where the simulator runs."""
        return _time(self.at)

    @property
    def iso(self) -> str:
        """The time, for machines."""
        return _moment(self.at).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Day:
    """The lines of one day, under its name."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One entry of the list of chats. `digits` are the business's number, if it is one."""

    name: str
    address: str
    digits: str
    last: str
    time: str
    unread: int
    is_open: bool


def with_business(
    phone: Phone, business: BusinessNumber, language: str, now: float
) -> tuple[Day, ...]:
    """Return the chat with a business."""
    number_id, words = business.phone_number_id, words_in(language)
    lines = [_letter(letter, words, now) for letter in phone.inbox if _is_of(letter, number_id)]
    lines += [_said(said, words, n) for n, said in enumerate(phone.said) if _is_of(said, number_id)]
    return _days(lines, language, now)


def with_sms(phone: Phone, language: str, now: float) -> tuple[Day, ...]:
    """Return the text messages."""
    return _days(map(_sms, phone.sms), language, now)


def chats_of(
    phone: Phone, businesses: Iterable[BusinessNumber], opened: str, language: str
) -> list[Chat]:
    """List the chats of a phone; `opened` is the id of the one shown, "sms" for text messages."""
    address, words = f"/inbox/{phone.wa_id}", words_in(language)
    chats = []
    for business in businesses:
        number_id = business.phone_number_id
        at, text = _newest_with(phone, number_id)
        chats.append(
            Chat(
                name=business.name,
                address=f"{address}?to={number_id}",
                digits=business.digits,
                last=text,
                time=_time(at),
                unread=sum(1 for sender in phone.unread.values() if sender == number_id),
                is_open=opened == number_id,
            )
        )
    at, text = _newest((sms.received_at, sms.text) for sms in phone.sms)
    sms_chat = Chat(
        name=words.sms,
        address=f"{address}/sms",
        digits="",
        last=text,
        time=_time(at),
        unread=0,
        is_open=opened == "sms",
    )
    return [*chats, sms_chat]


def _newest_with(phone: Phone, number_id: str) -> tuple[float, str]:
    letters = (letter for letter in phone.inbox if _is_of(letter, number_id))
    said = (said for said in phone.said if said.text and _is_of(said, number_id))
    theirs = ((letter.received_at, letter.text or f"[{letter.type}]") for letter in letters)
    return _newest(chain(theirs, ((one.at, one.text) for one in said)))


def _newest(entries: Iterable[tuple[float, str]]) -> tuple[float, str]:
    at, text = max(entries, default=(0.0, ""), key=lambda entry: entry[0])
    return at, plain(text)


def _time(at: float) -> str:
    return _moment(at).strftime("%H:%M") if at else ""


def _is_of(entry: Letter | Said, phone_number_id: str) -> bool:
    return entry.phone_number_id == phone_number_id


def _letter(letter: Letter, words: Words, now: float) -> Line:
    code = letter.copy_code
    return Line(
        line_id=letter.message_id,
        at=letter.received_at,
        text=letter.text or f"[{letter.type}]",
        header=letter.header,
        footer=letter.footer,
        note=words.template.format(name=letter.template) if letter.template else "",
        message_id=letter.message_id,
        buttons=tuple(button.title for button in letter.buttons),
        links=letter.links,
        copy_code=code,
        is_expired=code is not None and now >= code.expires_at,
        language=letter.language.replace("_", "-"),
    )


def _said(said: Said, words: Words, place: int) -> Line:
    notes = {
        "stop": words.you_stopped,
        "resume": words.you_resumed,
        "signup": words.you_signed_up,
        "block": words.you_blocked,
        "unblock": words.you_unblocked,
    }
    is_private = said.act in ("block", "unblock")
    return Line(
        line_id=f"own-{place}",
        at=said.at,
        text=notes.get(said.act, said.text),
        kind="quiet" if said.act else "own",
        note="" if is_private else _fate(said.status, words),
    )


def _sms(sms: Sms) -> Line:
    return Line(line_id=sms.sms_id, at=sms.received_at, text=sms.text)


def _fate(status: int, words: Words) -> str:
    if status in _OK:
        return words.delivered
    return words.not_taken.format(code=status) if status else words.nobody_listens


def _days(lines: Iterable[Line], language: str, now: float) -> tuple[Day, ...]:
    in_order = sorted(lines, key=lambda line: line.at)
    by_day = groupby(in_order, key=lambda line: _moment(line.at).date())
    today = _moment(now).date()
    return tuple(Day(_day_name(day, today, language), tuple(group)) for day, group in by_day)


def _day_name(day: date, today: date, language: str) -> str:
    words = words_in(language)
    near = {today: words.today, today - timedelta(days=1): words.yesterday}
    return near.get(day) or format_date(day, "full", locale=language)


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone()
