"""What outcomes give back: one definition person by person, and many definitions side by side."""

from collections.abc import Iterable, Mapping
from html import escape
from math import isnan
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mshg._arrays import Booleans, Floats, read_only
from mshg._columns import Missing, alike, concatenated, with_missing
from mshg._results import Result, wording_given
from mshg.outcomes.kernels import Weeks
from mshg.outcomes.parameters import METHOD_VERSION, Definition, Kind
from mshg.wording import Wording


@frozen(kw_only=True, eq=False, repr=False)
class OutcomeTable(Result):
    """The outcome of n people by one definition.

    An event has ``event`` and ``week``, any other kind has ``value``; what the kind does not have
    is None. Where the definition reads weeks as unknown, these hold what is sure, however the
    unknown weeks turn out, and the ``possible_`` ones the other bound; else the two are the same.

    Parameters
    ----------
    definition
        The definition.
    event
        True (n,) where it happened.
    week
        Week (n,) of the event, from 1; where there is none, the week at which it is censored.
    value
        True or False (n,) for yes and no; weeks (n,) for counts and runs.
    possible_event, possible_week
        True where it may have happened, and the earliest week it may have.
    possible_value
        The most it may be.
    """

    definition: Definition
    event: Booleans | None = None
    week: Weeks | None = None
    value: NDArray[Any] | None = None
    possible_event: Booleans | None = None
    possible_week: Weeks | None = None
    possible_value: NDArray[Any] | None = None
    method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return len(next(iter(self.columns().values())))

    def __repr__(self) -> str:
        return f"OutcomeTable({len(self)} people, {self.definition.kind})"

    @property
    def is_unknown(self) -> Booleans:
        """True (n,) where unknown weeks could change the outcome, or the week of it."""
        bounds = (
            (self.event, self.possible_event),
            (self.week, self.possible_week),
            (self.value, self.possible_value),
        )
        differ = [sure != possible for sure, possible in bounds if sure is not None]
        any_differs: Booleans = np.logical_or.reduce(differ)
        return any_differs

    @classmethod
    def concat(cls, tables: Iterable["OutcomeTable"]) -> "OutcomeTable":
        """Put tables of other people together, row after row.

        Raises
        ------
        ValidationError
            Tables of other definitions.
        """
        return concatenated(cls, tables)

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name: ``event`` and ``week``, or ``value``, then ``possible_…``.

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        named = {
            "event": self.event,
            "week": self.week,
            "value": self.value,
            "possible_event": self.possible_event,
            "possible_week": self.possible_week,
            "possible_value": self.possible_value,
        }
        columns = {name: column for name, column in named.items() if column is not None}
        return with_missing(columns, missing)


@frozen(kw_only=True, eq=False, repr=False)
class DefinitionComparison(Result):
    """The rate under each of d definitions.

    A rate is the share of people with the event, or with yes; for counts and runs, which `unit`
    tells, it is the mean number of weeks. NaN where there is nobody.

    Parameters
    ----------
    definitions
        Definitions by name.
    n_patterns
        How many people every rate is over.
    rate
        The rate (d,) as the definition has it; what is sure, where it reads weeks as unknown.
    low, high
        The least and the most (d,) the rate could be if each missing week were known to be use or
        no use. NaN where conditions of a definition pull both ways.
    """

    definitions: Mapping[str, Definition]
    n_patterns: int
    rate: Floats
    low: Floats
    high: Floats
    wording: Wording
    method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return len(self.definitions)

    def __repr__(self) -> str:
        return f"DefinitionComparison({len(self)} definitions, {self.n_patterns} people)"

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the definitions, in order."""
        return tuple(self.definitions)

    @property
    def unit(self) -> tuple[str, ...]:
        """What each rate is: ``share``, or ``weeks``."""
        weeks = (Kind.COUNT, Kind.RUN)
        return tuple("weeks" if d.kind in weeks else "share" for d in self.definitions.values())

    @classmethod
    def combine(cls, parts: Iterable["DefinitionComparison"]) -> "DefinitionComparison":
        """Put the comparisons of other people together: as if made of all of them, bit for bit.

        Raises
        ------
        ValidationError
            Comparisons of other definitions.
        """
        given = alike(cls, parts, "parts", ("definitions", "method_version"))
        people = np.array([[part.n_patterns] for part in given], float)
        total = people.sum()
        joined: dict[str, Any] = {}
        for name in ("rate", "low", "high"):
            rates = np.array([getattr(part, name) for part in given])
            # A share of n people is a count over n, and a mean a sum of weeks: whole numbers.
            counts = np.where(people > 0, np.rint(rates * people), 0).sum(axis=0)
            joined[name] = read_only(counts / total if total else np.full(counts.shape, np.nan))
        return evolve(given[0], n_patterns=int(total), **joined)

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name: ``definition``, ``kind``, ``unit``, ``rate``, ….

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        columns: dict[str, NDArray[Any]] = {
            "definition": np.array(self.keys, np.str_),
            "kind": np.array([d.kind.value for d in self.definitions.values()], np.str_),
            "unit": np.array(self.unit, np.str_),
            "rate": self.rate,
            "low": self.low,
            "high": self.high,
        }
        return with_missing(columns, missing)

    def to_text(self, wording: Wording | None = None) -> str:
        """The table in words, one line a definition.

        Parameters
        ----------
        wording
            Whose sentences to say; those that the comparison was made with if None.
        """
        if wording is not None:
            return evolve(self, wording=wording_given(wording)).to_text()
        head, *lines = self._lines()
        widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
        aligned = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in (head, *lines)
        ]
        return "\n".join([self._say("title", people=self.n_patterns), *aligned, self._say("note")])

    def _repr_html_(self) -> str:
        """The same as a table for a notebook."""
        head, *lines = self._lines()
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in line)}</tr>" for line in lines
        )
        return (
            f"<table><caption>{escape(self._say('title', people=self.n_patterns))}</caption>"
            f"<thead><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in head)}</tr></thead>"
            f"<tbody>{rows}</tbody></table><small>{escape(self._say('note'))}</small>"
        )

    def _lines(self) -> list[tuple[str, ...]]:
        names = ("key", "definition", "rate", "bounds")
        numbers = np.stack([self.rate, self.low, self.high], axis=1).tolist()
        rows = zip(self.definitions.items(), self.unit, numbers, strict=True)
        return [
            tuple(self._say(f"column_{name}") for name in names),
            *(
                (
                    key,
                    definition.title,
                    self._shown(rate, unit),
                    self._say("bounds", low=self._shown(low, unit), high=self._shown(high, unit)),
                )
                for (key, definition), unit, (rate, low, high) in rows
            ),
        ]

    def _shown(self, rate: float, unit: str) -> str:
        if isnan(rate):
            return self._say("none")
        number = f"{rate:.1%}" if unit == "share" else f"{rate:.1f}"
        return self._say(unit, number=number)

    def _say(self, key: str, **values: object) -> str:
        return self.wording.say(f"outcomes.{key}", **values)
