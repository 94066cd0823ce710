"""The laws of risk from a person's events; each docstring is a sentence of the page on the model.

The checkers read the events in plain Python and know nothing of states, columns or signs.
"""

import re
from datetime import UTC, date, datetime, timedelta

import attrs
import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from mshg import engagement, events, outcomes, risk, testing
from mshg.domain import Substance

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = st.integers(0, 70)
SEDATIVES = ("alcohol", "benzodiazepines", "other_sedatives")
MEDICATIONS = (None, "buprenorphine", "Methadone", "naltrexone", "acamprosate")


def event_kinds(days=DAYS):
    """Events of the kinds that risk reads, as (days before today, kind, fields)."""
    substances = st.sampled_from([None, "opioids", "alcohol", "benzodiazepines", "cocaine"])
    scales = st.none() | st.integers(0, 10).map(float)

    def made(name, /, **fields):
        return st.tuples(days, st.just(name), st.fixed_dictionaries(fields))

    words = st.sampled_from
    return st.one_of(
        made("SubstanceUse", substance=substances, within_goal=words([None, True, False])),
        made("SubstanceUse", substance=substances),
        made("Tested", result=words(events.ScreenResult), substance=substances),
        made(
            "CheckIn",
            abstinent=words([None, True, False]),
            stress=scales,
            craving=scales,
            confidence=scales,
            mood=scales,
            willingness=scales,
        ),
        made("CheckIn", unanswered=st.just(["craving"])),
        made("CheckIn", declined=st.just(["willingness"])),
        made("Attended", group=st.just("aa")),
        made("Missed"),
        made("FollowUp", status=words(["reached", "not_reached"])),
        made("SupporterContact", supporter_id=st.just("s"), reached=st.booleans()),
        made("DangerReported", danger=words(events.Danger), substance=substances),
        made("DangerAddressed", danger=words(events.SafetyKind), how=st.just("seen")),
        made(
            "InstrumentScored",
            instrument=words(["phq9", "PHQ-9"]),
            subscale=words(["item_9", None]),
            score=st.integers(0, 3).map(float),
        ),
        made(
            "TreatmentChanged",
            kind=words(events.TreatmentKind),
            change=words(events.TreatmentChange),
            name=words(MEDICATIONS),
            substances=words([(), ("opioids",), ("alcohol",)]),
        ),
        made("Discharged", setting=words(events.DischargeSetting)),
        made("RecoveryGoalChanged", goal=words(["abstinence", "moderation", "undecided"])),
        made(
            "EnvironmentChanged", area=words(["housing", "work"]), change=words(["lost", "gained"])
        ),
        made("RoleChanged", role=words(events.GroupRole), change=words(["taken", "left"])),
        made("Referred", groups=st.just(["aa"])),
        made("GoalSet"),
    )


def log_of(records, first=0):
    """Records at distinct moments of their days, in the order given."""
    return [
        getattr(events, kind)(
            id=f"e{first + i:04}",
            person_id="p",
            at=NOON - timedelta(days=days) + timedelta(seconds=first + i),
            **fields,
        )
        for i, (days, kind, fields) in enumerate(records)
    ]


RECORDS = st.lists(event_kinds(), max_size=12)


def inputs_of(log, as_of=TODAY, state=None):
    summary = engagement.summarize(log, as_of=as_of)
    state = events.replay(log) if state is None else state
    return risk.RiskInputs.from_state(state, summary, as_of=as_of)


def assessed(log, as_of=TODAY):
    return risk.assess(inputs_of(log, as_of))


def age(event):
    return (TODAY - event.at.date()).days


def of_kind(log, *kinds):
    return [event for event in log if type(event).__name__ in kinds]


# Dangers.

MORE_DANGER = st.one_of(
    st.tuples(
        DAYS,
        st.just("SubstanceUse"),
        st.fixed_dictionaries({"substance": st.sampled_from([None, "opioids", "alcohol"])}),
    ),
    st.tuples(
        DAYS,
        st.just("Tested"),
        st.fixed_dictionaries(
            {"result": st.just("positive"), "substance": st.sampled_from([None, "opioids"])}
        ),
    ),
    st.tuples(
        DAYS,
        st.just("DangerReported"),
        st.fixed_dictionaries({"danger": st.sampled_from(events.Danger)}),
    ),
    st.tuples(
        DAYS,
        st.just("InstrumentScored"),
        st.fixed_dictionaries(
            {
                "instrument": st.just("phq9"),
                "subscale": st.just("item_9"),
                "score": st.integers(1, 3).map(float),
            }
        ),
    ),
    st.tuples(DAYS, st.just("Discharged"), st.fixed_dictionaries({"setting": st.just("prison")})),
)


