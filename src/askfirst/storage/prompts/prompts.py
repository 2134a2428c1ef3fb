"""A business's own questions and every version shown, for either backend."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final, NamedTuple

from askfirst.domain.opt_out.flow_stop import FlowStop
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.drafts.draft_review import (
    DraftReview,
    Submission,
    check_reviewed,
    draft_hash,
)
from askfirst.domain.prompts.prompt import PromptHash, PromptKind, PromptVersion, Surface
from askfirst.domain.tenants.profile import NO_PROFILE, Profile
from askfirst.domain.values.errors import Conflict, UnsafeStorage
from askfirst.domain.values.ids import BusinessId, OperatorId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.prompts.prompts import OwnPrompt
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript

_READ_VERSIONS_MAX: Final = 1_000


class OwnPromptRow(NamedTuple):
    """The columns of statement `own_prompts`."""

    prompt_key: str
    revision: int
    content: str


class SubmissionRow(NamedTuple):
    """The columns of statements `submissions` and `submission`."""

    prompt_key: str
    hash: str
    submitted_by: str
    submitted_at: int
    declined_by: str | None
    declined_at: int | None
    reason: str


class VersionRow(NamedTuple):
    """The columns of statement `version`."""

    hash: str
    prompt_key: str
    locale: str
    surface: str
    purposes: str
    words: str
    kind: str


class VersionStateRow(NamedTuple):
    """The columns of statement `version_state`."""

    hash: str
    surface: str
    kind: str
    current_hash: str | None


class StoredPrompts:
    """See ports.prompts.Prompts."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._read_versions: dict[VersionRow, PromptVersion] = {}

    async def own(self, business_id: BusinessId) -> tuple[OwnPrompt, ...]:
        rows = await self._statements.fetch("own_prompts", business_id)
        found = (OwnPromptRow._make(row) for row in rows)
        return tuple(
            OwnPrompt(
                prompt=read_prompt(row.prompt_key, json.loads(row.content)), revision=row.revision
            )
            for row in found
        )

    async def put_draft(self, business_id: BusinessId, prompt: Prompt, now: Instant) -> None:
        def talk() -> TransactionScript[None]:
            yield "hold_questions", (business_id,)
            yield from _put(business_id, prompt, now, (yield from _draft(business_id, prompt.key)))

        await self._statements.talk(business_id, talk)

    async def write_draft(
        self,
        business_id: BusinessId,
        prompt: Prompt,
        by: OperatorId,
        now: Instant,
        *,
        instead_of: PromptHash | None,
    ) -> None:
        def talk() -> TransactionScript[None]:
            yield "hold_questions", (business_id,)
            before = yield from _draft(business_id, prompt.key)
            if (draft_hash(before) if before else None) != instead_of:
                raise Conflict("somebody changed this draft meanwhile: load it again")
            yield from _put(business_id, prompt, now, before)
            yield "add_draft_writer", (business_id, prompt.key, by)

        await self._statements.talk(business_id, talk)

    async def delete_draft(self, business_id: BusinessId, key: str) -> bool:
        def talk() -> TransactionScript[bool]:
            yield "hold_questions", (business_id,)
            return bool((yield from _end_draft(business_id, key)))

        return await self._statements.talk(business_id, talk)

    async def submit(
        self, business_id: BusinessId, key: str, seen: PromptHash, by: OperatorId, now: Instant
    ) -> None:
        def talk() -> TransactionScript[None]:
            yield "hold_questions", (business_id,)
            draft = yield from _draft(business_id, key)
            review = yield from _review(business_id, key)
            waits = review.submission is not None and review.submission.waits
            if draft is None or draft_hash(draft) != seen or waits:
                raise Conflict("this draft was changed, submitted or published meanwhile")
            yield "add_draft_writer", (business_id, key, by)
            yield "put_submission", (business_id, key, seen, by, now)

        await self._statements.talk(business_id, talk)

    async def decline(
        self,
        business_id: BusinessId,
        key: str,
        seen: PromptHash,
        by: OperatorId,
        now: Instant,
        *,
        reason: str,
    ) -> None:
        def talk() -> TransactionScript[None]:
            yield from _reviewed(business_id, key, seen, by)
            yield "decline_submission", (business_id, key, by, now, reason)

        await self._statements.talk(business_id, talk)

    async def publish_reviewed(
        self, business_id: BusinessId, key: str, seen: PromptHash, by: OperatorId, now: Instant
    ) -> int:
        def talk() -> TransactionScript[int]:
            prompt = yield from _reviewed(business_id, key, seen, by)
            return (yield from _publish(business_id, prompt, now))

        return await self._statements.talk(business_id, talk)

    async def review(self, business_id: BusinessId, key: str) -> DraftReview:
        writers = await self._statements.fetch("draft_writers", business_id, key)
        rows = await self._statements.fetch("submission", business_id, key)
        return _review_of(writers, rows)

    async def submissions(self, business_id: BusinessId) -> tuple[Submission, ...]:
        rows = await self._statements.fetch("submissions", business_id)
        return tuple(_submission(SubmissionRow._make(row)) for row in rows)

    async def publish(self, business_id: BusinessId, prompt: Prompt, now: Instant) -> int:
        def talk() -> TransactionScript[int]:
            yield "hold_questions", (business_id,)
            return (yield from _publish(business_id, prompt, now))

        return await self._statements.talk(business_id, talk)

    async def keep(self, business_id: BusinessId, version: PromptVersion, revision: int) -> None:
        place = (business_id, version.hash)
        state = await self._state(business_id, version.hash)
        if state and state.current_hash is not None:
            return

        def talk() -> TransactionScript[None]:
            yield "hold_questions", (business_id,)
            newest = (yield "newest_revision", (business_id, version.key))[0][0]
            yield "keep_version", (*place, *_version_row(version))
            yield "make_current" if newest == revision else "retire_version", place

        await self._statements.talk(business_id, talk)

    async def current_surface(self, business_id: BusinessId, name: PromptHash) -> Surface | None:
        state = await self._state(business_id, name)
        if state is None or state.current_hash is None or state.kind != PromptKind.QUESTION:
            return None
        return Surface(state.surface)

    async def _state(self, business_id: BusinessId, name: PromptHash) -> VersionStateRow | None:
        rows = await self._statements.fetch("version_state", business_id, name)
        return VersionStateRow._make(rows[0]) if rows else None

    async def version(self, business_id: BusinessId, name: PromptHash) -> PromptVersion | None:
        rows = await self._statements.fetch("version", business_id, name)
        if not rows:
            return None
        row = VersionRow._make(rows[0])
        if (known := self._read_versions.get(row)) is not None:  # these very words, hashed before
            return known
        version = PromptVersion(
            key=row.prompt_key,
            locale=row.locale,
            surface=Surface(row.surface),
            purposes=tuple(row.purposes.split(",")) if row.purposes else (),
            text=row.words,
            kind=PromptKind(row.kind),
        )
        if version.hash != name:
            raise UnsafeStorage("the words of a prompt version were changed in the database")
        if len(self._read_versions) >= _READ_VERSIONS_MAX:
            self._read_versions.clear()
        self._read_versions[row] = version
        return version


