"""Scoring of published instruments: ranges, reversed items, sums and cut-offs. No item text.

Only rules that were read are here: in the instrument's own documents or in code that cites them,
or, flagged ``from abstract``, in an abstract or a secondary page. A person who left an item open
that a score needs gets no such score: no published rule for filling it in was seen. What a total
means for risk, and what it does not: ``docs/explanation/risk-model-and-limits.md``.
"""

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import MOST_SHOWN, Booleans, as_array, as_matrix, read_only
from mshg._checks import broken, enforce
from mshg._columns import Missing, with_missing
from mshg._mappings import FrozenMapping
from mshg._results import Result
from mshg.errors import Problem, ValidationError

READ, FROM_ABSTRACT = "read", "from abstract"
Cuts = Mapping[str, tuple[str, float, float]]


def _items(value: Mapping[str, tuple[int, ...]]) -> Mapping[str, tuple[int, ...]]:
    return FrozenMapping(value)


def _cuts(value: Cuts) -> Cuts:
    return FrozenMapping(value)


def _arrays(value: Mapping[str, NDArray[np.float64]]) -> Mapping[str, NDArray[np.float64]]:
    return FrozenMapping(value)


def _whether(value: Mapping[str, Booleans]) -> Mapping[str, Booleans]:
    return FrozenMapping(value)


@frozen(kw_only=True)
class Instrument:
    """How an instrument is scored. Items are counted from 1, as on its form.

    Parameters
    ----------
    name
        Its name.
    items
        How many items it has.
    lowest, highest
        Lowest and highest answer to an item, a whole number.
    scores
        Which items each score adds up.
    reversed_items
        Items whose answer is turned round before it is added.
    even_items
        Items whose answer is 0, 2 or 4.
    bands
        For ``total``: the name and the lowest total of each band, rising; empty where there are
        none, or none that was verified.
    cuts
        Cut-offs by name: the score and the lowest and highest value that meet it.
    evidence
        ``read`` or ``from abstract``.
    source, license
        Where the rules were read; what was seen on its terms. None seen is no permission.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    name: str
    items: int
    lowest: int
    highest: int
    scores: Mapping[str, tuple[int, ...]] = field(converter=_items)
    reversed_items: tuple[int, ...] = ()
    even_items: tuple[int, ...] = ()
    bands: tuple[tuple[str, float], ...] = ()
    cuts: Cuts = field(factory=FrozenMapping, converter=_cuts)
    evidence: str
    source: str
    license: str


@frozen(kw_only=True, eq=False, repr=False)
class InstrumentScores(Result):
    """Scores of n people on one instrument.

    Parameters
    ----------
    instrument
        How it was scored.
    scores
        Each score (n,); NaN where an item that it needs was left open.
    band
        Place (n,) among the instrument's bands; -1 where there is no total or no band.
    cuts
        Whether each cut-off is met, (n,); False as well where there is no score. `met` tells the
        two apart.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    instrument: Instrument
    scores: Mapping[str, NDArray[np.float64]] = field(converter=_arrays)
    band: NDArray[np.int8]
    cuts: Mapping[str, Booleans] = field(converter=_whether)

    def met(self, cut: str) -> NDArray[np.float64]:
        """Whether a cut-off is met, (n,), as `RiskColumns` take it: 1, 0, or NaN without a score.

        An open item on suicide is no answer, and must not pass for a no.
        """
        of, _, _ = self.instrument.cuts[cut]
        return np.where(np.isnan(self.scores[of]), np.nan, self.cuts[cut])

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name: ``score_total``, ``band``, ``cut_…`` where there are any.

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        scores = {f"score_{name}": values for name, values in self.scores.items()}
        cuts = {f"cut_{name}": values for name, values in self.cuts.items()}
        return with_missing({**scores, "band": self.band, **cuts}, missing)

    def _content(self) -> dict[str, Any]:
        return super()._content() | {"instrument": self.instrument.name}

    def __len__(self) -> int:
        return len(self.band)

    def __repr__(self) -> str:
        return f"InstrumentScores({len(self)} people, {self.instrument.name})"


