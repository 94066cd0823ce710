"""Never executed: what type checkers see. Negative cases carry the error they must give."""

from datetime import UTC, date, datetime
from typing import Any, assert_type

import numpy as np

import mshg
from mshg import (
    Group,
    Meeting,
    MeetingMode,
    Person,
    Position,
    StanceProfile,
    SupporterProfile,
    catalog,
    codec,
    engagement,
    events,
    feeds,
    fit,
    meetings,
    outcomes,
    pairing,
    risk,
    store,
)
from mshg._arrays import Floats
from mshg.domain import ConcernAnswer, JoinInfo, MeetingFlag, Slot
from mshg.engagement import EngagementSummary, EventColumns, Stage
from mshg.fit import (
    CertainTable,
    Counterfactual,
    Exclusion,
    FitTable,
    GroupFit,
    Interview,
    NotShown,
    Option,
    Question,
    Shortlist,
)

person = Person(id="1", substances=["alcohol"], goal="moderation")
groups = catalog.load()

assert_type(groups["aa"], Group)
assert_type(fit.shortlist(person, groups), Shortlist)
assert_type(fit.shortlist(person, groups.values()).options, tuple[Option, ...])
assert_type(fit.score(person, groups), tuple[GroupFit, ...])
assert_type(fit.shortlist(person, groups).to_dict(), dict[str, Any])
assert_type(fit.score_table(np.zeros((1, 12)), groups=groups), FitTable)
assert_type(fit.shortlist(person, groups).next_question, mshg.Dimension | None)
assert_type(fit.shortlist(person, groups).why_not("aa"), Exclusion | NotShown | None)
assert_type(fit.shortlist(person, groups).counterfactual, Counterfactual | None)
assert_type(fit.interview(person, groups).answer(3), Interview)
assert_type(fit.interview(person, groups).next(), Question | None)
assert_type(fit.certain_table(np.zeros((1, 12)), groups=groups), CertainTable)
assert_type(groups.concerns("aa"), tuple[ConcernAnswer, ...])
assert_type(codec.loads("{}", Person), Person)
assert_type(codec.from_dict({}, StanceProfile), StanceProfile)
assert_type(mshg.Person(id="1").chosen_group, str | None)
assert_type(groups["aa"].philosophy[mshg.Dimension.METHOD], Position)
went = events.Attended(
    id="e1", at=datetime.now(UTC), person_id="1", group="aa", mode="online", rating=7
)
assert_type(went.mode, MeetingMode | None)
assert_type(events.replay([went]), events.PersonState)
assert_type(events.apply(events.PersonState(), went), events.PersonState)
assert_type(events.effective_events([went]), tuple[events.Event, ...])
assert_type(codec.loads("{}", events.CheckIn), events.CheckIn)
assert_type(events.PersonState().reports.answers[events.Question.STRESS].value, float)
kept: store.EventStore = store.SqliteEventStore(":memory:")
assert_type(store.SqliteEventStore(":memory:").events("1"), tuple[events.Event, ...])
assert_type(kept.append([went]), int)
report = feeds.read_meeting_guide([], group="aa", default_timezone="UTC")
assert_type(report.meetings, tuple[Meeting, ...])
assert_type(report.meetings[0].slots, tuple[Slot, ...])
assert_type(outcomes.evaluate(["+-"], "fiellin2006"), outcomes.OutcomeTable)
assert_type(outcomes.evaluate({"1": "+-"}, outcomes.DEFINITIONS["lee2016"]), outcomes.OutcomeTable)
assert_type(outcomes.compare_definitions(np.zeros((0, 4), np.uint8)), outcomes.DefinitionComparison)
assert_type(outcomes.read_patterns(["+-"]), outcomes.WeeklyPatterns)

columns = EventColumns.attendances(person=[0, 1], day=np.array([20_000, 20_001], np.int32))
assert_type(columns, EventColumns)
assert_type(engagement.summarize_table(columns, as_of=date(2026, 1, 1)).silence, Floats)
assert_type(engagement.summarize([], as_of=20_000), EngagementSummary)
assert_type(engagement.summarize([], as_of=20_000).stage, Stage | None)

