"""Every sentence is used, every placeholder filled, and a host can bring its own."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from string import Formatter

import pytest
from attrs import evolve

from clinical_histories import HISTORIES, assessed
from mshg import (
    Concern,
    Dealbreaker,
    Dimension,
    Experience,
    Group,
    Meeting,
    MeetingPreferences,
    Person,
    Position,
    Slot,
    StanceProfile,
    SupporterProfile,
    catalog,
    engagement,
    events,
    feeds,
    fit,
    outcomes,
    pairing,
    risk,
    wording,
)
from mshg.domain import (
    Availability,
    Barrier,
    Focus,
    FocusShare,
    HowItWas,
    MeetingFlag,
    Membership,
)
from mshg.errors import WordingError
from mshg.meetings import Directory, MeetingQuery, plan_week, to_ics

CATALOG = catalog.load()
ENGLISH = wording.load()
LEVELS = (0.0, 0.5, 1.0)
RATES = {key: evolve(outcomes.DEFINITIONS[key], title="1") for key in ("mokri2016", "fiellin2006")}


def everything_said(words):
    """Texts that between them have something of everything."""
    yield from _engagement(words)
    yield from _reasons(words)
    yield from _questions(words)
    yield from _rates(words)
    yield from _risk(words)
    yield from _pairing(words)
    smart = CATALOG["smart"]
    whom = [["own_use"], ["someone_elses_use"], ["own_use", "someone_elses_use"]]
    family = [
        evolve(smart, id=f"family_{i}", membership=Membership(seeks_help_for=w))
        for i, w in enumerate(whom)
    ]
    scopes = [evolve(smart, id=f"for_{s}", substances=[s]) for s in CATALOG["na"].substances]
    wide = evolve(smart, id="wide", substances=["alcohol", "opioids", "cocaine"])
    groups = [*CATALOG.values(), *family, *scopes, wide]
    people = [
        {},
        {"goal": "moderation", "medication_for_addiction": True, "substances": ["alcohol"]},
        {"substances": ["alcohol", "benzodiazepines", "nicotine"], "treatment": "not_offered"},
        {"identities": ["man"], "chosen_group": "wfs", "seeks_help_for": "own_use"},
        {"medication_for_addiction": False, "chosen_group": "sos"},
        {"chosen_group": "unheard_of", "substances": ["nicotine"]},
        {"seeks_help_for": "someone_elses_use", "substances": ["alcohol"]},
        {"stances": StanceProfile(importance=dict.fromkeys(Dimension, 0))},
        {"concerns": Concern, "experiences": [Experience(group="aa", how_it_was="disliked")]},
        *(
            {"experiences": [Experience(group=g, how_it_was=how) for g in CATALOG]}
            for how in (None, *HowItWas)
        ),
        {"stances": StanceProfile(positions=dict.fromkeys(Dimension, 0.5))},
        *({"dealbreakers": [Dealbreaker(dimension=d, at_least=0.99)]} for d in Dimension),
    ]
    for facts in people:
        person = Person(id="1", **facts)
        for active in ((), ("sos",)):
            shortlist = fit.shortlist(
                person, groups, size=len(groups), active=active, wording=words
            )
            yield shortlist.to_text()
            yield shortlist._repr_html_()
    believer = StanceProfile(
        positions={d: p.position for d, p in CATALOG["celebrate_recovery"].philosophy.items()}
    )
    level = {"stances": StanceProfile(importance=dict.fromkeys(Dimension, 0))}
    for facts in ({}, level, {"stances": believer}, {"chosen_group": "hams", "stances": believer}):
        few = fit.shortlist(Person(id="1", **facts), CATALOG, size=2, wording=words)
        yield from (why.reason for why in few.not_shown)
    yield from _of_lists(words)
    nobody = Person(id="1", seeks_help_for="own_use")
    yield fit.shortlist(nobody, [family[1]], wording=words).to_text()
    yield from _of_meetings(words)


def _of_lists(words):
    """What keeps a place, what sets a group behind, what members share, what to look for."""
    whole = FocusShare(share=1, source="x", confidence="judgment")
    half = FocusShare(share=0.4, source="x", confidence="judgment")
    ours = evolve(CATALOG["smart"], id="ours", focus=dict.fromkeys(Focus, whole))
    some = evolve(CATALOG["smart"], id="some", focus=dict.fromkeys(Focus, half))
    both = {"own_use", "someone_elses_use"}
    shared = [
        evolve(g, membership=Membership(seeks_help_for=both), tradition=None) for g in (ours, some)
    ]
    stated = ["gay", "christian", "muslim", "jewish", "buddhist", "indigenous", "bipolar"]
    facts = {
        "substances": ["alcohol", "opioids"],
        "medication_for_addiction": True,
        "identities": stated,
    }
    for whose in both:
        yield fit.shortlist(
            Person(id="1", seeks_help_for=whose, **facts), shared, wording=words
        ).to_text()
    kinds = [k.partition(".")[2] for k in ENGLISH.sentences if k.startswith("kind.")]
    spoken = [k.partition(".")[2] for k in ENGLISH.sentences if k.startswith("language.")]
    opioids = {"substances": ["opioids"], "seeks_help_for": "own_use"}
    rare = StanceProfile(positions={"spirituality": 1, "method": 0})
    near = {g: Availability(in_person=0, online=0) for g in CATALOG}
    near |= {"lifering": Availability(in_person=2, online=1)}
    liked = [Experience(group="ca", how_it_was="liked")]
    people = [
        {"substances": ["other"], "is_mandated": True, "barriers": Barrier},
        {"treatment": "refused", "goal": "abstinence", "identities": ["woman", "veteran"]},
        {"treatment": "cannot_afford", "identities": ["man", "gay", "indigenous", "young"]},
        {"goal": "abstinence", "stances": StanceProfile(positions={"abstinence": 0})},
        {"concerns": ["religion"], "identities": ["older"]},
        {"concerns": Concern, "seeks_help_for": "someone_elses_use", "substances": ["opioids"]},
        {"substances": ["alcohol"]},
        {**opioids, "stances": rare},
        {**opioids, "medication_for_addiction": True, "experiences": liked},
        {**opioids, "chosen_group": "mara", "medication_for_addiction": True},
        {"substances": ["nicotine"], "seeks_help_for": "own_use"},
        {
            "substances": ["alcohol"],
            "stances": StanceProfile(importance=dict.fromkeys(Dimension, 0)),
        },
        {"substances": ["benzodiazepines"], "goal": "reduction", "stances": rare},
        {"preferences": MeetingPreferences(all_tags=[*kinds, "unheard_of"], languages=spoken)},
        *({"preferences": MeetingPreferences(modes=[mode])} for mode in ("online", "in_person")),
        {},
    ]
    for facts in people:
        for available in (None, near):
            shortlist = fit.shortlist(
                Person(id="1", **facts), CATALOG, available=available, wording=words
            )
            yield shortlist.to_text()
            yield from (why.reason for why in shortlist.not_shown)
    relative = Person(id="1", seeks_help_for="someone_elses_use")
    yield fit.shortlist(relative, CATALOG, size=2, wording=words).not_shown[0].reason
    for whose in both:
        asked = fit.intake(Person(id="1", seeks_help_for=whose), CATALOG, wording=words)
        while (question := asked.next()) is not None:
            yield "\n".join((question.text, *(choice.label for choice in question.choices)))
            asked = asked.answer([question.choices[0].value])
    silent = Position(position=0.5, salience=0, source="x", confidence="judgment")
    plain = [
        evolve(CATALOG["smart"], id=f"plain_{i}", reach=None, focus={}, tradition=t)
        for i, t in enumerate(["twelve_step"] * 4)
    ]
    plain = [evolve(g, philosophy=dict.fromkeys(Dimension, silent)) for g in plain]
    listed = fit.shortlist(
        Person(id="1", stances=StanceProfile(positions={"method": 1}), substances=["alcohol"]),
        [*plain, CATALOG["aa"], CATALOG["ca"], CATALOG["na"]],
        wording=words,
        size=2,
    )
    yield listed.to_text()
    yield from (why.reason for why in listed.not_shown)


def account_of_a_list(words):
    """Rows read, rejected, and with something left out; fields and codes keep their names."""
    rows = [{"name": "x", "slug": "x", "day": 1, "time": "12:00", "contact_1_phone": "1"}, 5]
    rows.append(rows[0] | {"slug": "y", "latitude": 1, "longitude": 1, "types": ["QQ"]})
    report = feeds.read_meeting_guide(rows, group="aa", default_timezone="UTC")
    every = [Meeting(id=str(i), group="aa", name="x", flags=MeetingFlag) for i in range(60)]
    wrong = tuple(feeds.RejectedRow(row=i, path="$[0].name", reason="1") for i in range(60))
    counts = {"meetings": tuple(every), "inactive": (), "rejected": wrong, "rows": 120}
    long = feeds.FeedReport(assumed={}, ignored={"QQ": 1}, redacted={}, **counts)
    return report.to_text(words) + long.to_markdown(words)


def _pairing(words):
    """Pairs of every kind, everything that can stop a person, and every way to lapse."""
    day = date(2026, 11, 24)
    tags = [key.removeprefix("language.") for key in ENGLISH.sentences if "language." in key[:9]]
    groups = [CATALOG["smart"], CATALOG["aa"]]
    place = {"latitude": 40.0, "longitude": -75.0}
    full = {
        "groups": ["aa"],
        "languages": tags,
        "windows": [(1, "18:00", "21:00")],
        "timezone": "UTC",
        "within_km": 30,
        **place,
    }
    lee = SupporterProfile(id="7", capacity=1, consented_on=day, identities=["1"], **full)
    names = {g.id: g.short_name for g in groups}
    everyone = full | {"groups": groups, "group_names": names, "wanted_identities": ["1"]}
    request = pairing.PairingRequest(person="1", waiting_since=date(2026, 11, 1), **everyone)
    far = {"latitude": 41.0, "longitude": -75.0}
    stops = [
        ({"roles": ["family_or_friend"]}, {"role": "recovery_coach", "groups": []}),
        ({"windows": [(1, "18:00", "21:00"), (3, "18:00", "21:00")]}, {"windows": []}),
        ({"roles": ["first_friend"]}, {"role": "recovery_coach"}),
        ({"roles": ["recovery_coach"]}, {}),
        ({"windows": [(day, "00:00", "24:00") for day in range(7)]}, {"windows": []}),
        ({"groups": ["1"]}, {}),
        ({"languages": ["en"]}, {"languages": ["es"]}),
        ({"languages": ["en"]}, {"languages": ["1-xx"], "display_name": "Lee"}),
        ({}, {"identities": []}),
        ({}, {"accompanies": ["1"]}),
        ({"not_with": ["7"]}, {}),
        (far | {"within_km": 1}, {"within_km": None, "modes": ["in_person"]}),
        (far | {"within_km": 1, "modes": ["in_person"]}, {}),
        ({"windows": [(2, "18:00", "19:00")]}, {}),
        ({}, {"paused_until": date(2026, 12, 1)}),
        ({}, {"consented_on": None}),
        ({"windows": []}, {"windows": []}),
        ({}, {"modes": ["in_person"]}),
        ({}, {"modes": ["online"]}),
        ({"groups": groups[1:]}, {"windows": []}),
        ({}, {"capacity": 0}),
        ({"groups": ["1"], "languages": ["1"]}, {}),
    ]
    at = {"as_of": day, "wording": words}
    for asked, offered in stops:
        one, other = evolve(request, **asked), evolve(lee, **offered)
        yield pairing.match([one], [other], **at).to_text()
        yield pairing.match([one], [other], keep=[("1", "7")], **at).to_text()
        yield pairing.match([], [other, evolve(other, id="8")], keep=[("1", "7")], **at).to_text()
    several = [
        evolve(request, person=str(i), waiting_since=date(2026, 11, 9 + i)) for i in range(9)
    ]
    yield pairing.match(several, [lee], **at).to_text()
    yield pairing.match(several, [lee, evolve(lee, id="8", role="recovery_coach")], **at).to_text()
    two = [evolve(lee, id=name, capacity=2) for name in ("7", "8")]
    both = [evolve(request, person="2", groups=[groups[1], "1"]), request]
    yield pairing.match(both, two, **at).to_text()
    yield pairing.match([request], [], keep=[("1", "7")], **at).to_text()


def _of_meetings(words):
    """Searches, with and without matches; weeks; a calendar."""
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    facts = {"group": "aa", "name": "1", "timezone": "UTC", "tags": ["open"]}
    daily = [Slot(weekday=day, start=time(12 + day)) for day in range(7)]
    here = {"latitude": 0.0, "longitude": 0.0}
    held = [
        Meeting(id="1", slots=daily, mode="hybrid", **here, **facts),
        Meeting(id="2", slots=daily, mode="online", languages=["en"], **facts),
        Meeting(id="3", slots=daily, **facts),
        *(Meeting(id=str(day), slots=[daily[day]], mode="online", **facts) for day in range(7)),
        Meeting(id="4", slots=[Slot(weekday=0, start=time(12, 20))], **facts),
    ]
    directory = Directory(held)
    queries = [
        {"all_tags": ["open"], "languages": ["en"], "travel_speed_kmh": 5, **here},
        here,
        {"hours": 48},
        {"hours": 0},
        {"groups": ["na"]},
        {"groups": ["na"], "any_tags": ["closed"]},
        {"any_tags": ["closed"]},
        {"all_tags": ["closed"]},
        {"no_tags": ["open"]},
        {"windows": [(0, "03:00", "04:00")]},
    ]
    begun = directory.search(MeetingQuery(at=at)).matches[0].starts_at + timedelta(minutes=10)
    ago = MeetingQuery(at=begun, started_within=timedelta(hours=1))
    yield directory.search(ago, wording=words).to_text()
    for query in queries:
        yield directory.search(MeetingQuery(at=at, **query), wording=words).to_text()
    away = {"latitude": 0.5, "longitude": 0.0, "modes": ["in_person"], "within_km": 1}
    slow = away | {"within_km": None, "travel_speed_kmh": 0.1}
    for some, query in (
        (held[:1], away),
        (held[2:3], away),
        (held[:1], slow),
        (held[2:3], slow),
        (held[2:3], {"modes": ["online"]}),
        (held[1:2], {"languages": ["fr"]}),
    ):
        yield Directory(some).search(MeetingQuery(at=at, **query), wording=words).to_text()
    for some, wanted in (((), 1), (held[:1], 8), (held, 1)):
        plan = plan_week(Person(id="1"), (), Directory(some), at=at, count=wanted, wording=words)
        yield plan.to_text()
    doubts = ["may_be_suspended", "may_not_be_weekly", "start_assumed"]
    best = evolve(
        held[0],
        id="5",
        group="na",
        flags=doubts,
        tags=["women", "closed"],
        slots=[Slot(weekday=0, start=time(11))],
    )
    preferred = ("na", held[0].group)
    yield plan_week(
        Person(id="1"), preferred, Directory([best, held[0]]), at=at, count=1, wording=words
    ).to_text()
    calendar = to_ics(held, at=at, wording=words).splitlines()
    yield next(line for line in calendar if line.startswith("SUMMARY")).removeprefix("SUMMARY")


def _risk(words):
    """Every sign at its full level, every danger, every caution and direction; an audit of few."""
    full = {s.reads: s.full for s in risk.SIGNS if s.name != "time_since_use"}
    full |= dict.fromkeys(("silence", "use_within_goal"), 0.5)
    full |= {"days_since_use": 0, "days_in_program": 0}
    dangers = {kind.value: True for kind in risk.SafetyKind}
    whether = ("reluctance", "boundaries", "in_treatment", "on_medication")
    everything = risk.RiskInputs(**full | dict.fromkeys(whether, True) | dangers)
    nothing, calm = risk.RiskInputs(), risk.RiskInputs(use_rate=0, meetings_per_week=1)
    for inputs, before in itertools.product((everything, nothing, calm), repeat=2):
        for contacts in (None, risk.CrisisContacts.us()):
            found = risk.assess(inputs, previous=before, wording=words, contacts=contacts)
            yield from (found.to_text(), found.action)
    numbers = [
        risk.RiskParameters(tier_from=cuts) for cuts in ((0, 1, 2), (1, 99, 100), (1, 2, 99))
    ]
    for parameters in numbers:
        yield risk.assess(calm, parameters=parameters, wording=words).to_text()
    yield risk.audit([1, 2, 3], [0, 1, 0], ["1", "1", "2"]).to_text(words)
    for records, _ in HISTORIES.values():
        yield assessed(records, wording=words).to_text()
    for inputs in _numbers_and_evidence():
        parameters = risk.RiskParameters(
            disengagement={"silence": 3, "craving_change": 1}, lapse=MUCH
        )
        for numbers in (risk.DEFAULT_PARAMETERS, parameters):
            yield risk.assess(inputs, parameters=numbers, wording=words).to_text()


MUCH = {
    "people_who_use": 9,
    "prior_episodes": 9,
    "environment_losses": 9,
    "recovery_supporters": -9,
}
MUCH |= {"craving_change": 9, "confidence_change": 9, "silence": 9}


def _numbers_and_evidence():  # noqa: C901 (a kind a loop)
    """What needs no events, or evidence of a form of its own."""
    day, last_year = date(2026, 11, 24), date(2025, 11, 24)
    one = ("people_who_use", "prior_episodes", "environment_losses", "recovery_supporters")
    for count in (1, 3):
        yield risk.RiskInputs(**dict.fromkeys(one, count))
    yield risk.RiskInputs(craving_change=5, confidence_change=-5, silence=1)
    yield risk.RiskInputs(reluctance=True, stress=9)
    yield risk.RiskInputs(reluctance=True)
    declined = {"reluctance": risk.Evidence(form="declined")}
    yield risk.RiskInputs(reluctance=True, evidence=declined)
    yield risk.RiskInputs(days_since_losses=3, craving_change=1, confidence_change=-1)
    reported = {"missed_rate": risk.Evidence(values={"missed": 3, "of": 4})}
    yield risk.RiskInputs(missed_rate=0.7, evidence=reported)
    yield risk.RiskInputs(days_since_use=3, evidence={"days_since_use": risk.Evidence(form="said")})
    yield risk.RiskInputs(days_since_stress_and_reluctance=1)
    yield risk.RiskInputs(abstinent_weeks=1)
    yield risk.RiskInputs(use_rate=1, weeks_without_meeting=0, days_since_meeting=1, silence=1)
    yield risk.RiskInputs(use_rate=1, days_since_discharge=1, missed_rate=1, attendance_trend=-4)
    dated = risk.Evidence(on=last_year)
    yield risk.RiskInputs(as_of=day, craving=9, evidence={"craving": dated})
    strengths = ("abstinent", "meetings_kept", "goals_met")
    for value in (1, 2):
        reported = dict.fromkeys(strengths, risk.Evidence(on=day, values={"value": value}))
        yield risk.RiskInputs(as_of=day, evidence=reported)
    for form in ("use", "tests", "both"):
        reported = risk.Evidence(form=form, values={"weeks": 3})
        days = risk.Evidence(form=form)
        yield risk.RiskInputs(
            use_rate=0.5, days_with_use=4, evidence={"use_rate": reported, "days_with_use": days}
        )
    for form in ("used", "said", "unnamed", "test", "test_unnamed"):
        reported = {"days_since_opioid_use": risk.Evidence(form=form)}
        yield risk.RiskInputs(days_since_opioid_use=3, evidence=reported)
    for form in (*events.DischargeSetting, "treatment"):
        reported = {"days_since_discharge": risk.Evidence(form=str(form))}
        yield risk.RiskInputs(days_since_discharge=3, evidence=reported)
    for form in events.ContactForm:
        reported = {"weeks_without_contact": risk.Evidence(on=day, form=form.value)}
        yield risk.RiskInputs(as_of=day, weeks_without_meeting=4, evidence=reported)
    for area in events.EnvironmentArea:
        reported = {"environment_losses": risk.Evidence(values={"areas": ((area.value, day),)})}
        yield risk.RiskInputs(as_of=day, environment_losses=2, evidence=reported)
    for values in ({"substances": ("alcohol",)}, {"substances": ("alcohol",), "name": "x"}):
        for form in ("use", "medication"):
            reported = {
                "days_since_opioids_with_sedatives": risk.Evidence(form=form, values=values)
            }
            yield risk.RiskInputs(days_since_opioids_with_sedatives=1, evidence=reported)
    for form in ("stopped", "cover"):
        reported = {"days_since_medication_stopped": risk.Evidence(form=form)}
        yield risk.RiskInputs(days_since_medication_stopped=1, evidence=reported)
    for caution in risk.INPUT_CAUTIONS:
        yield risk.RiskInputs(cautions=[caution])
    months = [date(2026, month, 9) for month in range(1, 13)]
    for month in months:
        reported = {"craving": risk.Evidence(on=month, values={"before": 1.0})}
        yield risk.RiskInputs(as_of=day, craving=9, evidence=reported)


def _questions(words):
    """Between groups that differ on one dimension alone, that is what to ask."""
    for dimension in Dimension:
        groups = [_of_level(level, dimension) for level in LEVELS]
        person = Person(id="1", stances=StanceProfile(declined=set(Dimension) - {dimension}))
        yield fit.shortlist(person, groups, wording=words).to_text()
        yield fit.interview(person, groups, size=2, wording=words).next().text


def _of_level(level, dimension):
    silent = Position(position=0.5, salience=0, source="x", confidence="judgment")
    stand = Position(position=level, salience=1, source="x", confidence="judgment")
    philosophy = dict.fromkeys(Dimension, silent) | {dimension: stand}
    return evolve(CATALOG["smart"], id=f"level_{level:.0%}".strip("%"), philosophy=philosophy)


def _rates(words):
    """A share, weeks, and what can't be known of nobody."""
    for patterns in (["+-o-"], []):
        yield outcomes.compare_definitions(patterns, RATES, wording=words).to_text()


