"""Inputs from what a person's events come to."""

from datetime import date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg import engagement, events, risk, testing
from mshg.errors import ValidationError
from mshg.risk.signs import RANGES

AS_OF = date(2026, 11, 24)
ZONE = timezone(timedelta(hours=-5))


def at(days_ago):
    return datetime(2026, 11, 24, 12, tzinfo=ZONE) - timedelta(days=days_ago)


def history(*records):
    """Events from (days ago, kind, fields)."""
    return [
        kind(id=str(i), person_id="1", at=at(days_ago), **fields)
        for i, (days_ago, kind, fields) in enumerate(records)
    ]


def inputs(*records, as_of=AS_OF, with_summary=True):
    stated = history(*records)
    summary = engagement.summarize(stated, as_of=as_of) if with_summary else None
    return risk.RiskInputs.from_state(events.replay(stated), summary, as_of=as_of)


def test_an_empty_state_tells_nothing():
    found = risk.RiskInputs.from_state(events.PersonState(), None, as_of=AS_OF)
    assert found == risk.RiskInputs(as_of=AS_OF)


def test_use_within_the_goal_is_no_lapse():
    goal = (40, events.RecoveryGoalChanged, {"goal": "moderation"})
    found = inputs(goal, (3, events.SubstanceUse, {"within_goal": True, "substance": "alcohol"}))
    assert (found.days_since_use, found.use_within_goal) == (3, 1)
    assert risk.assess(found).lapse_score <= risk.assess(risk.RiskInputs()).lapse_score
    found = inputs(
        goal,
        (9, events.SubstanceUse, {"within_goal": False}),
        (3, events.SubstanceUse, {"within_goal": True}),
    )
    assert (found.days_since_use, found.use_within_goal) == (9, 0)
    found = inputs(goal, (3, events.SubstanceUse, {}))
    assert (found.days_since_use, found.use_within_goal) == (3, None)


def test_abstinent_weeks_are_those_reported():
    found = inputs(
        (15, events.CheckIn, {"abstinent": True}),
        (1, events.CheckIn, {"abstinent": True}),
        with_summary=False,
    )
    assert found.abstinent_weeks is None  # since no use is known of
    assert found.evidence["abstinent"].values["value"] == 15
    assert found.days_since_use is None
    found = inputs(
        (20, events.SubstanceUse, {"within_goal": False}),
        (15, events.CheckIn, {"abstinent": True}),
        (1, events.CheckIn, {"abstinent": True}),
    )
    assert found.abstinent_weeks == pytest.approx(19 / 7)
    assert inputs((20, events.SubstanceUse, {"within_goal": False})).abstinent_weeks == 0


def test_abstinent_since_a_day_that_they_name():
    used = (20, events.SubstanceUse, {"within_goal": False})
    since = AS_OF - timedelta(9)
    found = inputs(used, (1, events.CheckIn, {"abstinent_since": since}))
    assert found.abstinent_weeks == pytest.approx(19 / 7)  # said of all the time since the use
    early = inputs(used, (1, events.CheckIn, {"abstinent_since": AS_OF - timedelta(900)}))
    assert early.abstinent_weeks == pytest.approx(19 / 7)  # the use that is known of came later
    alone = inputs((1, events.CheckIn, {"abstinent_since": since}))
    assert alone.evidence["abstinent"].values["value"] == 9
    with pytest.raises(ValidationError, match=r"\$\.abstinent_since"):
        history((1, events.CheckIn, {"abstinent_since": AS_OF}))
    with pytest.raises(ValidationError, match=r"\$\.abstinent_since"):
        history((1, events.CheckIn, {"abstinent": False, "abstinent_since": since}))


GOAL = (200, events.RecoveryGoalChanged, {"goal": "abstinence"})
ABSTINENT = {"abstinent": True}


def lapses(first, last, **stated):
    """Use every fifth day, counted in days ago."""
    return [(days, events.SubstanceUse, stated) for days in range(first, last - 1, -5)]


KEPT = [0.5 ** (age / 2) for age in range(8)]  # a week counts half after two more