def score(instrument: str, answers: ArrayLike) -> InstrumentScores:
    """Score an instrument for many people.

    Parameters
    ----------
    instrument
        A key of `INSTRUMENTS`.
    answers
        Whole numbers (n, items) as on the form, before anything is turned round, NaN for an item
        left open; one row (items,) for one person.

    Raises
    ------
    ValidationError
        An unknown instrument, another number of items, and answers out of range, with places.

    See ``docs/explanation/risk-model-and-limits.md`` for what a total may and may not say.

    Examples
    --------
    >>> from mshg.risk import instruments
    >>> found = instruments.score("phq9", [1, 1, 0, 2, 1, 0, 1, 0, 1])
    >>> found.scores["total"], found.instrument.bands[found.band[0]]
    (array([7.]), ('5 to 9', 5))
    >>> found.met("suicidal_thoughts")
    array([1.])
    """
    if instrument not in INSTRUMENTS:
        enforce(
            instrument=broken(
                f"must be one of: {', '.join(INSTRUMENTS)}",
                code="not_one_of",
                allowed=tuple(INSTRUMENTS),
            )
        )
    rules = INSTRUMENTS[instrument]
    given = as_array(answers, "answers")
    given = given[None] if given.ndim == 1 else given
    items = as_matrix(given, "answers", rules.items, "fiu").astype(np.float64)
    _refuse_others(items, rules)
    if instrument in _SKIPS:
        items = _with_skips(items, _SKIPS[instrument])
    turned = [i - 1 for i in rules.reversed_items]
    items[:, turned] = rules.lowest + rules.highest - items[:, turned]
    scores = {
        name: read_only(items[:, [i - 1 for i in parts]].sum(axis=1))
        for name, parts in rules.scores.items()
    }
    cuts = {
        name: read_only((scores[of] >= low) & (scores[of] <= high))
        for name, (of, low, high) in rules.cuts.items()
    }
    return InstrumentScores(
        instrument=rules, scores=scores, band=read_only(_bands(scores, rules)), cuts=cuts
    )


def _bands(scores: Mapping[str, NDArray[np.float64]], rules: Instrument) -> NDArray[np.int8]:
    total = next(iter(scores.values()))
    reached = sum(((total >= low).astype(np.int8) for _, low in rules.bands), np.int8(0))
    return (np.zeros(len(total), np.int8) + reached - 1).astype(np.int8)


def _refuse_others(items: NDArray[np.float64], rules: Instrument) -> None:
    low, high = rules.lowest, rules.highest
    fits = (items >= low) & (items <= high) & (items == np.floor(items))
    even = [i - 1 for i in rules.even_items]
    fits[:, even] &= items[:, even] % 2 == 0
    wrong = np.argwhere(~(fits | np.isnan(items)))[:MOST_SHOWN].tolist()
    rule = f"must be a whole number from {low} to {high} as on the form, or NaN for open"
    if wrong:
        raise ValidationError(
            Problem(f"$.answers[{i}, {j}]", rule, "out_of_range", (low, high)) for i, j in wrong
        )


def _with_skips(
    items: NDArray[np.float64], skips: Iterable[tuple[int, int]]
) -> NDArray[np.float64]:
    """Count 0 for an item that the form skips because another was answered with 0."""
    for asked, skipped in skips:
        is_skipped = (items[:, asked - 1] == 0) & np.isnan(items[:, skipped - 1])
        items[is_skipped, skipped - 1] = 0
    return items


def _all(items: int) -> dict[str, tuple[int, ...]]:
    return {"total": tuple(range(1, items + 1))}


_SKIPS = {"bam": ((4, 5),), "bam_r": ((4, 5),)}
_BAM = {
    "use": (4, 5, 6),
    "risk": (1, 2, 3, 8, 11, 15),
    "protective": (9, 10, 12, 13, 14, 16),
}
_CACCIOLA = {
    "cacciola_recovery_protection": (9, 10, 12, 17),
    "cacciola_physical_psychological": (1, 2, 3),
    "cacciola_substance_use_risk": (4, 6, 8, 11),
}
_WHO = "WHO: free to reproduce for non-commercial use, not for sale"
_NONE_SEEN = "none seen: ask its holders"

