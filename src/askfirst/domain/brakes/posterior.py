"""How sure one may be that a rate is above a bound: the tail of a Beta posterior.

The regularised incomplete beta function is computed by its continued fraction, evaluated as Lentz
describes. Source: NIST Digital Library of Mathematical Functions, 8.17.22 and 8.17.4.
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p
from typing import Final

_STEPS_MAX: Final = 500
_CLOSE: Final = 1e-12
_TINY: Final = 1e-300


def chance_above(bound: float, hits: float, misses: float) -> float:
    """Return P(rate > bound) where the rate is Beta(hits, misses); both must be above 0."""
    if bound <= 0:
        return 1.0
    if bound >= 1:
        return 0.0
    return 1.0 - _incomplete_beta(bound, hits, misses)


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Return I_x(a, b); the fraction converges fast on one side, and is mirrored on the other."""
    front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b))
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(x, a, b) / a)
    return max(0.0, 1.0 - front * _fraction(1 - x, b, a) / b)


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    value = d
    for step in range(1, _STEPS_MAX):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        d, c = _inverse(1 + even * d), _away_from_zero(1 + even / c)
        value *= d * c
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        d, c = _inverse(1 + odd * d), _away_from_zero(1 + odd / c)
        value *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _inverse(value: float) -> float:
    return 1 / _away_from_zero(value)
