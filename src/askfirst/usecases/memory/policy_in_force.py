"""The policy that this process follows: another one takes its place at once, or not at all."""

from __future__ import annotations

from askfirst.decision.policy import Policy
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.finding import Finding, Severity


class PolicyInForce:
    """Holds one policy at a time; each decision is made by one of them.

    Whoever decides reads it once.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._refusal: InvalidInput | None = None

    @property
    def policy(self) -> Policy:
        """The policy that is followed now."""
        return self._policy

    def take(self, policy: Policy) -> bool:
        """Follow a policy from now on; return whether it is another one."""
        is_other = policy.fingerprint != self._policy.fingerprint
        self._policy, self._refusal = policy, None
        return is_other

    def refuse(self, error: InvalidInput) -> None:
        """Remember why the newest file is not followed; the policy stays as it is."""
        self._refusal = error

    async def find(self) -> tuple[Finding, ...]:
        """Return what is followed, and what is wrong with the file."""
        followed = f"The policy {self._policy.fingerprint} is followed."
        if self._refusal is None:
            return (Finding(check="policy", severity=Severity.OK, summary=followed),)
        error = self._refusal
        return (
            Finding(
                check="policy",
                severity=Severity.WARNING,
                summary=f"The policy file is not followed: {error.field} {error.message}. "
                f"{followed}",
                remedy="Mend the file; `askfirst policy lint` says what is wrong with it.",
            ),
        )
