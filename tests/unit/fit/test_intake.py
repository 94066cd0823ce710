"""What they have tried, how it was, what makes them wary."""

import pytest

from mshg import Experience, Person, catalog, fit
from mshg.errors import ValidationError

CATALOG = catalog.load()
NOBODY = Person(id="1")


def test_it_asks_what_was_tried_how_it_was_and_what_makes_wary():
    asked = fit.intake(NOBODY)
    assert asked.next().topic == "tried"
    asked = asked.answer(["aa", "smart"])
    assert (asked.next().topic, asked.next().group) == ("how_it_was", "aa")
    asked = asked.answer("disliked").decline()
    assert asked.next().topic == "concerns"
    done = asked.answer(["religion", "speaking"])
    assert done.next() is None
    assert done.person.experiences == (
        Experience(group="aa", how_it_was="disliked"),
        Experience(group="smart"),
    )
    assert done.person.concerns == {"religion", "speaking"}
    assert done.back().person.concerns == frozenset()
    assert fit.intake(NOBODY).back() == fit.intake(NOBODY)


def test_what_is_known_is_not_asked():
    known = Person(id="1", experiences=[Experience(group="aa")], concerns=["privacy"])
    asked = fit.intake(known, CATALOG)
    assert asked.next().group == "aa"
    assert asked.answer(["mixed"]).next() is None


def test_none_at_all_is_an_answer():
    asked = fit.intake(NOBODY, CATALOG).answer([])
    assert asked.next().topic == "concerns"
    assert asked.answer(()).next() is None


@pytest.mark.parametrize("values", [["bb"], "bb", [5], 5, None])
def test_values_are_those_of_its_choices(values):
    with pytest.raises(ValidationError, match=r"\$\.values"):
        fit.intake(NOBODY, CATALOG).answer(values)


def test_exactly_one_where_one_is_asked_for():
    asked = fit.intake(NOBODY, CATALOG).answer(["aa"])
    for values in ([], ["liked", "mixed"]):
        with pytest.raises(ValidationError, match="exactly one"):
            asked.answer(values)
    over = fit.intake(NOBODY, CATALOG).decline().decline()
    with pytest.raises(ValidationError, match="no question left"):
        over.answer([])


def test_relatives_are_asked_in_words_for_relatives():
    relative = Person(id="1", seeks_help_for="someone_elses_use")
    labels = [c.label for c in fit.intake(relative, CATALOG).decline().next().choices]
    assert "whether it is for what your relative uses" in labels
    assert fit.intake(relative, CATALOG).to_dict()["next"]["topic"] == "tried"
    assert repr(fit.intake(relative, CATALOG)) == "Intake(…)"
