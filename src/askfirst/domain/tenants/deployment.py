"""Where this askfirst is reached from outside, and for how long what it shows may be answered."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.values.timestamp import HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Addresses without a slash at the end. `prompt_token_life` is in microseconds."""

    public_url: str = "http://127.0.0.1:8080"
    chat_url: str = "https://wa.me"
    prompt_token_life: int = HOUR

    @property
    def origin(self) -> str:
        """The origin of the public pages: scheme, host and port (RFC 6454)."""
        scheme, _, rest = self.public_url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"
