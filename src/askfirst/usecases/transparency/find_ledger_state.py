"""What is wrong with the ledger, as findings: for the check-up and for readiness."""

from __future__ import annotations

from askfirst.domain.transparency.ledger_check import Damage, LedgerState
from askfirst.domain.values.finding import Finding, Severity
from askfirst.usecases.memory.ledger_watch import LedgerWatch

CHECK = "ledger"
_SOUND = Finding(
    check=CHECK,
    severity=Severity.OK,
    summary="The ledger fits together and is not behind its head, as far as it was checked.",
)


async def find_ledger_state(watch: LedgerWatch) -> tuple[Finding, ...]:
    """Return a problem for each thing that does not fit, or the one line that all is well."""
    return tuple(map(_finding, watch.damages())) or (_SOUND,)


def remedy_of(damage: Damage) -> str:
    """Return what an operator should do."""
    if damage.state is LedgerState.BEHIND:
        return (
            "Bring back the stops of that time (docs/guide/operate.md, Back up and restore), "
            "then run: askfirst ledger accept --reason …"
        )
    return (
        "Run askfirst ledger verify, restore a backup from before, or run: "
        "askfirst ledger accept --reason …"
    )


def _finding(damage: Damage) -> Finding:
    return Finding(
        check=CHECK,
        severity=Severity.PROBLEM,
        summary=f"Everything but service messages is held: {damage}.",
        remedy=remedy_of(damage),
    )
