"""Every error and warning that mshg raises.

An error names the place and the rule, never the value: values are a person's data.
Each kind is also the nearest builtin, so a host that knows nothing of mshg catches it too.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias, get_args

__all__ = [
    "CODES",
    "MOST_PROBLEMS",
    "CatalogError",
    "CodecError",
    "FeedError",
    "MissingExtraError",
    "MshgError",
    "MshgWarning",
    "Problem",
    "ProblemCode",
    "StoreConflictError",
    "StoreError",
    "UnknownGroupError",
    "ValidationError",
    "WordingError",
    "ZoneDataError",
]

MOST_PROBLEMS = 1_000
"""How many problems an error lists; the last of them says how many more there are (judgment)."""

ProblemCode: TypeAlias = Literal[
    "blank",
    "conflict",
    "damaged",
    "invalid",
    "malformed",
    "missing",
    "more",
    "not_one_of",
    "out_of_order",
    "out_of_range",
    "repeated",
    "unknown",
    "unknown_field",
    "unsupported_version",
    "wrong_shape",
    "wrong_type",
]
"""What kind of rule was broken, for a host that words it itself; a closed list."""

CODES: tuple[ProblemCode, ...] = get_args(ProblemCode)
"""All codes, sorted."""

Limit: TypeAlias = float | str | None


class Problem(NamedTuple):
    """One broken rule: where it was broken, and what the rule is; never the value that broke it.

    Parameters
    ----------
    path
        Where. It starts at ``$``, the thing that was given (``$.people[3].stances``), or at the
        name of the file that it stands in.
    rule
        What is allowed there, in English.
    code
        What kind of rule it is, one of `CODES`; ``invalid`` for a rule of a kind of its own.
    limits
        Lowest and highest of what is allowed, both included, where the rule has a range; None for
        a side that is open. Days and durations are as in a document (``2026-11-24``, ``PT90M``).
        With ``more``, twice the number of problems that are not listed.
    allowed
        The words or numbers that are allowed, where the rule lists them.
    """

    path: str
    rule: str
    code: ProblemCode = "invalid"
    limits: tuple[Limit, Limit] | None = None
    allowed: tuple[str | int, ...] | None = None


class Problems:
    """Problems that are collected: the first thousand, and how many there were in all.

    For the package's own use, so it is not listed.
    """

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.count: int = 0
        self._listed: list[Problem] = []
        self.extend(problems)

    def add(self, problem: Problem) -> None:
        """Take one more, which may itself stand for several that are not listed."""
        self.count += _stands_for(problem)
        if len(self._listed) < MOST_PROBLEMS:
            self._listed.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take some more."""
        for problem in problems:
            self.add(problem)

    @property
    def is_full(self) -> bool:
        """Whether no more are listed."""
        return len(self._listed) == MOST_PROBLEMS

    def listed(self, path: str = "$") -> tuple[Problem, ...]:
        """At most a thousand, the last of which says how many are left out, if any."""
        if self.count == sum(map(_stands_for, self._listed)):
            return tuple(self._listed)
        kept = self._listed[: MOST_PROBLEMS - 1]
        more = self.count - sum(map(_stands_for, kept))
        return (*kept, Problem(path, f"{more} more problems", "more", (more, more)))


def _stands_for(problem: Problem) -> int:
    is_more = problem.code == "more" and problem.limits is not None
    return int(problem.limits[0] or 0) if is_more and problem.limits else 1


class MshgError(Exception):
    """Any error that mshg raises on purpose."""


class ValidationError(MshgError, ValueError):
    """Input that breaks one rule or several, all of them reported at once in ``problems``.

    Attributes
    ----------
    problems
        At most a thousand; where there are more, the last has the code ``more``.
    count
        How many were found in all; where more than a thousand were, what is wrong in other ways
        with a part that was refused already is not looked for.
    """

    _SHOWN = 20

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = Problems(problems)
        self.problems: tuple[Problem, ...] = found.listed()
        self.count: int = found.count
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [f"{p.path}: {p.rule}" for p in self.problems[: self._SHOWN]]
        more = self.count - len(lines)
        if more:
            lines.append(f"and {more} more; see .problems")
        return lines[0] if len(lines) == 1 else "\n  ".join([f"{self.count} problems", *lines])


class CodecError(ValidationError):
    """A document that does not hold a model: bad JSON, unknown keys, wrong types, out of range."""


class CatalogError(ValidationError):
    """A group file that breaks the catalog's rules."""


class WordingError(ValidationError):
    """A wording with a key that is no sentence's or a placeholder that is never filled."""


class FeedError(MshgError, ValueError):
    """A meeting list that can't be read as a whole. A single bad row never raises."""


class StoreError(MshgError, OSError):
    """A store that can't be opened, read or written. What was acknowledged before is kept."""


class StoreConflictError(StoreError, ValidationError):
    """Events that a store refuses beside those it holds; nothing of their batch was stored."""


class UnknownGroupError(MshgError, KeyError):
    """A group id that is not among the groups given."""

    def __str__(self) -> str:
        return Exception.__str__(self)  # KeyError would show the message in quotes


class ZoneDataError(MshgError, LookupError):
    """The machine has no time zone database; the extra ``mshg[tz]`` brings one."""


class MissingExtraError(MshgError, ImportError):
    """A part of mshg needs a package that one of its extras installs."""


class MshgWarning(UserWarning):
    """Any warning that mshg gives."""
