"""Strategies for the models of the domain."""

from collections.abc import Collection
from datetime import date, time, timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mshg._requests import PairingRequest
from mshg.domain import (
    Availability,
    Barrier,
    Concern,
    ConcernAnswer,
    ConcernDirection,
    Confidence,
    Dealbreaker,
    Dimension,
    Experience,
    Focus,
    FocusShare,
    Goal,
    Group,
    GroupCaution,
    GroupStatus,
    HowItWas,
    JoinInfo,
    Meeting,
    MeetingFlag,
    MeetingMode,
    MeetingPreferences,
    Membership,
    Occasion,
    Person,
    Position,
    Reach,
    Recurrence,
    SeeksHelpFor,
    Slot,
    StanceProfile,
    Substance,
    SupporterProfile,
    Tradition,
    TreatmentStatus,
    Window,
)
from mshg.domain.supporters import PROPOSED_ROLES
from mshg.domain.vocabulary import WAYS_TO_ATTEND

_SHARES = st.floats(0, 1)
_FIVE_POINT = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
_WEIGHTS = st.one_of(st.just(1.0), st.floats(0, 10))
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(str.strip)
LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"]),
    min_size=1,
    max_size=20,
).filter(str.strip)
_PARAGRAPHS = st.lists(LINES, min_size=1, max_size=2).map("\n".join)
_TAGS = st.frozensets(NAMES, max_size=4)
_LANGUAGES = st.frozensets(st.sampled_from(["en", "es", "fr", "pl", "zh-Hant"]), max_size=2)
_WEEKDAYS = st.integers(0, 6)
_ZONES = st.sampled_from([None, "America/New_York", "Europe/Berlin", "Asia/Tokyo"])
_IDENTITIES = ["woman", "man", "veteran", "gay", "muslim", "christian", "bipolar", "indigenous"]
_OF_THEMSELVES = st.frozensets(st.sampled_from(_IDENTITIES), max_size=2)
_DATES = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def likert_answers() -> SearchStrategy[dict[Dimension, int]]:
    """Answers from 1 to 5 to some of the dimensions."""
    return st.dictionaries(st.sampled_from(Dimension), st.integers(1, 5))


@st.composite
def stance_profiles(draw: st.DrawFn) -> StanceProfile:
    """Profiles with any mix of answered, open and declined dimensions."""
    positions = draw(st.dictionaries(st.sampled_from(Dimension), st.one_of(_FIVE_POINT, _SHARES)))
    declined = draw(st.frozensets(st.sampled_from(Dimension), max_size=4)) - set(positions)
    importance = draw(st.dictionaries(st.sampled_from(Dimension), _WEIGHTS))
    return StanceProfile(positions=positions, importance=importance, declined=declined)


@st.composite
def dealbreakers(draw: st.DrawFn) -> Dealbreaker:
    """Limits below, above or both."""
    low, high = sorted((draw(_FIVE_POINT), draw(_FIVE_POINT)))
    at_least, at_most = draw(st.sampled_from([(low, None), (None, high), (low, high)]))
    dimension = draw(st.sampled_from(Dimension))
    return Dealbreaker(dimension=dimension, at_least=at_least, at_most=at_most)


def experiences(*, group_ids: Collection[str] = ()) -> SearchStrategy[Experience]:
    """Experiences with some of these groups, or with any where none are given."""
    return st.builds(
        Experience,
        group=st.sampled_from(sorted(group_ids)) if group_ids else NAMES,
        how_it_was=st.one_of(st.none(), st.sampled_from(HowItWas)),
    )


def meeting_preferences() -> SearchStrategy[MeetingPreferences]:
    """Preferences, most of them empty."""
    return st.builds(
        MeetingPreferences,
        modes=st.frozensets(st.sampled_from(WAYS_TO_ATTEND)),
        weekdays=st.frozensets(_WEEKDAYS),
        all_tags=_TAGS,
        any_tags=_TAGS,
        no_tags=_TAGS,
        languages=_LANGUAGES,
    )


