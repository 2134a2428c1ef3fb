"""Write a question's next version, have a colleague look at it, publish it or say no.

Whoever wrote some of a draft never publishes it, and what is published is what was looked at. The
storage holds both in the transaction that publishes. Each act is written down before it is done.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import Operator, Permission
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.drafts.draft_review import (
    DraftReview,
    Submission,
    check_reason,
    check_reviewed,
    draft_hash,
)
from askfirst.domain.prompts.drafts.prompt_diff import PromptChanges, changes_between
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.prompts.prompt_rule import LintSeverity
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.operators.operators import HasOperators
from askfirst.ports.prompts.prompts import HasPrompts
from askfirst.usecases.operators.write_down import Actor, WriteDownNeeds, write_down
from askfirst.usecases.prompts.manage_prompts import (
    KnownPrompt,
    ManagePromptsNeeds,
    NotPublished,
    check_prompt,
    find_prompt,
    lint_for,
)

_NAMED: Final = 16
"""Digits of a hash in the audit log: enough to tell two drafts of one question apart."""


class ReviewDraftNeeds(ManagePromptsNeeds, WriteDownNeeds, Protocol):
    """What this use case needs from the world."""


class SeeReviewNeeds(HasOperators, HasPrompts, Protocol):
    """What a look at a review needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSheet:
    """A draft's way so far, as one operator sees it. `names` has whoever had a part in it.

    `changes` is what differs from what is asked now. `others` counts colleagues who may publish it.
    """

    review: DraftReview
    changes: PromptChanges
    is_mine: bool
    others: int
    names: dict[str, str]


async def see_review(
    services: SeeReviewNeeds, operator: Operator, known: KnownPrompt
) -> ReviewSheet | None:
    """Return how far a question's draft is; None where it has none."""
    if known.draft is None:
        return None
    business_id = operator.business_id
    review = await services.prompts.review(business_id, known.prompt.key)
    team = await services.operators.list(business_id)
    before = known.prompt if known.prompt is not known.draft else None
    return ReviewSheet(
        review=review,
        changes=changes_between(before or known.draft, known.draft),
        is_mine=review.is_writer(operator.operator_id),
        others=sum(
            one.is_live and one.may(Permission.PUBLISH) and not review.is_writer(one.operator_id)
            for one in team
        ),
        names={one.operator_id: one.name or one.email for one in team},
    )


async def list_submissions(services: HasPrompts, business_id: BusinessId) -> tuple[Submission, ...]:
    """List drafts that were submitted and not published, by key; declined ones too."""
    return await services.prompts.submissions(business_id)


async def write_wording(
    services: ReviewDraftNeeds,
    operator: Operator,
    key: str,
    locale: str,
    wording: Wording,
    seen: PromptHash | None,
) -> None:
    """Keep the words of one language in the draft; the first such begins one of what is asked now.

    `seen` names the draft that they were changed in, None where there was none.

    Raises:
        UnknownReference: there is no such question.
        InvalidInput: the words are none.
        Conflict: the draft is another by now.
    """
    base = await _base(services, operator, key)
    await _keep(services, operator, base, {**base.wordings, locale: wording}, seen)


async def keep_locales(
    services: ReviewDraftNeeds,
    operator: Operator,
    key: str,
    locales: Collection[str],
    seen: PromptHash | None,
) -> None:
    """Leave only some languages in the draft.

    Raises:
        UnknownReference: there is no such question.
        InvalidInput: none would be left.
        Conflict: the draft is another by now.
    """
    base = await _base(services, operator, key)
    kept = {locale: words for locale, words in base.wordings.items() if locale in locales}
    if not kept:
        raise InvalidInput("languages", "must keep one language at least")
    await _keep(services, operator, base, kept, seen)


async def discard_draft(services: ReviewDraftNeeds, operator: Operator, key: str) -> None:
    """Throw a draft away, with the review; what is asked now stays.

    Raises:
        UnknownReference: there is none.
    """
    draft = await _draft(services, operator, key)
    await _note(services, operator, AuditAct.DRAFT_DISCARDED, draft)
    await services.prompts.delete_draft(operator.business_id, key)


