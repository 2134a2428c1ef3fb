"""Read purposes by their names: the built-in ones, and the topics of the policy."""

from __future__ import annotations

from collections.abc import Sequence

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import CONSENTED, Purpose, parse_purpose
from askfirst.ports.sending.asking_policy import HasAskingPolicy


def read_purpose(services: HasAskingPolicy, name: str, field: str) -> Purpose:
    """Read one purpose; InvalidInput where nothing is called so."""
    return parse_purpose(name, services.policy.topics, field)


def list_purposes(services: HasAskingPolicy) -> tuple[Purpose, ...]:
    """Return every purpose that needs a yes: the built-in ones, each with the topics under it."""
    named = sorted({*services.policy.topics, *(category.value for category in CONSENTED)})
    return tuple(Purpose(name) for name in named)


def read_purposes(services: HasAskingPolicy, names: Sequence[str]) -> tuple[Purpose, ...]:
    """Read purposes, each named once; InvalidInput names the first that is not right."""
    if len(set(names)) != len(names):
        raise InvalidInput("purposes", "must name each purpose once")
    return tuple(
        read_purpose(services, name, f"purposes[{index}]") for index, name in enumerate(names)
    )
