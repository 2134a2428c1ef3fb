"""What a business keeps at Meta beside templates and links: files, uploads, flows, settings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file that was uploaded, or that a person sent."""

    file_id: str
    phone_number_id: str
    mime_type: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(slots=True, kw_only=True)
class UploadSession:
    """A resumable upload: what has come of it."""

    session_id: str
    length: int
    mime_type: str
    content: bytearray = field(default_factory=bytearray)


@dataclass(slots=True, kw_only=True)
class Flow:
    """A flow, in Meta's words."""

    flow_id: str
    waba_id: str
    name: str
    categories: list[str]
    status: str = "DRAFT"
    endpoint_uri: str = ""
    document: str = ""


@dataclass(slots=True)
class Belongings:
    """Everything of that kind that there is. `settings` are per number and edge, as posted."""

    files: dict[str, StoredFile] = field(default_factory=dict)
    uploads: dict[str, UploadSession] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    settings: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    shut_out: dict[str, dict[str, None]] = field(default_factory=dict)
    """Whom each number blocks, by `wa_id`, oldest first."""
