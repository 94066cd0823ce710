"""What each kind of event leaves in a state, worked by hand."""

import inspect
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import attrs
import pytest

from mshg import codec, events
from mshg.domain import Goal, Substance, TreatmentStatus
from mshg.errors import ValidationError
from mshg.events import PersonState, Question, apply, effective_events, replay
from mshg.events.folding.changes import _CHANGES

START = datetime(2026, 3, 1, 10, tzinfo=UTC)


def on(day):
    return date(2026, 3, day)


def happened(*given):
    """The state after events told as (day of March, kind, fields); the n-th has the id en."""
    return replay(history(*given))


def history(*given):
    return [
        getattr(events, kind)(
            id=f"e{i}",
            at=START + timedelta(days=day - 1, minutes=i),
            **({} if kind == "ProviderActivity" else {"person_id": "p1"}),
            **fields,
        )
        for i, (day, kind, fields) in enumerate(given)
    ]


def test_every_kind_changes_a_state_by_a_function_that_takes_it():
    assert set(_CHANGES) == set(get_args(events.Event))
    for kind, change in _CHANGES.items():
        taken = list(inspect.signature(change).parameters.values())[1].annotation
        assert kind is taken or kind in get_args(taken)


def test_before_the_first_event():
    assert replay([]) == PersonState()
    assert PersonState().use.days_since_use(on(1)) is None
    assert PersonState().use.run_days == PersonState().use.journey_days == 0


def test_a_referral_from_offer_to_close():
    given = [
        (1, "Referred", {"groups": ["aa", "smart"]}),
        (2, "Referred", {"groups": ["lifering"]}),
        (3, "ReferralAnswered", {"answer": "declined", "ask_again": False}),
        (4, "ReferralAnswered", {"answer": "accepted", "referral_id": "e0", "ask_again": True}),
        (4, "ReferralAnswered", {"answer": "accepted", "referral_id": "unknown"}),
        (5, "ReferralStepDone", {"step": "offer_choice"}),
    ]
    state = happened(*given)
    first, second = state.referral.referrals
    assert (first.groups, first.referred_on, first.answer, first.answered_on) == (
        ("aa", "smart"),
        on(1),
        "accepted",
        on(4),
    )
    assert (second.answer, second.ask_again) == ("declined", False)
    assert state.referral.first_referred_on == on(1)
    assert state.referral.ask_again is True
    assert state.referral.steps_done == {"offer_choice"}
    closed = happened(*given, (6, "ReferralClosed", {"outcome": "withdrawn"}))
    assert [r.id for r in closed.referral.referrals] == ["e0"]
    closed = happened(*given, (6, "ReferralClosed", {"outcome": "engaged", "referral_id": "e0"}))
    assert [r.id for r in closed.referral.referrals] == ["e1"]
    assert closed.referral.first_referred_on == on(1)
    assert happened((1, "ReferralClosed", {"outcome": "engaged"})).referral.referrals == ()


def test_what_a_referral_reported_beside():
    state = happened(
        (1, "Referred", {"groups": ["aa"]}),
        (2, "Referred", {"groups": ["na"], "need_since": on(1)}),
        (3, "ReferralAnswered", {"answer": "declined", "concerns": ["religion"]}),
        (4, "ReferralAnswered", {"answer": "declined", "concerns": ["labels"]}),
        (5, "ReferralClosed", {"outcome": "declined"}),
        (6, "Attended", {"group": "aa", "rating": 8, "discomfort": 2}),
        (7, "Attended", {"group": "aa"}),
    )
    assert state.referral.need_since == on(1)
    assert state.referral.concerns == {"religion", "labels"}
    assert state.referral.last_outcome == "declined"
    assert (state.participation.last_rating, state.participation.last_discomfort) == (8, 2)


def test_supporters():
    state = happened(
        (1, "SupporterOffered", {"supporter_id": "s1", "role": "first_friend", "group": "aa"}),
        (2, "SupporterAnswered", {"supporter_id": "s1", "answer": "accepted"}),
        (
            2,
            "SupporterAnswered",
            {"supporter_id": "s1", "answer": "declined", "answered_by": "supporter"},
        ),
        (3, "SupporterContact", {"supporter_id": "s2"}),
        (4, "SupporterContact", {"supporter_id": "s2"}),
        (5, "SupporterContact", {"supporter_id": "s2", "reached": False}),
    )
    first, second = state.referral.supporters
    assert (first.id, first.role, first.group) == ("s1", "first_friend", "aa")
    assert (first.person_answer, first.supporter_answer) == ("accepted", "declined")
    assert (second.id, second.role, second.contacts, second.last_contact_on) == (
        "s2",
        None,
        2,
        on(4),
    )


