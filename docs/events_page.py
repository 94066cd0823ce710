"""Write docs/reference/events.md from the classes; a test sees that the two agree.

python docs/events_page.py
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from inspect import cleandoc
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from attrs import NOTHING, fields, has

from mshg import events

PAGE = Path(__file__).parent / "reference" / "events.md"
INTRODUCTION = """\
# mshg.events

Made from the classes by `docs/events_page.py`; edit those, not this page.

What happened, as frozen records, and the state that they leave.
[Record what happens](../how-to/record-what-happens.md) shows how they are used, and
[events and states](../explanation/events.md) what a state makes of them.

Every record has these fields, which the tables below leave out:

| field | type | meaning |
| --- | --- | --- |
| `id` | text | unique among all events of the host |
| `at` | date and time with an offset | when it happened; a day is the calendar day in that offset |
| `person_id` | text | the host's id of whom it is about |
| `recorded_at` | date and time with an offset, or none | when it was written down |
| `source` | text, or none | by whom or what, as the host likes |

A `ProviderActivity` is about nobody and has no `person_id`; a `Retracted` may leave it out.
Words may be given as text, and collections as any iterable. What breaks a rule is refused with a
`ValidationError`, all of it at once.
"""
HEAD = ("id", "at", "person_id", "recorded_at", "source")
PLAIN = {
    "str": "text",
    "float": "number",
    "int": "whole number",
    "bool": "true or false",
    "date": "day",
    "datetime": "date and time with an offset",
}


def page() -> str:
    """The whole page."""
    kinds = get_args(events.Event)
    parts = [INTRODUCTION, "## Events\n"]
    parts += [section(kind, HEAD) for kind in kinds]
    states = (events.PersonState, *(f.type for f in fields(events.PersonState) if has(f.type)))
    parts += ["## The state\n", *(section(state, ()) for state in states)]
    models = [getattr(events, n) for n in events.__all__]
    parts += [
        section(model, ())
        for model in models
        if has(model) and model not in (*kinds, *states, events.EventTable)
    ]
    parts += ["## Words\n"]
    parts += [
        f"### {model.__name__}\n\n{text_of(model)[0]}\n\n"
        + ", ".join(f"`{word}`" for word in model)
        + "\n"
        for model in models
        if isinstance(model, type) and issubclass(model, StrEnum)
    ]
    return "\n".join(parts) + rows_of_tables() + FUNCTIONS


ROWS = """
## Rows of a table

`EventTable` keeps events as columns. Each record becomes these rows, in this order; every kind has
the code in front of it, which never changes. A record about nobody, and a retraction, have none.
What is not named here (ids, notes, amounts, whom a relationship or a supporter is) is not in a
table. Codes of words are their places in the list named, from 0; -1 is none.

"""
TEXTS = {
    "Attended": "`ATTENDED` (its group; code: mode); `RATING` and `DISCOMFORT` where given (value)",
    "CheckIn": "a row for each answer (value; `ABSTINENT` 1 or 0); `CHECK_IN_ANSWERED` if there was"
    " any, else `CHECK_IN_UNANSWERED` if any question was left open; a row for each question"
    " declined and unanswered (code: question); `CHECK_IN_BLANK` if there is none of these",
    "Referred": "`REFERRED`; `GROUP_OFFERED` for each group (value: its place, from 1)",
    "RoleChanged": "`SPONSOR_…`, `HOME_GROUP_…` or `SERVICE_…`, `TAKEN` or `LEFT`, for each group"
    " in which the part was indeed taken or left (of service, code: which part); else `OTHER_NEWS`",
    "GoalClosed": "`GOAL_MET` if the goal was open and is met, else `GOAL_CLOSED` (value: 1 if"
    " met)",
    "GoalSet": "`GOAL_SET`",
    "SubstanceUse": "`USE` (value: 1 within the goal, 0 outside; code: substance)",
    "Tested": "`TEST_POSITIVE`, `TEST_NEGATIVE`, `TEST_MIXED` or `TEST_MISSING` (code: substance)",
    "FollowUp": "`FOLLOW_UP_PLANNED`, `…_REACHED` or `…_NOT_REACHED` (code: channel)",
    "SupporterContact": "`CONTACT` if they spoke, else `CONTACT_TRIED` (code: channel)",
    "SupporterAnswered": "`ANSWERED_SUPPORTER` by the person, `SUPPORTER_ANSWERED` by the supporter"
    " (code: answer)",
    "DangerReported": "`SUICIDAL_THOUGHTS`, `OVERDOSE` or `WITHDRAWAL` (code: substance)",
    "EnvironmentChanged": "`HOUSING`, `WORK` or `ACTIVITY` (code: change)",
    "RelationshipChanged": "`RECOGNITION`, `SUPPORT`, `BOUNDARY_SET` or `CONTACT_LOST` (code:"
    " relation)",
    "InstrumentScored": "`SCORE` (value; code: instrument, of those with one)",
    "TreatmentChanged": "`FORMAL_TREATMENT` or `MEDICATION` (code: change)",
    "Discharged": "`DISCHARGED` (code: setting)",
    "DangerAddressed": "`DANGER_ADDRESSED` (code: danger)",
    "Missed": "`MISSED` (group)",
    "StepWorked": "`STEP` (group; value: its number)",
    "ReadingDone": "`READING` (group)",
    "SupporterOffered": "`SUPPORTER_OFFERED` (group; code: role)",
    "AttendancePlanned": "`ATTENDANCE_PLANNED` (group; code: mode)",
    "GroupChosen": "`GROUP_CHOSEN` (group)",
    "GroupChanged": "`GROUP_CHANGED` (group)",
    "ConsentChanged": "`CONSENT_CHANGED` (code: change)",
    "RecoveryGoalChanged": "`RECOVERY_GOAL` (code: goal)",
    "ReferralAnswered": "`REFERRAL_ANSWERED` (group; code: answer)",
    "ReferralStepDone": "`REFERRAL_STEP` (code: step)",
    "ReferralClosed": "`REFERRAL_CLOSED` (code: outcome)",
}


def rows_of_tables() -> str:
    """Which rows each event becomes, and the codes of kinds and of words."""
    names = [kind.__name__ for kind in get_args(events.Event)]
    records = "".join(f"| {name} | {TEXTS[name]} |\n" for name in names if name in TEXTS)
    kinds = "".join(
        f"| {kind.value} | `{kind.name}` | {words_of_kind(kind)} |\n" for kind in events.EventKind
    )
    return (
        f"{ROWS}| record | rows |\n| --- | --- |\n{records}\n"
        f"| code | kind | codes of words |\n| --- | --- | --- |\n{kinds}"
    )


def words_of_kind(kind: events.EventKind) -> str:
    """The words that the codes of a kind stand for."""
    words = events.CODE_WORDS.get(kind, ())
    return " ".join(f"{i} {word.value}," for i, word in enumerate(words)).rstrip(",")


FUNCTIONS = """
## Functions