@pytest.mark.parametrize(
    ("records", "weeks"),
    [
        # nothing is known of any week; of none but that they were abstinent
        ([], None),
        ([GOAL, *lapses(90, 60)], None),
        ([(28, ABSTINENT), (6, ABSTINENT)], []),
        ([GOAL, *lapses(27, 2, within_goal=True)], []),
        # a slip, with and without news of the other weeks
        ([GOAL, *lapses(2, 2)], [0]),
        ([GOAL, (60, ABSTINENT), (3, ABSTINENT), *lapses(2, 2)], [0]),
        ([GOAL, *lapses(25, 15), (2, ABSTINENT)], [2, 3]),
        ([GOAL, (40, ABSTINENT), *lapses(22, 22), (2, ABSTINENT)], [3]),
        # use since ever, and every day for four weeks
        ([GOAL, *lapses(60, 0)], list(range(8))),
        ([(days, events.SubstanceUse, {}) for days in range(27, -1, -1)], [0, 1, 2, 3]),
        # a positive test and "not abstinent" are signs of use
        ([(8, events.Tested, {"result": "positive", "substance": "cocaine"})], [1]),
        ([(8, {"abstinent": False})], [1]),
        ([(8, events.Tested, {"result": "negative", "substance": "cocaine"})], None),
    ],
)
def test_a_rate_of_use_is_of_the_last_eight_weeks(records, weeks):
    """The decayed share of eight weeks with a sign of use; no news of a week is no use in it."""
    stated = [r if len(r) == 3 else (r[0], events.CheckIn, r[1]) for r in records]
    found = inputs(*stated).use_rate
    if weeks is None:
        assert found is None
    else:
        assert found == pytest.approx(sum(KEPT[w] for w in weeks) / sum(KEPT))


def test_use_every_day_is_seen_in_the_score():
    """Somebody known to have used on each of 28 days does not pass for low."""
    daily = [(d, events.SubstanceUse, {"within_goal": False}) for d in range(28, 0, -1)]
    assert risk.assess(inputs(*daily)).lapse_tier in ("elevated", "high")


@pytest.mark.parametrize(
    "missed",
    [
        (events.Tested, {"result": "missing"}),
        (events.FollowUp, {"status": "not_reached"}),
        (events.Missed, {"group": "aa"}),
    ],
)
def test_missed_tests_contacts_and_meetings_count(missed):
    kept = (4, events.Attended, {"group": "aa"})
    found = inputs(kept, (2, *missed), (0, *missed)).missed_rate
    weight = 0.5 ** (1 / 14)
    # one kept before the first day, the four days' meeting, and two missed
    assert found == pytest.approx((weight**2 + 1) / (weight**5 + weight**4 + weight**2 + 1))
    assert inputs(kept).missed_rate == 0
    assert inputs((60, *missed)).missed_rate is None


def test_days_that_are_not_over_yet_elsewhere():
    """A last event of a later moment may have an earlier day; what is after the day is not seen."""
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    stated = [
        events.Missed(id="1", person_id="1", at=datetime(2026, 11, 25, 1, tzinfo=east)),
        events.Missed(id="2", person_id="1", at=datetime(2026, 11, 24, 1, tzinfo=west)),
    ]
    found = risk.RiskInputs.from_state(events.replay(stated), None, as_of=AS_OF)
    weight = 0.5 ** (1 / 14)
    assert found.missed_rate == pytest.approx(1 / (1 + weight))


def test_a_summary_of_another_day_is_refused():
    stated = history((9, events.Attended, {"group": "aa"}))
    summary = engagement.summarize(stated, as_of=date(2026, 11, 20))
    with pytest.raises(ValidationError, match=r"\$\.engagement: must be of the day as_of"):
        risk.RiskInputs.from_state(events.replay(stated), summary, as_of=AS_OF)


def test_a_day_is_taken_as_a_summary_takes_it():
    state = events.PersonState(use=events.UseState(last_use_on=date(2026, 11, 1)))
    noon = datetime(2026, 11, 24, 12, tzinfo=ZONE)
    for as_of in (AS_OF, noon, (AS_OF - date(1970, 1, 1)).days, np.datetime64("2026-11-24")):
        assert risk.RiskInputs.from_state(state, None, as_of=as_of).days_since_use == 23


def test_taking_part():
    records = (
        *((days, events.Attended, {"group": "aa"}) for days in (80, 45, 40, 20)),
        (10, events.Missed, {"group": "aa"}),
        (5, events.FollowUp, {"status": "reached"}),
    )
    found = inputs(*records)
    assert (found.weeks_without_meeting, found.weeks_without_contact) == (2, 0)
    assert (found.days_since_meeting, found.days_since_heard) == (20, 5)
    assert found.days_in_program == 80
    assert found.attendance_trend == 1 - 2
    assert found.meetings_per_week == 1 / 4
    assert found.involvement is None
    assert 0 <= found.silence <= 1
    without = inputs(*records, with_summary=False)
    assert without.attendance_trend is None
    assert inputs(records[-1]).meetings_per_week is None