def test_a_supporter_offered_again_has_no_answer_yet_and_keeps_the_contacts():
    (again,) = happened(
        (1, "SupporterOffered", {"supporter_id": "s1", "role": "first_friend", "group": "aa"}),
        (2, "SupporterAnswered", {"supporter_id": "s1", "answer": "declined"}),
        (3, "SupporterContact", {"supporter_id": "s1"}),
        (4, "SupporterOffered", {"supporter_id": "s1", "role": "recovery_coach"}),
    ).referral.supporters
    assert (again.role, again.group, again.person_answer) == ("recovery_coach", None, None)
    assert (again.contacts, again.last_contact_on) == (1, on(3))


def test_plans_are_kept_or_missed():
    given = [
        (1, "AttendancePlanned", {"meeting": "m1", "group": "aa", "starts_at": START}),
        (1, "AttendancePlanned", {"meeting": "m1"}),
        (1, "AttendancePlanned", {"meeting": "m2"}),
        (2, "Attended", {"group": "aa", "meeting": "m1"}),
    ]
    state = happened(*given)
    assert [(p.id, p.meeting, p.planned_on) for p in state.participation.plans] == [
        ("e1", "m1", on(1)),
        ("e2", "m2", on(1)),
    ]
    assert (
        state.participation.attended,
        state.participation.plans_kept,
        state.participation.plans_missed,
    ) == (1, 1, 0)
    state = happened(*given, (3, "Missed", {"plan_id": "e2"}), (4, "Missed", {}))
    assert [p.id for p in state.participation.plans] == ["e1"]
    assert (state.participation.plans_missed, state.participation.last_missed_on) == (2, on(4))
    assert happened((1, "Attended", {"group": "aa", "plan_id": "e9"})).participation.plans_kept == 0
    assert state.participation.last_attended_group == "aa"
    assert state.participation.first_attended_on == state.participation.last_attended_on == on(2)


def test_a_group_is_chosen_changed_and_left():
    chosen = (1, "GroupChosen", {"group": "aa"})
    assert happened(chosen).referral.chosen_group == "aa"
    changed = happened(chosen, (3, "GroupChanged", {"group": "smart", "from_group": "aa"}))
    assert (changed.referral.chosen_group, changed.referral.chosen_on) == ("smart", on(3))
    left = happened(chosen, (3, "GroupChanged", {"group": None}))
    assert (left.referral.chosen_group, left.referral.chosen_on) == (None, None)


def test_roles_by_group():
    given = [
        (1, "RoleChanged", {"role": "sponsor", "change": "taken", "group": "aa"}),
        (2, "RoleChanged", {"role": "sponsor", "change": "taken", "group": "aa"}),
        (3, "RoleChanged", {"role": "sponsor", "change": "taken", "group": "na"}),
        (4, "RoleChanged", {"role": "service", "change": "taken"}),
    ]
    assert [(r.role, r.group, r.since) for r in happened(*given).participation.roles] == [
        ("sponsor", "aa", on(1)),
        ("sponsor", "na", on(3)),
        ("service", None, on(4)),
    ]
    left = (5, "RoleChanged", {"role": "sponsor", "change": "left", "group": "aa"})
    assert [(r.role, r.group) for r in happened(*given, left).participation.roles] == [
        ("sponsor", "na"),
        ("service", None),
    ]
    left = (5, "RoleChanged", {"role": "sponsor", "change": "left"})
    assert [r.role for r in happened(*given, left).participation.roles] == ["service"]


def test_program_and_goals():
    state = happened(
        (1, "StepWorked", {"step": 1}),
        (2, "ReadingDone", {"title": "t"}),
        (3, "GoalSet", {"description": "d", "due_on": on(10)}),
        (3, "GoalSet", {}),
        (3, "GoalSet", {}),
        (4, "GoalClosed", {"goal_id": "e2", "met": True}),
        (5, "GoalClosed", {"goal_id": "e2", "met": True}),
        (6, "GoalClosed", {"goal_id": "e3", "met": False}),
    )
    assert (state.participation.steps_worked, state.participation.last_step_on) == (1, on(1))
    assert (state.participation.readings, state.participation.last_reading_on) == (1, on(2))
    assert (
        [g.id for g in state.participation.goals],
        state.participation.goals_met,
        state.participation.goals_not_met,
    ) == (["e4"], 1, 1)


