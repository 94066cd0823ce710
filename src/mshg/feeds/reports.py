"""What became of each row of a meeting list."""

from collections.abc import Mapping

from attrs import field, frozen

from mshg.domain import FrozenMapping, Meeting


def _counts(value: Mapping[str, int]) -> FrozenMapping[str, int]:
    return FrozenMapping(dict(sorted(value.items())))


@frozen(kw_only=True)
class RefusedRow:
    """A row that could not be read: its place from 0, where in it, and the rule."""

    row: int
    path: str
    reason: str


@frozen(kw_only=True, repr=False)
class FeedReport:
    """An account of a meeting list, row by row.

    Parameters
    ----------
    meetings
        Meetings that take place.
    inactive
        Meetings that are listed and do not take place at present.
    refused
        Rows that could not be read.
    assumed
        What was assumed where a row does not say, and in how many rows.
    unread
        Fields and type codes that hold something and were not read, and in how many rows:
        free text, contacts and join links among them.
    rows
        How many rows there were; the first three add up to it.
    """

    meetings: tuple[Meeting, ...]
    inactive: tuple[Meeting, ...]
    refused: tuple[RefusedRow, ...]
    assumed: Mapping[str, int] = field(converter=_counts)
    unread: Mapping[str, int] = field(converter=_counts)
    rows: int

    def __repr__(self) -> str:
        return (
            f"FeedReport({self.rows} rows: {len(self.meetings)} meetings, "
            f"{len(self.inactive)} inactive, {len(self.refused)} refused)"
        )
