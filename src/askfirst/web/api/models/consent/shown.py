"""What a person was shown: its words, their name, or the token of a rendering."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from askfirst.web.api.models.base import Asked

TOKEN_MAX = 4096


class PromptWords(Asked):
    """The wording that was shown."""

    key: str = Field(description="Your name of the question.", examples=["newsletter"])
    locale: str = Field(description="Its language.", examples=["en_GB"])
    text: str = Field(
        description="Word for word what the person saw.",
        examples=["Send me offers on WhatsApp. I can stop at any time with STOP."],
    )


class PromptName(Asked):
    """The name of a wording that was recorded here before."""

    hash: str = Field(description="`sha256:` and 64 hexadecimal digits.")


class PromptTokenText(Asked):
    """The token that came with a rendering: the proof of what was shown."""

    token: str = Field(max_length=TOKEN_MAX, description="As `render` gave it. Works once.")


def _prompt_tag(value: Any) -> str:
    if isinstance(value, dict):
        return next((tag for tag in ("token", "hash") if tag in value), "words")
    return "words"


Prompt = Annotated[
    Annotated[PromptTokenText, Tag("token")]
    | Annotated[PromptWords, Tag("words")]
    | Annotated[PromptName, Tag("hash")],
    Discriminator(_prompt_tag),
]
