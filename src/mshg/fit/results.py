"""What fit gives back: tables for many people, a shortlist for one. None shows a person's data."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from html import escape
from math import isnan
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, Indices, as_rows, read_only
from mshg._checks import enforce, whole
from mshg.domain import Dimension, FrozenMapping, Group
from mshg.fit.kernels import (
    best_coefficients,
    best_first,
    contributions,
    coverage,
    open_terms,
    score_coefficients,
    scores,
    worst_coefficients,
)
from mshg.fit.parameters import METHOD_VERSION, FitParameters
from mshg.wording import Wording

_SINGLE_BYTES = 4


class FitTable:
    """Fit of g groups for n people; made by `score_table`.

    Each column is computed when it is first read and kept. Arrays can't be written to.
    """

    def __init__(
        self,
        stances: NDArray[Any],
        importance: NDArray[Any],
        declined: NDArray[np.bool_] | None,
        groups: tuple[Group, ...],
        parameters: FitParameters,
    ) -> None:
        is_single = stances.dtype.kind == "f" and stances.dtype.itemsize == _SINGLE_BYTES
        dtype: np.dtype[np.floating[Any]] = np.dtype(np.float32 if is_single else np.float64)
        stands = [[group.philosophy[d] for d in Dimension] for group in groups]
        self._stances = stances
        self._importance = importance
        self._declined = declined
        self._position: Floats = np.array([[p.position for p in row] for row in stands])
        self._salience: Floats = np.array([[p.salience for p in row] for row in stands])
        self._parameters = parameters
        self._dtype = dtype
        self._kept: dict[str, NDArray[Any]] = {}
        self.groups: tuple[str, ...] = tuple(group.id for group in groups)
        self.method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return len(self._stances)

    def __repr__(self) -> str:
        return f"FitTable({len(self)} people, {len(self.groups)} groups)"

    @property
    def score(self) -> Floats:
        """Fit (n, g), about 0 to 1; NaN where a person's importance is all 0."""
        return self._keep("score", self._score)

    @property
    def low(self) -> Floats:
        """Fit (n, g) if every open question were answered at its worst for the group."""
        return self._keep("low", self._low)

    @property
    def high(self) -> Floats:
        """Fit (n, g) if every open question were answered at its best for the group."""
        return self._keep("high", self._high)

    @property
    def coverage(self) -> Floats:
        """Share (n,) of a person's importance that lies on answered questions, 0 to 1."""
        return self._keep(
            "coverage",
            lambda: coverage(self._stances, self._importance, self._dtype),
        )

    def contributions(self) -> Floats:
        """What each dimension adds to each fit, (n, g, 12), in float64; not kept.

        It is 0 where a dimension is open, NaN where all of a person's importance is 0.

        Take few people at a time: it is twelve times as large as `score`.
        """
        return contributions(
            self._stances,
            self._importance,
            self._position,
            self._salience,
            self._parameters.neutral,
        )

    def top(self, k: int, open: NDArray[np.bool_] | None = None) -> Indices:  # noqa: A002
        """Indices (n, k) into ``groups``, best first; closed groups and NaN come last, as -1.

        Parameters
        ----------
        k
            How many, 1 or more.
        open
            False (n, g), or (g,) for everyone, where a group is no option.
        """
        enforce(k=whole(k, 1, 1_000_000))
        shape = (len(self), len(self.groups))
        mask: Booleans | None = None if open is None else as_rows(open, "open", shape, "b")
        return best_first(self.score.T, k, self._parameters.tie, mask).T

    def columns(self) -> dict[str, NDArray[Any]]:
        """Give every column by name: ``coverage``, ``score_aa``, ``low_aa``, ``high_aa``, …."""
        tables = {"score": self.score, "low": self.low, "high": self.high}
        named = {
            f"{name}_{group}": table[:, j]
            for name, table in tables.items()
            for j, group in enumerate(self.groups)
        }
        return {"coverage": self.coverage, **named}

    def _keep(self, name: str, compute: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        if name not in self._kept:
            self._kept[name] = read_only(compute())
        return self._kept[name]

    def _score(self) -> Floats:
        coefficients = score_coefficients(
            self._position, self._salience, self._parameters.neutral
        ).astype(self._dtype)
        return scores(self._stances, self._importance, coefficients).T

    def _low(self) -> Floats:
        neutral = self._parameters.neutral
        return self._bound(worst_coefficients(self._position, self._salience, neutral))

    def _high(self) -> Floats:
        return self._bound(best_coefficients(self._salience, self._parameters.neutral))

    def _bound(self, coefficients: Floats) -> Floats:
        added = open_terms(
            self._stances, self._importance, self._declined, coefficients.astype(self._dtype)
        )
        added += self.score.T
        return added.T


def _by_dimension(value: Mapping[Dimension, float]) -> FrozenMapping[Dimension, float]:
    return FrozenMapping(value)


def _opaque(self: object) -> str:
    return f"{type(self).__name__}(…)"


@frozen(kw_only=True, repr=False)
class GroupFit:
    """How one group fits one person.

    Parameters
    ----------
    group
        Its id.
    score, low, high
        Fit now, and at worst and best once the open questions are answered; NaN where all
        importance is 0.
    contributions
        What each dimension adds to or takes from the neutral point; 0 where it is open.
    open_dimensions
        What was not answered and may still be asked.
    """

    group: str
    score: float
    low: float
    high: float
    contributions: Mapping[Dimension, float] = field(converter=_by_dimension)
    open_dimensions: tuple[Dimension, ...]
    method_version: str = METHOD_VERSION

    __repr__ = _opaque


class ExclusionRule(StrEnum):
    """What removes a group from the options."""

    SEEKS_HELP_FOR = "seeks_help_for"
    SUBSTANCES = "substances"
    IDENTITY = "identity"
    DEALBREAKER = "dealbreaker"
    HISTORICAL = "historical"


@frozen(kw_only=True, repr=False)
class Exclusion:
    """A group that is no option, the rules that say so, and the reason in words."""

    group: str
    rules: tuple[ExclusionRule, ...]
    reason: str

    __repr__ = _opaque


@frozen(kw_only=True, repr=False)
class Option:
    """A group on a person's shortlist.

    Parameters
    ----------
    group, name
        Its id and its full name.
    score, low, high
        As in `GroupFit`.
    reasons_for, reasons_against
        Sentences on the person's own answers, the weightiest first.
    cautions
        Sentences on what to know or ask before going.
    is_chosen
        Whether the person has chosen it.
    is_close_call
        Whether its score hardly differs from that of the next better option.
    website
        Where to read more, where the catalog knows.
    """

    group: str
    name: str
    score: float
    low: float
    high: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    cautions: tuple[str, ...]
    is_chosen: bool
    is_close_call: bool
    website: str | None = None

    __repr__ = _opaque


@frozen(kw_only=True, repr=False)
class Shortlist:
    """The groups to talk over with a person, and why these.

    Parameters
    ----------
    options
        Best first; a group the person has chosen stands before all others.
    excluded
        Groups that a rule removed.
    coverage
        Share of what matters to the person that was answered, 0 to 1; NaN where nothing matters.
    notes
        What to read before the options; safety and treatment first.
    """

    options: tuple[Option, ...]
    excluded: tuple[Exclusion, ...]
    coverage: float
    notes: tuple[str, ...]
    wording: Wording
    neutral: float
    method_version: str = METHOD_VERSION

    def __repr__(self) -> str:
        return f"Shortlist({len(self.options)} options)"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values; None where a number can't be told."""
        return {
            "method_version": self.method_version,
            "notes": list(self.notes),
            "options": [_option_dict(option) for option in self.options],
            "excluded": [
                {"group": e.group, "rules": [r.value for r in e.rules], "reason": e.reason}
                for e in self.excluded
            ],
            "coverage": _told(self.coverage),
        }

    def to_text(self) -> str:
        """All of it as text to read with the person."""
        say = self.wording.say
        lines = [*self.notes, *([""] if self.notes else []), say("shortlist.title")]
        if not isnan(self.coverage):
            lines.append(say("shortlist.coverage", percent=_percent(self.coverage)))
        for place, option in enumerate(self.options, 1):
            lines += ["", *self._option_lines(place, option)]
        if self.excluded:
            lines += ["", say("shortlist.excluded"), *(f"  {e.reason}" for e in self.excluded)]
        return "\n".join([*lines, "", say("shortlist.meaning")])

    def _option_lines(self, place: int, option: Option) -> list[str]:
        say = self.wording.say
        labels = [
            say(f"shortlist.{key}")
            for key, holds in (("chosen", option.is_chosen), ("close_call", option.is_close_call))
            if holds
        ]
        title = say("shortlist.option", place=place, group=option.name)
        parts = (
            ("for", option.reasons_for),
            ("against", option.reasons_against),
            ("caution", option.cautions),
        )
        return [
            title + (f" ({'; '.join(labels)})" if labels else ""),
            f"   {self._fit(option)}",
            *(f"   {say(f'shortlist.{key}')}: {line}" for key, told in parts for line in told),
            *([f"   {say('shortlist.website', website=option.website)}"] if option.website else []),
        ]

    def _fit(self, option: Option) -> str:
        if isnan(option.score):
            return self.wording.say("shortlist.fit_unknown")
        return self.wording.say(
            "shortlist.fit",
            score=_percent(option.score),
            low=_percent(option.low),
            high=_percent(option.high),
            neutral=_percent(self.neutral),
        )

    def _repr_html_(self) -> str:
        """Groups and bars for a notebook. Answers, reasons and notes stay out of it."""
        title, aside = self.wording.say("shortlist.title"), self.wording.say("shortlist.html_notes")
        rows = "".join(_option_row(option) for option in self.options)
        return (
            f'<table style="border-collapse:collapse"><caption>{escape(title)}</caption>'
            f'{rows}<tfoot><tr><td colspan="3"><small>{escape(aside)}</small></td></tr></tfoot>'
            "</table>"
        )


def _option_dict(option: Option) -> dict[str, Any]:
    return {
        "group": option.group,
        "name": option.name,
        "score": _told(option.score),
        "low": _told(option.low),
        "high": _told(option.high),
        "reasons_for": list(option.reasons_for),
        "reasons_against": list(option.reasons_against),
        "cautions": list(option.cautions),
        "is_chosen": option.is_chosen,
        "is_close_call": option.is_close_call,
        "website": option.website,
    }


def _option_row(option: Option) -> str:
    """A bar from 0 to 100 for the score, over a paler one from low to high."""
    name = f'<td style="text-align:left;padding:2px 8px">{escape(option.name)}</td>'
    if isnan(option.score):
        return f"<tr>{name}<td></td><td></td></tr>"
    score, low, high = (_percent(v) for v in (option.score, option.low, option.high))
    bar = (
        '<td><div style="position:relative;width:200px;height:12px;background:#eee">'
        f'<div style="position:absolute;left:{2 * low}px;width:{2 * (high - low)}px;height:12px;'
        'background:#b9d4ea"></div>'
        f'<div style="position:absolute;left:{max(2 * score - 1, 0)}px;width:3px;height:12px;'
        'background:#1f5f8b"></div></div></td>'
    )
    return f'<tr>{name}{bar}<td style="padding:2px 8px">{score}</td></tr>'


def _percent(share: float) -> int:
    return round(100 * share)


def _told(value: float) -> float | None:
    return None if isnan(value) else value
