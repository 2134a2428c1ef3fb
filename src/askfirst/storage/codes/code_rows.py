"""Requests for codes as rows: what is hashed, what is sealed, what is written plainly."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from typing import Final, NamedTuple

from askfirst.domain.codes.code import Channel, Code, CodeState, StatusChange, StatusKind, area_of
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.ids import BusinessId, CodeId, PhoneNumberId, ProofId
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.codes import Typed
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row

HASH, DIGEST = 16, 15
"""Places of columns behind those that `read` reads."""


class CodeRow(NamedTuple):
    """The columns of a request as statements read it; some read more behind them."""

    code_id: str
    purpose: str
    state: str
    channels: str
    step: int
    made: int
    asked: int
    tries: int
    tries_max: int
    created_at: int
    expires_at: int
    resend_at: int
    ended_at: int | None
    history: str
    sealed: bytes


_CODE_COLUMNS: Final = len(CodeRow._fields)


class CodeRows:
    """Writes and reads rows with the keys of a keyring."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def write(self, code: Code, digits: str, key: tuple[str, bytes] | None) -> tuple[object, ...]:
        """Return the columns of statement `open_code`, but for `told`."""
        return (
            code.business_id,
            code.code_id,
            self.number(code.number),
            self._keyring.lookup("code-area:" + area_of(code.number)),
            code.purpose,
            ",".join(code.channels),
            code.step,
            self.hash(code, digits) if digits else None,
            code.made,
            code.asked,
            code.tries,
            code.tries_max,
            code.created_at,
            code.expires_at,
            code.resend_at,
            self.keys(key[0])[0] if key else None,
            self.digests(key[1])[0] if key else None,
            lines(code.history),
            self._keyring.seal(_content(code), code.code_id.encode()),
        )

    def read(self, business_id: BusinessId, columns: Row) -> Code:
        """Read a request; what comes after its columns is left alone."""
        row = CodeRow._make(columns[:_CODE_COLUMNS])
        content = json.loads(self._keyring.open(bytes(row.sealed), row.code_id.encode()))
        return Code(
            code_id=CodeId(row.code_id),
            business_id=business_id,
            number=phone_alias(content["number"]),
            purpose=row.purpose,
            state=CodeState(row.state),
            channels=tuple(Channel(name) for name in row.channels.split(",")),
            step=row.step,
            made=row.made,
            asked=row.asked,
            tries=row.tries,
            tries_max=row.tries_max,
            created_at=Instant(row.created_at),
            expires_at=Instant(row.expires_at),
            resend_at=Instant(row.resend_at),
            ended_at=Instant(row.ended_at) if row.ended_at is not None else None,
            history=_history(row.history),
            locale=content["locale"],
            sender=PhoneNumberId(content["sender"]),
            reference=content["reference"],
            address=NetworkAddress(content["address"]) if content.get("address") else None,
            prompt=PromptHash(content["prompt"]) if content["prompt"] else None,
            token=content["token"],
            proof_id=ProofId(content["proof"]) if content["proof"] else None,
        )

    def hash(self, code: Code, digits: str) -> bytes:
        """Hash a code for keeping."""
        return self._keyring.lookup(_binding(code, code.number, code.purpose, digits))

    def is_right(self, code: Code, typed: Typed, hash_: bytes) -> bool:
        """Compare under every version of the keys, each in constant time, whatever came before."""
        asked = _binding(code, typed.number or code.number, typed.purpose, typed.digits)
        found = [hmac.compare_digest(one, hash_) for one in self._keyring.lookups(asked)]
        return any(found) and bool(typed.digits)

    def number(self, number: Alias) -> bytes:
        """Hash a number for writing."""
        return self._keyring.lookup("code-number:number:" + number.counted)

    def numbers(self, number: Alias) -> list[bytes]:
        """Hash a number under every version of the keys, for finding."""
        return self._keyring.lookups("code-number:number:" + number.counted)

    def keys(self, key: str) -> list[bytes]:
        """Hash an idempotency key, the newest version first."""
        return self._keyring.lookups("code-key:" + key)

    def digests(self, digest: bytes) -> list[bytes]:
        """Hash a digest of what was asked: it was made from a number, too."""
        return self._keyring.lookups("code-digest:" + digest.hex())


def lines(history: Sequence[StatusChange]) -> str:
    """Write lines of a history, to be put behind those that are there."""
    return "".join(
        f"{mark(line.what, line.number)}{line.channel.value}:{line.at}:{line.reason}"
        for line in history
    )


def mark(what: StatusKind, number: int) -> str:
    """Return the beginning of a line: there is one of a kind for each code of a request."""
    return f";{what.value}:{number}:"


def _history(text: str) -> tuple[StatusChange, ...]:
    found = (line.split(":", 4) for line in text.split(";") if line)
    return tuple(
        StatusChange(StatusKind(what), Channel(channel), int(number), Instant(int(at)), reason)
        for what, number, channel, at, reason in found
    )


def _binding(code: Code, number: Alias, purpose: str, digits: str) -> str:
    """Name all that a code is bound to; NUL stands in none of the parts."""
    parts = ("code", code.business_id, code.code_id, number.key, purpose, digits)
    return "\0".join(parts)


def _content(code: Code) -> bytes:
    content = {
        "number": code.number.value,
        "locale": code.locale,
        "sender": code.sender,
        "reference": code.reference,
        "address": code.address.value if code.address else "",
        "prompt": code.prompt or "",
        "token": code.token,
        "proof": code.proof_id or "",
    }
    return json.dumps(content).encode()