def test_answers_are_recent_and_change():
    found = inputs(
        (9, events.CheckIn, {"craving": 3, "confidence": 8}),
        (2, events.CheckIn, {"craving": 7, "stress": 9, "abstinent": True}),
    )
    assert (found.craving, found.craving_change, found.stress) == (7, 4, 9)
    assert (found.confidence, found.confidence_change) == (8, None)
    assert found.mood is None
    assert found.check_ins_answered == 1
    assert inputs((28, events.CheckIn, {"craving": 3})).craving is None
    assert inputs((27, events.CheckIn, {"craving": 3})).craving == 3


def test_people_and_daily_life():
    change = events.RelationshipChanged
    found = inputs(
        (30, change, {"change": "support", "other_id": "a", "supports_recovery": True}),
        (30, change, {"change": "boundary_set", "other_id": "b", "uses_substances": True}),
        (20, change, {"change": "contact_lost", "other_id": "c", "uses_substances": True}),
        (20, events.EnvironmentChanged, {"area": "work", "change": "lost"}),
        (20, events.EnvironmentChanged, {"area": "housing", "change": "gained"}),
    )
    assert (found.recovery_supporters, found.people_who_use) == (1, 1)
    assert found.boundaries is True
    assert found.environment_losses == 1


def test_care_and_totals():
    treatment = events.TreatmentChanged
    found = inputs(
        (60, treatment, {"kind": "formal_treatment", "change": "started"}),
        (60, treatment, {"kind": "medication", "change": "started", "substances": ["opioids"]}),
        (5, events.InstrumentScored, {"instrument": "phq9", "score": 11}),
        (5, events.InstrumentScored, {"instrument": "bam", "subscale": "risk", "score": 8}),
        (95, events.InstrumentScored, {"instrument": "barc10", "score": 40}),
    )
    assert (found.in_treatment, found.on_medication) == (True, True)
    assert found.medication_stopped is False
    assert (found.phq9, found.bam_risk, found.barc10) == (11, 8, None)
    stopped = inputs(
        (60, treatment, {"kind": "medication", "change": "started", "substances": ["opioids"]}),
        (3, treatment, {"kind": "medication", "change": "stopped", "substances": ["opioids"]}),
    )
    assert stopped.medication_stopped is True
    for_alcohol = inputs(
        (60, treatment, {"kind": "medication", "change": "started", "substances": ["alcohol"]}),
        (3, treatment, {"kind": "medication", "change": "stopped", "substances": ["alcohol"]}),
    )
    assert for_alcohol.medication_stopped is False
    assert stopped.on_medication is False


OPIOIDS, ALCOHOL = ["opioids"], ["alcohol"]


def medication(days_ago, change, name=None, substances=()):
    stated = {"kind": "medication", "change": change, "name": name, "substances": substances}
    return (days_ago, events.TreatmentChanged, stated)


@pytest.mark.parametrize(
    ("stated", "notices"),
    [
        # another for opioid use began, or went on beside it
        ([medication(3, "started", "methadone", OPIOIDS)], ["medication_changed"]),
        ([medication(90, "started", "methadone", OPIOIDS)], ["medication_changed"]),
        # another was stopped as well, or is for something else, or for what nobody told
        (
            [medication(9, "started", "x", OPIOIDS), medication(2, "stopped", "x")],
            ["medication_stopped"],
        ),
        ([medication(3, "started", "acamprosate", ALCOHOL)], ["medication_stopped"]),
        ([medication(3, "started", "naltrexone")], ["medication_stopped"]),
        # formal treatment is no medication
        (
            [(3, events.TreatmentChanged, {"kind": "formal_treatment", "change": "started"})],
            ["medication_stopped"],
        ),
        # the same was taken up again, or in another dose
        ([medication(2, "started", "buprenorphine", OPIOIDS)], []),
        ([medication(2, "changed", "buprenorphine")], []),
    ],
)
def test_medication_stopped_or_changed_for_another(stated, notices):
    """A notice says that medication was stopped only where no other is taken instead."""
    found = inputs(
        medication(99, "started", "buprenorphine", OPIOIDS),
        medication(4, "stopped", "buprenorphine", OPIOIDS),
        *stated,
    )
    assert [n.kind for n in risk.assess(found).notices] == notices
    assert bool(found.medication_stopped) is ("medication_stopped" in notices)
    assert bool(found.medication_changed) is ("medication_changed" in notices)


def test_another_dose_is_no_notice():
    found = inputs(
        medication(99, "started", "buprenorphine", OPIOIDS),
        medication(3, "changed", "buprenorphine"),
    )
    assert risk.assess(found).notices == ()


