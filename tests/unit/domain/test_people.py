"""People: answers in, and what is refused."""

import numpy as np
import pytest

from mshg import Dealbreaker, Dimension, Person, StanceProfile
from mshg.errors import ValidationError


def paths(call):
    with pytest.raises(ValidationError) as caught:
        call()
    return [p.path for p in caught.value.problems]


def test_likert_answers_become_positions():
    answers = dict(zip(Dimension, (1, 2, 3, 4, 5), strict=False))
    profile = StanceProfile.from_likert(answers)
    assert list(profile.positions.values()) == [0, 0.25, 0.5, 0.75, 1]


def test_likert_takes_names_and_numpy_integers():
    profile = StanceProfile.from_likert(
        {"method": np.int64(5)}, importance={"agency": np.float32(2)}, declined=["commitment"]
    )
    assert dict(profile.positions) == {Dimension.METHOD: 1.0}
    assert dict(profile.importance) == {Dimension.AGENCY: 2.0}
    assert profile.declined == {Dimension.COMMITMENT}


@pytest.mark.parametrize("answer", [0, 6, -1, 2.5, 3.0, "3", None, True, float("nan")])
def test_likert_refuses_anything_else_by_name(answer):
    given = {"method": answer, "agency": 3, "structure": answer}
    assert paths(lambda: StanceProfile.from_likert(given)) == [
        "$.answers.method",
        "$.answers.structure",
    ]


def test_likert_tells_all_that_is_wrong_at_once():
    found = paths(
        lambda: StanceProfile.from_likert(
            {"method": 9}, importance={"agency": -1, "structure": 1e10}, declined=["luck"]
        )
    )
    assert found == [
        "$.answers.method",
        "$.importance.agency",
        "$.importance.structure",
        "$.declined[*]",
    ]


@pytest.mark.parametrize("answers", [None, "method", ["method"], 3])
def test_likert_takes_a_mapping(answers):
    assert paths(lambda: StanceProfile.from_likert(answers)) == ["$.answers"]


def test_an_answer_can_not_be_declined_as_well():
    assert paths(lambda: StanceProfile.from_likert({"method": 1}, declined=["method"])) == [
        "$.declined.method"
    ]


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({}, "at_least"),
        ({"at_least": 0.8, "at_most": 0.2}, "at_least"),
        ({"at_least": -0.1}, "at_least"),
        ({"at_most": 1.1}, "at_most"),
        ({"at_most": True}, "at_most"),
        ({"at_most": "1"}, "at_most"),
    ],
)
def test_dealbreaker_limits(limits, field):
    assert paths(lambda: Dealbreaker(dimension="method", **limits)) == [f"$.{field}"]


def test_dealbreaker_ends_are_acceptable():
    limit = Dealbreaker(dimension="method", at_least=0.25, at_most=0.75)
    assert [limit.is_broken_by(x) for x in (0.2, 0.25, 0.5, 0.75, 0.8)] == [1, 0, 0, 0, 1]


def test_everything_but_the_id_may_be_unknown():
    person = Person(id="1")
    assert person.goal is person.treatment is person.medication_for_addiction is None
    assert person.substances == person.identities == frozenset()


def test_words_and_any_iterable_will_do():
    person = Person(id="1", substances=iter(["alcohol"]), barriers={"distance"}, goal="reduction")
    assert person == Person(
        id="1", substances=("alcohol",), barriers=["distance"], goal=person.goal
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", " "),
        ("id", 1),
        ("substances", "alcohol"),
        ("substances", ["gin"]),
        ("substances", 3),
        ("goal", "win"),
        ("treatment", "maybe"),
        ("medication_for_addiction", 1),
        ("seeks_help_for", "me"),
        ("barriers", {"distance": 1}),
        ("dealbreakers", [None]),
        ("preferences", None),
        ("stances", {}),
        ("identities", [""]),
        ("identities", [["unhashable"]]),
        ("chosen_group", ""),
    ],
)
def test_person_refuses(field, value):
    found = paths(lambda: Person(**{"id": "1", field: value}))
    assert all(path.startswith(f"$.{field}") for path in found)
