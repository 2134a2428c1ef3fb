"""Errors, as they are documented."""

from __future__ import annotations

from pydantic import Field

from askfirst.web.api.models.base import Told


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
