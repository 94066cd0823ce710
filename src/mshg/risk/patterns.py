"""From weekly patterns of use to the inputs of risk, for many people at once."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import MOST_SHOWN, Booleans
from mshg._checks import broken, enforce
from mshg.errors import Problem, ValidationError
from mshg.outcomes.patterns import CODES, UNKNOWN, Codes, Given, refuse, tables_of, weeks_of
from mshg.risk.inputs import RiskColumns
from mshg.risk.kernels import blocks
from mshg.risk.parameters import DAYS_A_WEEK, KEPT_A_WEEK, USE_BEFORE

_WINDOW = 4  # weeks, on either side of a fall in attendance
_USE, _NO_USE, _MISSING, _MIXED = CODES.rstrip("_").encode()
_IS_CODE = np.isin(np.arange(256), list(CODES.encode()))


def columns_from_patterns(
    patterns: Given,
    weeks: ArrayLike,
    *,
    meetings: Given | None = None,
    contacts: Given | None = None,
) -> RiskColumns:
    """What weekly patterns tell: row i is ``patterns[i]`` as known at the end of ``weeks[i]``.

    Nothing later is looked at. ``use_rate`` and ``missed_rate`` are shares of the scheduled weeks
    with use and without an answer, a week counting half as much after fourteen days more. Before
    the first week both count one that was answered and half of use, so that a short pattern
    says less than a long one; it soon fades.
    ``abstinent_weeks`` are those known without use since the last use: a missing week neither
    counts nor breaks them, since no news is not abstinence. ``attendance_trend`` is the answered
    weeks among the last four scheduled, less those among the four before, from eight weeks on.

    Parameters
    ----------
    patterns
        One character a week: ``+`` use, ``-`` no use, ``o`` missing, ``*`` mixed (counts as use),
        ``_`` not scheduled (counts as nothing); in all the shapes that
        `mshg.outcomes.read_patterns` takes, but not read already.
    weeks
        Whole numbers (n,), or one for all: how many weeks are known, from 1 to the pattern's
        length.
    meetings, contacts
        Patterns of the same people, as `mshg.outcomes.patterns_from_events` gives them with ``of``:
        ``-`` a week with a meeting, or with any contact, ``o`` one without. Without ``contacts`` a
        week that was answered counts as one with a contact, and no other; without ``meetings``
        nothing is known of them, since a test or an answer is no meeting.

    Raises
    ------
    ValidationError
        Rows that are no patterns, other characters among the known weeks, and weeks out of range.

    See ``docs/explanation/risk-model-and-limits.md``.

    Examples
    --------
    >>> from mshg import risk
    >>> columns = risk.columns_from_patterns(["--+-oo", "------"], 4)
    >>> columns["days_since_use"], columns["abstinent_weeks"]
    (array([ 7., nan]), array([1., 4.]))
    """
    tables, wrong = tables_of(patterns)
    refuse(wrong)
    known = _known_weeks(weeks, weeks_of(tables))
    found: dict[str, Any] = {name: np.empty(len(known)) for name in _NAMES}
    for codes, rows in tables:
        every = np.arange(len(codes)) if rows is None else rows
        for block in blocks(len(codes)):
            here, now = every[block], known[every[block]]
            wrong |= dict.fromkeys(here[_has_others(codes[block], now)].tolist(), UNKNOWN)
            for name, values in _stepped(codes[block], now).items():
                found[name][here] = values
    refuse(wrong)
    for name, given in (("meeting", meetings), ("contact", contacts)):
        if given is not None:
            found[f"weeks_without_{name}"] = _weeks_without(given, known, f"{name}s")
    return RiskColumns(**found)


def _weeks_without(given: Given, known: NDArray[np.int64], name: str) -> NDArray[np.float64]:
    """Weeks since the last one with a meeting or contact; NaN where there is none."""
    tables, wrong = tables_of(given)
    refuse(wrong)
    lengths = weeks_of(tables)
    fits = len(lengths) == len(known) and bool((lengths >= known).all())
    rule = "must be patterns of the same people and weeks"
    enforce(**{name: () if fits else broken(rule, code="conflict")})
    found = np.full(len(known), np.nan)
    for codes, rows in tables:
        every = np.arange(len(codes)) if rows is None else rows
        is_seen = (codes == _NO_USE) & (np.arange(codes.shape[1]) < known[every][:, None])
        last = codes.shape[1] - 1 - is_seen[:, ::-1].argmax(axis=1)
        found[every] = np.where(is_seen.any(axis=1), known[every] - 1 - last, np.nan)
    return found


_NAMES = (
    "use_rate",
    "days_since_use",
    "abstinent_weeks",
    "missed_rate",
    "weeks_without_contact",
    "attendance_trend",
    "days_in_program",
)


def _stepped(codes: Codes, known: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Step through the weeks, all people at once; a week that is not known changes nothing."""
    people = len(codes)
    use, scheduled = np.full(people, USE_BEFORE), np.ones(people)  # of the week before the first
    missed, count, abstinent, absent = np.zeros((4, people))
    since = np.full(people, np.nan)
    answered = np.zeros((2 * _WINDOW, people))  # of the last scheduled weeks, the newest last
    for week in range(int(known.max(initial=0))):
        code, is_known = codes[:, week], week < known
        is_use = is_known & ((code == _USE) | (code == _MIXED))
        is_missed = is_known & (code == _MISSING)
        is_answered = is_use | (is_known & (code == _NO_USE))
        is_due = is_answered | is_missed
        kept = np.where(is_known, KEPT_A_WEEK, 1.0)
        use = use * kept + is_use
        missed = missed * kept + is_missed
        scheduled = scheduled * kept + is_due
        count += is_due
        since = np.where(is_use, 0, since + is_known)
        abstinent = np.where(is_use, 0, abstinent + (is_answered & ~is_use))
        absent = np.where(is_answered, 0, absent + is_missed)
        answered[:-1, is_due] = answered[1:, is_due]
        answered[-1, is_due] = is_answered[is_due]
    share = np.where(count > 0, scheduled, np.nan)
    trend = answered[_WINDOW:].sum(axis=0) - answered[:_WINDOW].sum(axis=0)
    return {
        "use_rate": use / share,
        "days_since_use": since * DAYS_A_WEEK,
        "abstinent_weeks": np.where(count > 0, abstinent, np.nan),
        "missed_rate": missed / share,
        "weeks_without_contact": np.where(count > 0, absent, np.nan),
        "attendance_trend": np.where(count >= 2 * _WINDOW, trend, np.nan),
        "days_in_program": known * float(DAYS_A_WEEK),
    }


