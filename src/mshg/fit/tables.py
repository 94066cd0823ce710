"""Fit of many people as arrays: scores, what is certain, what to ask next, what would change."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from mshg._arrays import Booleans, Floats, Indices, as_rows, read_only
from mshg._checks import enforce, whole
from mshg._columns import Missing, alike, column, concatenated, spread, with_missing
from mshg._results import Result
from mshg.domain import Dimension, Group
from mshg.fit.kernels import (
    answer_terms,
    best_coefficients,
    best_first,
    contributions,
    coverage,
    least_changes,
    most,
    open_terms,
    question_gains,
    score_coefficients,
    scores,
    surely_ahead,
    swings,
    with_constants,
    worst_coefficients,
    worst_leads,
)
from mshg.fit.parameters import ANSWERS, METHOD_VERSION, FitParameters

_SINGLE_BYTES = 4


@frozen(kw_only=True, eq=False, repr=False)
class CertainTable(Result):
    """Which groups stay ahead for n people, however they answer what is still open.

    Parameters
    ----------
    groups
        Ids of the groups.
    certainly_first
        Index (n,) into ``groups`` of the one that beats every other open group under every way
        of answering the open questions; -1 where there is none.
    certain
        True (n, g) for groups that are then surely among the first ``size``. This is given by
        pairs of groups, so it never claims too much and may claim too little.
    in_order
        How many (n,) of the first places are settled, each with its group.
    """

    groups: tuple[str, ...]
    certainly_first: Indices
    certain: Booleans
    in_order: Indices
    size: int
    method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return len(self.certain)

    def __repr__(self) -> str:
        return f"CertainTable({len(self)} people, {len(self.groups)} groups)"

    @classmethod
    def concat(cls, tables: Iterable["CertainTable"]) -> "CertainTable":
        """Put tables of other people together, row after row.

        Raises
        ------
        ValidationError
            Tables of other groups, or made otherwise.
        """
        return concatenated(cls, tables)

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name: ``certainly_first``, ``in_order``, ``certain_aa``, ….

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        columns = {
            "certainly_first": self.certainly_first,
            "in_order": self.in_order,
            "certain": self.certain,
        }
        return with_missing(spread(columns, self.groups), missing)


@frozen(kw_only=True, eq=False, repr=False)
class NextQuestionTable(Result):
    """Which question to ask each of n people next.

    Parameters
    ----------
    dimension
        Index (n,) into `mshg.Dimension` of the open, undeclined question of the largest gain,
        the earlier one where two gain alike; -1 where no question gains anything.
    value_of_information
        What the answer is worth, (n, 12): by how much the best fit is then higher, on average
        over the five answers, than that of the group which is best on average. Never negative.
    """

    dimension: Indices
    value_of_information: Floats
    method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return len(self.value_of_information)

    def __repr__(self) -> str:
        return f"NextQuestionTable({len(self)} people)"

    @classmethod
    def concat(cls, tables: Iterable["NextQuestionTable"]) -> "NextQuestionTable":
        """Put tables of other people together, row after row.

        Raises
        ------
        ValidationError
            Tables made otherwise.
        """
        return concatenated(cls, tables)

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name: ``dimension``, ``value_of_information_spirituality``, ….

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        named = ("dimension", "value_of_information")
        return with_missing(
            spread({name: getattr(self, name) for name in named}, Dimension), missing
        )


@frozen(kw_only=True, eq=False, repr=False)
class CounterfactualTable(Result):
    """The smallest change of one answer that would put another group first, for n people.

    Parameters
    ----------
    groups
        Ids of the groups.
    dimension
        Index (n,) into `mshg.Dimension` of the answer; -1 where no single answer does it.
    from_position, to_position
        Position (n,) as answered, and the answer (of the five) it would have to be; NaN where
        there is none.
    group
        Index (n,) into ``groups`` of the one that is then first; -1 where there is none.
    """

    groups: tuple[str, ...]
    dimension: Indices
    from_position: Floats
    to_position: Floats
    group: Indices
    method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return len(self.group)

    def __repr__(self) -> str:
        return f"CounterfactualTable({len(self)} people, {len(self.groups)} groups)"

    @classmethod
    def concat(cls, tables: Iterable["CounterfactualTable"]) -> "CounterfactualTable":
        """Put tables of other people together, row after row.

        Raises
        ------
        ValidationError
            Tables of other groups, or made otherwise.
        """
        return concatenated(cls, tables)

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name.

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        named = ("dimension", "from_position", "to_position", "group")
        return with_missing({name: getattr(self, name) for name in named}, missing)


class _Ordered(Result):
    """Answers of n people, and what follows from an order of g groups that rests on them."""

    def __init__(
        self,
        stances: NDArray[Any],
        importance: NDArray[Any],
        *,
        declined: NDArray[np.bool_] | None,
        groups: tuple[Group, ...],
        parameters: FitParameters,
        places: Indices,
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
        self._places = places
        self._groups = groups
        self.groups: tuple[str, ...] = tuple(group.id for group in groups)
        self.method_version: str = METHOD_VERSION

    def __len__(self) -> int:
        return len(self._stances)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} people, {len(self.groups)} groups)"

    @property
    def _order(self) -> Floats:
        """What the groups are ordered by, (n, g)."""
        raise NotImplementedError

    @column
    def low(self) -> Floats:
        """What the order goes by, (n, g), if every open question were answered at its worst."""
        neutral = self._parameters.neutral
        return self._bound(worst_coefficients(self._position, self._salience, neutral))

    @column
    def high(self) -> Floats:
        """What the order goes by, (n, g), if every open question were answered at its best."""
        return self._bound(best_coefficients(self._salience, self._parameters.neutral))

    def top(self, k: int, candidates: ArrayLike | None = None) -> Indices:
        """Indices (n, k) into ``groups``, best first; closed groups and NaN come last, as -1.

        Parameters
        ----------
        k
            How many, 1 or more.
        candidates
            False (n, g), or (g,) for everyone, where a group is no option.
        """
        enforce(k=whole(k, 1, 1_000_000))
        return best_first(
            self._order.T,
            k,
            self._parameters.tie,
            self._candidates(candidates),
            self._places,
        ).T

    def certain(self, size: int = 3, candidates: ArrayLike | None = None) -> CertainTable:
        """Tell which groups stay ahead, however the open questions are answered.

        Parameters
        ----------
        size
            How many first places count as ahead, 1 or more.
        candidates
            False (n, g), or (g,) for everyone, where a group is no option.
        """
        enforce(size=whole(size, 1, 1_000_000))
        first, among, in_order = surely_ahead(
            self._order.T,
            self._stances,
            self._importance,
            declined=self._declined,
            leads=worst_leads(self._position, self._salience, self._parameters.neutral),
            size=size,
            tie=self._parameters.tie,
            open_groups=self._candidates(candidates),
            places=self._places,
        )
        return CertainTable(
            groups=self.groups,
            certainly_first=read_only(first),
            certain=read_only(among.T),
            in_order=read_only(in_order),
            size=size,
        )

    def next_question(self, candidates: ArrayLike | None = None) -> NextQuestionTable:
        """Tell which open question is worth most; ``candidates`` as in `certain`."""
        terms = answer_terms(self._position, self._salience, self._parameters.neutral)
        gain = question_gains(
            self._order.T,
            self._stances,
            self._importance,
            declined=self._declined,
            terms=terms.astype(self._dtype),
            shares=np.array([self._parameters.shares_of(d) for d in Dimension], self._dtype),
            open_groups=self._candidates(candidates),
        )
        return NextQuestionTable(
            dimension=read_only(most(gain)), value_of_information=read_only(gain)
        )

    def counterfactuals(self, candidates: ArrayLike | None = None) -> CounterfactualTable:
        """Tell the smallest change of one answer that puts another group first.

        ``candidates`` as in `certain`.
        """
        dimension, answer, group = least_changes(
            self._order.T,
            self._stances,
            self._importance,
            position=self._position,
            salience=self._salience,
            neutral=self._parameters.neutral,
            tie=self._parameters.tie,
            open_groups=self._candidates(candidates),
            places=self._places,
        )
        is_found = dimension >= 0
        at = np.take_along_axis(self._stances, np.maximum(dimension, 0)[:, None], axis=1)[:, 0]
        return CounterfactualTable(
            groups=self.groups,
            dimension=read_only(dimension),
            from_position=read_only(np.where(is_found, at, np.nan).astype(self._dtype)),
            to_position=read_only(
                np.where(is_found, answer / (ANSWERS - 1), np.nan).astype(self._dtype)
            ),
            group=read_only(group),
        )

    def _bound(self, coefficients: Floats) -> Floats:
        added = open_terms(
            self._stances, self._importance, self._declined, coefficients.astype(self._dtype)
        )
        added += self._order.T
        return added.T

    def swings(self, candidates: NDArray[np.bool_]) -> Floats:
        """How far apart one answer can move two of these groups, (12,), at full importance."""
        leads = worst_leads(self._position, self._salience, self._parameters.neutral)
        return swings(leads[np.ix_(candidates, candidates)])

    def _candidates(self, given: ArrayLike | None) -> Booleans | None:
        shape = (len(self), len(self.groups))
        return None if given is None else as_rows(given, "candidates", shape, "b", self.groups)


class FitTable(_Ordered):
    """Fit of g groups for n people; made by `score_table`.

    Each column is computed when it is first read and kept. Arrays can't be written to. It knows
    philosophy alone; ties go to the wider reach, then to the earlier group.
    """

    @property
    def _order(self) -> Floats:
        return self.score

    @classmethod
    def concat(cls, tables: Iterable["FitTable"]) -> "FitTable":
        """Put tables of other people together, row after row.

        Columns are put together of those of the tables, which are kept for it.

        Raises
        ------
        ValidationError
            Tables of other groups or another order of them, or of other parameters.
        """
        made_alike = ("groups", "_parameters", "_dtype", "method_version")
        parts = alike(cls, tables, "tables", made_alike)
        first = parts[0]
        made = cls(
            np.concatenate([part._stances for part in parts]),  # noqa: SLF001
            np.concatenate([part._importance for part in parts]),  # noqa: SLF001
            declined=_together([(part, part._declined) for part in parts], np.False_),  # noqa: SLF001
            groups=first._groups,  # noqa: SLF001
            parameters=first._parameters,  # noqa: SLF001
            places=first._places,  # noqa: SLF001
        )
        vars(made)["_parts"] = parts
        return made

    @column
    def score(self) -> Floats:
        """Fit (n, g), about 0 to 1; NaN where a person's importance is all 0."""
        coefficients = score_coefficients(
            self._position, self._salience, self._parameters.neutral
        ).astype(self._dtype)
        return scores(self._stances, self._importance, coefficients).T

    @column
    def coverage(self) -> Floats:
        """Share (n,) of a person's importance that lies on answered questions, 0 to 1."""
        return coverage(self._stances, self._importance, self._dtype)

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

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name: ``coverage``, ``score_aa``, ``low_aa``, ``high_aa``, ….

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        return with_missing(spread(self._columns(), self.groups), missing)

    def _content(self) -> dict[str, Any]:
        named = {"groups": self.groups, "method_version": self.method_version}
        return named | self._columns()

    def _columns(self) -> dict[str, NDArray[Any]]:
        return {name: getattr(self, name) for name in ("coverage", "score", "low", "high")}


