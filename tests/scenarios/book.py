"""The pure side: what a story amounts to, without a database, from `fold` and facts alone."""

from __future__ import annotations

from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.adapters.wording_pattern_files import built_in_wording_patterns
from askfirst.decision.facts import DecisionContext
from askfirst.decision.limits import Pacing
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.traffic import PaceState, SentMessage, Traffic
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import EVERYTHING, NOTHING_SAID, Standing, fold, restrict
from askfirst.domain.opt_out.reading import Certainty, StopScope
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.sender import SenderState, Template, TemplateState
from askfirst.domain.tenants.template_content import TemplateButton, TemplateContent
from askfirst.domain.tenants.template_lint import advertising_words, read_template
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import ContactId, EventId, Position
from askfirst.domain.values.purpose import Category
from tests.scenarios.story import MAPPED, TEMPLATES, Act, Ask, Case
from tests.support.builders import BUSINESS, SENDER, sender, template
from tests.support.opt_out import OPT_OUT

MARKETING = ("marketing",)
PATTERNS = built_in_wording_patterns()
_NUMBERING = WorldNumbering()
NUMBER_PROOFS = {
    "somebody types their number": NumberProof.TYPED,
    "has a yes claimed for them": NumberProof.TYPED,
    "is shown a notice": NumberProof.TYPED,
    "chooses WhatsApp for a code": NumberProof.TYPED,
    "says yes": NumberProof.VOUCHED,
    "says no": NumberProof.VOUCHED,
    "withdraws": NumberProof.VOUCHED,
    "has their number vouched for": NumberProof.VOUCHED,
}
"""What else there is comes from the number itself."""
CODES = ("authentication",)
FAILURES = {131050: EventKind.NATIVE_STOPPED, 137000: EventKind.SUSPENDED}
STATES = {
    "APPROVED": TemplateState.IN_SERVICE,
    "PENDING": TemplateState.PENDING,
    "PAUSED": TemplateState.PAUSED,
    "DISABLED": TemplateState.OUT_OF_SERVICE,
}