def test_consents_end_by_all_that_is_named():
    terms = {"discloser": "clinic", "purpose": "care"}
    given = [
        (1, "ConsentChanged", {"change": "given", "recipient": "court", "scope": "dates", **terms}),
        (
            2,
            "ConsentChanged",
            {"change": "given", "recipient": "sister", "expires_on": on(9), **terms},
        ),
    ]
    court, sister = happened(*given).referral.consents
    assert (court.recipient, court.scope, court.given_on) == ("court", "dates", on(1))
    assert (sister.is_valid_on(on(8)), sister.is_valid_on(on(9)), court.is_valid_on(on(31))) == (
        True,
        False,
        True,
    )

    def revoked(**named):
        state = happened(*given, (3, "ConsentChanged", {"change": "revoked", **named}))
        return [c.recipient for c in state.referral.consents]

    assert revoked(recipient="court") == ["sister"]
    assert revoked(recipient="court", purpose="other") == ["court", "sister"]
    assert revoked(purpose="care") == revoked() == []
    # The sister's consent is for all, so nothing of it may go on when a part is taken back.
    assert revoked(scope="attendance") == ["court"]
    assert revoked(scope="dates") == []


def test_answers_and_questions_declined():
    state = happened(
        (1, "CheckIn", {"stress": 3, "declined": ["mood"]}),
        (2, "CheckIn", {"stress": 8, "unanswered": ["craving"]}),
        (3, "CheckIn", {"unanswered": ["stress"]}),
    )
    stress = state.reports.answers[Question.STRESS]
    assert (stress.value, stress.before, stress.on) == (8, 3, on(2))
    assert state.reports.declined_questions == {"mood"}
    assert (state.reports.check_ins, state.reports.check_ins_answered) == (3, 2)
    assert (
        happened(
            (1, "CheckIn", {"declined": ["mood"]}), (2, "CheckIn", {"mood": 2})
        ).reports.declined_questions
        == frozenset()
    )


def test_the_run_and_the_journey():
    """Abstinent since last asked: days 2 to 8; a lapse on day 10; then days 11 to 14."""
    state = happened(
        (1, "CheckIn", {"abstinent": True}),
        (8, "CheckIn", {"abstinent": True}),
    )
    assert (state.use.run_start, state.use.run_end, state.use.run_days) == (on(1), on(8), 8)
    state = happened(
        (1, "CheckIn", {"abstinent": True}),
        (8, "CheckIn", {"abstinent": True}),
        (10, "SubstanceUse", {"substance": "opioids", "within_goal": False}),
    )
    assert (state.use.run_days, state.use.journey_days) == (0, 8)
    (use,) = state.use.uses
    assert (use.returned_on, use.days_without_before) == (on(10), 9)
    state = happened(
        (1, "CheckIn", {"abstinent": True}),
        (8, "CheckIn", {"abstinent": True}),
        (10, "SubstanceUse", {"substance": "opioids", "within_goal": False}),
        (11, "SubstanceUse", {"substance": "opioids", "within_goal": False}),
        (14, "CheckIn", {"abstinent": True}),
    )
    assert (state.use.run_start, state.use.run_end, state.use.run_days) == (on(12), on(14), 3)
    assert (state.use.journey_start, state.use.journey_end, state.use.journey_days) == (
        on(1),
        on(14),
        11,
    )
    assert (state.use.uses[0].on, state.use.uses[0].returned_on) == (on(11), on(10))
    assert (state.use.lapses, state.use.last_lapse_on) == (2, on(11))
    assert state.use.days_since_use(on(31)) == 20


def test_tolerance_is_lost_by_substance():
    """A drink between does not hide that opioids come after two months without them."""
    state = happened(
        (1, "SubstanceUse", {"substance": "opioids"}),
        (60, "CheckIn", {"abstinent": True}),
        (61, "SubstanceUse", {"substance": "alcohol"}),
        (62, "SubstanceUse", {"substance": "opioids"}),
        (65, "SubstanceUse", {"substance": "opioids"}),
    )
    alcohol, opioids = state.use.uses
    assert (opioids.returned_on, opioids.days_without_before) == (on(1) + timedelta(61), 60)
    assert (alcohol.returned_on, alcohol.days_without_before) == (on(1) + timedelta(60), 59)
    unknown = happened((1, "SubstanceUse", {"substance": "opioids"}))
    assert (unknown.use.uses[0].returned_on, unknown.use.uses[0].days_without_before) == (None, 0)