INSTRUMENTS: Mapping[str, Instrument] = FrozenMapping(
    {
        "aware": Instrument(
            name="AWARE 3.0",
            items=28,
            lowest=1,
            highest=7,
            scores=_all(28),
            reversed_items=(8, 14, 20, 24, 26),
            evidence=FROM_ABSTRACT,
            source="Miller and Harris 2000; made for alcohol, after outpatient treatment",
            license="widely reposted; terms not verified",
        ),
        "bam": Instrument(
            name="Brief Addiction Monitor, in bands of days",
            items=17,
            lowest=0,
            highest=4,
            scores=_BAM | _CACCIOLA,
            cuts={
                "use_flag": ("use", 1, inf),
                "risk_flag": ("risk", 12, inf),
                "protective_flag": ("protective", -inf, 12),
            },
            evidence=FROM_ABSTRACT,
            source="VA MIRECC form; factors of Cacciola 2013 as sums of their items",
            license="work of the US government (not verified)",
        ),
        "bam_r": Instrument(
            name="Brief Addiction Monitor, continuous, every item on its scale from 0 to 30",
            items=17,
            lowest=0,
            highest=30,
            scores=_BAM,
            evidence=FROM_ABSTRACT,
            source="pages of vendors that cite VA MIRECC",
            license="work of the US government (not verified)",
        ),
        "barc10": Instrument(
            name="Brief Assessment of Recovery Capital",
            items=10,
            lowest=1,
            highest=6,
            scores=_all(10),
            cuts={"sustained_remission": ("total", 47, inf)},
            evidence=FROM_ABSTRACT,
            source="Vilsaint 2017; the cut-off from 123 people",
            license="freely available, permission not required (PhenX)",
        ),
        "audit": Instrument(
            name="AUDIT",
            items=10,
            lowest=0,
            highest=4,
            scores=_all(10)
            | {"item_4": (4,), "item_5": (5,), "item_6": (6,)}
            | {"item_9": (9,), "item_10": (10,)},
            even_items=(9, 10),
            bands=(("zone I", 0), ("zone II", 8), ("zone III", 16), ("zone IV", 20)),
            cuts={
                "at_least_8": ("total", 8, inf),
                **{f"step_up_item_{i}": (f"item_{i}", 2, inf) for i in (4, 5, 6)},
                **{f"step_up_item_{i}": (f"item_{i}", 4, inf) for i in (9, 10)},
            },
            evidence=READ,
            source="WHO manual; one zone up where a step_up cut-off is met",
            license=_WHO,
        ),
        "audit_c": Instrument(
            name="AUDIT-C",
            items=3,
            lowest=0,
            highest=4,
            scores=_all(3),
            cuts={"women_3": ("total", 3, inf), "men_4": ("total", 4, inf)},
            evidence=FROM_ABSTRACT,
            source="questions and answers of the US Department of Veterans Affairs",
            license="public domain",
        ),
        "phq9": Instrument(
            name="PHQ-9",
            items=9,
            lowest=0,
            highest=3,
            scores=_all(9) | {"item_9": (9,)},
            bands=(
                *(("0 to 4", 0), ("5 to 9", 5), ("10 to 14", 10)),
                *(("15 to 19", 15), ("20 to 27", 20)),
            ),
            cuts={"at_least_10": ("total", 10, inf), "suicidal_thoughts": ("item_9", 1, inf)},
            evidence=READ,
            source="code of CamCOPS; item 9 goes to safety, whatever the total",
            license="public domain",
        ),
        "gad7": Instrument(
            name="GAD-7",
            items=7,
            lowest=0,
            highest=3,
            scores=_all(7),
            bands=(("0 to 4", 0), ("5 to 9", 5), ("10 to 14", 10), ("15 to 21", 15)),
            cuts={"at_least_10": ("total", 10, inf)},
            evidence=READ,
            source="Spitzer 2006; code of CamCOPS",
            license="public domain",
        ),
        "pss4": Instrument(
            name="PSS-4",
            items=4,
            lowest=0,
            highest=4,
            scores=_all(4),
            reversed_items=(2, 3),
            evidence=READ,
            source="Cohen 1983 and scoring code",
            license="rules of the author; not verified",
        ),
        "pss10": Instrument(
            name="PSS-10",
            items=10,
            lowest=0,
            highest=4,
            scores=_all(10),
            reversed_items=(4, 5, 7, 8),
            evidence=READ,
            source="Cohen 1983 and scoring code",
            license="rules of the author; not verified",
        ),
        "sds": Instrument(
            name="Severity of Dependence Scale",
            items=5,
            lowest=0,
            highest=3,
            scores=_all(5),
            cuts={"alcohol": ("total", 3, inf), "amphetamine": ("total", 5, inf)},
            evidence=FROM_ABSTRACT,
            source="alcohol: 90 people in Sydney; amphetamine, above 4: Topp and Mattick 1997",
            license=_NONE_SEEN,
        ),
        "dudit": Instrument(
            name="DUDIT",
            items=11,
            lowest=0,
            highest=4,
            scores=_all(11),
            even_items=(10, 11),
            cuts={
                "women_2": ("total", 2, inf),
                "men_6": ("total", 6, inf),
                "dependence": ("total", 25, inf),
            },
            evidence=FROM_ABSTRACT,
            source="guidelines on comorbidity",
            license=_NONE_SEEN,
        ),
        "assist_alcohol": Instrument(
            name="ASSIST v3, involvement score for alcohol",
            items=1,
            lowest=0,
            highest=100,
            scores=_all(1),
            bands=(("low", 0), ("moderate", 11), ("high", 27)),
            evidence=READ,
            source="WHO form",
            license=_WHO,
        ),
        "assist_other": Instrument(
            name="ASSIST v3, involvement score for any other substance",
            items=1,
            lowest=0,
            highest=100,
            scores=_all(1),
            bands=(("low", 0), ("moderate", 4), ("high", 27)),
            evidence=READ,
            source="WHO form",
            license=_WHO,
        ),
    }
)
"""Every instrument by key. Items are given as on the form; ``bam`` has items 1 to 17, of which 7 is
never read and 17 only by a factor."""
