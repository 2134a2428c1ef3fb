"""What comes back with an answer and proves what was shown.

A token is made when a question is rendered and signed with a key of the server's (see
`ports.tokens`). It names the business, the exact version of the words, the surface and the
purposes, lives a short time, and is used once: an answer that was altered, forged, replayed for
somebody else or taken from another business's page is not one that a prompt was shown for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from askfirst.domain.prompts.prompt import PromptHash, PromptKind, PromptVersion, Surface
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant

_UNKNOWN: Final = "is not a prompt token of ours; render the question again"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptToken:
    """One rendering of one prompt. `token_id` is unguessable and makes it single use."""

    token_id: str
    business_id: BusinessId
    prompt: PromptHash
    key: str
    locale: str
    surface: Surface
    purposes: tuple[str, ...]
    expires_at: Instant
    kind: PromptKind = PromptKind.QUESTION

    def is_expired(self, now: Instant) -> bool:
        """Whether it came back too late to prove anything."""
        return now >= self.expires_at

    def fields(self) -> dict[str, Any]:
        """Write it down, to be signed. Short names: it travels in every form."""
        return {
            "id": self.token_id,
            "b": self.business_id,
            "h": self.prompt.removeprefix("sha256:"),
            "k": self.key,
            "l": self.locale,
            "s": self.surface.value,
            "p": list(self.purposes),
            "e": self.expires_at,
            "n": self.kind.value,
        }


def prompt_token(
    version: PromptVersion, *, business: BusinessId, token_id: str, until: Instant
) -> PromptToken:
    """Make the token of words that are about to be shown."""
    return PromptToken(
        token_id=token_id,
        business_id=business,
        prompt=version.hash,
        key=version.key,
        locale=version.locale,
        surface=version.surface,
        purposes=version.purposes,
        expires_at=until,
        kind=version.kind,
    )


def read_prompt_token(fields: Mapping[str, Any], field: str) -> PromptToken:
    """Read what `fields` wrote. The signature was checked before; what is inside is ours."""
    try:
        return PromptToken(
            token_id=fields["id"],
            business_id=BusinessId(fields["b"]),
            prompt=PromptHash("sha256:" + fields["h"]),
            key=fields["k"],
            locale=fields["l"],
            surface=Surface(fields["s"]),
            purposes=tuple(fields["p"]),
            expires_at=Instant(fields["e"]),
            kind=PromptKind(fields["n"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(field, _UNKNOWN) from error
