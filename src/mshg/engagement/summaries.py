"""What engagement gives back for one person: the table's row, the way there, both in words."""

from collections.abc import Iterable
from datetime import date, timedelta
from html import escape
from itertools import pairwise
from math import isnan
from typing import Any

from attrs import Attribute, evolve, field, frozen

from mshg._conversions import to_tuple
from mshg._results import Result, wording_given
from mshg.engagement.parameters import METHOD_VERSION, EngagementParameters, Stage, StageRule
from mshg.engagement.records import RoleSpan
from mshg.events import PersonState
from mshg.wording import Wording

_LEFT, _WIDTH, _ROW, _LETTER = 150, 520, 22, 7  # pixels, the first for labels at least
_DARK, _PALE, _GREEN, _GRAY = "#1f5f8b", "#b9d4ea", "#8bb174", "#ddd"


def _days(value: Iterable[date]) -> tuple[date, ...]:
    return to_tuple(value)


def _spans(value: Iterable[RoleSpan]) -> tuple[RoleSpan, ...]:
    return to_tuple(value)


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _missing_is_missing(_: type, fields: list["Attribute[Any]"]) -> list["Attribute[Any]"]:
    """Let a measure that can't be known equal another, though NaN equals nothing."""
    return [f.evolve(eq_key=_known) if f.type is float else f for f in fields]


@frozen(kw_only=True, repr=False)
class Timeline(Result):
    """One person's way, to be drawn.

    Parameters
    ----------
    attended_on
        Days with a meeting, oldest first.
    roles
        Parts they had in groups.
    run_start, run_end, run_days
        The present abstinent run, as far as the person has said; None and 0 where there is none.
    journey_start, journey_end, journey_days
        The first and the last day ever counted as abstinent, and how many were. No lapse takes
        them back.
    """

    attended_on: tuple[date, ...] = field(converter=_days)
    roles: tuple[RoleSpan, ...] = field(converter=_spans)
    run_start: date | None
    run_end: date | None
    run_days: int
    journey_start: date | None
    journey_end: date | None
    journey_days: int

    def __repr__(self) -> str:
        return "Timeline(…)"