```{eval-rst}
.. automodule:: mshg.events
   :members: apply, replay, effective_events
   :imported-members:
```

## Tables

```{eval-rst}
.. autoclass:: mshg.events.tables.EventTable
   :members:
```
"""


def section(kind: Any, left_out: tuple[str, ...]) -> str:
    """One class with its fields."""
    text, meanings = text_of(kind)
    rows = [
        f"| `{f.name}` | {type_of(f.type)} | {default_of(f)} | {meanings.get(f.name, '')} |"
        for f in fields(kind)
        if f.name not in left_out
    ]
    table = "| field | type | if left out | meaning |\n| --- | --- | --- | --- |\n" + "\n".join(
        rows
    )
    return f"### {kind.__name__}\n\n{text}\n" + (f"\n{table}\n" if rows else "")


def text_of(kind: Any) -> tuple[str, dict[str, str]]:
    """What a docstring says of a class, and of its fields by name."""
    text, _, parameters = cleandoc(kind.__doc__).partition("\n\nParameters\n----------\n")
    meanings: dict[str, str] = {}
    for names, lines in re.findall(r"^(\w.*)\n((?:    .*\n?)+)", parameters, re.MULTILINE):
        meaning = plain(" ".join(lines.split()))
        meanings |= dict.fromkeys(names.split(", "), meaning)
    return plain(text), meanings


def plain(text: str) -> str:
    """Markdown of a docstring."""
    return re.sub(r"(?<!`)`(\w[^`]*)`(?!`)", r"`\1`", text.replace("``", "`"))


def type_of(kind: Any) -> str:
    """A type in words."""
    return "".join(words_of(kind))


def words_of(kind: Any) -> Iterator[str]:
    """The words of a type, one after another."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        yield from words_of(args[0])
    elif origin in (UnionType, Union):
        yield from words_of(args[0])
        yield ", or none"
    elif origin in (tuple, frozenset):
        yield "several: "
        yield from words_of(args[0])
    elif origin is not None:
        yield from words_of(args[1])
        yield " by "
        yield from words_of(args[0])
    elif kind.__name__ in PLAIN:
        yield PLAIN[kind.__name__]
    elif kind.__module__.startswith("mshg.events"):
        yield f"[{kind.__name__}](#{kind.__name__.lower()})"
    else:
        yield f"`{kind.__name__}`"


def default_of(field: Any) -> str:
    """What stands where a field is left out."""
    if field.default is NOTHING:
        return "must be given"
    value = field.default
    if value is None:
        return "none"
    if has(getattr(value, "factory", None)):
        return "its defaults"
    if hasattr(value, "factory") or value in ((), frozenset()):
        return "empty"
    return f"`{value.value if isinstance(value, StrEnum) else str(value).lower()}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
