"""What can go wrong, as one tree.

AskfirstError
├── InvalidInput            a value is not valid; `field` names it
│   └── UnknownReference    a named thing (purpose, prompt, sender, contact) does not exist
├── Conflict                it does not go together with what is there
│   └── Erased              whoever is named was erased; only their own signed yes counts again
├── NotAuthenticated        the caller is not known
├── NotPermitted            the caller may not do this
├── TooMany                 a limit is reached; `policy` names it
├── Unavailable             the answer cannot be known now; retrying later may help
├── LedgerDamaged           what is to be signed does not fit together; an operator must look
└── UnsafeStorage           the database cannot keep the promise; the process must not start
"""

from __future__ import annotations

from askfirst.domain.values.storage_trouble import StorageTrouble


class AskfirstError(Exception):
    """Something went wrong; `code` is stable, `str(error)` is safe to show."""

    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(AskfirstError):
    """A value is not valid: `field` is its path, `message` says what would be right."""

    code = "invalid_input"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class UnknownReference(InvalidInput):
    """The value is well formed, but names nothing that exists here."""

    code = "unknown_reference"


class Conflict(AskfirstError):
    """It does not go together with what is there: a key used before, or no sender in service."""

    code = "conflict"


class Erased(Conflict):
    """Whoever is named was erased: nobody's claim of a yes counts, only a message of their own."""

    def __init__(self) -> None:
        super().__init__(
            "this person was erased: a yes counts again once they say it themselves, in WhatsApp"
        )


class NotAuthenticated(AskfirstError):
    """The caller gave no key, or one that is not alive."""

    code = "not_authenticated"


class NotPermitted(AskfirstError):
    """The caller may not do this; `needed` names the scope that its key lacks, if it is that."""

    code = "not_permitted"

    def __init__(self, message: str, *, needed: str = "") -> None:
        super().__init__(message)
        self.needed = needed


class Unavailable(AskfirstError):
    """Nothing is acknowledged; send it again with the same Idempotency-Key.

    It may be known in `retry_after_seconds`. Where the connection to the database broke while it
    was being written, nobody knows yet whether it was. `trouble` is the cause, where the
    database told one.
    """

    code = "unavailable"

    def __init__(
        self,
        message: str,
        *,
        retry_after_seconds: int = 1,
        trouble: StorageTrouble | None = None,
    ) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        self.trouble = trouble


class TooMany(AskfirstError):
    """A limit is reached: nothing was done; later, or another way, it may be.

    `retry_after_seconds` None: waiting is not what helps.
    """

    code = "too_many"

    def __init__(self, message: str, *, policy: str, retry_after_seconds: int | None) -> None:
        super().__init__(message)
        self.policy = policy
        self.retry_after_seconds = retry_after_seconds


class LedgerDamaged(AskfirstError):
    """What stands in the ledger does not fit together, so nothing is signed about it."""

    code = "ledger_damaged"


class UnsafeStorage(AskfirstError):
    """A setting of the database breaks the promise that an acknowledged event is kept."""

    code = "unsafe_storage"
