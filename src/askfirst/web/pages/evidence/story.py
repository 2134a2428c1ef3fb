"""A case file as a page shows it: sentences, figures of questions, rows of decisions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from askfirst.decision.decision import Verdict
from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.consent.receipt import STATES, state_of
from askfirst.domain.consent.standing import Answer
from askfirst.domain.prompts.catalogue import Vocabulary
from askfirst.domain.prompts.prompt import PromptKind, PromptVersion, Surface
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant, to_datetime
from askfirst.usecases.consent.evidence.case_file import CaseFile, PurposeStanding
from askfirst.usecases.consent.evidence.event_sheet import EventSheet, EvidenceState
from askfirst.usecases.sending.decisions.decision_sheet import DecisionSheet
from askfirst.web.pages.evidence.record import receipt_name
from askfirst.web.pages.reader import Reader, html_dir, html_lang, written_day
from askfirst.web.pages.request_context import purposes_in, where_in
from askfirst.web.words import SOURCE_LOCALE

_FIGURES: Final[Mapping[Surface, str]] = {
    Surface.SIGNUP: "form",
    Surface.LOGIN: "form",
    Surface.PREFERENCES: "form",
    Surface.CODE: "code",
    Surface.ORDER: "order",
    Surface.QR: "chat",
    Surface.LINK: "chat",
    Surface.CHAT: "chat",
    Surface.PHONE: "spoken",
    Surface.PAPER: "paper",
    Surface.IMPORT: "plain",
    Surface.API: "plain",
}
_TONES: Final[Mapping[EventKind, str]] = {
    EventKind.GRANTED: "yes",
    EventKind.CONFIRMED: "yes",
    EventKind.NATIVE_RESUMED: "yes",
    EventKind.REFUSED: "no",
    EventKind.WITHDRAWN: "no",
    EventKind.NATIVE_STOPPED: "no",
    EventKind.ERASED: "no",
    EventKind.SUSPENDED: "wait",
    EventKind.PAUSED: "wait",
    EventKind.LIMITED: "wait",
    EventKind.DOUBTED: "wait",
}
_ANSWER_TONES: Final[Mapping[Answer, str]] = {
    Answer.GRANTED: "yes",
    Answer.UNASKED: "still",
    Answer.SUSPENDED: "wait",
}
_ANSWERS: Final[Mapping[Answer, str]] = {
    Answer.UNASKED: "evidence.is_unasked",
    Answer.GRANTED: "evidence.is_granted",
    Answer.REFUSED: "evidence.is_refused",
    Answer.WITHDRAWN: "evidence.is_withdrawn",
    Answer.SUSPENDED: "evidence.is_suspended",
    Answer.ERASED: "evidence.is_erased",
}
_VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.ALLOW: "evidence.allow",
    Verdict.DENY: "evidence.deny",
    Verdict.WAIT: "evidence.wait",
}
_DID: Final[Mapping[str, str]] = {
    "given": "evidence.granted",
    "informed": "evidence.informed",
    "refused": "evidence.refused",
    "confirmed": "evidence.confirmed",
    "vouched": "answer.vouched",
    "suspended": "evidence.suspended",
    "resumed": "evidence.resumed",
    "linked": "evidence.linked",
    "erased": "evidence.erased",
    "paused": "evidence.paused",
    "limited": "evidence.limited",
    "doubted": "evidence.doubted",
    "kept": "evidence.kept",
}
_LABEL: Final = re.compile(r"\[([^\[\]]+)\]")
_BUTTONS: Final = re.compile(r"\[[^\[\]]+\](?: \[[^\[\]]+\])*")
_KNOWN_PARTS: Final = frozenset({"note", "witness", "words"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A question as it was shown, to be drawn: `frame` says what kind of place it stood in.

    `labels` are those of its buttons, where they were kept with the words.
    """

    frame: str
    is_question: bool
    text: str
    labels: tuple[str, ...]
    lang: str
    dir: str
    hash: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event on the page. `facts` are names and values, in the order of the page."""

    position: int
    event_id: str
    tone: str
    what: str
    about: str
    at: str
    facts: tuple[tuple[str, str], ...]
    figure: Figure | None
    typed: str
    receipt: str
    leaf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What holds for one purpose. `why` is the code of a reason."""

    name: str
    tone: str
    answer: str
    since: str
    place: int | None
    may_be_sent: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One decision on the page."""

    decision_id: str
    at: str
    about: str
    message: str
    verdict: str
    tone: str
    why: str
    place: int | None
    compared: str
    is_same: bool


class Story:
    """Tells a case file in one reader's language."""

    def __init__(self, case: CaseFile, reader: Reader, vocabulary: Vocabulary) -> None:
        self.case, self.reader = case, reader
        self._vocabulary = vocabulary
        self._say = reader.words.plain

    @property
    def made(self) -> str:
        """When the file was collected."""
        return self._moment(self.case.collected_at)

    def names(self) -> Iterator[str]:
        """Tell the names of the person; a number with its plus."""
        for name in self.case.names:
            yield f"+{name.value}" if name.is_number else name.value

    def holdings(self) -> list[Holding]:
        """Tell what holds for each purpose."""
        return [self._holding(one) for one in self.case.standing]

    def entries(self) -> list[Entry]:
        """Tell the events, the oldest first."""
        return [self._entry(sheet) for sheet in self.case.events]

    def rulings(self) -> list[Ruling]:
        """Tell the decisions, the oldest first."""
        return [self._ruling(sheet) for sheet in self.case.decisions]

    def day(self, instant: Instant) -> str:
        """Write a day."""
        return written_day(to_datetime(instant).date(), self.reader.locale)

    def _moment(self, instant: Instant) -> str:
        return f"{self.day(instant)}, {to_datetime(instant):%H:%M:%S} UTC"

    def _holding(self, one: PurposeStanding) -> Holding:
        answer = one.answer.answer
        informed = one.notice if answer is Answer.UNASKED else None
        since = informed.mark if informed else one.answer.since
        return Holding(
            name=purposes_in(self.reader, self._vocabulary, (one.purpose.name,)),
            tone=_ANSWER_TONES.get(answer, "no"),
            answer=self._say("evidence.is_informed" if informed else _ANSWERS[answer]),
            since=self.day(since.at) if since else "",
            place=since.position if since and since.position else None,
            may_be_sent=one.reason is None,
            why=one.reason.value if one.reason else "",
        )

    def _entry(self, sheet: EventSheet) -> Entry:
        event = sheet.event
        return Entry(
            position=event.position,
            event_id=event.event_id,
            tone=_TONES.get(event.kind, "still"),
            what=self._what(event),
            about=self._about(event),
            at=self._moment(event.occurred_at),
            facts=tuple(self._facts(sheet)),
            figure=_figure(sheet.words, event.surface) if sheet.words else None,
            typed=sheet.typed or "",
            receipt=receipt_name(event.position) if event.position in self.case.receipts else "",
            leaf=event.kind.value,
        )

    def _what(self, event: Event) -> str:
        if event.kind is EventKind.NATIVE_STOPPED:
            return self._say("evidence.switched_off")
        if event.kind is EventKind.WITHDRAWN:
            return self._say("evidence.withdrawn")
        state = state_of(event) if event.kind in STATES else event.kind.value
        key = _DID.get(state)
        return self._say(key) if key else event.kind.value

    def _about(self, event: Event) -> str:
        if event.kind in (EventKind.GRANTED, EventKind.INFORMED, EventKind.REFUSED):
            return purposes_in(self.reader, self._vocabulary, event.purposes)
        if event.kind in (EventKind.WITHDRAWN, EventKind.CONFIRMED, EventKind.PAUSED):
            return purposes_in(self.reader, self._vocabulary, event.purposes)
        return ""

    def _facts(self, sheet: EventSheet) -> Iterator[tuple[str, str]]:
        event, say = sheet.event, self._say
        if event.kind in STATES:
            yield say("field.where"), where_in(self.reader, event.surface)
            yield say("field.proof"), say(f"proof.{event.number_proof.name.lower()}")
        if witness := sheet.witness:
            yield say("evidence.witness"), witness["taken_by"]
            if form := witness.get("form"):
                yield say("evidence.form"), form
            if scan := witness.get("scan_sha256"):
                yield say("evidence.scan"), scan
        if sheet.note:
            yield say("evidence.note"), sheet.note
        if rest := _rest(sheet.evidence):
            yield say("evidence.given"), rest
        if sheet.state is EvidenceState.ALTERED:
            yield say("evidence.attention"), say("evidence.altered")
        if sheet.state is EvidenceState.ERASED:
            yield say("evidence.given"), say("evidence.gone")
        if event.recorded_at != event.occurred_at:
            yield say("evidence.recorded"), self._moment(event.recorded_at)

    def _ruling(self, sheet: DecisionSheet) -> Ruling:
        record, decision = sheet.record, sheet.record.decision
        is_sent = decision.verdict is Verdict.ALLOW
        return Ruling(
            decision_id=record.decision_id,
            at=self._moment(record.decided_at),
            about=self._purpose(decision.purpose),
            message=record.question.template,
            verdict=self._say(_VERDICTS[decision.verdict]),
            tone="yes" if is_sent else "no" if decision.verdict is Verdict.DENY else "wait",
            why=", ".join(reason.value for reason in decision.reasons),
            place=sheet.basis,
            compared=self._say(_COMPARED[sheet.matches]),
            is_same=sheet.matches is not False,
        )

    def _purpose(self, name: str) -> str:
        if name == Category.SERVICE.value:
            return self._say("evidence.reply")
        return purposes_in(self.reader, self._vocabulary, (name,))

    def explain(self, code: str) -> str:
        """Explain the code of a reason; English only, since the codes are documented in it."""
        if self.reader.locale != SOURCE_LOCALE:
            return ""
        found = [one.reason for one in self.case.standing if one.reason and one.reason == code]
        return found[0].explanation if found else ""


