"""The closed form of the modified BG/NBD model, and the population that its numbers stand for.

still_engaged.csv was made by bench/still_engaged_golden.py with `conditional_probability_alive` of
the ModifiedBetaGeoFitter of lifetimes 0.11.3, parameters set by hand, nothing fitted.
"""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from mshg.engagement import DEFAULT_PARAMETERS
from mshg.engagement.kernels import still_engaged

TABLE = (Path(__file__).parent / "still_engaged.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(TABLE.splitlines()))


def test_agrees_with_lifetimes():
    assert len(ROWS) == 4 * 9 * 8
    for row in ROWS:
        shape, scale, a, b, frequency, recency, age, expected = map(float, row.values())
        found = still_engaged(frequency, recency, age, shape=shape, scale=scale, a=a, b=b)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-15), row


def test_seen_once_is_not_engaged_for_ever():
    """Plain BG/NBD calls everyone seen once engaged for ever; this one does not."""
    # one meeting 365 days ago: 1 / (1 + 0.7 / 12.2 ((7 + 365) / 7)^2) = 1 / (1 + 162.04) = 0.00613
    found = still_engaged(0, 0, 365, shape=2, scale=7, a=0.7, b=12.2)
    assert found == pytest.approx(1 / (1 + 0.7 / 12.2 * (372 / 7) ** 2), rel=1e-14)
    assert found < 0.01


def test_numbers_beyond_any_history_neither_warn_nor_overflow():
    frequency = np.array([0, 1e6, 1e12, 1e300])
    found = still_engaged(frequency, 1.0, 1e9, shape=2, scale=7, a=0.7, b=12.2)
    assert found.tolist() == [pytest.approx(0), 0, 0, 0]
    assert still_engaged(1e300, 1e9, 1e9, shape=2, scale=7, a=0.7, b=12.2) == 1


@pytest.mark.parametrize(("days", "expected"), [(90, 0.50), (365, 0.26)])
def test_the_population_keeps_as_many_as_the_surveys_say(days, expected):
    """Half of those who come once still take part after 90 days, 26 in 100 after a year."""
    # Somebody with pace l and chance p of leaving after each meeting, the first among them, is
    # still there at t with (1 - p) exp(-l p t). Over the gamma of l that is
    # (1 - p) (scale / (scale + p t))^shape; over the beta of p it is summed here by the midpoint
    # rule in u = p^a, which takes the pole at 0 away.
    p = DEFAULT_PARAMETERS
    n = 20_000
    total = kept = 0.0
    for i in range(n):
        leaving = ((i + 0.5) / n) ** (1 / p.leaving_a)
        weight = (1 - leaving) ** (p.leaving_b - 1)
        pace = p.pace_scale_days / (p.pace_scale_days + leaving * days)
        total += weight
        kept += weight * (1 - leaving) * pace**p.pace_shape
    assert kept / total == pytest.approx(expected, abs=0.005)
    assert math.isclose(p.pace_shape / p.pace_scale_days * 7, 2)  # two meetings a week on average
