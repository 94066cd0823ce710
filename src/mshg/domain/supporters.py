"""The people who go along: first friends and recovery coaches. Nothing here shows in a repr."""

from datetime import date
from typing import Annotated
from unicodedata import category

from attrs import field, frozen

from mshg._checks import Broken, broken, line
from mshg._conversions import by_annotation, word, words
from mshg._fields import Rule, Text, check, whole_within, within
from mshg._zones import zone_problems
from mshg.domain.vocabulary import Substance, SupporterRole, WayToAttend
from mshg.domain.windows import Window, to_windows

PROPOSED_ROLES = (SupporterRole.FIRST_FRIEND, SupporterRole.RECOVERY_COACH)
MOST_PLACES = 1_000_000

_IN_NAMES = "-'\N{RIGHT SINGLE QUOTATION MARK}"


def _a_role(value: object) -> Broken:
    if value in PROPOSED_ROLES:
        return ()
    allowed = tuple(str(role) for role in PROPOSED_ROLES)
    return broken(f"must be one of: {', '.join(allowed)}", code="not_one_of", allowed=allowed)


def _a_first_name(value: object) -> Broken:
    wrong = line(value)
    if not wrong and isinstance(value, str) and not _is_first_name(value):
        return broken("must be a first name, and at most an initial after it", code="malformed")
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


@frozen(kw_only=True, repr=False, field_transformer=by_annotation)
class SupporterProfile:
    """A member or coach who is glad to be introduced to people, as far as they have said.

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
        How far from there somebody may be with whom they would go in person, 0 to 20,040; None
        is no limit.
    substances, medication_for_addiction
        What they have lived with; empty and None are not known.
    identities
        Their own words for who they are, in lower case. Only a person's stated wish reads them.
    accompanies
        With whom they go along, by words that people use of themselves (`Person.identities`);
        empty means anybody.
    capacity
        Places for people at the same time, 0 or more. No figure for a good caseload is published,
        so there is no default; ask them. Coaches reach few at first: 23% of those referred in one
        emergency department study, 16% still engaged at 90 days.
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
    >>> from mshg import SupporterProfile
    >>> SupporterProfile(
    ...     id="s1", display_name="Lee", groups=["aa"], capacity=2, consented_on=date(2026, 11, 2)
    ... )
    SupporterProfile(…)
    """

    id: Text
    role: Annotated[
        SupporterRole, Rule(_a_role, "proposed", {"enum": [str(role) for role in PROPOSED_ROLES]})
    ] = field(default=SupporterRole.FIRST_FRIEND, converter=word)
    display_name: Annotated[str, Rule(_a_first_name, "a first name", {"minLength": 1})] | None = (
        None
    )
    groups: frozenset[Text] = field(default=frozenset(), converter=words)
    languages: frozenset[Text] = field(default=frozenset(), converter=words)
    modes: frozenset[WayToAttend] = field(default=frozenset(), converter=words)
    windows: tuple[Window, ...] = field(default=(), converter=to_windows)
    timezone: Text | None = None
    latitude: Annotated[float, within(-90, 90)] | None = None
    longitude: Annotated[float, within(-180, 180)] | None = None
    within_km: Annotated[float, within(0, 20_040)] | None = None
    substances: frozenset[Substance] = field(default=frozenset(), converter=words)
    medication_for_addiction: bool | None = None
    identities: frozenset[Text] = field(default=frozenset(), converter=words)
    accompanies: frozenset[Text] = field(default=frozenset(), converter=words)
    capacity: Annotated[int, whole_within(0, MOST_PLACES)]
    consented_on: date | None = None
    paused_until: date | None = None

    def __repr__(self) -> str:
        return "SupporterProfile(…)"

    def __attrs_post_init__(self) -> None:
        check(
            self,
            timezone=lambda: () if self.timezone is None else zone_problems(self.timezone),
            latitude=lambda: half_placed(self.latitude, self.longitude),
            within_km=lambda: unplaced(self.within_km, self.latitude),
        )


def half_placed(latitude: float | None, longitude: float | None) -> Broken:
    """Coordinates are given both or not at all."""
    is_half = (latitude is None) != (longitude is None)
    return broken("must be given together with longitude", code="missing") if is_half else ()


def unplaced(within_km: float | None, latitude: float | None) -> Broken:
    """A limit of distance needs a place to measure from."""
    is_unplaced = within_km is not None and latitude is None
    return broken("needs latitude and longitude", code="missing") if is_unplaced else ()