def test_a_change_of_medication_of_which_nobody_reported_what_it_is_for():
    stopped = (medication(99, "started", "a"), medication(3, "stopped", "a"))
    assert inputs(*stopped).medication_stopped is True
    found = inputs(*stopped, medication(2, "started", "b"))
    assert (found.medication_stopped, found.medication_changed) == (False, True)
    assert inputs(*stopped, medication(2, "started", "b", ALCOHOL)).medication_stopped is True


def test_dangers_of_late():
    found = inputs(
        (3, events.DangerReported, {"danger": "suicidal_thoughts"}),
        (40, events.DangerReported, {"danger": "overdose"}),
    )
    assert found.suicidal_thoughts is True
    assert found.overdose is None


def test_a_return_to_opioids():
    use = (2, events.SubstanceUse, {"substance": "opioids", "within_goal": False})
    after_weeks = inputs(
        (30, events.CheckIn, {"abstinent": True}), (3, events.CheckIn, {"abstinent": True}), use
    )
    assert after_weeks.opioid_lapse is True
    assert after_weeks.weeks_abstinent_before_lapse > 3
    assert [n.kind.value for n in risk.assess(after_weeks).notices] == ["opioid_lapse"]
    nothing_known = inputs(use)
    assert nothing_known.opioid_lapse is True
    assert nothing_known.weeks_abstinent_before_lapse is None
    gone_on = inputs(
        (90, events.CheckIn, {"abstinent": True}),
        (70, events.CheckIn, {"abstinent": True}),
        *((days, *use[1:]) for days in range(60, 1, -6)),
        use,
    )
    # more news of danger never takes a notice back
    assert gone_on.weeks_abstinent_before_lapse is None
    assert [n.kind for n in risk.assess(gone_on).notices] == ["opioid_lapse"]
    twice = inputs((60, *use[1:]), use)
    assert twice.weeks_abstinent_before_lapse == pytest.approx(57 / 7)
    long_ago = inputs((40, events.SubstanceUse, {"substance": "opioids"}))
    assert long_ago.opioid_lapse is None


def opioid_notice(*records):
    found = risk.assess(inputs(*records)).notices
    return [n.kind.value for n in found] == ["opioid_lapse"]


def test_use_that_may_be_of_opioids():
    unknown = (2, events.SubstanceUse, {})
    asked = (60, events.CheckIn, {"abstinent": True})
    stated = (2, events.CheckIn, {"abstinent": False})
    treated = {"kind": "medication", "change": "started", "substances": ["opioids"]}
    for sign in (
        (90, events.SubstanceUse, {"substance": "opioids"}),
        (90, events.TreatmentChanged, treated),
        (90, events.Tested, {"substance": "opioids", "result": "positive"}),
    ):
        assert opioid_notice(sign, unknown)
        assert opioid_notice(sign, asked, stated)
    assert not opioid_notice(unknown)
    alcohol = (2, events.SubstanceUse, {"substance": "alcohol"})
    assert not opioid_notice((90, events.SubstanceUse, {"substance": "opioids"}), alcohol)
    both = inputs(alcohol, (1, events.SubstanceUse, {"substance": "opioids"}))
    kinds = ["opioids_with_sedatives", "opioid_lapse"]
    assert [n.kind.value for n in risk.assess(both).notices] == kinds


@pytest.mark.parametrize("after", [[], ["missing"], ["negative", "missing"]])
def test_a_finding_of_opioids_outlasts_the_tests_after_it(after):
    """A test that was missed, or found nothing, takes no notice of a finding back."""
    tests = [
        (9 - i, events.Tested, {"substance": "opioids", "result": result})
        for i, result in enumerate(["positive", *after])
    ]
    assert opioid_notice(*tests)
    assert not opioid_notice(*tests[1:])


def test_a_finding_that_may_be_of_opioids():
    panel = (3, events.Tested, {"result": "positive"})
    assert not opioid_notice(panel)
    assert opioid_notice((90, events.SubstanceUse, {"substance": "opioids"}), panel)
    assert not opioid_notice(
        (90, events.SubstanceUse, {"substance": "opioids"}),
        (3, events.Tested, {"result": "positive", "substance": "cocaine"}),
    )


def test_of_several_uses_the_longest_time_without_counts():
    opioids = [
        (days, events.SubstanceUse, {"substance": "opioids"}) for days in (90, *range(60, 1, -6))
    ]
    unknown = (2, events.SubstanceUse, {})
    assert inputs(*opioids).weeks_abstinent_before_lapse is None
    assert opioid_notice(*opioids)
    assert inputs(*opioids, unknown).weeks_abstinent_before_lapse is None
    assert opioid_notice(*opioids, unknown)
    again = inputs((100, *unknown[1:]), *opioids, unknown)
    assert again.weeks_abstinent_before_lapse == pytest.approx(97 / 7)


