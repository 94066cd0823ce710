"""Every error and warning that mshg raises.

An error names the place and the rule, never the value: values are a person's data.
Each kind is also the nearest builtin, so a host that knows nothing of mshg catches it too.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One broken rule: where it was broken, and what the rule is.

    ``path`` starts at ``$``, the thing that was given (``$.people[3].stances``), or at the name of
    the file that it stands in.
    """

    path: str
    rule: str


class MshgError(Exception):
    """Any error that mshg raises on purpose."""


class ValidationError(MshgError, ValueError):
    """Input that breaks one rule or several, all of them told at once in ``problems``."""

    _SHOWN = 20

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [f"{path}: {rule}" for path, rule in self.problems[: self._SHOWN]]
        more = len(self.problems) - len(lines)
        if more:
            lines.append(f"and {more} more; see .problems")
        return (
            lines[0] if len(lines) == 1 else "\n  ".join([f"{len(self.problems)} problems", *lines])
        )


class CodecError(ValidationError):
    """A document that does not hold a noun: bad JSON, unknown keys, wrong types, out of range."""


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
