"""How long a question may be, where it is asked.

Source: Meta, "Interactive reply buttons messages" (title 20, body 1024 characters).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from askfirst.domain.prompts.catalogue import Control, Placeholder
from askfirst.domain.prompts.interpolation import kinds_in_words
from askfirst.domain.prompts.prompt import CHAT_SURFACES, Surface
from askfirst.domain.prompts.prompt_rule import Asked, Fault

BUTTON_TITLE_MAX: Final = 20
CHAT_BODY_MAX: Final = 1024
LABEL_MAX: Final = 40

# One or two sentences beside a box; a script that is read out and a paper may take more.
_TEXT_MAX: Final = 350
_LONGER: Final = MappingProxyType(
    {Surface.PHONE: 700, Surface.PAPER: 1000, Surface.IMPORT: 1000, Surface.LINK: 500}
)
_NAME_LIKELY: Final = 30
_ANSWERS: Final = ("yes", "no")


def check_button_sizes(asked: Asked) -> Iterator[Fault]:
    """Find what Meta would refuse in the chat."""
    if asked.surface not in CHAT_SURFACES:
        return
    for name in _ANSWERS:
        words = getattr(asked.wording, name)
        if len(words) > BUTTON_TITLE_MAX:
            yield Fault(name, f"has {len(words)} characters; Meta takes {BUTTON_TITLE_MAX}")
    if (length := _length(asked)) > CHAT_BODY_MAX:
        yield Fault("text", f"has about {length} characters; Meta takes {CHAT_BODY_MAX}")


def check_surface_size(asked: Asked) -> Iterator[Fault]:
    """Find what is too long to be read where it stands."""
    limit = _LONGER.get(asked.surface, _TEXT_MAX)
    if (length := _length(asked)) > limit:
        yield Fault("text", f"has about {length} characters; {limit} can be read here")
    for name in (*_ANSWERS, "open"):
        words = getattr(asked.wording, name)
        if len(words) > LABEL_MAX and asked.prompt.control is not Control.BOX:
            yield Fault(name, f"has {len(words)} characters; a button has room for {LABEL_MAX}")


def _length(asked: Asked) -> int:
    """Count as people will see it, with a name of ordinary length."""
    built_in = asked.vocabulary
    kinds = kinds_in_words(built_in, asked.prompt.purposes) if built_in else ""
    sizes = {
        Placeholder.BUSINESS.value: _NAME_LIKELY,
        Placeholder.KINDS.value: len(asked.wording.kinds or kinds),
        Placeholder.STOP.value: len(asked.wording.stop or getattr(built_in, "stop", "")),
        Placeholder.ORDER.value: 12,
    }
    return len(
        re.sub(r"\{([^{}]*)\}", lambda place: "x" * sizes.get(place[1], 0), asked.wording.text)
    )