def test_the_day_of_a_use_is_not_abstinent():
    state = happened((5, "SubstanceUse", {}), (5, "CheckIn", {"abstinent": True}))
    assert (state.use.run_days, state.use.journey_days) == (0, 0)


def test_use_reported_in_a_check_in():
    """Not abstinent since last asked is the use that was reported, or else one of that day."""
    known = happened((3, "SubstanceUse", {}), (8, "CheckIn", {"abstinent": False}))
    assert (known.use.last_use_on, len(known.use.uses)) == (on(3), 1)
    new = happened((3, "CheckIn", {"abstinent": True}), (8, "CheckIn", {"abstinent": False}))
    assert (new.use.last_use_on, new.use.uses[0].substance, new.use.run_days) == (on(8), None, 0)


def test_each_check_in_that_tells_of_use_counts_once():
    """A use told at one check-in, or before it on its day, is not that of the next one."""
    weekly = [(day, "CheckIn", {"abstinent": False}) for day in (3, 10, 17)]
    goal = (1, "RecoveryGoalChanged", {"goal": "abstinence"})
    for count in (1, 2, 3):
        state = happened(goal, *weekly[:count])
        assert (state.use.last_use_on, state.use.lapses) == (on(7 * count - 4), count)
    before = happened((3, "SubstanceUse", {}), *weekly[:2])
    assert before.use.last_use_on == on(10)
    after = happened(weekly[0], (3, "SubstanceUse", {}), weekly[1])
    assert after.use.last_use_on == on(3)


@pytest.mark.parametrize(
    ("goal", "within_goal", "lapses"),
    [
        (None, None, 0),
        (None, False, 1),
        ("abstinence", None, 1),
        ("abstinence", True, 0),
        ("moderation", None, 0),
        ("moderation", False, 1),
    ],
)
def test_use_within_the_goal_is_no_lapse(goal, within_goal, lapses):
    """Whether it kept within the goal is known where reported, or where the goal is abstinence."""
    stated = [(1, "RecoveryGoalChanged", {"goal": goal})] if goal else []
    state = happened(*stated, (2, "SubstanceUse", {"within_goal": within_goal}))
    assert state.use.lapses == lapses
    assert state.use.last_use_on == on(2)
    assert state.use.goal == (Goal(goal) if goal else None)


def test_tests_say_nothing_of_use():
    state = happened(
        (1, "Tested", {"result": "positive", "substance": "cocaine"}),
        (2, "Tested", {"result": "missing"}),
        (3, "Tested", {"result": "negative", "substance": "cocaine"}),
    )
    assert [(t.substance, t.result, t.on) for t in state.use.tests] == [
        (None, "missing", on(2)),
        (Substance.COCAINE, "negative", on(3)),
    ]
    assert (state.use.tests_missing, state.use.last_use_on) == (1, None)


def test_a_finding_outlasts_the_tests_after_it():
    given = [
        (1, "Tested", {"result": "mixed", "substance": "opioids"}),
        (2, "Tested", {"result": "negative", "substance": "opioids"}),
        (3, "Tested", {"result": "missing", "substance": "opioids"}),
        (4, "Tested", {"result": "positive"}),
    ]
    opioids, panel = happened(*given).use.tests
    assert (opioids.result, opioids.on, opioids.found_on) == ("missing", on(3), on(1))
    assert panel.found_on == on(4)
    assert happened(given[1]).use.tests[0].found_on is None


def test_the_last_days():
    state = happened(
        (1, "CheckIn", {"abstinent": True}),
        (4, "CheckIn", {"abstinent": True}),
        (5, "SubstanceUse", {"within_goal": False}),
        (5, "SubstanceUse", {"within_goal": True}),
        (8, "SubstanceUse", {"within_goal": True}),
        (9, "Missed", {}),
        (10, "Tested", {"result": "missing"}),
        (10, "Attended", {"group": "aa"}),
        (12, "FollowUp", {"status": "not_reached"}),
    )
    assert (state.use.recent_use.until, state.use.recent_use.codes) == (on(8), "----+__-")
    assert (state.contact.recent_contacts.until, state.contact.recent_contacts.codes) == (
        on(12),
        "o-_o",
    )
    later = happened((1, "Missed", {}), (27, "Missed", {}), (31 + 34, "Missed", {}))
    assert later.contact.recent_contacts.codes == "o" + 37 * "_" + "o"
    with pytest.raises(ValidationError, match=r"\$\.codes: must be at most 64 of _o-\+"):
        attrs.evolve(state.use.recent_use, codes="x")
    with pytest.raises(ValidationError, match="at most 64"):
        attrs.evolve(state.use.recent_use, codes="-" * 65)


