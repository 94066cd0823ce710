"""The records: what each takes, and what it refuses."""

import inspect
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args
from zoneinfo import ZoneInfo

import attrs
import pandas as pd
import pytest

from mshg import codec, events
from mshg.errors import CodecError, ValidationError
from mshg.events import Attended, CheckIn, ConsentChanged, Event, Referred, SubstanceUse

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HEAD = {"id": "e1", "at": AT, "person_id": "p1"}


def problems(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return [(p.path, p.rule) for p in caught.value.problems]


def test_every_kind_has_a_head():
    """Every record has id, at, recorded_at and source; a person's all but a provider's."""
    for kind in get_args(Event):
        names = [f.name for f in attrs.fields(kind)]
        assert {"id", "at", "recorded_at", "source"} <= set(names)
        assert ("person_id" in names) == (kind is not events.ProviderActivity)
        assert names[:2] == ["id", "at"]
        assert names[-2:] == ["recorded_at", "source"]


def test_a_signature_says_what_a_field_takes():
    taken = {p.name: p.annotation for p in inspect.signature(Attended).parameters.values()}
    assert list(taken)[:4] == ["id", "at", "person_id", "group"]
    assert taken["mode"] == str | None
    assert taken["rating"] == float | None
    assert taken["at"] is datetime


def test_every_problem_is_reported_at_once():
    assert problems(
        lambda: Attended(
            id=" ",
            at=AT.replace(tzinfo=None),
            person_id=3,
            group="aa",
            mode="by_mail",
            rating=11,
            discomfort=True,
        )
    ) == [
        ("$.id", "must be a string that is not blank"),
        ("$.at", "must be a date and time with an offset from UTC"),
        ("$.person_id", "must be a string that is not blank"),
        ("$.mode", "must be one of: in_person, online, hybrid"),
        ("$.rating", "must be a finite number from 0 to 10"),
        ("$.discomfort", "must be a number from 0 to 10"),
    ]


def test_words_and_numbers_are_taken_as_people_write_them():
    went = Attended(**HEAD, group="aa", mode="online", rating=7)
    assert went.mode is events.Attended(**HEAD, group="aa", mode="online").mode
    assert isinstance(went.rating, float)


@pytest.mark.parametrize(
    "at",
    [
        date(2026, 1, 1),
        "2026-01-01T00:00+00:00",
        None,
        pd.NaT,
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_what_is_no_moment_is_refused(at):
    assert [path for path, *_ in problems(lambda: Attended(**{**HEAD, "at": at}, group="aa"))] == [
        "$.at"
    ]


def test_a_moment_is_kept_at_its_offset():
    """A zone's clock that is set back leaves two moments that Python calls unequal to any other."""
    zone = ZoneInfo("America/New_York")
    first, second = (datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=fold) for fold in (0, 1))
    a, b = (Attended(**{**HEAD, "at": at}, group="aa") for at in (first, second))
    assert (a.at.utcoffset(), b.at.utcoffset()) == (timedelta(hours=-4), timedelta(hours=-5))
    assert a.at < b.at
    assert a != b
    assert codec.from_dict(codec.to_dict(b)) == b
    assert type(Attended(**{**HEAD, "at": pd.Timestamp(AT)}, group="aa").at) is datetime


def test_one_moment_at_two_offsets_is_two_records():
    moved = attrs.evolve(
        Attended(**HEAD, group="aa"), at=AT.astimezone(timezone(timedelta(hours=9)))
    )
    assert moved.at == AT
    assert moved != Attended(**HEAD, group="aa")
    assert pickle.loads(pickle.dumps(moved)) == moved


def test_a_referral_offers_a_group_at_least_and_each_once():
    assert problems(lambda: Referred(**HEAD, groups=[])) == [("$.groups", "must not be empty")]
    assert problems(lambda: Referred(**HEAD, groups=["aa", "na", "aa"])) == [
        ("$.groups[2]", "is given twice")
    ]


def test_a_question_is_answered_or_not_once():
    assert problems(
        lambda: CheckIn(**HEAD, stress=3, mood=1, declined=["stress"], unanswered=["mood"])
    ) == [
        ("$.declined", "must not hold what is answered"),
        ("$.unanswered", "must not hold what is answered"),
    ]
    assert problems(lambda: CheckIn(**HEAD, declined=["mood"], unanswered=["mood"])) == [
        ("$.unanswered", "must not hold what is declined")
    ]
    assert problems(lambda: CheckIn(**HEAD, declined=4, unanswered=["mood"])) == [
        ("$.declined", "must be a list or another collection of plain values, not one text")
    ]


def test_a_question_unanswered_is_no_answer():
    assert not CheckIn(**HEAD, unanswered=["stress"], declined=["mood"]).was_answered
    assert CheckIn(**HEAD, abstinent=False).was_answered
    assert CheckIn(**HEAD, stress=0).was_answered


def test_a_consent_says_who_tells_whom_what_for():
    rule = "must be given with a consent"
    assert problems(lambda: ConsentChanged(**HEAD, change="given", scope="all")) == [
        ("$.discloser", rule),
        ("$.recipient", rule),
        ("$.purpose", rule),
    ]
    assert ConsentChanged(**HEAD, change="revoked").recipient is None


def test_an_amount_is_not_negative():
    assert problems(lambda: SubstanceUse(**HEAD, amount=-1)) == [
        ("$.amount", "must be a finite number from 0 to 1e+09")
    ]


def test_pytest_takes_no_record_for_a_test():
    assert events.Tested.__test__ is False


def test_a_document_is_read_with_its_paths():
    document = {**codec.to_dict(CheckIn(**HEAD)), "at": "2026-13-01", "stress": "much"}
    with pytest.raises(CodecError) as caught:
        codec.from_dict(document)
    assert [p.path for p in caught.value.problems] == ["$.at", "$.stress"]
    assert (
        codec.from_dict({**codec.to_dict(CheckIn(**HEAD)), "at": "2026-11-24T09:30:00Z"}).at == AT
    )
