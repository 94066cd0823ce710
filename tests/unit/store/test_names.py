"""Where a name stands in a text: each example is a form that grammar or Unicode gives it."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mshg.events import Attended, GoalSet, SupporterContact
from mshg.store import ErasureReport, Mention, SqliteEventStore, is_same_record, redact_person
from mshg.store.names import Name, bare, replaced

AT = datetime(2026, 11, 24, tzinfo=UTC)
NAMES = (
    "Kim", "Ayşe", "Işıl", "İpek", "김철수", "王伟", "田中", "さくら", "アン", "Müller", "Weiß",
    "Matti", "Virtanen", "José", "Анна", "สมชาย", "Kim Min-jun", "p1", "canary_7",
)  # fmt: skip


def left(name, text):
    return replaced(text, Name(name).within(text).spans, "_")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("김철수", "김철수가 왔고 김철수에게서 들었다", "_가 왔고 _에게서 들었다"),
        ("김철수", "친구김철수와", "친구_와"),
        ("김철수", "김 철수가", "_가"),
        ("王伟", "我和王伟去了", "我和_去了"),
        ("田中", "田中さんが、田中太郎は", "_さんが、_太郎は"),
        ("さくら", "さくらが来た", "_が来た"),
        ("アン", "アンさんとアンケート", "_さんとアンケート"),
        ("สมชาย", "และสมชายไป", "และ_ไป"),
        ("王", "王さん、国王", "_さん、国王"),
        ("Ayşe", "Ayşeyle, AYŞE'nin, ayşedeki, Ayşeler", "_, _'nin, _, _"),
        ("Mehmet", "Mehmete, Mehmetin, MEHMETTEN, Mehmetle", "_, _, _, _"),
        ("Işıl", "IŞIL, Işıl'a, ışıl", "_, _'a, _"),
        ("İpek", "ipek İPEK i̇pek", "_ _ _"),
        ("Kim", "Kims book, Kim's, KIM and kim", "_ book, _'s, _ and _"),
        ("Fritz", "Fritzens, Fritzchen", "_, _"),
        ("Weiß", "WEISS, Weißs", "_, _"),
        ("Anna", "Annan, Annalle, Annallakin, Annaa, Annaan", "_, _, _, _, _"),
        ("Kim", "Kimille ja Kimin", "_ ja _"),
        ("Matti", "Matin ja Matilla, Mattiin", "_ ja _, _"),
        ("Virtanen", "Virtasen, Virtaselle", "_, _"),
        ("Kim", "我和Kim去, Kim이, Kimさん", "我和_去, _이, _さん"),
        ("Kim Min", "Kim\n Min and kim\u00a0mins", "_ and _"),
        ("Kim", "K\u00adim and K\u200bims", "_ and _"),  # what can't be seen
        ("Kim", "Ｋｉｍ", "_"),
        ("p1", "p1이 왔다, p1's, xp1, p10", "_이 왔다, _'s, xp1, p10"),
    ],
)
def test_a_name_is_found_with_what_grammar_puts_beside_it(name, text, expected):
    assert left(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "is_alike"),
    [
        ("Kim", "Kimberly", True),
        ("Ann", "Anna and Annabel", True),
        ("Paul", "Paula", True),
        ("Martin", "Martina", True),
        ("José", "Jose", True),
        ("Ayşe", "Ayse", True),
        ("アン", "アンケート", True),
        ("王", "国王", True),
        ("Ann", "planned, channel", False),  # nothing begins with it
        ("p1", "p10 and xp1", False),  # an id, which others are alike for no reason
        ("Kim", "nobody", False),
    ],
)
def test_what_only_looks_like_a_name_is_left_and_said(name, text, is_alike):
    assert left(name, text) == text
    assert Name(name).within(text).is_alike is is_alike


@given(st.sampled_from(NAMES), st.text(), st.text(), st.sampled_from(("NFC", "NFD", "NFKC")))
def test_a_name_between_spaces_is_found_in_every_form(name, before, after, form):
    """The text is looked at wherever the name stands in it, and nothing else of it is changed."""
    written = unicodedata.normalize(form, name)
    text = f"{before} {written} {after}"
    assert Name(name).may_be_in(text)
    spans = Name(name).within(text).spans
    assert (len(before) + 1, len(before) + 1 + len(written)) in {
        (start, end) for start, end in spans
    } or unicodedata.combining(after[:1] or " ")
    rest = replaced(text, spans, " ")
    assert not Name(name).within(rest).spans


@given(st.sampled_from(NAMES), st.lists(st.sampled_from((*NAMES, "s", "가", " ", "ß", "x"))))
def test_wherever_a_name_is_found_the_text_is_looked_at(name, parts):
    text = "".join(parts)
    found = Name(name).within(text)
    assert Name(name).may_be_in(text) or not (found.spans or found.is_alike)


@given(st.text())
def test_bare_letters_of_bare_letters_are_the_same(text):
    assert bare(bare(text)) == bare(text)


def test_the_report_lists_what_was_replaced_and_what_only_looks_like_it():
    said = ("Kims idea", "Kimberly came", "nothing")
    goals = [
        GoalSet(id=f"g{i}", at=AT, person_id="p1", description=text) for i, text in enumerate(said)
    ]
    with SqliteEventStore(":memory:") as store:
        store.append([*goals, Attended(id="k", at=AT, person_id="Kim", group="aa")])
        report = store.erase("Kim")
        assert report == report.removed == 1
        assert report.replaced == (Mention(event_id="g0", field="description"),)
        assert report.alike == (Mention(event_id="g1", field="description"),)
        assert [e.description for e in store.events("p1")] == [
            "erased idea",
            "Kimberly came",
            "nothing",
        ]
        assert repr(report) == "ErasureReport(1 events removed, 1 fields replaced, 1 alike)"
        assert repr(report.replaced[0]) == "Mention(…)"
        assert store.verify() == ()
        assert store.append(goals) == 0  # the same events, sent again
    assert ErasureReport(3) == 3


def test_a_record_is_the_same_but_for_when_it_was_recorded_and_who_was_erased():
    sent = SupporterContact(
        id="c", at=AT, person_id="p1", supporter_id="p2", source="told by p2, and p3"
    )
    kept = redact_person(sent, "p2")
    assert is_same_record(kept, sent)
    assert not is_same_record(sent, kept)
    assert not is_same_record(kept, GoalSet(id="c", at=AT, person_id="p1", description="x"))
    other = SupporterContact(
        id="c", at=AT, person_id="p1", supporter_id="p2", source="told by p2, and p4"
    )
    assert not is_same_record(kept, other)