def _known_weeks(weeks: ArrayLike, lengths: NDArray[np.int32]) -> NDArray[np.int64]:
    try:
        given = np.asarray(None if isinstance(weeks, np.ma.MaskedArray) else weeks)
    except ValueError:  # ragged
        given = np.asarray(None)
    kind = given.dtype.kind
    is_whole = kind in "iu" or (kind == "f" and np.array_equal(given, given.round()))
    if not is_whole or given.shape not in ((), lengths.shape):
        raise ValidationError(
            [Problem("$.weeks", "must be whole numbers, one for each pattern", code="wrong_shape")]
        )
    known = np.broadcast_to(given, lengths.shape)
    wrong = np.flatnonzero((known < 1) | (known > lengths))
    rule = "must be from 1 to the number of weeks in the pattern"
    if len(wrong):
        raise ValidationError(
            Problem(f"$.weeks[{i}]", rule, "out_of_range", (1, int(lengths[i])))
            for i in wrong[:MOST_SHOWN].tolist()
        )
    return known.astype(np.int64)


def _has_others(codes: Codes, known: NDArray[np.int64]) -> Booleans:
    """Whether a row has other characters among its known weeks."""
    is_known = np.arange(codes.shape[1]) < known[:, None]
    has_others: Booleans = np.any(~_IS_CODE[codes] & is_known, axis=1)
    return has_others
