"""What proves an act in the chat: the words and Meta's id, beyond the life of the raw body."""

from __future__ import annotations

import json
from typing import Final

from askfirst.domain.inbound.inbound_event import InboundEvent

_CHARACTERS_MAX: Final = 1000


def spoken_evidence(notice: InboundEvent, *words: str, **more: str) -> bytes:
    """Write it down, a line for each of `words`; `more` names what else they are about."""
    said = "\n".join(filter(None, words))
    content = {"message": notice.source_id, "words": said[:_CHARACTERS_MAX], **more}
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