class RankingTable(_Ordered):
    """The order of g groups for n people by fit, shared experience and reach.

    Made by `ranking_table`. Each column is computed when it is first read and kept. Arrays can't be
    written to.
    """

    def __init__(
        self,
        fit: FitTable,
        belonging: NDArray[Any] | None,
        reach: NDArray[Any] | None,
        places: Indices,
    ) -> None:
        super().__init__(
            fit._stances,  # noqa: SLF001 (of one family)
            fit._importance,  # noqa: SLF001
            declined=fit._declined,  # noqa: SLF001
            groups=fit._groups,  # noqa: SLF001
            parameters=fit._parameters,  # noqa: SLF001
            places=places,
        )
        self.fit: FitTable = fit
        self._belonging = belonging
        self._reach = reach

    @classmethod
    def concat(cls, tables: Iterable["RankingTable"]) -> "RankingTable":
        """Put tables of other people together, row after row.

        Columns are put together of those of the tables, which are kept for it.

        Raises
        ------
        ValidationError
            Tables of other groups or another order of them, or of other parameters, and such with
            shared experience or reach beside such without.
        """
        made_alike = ("groups", "_parameters", "_dtype", "method_version", "_given")
        parts = alike(cls, tables, "tables", made_alike)
        spread_out = [np.broadcast_to(p._places, (len(p), len(p.groups))) for p in parts]  # noqa: SLF001
        made = cls(
            FitTable.concat([part.fit for part in parts]),
            _together([(part, part.belonging) for part in parts], np.False_),
            _together([(part, part.reach) for part in parts], np.False_),
            np.concatenate(spread_out),
        )
        vars(made)["_parts"] = parts
        return made

    @property
    def _given(self) -> tuple[bool, bool]:
        return self._belonging is not None, self._reach is not None

    @property
    def _order(self) -> Floats:
        return self.rank

    @column
    def rank(self) -> Floats:
        """Fit with both constants, (n, g); NaN where fit can't be known."""
        weights = self._parameters.belonging_weight, self._parameters.reach_weight
        coefficients, by_person = with_constants(
            score_coefficients(self._position, self._salience, self._parameters.neutral),
            self._belonging,
            self._reach,
            weights,
        )
        return scores(
            self._stances, self._importance, coefficients.astype(self._dtype), by_person
        ).T

    @property
    def belonging(self) -> NDArray[Any] | None:
        """Shared experience, (n, g), as given."""
        return self._spread(self._belonging)

    @property
    def reach(self) -> NDArray[Any] | None:
        """Reach, (n, g), as given."""
        return self._spread(self._reach)

    @property
    def score(self) -> Floats:
        """Fit alone, (n, g)."""
        return self.fit.score

    @property
    def coverage(self) -> Floats:
        """Share (n,) of a person's importance that lies on answered questions, 0 to 1."""
        return self.fit.coverage

    def columns(self, *, missing: Missing = "nan") -> dict[str, NDArray[Any]]:
        """Give every column by name: ``coverage``, ``rank_aa``, ``score_aa``, ``low_aa``, ….

        Parameters
        ----------
        missing
            How a number that is not known stands there: ``nan``, or ``masked`` for masked arrays,
            whose nulls every library leaves out of a mean.
        """
        return with_missing(spread(self._columns(), self.groups), missing)

    def _content(self) -> dict[str, Any]:
        named = {"groups": self.groups, "method_version": self.method_version}
        return named | self._columns()

    def _columns(self) -> dict[str, NDArray[Any]]:
        names = ("coverage", "rank", "score", "low", "high")
        given = {"belonging": self.belonging, "reach": self.reach}
        known = {name: values for name, values in given.items() if values is not None}
        return {name: getattr(self, name) for name in names} | known

    def without_fit(self) -> "RankingTable":
        """The order by the two constants alone, for people whose fit can't be known."""
        same = np.ones_like(self._importance)
        fit = FitTable(
            np.full_like(self._stances, np.nan, dtype=self._dtype),
            same,
            declined=None,
            groups=self._groups,
            parameters=self._parameters,
            places=self._places,
        )
        return RankingTable(fit, self._belonging, self._reach, self._places)

    def _spread(self, values: NDArray[Any] | None) -> NDArray[Any] | None:
        if values is None:
            return None
        return read_only(np.broadcast_to(values, (len(self), len(self.groups))))


def _together(
    arrays: Iterable[tuple[_Ordered, NDArray[Any] | None]], otherwise: np.bool_
) -> NDArray[Any] | None:
    """Arrays one after another; where some are given, the value for the others."""
    given = tuple(arrays)
    if all(values is None for _, values in given):
        return None
    shapes = [v.shape[1] for _, v in given if v is not None]
    return np.concatenate(
        [
            np.broadcast_to(otherwise, (len(table), shapes[0])) if values is None else values
            for table, values in given
        ]
    )