def _engagement(words):
    """Nobody, somebody referred, people at every stage, somebody who does everything."""
    for ages in (
        [],
        [9],
        [40],
        [20, 27, 34],
        [3, 10, 17],
        [20, 40, 47],
        [95, 99],
        [11, 13, 15, 17],
    ):
        yield from _summary(words, [(events.Attended, age, {"group": "aa"}) for age in ages])
    yield from _summary(words, [(events.Referred, 3, {"groups": ["aa"]})])
    steady = [(events.Attended, age, {"group": "aa"}) for age in (3, 10, 17, 90)]
    yield from _summary(words, [*steady, (events.ReadingDone, 99, {})])
    taken = [
        (events.RoleChanged, 9, {"role": role, "change": "taken"}) for role in events.GroupRole
    ]
    reported = [
        (events.StepWorked, 5, {"step": 1}),
        (events.ReadingDone, 5, {}),
        (events.SupporterContact, 5, {"supporter_id": "s"}),
        (events.CheckIn, 5, {"abstinent": True, "declined": ["mood"], "unanswered": ["stress"]}),
        (events.Missed, 4, {}),
        (events.GoalSet, 8, {}),
        (events.GoalClosed, 7, {"goal_id": f"e{len(steady + taken) + 5}", "met": True}),
    ]
    yield from _summary(words, [*steady, *taken, *reported])
    yield from _summary(words, [*steady, (events.ReadingDone, 4, {})])
    lapsed = [(events.CheckIn, 9, {"abstinent": True}), (events.SubstanceUse, 5, {})]
    yield from _summary(words, lapsed)
    yield from _summary(words, [(events.Attended, -9, {"group": "aa"})])


