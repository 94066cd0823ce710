"""Never executed: what type checkers see. Negative cases carry the error they must give."""

from datetime import UTC, datetime
from typing import assert_type

import numpy as np

import mshg
from mshg import (
    Group,
    Meeting,
    Person,
    Position,
    StanceProfile,
    catalog,
    codec,
    feeds,
    fit,
    meetings,
)
from mshg.domain import ConcernAnswer, Slot
from mshg.fit import (
    CertainTable,
    Change,
    Exclusion,
    FitTable,
    GroupFit,
    Interview,
    Option,
    Outscored,
    Question,
    Shortlist,
)

person = Person(id="1", substances=["alcohol"], goal="moderation")
groups = catalog.load()

assert_type(groups["aa"], Group)
assert_type(fit.shortlist(person, groups), Shortlist)
assert_type(fit.shortlist(person, groups.values()).options, tuple[Option, ...])
assert_type(fit.assess(person, groups), tuple[GroupFit, ...])
assert_type(fit.score_table(np.zeros((1, 12)), groups=groups), FitTable)
assert_type(fit.shortlist(person, groups).next_question, mshg.Dimension | None)
assert_type(fit.shortlist(person, groups).why_not("aa"), Exclusion | Outscored | None)
assert_type(fit.shortlist(person, groups).what_would_change, Change | None)
assert_type(fit.interview(person, groups).answer(3), Interview)
assert_type(fit.interview(person, groups).next(), Question | None)
assert_type(fit.certain_table(np.zeros((1, 12)), groups=groups), CertainTable)
assert_type(groups.concerns("aa"), tuple[ConcernAnswer, ...])
assert_type(codec.loads("{}", Person), Person)
assert_type(codec.from_dict({}, StanceProfile), StanceProfile)
assert_type(mshg.Person(id="1").chosen_group, str | None)
assert_type(groups["aa"].philosophy[mshg.Dimension.METHOD], Position)
report = feeds.read_meeting_guide([], group="aa", default_timezone="UTC")
assert_type(report.meetings, tuple[Meeting, ...])
assert_type(report.meetings[0].slots, tuple[Slot, ...])
at = datetime.now(UTC)
directory = meetings.Directory(report.meetings)
query = meetings.MeetingQuery(at=at, groups=["aa", groups["na"]], windows=[(0, "18:00", "20:00")])
assert_type(meetings.MeetingQuery.from_person(person, at=at, groups=groups), meetings.MeetingQuery)
assert_type(directory.search(query), meetings.SearchResult)
assert_type(directory.search_many([query]), list[meetings.SearchResult])
assert_type(directory.search(query).matches, tuple[meetings.MeetingMatch, ...])
assert_type(meetings.plan_week(person, groups, directory, at=at), meetings.WeekPlan)
assert_type(meetings.to_ics(report.meetings, at=at), str)

StanceProfile.from_likert({"method": 5}, importance={"method": 2}, declined=["agency"])
StanceProfile.from_likert({mshg.Dimension.METHOD: 5}, declined=[mshg.Dimension.AGENCY])
StanceProfile(positions={"method": 0.5})

Person()  # type: ignore[call-arg]
Person(id=1)  # type: ignore[arg-type]
person.goal = None  # type: ignore[misc]
fit.shortlist("1", groups)  # type: ignore[arg-type]
mshg.Experience(group="aa", how_it_was="disliked")
mshg.Experience(how_it_was="liked")  # type: ignore[call-arg]
meetings.MeetingQuery()  # type: ignore[call-arg]
meetings.MeetingQuery(at="now")  # type: ignore[arg-type]
meetings.MeetingQuery(at=at, modes=["online"], barriers=["transport"], languages={"es"})
directory.search(person)  # type: ignore[arg-type]
fit.interview(person, groups).answer("3")  # type: ignore[arg-type]
fit.FitParameters(answer_shares={"method": [0.2, 0.2, 0.2, 0.2, 0.2]})
fit.score_table(np.zeros((1, 12)))  # type: ignore[call-arg]
codec.to_dict(3)  # type: ignore[arg-type]