inputs = risk.RiskInputs(craving=7, goal="moderation", reluctance=True)
known = risk.RiskColumns(craving=np.zeros(3), weeks_without_contact=[0, 1, 2])
assert_type(risk.assess(inputs), risk.RiskAssessment)
assert_type(risk.assess(inputs, previous=inputs).lapse_direction, int | None)
assert_type(risk.assess(inputs).notices, tuple[risk.SafetyNotice, ...])
assert_type(risk.assess_table(known, previous=known), risk.RiskTable)
assert_type(risk.columns_from_patterns(["+-o"], [3]), risk.RiskColumns)
assert_type(risk.calibrate([1.0, 2.0], [0, 1], groups=["a", "b"]), risk.Calibration)
assert_type(risk.audit([1.0], [1], ["a"]).rows, tuple[risk.AuditRow, ...])
assert_type(risk.capacity_threshold([1.0], hours=1, minutes_per_contact=10), risk.CapacityThreshold)
assert_type(risk.instruments.score("phq9", [0] * 9), risk.instruments.InstrumentScores)
assert_type(report.meetings[0].flags, frozenset[MeetingFlag])
assert_type(report.meetings[0].join_info, JoinInfo | None)
assert_type(report.to_text(), str)
assert_type(feeds.read_bmlt(b"[]", default_timezone="UTC").rejected, tuple[feeds.RejectedRow, ...])
assert_type(
    feeds.write_meeting_guide([]), tuple[list[dict[str, Any]], tuple[feeds.RejectedRow, ...]]
)
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
events.Attended(id="e1", at=datetime.now(UTC), group="aa")  # type: ignore[call-arg]
events.Missed(id="e1", at="2026-11-24", person_id="1")  # type: ignore[arg-type]
kept.append([person])  # type: ignore[list-item]

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
outcomes.Definition(
    rule=outcomes.Ever(window=outcomes.Window(at_least=3)),
    missing=outcomes.Reading.UNKNOWN,
    seen=range(1, 5),
)
outcomes.evaluate(["+-"], 3)  # type: ignore[arg-type]
outcomes.evaluate(3, "lee2016")  # type: ignore[arg-type]
outcomes.Definition(rule=outcomes.Window(at_least=3))  # type: ignore[arg-type]
engagement.summarize([1], as_of=20_000)  # type: ignore[list-item]
engagement.summarize([], as_of="2026-01-01")  # type: ignore[arg-type]
risk.RiskInputs(gender="woman")  # type: ignore[call-arg]
risk.assess(known)  # type: ignore[arg-type]
risk.assess_table(inputs)  # type: ignore[arg-type]

friend = SupporterProfile(id="s1", role="first_friend", capacity=2, groups=["aa"])
asked = pairing.PairingRequest.from_person(person, groups=groups, windows=[(1, "18:00", "20:00")])
assert_type(pairing.PairingRequest.from_events(person, [], groups=["aa"]), pairing.PairingRequest)
paired = pairing.match([asked], [friend], as_of=at, keep=[("1", "s1")])
assert_type(paired, pairing.Pairing)
assert_type(paired.pairs, tuple[pairing.Pair, ...])
assert_type(pairing.repair(paired, [pairing.PersonLeft("1")], as_of=at), pairing.Pairing)
assert_type(pairing.verify(paired, [asked], [friend]), pairing.Certificate)
assert_type(pairing.match_arrays([[0]], [[1.0]], [1]), pairing.PairingArrays)
SupporterProfile(id="s1")  # type: ignore[call-arg]
pairing.match([person], [friend], as_of=at)  # type: ignore[list-item]
pairing.PairingRequest.from_events(person, [])  # type: ignore[call-arg]
pairing.repair(paired, ["left"], as_of=at)  # type: ignore[list-item]
