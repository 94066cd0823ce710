"""One question at a time, until the first places are settled."""

import pytest

from mshg import Dimension, Person, StanceProfile, catalog, fit, wording
from mshg.errors import UnknownGroupError, ValidationError

CATALOG = catalog.load()
NOBODY = Person(id="1", seeks_help_for="own_use")


def test_a_question_has_its_wording():
    question = fit.interview(NOBODY, CATALOG).next()
    say = wording.load().say
    assert question.text == say(f"dimension.{question.dimension}.question")
    assert question.low == say(f"dimension.{question.dimension}.you_low")
    assert question.middle == say(f"dimension.{question.dimension}.you_middle")
    assert question.high == say(f"dimension.{question.dimension}.you_high")


def test_it_asks_what_the_shortlist_says_to_ask():
    talk = fit.interview(NOBODY, CATALOG)
    for answer in (5, 2, 4):
        assert talk.next().dimension == talk.shortlist().next_question
        talk = talk.answer(answer)


def test_answers_and_declines_are_kept_in_the_person():
    talk = fit.interview(NOBODY, CATALOG)
    asked = talk.next().dimension
    then = talk.answer(4)
    assert then.person.stances.positions == {asked: 0.75}
    assert talk.person == NOBODY  # a new state, the old one as it was
    declined = then.next().dimension
    last = then.decline()
    assert last.person.stances.declined == {declined}
    assert last.next().dimension not in (asked, declined)
    assert fit.interview(last.person, CATALOG) == last


def test_it_goes_on_from_what_is_known():
    known = StanceProfile.from_likert({"method": 5})
    talk = fit.interview(Person(id="1", stances=known, goal="abstinence"), CATALOG)
    seen = set()
    while (question := talk.next()) is not None:
        seen.add(question.dimension)
        talk = talk.answer(3)
    assert not seen & {"method", "abstinence"}


@pytest.mark.parametrize("size", [2, 3, 5])
def test_it_stops_only_when_the_order_of_the_first_is_certain(size):
    talk = fit.interview(NOBODY, CATALOG, size=size)
    for answer in (5, 1, 5, 1, 5, 1, 5, 1, 5, 1, 5, 1):
        if talk.next() is None:
            break
        talk = talk.answer(answer)
    assert talk.next() is None
    ranked = [o.group for o in talk.shortlist().options]
    for seed in range(20):  # whatever is open is answered: the order stays
        then = talk.person
        for dimension in set(Dimension) - set(then.stances.positions):
            then = then.with_answer(dimension, 1 + (seed * 7 + len(dimension)) % 5)
        stated = fit.shortlist(then, CATALOG, size=size)
        assert [o.group for o in stated.options][:1] == ranked[:1]
        assert list(stated.certain)[:size] == list(talk.shortlist().certain)[:size]


def test_where_only_two_are_open_it_asks_which_is_first():
    two = [CATALOG["aa"], CATALOG["smart"]]
    assert fit.interview(NOBODY, two, size=2).next() is not None
    one = [CATALOG["aa"]]
    assert fit.interview(NOBODY, one, size=2).next() is None


@pytest.mark.parametrize("facts", [{}, {"substances": ["opioids"]}, {"substances": ["alcohol"]}])
def test_relatives_are_asked_as_well(facts):
    relative = Person(id="1", seeks_help_for="someone_elses_use", **facts)
    talk, asked = fit.interview(relative, CATALOG), 0
    while talk.next() is not None:
        talk, asked = talk.answer(4), asked + 1
    assert 0 < asked <= 12


def test_an_answer_can_be_taken_back():
    talk = fit.interview(NOBODY, CATALOG)
    then = talk.answer(4).decline()
    assert then.back().back() == talk
    assert talk.back() == talk
    assert then.back().person.stances.declined == frozenset()


def test_nothing_more_can_be_answered_once_it_is_over():
    talk = fit.interview(Person(id="1", stances=StanceProfile(declined=list(Dimension))), CATALOG)
    assert talk.next() is None
    for more in (talk.decline, lambda: talk.answer(3)):
        with pytest.raises(ValidationError, match="no question left"):
            more()


def test_a_form_sent_twice_answers_nothing_else():
    talk = fit.interview(NOBODY, CATALOG)
    asked = talk.next().dimension
    then = talk.answer(2, dimension=asked)
    assert then == talk.answer(2)
    for again in (then.answer, lambda _, dimension: then.decline(dimension=dimension)):
        with pytest.raises(ValidationError, match=r"\$\.dimension"):
            again(2, dimension=asked)


def test_what_is_no_person_is_refused_at_once():
    for call in (fit.interview, fit.shortlist, fit.score):
        with pytest.raises(ValidationError, match=r"\$\.person: must be a Person"):
            call("1", CATALOG)


@pytest.mark.parametrize("answer", [0, 6, 2.5, 0.75, True, None, "3", float("nan")])
def test_an_answer_is_from_one_to_five(answer):
    with pytest.raises(ValidationError, match=r"\$\.answer: must be a whole number from 1 to 5"):
        fit.interview(NOBODY, CATALOG).answer(answer)


def test_settings_are_those_of_the_shortlist():
    with pytest.raises(ValidationError, match=r"\$\.size"):
        fit.interview(NOBODY, CATALOG, size=1)
    with pytest.raises(UnknownGroupError):
        fit.interview(NOBODY, CATALOG, active=["soss"])
    words = wording.Wording(language="xx", sentences={"dimension.method.question": "?"})
    talk = fit.interview(NOBODY, CATALOG, wording=words, size=4, active=["sos"])
    assert talk.shortlist() == fit.shortlist(NOBODY, CATALOG, wording=words, size=4, active=["sos"])
    while (question := talk.next()) is not None and question.dimension != "method":
        talk = talk.decline()
    assert question.text == "?"
