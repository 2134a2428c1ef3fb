"""Runs a state machine of Hypothesis against stores that a test makes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def drive(
    machine: type[RuleBasedStateMachine],
    make_home: Callable[[], Awaitable[Any]],
    examples: int,
    steps: int,
) -> None:
    """Run a machine; it makes its home by `new_home`, which is `make_home`."""
    driven = type("Driven", (machine,), {"new_home": staticmethod(make_home)})
    run_state_machine_as_test(
        driven,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
