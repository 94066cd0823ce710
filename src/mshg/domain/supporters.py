"""The people who go along: first friends and recovery coaches. Nothing here shows in a repr."""

from collections.abc import Iterable
from datetime import date
from unicodedata import category

from attrs import field, frozen

from mshg._checks import (
    Broken,
    boolean,
    broken,
    day,
    each,
    enforce,
    line,
    number,
    one_of,
    optional,
    text,
    whole,
)
from mshg._conversions import to_float, to_strings, to_word, to_words
from mshg._zones import zone_problems
from mshg.domain.vocabulary import MeetingMode, Substance, SupporterRole
from mshg.domain.windows import Window, a_window, to_windows

PROPOSED_ROLES = (SupporterRole.FIRST_FRIEND, SupporterRole.RECOVERY_COACH)
MOST_PLACES = 1_000_000

_IN_NAMES = "-'\N{RIGHT SINGLE QUOTATION MARK}"


def _role(value: str) -> SupporterRole:
    return to_word(SupporterRole, value)


def _modes(value: Iterable[str]) -> frozenset[MeetingMode]:
    return to_words(MeetingMode, value)


def _substances(value: Iterable[str]) -> frozenset[Substance]:
    return to_words(Substance, value)


def _maybe_float(value: float | None) -> float | None:
    return None if value is None else to_float(value)


@frozen(kw_only=True, repr=False)
class SupporterProfile:
    """A member or coach who is glad to be introduced to people, as far as they have told.

    Profiles are the host's to keep; mshg stores none. What supporters tell of what they have lived
    through orders proposals and is never passed on.

    Parameters
    ----------
    id
        The host's own id.
    role
        First friend or recovery coach.
    display_name
        What they are called in front of people: a first name, and at most an initial (``Lee``,
        ``Ana B.``). None: their role alone is named.
    groups
        Ids of the groups to which they go; any group if empty.
    languages
        Languages in which they would talk, as BCP 47 tags; any if empty.
    modes
        Ways in which they would meet; any if empty. Hybrid counts as in person and as online.
    windows
        When they are free every week, on the clock of ``timezone``; any time if empty.
    timezone
        IANA name; None: that of the person.
    latitude, longitude
        Where they are, in degrees north and east; both or neither.
    within_km
        How far from there somebody may be with whom they would go in person; None is no limit.
    substances, medication_for_addiction
        What they have lived with; empty and None are not known.
    identities
        Their own words for who they are, in lower case. Only a person's stated wish reads them.
    accompanies
        With whom they go along, by words that people use of themselves (`Person.identities`);
        empty means anybody.
    capacity
        Places for people at the same time, 0 or more. No figure for a good caseload is published,
        so there is no default. Coaches reach few at first: in one emergency department 23% of
        those referred, 16% of whom were still engaged at 90 days, so a coach may need more
        referrals than places; ask yours.
    consented_on
        The day on which they agreed to be named to people; without one they are not proposed.
    paused_until
        The day on which they are back; None is no pause.

    Raises
    ------
    ValidationError
        What breaks a rule, all of it, each with its path.

    Examples
    --------
    >>> from datetime import date
    from unicodedata import category
    >>> from mshg import SupporterProfile
    >>> SupporterProfile(
    ...     id="s1", display_name="Lee", groups=["aa"], capacity=2, consented_on=date(2026, 11, 2)
    ... )
    SupporterProfile(…)
    """

    id: str
    role: SupporterRole = field(default=SupporterRole.FIRST_FRIEND, converter=_role)
    display_name: str | None = None
    groups: frozenset[str] = field(default=frozenset(), converter=to_strings)
    languages: frozenset[str] = field(default=frozenset(), converter=to_strings)
    modes: frozenset[MeetingMode] = field(default=frozenset(), converter=_modes)
    windows: tuple[Window, ...] = field(default=(), converter=to_windows)
    timezone: str | None = None
    latitude: float | None = field(default=None, converter=_maybe_float)
    longitude: float | None = field(default=None, converter=_maybe_float)
    within_km: float | None = field(default=None, converter=_maybe_float)
    substances: frozenset[Substance] = field(default=frozenset(), converter=_substances)
    medication_for_addiction: bool | None = None
    identities: frozenset[str] = field(default=frozenset(), converter=to_strings)
    accompanies: frozenset[str] = field(default=frozenset(), converter=to_strings)
    capacity: int
    consented_on: date | None = None
    paused_until: date | None = None

    def __repr__(self) -> str:
        return "SupporterProfile(…)"

    def __attrs_post_init__(self) -> None:
        zone = optional(text)(self.timezone)
        if not zone and self.timezone is not None:
            zone = zone_problems(self.timezone)
        latitude = optional(lambda v: number(v, -90, 90))(self.latitude)
        if not latitude and (self.latitude is None) != (self.longitude is None):
            latitude = broken("must be given together with longitude")
        texts = each(text, frozenset)
        enforce(
            id=text(self.id),
            role=_a_role(self.role),
            display_name=optional(_a_first_name)(self.display_name),
            groups=texts(self.groups),
            languages=texts(self.languages),
            modes=each(one_of(MeetingMode), frozenset)(self.modes),
            windows=each(a_window, tuple)(self.windows),
            timezone=zone,
            latitude=latitude,
            longitude=optional(lambda v: number(v, -180, 180))(self.longitude),
            within_km=optional(lambda v: number(v, 0))(self.within_km) or self._unplaced(),
            substances=each(one_of(Substance), frozenset)(self.substances),
            medication_for_addiction=optional(boolean)(self.medication_for_addiction),
            identities=texts(self.identities),
            accompanies=texts(self.accompanies),
            capacity=whole(self.capacity, 0, MOST_PLACES),
            consented_on=optional(day)(self.consented_on),
            paused_until=optional(day)(self.paused_until),
        )

    def _unplaced(self) -> Broken:
        is_unplaced = self.within_km is not None and self.latitude is None
        return broken("needs latitude and longitude") if is_unplaced else ()


def _a_role(value: object) -> Broken:
    if value in PROPOSED_ROLES:
        return ()
    return broken(f"must be one of: {', '.join(PROPOSED_ROLES)}")


def _a_first_name(value: object) -> Broken:
    wrong = line(value)
    if not wrong and isinstance(value, str) and not _is_first_name(value):
        return broken("must be a first name, and at most an initial after it")
    return wrong


def _is_first_name(value: str) -> bool:
    """One word such as Lee, Anne-Marie or O'Neal, and of a last name the first letter or nothing.

    Letters of any script, with their marks.
    """
    first, *rest = value.split(" ")
    is_name = first[:1].isalpha() and all(
        c.isalpha() or c in _IN_NAMES or category(c).startswith("M") for c in first
    )
    initials = [word.removesuffix(".") for word in rest]
    return is_name and len(initials) <= 1 and all(len(i) == 1 and i.isalpha() for i in initials)
