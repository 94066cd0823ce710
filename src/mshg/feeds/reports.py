"""What became of each row of a meeting list."""

from collections import Counter
from collections.abc import Mapping

from attrs import Factory, define, field, frozen

from mshg._results import Result, ResultWithMeetings, wording_given
from mshg.domain import FrozenMapping, Meeting, MeetingFlag
from mshg.errors import Problem
from mshg.feeds.masking import Cleaner
from mshg.wording import Wording, load


def _counts(value: Mapping[str, int]) -> FrozenMapping[str, int]:
    return FrozenMapping(dict(sorted(value.items())))


@frozen(kw_only=True)
class RejectedRow(Result):
    """A row that could not be read or written: its place from 0, where in it, and the rule."""

    row: int
    path: str
    reason: str


@frozen(kw_only=True, repr=False)
class FeedReport(ResultWithMeetings):
    """An account of a meeting list, row by row.

    Parameters
    ----------
    meetings
        Meetings that take place.
    inactive
        Meetings that are listed and do not take place at present.
    rejected
        Rows that could not be read.
    assumed
        What was assumed where a row does not say or contradicts itself, and in how many rows;
        what stays uncertain about a meeting is in its ``flags`` too.
    ignored
        Fields and type codes that hold something and were not read, and in how many rows.
    redacted
        What was taken out of the rows that were read, and how often: contact fields, e-mail
        addresses, phone numbers, accounts and names in free text, control characters, mark-up,
        links that are not safe to follow, text beyond what is kept.
    rows
        How many rows there were; the first three add up to it.
    """

    meetings: tuple[Meeting, ...]
    inactive: tuple[Meeting, ...]
    rejected: tuple[RejectedRow, ...]
    assumed: Mapping[str, int] = field(converter=_counts)
    ignored: Mapping[str, int] = field(converter=_counts)
    redacted: Mapping[str, int] = field(converter=_counts)
    rows: int

    def __repr__(self) -> str:
        return (
            f"FeedReport({self.rows} rows: {len(self.meetings)} meetings, "
            f"{len(self.inactive)} inactive, {len(self.rejected)} rejected)"
        )

    def to_text(self, wording: Wording | None = None) -> str:
        """Say in a few lines how many rows became what, for whoever looks after the list.

        Fields, codes and rules that were counted keep their names in every language.

        Parameters
        ----------
        wording
            Whose sentences to say; mshg's own in English if None.

        Examples
        --------
        >>> from mshg import feeds
        >>> row = {"name": "Noon", "slug": "noon", "day": 1, "time": "12:00"}
        >>> report = feeds.read_meeting_guide([row, 5], group="aa", default_timezone="UTC")
        >>> print(report.to_text())
        2 rows: 0 meetings, 1 inactive, 1 rejected
        assumed: mode 1, timezone 1
        rejected: must be an object 1
        """
        say = (load() if wording is None else wording_given(wording)).say
        reasons = Counter(row.reason for row in self.rejected)
        counted = {
            "meetings": Counter(str(m.mode) for m in self.meetings),
            "assumed": self.assumed,
            "redacted": self.redacted,
            "rejected": dict(reasons.most_common(_MOST_REASONS)),
            "ignored": self.ignored,
        }
        title = say(
            "feed.rows",
            rows=self.rows,
            meetings=len(self.meetings),
            inactive=len(self.inactive),
            rejected=len(self.rejected),
        )
        lines = [say(f"feed.{key}", counts=_listed(n)) for key, n in counted.items() if n]
        return "\n".join([title, *lines])


_MOST_REASONS = 10


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in sorted(counts.items()))


@define
class Account:
    """What a reader counts while it goes through a list."""

    cleaner: Cleaner = Factory(Cleaner)
    meetings: list[Meeting] = Factory(list)
    inactive: list[Meeting] = Factory(list)
    rejected: list[RejectedRow] = Factory(list)
    assumed: Counter[str] = Factory(Counter)
    ignored: Counter[str] = Factory(Counter)
    labels: Counter[str] = Factory(Counter)
    seen: set[str] = Factory(set)

    def keep(self, meeting: Meeting) -> None:
        """Enter a meeting that was read."""
        (self.meetings if meeting.mode != "inactive" else self.inactive).append(meeting)
        self.seen.add(meeting.id)
        self.assumed.update(name_of(flag) for flag in meeting.flags)

    def refuse(self, row: int, problems: list[Problem]) -> None:
        """Enter a row that could not be read."""
        self.rejected.append(refusal(row, problems))

    def report(self) -> FeedReport:
        """Close the account."""
        for label, count in self.labels.items():
            where, _, _ = label.partition(":")
            self.ignored[label if count > 1 else f"{where}:(other)"] += count
        return FeedReport(
            meetings=tuple(self.meetings),
            inactive=tuple(self.inactive),
            rejected=tuple(self.rejected),
            assumed=self.assumed,
            ignored=self.ignored,
            redacted=self.cleaner.redacted,
            rows=len(self.meetings) + len(self.inactive) + len(self.rejected),
        )


def name_of(flag: MeetingFlag) -> str:
    """How a flag is counted."""
    return flag.value.removesuffix("_assumed")


def refusal(row: int, problems: list[Problem]) -> RejectedRow:
    """All that is wrong with a row, in one line."""
    first, *others = problems
    more = "".join(f"; {p.path}: {p.rule}" for p in others)
    return RejectedRow(row=row, path=f"$[{row}]{first.path}", reason=first.rule + more)
