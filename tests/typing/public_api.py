"""Never executed: what type checkers see. Negative cases carry the error they must give."""

from typing import assert_type

import numpy as np

import mshg
from mshg import Group, Meeting, Person, Position, StanceProfile, catalog, codec, feeds, fit
from mshg.domain import Slot
from mshg.fit import FitTable, GroupFit, Option, Shortlist

person = Person(id="1", substances=["alcohol"], goal="moderation")
groups = catalog.load()

assert_type(groups["aa"], Group)
assert_type(fit.shortlist(person, groups), Shortlist)
assert_type(fit.shortlist(person, groups.values()).options, tuple[Option, ...])
assert_type(fit.assess(person, groups), tuple[GroupFit, ...])
assert_type(fit.score_table(np.zeros((1, 12)), groups=groups), FitTable)
assert_type(codec.loads("{}", Person), Person)
assert_type(codec.from_dict({}, StanceProfile), StanceProfile)
assert_type(mshg.Person(id="1").chosen_group, str | None)
assert_type(groups["aa"].philosophy[mshg.Dimension.METHOD], Position)
report = feeds.read_meeting_guide([], group="aa", default_timezone="UTC")
assert_type(report.meetings, tuple[Meeting, ...])
assert_type(report.meetings[0].slots, tuple[Slot, ...])

StanceProfile.from_likert({"method": 5}, importance={"method": 2}, declined=["agency"])
StanceProfile.from_likert({mshg.Dimension.METHOD: 5}, declined=[mshg.Dimension.AGENCY])
StanceProfile(positions={"method": 0.5})

Person()  # type: ignore[call-arg]
Person(id=1)  # type: ignore[arg-type]
person.goal = None  # type: ignore[misc]
fit.shortlist("1", groups)  # type: ignore[arg-type]
fit.score_table(np.zeros((1, 12)))  # type: ignore[call-arg]
codec.to_dict(3)  # type: ignore[arg-type]