def people(*, group_ids: Collection[str] = ()) -> SearchStrategy[Person]:
    """Draw people of whom anything may be unknown.

    Parameters
    ----------
    group_ids
        Ids that ``chosen_group`` and ``experiences`` are drawn from; without any, the first
        stays None.
    """
    maybe = partial(st.one_of, st.none())
    return st.builds(
        Person,
        id=TEXTS,
        stances=stance_profiles(),
        substances=st.frozensets(st.sampled_from(Substance), max_size=3),
        goal=maybe(st.sampled_from(Goal)),
        treatment=maybe(st.sampled_from(TreatmentStatus)),
        medication_for_addiction=maybe(st.booleans()),
        seeks_help_for=maybe(st.sampled_from(SeeksHelpFor)),
        barriers=st.frozensets(st.sampled_from(Barrier), max_size=3),
        dealbreakers=st.lists(dealbreakers(), max_size=2),
        preferences=meeting_preferences(),
        identities=st.frozensets(st.one_of(st.sampled_from(_IDENTITIES), TEXTS), max_size=2),
        chosen_group=maybe(st.sampled_from(sorted(group_ids))) if group_ids else st.none(),
        experiences=st.lists(
            experiences(group_ids=group_ids), max_size=2, unique_by=lambda e: e.group
        ),
        concerns=st.frozensets(st.sampled_from(Concern), max_size=3),
        is_mandated=maybe(st.booleans()),
    )


def positions() -> SearchStrategy[Position]:
    """Positions of a group, silent ones among them."""
    return st.builds(
        Position,
        position=_SHARES,
        salience=st.one_of(st.just(0.0), _SHARES),
        source=TEXTS,
        confidence=st.sampled_from(Confidence),
    )


def concern_answers() -> SearchStrategy[ConcernAnswer]:
    """Concerns with an answer of any wording."""
    return st.builds(
        ConcernAnswer,
        concern=st.sampled_from(Concern),
        statement=LINES,
        answer=LINES,
        source=TEXTS,
        confidence=st.sampled_from(Confidence),
        direction=st.sampled_from(ConcernDirection),
    )


def focus_shares() -> SearchStrategy[FocusShare]:
    """How far members share something, from not at all to all of them."""
    return st.builds(
        FocusShare,
        share=st.one_of(st.sampled_from([0.0, 1.0]), _SHARES),
        source=TEXTS,
        confidence=st.sampled_from(Confidence),
    )


def group_cautions() -> SearchStrategy[GroupCaution]:
    """Cautions of any wording."""
    return st.builds(GroupCaution, text=LINES, source=TEXTS, confidence=st.sampled_from(Confidence))


def availabilities() -> SearchStrategy[Availability]:
    """Meetings in reach, often none."""
    counts = st.one_of(st.just(0), st.integers(0, 200))
    return st.builds(Availability, in_person=counts, online=counts)


def memberships() -> SearchStrategy[Membership]:
    """Rules for everyone, or for some."""
    return st.builds(
        Membership,
        seeks_help_for=st.frozensets(st.sampled_from(SeeksHelpFor)),
        welcomes=st.frozensets(st.sampled_from(["woman", "veteran"]), max_size=1),
        closed_to=st.frozensets(st.just("man"), max_size=1),
    )