class Book:
    """A ledger in a list: events by contact, contacts by name, windows by contact."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.contacts: dict[str, ContactId] = {}
        self.opened: dict[ContactId, int] = {}
        self.sent: dict[ContactId, list[SentMessage]] = {}
        self.pairs: dict[ContactId, PaceState] = {}
        self.templates = {name: template(name, category=c) for name, c in TEMPLATES.items()}
        self.sender = sender()

    def play(self, act: Act) -> None:
        """Take one act."""
        match act.what:
            case "says yes" | "says no" | "somebody types their number":
                kind = EventKind.REFUSED if act.what == "says no" else EventKind.GRANTED
                self._note(act, kind, Assurance.SHOWN)
            case "is shown a notice":
                where = Surface(act.details.get("where", "order"))
                self._note(act, EventKind.INFORMED, Assurance.SHOWN, where=where)
            case "has a yes claimed for them":
                self._note(act, EventKind.GRANTED, Assurance.ASSERTED)
            case "chooses WhatsApp for a code":
                self._note(act, EventKind.GRANTED, Assurance.ASSERTED, CODES, where=Surface.CODE)
            case "withdraws":
                self._note(act, EventKind.WITHDRAWN, Assurance.ASSERTED)
            case "has their number vouched for":
                self._note(act, EventKind.CONFIRMED, Assurance.ASSERTED)
            case "proves the number":
                self._open(act)
                self._note(act, EventKind.CONFIRMED, Assurance.CONFIRMED)
            case "the template" | "the sender" | "is sent" | "somebody accepts the template":
                self._see(act)
            case _:
                self._hear(act)

    def _hear(self, act: Act) -> None:
        """Take what only Meta can say."""
        sure = Assurance.CONFIRMED
        match act.what:
            case "types":
                self._open(act)
                self._read(act)
            case "taps yes" | "taps no" | "taps stop":
                self._open(act)
                kinds = {"yes": EventKind.GRANTED, "no": EventKind.REFUSED}
                kind = kinds.get(act.what.removeprefix("taps "), EventKind.WITHDRAWN)
                self._note(act, kind, sure, by_meta=True)
            case "uses WhatsApp's stop":
                self._note(act, EventKind.NATIVE_STOPPED, sure, MARKETING, by_meta=True)
            case "uses WhatsApp's resume":
                self._note(act, EventKind.NATIVE_RESUMED, sure, MARKETING, by_meta=True)
            case "signs up through WhatsApp":
                self._note(act, EventKind.NATIVE_RESUMED, sure, MARKETING, by_meta=True)
                self._note(act, EventKind.GRANTED, sure, MARKETING, by_meta=True)
            case "a message fails":
                if kind_of_failure := FAILURES.get(act.details["code"]):
                    self._note(act, kind_of_failure, sure, (), by_meta=True)
            case "gets a new owner" | "moves to":
                self._move(act)
            case _:
                message = f"nobody knows what it is to: {act.what}"
                raise ValueError(message)

    def _read(self, act: Act) -> None:
        """Note what typed words amount to, if anything."""
        reading = OPT_OUT.read_typed(act.details["text"])
        if reading.certainty is Certainty.UNSURE:
            self._note(act, EventKind.DOUBTED, Assurance.CONFIRMED, MARKETING, by_meta=True)
        elif reading.scope is not None:
            named = MARKETING if reading.scope is StopScope.MARKETING else ()
            self._note(act, EventKind.WITHDRAWN, Assurance.CONFIRMED, named, by_meta=True)

    def ask(self, case: Case) -> tuple[DecisionContext, SendRequest]:
        """Put facts and question together as the gate does."""
        ask = case.ask
        found = dict.fromkeys(self.contacts[n.key] for n in ask.names if n.key in self.contacts)
        contact = next(iter(found), None)
        standing = self.standing(contact) if contact else NOTHING_SAID
        for key in (key for name in ask.names for key in name.neighbour_keys):
            if key in self.contacts:
                standing = restrict(standing, self.standing(self.contacts[key]))
        facts = DecisionContext(
            position=Position(len(self.events)),
            contacts=tuple(found),
            strangers=sum(name.key not in self.contacts for name in ask.names),
            standing=standing,
            sender=self.sender if ask.sender == "ours" else None,
            template=None if ask.is_reply else self.templates.get(ask.message),
            traffic=Traffic(
                sent=self._sent(contact, ask) if contact else (),
                pair=self.pairs.get(contact, PaceState()) if contact else PaceState(),
            ),
            window_opened_at=self.opened.get(contact) if contact else None,  # type: ignore[arg-type]
        )
        return facts, _question(ask)

    def standing(self, contact: ContactId) -> Standing:
        """Fold a contact's events; those of merged contacts come in by their standing."""
        own = [event for event in self.events if event.contact_id == contact]
        merged = {event.absorbed: self.standing(event.absorbed) for event in own if event.absorbed}
        return fold(own, merged)

    def _note(
        self,
        act: Act,
        kind: EventKind,
        assurance: Assurance,
        purposes: tuple[str, ...] | None = None,
        *,
        by_meta: bool = False,
        where: Surface | None = None,
    ) -> None:
        contact = self._contact(act, by_meta=by_meta)
        named = act.purposes if purposes is None else purposes
        self._append(act, contact, kind, assurance, named, where=where)

    def _append(
        self,
        act: Act,
        contact: ContactId,
        kind: EventKind,
        assurance: Assurance,
        purposes: tuple[str, ...],
        absorbed: ContactId | None = None,
        *,
        where: Surface | None = None,
    ) -> None:
        self.events.append(
            Event(
                event_id=EventId(f"evt_{len(self.events)}"),
                business_id=BUSINESS,
                contact_id=contact,
                position=Position(len(self.events) + 1),
                kind=kind,
                occurred_at=act.at,
                recorded_at=act.arrives,
                source=Source.API,
                number_proof=NUMBER_PROOFS.get(act.what, NumberProof.PROVEN),
                surface=where or Surface(act.details.get("where", "signup")),
                purposes=purposes,
                assurance=assurance,
                absorbed=absorbed,
            )
        )

    def _contact(self, act: Act, *, by_meta: bool) -> ContactId:
        """Find, make or merge the contact that the act's names lead to."""
        names = self._names(act, by_meta=by_meta)
        known = dict.fromkeys(self.contacts[n.key] for n in names if n.key in self.contacts)
        first, *others = sorted(known) or [ContactId(f"con_{len(self.contacts)}")]
        for other in others:
            self._append(act, first, EventKind.LINKED, Assurance.CONFIRMED, (), absorbed=other)
            moved = {key: first for key, contact in self.contacts.items() if contact == other}
            self.contacts.update(moved)
            self.sent[first] = [*self.sent.get(first, ()), *self.sent.pop(other, ())]
            self.opened[first] = max(self.opened.get(first, 0), self.opened.get(other, 0))
        self.contacts.update({name.key: first for name in names})
        return first

    def _move(self, act: Act) -> None:
        """Suspend the old names; the new ones inherit every no, and no yes."""
        old = self._contact(act, by_meta=True)
        noes = [name for name, scope in self.standing(old).scopes.items() if scope.no]
        self._append(act, old, EventKind.SUSPENDED, Assurance.CONFIRMED, ())
        new = act.moved_to.aliases(act.known_by, by_meta=True) if act.moved_to else ()
        known = [self.contacts[name.key] for name in new if name.key in self.contacts]
        if not (known or noes):
            return
        contact = known[0] if known else ContactId(f"con_{len(self.contacts)}")
        self.contacts.update({name.key: contact for name in new})
        self._append(act, contact, EventKind.SUSPENDED, Assurance.CONFIRMED, ())
        for name in noes:
            purposes = () if name == EVERYTHING else (name,)
            self._append(act, contact, EventKind.WITHDRAWN, Assurance.CONFIRMED, purposes)

    def _names(self, act: Act, *, by_meta: bool) -> tuple[Alias, ...]:
        return act.who.aliases(act.known_by, by_meta=by_meta)

    def _open(self, act: Act) -> None:
        contact = self._contact(act, by_meta=True)
        self.opened[contact] = max(self.opened.get(contact, 0), act.at)

    def _send(self, act: Act) -> None:
        """A message left: what it was for is what the case's policy says of its name."""
        contact, name = self._contact(act, by_meta=False), act.details["message"]
        for _ in range(act.details.get("times", 1)):
            state, pace = self.pairs.get(contact, PaceState()), Pacing().pair
            assert pace is not None
            self.pairs[contact] = pace.taken(state, act.at)
            if name != "a reply":
                purpose = MAPPED.get(name, TEMPLATES.get(name, Category.MARKETING).value)
                self.sent.setdefault(contact, []).append(SentMessage(act.at, purpose))

    def _sent(self, contact: ContactId, ask: Ask) -> tuple[SentMessage, ...]:
        """Whatever was sent had other words, but for the last where the question says so."""
        sent = self.sent.get(contact, [])
        if sent and ask.is_repeated:
            return (*sent[:-1], sent[-1]._replace(is_same=True))
        return tuple(sent)

    def _see(self, act: Act) -> None:
        """Take what is not about what somebody said."""
        if act.what == "is sent":
            return self._send(act)
        if act.what == "the sender":
            self.sender = sender(state=SenderState(act.details["is"]))
            return None
        return self._see_template(act)

    def _see_template(self, act: Act) -> None:
        known: Template = self.templates[act.details["name"]]
        if act.what == "somebody accepts the template":
            known = replace(known, accepted_change=known.category_changed_at)
        if "is" in act.details:
            known = replace(known, state=STATES[act.details["is"]])
        if "category" in act.details:
            before, now = known.category, Category(act.details["category"].lower())
            known = replace(known, category=now)
            if now is not before:
                known = replace(known, previous_category=before, category_changed_at=act.at)
        if "says" in act.details:
            label = act.details.get("button")
            buttons = (TemplateButton("quick_reply", label),) if label else ()
            content = TemplateContent(body=act.details["says"], buttons=buttons)
            known = replace(known, reading=read_template(content, "en", PATTERNS, OPT_OUT))
        self.templates[known.name] = known


def _question(ask: Ask) -> SendRequest:
    digits = "" if ask.known_by == "id" else ask.who.phone.removeprefix("+")
    return SendRequest(
        business_id=BUSINESS,
        sender=SENDER,
        recipients=ask.names,
        kind=MessageKind.FREE_FORM if ask.is_reply else MessageKind.TEMPLATE,
        template="" if ask.is_reply else ask.message,
        language="" if ask.is_reply else "en",
        country=ask.who.country,
        place=_NUMBERING.place(digits, ask.who.country),
        content="words" if ask.is_repeated else "",
        campaign=ask.campaign,
        reads_like_ad=bool(ask.text and advertising_words(ask.text, "", PATTERNS)),
    )
