"""Pure array functions of the directory: distances, places in order, runs of candidates.

A place is a unit vector (3, n). Between two of them, hav(angle) = chord^2 / 4, so the squared
chord orders places as distance does, and needs no trigonometry.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices
from mshg.meetings.parameters import EARTH_RADIUS_KM

Longs = NDArray[np.int64]

BAND_DEGREES = 0.5
"""Height of a band of latitude (judgment: near the reach of a search in town)."""

BANDS = int(180 / BAND_DEGREES) + 1
BAND_KEYS = 512.0
"""Width of a band on the line of keys; more than its 360 degrees."""

_SLACK_DEGREES = 1e-7  # runs may hold too much, never too little


def unit_vectors(latitude: Floats, longitude: Floats) -> Floats:
    """Points of the unit sphere (3, n) at degrees north and east (n,)."""
    north, east = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


def squared_chords(some: Floats, others: Floats) -> Floats:
    """Squared straight distance (n,) between points of the unit sphere, both (3, n)."""
    x, y, z = some[0] - others[0], some[1] - others[1], some[2] - others[2]
    return np.asarray(x * x + y * y + z * z)


def angles(chords: Floats) -> Floats:
    """Angle in radians that a squared chord spans: the haversine formula, solved."""
    return 2 * np.arcsin(np.minimum(np.sqrt(chords) / 2, 1))


def kilometers(chords: Floats) -> Floats:
    """Great-circle distance on a sphere of `EARTH_RADIUS_KM`. NaN stays NaN."""
    return EARTH_RADIUS_KM * angles(chords)


def curve(latitude: Floats, longitude: Floats) -> Longs:
    """Place on a Z-order curve (Morton 1966): neighbors on it are mostly near each other."""
    share = np.array([latitude + 90, (longitude + 180) / 2]) / 180
    north, east = _spread(np.minimum(share * 65_536, 65_535).astype(np.int64))
    return np.asarray(north | east << 1)


def _spread(bits: Longs) -> Longs:
    """Sixteen bits, each followed by an empty one."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | bits << shift) & mask
    return bits


def band_keys(latitude: Floats, longitude: Floats) -> Floats:
    """Place on a line of bands of latitude, each from west to east."""
    return _bands(latitude) * BAND_KEYS + (longitude + 180)


def _bands(latitude: Floats) -> Longs:
    band = np.minimum(np.maximum((latitude + 90) // BAND_DEGREES, 0), BANDS - 1)
    return np.asarray(band, np.int64)


def cap_runs(latitude: Floats, longitude: Floats, angle: Floats) -> tuple[Indices, Floats, Floats]:
    """Runs of `band_keys` that hold every point within an angle (radians) of each place.

    Returns the place that each run is of, in order, and the run's first and last key. A cap that
    holds a pole takes whole bands; one over the antimeridian, two runs a band.
    """
    reach = np.degrees(angle) + _SLACK_DEGREES
    south, north = _bands(np.array([latitude - reach, latitude + reach]))
    owner, band = expand(south, north + 1)
    holds_pole = np.abs(latitude) + reach >= 90
    sine = np.sin(np.radians(np.minimum(reach, 90))) / np.cos(np.radians(latitude))
    half = np.degrees(np.arcsin(np.minimum(sine, 1))) + _SLACK_DEGREES
    half = np.where(holds_pole, 180, half)
    west, east = longitude - half, longitude + half
    base = band * BAND_KEYS + 180
    first, last = base + np.maximum(west, -180)[owner], base + np.minimum(east, 180)[owner]
    over = ((west < -180) | (east > 180))[owner]
    if not is_any(over):
        return owner, first, last
    beyond_west = np.where(west < -180, west + 360, -180)[owner]
    beyond_east = np.where(west < -180, 180, east - 360)[owner]
    owner = np.concatenate([owner, owner[over]])
    first = np.concatenate([first, (base + beyond_west)[over]])
    last = np.concatenate([last, (base + beyond_east)[over]])
    order = np.argsort(owner, kind="stable")
    return owner[order], first[order], last[order]


def is_any(holds: NDArray[Any]) -> bool:
    """Whether something is true; quicker than ``any`` where there are few."""
    return bool(np.count_nonzero(holds))


def expand(starts: NDArray[Any], stops: NDArray[Any]) -> tuple[Indices, Indices]:
    """Every position of runs [start, stop), and the run that each is of."""
    lengths = np.maximum(stops - starts, 0)
    owner = np.arange(len(lengths)).repeat(lengths)
    before = lengths.cumsum() - lengths
    return owner, np.arange(len(owner)) + (starts - before)[owner]


def overlaps(start: Longs, length: Longs, since: Longs, until: Longs, cycle: int) -> Booleans:
    """Whether stretches of a cycle, by start and length, share a moment with others."""
    has_any = (until > since) & ((since - start) % cycle < length)
    return np.asarray(has_any | ((start - since) % cycle < until - since))


def first_of_each(rows: Indices, things: Indices) -> Booleans:
    """Where a row's thing stands for the first time."""
    key = rows * (int(things.max(initial=0)) + 1) + things
    order = key.argsort(kind="stable")
    key = key[order]
    first = np.ones(len(rows), bool)
    first[order[1:]] = key[1:] != key[:-1]
    return first


def places_in_row(rows: Indices) -> Indices:
    """0, 1, 2, … within each stretch of equal rows; rows are sorted."""
    index = np.arange(len(rows))
    is_first = np.ones(len(rows), bool)
    is_first[1:] = rows[1:] != rows[:-1]
    return index - np.maximum.accumulate(np.where(is_first, index, 0))


def holds_any(masks: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> Booleans:
    """Whether bit masks (words, n) share a bit with those wanted."""
    return np.asarray((masks & wanted).any(axis=0))


def holds_all(masks: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> Booleans:
    """Whether bit masks (words, n) have every bit of those wanted."""
    return np.asarray(((masks & wanted) == wanted).all(axis=0))