@given(RECORDS, st.lists(MORE_DANGER, min_size=1, max_size=4))
def test_more_news_of_danger_takes_no_notice_back(records, more):
    """More news of danger never takes a notice back, nor makes a call less urgent."""
    before = assessed(log_of(records))
    after = assessed(log_of(records) + log_of(more, first=500))
    assert {n.kind for n in before.notices} <= {n.kind for n in after.notices}
    if before.urgency in ("now", "soon"):
        places = [risk.URGENCIES.index(found.urgency) for found in (before, after)]
        assert places[1] <= places[0]


@given(RECORDS, st.sampled_from(events.SafetyKind))
def test_what_was_addressed_gives_no_notice(records, kind):
    """A danger that was addressed after its last report gives no notice."""
    done = events.DangerAddressed(
        id="z", person_id="p", at=NOON + timedelta(hours=1), danger=kind, how="seen"
    )
    found = assessed([*log_of(records), done])
    assert kind not in {notice.kind for notice in found.notices}


@given(RECORDS, st.integers(1, 3), st.sampled_from(["PHQ-9", "phq9", "Phq 9"]))
def test_thoughts_of_suicide_end_by_an_answer_or_a_person(records, score, name):
    """Thoughts of suicide never end by time alone, only by a later answer or by being addressed."""
    item = {"instrument": name, "subscale": "item_9"}
    stated = (900, "InstrumentScored", item | {"score": float(score)})
    log = log_of([stated, *records])
    open_, settled = True, False
    for event in events.effective_events(log):
        is_item = isinstance(event, events.InstrumentScored) and event.subscale == "item_9"
        if isinstance(event, events.DangerReported) and event.danger == "suicidal_thoughts":
            open_, settled = True, False
        elif is_item:
            open_, settled = open_ or event.score > 0, event.score == 0
        elif isinstance(event, events.DangerAddressed) and event.danger == "suicidal_thoughts":
            open_ = False
        if settled:
            open_ = False
    has = "suicidal_thoughts" in {notice.kind for notice in assessed(log).notices}
    assert has == open_


@given(RECORDS, st.permutations(range(12)), st.integers(0, 3))
def test_order_and_duplicates_switch_nothing_off(records, order, twice):
    """No order of events and no duplicate changes anything."""
    log = log_of(records)
    shuffled = [log[i] for i in order if i < len(log)]
    assert assessed(shuffled + log[:twice]) == assessed(log)


@given(RECORDS, st.integers(1, 30))
def test_what_is_later_is_set_aside(records, days):
    """A record of a later date changes nothing but the notices and a caution, and never raises."""
    log = log_of(records)
    later = log_of([(-days, kind, fields) for _, kind, fields in records], first=500)
    assume(later)
    before, after = inputs_of(log), inputs_of(log + later)
    assert "later_records" in after.cautions
    safety = {*risk.SafetyKind, *(f"days_since_{kind}" for kind in risk.SafetyKind)}
    for name in risk.signs.RANGES:
        if name not in safety and name != "weeks_abstinent_before_lapse":
            assert getattr(after, name) == getattr(before, name), name
    kinds = [{n.kind for n in risk.assess(i).notices} for i in (before, after)]
    assert kinds[0] <= kinds[1]


@given(testing.histories(max_size=12), st.dates(date(2025, 12, 1), date(2026, 5, 1)))
def test_any_history_of_any_day_can_be_assessed(history, day):
    """Whatever the events are, they can be assessed as of any day."""
    state = events.replay(history)
    for summary in (None, engagement.summarize(history, as_of=day)):
        risk.assess(risk.RiskInputs.from_state(state, summary, as_of=day)).to_text()


# Scores.


@given(RECORDS, DAYS)
def test_news_of_no_use_raises_no_score(records, days):
    """That somebody says they are abstinent never raises a score.

    Where they say later that they were not, the earlier answer dates that use: only then it may.
    """
    records = [r for r in records if r[0] > days or r[2].get("abstinent") is not False]
    known = [{"mood": 5.0}, {"mood": 5.0, "abstinent": True}]  # else the silence since counts
    pairs = [[log_of([(days, "CheckIn", answers)], 500) for answers in known]]
    if days < 7:
        pairs.append([[], log_of([(days, "CheckIn", {"abstinent": True})], 500)])
    for without, with_it in pairs:
        found = [assessed(log_of(records) + more) for more in (without, with_it)]
        for name in risk.RISKS:
            before, after = (getattr(one, f"{name}_score") for one in found)
            assert after <= before + 1e-9


