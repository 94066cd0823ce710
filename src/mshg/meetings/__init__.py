"""Meetings: which of them a person can really get to, when, and why."""

from mshg.meetings.calendars import to_ics
from mshg.meetings.engine import Directory
from mshg.meetings.parameters import (
    EARTH_RADIUS_KM,
    METHOD_VERSION,
    MeetingQuery,
)
from mshg.meetings.planning import PlannedMeeting, WeekPlan, plan_week
from mshg.meetings.results import MeetingMatch, Relaxation, SearchResult

__all__ = [
    "EARTH_RADIUS_KM",
    "METHOD_VERSION",
    "Directory",
    "MeetingMatch",
    "MeetingQuery",
    "PlannedMeeting",
    "Relaxation",
    "SearchResult",
    "WeekPlan",
    "plan_week",
    "to_ics",
]
