"""What became of each row of a meeting list."""

from collections import Counter
from collections.abc import Callable, Mapping

from attrs import Factory, define, evolve, field, frozen

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

    def to_markdown(self, wording: Wording | None = None) -> str:
        """Say what the owner of the list should mend, as Markdown that can be sent.

        It names rows by their place and meetings by the list's own id, and nobody's data.

        Parameters
        ----------
        wording
            Whose sentences to say; mshg's own in English if None.

        Examples
        --------
        >>> from mshg import feeds
        >>> row = {"name": "Noon", "slug": "noon", "day": 1, "time": "25:00", "city": "Cork"}
        >>> report = feeds.read_meeting_guide([row], group="aa", default_timezone="UTC")
        >>> print(report.to_markdown())
        # About your meeting list
        <BLANKLINE>
        1 rows: 0 meetings, 0 inactive, 1 rejected
        <BLANKLINE>
        ## Rows that could not be read
        <BLANKLINE>
        Rows count from 1, below the headers if there are any.
        <BLANKLINE>
        - row 1: time must be HH:MM, from 00:00 to 23:59, or h:MM AM or PM
        """
        say = (load() if wording is None else wording_given(wording)).say
        title = say(
            "feed.rows",
            rows=self.rows,
            meetings=len(self.meetings),
            inactive=len(self.inactive),
            rejected=len(self.rejected),
        )
        parts = [say("feed.markdown.title"), "", title]
        if self.rejected:
            parts += ["", say("feed.markdown.rejected"), "", say("feed.markdown.places"), ""]
            parts += [_item(say, row) for row in self.rejected[:_MOST_ROWS]]
            parts += _rest(say, len(self.rejected))
        doubts = Counter(flag for m in self.meetings + self.inactive for flag in m.flags)
        for flag in (flag for flag in MeetingFlag if doubts[flag]):
            ids = [_code(m.id) for m in self.meetings + self.inactive if flag in m.flags]
            parts += ["", say(f"feed.markdown.{flag.value}", count=len(ids)), ""]
            if len(ids) < self.rows or len(ids) <= _FEW:
                parts += [f"- {name}" for name in ids[:_MOST_ROWS]]
                parts += _rest(say, len(ids))
        if self.ignored:
            parts += ["", say("feed.markdown.ignored"), ""]
            parts += [f"- {_code(name)}: {n}" for name, n in self.ignored.items()]
        return "\n".join(parts).rstrip()


_MOST_REASONS = 10
_MOST_ROWS = 50  # that are named one by one
_FEW = 10


def _item(say: Callable[..., str], row: RejectedRow) -> str:
    field = row.path.partition("]")[2].lstrip(".")
    return say("feed.markdown.row", row=row.row + 1, field=field, reason=row.reason).replace(
        "  ", " "
    )


def _rest(say: Callable[..., str], count: int) -> list[str]:
    more = count - _MOST_ROWS
    return [say("feed.markdown.more", count=more)] if more > 0 else []


def _code(text: str) -> str:
    """A name as code, whatever characters it holds."""
    plain = text.replace("`", "'")
    return f"`{plain}`"


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
    reasons: dict[str, str] = Factory(dict)

    def keep(self, meeting: Meeting) -> None:
        """Enter a meeting that was read."""
        (self.meetings if meeting.mode != "inactive" else self.inactive).append(meeting)
        self.seen.add(meeting.id)
        self.assumed.update(name_of(flag) for flag in meeting.flags)

    def refuse(self, row: int, problems: list[Problem]) -> None:
        """Enter a row that could not be read."""
        found = refusal(row, problems)
        reason = self.reasons.setdefault(found.reason, found.reason)  # one text for many rows
        self.rejected.append(evolve(found, reason=reason))

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