@given(RECORDS)
def test_use_within_the_goal_lifts_no_tier(records):
    """Use inside the person's own goal is none of the floors."""
    kept = [r for r in records if r[1] not in ("SubstanceUse", "Tested")]
    kept = [r for r in kept if r[2].get("abstinent") is not False]
    within = [(d, "SubstanceUse", {"substance": "cocaine", "within_goal": True}) for d in range(5)]
    rules = [{f.rule for f in assessed(log_of(r)).floors} for r in (kept, [*kept, *within])]
    assert rules[0] == rules[1]


# Tiers: what lifts them and what makes them unknown, by a plain reading of the events.


def is_sign(event):
    """Whether an event is a sign of use outside the goal, where no medication explains a test."""
    match event:
        case events.SubstanceUse():
            return not event.within_goal
        case events.CheckIn():
            return event.abstinent is False
        case events.Tested():
            return event.result in ("positive", "mixed")
        case _:
            return False


def signs_of_use(log):
    """How many days ago each sign of use was."""
    return {age(event) for event in log if is_sign(event) and age(event) >= 0}


@given(RECORDS)
def test_floors_are_those_of_a_plain_reading(records):
    """The floors of use, discharge, overdose and withdrawal are those of a plain reading."""
    records = [r for r in records if r[1] != "TreatmentChanged"]  # no medication explains a test
    log = list(events.effective_events(log_of(records)))
    rules = {floor.rule for floor in assessed(log).floors}
    days = {d for d in signs_of_use(log) if d < 7}
    assert ("use" in rules) == bool(days)
    assert ("repeated_use" in rules) == (len(days) >= 3)
    for danger in ("overdose", "withdrawal"):
        reported = [e for e in of_kind(log, "DangerReported") if e.danger == danger]
        assert (danger in rules) == any(age(e) < 30 for e in reported)
    left = any(age(e) < 30 for e in of_kind(log, "Discharged"))
    assert bool({"discharge", "discharge_opioids"} & rules) == left


HEARD = ("Attended", "SubstanceUse", "DangerReported", "InstrumentScored")


@given(RECORDS)
def test_unknown_is_that_nothing_was_heard(records):
    """A tier is unknown where no floor lifts it and nothing was heard in the last 30 days."""
    log = log_of(records)
    heard = [e for e in log if type(e).__name__ in HEARD]
    heard += [e for e in of_kind(log, "CheckIn") if e.was_answered]
    heard += [e for e in of_kind(log, "Tested") if e.result != "missing"]
    heard += [e for e in of_kind(log, "FollowUp") if e.status == "reached"]
    heard += [e for e in of_kind(log, "SupporterContact") if e.reached]
    found = assessed(log)
    for name in risk.RISKS:
        is_lifted = any(getattr(floor, f"{name}_tier") for floor in found.floors)
        is_heard = any(age(event) < 30 for event in heard)
        assert (getattr(found, f"{name}_tier") == "unknown") == (not is_lifted and not is_heard)


# Contact.


@given(RECORDS, st.integers(1, 12))
def test_both_routes_agree_on_contact(records, weeks):
    """Weeks without a meeting, and without contact, are the same from events and from patterns."""
    log = log_of(records)
    known = {"start": TODAY - timedelta(7 * weeks - 1), "weeks": weeks, "person_ids": ["p"]}
    of = {
        what: outcomes.patterns_from_events(log, of=what, **known)
        for what in ("use", "meetings", "contacts")
    }
    columns = risk.columns_from_patterns(
        of["use"], weeks, meetings=of["meetings"], contacts=of["contacts"]
    )
    found = inputs_of(log)
    for name in ("weeks_without_meeting", "weeks_without_contact"):
        value, by_events = columns[name][0], getattr(found, name)
        if by_events is None or by_events >= weeks:
            assert np.isnan(value)
        else:
            assert value == by_events


# Sentences.


