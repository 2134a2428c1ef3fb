"""What a button of ours says when it is tapped.

The payload is chosen by whoever sends the button, so it can carry what the tap means:
`askfirst:yes:marketing,utility:sha256:…`, `askfirst:no:marketing:sha256:…`,
`askfirst:stop:marketing`, `askfirst:stop:*` or `askfirst:keep:marketing:17`. Meta allows 256
characters in a reply button's id. A yes or no names the prompt version that was shown; without it,
it counts for nothing. A keep answers the one question about the message that may be a stop, at the
position it names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from askfirst.domain.prompts.prompt import PromptHash, parse_prompt_hash
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import CONSENTED, Purpose

PREFIX = "askfirst"
_EVERYTHING = "*"
_PARTS_MIN = 3
_POSITION = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


class ReplyVerb(StrEnum):
    """What the tap says."""

    YES = "yes"
    NO = "no"
    STOP = "stop"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A payload of ours, read. `purposes` is empty for everything (stop only).

    `doubt` is set for a keep: the position of the message that was asked about.
    """

    verb: ReplyVerb
    purposes: tuple[str, ...]
    prompt: PromptHash | None
    doubt: Position | None = None


def reply_payload(reply: Reply) -> str:
    """Write the payload for a button."""
    parts = [PREFIX, reply.verb.value, ",".join(reply.purposes) or _EVERYTHING]
    asked = reply.prompt or (str(reply.doubt) if reply.doubt else "")
    return ":".join([*parts, asked] if asked else parts)


def read_reply(payload: str) -> Reply | None:
    """Read a tapped payload; None where it is not one of ours or not whole.

    A stop whose purposes cannot be understood stops everything: the person did say stop.
    """
    parts = payload.split(":", _PARTS_MIN)
    if len(parts) < _PARTS_MIN or parts[0] != PREFIX or parts[1] not in set(ReplyVerb):
        return None
    verb = ReplyVerb(parts[1])
    purposes = _purposes(parts[2])
    if verb is ReplyVerb.STOP:
        return Reply(verb=verb, purposes=purposes, prompt=None)
    if verb is ReplyVerb.KEEP:
        return _keep(purposes, parts[_PARTS_MIN:])
    try:
        prompt = parse_prompt_hash(parts[3], "payload") if len(parts) > _PARTS_MIN else None
    except InvalidInput:
        return None
    if prompt is None or not purposes:
        return None
    return Reply(verb=verb, purposes=purposes, prompt=prompt)


def _keep(purposes: tuple[str, ...], asked: list[str]) -> Reply | None:
    if not purposes or not asked or not _POSITION.fullmatch(asked[0]):
        return None
    doubt = Position(int(asked[0]))
    return Reply(verb=ReplyVerb.KEEP, purposes=purposes, prompt=None, doubt=doubt)


def _purposes(text: str) -> tuple[str, ...]:
    """Return the purposes that a payload names; none where it names everything or nonsense."""
    names = tuple(dict.fromkeys(text.split(",")))
    try:
        understood = all(Purpose(name).category in CONSENTED for name in names)
    except InvalidInput:
        return ()
    return names if understood else ()
