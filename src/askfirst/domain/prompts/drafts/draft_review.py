"""A draft on its way to be published: who wrote it, who asks for a look, who said no.

Two people stand behind each published question: whoever wrote any of a draft never publishes it.
What is published is what was looked at: a review is of one content, named by its hash.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from typing import Final

from askfirst.domain.prompts.catalogue import Prompt
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.values.errors import Conflict, InvalidInput, NotPermitted
from askfirst.domain.values.ids import OperatorId
from askfirst.domain.values.timestamp import Instant

REASON_MAX: Final = 500
"""Characters of a reason: enough for what has to change, too few for a copy of the wording."""
_TAG: Final = b"askfirst/draft/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Somebody asks for a look at one content. With `declined_by`, a colleague said no."""

    key: str
    hash: PromptHash
    by: OperatorId
    at: Instant
    declined_by: OperatorId | None = None
    declined_at: Instant | None = None
    reason: str = ""

    @property
    def waits(self) -> bool:
        """Whether nobody has said yet what becomes of it."""
        return self.declined_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReview:
    """What is known of a draft. `writers` are who changed it since it began, or submitted it."""

    writers: frozenset[OperatorId] = frozenset()
    submission: Submission | None = None

    def is_writer(self, operator_id: OperatorId) -> bool:
        """Whether any of the draft may be theirs."""
        return operator_id in self.writers


def draft_hash(prompt: Prompt) -> PromptHash:
    """Name a question by all that it says, in all its languages, in their order."""
    parts = [prompt.key, prompt.kind.value, prompt.surface.value, str(len(prompt.purposes))]
    parts += prompt.purposes
    for locale, wording in prompt.wordings.items():
        parts += [locale, *astuple(wording)]
    digest = hashlib.sha256(_TAG)
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return PromptHash("sha256:" + digest.hexdigest())


def check_reviewed(
    review: DraftReview, draft: Prompt | None, seen: PromptHash, by: OperatorId
) -> Prompt:
    """Refuse whoever may not say yes or no to a draft, and what is not the draft any more.

    Raises:
        Conflict: the draft is gone, was changed since it was looked at, or waits for nobody.
        NotPermitted: some of it is theirs.
    """
    if draft is None or draft_hash(draft) != seen:
        raise Conflict("this draft was changed or published meanwhile: look at it again")
    asked = review.submission
    if asked is None or not asked.waits or asked.hash != seen:
        raise Conflict("this draft was not submitted, or was declined")
    if review.is_writer(by) or asked.by == by:
        raise NotPermitted("whoever wrote some of a draft cannot publish or decline it")
    return draft


def check_reason(text: str) -> str:
    """Check why a draft is declined: some words, no more than a few sentences.

    Raises:
        InvalidInput: there are none, or too many.
    """
    reason = " ".join(text.split())
    if not reason or len(reason) > REASON_MAX or not reason.isprintable():
        raise InvalidInput("reason", f"must say what has to change, in {REASON_MAX} characters")
    return reason