def groups() -> SearchStrategy[Group]:
    """Groups with any philosophy; ids may repeat between draws."""
    return (
        st.builds(
            Group,
            id=NAMES,
            name=LINES,
            philosophy=st.fixed_dictionaries({d: positions() for d in Dimension}),
            short_name=st.one_of(st.just(""), LINES),
            tradition=st.one_of(st.none(), st.sampled_from(Tradition)),
            reach=st.one_of(st.none(), st.sampled_from(Reach)),
            is_twelve_step=st.one_of(st.none(), st.booleans()),
            is_secular=st.one_of(st.none(), st.booleans()),
            derived_from=st.one_of(st.none(), NAMES),
            variant_of=st.none(),
            founded=st.one_of(st.none(), st.integers(1800, 2100)),
            status=st.sampled_from(GroupStatus),
            substances=st.frozensets(st.sampled_from(Substance)),
            membership=memberships(),
            website=st.one_of(st.none(), st.just("https://example.org")),
            summary=st.one_of(st.none(), TEXTS),
            summary_for_provider=st.one_of(st.none(), TEXTS),
            summary_for_family=st.one_of(st.none(), TEXTS),
            concerns=st.lists(concern_answers(), max_size=2, unique_by=lambda a: a.concern),
            focus=st.dictionaries(st.sampled_from(Focus), focus_shares(), max_size=4),
            cautions=st.dictionaries(st.sampled_from(Occasion), group_cautions(), max_size=2),
            sources=st.dictionaries(NAMES, TEXTS, max_size=3),
        )
        | _variants()
    )


def _variants() -> SearchStrategy[Group]:
    return st.builds(
        Group,
        id=NAMES,
        name=LINES,
        philosophy=st.fixed_dictionaries({d: positions() for d in Dimension}),
        variant_of=NAMES,
        variant_tags=st.frozensets(NAMES, min_size=1, max_size=2),
    )


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    """Every week, every few weeks, or some weeks of the month, with exceptions."""
    every_weeks = draw(st.integers(1, 5))
    return Recurrence(
        every_weeks=every_weeks,
        anchor=draw(_DATES if every_weeks > 1 else st.one_of(st.none(), _DATES)),
        weeks_of_month=draw(st.frozensets(st.sampled_from([1, 2, 3, 4, 5, -1]), max_size=2)),
        except_dates=draw(st.frozensets(_DATES, max_size=2)),
    )


def slots() -> SearchStrategy[Slot]:
    """Slots in wall time."""
    return st.builds(
        Slot,
        weekday=_WEEKDAYS,
        start=st.times().map(lambda t: t.replace(microsecond=0)),
        duration=st.one_of(st.none(), st.integers(1, 300).map(lambda m: timedelta(minutes=m))),
        recurrence=recurrences(),
    )


def joins() -> SearchStrategy[JoinInfo]:
    """Links, dial-in lines or both, with what goes with them."""
    maybe = partial(st.one_of, st.none())
    return st.builds(
        JoinInfo,
        url=st.just("https://zoom.us/j/000"),
        url_notes=maybe(_PARAGRAPHS),
        phone=maybe(st.just("+15550100,,000#")),
        phone_notes=maybe(_PARAGRAPHS),
    ) | st.builds(JoinInfo, phone=st.just("+15550100,,000#"), phone_notes=maybe(_PARAGRAPHS))


@st.composite
def meetings(draw: st.DrawFn, *, with_join: bool = False) -> Meeting:
    """Meetings of any mode, with or without coordinates and slots.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    with_join
        Whether some say how to join from afar, which the codec writes only when asked.
    """
    has_place = draw(st.booleans())
    return Meeting(
        id=draw(TEXTS),
        group=draw(NAMES),
        name=draw(LINES),
        slots=draw(st.lists(slots(), max_size=3)),
        timezone=draw(st.sampled_from([None, "America/New_York", "Europe/Berlin", "Asia/Tokyo"])),
        mode=draw(st.sampled_from(MeetingMode)),
        latitude=draw(st.floats(-90, 90)) if has_place else None,
        longitude=draw(st.floats(-180, 180)) if has_place else None,
        is_approximate=draw(st.booleans()),
        tags=draw(_TAGS),
        languages=draw(_LANGUAGES),
        location=draw(st.one_of(st.none(), LINES)),
        address=draw(st.one_of(st.none(), LINES)),
        regions=draw(st.lists(LINES, max_size=2)),
        url=draw(st.one_of(st.none(), st.just("https://example.org/meeting"))),
        source_codes=draw(st.lists(TEXTS, max_size=3)),
        notes=draw(st.one_of(st.none(), _PARAGRAPHS)),
        flags=draw(st.frozensets(st.sampled_from(MeetingFlag), max_size=2)),
        join_info=draw(st.one_of(st.none(), joins())) if with_join else None,
    )