def _summary(words, reported):
    day = datetime(2026, 11, 24, 19, tzinfo=UTC)
    records = [
        kind(id=f"e{i}", person_id="1", at=day - timedelta(age), **more)
        for i, (kind, age, more) in enumerate(reported)
    ]
    summary = engagement.summarize(records, as_of=date(2026, 11, 24), wording=words)
    return summary.to_text(), summary._repr_html_()


def _reasons(words):
    """Each person's end of each dimension beside each group's end of it."""
    base = CATALOG["smart"]
    for group_level in LEVELS:
        stand = Position(position=group_level, salience=1, source="x", confidence="judgment")
        group = evolve(base, philosophy=dict.fromkeys(Dimension, stand))
        for dimension, level in itertools.product(Dimension, LEVELS):
            stances = StanceProfile(positions={dimension: level})
            yield _text(group, words, stances=stances)
        for goal in ("abstinence", "moderation", "reduction"):
            yield _text(group, words, goal=goal)


def _text(group: Group, words, **facts):
    return fit.shortlist(Person(id="1", **facts), [group], wording=words).to_text()


def placeholders(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_key_is_used_and_every_placeholder_filled():
    marked = {
        key: f"<{key}>" + "".join(f"{{{p}}}" for p in sorted(placeholders(sentence)))
        for key, sentence in ENGLISH.sentences.items()
    }
    words = wording.Wording(language="marked", sentences=marked)
    said = (*everything_said(words), account_of_a_list(words))
    text = "\n".join(said).replace("&lt;", "<").replace("&gt;", ">")
    sentences = [key for key in ENGLISH.sentences if not key.startswith("label.")]
    assert [key for key in sentences if f"<{key}>" not in text] == []
    assert "{" not in text.replace("<style", "")


def test_no_english_leaks_into_a_whole_translation():
    marked = {
        key: "~" + "".join(f"{{{p}}}" for p in sorted(placeholders(sentence)))
        for key, sentence in ENGLISH.sentences.items()
    }
    words = wording.Wording(language="marked", sentences=marked)
    facts = ((g.name, g.short_name, g.website, g.membership.for_whom) for g in CATALOG.values())
    names = {fact for group in facts for fact in group if fact} | RATES.keys()
    answers = (answer for group in CATALOG for answer in CATALOG.concerns(group))
    names |= {text for answer in answers for text in (answer.statement, answer.answer)}
    names |= {c.text for group in CATALOG.values() for c in group.cautions.values()}
    names |= {"open", "closed", "women", "en", "Lee", "xx", "aa"}  # what hosts give
    reported = (fields for records, _ in HISTORIES.values() for *_, fields in records)
    names |= {fields["name"] for fields in reported if fields.get("name")} | {"x"}  # of medication
    for text in everything_said(words):
        if text.startswith("<table"):
            continue
        left = text
        for name in sorted(names, key=len, reverse=True):
            left = left.replace(name, "")
        assert not any(c.isalpha() for c in left), left


def test_what_is_left_out_is_said_in_english():
    words = wording.Wording(language="de", sentences={"shortlist.title": "Gruppen"})
    text = fit.shortlist(Person(id="1"), CATALOG, wording=words).to_text()
    assert "Gruppen" in text
    assert "The choice is yours" in text
    assert len(words.missing) == len(ENGLISH.sentences) - 1
    assert ENGLISH.missing == ()


def test_a_file_of_a_host(tmp_path):
    path = tmp_path / "de.toml"
    path.write_text('[goal]\nreduction = "Sie möchten weniger trinken"\n', encoding="utf-8")
    words = wording.Wording.from_toml(path, language="de")
    assert words.say("goal.reduction") == "Sie möchten weniger trinken"
    for content in (path.read_text("utf-8"), path.read_bytes()):
        assert wording.Wording.from_toml(content, language="de") == words


@pytest.mark.parametrize("text", ["de.toml", "/etc/passwd", "./own/de", "C:\\de.toml"])
def test_text_is_no_path(text):
    for source in (text, text.encode()):
        with pytest.raises(WordingError, match="pathlib"):
            wording.Wording.from_toml(source, language="de")


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("goal.win", "x"),
        ("goal.reduction", "{group}"),
        ("reason.for", "{you.__class__}"),
        ("reason.for", "{you!r}"),
        ("reason.for", "{you:>9}"),
        ("reason.for", "{0}"),
        ("reason.for", "{"),
        ("reason.for", 3),
    ],
)
def test_refused(key, sentence):
    with pytest.raises(WordingError) as caught:
        wording.Wording(language="xx", sentences={key: sentence, "shortlist.title": "x"})
    assert [p.path for p in caught.value.problems] == [f"$.{key}"]


@pytest.mark.parametrize(
    "given",
    [{"language": "", "sentences": {}}, {"language": 5, "sentences": {}}, {"sentences": None}],
)
def test_a_wording_is_checked(given):
    with pytest.raises(WordingError):
        wording.Wording(**{"language": "xx", **given})


def test_an_empty_sentence_stays_empty():
    words = wording.Wording(language="xx", sentences={"goal.reduction": ""})
    assert words.say("goal.reduction") == ""


def test_a_file_that_is_no_toml(tmp_path):
    path = tmp_path / "de.toml"
    for document in (b"[goal", b"\xff"):
        path.write_bytes(document)
        with pytest.raises(WordingError):
            wording.Wording.from_toml(path, language="de")
