"""What words say of the weeks in which a meeting is held."""

from datetime import date, time

import pytest

from mshg import Slot
from mshg.domain import WEEKLY, Recurrence
from mshg.feeds.recurrence import placed, said_by

TUESDAY, SATURDAY = 1, 5


def on(text, *weekdays):
    slots, flags = placed([text], tuple(Slot(weekday=d, start=time(19)) for d in weekdays))
    return [s.recurrence for s in slots], {str(f) for f in flags}


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("First Saturday of the month", {1}),
        ("first sat. of month", {1}),
        ("1st & 3rd Saturdays of the month", {1, 3}),
        ("Meets the 1st, 3rd, and 5th Saturday of the month", {1, 3, 5}),
        ("Only meets last Saturday of each month. Ring the bell.", {-1}),
        ("(2nd Saturday only)", {2}),
        ("Every second Saturday of the month", {2}),
        ("held on the 2nd and 4th Saturday of every month at 7pm", {2, 4}),
        ("No meeting 5th Saturday", {1, 2, 3, 4}),
        ("Every Saturday except the 5th Saturday", {1, 2, 3, 4}),
        ("Living Clean (No Mtg On The 1st Saturday of month!)", {2, 3, 4, 5}),
        ("Only on the first Saturday of the month", {1}),
        ("El primer y tercer s\u00e1bado de cada mes", {1, 3}),
        ("Se re\u00fane el \u00faltimo s\u00e1bado del mes a las 19:00", {-1}),
        ("Solo el primer sabado del mes", {1}),
        ("1er et 3e samedi du mois", {1, 3}),
        ("Le dernier samedi de chaque mois \u00e0 19h30", {-1}),
        ("Jeden 1. und 3. Samstag im Monat um 19 Uhr", {1, 3}),
        ("Nur am letzten Samstag im Monat", {-1}),
        ("Todo segundo s\u00e1bado do m\u00eas", {2}),
        ("ogni primo e terzo sabato del mese", {1, 3}),
        ("Elke eerste zaterdag van de maand", {1}),
    ],
)
def test_certain(text, weeks):
    assert on(text, SATURDAY) == ([Recurrence(weeks_of_month=weeks)], set())


@pytest.mark.parametrize(
    "text",
    [
        "every second Tuesday",
        *("Odd weeks", "Summer only", "Meets Sept-May", "meets from October through April"),
        *("une semaine sur deux", "un mardi sur deux", "tous les quinze jours"),
        *("cada dos semanas", "cada 15 d\u00edas", "Quincenal", "una vez al mes"),
        *("Jeden zweiten Dienstag", "jeden ersten Dienstag", "alle 2 Wochen", "14-t\u00e4gig"),
        *("a cada duas semanas", "uma vez por m\u00eas", "ogni due settimane", "una volta al mese"),
        *("om de twee weken", "een keer per maand", "in den Schulferien nicht"),
        "En la iglesia, el primer martes de cada mes",
        "Tous les mardis sauf le dernier mardi du mois",
        "Every other week",
        "bi-weekly",
        "Fortnightly",
        "every 2 weeks",
        "alternate Tuesdays",
        "Meets monthly",
        "twice a month",
        "2nd Tuesday",
        "First Saturday of the month",
        "No meeting last Tuesday of the month",
        "Meeting is not held on the last Tuesday of each month",
        "2nd NO Mtg.",
        "Closed summer months",
        "Memorial Day - Labor Day Only",
        "Last Tuesday of month / Step Meeting",
        "no meeting 2026-13-45",
        "no meeting 3/4/2026",
        "No meeting Dec 25",
        "Every Tuesday except the last Tuesday of the month",
        "1st and 3rd Tuesdays in person, except holidays",
        "Last Tuesday no meeting",
        "First Tuesday of the month only; second Tuesday of the month only",
        "Step group meets first Tuesday of the month",
    ],
)
def test_not_to_be_placed(text):
    assert on(text, TUESDAY) == ([WEEKLY], {"may_not_be_weekly"})