def _draft(business_id: BusinessId, key: str) -> TransactionScript[Prompt | None]:
    rows = yield "draft", (business_id, key)
    return read_prompt(key, json.loads(rows[0][0])) if rows else None


def _put(
    business_id: BusinessId, prompt: Prompt, now: Instant, before: Prompt | None
) -> TransactionScript[None]:
    """Keep a draft; what was looked at counts no more where it says something else now."""
    yield "put_draft", (business_id, prompt.key, _content(prompt), now)
    if before is not None and draft_hash(before) != draft_hash(prompt):
        yield "end_submission", (business_id, prompt.key)


def _review(business_id: BusinessId, key: str) -> TransactionScript[DraftReview]:
    writers = yield "draft_writers", (business_id, key)
    rows = yield "submission", (business_id, key)
    return _review_of(writers, rows)


def _review_of(writers: Sequence[Row], rows: Sequence[Row]) -> DraftReview:
    return DraftReview(
        writers=frozenset(OperatorId(row[0]) for row in writers),
        submission=_submission(SubmissionRow._make(rows[0])) if rows else None,
    )


def _reviewed(
    business_id: BusinessId, key: str, seen: PromptHash, by: OperatorId
) -> TransactionScript[Prompt]:
    """Hold a draft that somebody else may say yes or no to, as they saw it."""
    yield "hold_questions", (business_id,)
    draft = yield from _draft(business_id, key)
    review = yield from _review(business_id, key)
    return check_reviewed(review, draft, seen, by)


