"""What all models of the REST face are made of, and errors as they are documented."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from askfirst.domain.prompts.prompt import Surface

PURPOSES_MAX = 32
TEXT_MAX = 256
PAGE_DEFAULT, PAGE_MAX = 100, 1000
Locale = Annotated[str, Field(max_length=35, examples=["fr"])]
PromptKey = Annotated[
    str, Field(max_length=64, description="The name of the prompt.", examples=["signup"])
]
Where = Annotated[Surface, Field(strict=False)]
AssuranceName = Literal["asserted", "shown", "confirmed"]
NumberProofName = Literal["typed", "vouched", "proven"]
Time = Annotated[str, Field(examples=["2026-01-31T09:00:00.000000Z"])]
ContactIdText = Annotated[
    str,
    Field(description="The id of the contact.", examples=["con_01KGA2V8M0H2J4K6M8N0P2Q4R6"]),
]


class Asked(BaseModel):
    """Input: nothing is guessed, nothing unknown is overlooked."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Told(BaseModel):
    """Output."""

    model_config = ConfigDict(frozen=True)


class PageQuery(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: str = Field("", max_length=1024, description="`next_cursor` of the page before.")
    limit: int = Field(PAGE_DEFAULT, ge=1, le=PAGE_MAX, description="How many, at most.")


class FieldProblem(Told):
    """What one field must be."""

    field: str = Field(description="The path of the field.", examples=["contact.phone"])
    message: str = Field(description="What would be right.")


class ProblemAnswer(Told):
    """An error (RFC 9457). `code` is stable; values that were sent are never repeated."""

    type: str = Field(description="Where it is explained.", examples=["/problems/invalid_input"])
    title: str = Field(description="What kind of problem it is.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong with this call.")
    code: str = Field(description="What kind of problem it is, for programs. It never changes.")
    errors: list[FieldProblem] = Field(
        default_factory=list, description="The fields that are wrong, if it is fields."
    )
    retry_after: int | None = Field(None, description="Seconds.")
    policy: str | None = Field(None, description="The limit that is reached (`too_many`).")
