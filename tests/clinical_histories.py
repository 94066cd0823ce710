"""Made-up histories, and what an experienced clinician would expect to be told. All judgment.

Each holds events as (days before today, kind, fields).
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from mshg import engagement, events, risk

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def every(step, first, last, kind, **fields):
    """The same thing every so many days, from the first to the last day back."""
    return [(days, kind, fields) for days in range(first, last - 1, -step)]


def met(*days, group="aa"):
    return [(day, "Attended", {"group": group}) for day in days]


def goal(word, days=200):
    return (days, "RecoveryGoalChanged", {"goal": word})


def use(days, substance=None, **fields):
    return (days, "SubstanceUse", {"substance": substance, **fields})


def medication(days, change, name=None, substances=(), **more):
    fields = {"kind": "medication", "change": change, "name": name, "substances": substances}
    return (days, "TreatmentChanged", fields | more)


def asked(days, **answers):
    return (days, "CheckIn", answers)


def screen(days, result, substance=None):
    return (days, "Tested", {"result": result, "substance": substance})


def danger(days, word, substance=None, **more):
    return (days, "DangerReported", {"danger": word, "substance": substance, **more})


def addressed(days, word):
    return (days, "DangerAddressed", {"danger": word, "how": "seen the same day"})


def left(days, setting, *substances):
    return (days, "Discharged", {"setting": setting, "substances": substances})


def item_9(days, score, instrument="phq9", subscale="item_9"):
    fields = {"instrument": instrument, "subscale": subscale, "score": score}
    return (days, "InstrumentScored", fields)


OPIOIDS = ("opioids",)
WEEKLY = every(7, 86, 2, "Attended", group="aa")
CALM = asked(2, abstinent=True, stress=2, craving=0, confidence=9, mood=7, willingness=9)

HISTORIES = {
    # use, tests, and what medication explains
    "positive cocaine test": (
        [goal("abstinence"), *WEEKLY, screen(3, "positive", "cocaine")],
        {
            "lapse": "elevated",
            "urgency": "soon",
            "says": ["Positive test 3 days ago (cocaine)", "They had a positive test"],
            "never": ["Used", "They use now"],
        },
    ),
    "methadone shows in the test": (
        [
            goal("abstinence"),
            *WEEKLY,
            medication(120, "started", "Methadone", OPIOIDS),
            screen(3, "positive", "opioids"),
            CALM,
        ],
        {"lapse": "low", "urgency": "planned", "notices": [], "never": ["ositive test"]},
    ),
    "naltrexone shows in no test": (
        [
            goal("abstinence"),
            *WEEKLY,
            medication(120, "started", "naltrexone", OPIOIDS),
            screen(3, "positive", "opioids"),
        ],
        {"lapse": "high", "urgency": "now", "notices": ["opioid_lapse"]},
    ),
    "acamprosate explains no alcohol": (
        [medication(60, "started", "acamprosate", ["alcohol"]), screen(2, "positive", "alcohol")],
        {"lapse": "elevated", "urgency": "soon", "says": ["Positive test 2 days ago (alcohol)"]},
    ),
    "three days of drinking this week": (
        [goal("abstinence"), *WEEKLY, use(5, "alcohol"), use(3, "alcohol"), use(1, "alcohol")],
        {
            "lapse": "high",
            "urgency": "soon",
            "says": ["Used on 3 of the last 7 days", "They use now"],
            "never": ["return to use"],
        },
    ),
    "a slip of eight days ago": (
        [goal("abstinence"), *WEEKLY, use(8, "alcohol"), CALM],
        {"lapse": ("low", "guarded"), "urgency": "planned", "never": ["They use now"]},
    ),
    "use of heroin three weeks ago": (
        [goal("abstinence"), *WEEKLY, use(21, "opioids"), CALM],
        {
            "lapse": "high",
            "urgency": "now",
            "notices": ["opioid_lapse"],
            "says": ["Used opioids 3 weeks ago", "Naloxone"],
        },
    ),
    "reduction, kept within it": (
        [
            goal("reduction"),
            *every(2, 40, 2, "SubstanceUse", substance="alcohol", within_goal=True),
        ],
        {
            "lapse": ("low", "guarded"),
            "urgency": "planned",
            "strengths": ["within_goal"],
            "never": ["They use now"],
        },
    ),
    "moderation, beyond it on Saturday": (
        [goal("moderation"), *met(3, 10, 17), use(3, "alcohol", within_goal=False)],
        {"lapse": ("elevated", "high"), "urgency": "soon", "says": ["Used 3 days ago (alcohol)"]},
    ),
    "moderation, nobody asked whether within": (
        [goal("moderation"), *met(3, 10, 17), use(3, "alcohol")],
        {"lapse": "elevated", "says": ["whether the use kept within their own goal"]},
    ),
    "unnamed use after heroin": (
        [goal("abstinence"), *WEEKLY, use(300, "opioids"), use(2)],
        {"lapse": "high", "urgency": "now", "notices": ["opioid_lapse"]},
    ),
    "a test, and unnamed use": (
        [screen(5, "positive", "opioids"), use(2), *WEEKLY],
        {"lapse": "high", "urgency": "now", "notices": ["opioid_lapse"]},
    ),
    # dangers, and how they end
    "suicide weeks ago, not seen to": (
        [*WEEKLY, danger(75, "suicidal_thoughts")],
        {
            "urgency": "now",
            "notices": ["suicidal_thoughts"],
            "says": ["Reported on September 10"],
            "never": ["low"],
        },
    ),
    "suicide, seen to": (
        [*WEEKLY, CALM, danger(20, "suicidal_thoughts"), addressed(20, "suicidal_thoughts")],
        {"urgency": "planned", "notices": []},
    ),
    "suicide again after it was seen to": (
        [
            *WEEKLY,
            danger(20, "suicidal_thoughts"),
            addressed(19, "suicidal_thoughts"),
            item_9(3, 2, "PHQ-9", "Item 9"),
        ],
        {"urgency": "now", "notices": ["suicidal_thoughts"], "says": ["November 21"]},
    ),
    "a total says nothing of item 9": (
        [*WEEKLY, item_9(9, 1), (2, "InstrumentScored", {"instrument": "phq9", "score": 3})],
        {"urgency": "now", "notices": ["suicidal_thoughts"]},
    ),
    "overdose seen to": (
        [danger(6, "overdose", "opioids"), addressed(5, "overdose"), *met(2)],
        {"lapse": "high", "notices": [], "urgency": "now", "says": ["Overdose reported 6 days"]},
    ),
    "overdose of last spring": (
        [goal("abstinence"), *WEEKLY, danger(200, "overdose", "opioids"), CALM],
        {"lapse": "low", "notices": [], "urgency": "planned"},
    ),
    "withdrawal from alcohol, seen to": (
        [danger(3, "withdrawal", "alcohol"), addressed(2, "withdrawal"), use(4, "alcohol")],
        {"lapse": "high", "notices": [], "urgency": "soon"},
    ),
    "heroin and Xanax": (
        [use(1, "opioids"), use(2, "benzodiazepines")],
        {
            "lapse": "high",
            "urgency": "now",
            "notices": ["opioids_with_sedatives", "opioid_lapse"],
            "says": ["breathing", "naloxone"],
        },
    ),
    "buprenorphine, and a beer within their goal": (
        [
            goal("moderation"),
            *WEEKLY,
            medication(120, "started", "Suboxone"),
            use(2, "alcohol", within_goal=True),
        ],
        {"lapse": "low", "urgency": "planned", "notices": [], "says": ["adds to what an opioid"]},
    ),
    # medication that ends, however it was written
    "started without a name, stopped with one": (
        [medication(90, "started", None, OPIOIDS), medication(4, "stopped", "buprenorphine"), CALM],
        {"lapse": "high", "disengagement": "elevated", "notices": ["medication_stopped"]},
    ),
    "another case, another word": (
        [
            medication(90, "started", "Buprenorphine"),
            medication(4, "cannot_afford", "buprenorphine"),
        ],
        {
            "lapse": "high",
            "notices": ["medication_stopped"],
            "says": ["uprenorphine stopped 4 days"],
        },
    ),
    "refused, after it was taken": (
        [medication(90, "started", "methadone", OPIOIDS), medication(4, "refused")],
        {"lapse": "high", "notices": ["medication_stopped"]},
    ),
    "refused, and never taken": (
        [medication(4, "refused", "methadone", OPIOIDS), CALM],
        {"lapse": "low", "notices": []},
    ),
    "stopped, and something for alcohol begun": (
        [
            medication(90, "started", "buprenorphine", OPIOIDS),
            medication(4, "stopped", "buprenorphine"),
            medication(3, "started", "acamprosate", ["alcohol"]),
        ],
        {"lapse": "high", "notices": ["medication_stopped"]},
    ),
    "changed to methadone": (
        [
            medication(90, "started", "buprenorphine", OPIOIDS),
            medication(4, "stopped", "buprenorphine"),
            medication(4, "started", "methadone", OPIOIDS),
            CALM,
        ],
        {"lapse": "low", "notices": ["medication_changed"], "urgency": "now", "never": ["low"]},
    ),
    "injection not renewed": (
        [medication(40, "started", "Sublocade", OPIOIDS, covers_days=28), CALM, *WEEKLY],
        {
            "lapse": "high",
            "notices": ["medication_stopped"],
            "says": ["Sublocade ran out 12 days ago and was not renewed"],
        },
    ),
    "injection renewed": (
        [
            medication(40, "started", "Sublocade", OPIOIDS, covers_days=28),
            medication(11, "changed", "Sublocade", OPIOIDS, covers_days=28),
            CALM,
            *WEEKLY,
        ],
        {"lapse": "low", "notices": [], "urgency": "planned"},
    ),
    "stopped, and taken up again": (
        [
            medication(90, "started", "methadone", OPIOIDS),
            medication(9, "stopped", "methadone"),
            medication(7, "started", "Methadone", OPIOIDS),
            CALM,
        ],
        {"lapse": "low", "notices": []},
    ),
    # discharges
    "two weeks out of prison, heroin before": (
        [left(14, "prison", "opioids")],
        {
            "lapse": "high",
            "urgency": "now",
            "says": ["Released from prison 14 days ago; opioids are in their record"],
        },
    ),
    "out of the hospital, alcohol": (
        [left(20, "hospital", "alcohol"), *met(2)],
        {"lapse": "elevated", "urgency": "soon", "says": ["Left the hospital 20 days ago"]},
    ),
    "out of residential treatment for five weeks": (
        [goal("abstinence"), left(35, "residential_treatment"), CALM, *WEEKLY],
        {"lapse": "low", "urgency": "planned"},
    ),
    # silence and staying away
    "referred yesterday": (
        [(1, "Referred", {"groups": ["aa"]})],
        {"lapse": "unknown", "disengagement": "unknown", "urgency": "find_out"},
    ),
    "nothing heard for 30 days": (
        [goal("abstinence"), *met(30, 37, 44), asked(5, unanswered=["craving"])],
        {"lapse": "unknown", "urgency": "find_out", "says": ["nothing was heard from them"]},
    ),
    "heard 29 days ago": (
        [goal("abstinence"), *met(29, 36, 43)],
        {"lapse": ("low", "guarded"), "urgency": ("soon", "planned")},
    ),
    "a new member in touch with a friend": (
        [
            (20, "Referred", {"groups": ["na"]}),
            (15, "SupporterOffered", {"supporter_id": "s", "role": "first_friend"}),
            *met(12, 5, 2, group="na"),
            (1, "SupporterContact", {"supporter_id": "s"}),
            asked(1, abstinent=True, stress=3, craving=3, confidence=7, willingness=8),
        ],
        {"lapse": "low", "disengagement": ("low", "guarded"), "urgency": "planned"},
    ),
    "away for half a year, content": (
        [goal("abstinence", 900), *every(7, 600, 181, "Attended", group="aa"), CALM],
        {"lapse": "low", "urgency": "planned"},
    ),
    "a coach in touch, no meetings": (
        [
            (90, "SupporterOffered", {"supporter_id": "c", "role": "recovery_coach"}),
            *met(40, 47, 54, 61, 68),
            (1, "SupporterContact", {"supporter_id": "c"}),
            asked(3, abstinent=True, craving=2, confidence=8),
        ],
        {
            "lapse": "low",
            "disengagement": ("guarded", "elevated"),
            "says": ["No meeting for 5 weeks", "spoke with their coach yesterday"],
            "never": ["No contact"],
        },
    ),
    # stress, reluctance, losses
    "stress and reluctance two weeks ago": (
        [*WEEKLY, asked(14, stress=10, willingness=1)],
        {"lapse": "low", "disengagement": ("low", "guarded"), "urgency": "planned"},
    ),
    "extreme stress, glad to talk": (
        [*WEEKLY, asked(1, stress=10, willingness=9, abstinent=True)],
        {"lapse": "low", "disengagement": "low", "urgency": "planned", "says": ["Stress 10 of 10"]},
    ),
    "lost the job alone": (
        [
            *WEEKLY,
            (9, "EnvironmentChanged", {"area": "work", "change": "lost"}),
            asked(12, craving=2, confidence=8),
            asked(1, craving=6, confidence=5, abstinent=True),
        ],
        {
            "lapse": ("low", "guarded"),
            "says": ["Lost work on November 15", "Craving 6 of 10 on November 23, up from 2"],
        },
    ),
    "housed again after losing both": (
        [
            *WEEKLY,
            (20, "EnvironmentChanged", {"area": "work", "change": "lost"}),
            (20, "EnvironmentChanged", {"area": "housing", "change": "lost"}),
            (4, "EnvironmentChanged", {"area": "housing", "change": "gained"}),
            asked(12, craving=2, confidence=8),
            asked(1, craving=6, confidence=5, abstinent=True),
        ],
        {"lapse": ("low", "guarded"), "never": ["Lost both"]},
    ),
    # odd records
    "a check-in of tomorrow": (
        [goal("abstinence"), *WEEKLY, use(3, "alcohol"), asked(-1, abstinent=True, craving=9)],
        {
            "lapse": ("elevated", "high"),
            "urgency": "soon",
            "says": ["set aside", "Used 3 days ago"],
            "never": ["Craving"],
        },
    ),
    "danger stamped tomorrow": (
        [*WEEKLY, danger(-1, "suicidal_thoughts")],
        {"urgency": "now", "notices": ["suicidal_thoughts"], "says": ["set aside"]},
    ),
    "danger by a clock of 1970": (
        [*WEEKLY, danger(20_782, "overdose", recorded_at=NOON)],
        {"urgency": "now", "lapse": "high", "notices": ["overdose"], "says": ["can't be right"]},
    ),
    "a total out of range": (
        [*WEEKLY, (3, "InstrumentScored", {"instrument": "phq9", "score": 90}), item_9(3, 1)],
        {"urgency": "now", "notices": ["suicidal_thoughts"], "says": ["outside of its range"]},
    ),
    "sixty-five other scores after item 9": (
        [
            *WEEKLY,
            item_9(3, 1),
            *((2, "InstrumentScored", {"instrument": f"x{i}", "score": 1}) for i in range(65)),
        ],
        {"urgency": "now", "notices": ["suicidal_thoughts"]},
    ),
    "sixty-five other medications after the one that ended": (
        [
            medication(90, "started", "buprenorphine", OPIOIDS),
            medication(4, "stopped", "buprenorphine"),
            *(medication(3, "started", f"x{i}", ["alcohol"]) for i in range(65)),
        ],
        {"lapse": "high", "notices": ["medication_stopped"]},
    ),
    "ten good years": (
        [
            goal("abstinence", 3700),
            *every(7, 701, 1, "Attended", group="aa"),
            (600, "RoleChanged", {"role": "sponsor", "change": "taken"}),
            (500, "GoalSet", {}),
            asked(1, abstinent_since=date(2016, 11, 1), craving=0, confidence=10, willingness=10),
        ],
        {
            "lapse": "low",
            "disengagement": "low",
            "urgency": "planned",
            "strengths": ["abstinent", "meetings_per_week", "involvement"],
            "says": ["Abstinent for 3675 days", "a sponsor"],
        },
    ),
}


def log_of(records):
    ids = count()
    return [
        getattr(events, kind)(
            id=f"e{next(ids)}", person_id="p", at=NOON - timedelta(days=days), **fields
        )
        for days, kind, fields in records
    ]


def assessed(records, as_of=TODAY, wording=None):
    log = log_of(records)
    summary = engagement.summarize(log, as_of=as_of)
    inputs = risk.RiskInputs.from_state(events.replay(log), summary, as_of=as_of)
    return risk.assess(inputs, wording=wording)