def _publish(business_id: BusinessId, prompt: Prompt, now: Instant) -> TransactionScript[int]:
    newest = (yield "newest_revision", (business_id, prompt.key))[0][0]
    revision = int(newest) + 1
    yield "publish_prompt", (business_id, prompt.key, revision, _content(prompt), now)
    yield "retire_versions", (business_id, prompt.key)
    yield from _end_draft(business_id, prompt.key)
    return revision


def _end_draft(business_id: BusinessId, key: str) -> TransactionScript[Sequence[Row]]:
    ended = yield "delete_draft", (business_id, key)
    yield "end_draft_writers", (business_id, key)
    yield "end_submission", (business_id, key)
    return ended


def _submission(row: SubmissionRow) -> Submission:
    return Submission(
        key=row.prompt_key,
        hash=PromptHash(row.hash),
        by=OperatorId(row.submitted_by),
        at=Instant(row.submitted_at),
        declined_by=OperatorId(row.declined_by) if row.declined_by else None,
        declined_at=Instant(row.declined_at) if row.declined_at is not None else None,
        reason=row.reason,
    )


class StoredProfiles:
    """See ports.prompts.Profiles."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def profile(self, business_id: BusinessId) -> Profile:
        rows = await self._statements.fetch("profile", business_id)
        if not rows:
            return NO_PROFILE
        return _read_profile(rows[0][0])

    async def put_profile(
        self, business_id: BusinessId, profile: Profile, now: Instant, logo: bytes | None = None
    ) -> None:
        row = (business_id, _json(asdict(profile)), now)
        if logo is None:
            await self._statements.write("put_profile", *row)
        else:
            await self._statements.write("put_profile_and_logo", *row, logo)

    async def logo(self, business_id: BusinessId) -> bytes:
        rows = await self._statements.fetch("logo", business_id)
        return bytes(rows[0][0]) if rows else b""


@lru_cache(maxsize=1_000)
def _read_profile(text: str) -> Profile:
    content = json.loads(text)
    stops = tuple(
        FlowStop(**(stop | {"purposes": tuple(stop["purposes"])}))
        for stop in content.get("flow_stops", ())
    )
    read = {"origins": tuple(content["origins"]), "flow_stops": stops}
    return Profile(**(content | read))


def _version_row(version: PromptVersion) -> tuple[str, ...]:
    about = (version.key, version.locale, version.surface.value)
    return (*about, ",".join(version.purposes), version.text, version.kind.value)


def read_prompt(key: str, content: Mapping[str, Any]) -> Prompt:
    """Read what `_content` wrote."""
    return Prompt(
        key=key,
        kind=PromptKind(content["kind"]),
        surface=Surface(content["surface"]),
        purposes=tuple(content["purposes"]),
        wordings={locale: Wording(**words) for locale, words in content["texts"].items()},
    )


def _content(prompt: Prompt) -> str:
    texts = {locale: asdict(wording) for locale, wording in prompt.wordings.items()}
    return _json(
        {
            "kind": prompt.kind.value,
            "surface": prompt.surface.value,
            "purposes": list(prompt.purposes),
            "texts": texts,
        }
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