def test_treatments_by_name():
    def treated(*changes):
        return happened(
            *(
                (i + 1, "TreatmentChanged", {"kind": "medication", **change})
                for i, change in enumerate(changes)
            )
        )

    started = {"change": "started", "name": "buprenorphine", "substances": ["opioids"]}
    other = {"change": "started", "name": "naltrexone"}
    both = treated(started, other)
    assert both.care.medication is TreatmentStatus.IN_PROGRESS
    assert both.care.treatment is None
    one = treated(started, other, {"change": "stopped", "name": "naltrexone"})
    assert one.care.medication is TreatmentStatus.IN_PROGRESS
    assert [(t.name, t.stopped_on) for t in one.care.treatments] == [
        ("buprenorphine", None),
        ("naltrexone", on(3)),
    ]
    none = treated(started, other, {"change": "stopped"})
    assert none.care.medication is TreatmentStatus.RECEIVED
    assert all(t.stopped_on == on(3) for t in none.care.treatments)
    again = treated(started, {"change": "stopped"}, started)
    assert [(t.since, t.stopped_on) for t in again.care.treatments] == [(on(3), None)]
    changed = treated(started, {"change": "changed", "name": "buprenorphine"})
    assert [(t.since, t.substances) for t in changed.care.treatments] == [(on(1), {"opioids"})]
    assert treated({"change": "changed"}).care.medication is TreatmentStatus.IN_PROGRESS
    unknown = treated({"change": "stopped", "name": "methadone"})
    assert [(t.name, t.stopped_on) for t in unknown.care.treatments] == [("methadone", on(1))]
    for word in ("refused", "cannot_afford", "not_offered"):
        assert treated({"change": word}).care.medication == TreatmentStatus(word)
    formal = happened((1, "TreatmentChanged", {"kind": "formal_treatment", "change": "stopped"}))
    assert (formal.care.treatment, formal.care.medication) == (TreatmentStatus.RECEIVED, None)


def test_danger_environment_and_scores_are_the_last():
    state = happened(
        (1, "DangerReported", {"danger": "overdose", "substance": "opioids"}),
        (2, "DangerReported", {"danger": "overdose"}),
        (1, "EnvironmentChanged", {"area": "work", "change": "gained"}),
        (2, "EnvironmentChanged", {"area": "work", "change": "lost"}),
        (1, "InstrumentScored", {"instrument": "bam", "subscale": "use", "score": 3}),
        (2, "InstrumentScored", {"instrument": "bam", "score": 5}),
        (3, "InstrumentScored", {"instrument": "bam", "subscale": "use", "score": 1}),
    )
    assert {k: (v.on, v.substance) for k, v in state.reports.dangers.items()} == {
        "overdose": (on(2), None)
    }
    assert state.circumstances.environment["work"].change == "lost"
    assert [(s.subscale, s.score) for s in state.reports.scores] == [(None, 5), ("use", 1)]


def test_relationships():
    state = happened(
        (1, "RelationshipChanged", {"change": "recognition", "relation": "peer", "other_id": "o1"}),
        (2, "RelationshipChanged", {"change": "support", "other_id": "o1"}),
        (
            3,
            "RelationshipChanged",
            {"change": "boundary_set", "relation": "friend", "uses_substances": True},
        ),
        (4, "RelationshipChanged", {"change": "contact_lost", "relation": "friend"}),
    )
    peer, friend = state.circumstances.relationships
    assert (peer.id, peer.relation, peer.supports_recovery) == ("o1", "peer", True)
    assert state.circumstances.recognized_on == on(1)
    assert (friend.uses_substances, friend.boundary_set_on, friend.contact_lost_on) == (
        True,
        on(3),
        on(4),
    )
    again = happened(
        (1, "RelationshipChanged", {"change": "contact_lost", "relation": "sibling"}),
        (
            2,
            "RelationshipChanged",
            {"change": "support", "relation": "sibling", "supports_recovery": False},
        ),
    )
    assert again.circumstances.relationships[0].contact_lost_on is None
    assert again.circumstances.relationships[0].supports_recovery is False


