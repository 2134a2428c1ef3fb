"""All that can be asked of the rules of the gate, as one value that is handed to the use cases."""

from __future__ import annotations

from typing import Final

from askfirst.decision.decide import decide, decide_and_count, objection
from askfirst.decision.decide_again import decide_again
from askfirst.decision.telling.effect import effect_of, is_proof_needed
from askfirst.decision.telling.explain import explain


class GateRules:
    """One book of rules, asked in several ways; each of them is a plain function."""

    __slots__ = ()

    decide = staticmethod(decide)
    decide_and_count = staticmethod(decide_and_count)
    objection = staticmethod(objection)
    decide_again = staticmethod(decide_again)
    effect_of = staticmethod(effect_of)
    is_proof_needed = staticmethod(is_proof_needed)
    explain = staticmethod(explain)


GATE_RULES: Final = GateRules()