_COMPARED: Final = {
    True: "evidence.same",
    False: "evidence.differs",
    None: "evidence.incomparable",
}


def _figure(words: PromptVersion, surface: Surface) -> Figure:
    frame = _FIGURES[words.surface]
    if words.surface is Surface.API:
        frame = _FIGURES[surface]
    text, labels = _apart(words.text)
    return Figure(
        frame=frame,
        is_question=words.kind is PromptKind.QUESTION,
        text=text,
        labels=labels,
        lang=html_lang(words.locale),
        dir=html_dir(words.locale),
        hash=words.hash,
        key=words.key,
    )


def _apart(text: str) -> tuple[str, tuple[str, ...]]:
    """Take the labels of buttons off the words that stood above them; see `above_buttons`."""
    above, _, below = text.rpartition("\n")
    if not above or not _BUTTONS.fullmatch(below):
        return text, ()
    return above, tuple(_LABEL.findall(below))


def _rest(evidence: Any) -> str:
    """Write what has no place of its own on the page."""
    if isinstance(evidence, dict):
        evidence = {name: value for name, value in evidence.items() if name not in _KNOWN_PARTS}
    if not evidence:
        return ""
    if isinstance(evidence, str):
        return evidence
    return json.dumps(evidence, ensure_ascii=False, sort_keys=True)