def test_follow_ups():
    given = [
        (1, "FollowUp", {"status": "planned"}),
        (1, "FollowUp", {"status": "planned", "planned_for": on(9), "by": "n1"}),
        (1, "FollowUp", {"status": "planned", "planned_for": on(5)}),
        (5, "FollowUp", {"status": "not_reached"}),
    ]
    state = happened(*given)
    assert [(p.id, p.planned_for, p.by) for p in state.contact.follow_ups] == [
        ("e0", None, None),
        ("e1", on(9), "n1"),
    ]
    assert (state.contact.not_reached_in_a_row, state.contact.last_reached_on) == (1, None)
    early = (6, "FollowUp", {"status": "reached"})  # only what is due: the undated, not the 9th
    assert [p.id for p in happened(*given, early, early).contact.follow_ups] == ["e1"]
    reached = (6, "FollowUp", {"status": "reached", "plan_id": "e0", "barriers": ["transport"]})
    state = happened(*given, reached)
    assert [p.id for p in state.contact.follow_ups] == ["e1"]
    not_asked = (7, "FollowUp", {"status": "reached"})
    assert happened(*given, reached, not_asked).contact.barriers == {"transport"}
    none = (7, "FollowUp", {"status": "reached", "barriers": []})
    assert happened(*given, reached, none).contact.barriers == frozenset()
    assert (state.contact.not_reached_in_a_row, state.contact.last_reached_on) == (0, on(6))
    assert state.contact.barriers == {"transport"}


def test_a_providers_activity_is_about_no_person():
    (visit,) = history((1, "ProviderActivity", {"provider_id": "v", "activity": "contact_made"}))
    state = apply(PersonState(), visit)
    assert (state.person_id, state.last_id) == (None, "e0")


def test_events_of_several_people_are_refused():
    mine, yours = history((1, "GroupChosen", {"group": "aa"}), (2, "GroupChosen", {"group": "na"}))
    yours = events.GroupChosen(id="e1", at=yours.at, person_id="p2", group="na")
    with pytest.raises(ValidationError, match="must be those of one person"):
        replay([mine, yours])
    with pytest.raises(ValidationError, match=r"\$\.event\.person_id: must be that of the state"):
        apply(replay([mine]), yours)
    with pytest.raises(ValidationError, match=r"\$\.event: must be an event"):
        apply(PersonState(), "e1")
    assert effective_events([mine, yours]) == (mine, yours)


def test_an_id_stands_for_one_event():
    mine, other = history((1, "GroupChosen", {"group": "aa"}), (2, "GroupChosen", {"group": "na"}))
    other = events.GroupChosen(id="e0", at=other.at, person_id="p1", group="na")
    assert effective_events([mine, mine]) == (mine,)
    with pytest.raises(ValidationError) as caught:
        effective_events([mine, 7, other])
    assert [p.path for p in caught.value.problems] == ["$.events[1]", "$.events[2].id"]


def retracted(*targets):
    """Which of the events 0, 1, … stand, where each but the first retracts the one it names."""
    first = history((1, "GroupChosen", {"group": "aa"}))
    rest = history(*((1, "Retracted", {"event_id": f"e{target}"}) for target in (0, *targets)))[1:]
    return bool(effective_events([*first, *rest]))


def test_chains_of_retractions():
    assert not retracted(0)
    assert retracted(0, 1)
    assert not retracted(0, 1, 2)
    assert not retracted(0, 0)
    assert not retracted(0, 0, 1)
    assert retracted(0, 0, 1, 2)


def test_rings_of_retractions_cancel_out():
    assert retracted(2, 1)
    assert retracted(1)
    assert not retracted(2, 1, 0)


def test_a_long_chain_of_retractions_is_resolved():
    assert retracted(*range(2_000))
    assert not retracted(*range(2_001))


def test_a_retraction_speaks_of_the_person_it_names():
    (mine,) = history((1, "GroupChosen", {"group": "aa"}))
    visit = events.ProviderActivity(id="v1", at=START, provider_id="v", activity="contact_made")

    def retraction(person_id, event_id="e0"):
        return events.Retracted(id="r", at=START, event_id=event_id, person_id=person_id)

    assert effective_events([mine, retraction("p2")]) == (mine,)
    assert (
        effective_events([mine, retraction(None)])
        == effective_events([mine, retraction("p1")])
        == ()
    )
    assert effective_events([visit, retraction(None, "v1")]) == ()
    assert effective_events([visit, retraction("p1", "v1")]) == (visit,)


def test_a_torn_state_is_refused():
    with pytest.raises(ValidationError, match=r"\$\.use\.run_end: must be given together"):
        document = {"schema_version": 1, "use": {"run_start": "2026-03-01"}}
        codec.from_dict(document, PersonState)
