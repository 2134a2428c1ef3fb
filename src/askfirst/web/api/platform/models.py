"""What all models of the REST face are made of, and errors as they are documented."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from askfirst.domain.prompts.prompt import Surface

PURPOSES_MAX = 32
TEXT_MAX = 256
PAGE_DEFAULT, PAGE_MAX = 100, 1000
Locale = Annotated[str, Field(max_length=35, examples=["fr"])]
PromptKey = Annotated[str, Field(max_length=64, examples=["signup"])]
Where = Annotated[Surface, Field(strict=False)]
AssuranceName = Literal["asserted", "shown", "confirmed"]
NumberProofName = Literal["typed", "vouched", "proven"]
Time = Annotated[str, Field(examples=["2026-01-31T09:00:00.000000Z"])]
ContactIdText = Annotated[str, Field(examples=["con_01KGA2V8M0H2J4K6M8N0P2Q4R6"])]


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

    field: str = Field(examples=["contact.phone"])
    message: str


class ProblemAnswer(Told):
    """An error (RFC 9457). `code` is stable; values that were sent are never repeated."""

    type: str = Field(examples=["/problems/invalid_input"])
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = Field(default_factory=list)
    retry_after: int | None = Field(None, description="Seconds.")
    policy: str | None = Field(None, description="The limit that is reached (`too_many`).")