def test_a_positive_test_for_opioids():
    test = {"substance": "opioids"}
    for result in ("positive", "mixed"):
        assert opioid_notice((3, events.Tested, test | {"result": result}))
        assert not opioid_notice((30, events.Tested, test | {"result": result}))
    for result in ("negative", "missing"):
        assert not opioid_notice((3, events.Tested, test | {"result": result}))
    assert not opioid_notice((3, events.Tested, {"substance": "alcohol", "result": "positive"}))


def test_item_9_of_the_phq9_goes_to_safety():
    item = {"instrument": "phq9", "subscale": "item_9"}
    found = inputs((3, events.InstrumentScored, item | {"score": 1}))
    assert found.suicidal_thoughts is True
    assert found.phq9 is None
    assert risk.assess(found).notices[0].kind == "suicidal_thoughts"
    assert inputs((3, events.InstrumentScored, item | {"score": 0})).suicidal_thoughts is None
    # never by time alone
    assert inputs((290, events.InstrumentScored, item | {"score": 3})).suicidal_thoughts is True


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ([], None),
        ([(2, {"willingness": 3})], True),
        ([(2, {"willingness": 4})], False),
        ([(28, {"willingness": 0})], None),
        ([(2, {"declined": {"willingness"}})], True),
        ([(9, {"declined": {"willingness"}}), (2, {"willingness": 9})], False),
        ([(2, {"declined": {"craving"}})], None),
        ([(2, {"unanswered": {"willingness"}})], None),
    ],
)
def test_reluctance_to_talk_about_the_group(records, found):
    assert inputs(*((days, events.CheckIn, stated) for days, stated in records)).reluctance is found


def test_later_use_that_may_be_a_lapse_counts():
    goal = (400, events.RecoveryGoalChanged, {"goal": "moderation"})
    lapse = (300, events.SubstanceUse, {"within_goal": False, "substance": "alcohol"})
    found = inputs(goal, lapse, (2, events.SubstanceUse, {}))
    assert (found.days_since_use, found.use_within_goal) == (2, None)
    same_day = inputs(goal, lapse, (300, events.SubstanceUse, {}))
    assert (same_day.days_since_use, same_day.use_within_goal) == (300, 0)
    within = (3, events.SubstanceUse, {"within_goal": True, "substance": "alcohol"})
    found = inputs(goal, within, (9, events.SubstanceUse, {}))
    assert (found.days_since_use, found.use_within_goal) == (9, None)


def test_refusals():
    state = events.replay(history((0, events.Attended, {"group": "aa"})))
    for wrong, path in (
        (lambda: risk.RiskInputs.from_state("1", None, as_of=AS_OF), "$.state"),
        (lambda: risk.RiskInputs.from_state(state, 3, as_of=AS_OF), "$.engagement"),
        (lambda: risk.RiskInputs.from_state(state, None, as_of="2026-11-24"), "$.as_of"),
    ):
        with pytest.raises(ValidationError) as caught:
            wrong()
        assert [p.path for p in caught.value.problems] == [path]


@given(
    st.lists(
        st.tuples(st.integers(0, 100), st.sampled_from(["use", "attend", "check"])), max_size=8
    ),
    st.integers(-500, 500),
)
def test_shifting_time_changes_nothing(stated, shift):
    """Shifting all days and the day of the assessment together changes nothing."""
    kinds = {
        "use": (events.SubstanceUse, {"within_goal": False, "substance": "opioids"}),
        "attend": (events.Attended, {"group": "aa"}),
        "check": (events.CheckIn, {"abstinent": True, "craving": 4}),
    }
    here = [(days, *kinds[kind]) for days, kind in stated]
    there = [(days - shift, *kinds[kind]) for days, kind in stated]
    one, other = inputs(*here), inputs(*there, as_of=AS_OF + timedelta(days=shift))
    for name in RANGES:
        assert getattr(one, name) == getattr(other, name)


@given(testing.person_states(), st.integers(-400, 400))
def test_any_state_can_be_assessed(state, later):
    """Any state gives inputs that can be assessed."""
    as_of = AS_OF if state.last_at is None else state.last_at.date()
    found = risk.RiskInputs.from_state(state, None, as_of=as_of + timedelta(days=later))
    risk.assess(found)