async def submit_draft(
    services: ReviewDraftNeeds, operator: Operator, key: str, seen: PromptHash
) -> None:
    """Ask colleagues to look at a draft and publish it.

    Raises:
        UnknownReference: there is none.
        Conflict: it is another by now, says what is asked already, or waits.
        NotPublished: a binding rule is broken; the draft stays.
    """
    draft = await _draft(services, operator, key)
    known = await find_prompt(services, operator.business_id, key)
    if known and known.prompt is not known.draft and draft_hash(known.prompt) == seen:
        raise Conflict("this draft says what customers are asked already")
    await _check_words(services, operator, draft)
    await _note(services, operator, AuditAct.DRAFT_SUBMITTED, draft)
    await services.prompts.submit(
        operator.business_id, key, seen, operator.operator_id, services.clock.now()
    )


async def publish_submitted(
    services: ReviewDraftNeeds, operator: Operator, key: str, seen: PromptHash
) -> int:
    """Publish a colleague's draft as it was looked at; gives the revision's number.

    Raises:
        UnknownReference: there is no draft.
        Conflict: it is another by now, or waits for nobody.
        NotPermitted: some of it is theirs.
        NotPublished: a binding rule is broken; the draft stays.
    """
    draft = await _checked(services, operator, key, seen)
    await _check_words(services, operator, check_prompt(services, draft))
    await _note(services, operator, AuditAct.PROMPT_PUBLISHED, draft)
    return await services.prompts.publish_reviewed(
        operator.business_id, key, seen, operator.operator_id, services.clock.now()
    )


async def decline_submitted(
    services: ReviewDraftNeeds, operator: Operator, key: str, seen: PromptHash, text: str
) -> None:
    """Say no to a colleague's draft, and what has to change.

    Raises:
        UnknownReference: there is no draft.
        InvalidInput: no reason is given, or too long a one.
        Conflict: it is another by now, or waits for nobody.
        NotPermitted: some of it is theirs.
    """
    reason = check_reason(text)
    draft = await _checked(services, operator, key, seen)
    await _note(services, operator, AuditAct.DRAFT_DECLINED, draft)
    await services.prompts.decline(
        operator.business_id, key, seen, operator.operator_id, services.clock.now(), reason=reason
    )


async def _base(services: ReviewDraftNeeds, operator: Operator, key: str) -> Prompt:
    known = await find_prompt(services, operator.business_id, key)
    if known is None:
        raise UnknownReference("key", "is no prompt of this business")
    return known.draft or known.prompt


async def _draft(services: ReviewDraftNeeds, operator: Operator, key: str) -> Prompt:
    known = await find_prompt(services, operator.business_id, key)
    if known is None or known.draft is None:
        raise UnknownReference("key", "has no draft")
    return known.draft


async def _checked(
    services: ReviewDraftNeeds, operator: Operator, key: str, seen: PromptHash
) -> Prompt:
    """Look before anything is written down; the storage looks again, where it counts."""
    draft = await _draft(services, operator, key)
    review = await services.prompts.review(operator.business_id, key)
    return check_reviewed(review, draft, seen, operator.operator_id)


async def _keep(
    services: ReviewDraftNeeds,
    operator: Operator,
    base: Prompt,
    wordings: dict[str, Wording],
    seen: PromptHash | None,
) -> None:
    draft = check_prompt(services, replace(base, wordings=wordings))
    await _note(services, operator, AuditAct.DRAFT_WRITTEN, draft)
    now, writer = services.clock.now(), operator.operator_id
    await services.prompts.write_draft(operator.business_id, draft, writer, now, instead_of=seen)


async def _check_words(services: ReviewDraftNeeds, operator: Operator, draft: Prompt) -> None:
    findings = await lint_for(services, operator.business_id, draft)
    if any(finding.severity is LintSeverity.ERROR for finding in findings):
        raise NotPublished(findings)


async def _note(
    services: ReviewDraftNeeds, operator: Operator, act: AuditAct, draft: Prompt
) -> None:
    """Write down what is done to which content; a draft's words are no part of the log."""
    actor = Actor(business_id=operator.business_id, operator_id=operator.operator_id)
    digest = draft_hash(draft).removeprefix("sha256:")[:_NAMED]
    await write_down(services, actor, act, about=f"{draft.key}:{digest}")
