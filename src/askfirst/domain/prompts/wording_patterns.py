"""Patterns by which the rules about wording know what a question says, by language.

They are matched with texts as `prompt_rule.plain` writes them. They are stems where a language
bends its words, and narrow where a stem would also hit something harmless: a false alarm teaches
people to ignore the rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from re import Pattern
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagePatterns:
    """What one language says.

    kinds: what messages are about, so that "messages" alone does not pass.
    bundled: terms and conditions in the same breath, or a yes that is read out of something else.
    consenting: that somebody agrees, which nobody does by reading a notice.
    turned_round: a tick that means no, or a yes wrapped in two noes.
    shaming: a no that makes the person small.
    advertising: a call to buy, or praise of a price: what no message about an order needs.
    stopping: how a message says that the reader can end such messages.
    """

    kinds: Pattern[str]
    bundled: Pattern[str]
    consenting: Pattern[str]
    turned_round: Pattern[str]
    shaming: Pattern[str]
    advertising: Pattern[str]
    stopping: Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WordingPatterns:
    """What every language says, and what each says by itself, by its code.

    channel: the name of WhatsApp, in any script.
    calls: a call to buy, which has no place in the name of a business.
    advertising, stopping: as in `LanguagePatterns`, in the same words everywhere.
    """

    channel: Pattern[str]
    calls: Pattern[str]
    advertising: Pattern[str]
    stopping: Pattern[str]
    languages: Mapping[str, LanguagePatterns]


LANGUAGE_KEYS: Final = tuple(field.name for field in fields(LanguagePatterns))
EVERY_LANGUAGE_KEYS: Final = ("channel", "calls", "advertising", "stopping")
NO_PATTERNS: Final = LanguagePatterns(**dict.fromkeys(LANGUAGE_KEYS, re.compile(r"(?!)")))
"""Those of a language that is not read word by word."""
