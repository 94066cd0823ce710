"""Never executed: what type checkers see. Negative cases carry the error they must give."""

from typing import Any, assert_type

import numpy as np

import mshg
from mshg import Group, Meeting, Person, Position, StanceProfile, catalog, codec, feeds, fit
from mshg.domain import ConcernAnswer, Join, MeetingFlag, Slot
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
assert_type(report.meetings[0].flags, frozenset[MeetingFlag])
assert_type(report.meetings[0].join, Join | None)
assert_type(report.summary(), str)
assert_type(feeds.read_bmlt(b"[]", default_timezone="UTC").refused, tuple[feeds.RefusedRow, ...])
assert_type(
    feeds.write_meeting_guide([]), tuple[list[dict[str, Any]], tuple[feeds.RefusedRow, ...]]
)

StanceProfile.from_likert({"method": 5}, importance={"method": 2}, declined=["agency"])
StanceProfile.from_likert({mshg.Dimension.METHOD: 5}, declined=[mshg.Dimension.AGENCY])
StanceProfile(positions={"method": 0.5})

Person()  # type: ignore[call-arg]
Person(id=1)  # type: ignore[arg-type]
person.goal = None  # type: ignore[misc]
fit.shortlist("1", groups)  # type: ignore[arg-type]
mshg.Experience(group="aa", how_it_was="disliked")
mshg.Experience(how_it_was="liked")  # type: ignore[call-arg]
fit.interview(person, groups).answer("3")  # type: ignore[arg-type]
fit.FitParameters(answer_shares={"method": [0.2, 0.2, 0.2, 0.2, 0.2]})
fit.score_table(np.zeros((1, 12)))  # type: ignore[call-arg]
codec.to_dict(3)  # type: ignore[arg-type]
