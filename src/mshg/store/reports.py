"""What came of an erasure, and of copying what a damaged file still holds."""

from typing import Any, Self

from attrs import frozen

from mshg._results import Result


@frozen(kw_only=True, repr=False)
class Mention(Result):
    """A field of an event in which somebody is named, or seems to be.

    Attributes
    ----------
    event_id
        Id of the event.
    field
        Name of the field.
    """

    event_id: str
    field: str

    def __repr__(self) -> str:
        return "Mention(…)"


class ErasureReport(Result, int):
    """How many events an erasure removed, as a number, and what became of mentions in others'.

    Attributes
    ----------
    replaced
        Fields in which the name stood, and which say ``erased`` there now.
    alike
        Fields in which a word only looks like the name (``Kimberly`` where ``Kim`` was erased).
        They were left as they are: look at them, and erase under that word as well if it is
        theirs.
    """

    replaced: tuple[Mention, ...]
    alike: tuple[Mention, ...]

    def __new__(
        cls,
        removed: int = 0,
        *,
        replaced: tuple[Mention, ...] = (),
        alike: tuple[Mention, ...] = (),
    ) -> Self:
        """Make one; a host's own store may."""
        report = super().__new__(cls, removed)
        report.replaced = replaced
        report.alike = alike
        return report

    @property
    def removed(self) -> int:
        """How many events were removed."""
        return int(self)

    def _content(self) -> dict[str, Any]:
        return {"removed": int(self), "replaced": self.replaced, "alike": self.alike}

    def __repr__(self) -> str:
        return (
            f"ErasureReport({int(self)} events removed, {len(self.replaced)} fields replaced,"
            f" {len(self.alike)} alike)"
        )


@frozen(kw_only=True, repr=False)
class SalvageReport(Result):
    """What could be copied of a damaged store, and what could not.

    Attributes
    ----------
    events
        How many events were copied.
    lost
        Ids of the events that can't be read, as far as they are known; sorted.
    lost_without_id
        How many more are missing, of which nothing but their number is known.
    people
        Ids of the people whose events are not all there; sorted. Everybody else's are whole.
    log_is_damaged
        Whether the last that was recorded is missing, of anybody, as the file's log is damaged.
    """

    events: int
    lost: tuple[str, ...]
    lost_without_id: int
    people: tuple[str, ...]
    log_is_damaged: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost."""
        return not (self.lost or self.lost_without_id or self.people or self.log_is_damaged)

    def __repr__(self) -> str:
        return (
            f"SalvageReport({self.events} events copied,"
            f" {len(self.lost) + self.lost_without_id} lost, {len(self.people)} people affected)"
        )
