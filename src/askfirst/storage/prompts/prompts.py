"""A business's own questions and every version shown, for either backend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from askfirst.domain.opt_out.flow_stop import FlowStop
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.prompt import PromptHash, PromptKind, PromptVersion, Surface
from askfirst.domain.tenants.profile import NO_PROFILE, Profile
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.prompts.prompts import OwnPrompt
from askfirst.storage.platform.statements import Statements, TransactionScript


class OwnPromptRow(NamedTuple):
    """The columns of statement `own_prompts`."""

    prompt_key: str
    revision: int
    content: str


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

    surface: str
    kind: str
    current_hash: str | None


class StoredPrompts:
    """See ports.prompts.Prompts."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

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
        await self._statements.write("put_draft", business_id, prompt.key, _content(prompt), now)

    async def delete_draft(self, business_id: BusinessId, key: str) -> bool:
        return bool(await self._statements.write("delete_draft", business_id, key))

    async def publish(self, business_id: BusinessId, prompt: Prompt, now: Instant) -> int:
        def talk() -> TransactionScript[int]:
            yield "hold_questions", (business_id,)
            newest = (yield "newest_revision", (business_id, prompt.key))[0][0]
            revision = int(newest) + 1
            row = (business_id, prompt.key, revision, _content(prompt), now)
            yield "publish_prompt", row
            yield "retire_versions", (business_id, prompt.key)
            yield "delete_draft", (business_id, prompt.key)
            return revision

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
        return version


class StoredProfiles:
    """See ports.prompts.Profiles."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def profile(self, business_id: BusinessId) -> Profile:
        rows = await self._statements.fetch("profile", business_id)
        if not rows:
            return NO_PROFILE
        content = json.loads(rows[0][0])
        stops = tuple(
            FlowStop(**(stop | {"purposes": tuple(stop["purposes"])}))
            for stop in content.get("flow_stops", ())
        )
        read = {"origins": tuple(content["origins"]), "flow_stops": stops}
        return Profile(**(content | read))

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