@pytest.mark.parametrize(
    "text",
    [
        "Last wk Trad",
        "Chips last Tuesday of the month",
        "Speaker last Tuesday of the month",
        "1st Tuesday: Big Book / 2nd Tuesday: Step Meeting",
        "Last Tue. has chips",
        "Business Mtg. last Tuesday",
        "2nd Floor, first door on the left",
        "1st wk Step/last wk Spkr",
        "Alternates between speaker and book study",
        "First Things First",
        "11th Step Meditation",
        "No meeting last Saturday of the month",
        "Every 3rd Tuesday is Step mtg",
        "Twelve-week session cycles",
        "Wheelchair access except bathroom",
        "Semana Santa, 3rd floor",
        *("First step", "Second chance", "every Tuesday", "Last house on the left"),
        *("Premier pas", "Primera vez", "Primer paso del mes", "Schritt des Monats", "Erste Hilfe"),
        *("tous les mardis", "cada martes", "jeden Dienstag", "ogni marted\u00ec", "elke dinsdag"),
        *("segunda, quarta e sexta", "deuxi\u00e8me \u00e9tage", "zweiter Stock", "solo mujeres"),
        *("\u00daltimo martes del mes: orador", "Letzter Dienstag im Monat offen"),
        *("1er mardi du mois : r\u00e9union ouverte", "Primo marted\u00ec del mese aperta"),
        "",
    ],
)
def test_a_weekly_meeting(text):
    assert on(text, TUESDAY) == ([WEEKLY], set())


def test_every_few_weeks_with_a_day_to_count_from():
    assert on("Every other Tuesday starting 2026-01-06", TUESDAY) == (
        [Recurrence(every_weeks=2, anchor=date(2026, 1, 6))],
        set(),
    )
    assert on("every three weeks from March 3rd, 2026", TUESDAY) == (
        [Recurrence(every_weeks=3, anchor=date(2026, 3, 3))],
        set(),
    )


def test_days_without_a_meeting():
    expected = Recurrence(except_dates=[date(2026, 12, 25), date(2027, 1, 1)])
    assert on("No meeting on 2026-12-25 and Jan. 1, 2027", TUESDAY) == ([expected], set())
    assert on("Cancelled 12/25/2026, 1/1/2027", TUESDAY) == ([expected], set())


def test_only_the_slots_of_that_weekday_change():
    found, flags = on("First Saturday of the month", TUESDAY, SATURDAY)
    assert found == [WEEKLY, Recurrence(weeks_of_month=[1])]
    assert flags == set()
    assert on("Every other week starting 2026-01-06", TUESDAY, SATURDAY)[1] == {"may_not_be_weekly"}


@pytest.mark.parametrize(
    "text",
    [
        *("(SUSPENDED) Noon", "Temporarily closed", "meeting is cancelled until May"),
        *("Noon (paused)", "The group has disbanded", "no longer meeting"),
    ],
)
def test_suspended(text):
    assert "may_be_suspended" in on(text, TUESDAY)[1]


@pytest.mark.parametrize("text", ["Zoom option suspended", "No cancelled stamps", "Closed meeting"])
def test_not_suspended(text):
    assert said_by(text).flags == frozenset()


@pytest.mark.parametrize(
    "text",
    ["The choir meets on the first Tuesday of the month", "First Tuesday of the month\nTopic"],
)
def test_words_that_may_be_about_something_else(text):
    assert on(text, TUESDAY) == ([WEEKLY], {"may_not_be_weekly"})


def test_dates_hold_for_all_slots():
    found, flags = on("No meeting on 2026-12-25", TUESDAY, SATURDAY)
    assert found == [Recurrence(except_dates=[date(2026, 12, 25)])] * 2
    assert flags == set()


def test_places_beside_it_change_nothing():
    text = "Meets the first Tuesday of the month. Enter by the side door, 2nd floor."
    assert on(text, TUESDAY) == ([Recurrence(weeks_of_month=[1])], set())