def is_true(part, log):  # noqa: C901, PLR0911, PLR0912 (a sentence a case)
    """Whether the events say what a sentence says."""
    text = part.text
    on_day = [e for e in log if part.date is None or e.at.date() == part.date]
    if "ositive test" in text and "of the last" not in text and "Use or" not in text:
        return any(e.result in ("positive", "mixed") for e in of_kind(on_day, "Tested"))
    if text.startswith(("Used ", "Last used")) and "of the last" not in text:
        uses = of_kind(on_day, "SubstanceUse")
        return any(not use.within_goal for use in uses)
    if text.startswith("Said "):
        return any(e.abstinent is False for e in of_kind(on_day, "CheckIn"))
    if "of the last 7 days" in text:
        return len({d for d in signs_of_use(log) if d < 7}) >= part.value > 0
    if "of the last 8 weeks" in text:
        weeks = {d // 7 for d in signs_of_use(log) if d < 56}
        return int(re.search(r"in (\d)", text)[1]) <= len(weeks)
    scale = re.match(r"(Stress|Craving|Confidence|Mood|Willingness)[^\d]* (\d+) of 10( on)?", text)
    if scale:
        answers = [getattr(e, scale[1].lower()) for e in of_kind(on_day, "CheckIn")]
        return float(scale[2]) in answers
    if text.startswith("No meeting for"):
        return min(age(e) for e in of_kind(log, "Attended")) // 7 == part.value
    if text.startswith("No contact for"):
        return not any(age(e) < 7 * part.value for e in of_kind(log, "Attended"))
    if text.startswith("Missed a meeting"):
        gone = [e for e in of_kind(log, "FollowUp") if e.status == "not_reached"]
        gone += [e for e in of_kind(log, "Tested") if e.result == "missing"]
        return bool(gone or of_kind(log, "Missed"))
    if "reported" in text:
        return any(e.danger in text.lower() for e in of_kind(on_day, "DangerReported"))
    if text.startswith(("Left ", "Released ")):
        return bool(of_kind(on_day, "Discharged"))
    if text.startswith("Formal treatment ended"):
        return bool(of_kind(on_day, "TreatmentChanged"))
    if "Lost" in text:
        return any(e.change == "lost" for e in of_kind(log, "EnvironmentChanged"))
    if "stopped" in text:
        return any(e.kind == "medication" for e in of_kind(on_day, "TreatmentChanged"))
    if text.startswith("On "):
        return bool(of_kind(log, "TreatmentChanged"))
    if text.startswith("Abstinent for"):
        return any(e.abstinent for e in of_kind(on_day, "CheckIn"))
    if "within their own goal" in text:
        return any(e.within_goal for e in of_kind(on_day, "SubstanceUse"))
    if text.startswith(("Meetings in", "Last meeting", "First meeting")):
        return bool(of_kind(log, "Attended"))
    if text.startswith("Beyond meetings"):
        named = {"a sponsor": "RoleChanged", "talking": "SupporterContact"}
        return all(of_kind(log, kind) for word, kind in named.items() if word in text)
    if text.startswith("Check-ins answered"):
        return bool(of_kind(log, "CheckIn"))
    if "eluctant" in text or "Did not want" in text:
        low = [e.willingness for e in of_kind(log, "CheckIn") if e.willingness is not None]
        return any(w <= 3 for w in low) or any(e.declined for e in of_kind(log, "CheckIn"))
    if text.startswith("Use of") or "PHQ-9 total" in text or "formal treatment" in text.lower():
        return True
    return text in ("On medication for addiction", "Takes part beyond meetings")


@given(RECORDS)
def test_every_sentence_is_true(records):
    """A sentence appears only if it is true of this person."""
    log = list(events.effective_events(log_of(records)))
    found = assessed(log)
    parts = [*found.lapse_contributions, *found.disengagement_contributions]
    assert all(abs(part.points) >= 0.5 for part in parts)
    for part in (*parts, *found.floors, *found.strengths):
        assert is_true(part, log), part.text
    used = any(isinstance(e, events.SubstanceUse) for e in log)
    said = any(e.abstinent is False for e in of_kind(log, "CheckIn"))
    text = found.to_text()
    if not used and not said:
        assert not re.search(r"\bUsed\b|\bUse in\b|They use now", text)
    if "They use now" in text:
        assert any(d < 7 for d in signs_of_use(log))


@given(RECORDS, st.sampled_from(list(Substance)))
def test_a_test_that_medication_explains_is_no_use(records, substance):
    """A positive test that the person's own medication explains is no sign of use."""
    records = [r for r in records if r[1] != "TreatmentChanged"]
    started = {"kind": "medication", "change": "started", "substances": ["opioids"]}
    taken = (71, "TreatmentChanged", started | {"name": "Suboxone 8 mg"})
    test = (3, "Tested", {"result": "positive", "substance": substance.value})
    without = assessed(log_of([taken, *records]))
    found = assessed(log_of([taken, *records, test]))
    rules = [{floor.rule for floor in one.floors} for one in (without, found)]
    if substance is Substance.OPIOIDS:
        assert rules[0] == rules[1]
        assert without.lapse_score >= found.lapse_score - 1e-9
    else:
        assert "use" in rules[1]


def test_the_checker_finds_what_is_false():
    """A sentence appears only if it is true of this person."""
    log = log_of([(3, "SubstanceUse", {"within_goal": True}), (2, "CheckIn", {"craving": 5.0})])
    part = risk.Contribution(sign="x", points=1, text="Used 3 days ago", date=TODAY - timedelta(3))
    assert not is_true(part, log)
    text = "Craving 6 of 10 on November 22"
    assert not is_true(attrs.evolve(part, text=text, date=TODAY - timedelta(2)), log)