def windows() -> SearchStrategy[Window]:
    """Stretches of a week by the quarter hour, past midnight among them."""
    clock = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
    return st.builds(Window, weekday=_WEEKDAYS, start=clock, until=clock)


@st.composite
def supporter_profiles(draw: st.DrawFn, *, group_ids: Collection[str] = ()) -> SupporterProfile:
    """Supporters of whom anything may be unknown; some have no place, no consent or a break.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    group_ids
        Ids that ``groups`` are drawn from; any where none are given.
    """
    maybe = partial(st.one_of, st.none())
    has_place = draw(st.booleans())
    ids = st.sampled_from(sorted(group_ids)) if group_ids else NAMES
    return SupporterProfile(
        id=draw(TEXTS),
        role=draw(st.sampled_from(PROPOSED_ROLES)),
        display_name=draw(maybe(st.sampled_from(["Lee", "Ana B.", "Anne-Marie", "O'Neal"]))),
        groups=draw(st.frozensets(ids, max_size=2)),
        languages=draw(_LANGUAGES),
        modes=draw(st.frozensets(st.sampled_from(WAYS_TO_ATTEND))),
        windows=draw(st.lists(windows(), max_size=3)),
        timezone=draw(_ZONES),
        latitude=draw(st.floats(-90, 90)) if has_place else None,
        longitude=draw(st.floats(-180, 180)) if has_place else None,
        within_km=draw(maybe(st.floats(0, 100))) if has_place else None,
        substances=draw(st.frozensets(st.sampled_from(Substance), max_size=3)),
        medication_for_addiction=draw(maybe(st.booleans())),
        identities=draw(_OF_THEMSELVES),
        accompanies=draw(_OF_THEMSELVES),
        capacity=draw(st.integers(0, 3)),
        consented_on=draw(maybe(_DATES)),
        paused_until=draw(maybe(_DATES)),
    )


@st.composite
def pairing_requests(draw: st.DrawFn, *, group_ids: Collection[str] = ()) -> PairingRequest:
    """Requests in which anything but the person's id may be left out.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    group_ids
        Ids that ``groups`` are drawn from; any where none are given.
    """
    maybe = partial(st.one_of, st.none())
    has_place = draw(st.booleans())
    ids = st.sampled_from(sorted(group_ids)) if group_ids else NAMES
    return PairingRequest(
        person=draw(TEXTS),
        groups=draw(st.lists(ids, max_size=3, unique=True)),
        group_names=draw(st.dictionaries(ids, LINES, max_size=2)),
        roles=draw(st.frozensets(st.sampled_from(PROPOSED_ROLES), min_size=1)),
        languages=draw(_LANGUAGES),
        modes=draw(st.frozensets(st.sampled_from(WAYS_TO_ATTEND))),
        windows=draw(st.lists(windows(), max_size=3)),
        timezone=draw(_ZONES),
        latitude=draw(st.floats(-90, 90)) if has_place else None,
        longitude=draw(st.floats(-180, 180)) if has_place else None,
        within_km=draw(maybe(st.floats(0, 100))) if has_place else None,
        substances=draw(st.frozensets(st.sampled_from(Substance), max_size=3)),
        medication_for_addiction=draw(maybe(st.booleans())),
        identities=draw(_OF_THEMSELVES),
        wanted_identities=draw(_OF_THEMSELVES),
        waiting_since=draw(maybe(_DATES)),
        not_with=draw(st.frozensets(TEXTS, max_size=2)),
    )