@frozen(kw_only=True, repr=False, field_transformer=_missing_is_missing)
class EngagementSummary(Result):
    """Engagement of one person as of a day.

    Parameters
    ----------
    as_of
        The last day that counts.
    timeline
        What the picture shows.
    set_aside
        How many records are dated later and were set aside.
    parameters, wording
        The numbers behind it; whose sentences these are.

    The other fields are those of `EngagementTable`, and so are their units and what is missing.
    ``stage`` and ``stage_rule`` are None where there is neither meeting nor referral.
    """

    as_of: date
    attendances: int
    attendances_7_days: int
    attendances_30_days: int
    attendances_90_days: int
    meetings_per_week: float
    weeks_in_a_row: int
    decayed_per_week: float
    pace_change_per_week: float
    trend_28_days: int
    weekly_variance: float
    days_since_last: float
    longest_gap_days: float
    usual_gap_days: float
    silence: float
    still_engaged: float
    days_to_first_meeting: float
    in_first_90_days: bool
    first_rating: float
    first_discomfort: float
    check_ins_answered_share: float
    questions_unanswered: int
    questions_declined: int
    meetings_missed: int
    days_since_news: float
    goals_met: int
    has_sponsor: bool
    has_home_group: bool
    has_service: bool
    steps_worked: int
    readings: int
    supporter_contacts: int
    involvement: float
    stage: Stage | None
    stage_rule: StageRule | None
    timeline: Timeline
    set_aside: int
    _state: PersonState
    parameters: EngagementParameters
    wording: Wording
    method_version: str = METHOD_VERSION

    def __repr__(self) -> str:
        return "EngagementSummary(…)"

    @property
    def state(self) -> PersonState:
        """What the same events come to, as of the same day."""
        return self._state

    def to_text(self, wording: Wording | None = None) -> str:
        """What there is to say, as text to read with the person; scores stay out of it.

        Parameters
        ----------
        wording
            Whose sentences to say; those that the summary was made with if None.
        """
        if wording is not None:
            return evolve(self, wording=wording_given(wording)).to_text()
        parts = (self._stage(), self._meetings(), self._beyond(), self._reports(), self._journey())
        blocks = ["\n".join(lines) for lines in parts if lines]
        title = self._say("title", day=self.as_of.isoformat())
        if self.set_aside:
            blocks.append(self._say("set_aside", count=self.set_aside))
        return "\n\n".join([title, *blocks, self._say("meaning")])

    def _repr_html_(self) -> str:
        """Days, parts and runs as bars for a notebook. Answers and names stay out of it."""
        title = escape(self._say("title", day=self.as_of.isoformat()))
        aside = escape(self._say("html_notes"))
        return (
            f'<table style="border-collapse:collapse"><caption>{title}</caption>'
            f"<tr><td>{self._picture()}</td></tr>"
            f"<tfoot><tr><td><small>{aside}</small></td></tr></tfoot></table>"
        )

    def _say(self, key: str, **values: object) -> str:
        return self.wording.say(f"engagement.{key}", **values)

    def _stage(self) -> list[str]:
        if self.stage_rule is None:
            return [self._say("no_stage")]
        given, rule = self.parameters, self.stage_rule
        limit = given.away_days if rule is StageRule.LONG_AGO else given.attending_days
        days = f"{self.days_since_last:g}"
        return [self._say(f"rule_{rule}", meetings=self.attendances, days=days, limit=limit)]

    def _meetings(self) -> list[str]:
        if not self.attendances:
            return []
        lines = [
            self._say(
                "meetings",
                week=self.attendances_7_days,
                month=self.attendances_30_days,
                quarter=self.attendances_90_days,
            ),
            self._say("weeks_in_a_row", weeks=self.weeks_in_a_row),
            self._say("last", days=int(self.days_since_last)),
        ]
        if not isnan(self.usual_gap_days):
            usual, longest = f"{self.usual_gap_days:g}", f"{self.longest_gap_days:g}"
            lines.append(self._say("gaps", usual=usual, longest=longest))
            if self.days_since_last > self.longest_gap_days:
                lines.append(self._say("longest_yet"))
        if self.trend_28_days < 0:
            lines.append(self._say("fewer", fewer=-self.trend_28_days))
        if self.in_first_90_days:
            lines.append(self._say("first_90_days"))
        return lines

    def _beyond(self) -> list[str]:
        """What the person does beyond going to meetings."""
        if isnan(self.involvement):
            return []
        parts = {
            "sponsor": self.has_sponsor,
            "home_group": self.has_home_group,
            "service": self.has_service,
            "steps": self.steps_worked > 0,
            "reading": self.readings > 0,
            "contacts": self.supporter_contacts > 0,
        }
        named = ", ".join(self._say(f"part_{part}") for part, has in parts.items() if has)
        return [self._say("beyond", parts=named) if named else self._say("beyond_none")]

    def _reports(self) -> list[str]:
        recent = self.parameters.recent_days
        lines: list[str] = []
        if self.goals_met:
            lines.append(self._say("goals_met", count=self.goals_met))
        if not isnan(self.check_ins_answered_share):
            percent = round(100 * self.check_ins_answered_share)
            lines.append(self._say("check_ins", percent=percent, recent=recent))
        gone = {
            "missed": self.meetings_missed,
            "unanswered": self.questions_unanswered,
            "declined": self.questions_declined,
        }
        lines += [self._say(key, count=n, recent=recent) for key, n in gone.items() if n]
        if self.days_since_news > recent:
            lines.append(self._say("no_news", days=int(self.days_since_news)))
            gone["no_news"] = 1
        return [*lines, *([self._say("absence")] if any(gone.values()) else [])]

    def _journey(self) -> list[str]:
        way = self.timeline
        if not way.journey_days:
            return []
        if way.run_end is None:
            return [self._say("journey_without_run", journey=way.journey_days)]
        lengths = {"journey": way.journey_days, "run": way.run_days, "day": way.run_end.isoformat()}
        return [self._say("journey", **lengths)]

    def _picture(self) -> str:
        """An SVG of one row a kind: meetings, breaks, parts, the journey, the present run."""
        way, today = self.timeline, self.as_of
        least = timedelta(self.parameters.away_days)
        breaks = [(a, b) for a, b in pairwise((*way.attended_on, today)) if b - a > least]
        bars = [
            ("meetings", _DARK, [(day, day) for day in way.attended_on]),
            ("breaks", _GRAY, breaks),
        ]
        for role in dict.fromkeys(span.role for span in way.roles):
            had = [(s.since, s.until or today) for s in way.roles if s.role is role]
            bars.append((f"role_{role}", _GREEN, had))
        if way.journey_start is not None and way.journey_end is not None:
            bars.append(("journey", _PALE, [(way.journey_start, way.journey_end)]))
        if way.run_start is not None and way.run_end is not None:
            bars.append(("run", _DARK, [(way.run_start, way.run_end)]))
        rows = [(self._say(f"row_{name}"), color, spans) for name, color, spans in bars if spans]
        return _svg(rows, today)


def _svg(rows: list[tuple[str, str, list[tuple[date, date]]]], end: date) -> str:
    start = min((since for _, _, spans in rows for since, _ in spans), default=end)
    scale = _WIDTH / max((end - start).days, 1)
    left = max([_LEFT, *(_LETTER * len(label) for label, _, _ in rows)])
    shapes: list[str] = []
    for i, (label, color, spans) in enumerate(rows):
        top = _ROW * i
        shapes.append(f'<text x="0" y="{top + 14}">{escape(label)}</text>')
        places = [
            (round((a - start).days * scale), max(round((b - a).days * scale), 2)) for a, b in spans
        ]
        shapes += [
            f'<rect x="{left + x}" y="{top + 3}" width="{width}" height="14" fill="{color}"/>'
            for x, width in dict.fromkeys(places)
        ]
    ends = _ROW * len(rows) + 14
    shapes.append(f'<text x="{left}" y="{ends}">{start.isoformat()}</text>')
    right = left + _WIDTH
    shapes.append(f'<text x="{right}" y="{ends}" text-anchor="end">{end.isoformat()}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{right + 4}" height="{ends + 6}" '
        f'font-size="12" font-family="sans-serif" fill="currentColor">{"".join(shapes)}</svg>'
    )
