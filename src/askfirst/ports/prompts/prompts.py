"""The questions of a business: its own drafts and published ones, and every version ever shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.prompts.catalogue import Prompt
from askfirst.domain.prompts.drafts.draft_review import DraftReview, Submission
from askfirst.domain.prompts.prompt import PromptHash, PromptVersion, Surface
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.ids import BusinessId, OperatorId
from askfirst.domain.values.timestamp import Instant

DRAFT = 0
NEVER_PUBLISHED = 0
"""In place of a revision: the business published no question of that key, and askfirst's holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPrompt:
    """A question that a business wrote. Revision 0 is its draft; published ones count from 1."""

    prompt: Prompt
    revision: int


class Prompts(Protocol):
    """Writes are durable when they return. A published revision is never changed or removed."""

    async def own(self, business_id: BusinessId) -> tuple[OwnPrompt, ...]:
        """List each draft and each newest published revision, by key."""
        ...

    async def put_draft(self, business_id: BusinessId, prompt: Prompt, now: Instant) -> None:
        """Keep a draft, in place of the one before. One that changed has to be submitted anew."""
        ...

    async def write_draft(
        self,
        business_id: BusinessId,
        prompt: Prompt,
        by: OperatorId,
        now: Instant,
        *,
        instead_of: PromptHash | None,
    ) -> None:
        """Keep an operator's draft, and that they wrote some of it; both or neither.

        `instead_of` names the draft that they changed, None where they began one.

        Raises:
            Conflict: the draft is another by now.
        """
        ...

    async def delete_draft(self, business_id: BusinessId, key: str) -> bool:
        """Throw a draft away, with who wrote it; False where there is none."""
        ...

    async def submit(
        self, business_id: BusinessId, key: str, seen: PromptHash, by: OperatorId, now: Instant
    ) -> None:
        """Ask for a look at a draft; whoever submits it counts as one of its writers.

        Raises:
            Conflict: the draft is another by now, or waits already.
        """
        ...

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
        """Say no to a draft that waits; it stays a draft.

        Raises:
            Conflict: it is another by now, or waits no more.
            NotPermitted: some of it is theirs.
        """
        ...

    async def publish_reviewed(
        self, business_id: BusinessId, key: str, seen: PromptHash, by: OperatorId, now: Instant
    ) -> int:
        """Publish what was looked at, as `publish` does; at the same moment only one does.

        Raises:
            Conflict: it is another by now, or waits no more.
            NotPermitted: some of it is theirs.
        """
        ...

    async def review(self, business_id: BusinessId, key: str) -> DraftReview:
        """Return what is known of a draft."""
        ...

    async def submissions(self, business_id: BusinessId) -> tuple[Submission, ...]:
        """List what was submitted and not published, by key; declined ones too."""
        ...

    async def publish(self, business_id: BusinessId, prompt: Prompt, now: Instant) -> int:
        """Add the next revision and drop the draft, both or neither; gives its number.

        Versions of that question that were shown before are current no more.
        """
        ...

    async def current_surface(self, business_id: BusinessId, name: PromptHash) -> Surface | None:
        """Return where words are asked that were kept here; None where they were not.

        None, too, where they are a claim of the business's only, where they are a notice, which
        asks nothing, and where their question was published anew since they were kept.
        """
        ...

    async def keep(self, business_id: BusinessId, version: PromptVersion, revision: int) -> None:
        """Keep words before they are shown, under the hash of their content.

        `revision` is the one that they were rendered from; 0 is the question that comes with
        askfirst. Words of a revision that is not the newest any more are kept, but not current.
        """
        ...

    async def version(self, business_id: BusinessId, name: PromptHash) -> PromptVersion | None:
        """Find words by their hash. Words that no longer have it: UnsafeStorage."""
        ...


class Profiles(Protocol):
    """What businesses tell people about themselves."""

    async def profile(self, business_id: BusinessId) -> Profile:
        """Return the profile; an empty one where nothing was told."""
        ...

    async def put_profile(
        self, business_id: BusinessId, profile: Profile, now: Instant, logo: bytes | None = None
    ) -> None:
        """Keep a profile; with a logo, that too, both or neither. None leaves it as it is."""
        ...

    async def logo(self, business_id: BusinessId) -> bytes:
        """Return the picture that the profile names; empty where there is none."""
        ...


class HasPrompts(Protocol):
    """Whatever brings published prompts along."""

    @property
    def prompts(self) -> Prompts:
        """Published prompts."""
        ...


class HasProfiles(Protocol):
    """Whatever brings profiles of businesses along."""

    @property
    def profiles(self) -> Profiles:
        """Profiles of businesses."""
        ...
