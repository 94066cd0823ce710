"""From a row of a list to a meeting: what both formats share.

A format says where in a row a thing stands; what it means is settled here, once.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time, timedelta
from functools import cache, lru_cache
from typing import Any, TypeVar

from attrs import Factory, define, frozen

from mshg._checks import Broken, broken, name
from mshg.domain import JoinInfo, Meeting, MeetingFlag, MeetingMode, Slot
from mshg.errors import FeedError, Problem, ValidationError
from mshg.feeds import recurrence, times, values
from mshg.feeds.masking import (
    ANOTHER_LINE,
    Cleaned,
    Cleaner,
    Redact,
    clean,
    names_somebody,
    redact_text,
)
from mshg.feeds.names import names_in
from mshg.feeds.reports import Account, FeedReport
from mshg.feeds.type_codes import OF_MODE, Meaning, is_known_wording

# A word that is nobody's: with no more digits than a number to call has.
_PLAIN = re.compile(r"(?!(?:[^\d]{0,40}\d){7})[A-Za-z0-9_+/-]{1,40}", re.ASCII)
T = TypeVar("T")
_NUMBER = re.compile(r"[+(]?\d.*", re.DOTALL)
_SOMEBODYS = re.compile(  # a number beside a name
    r"\[name\][\s:,(\u2013-]{0,4}(?:(?:at|on)\s)?\[phone\]|\[phone\][\s,(\u2013-]{0,4}\[name\]"
)
_ONE_TAP = re.compile(r"[,#]\s?\d|\d#")
_MANY_UNREAD = 1000
_LONGEST_ID = 500
_LONGEST_PHONE = 200
_CLOCK = "must be HH:MM, from 00:00 to 23:59, or h:MM AM or PM"


@define
class Row:
    """One row while it is read: its fields, what is wrong with it, what is uncertain."""

    fields: Mapping[str, Any]
    cleaner: Cleaner
    names: tuple[str, ...]
    problems: list[Problem] = Factory(list)
    flags: set[MeetingFlag] = Factory(set)
    left_out: set[str] = Factory(set)
    ignored: list[str] = Factory(list)
    labels: list[str] = Factory(list)
    links: list[str] = Factory(list)
    codes: list[str] = Factory(list)
    phones: list[str] = Factory(list)

    def refuse(self, path: str, rule: str) -> None:
        """Enter a broken rule."""
        self.problems.append(Problem(path, rule, code="malformed"))

    def id(self, text: str, path: str) -> str:
        """An id, without control characters and addresses of people."""
        found = self.cleaner.id(text)
        if not found or len(text) > _LONGEST_ID:
            self.refuse(path, "must be a string of 1 to 500 characters, or a whole number")
        return found

    def enter_labels(self, where: str, labels: Iterable[str]) -> None:
        """Enter labels that say nothing here, so that one sees which: as they stand, if they may.

        A word of a list's kinds of meetings may be shown; what might be anybody's words is shown
        once a second row has it too.
        """
        for label in labels:
            if _PLAIN.fullmatch(label) or (is_label(label) and is_known_wording(label)):
                self.ignored.append(f"{where}:{label}")
            else:
                self.labels.append(f"{where}:{label if is_label(label) else '(other)'}")

    def code(self, text: str) -> str | None:
        """A type code; where it reads as somebody's words, it is cleaned as those are."""
        if _PLAIN.fullmatch(text):
            return text
        return self.cleaner.notes(text, names=self.names).text

    def line(self, *keys: str, is_address: bool = False) -> str | None:
        """Text of the first field that holds some, on one line; addresses hold numbers too."""
        value = values.first(self.fields, *keys)
        text = values.code(value) if is_address else value
        found = self._kept(self.cleaner.line(text, names=self.names, is_address=is_address))
        if found is None and value is not None:
            self.ignored.append(keys[0])
        return found

    def dial_in(self, key: str) -> str | None:
        """A number to dial as it stands; what else is written there is cleaned as notes are."""
        value = values.first(self.fields, key)
        text = values.code(value)
        if text is None and value is not None:
            self.ignored.append(key)
        if text and self._is_somebodys(text):
            return self._first_number(self.cleaner.notes(text, names=self.names))
        if not text or not any(c.isalpha() for c in text):
            return self.cleaner.bare(text or "")[:_LONGEST_PHONE] or None
        every = ANOTHER_LINE.sub("; Dial-in: ", text)
        found = self.cleaner.notes(f"Dial-in: {every}", names=self.names)
        rest = (found.text or "").replace("Dial-in:", "").removeprefix("Dial-in").strip(" :(,;")
        if found.phones:  # whoever is named beside a number
            rest = self.cleaner.notes(f"[phone] {rest}", names=self.names).text or ""
            rest = rest.removeprefix("[phone]").removeprefix(" [name]").strip(" ,")
            rest = rest if "(" in rest else rest.strip(" )")
        self.codes += (rest,) if rest else ()
        return self._first_number(found)

    def _is_somebodys(self, text: str) -> bool:
        """Whether a number stands beside a person's name: theirs, and no line to dial."""
        if self.cleaner.redact is not redact_text:
            return False
        shown = clean(text, is_notes=True, names=self.names).text or ""
        return _SOMEBODYS.search(shown) is not None and _ONE_TAP.search(text) is None

    def _first_number(self, found: Cleaned) -> str | None:
        self.codes += found.codes
        self.links += found.links
        numbers = list(_numbers(found))
        self.phones += numbers[1:]
        return numbers[0] if numbers else None

    def notes(self, *keys: str) -> str | None:
        """Text of several fields, one below the other; text that repeats stands once."""
        self._count_what_is_no_text(keys)
        found = (self.cleaner.notes(self.fields.get(key), names=self.names) for key in keys)
        return "\n".join(dict.fromkeys(t for c in found if (t := self._kept(c)))) or None

    def join_notes(self, key: str) -> str | None:
        """What goes with a link or a dial-in line: codes, and other words."""
        self._count_what_is_no_text((key,))
        return self._in_place(self.fields.get(key))

    def _count_what_is_no_text(self, keys: Iterable[str]) -> None:
        given = ((key, self.fields.get(key)) for key in keys)
        self.ignored += (k for k, v in given if not isinstance(v, str) and not values.is_empty(v))

    def link(self, key: str) -> str | None:
        """A link that is safe to follow."""
        text = values.first(self.fields, key)
        bare = self.cleaner.bare(text) if isinstance(text, str) else None
        found = values.link(bare and bare.replace("&amp;", "&").replace("&#038;", "&"))
        is_kept = self.cleaner.redact is not redact_text
        found = None if found is not None and not is_kept and names_somebody(found) else found
        if text is not None and found is None:
            self.cleaner.redacted["links"] += 1
            self.ignored.append(key)
        return found

    def join_link(self, key: str) -> str | None:
        """A link that joins; what else is written beside it is cleaned as notes are."""
        text = values.first(self.fields, key)
        if isinstance(text, str) and (whole := values.mended(text)) != text:
            text = whole
            self.fields = {**self.fields, key: text}
        if isinstance(text, str) and values.link(text) is None:
            found = self.cleaner.notes(text, names=self.names)
            self._kept(found)
            if found.links:
                return self.links.pop(-len(found.links))
            if found.codes:
                return None
            if "links" in dict(found.redacted):  # counted already
                self.ignored.append(key)
                return None
        return self.link(key)

    def ways_to_join(self, url_key: str, phone_key: str) -> tuple[str | None, str | None]:
        """A link that joins and a number to dial; a link to a number is one."""
        url, phone = self.join_link(url_key), self.dial_in(phone_key)
        if url is None or not url.lower().startswith("tel:"):
            return url, phone
        self.phones += () if phone is None else (url[4:],)
        return None, url[4:] if phone is None else phone

    def join(
        self, url: str | None, url_notes: str | None, phone: str | None, phone_notes: str | None
    ) -> JoinInfo | None:
        """All that lets one in, from its own fields and from what stood in free text."""
        links = [link for link in dict.fromkeys(self.links) if link != url]
        if url is None and links:
            url, *links = links
        phones = [number for number in dict.fromkeys(self.phones) if number != phone]
        if phone is None and phones:
            phone, *phones = phones
        codes = (code for code in dict.fromkeys(self.codes) if code not in (url_notes or ""))
        url_notes = self._in_place(_below(url_notes, "; ".join((*links, *codes))))
        lines = (f"Dial-in: {number}" for number in phones)
        phone_notes = self._in_place(_below(phone_notes, "; ".join(lines)))
        if url is url_notes is phone is phone_notes is None:
            return None
        return JoinInfo(url=url, url_notes=url_notes, phone=phone, phone_notes=phone_notes)

    def _in_place(self, text: object) -> str | None:
        """Text kept for joining as it stands, without people's names, addresses and numbers."""
        return self.cleaner.join(text, names=self.names).text

    def _kept(self, found: Cleaned) -> str | None:
        self.links += found.links
        self.codes += found.codes
        self.phones += _numbers(found)
        return found.text


def _below(text: str | None, more: str) -> str:
    return "\n".join(filter(None, (text, more)))


def _numbers(found: Cleaned) -> Iterator[str]:
    """What to dial, without the words before it."""
    numbers = (_NUMBER.search(number) for number in found.phones)
    return (number[0].strip(" ,") for number in numbers if number)


@frozen(kw_only=True)
class Layout:
    """Which fields a format has: of the id and the name, all that are read, contacts' names."""

    id_key: str
    name_key: str
    known: frozenset[str]
    contacts: frozenset[str]

    @property
    def contact_names(self) -> tuple[str, ...]:
        """Contact fields that hold people's names."""
        return tuple(sorted(key for key in self.contacts if "name" in key))


def read_rows(
    rows: Iterable[object],
    read: Callable[[Row], dict[str, Any]],
    *,
    layout: Layout,
    group: str,
    redact: Redact | None = redact_text,
) -> FeedReport:
    """Read row by row; ``read`` gives a meeting's fields or enters what is wrong with a row."""
    account, contact_names = Account(cleaner=Cleaner(redact)), layout.contact_names
    for number, fields in enumerate(rows):
        if not isinstance(fields, Mapping):
            account.refuse(number, [Problem("", "must be an object", code="wrong_type")])
            continue
        names = names_in(fields, contact_names) if redact is redact_text else ()
        row = Row(fields=fields, cleaner=account.cleaner, names=names)
        found = _meeting(row, read, account.seen, layout=layout, group=group)
        if found is None:
            account.refuse(number, row.problems)
            continue
        account.keep(found)
        account.assumed.update(row.left_out)
        unread = _unread_fields(row, layout.known)
        _count(account.ignored, (*row.ignored, *map(plain, unread)))
        _count(account.labels, row.labels)
        dropped = sum(key in layout.contacts for key in unread)
        if dropped:
            account.cleaner.redacted["contact_fields"] += dropped
    return account.report()


def _meeting(
    row: Row,
    read: Callable[[Row], dict[str, Any]],
    seen: set[str],
    *,
    layout: Layout,
    group: str,
) -> Meeting | None:
    fields = read(row)
    if fields["id"] in seen:
        row.refuse(f".{layout.id_key}", "is that of an earlier row")
    if not fields["name"]:
        row.refuse(f".{layout.name_key}", "must be a string that is not blank")
    if row.problems:
        return None
    said = (fields["name"], fields["notes"])
    fields["slots"], flags = recurrence.placed(said, fields["slots"])
    try:
        return Meeting(group=group, flags=shared(flags | row.flags), **fields)
    except ValidationError as error:
        row.problems += [p._replace(path=p.path.removeprefix("$")) for p in error.problems]
        return None


@lru_cache(maxsize=4096)
def shared(words: frozenset[T]) -> frozenset[T]:
    """One set for all meetings that hold the same words: lists repeat themselves."""
    return words


def check(group: object, default_timezone: object, redact: object = None, **others: Broken) -> None:
    """Refuse what holds for the whole list, before a row is read: all that is wrong at once."""
    is_one = redact is None or callable(redact)
    found = {"group": name(group), "default_timezone": _zone(default_timezone), **others}
    found["redact"] = (
        () if is_one else broken("must be a function that takes a text, or None", code="wrong_type")
    )
    wrong = [f"{given}: {problems[0].rule}" for given, problems in found.items() if problems]
    if wrong:
        raise FeedError("; ".join(wrong))


def _zone(value: object) -> Broken:
    is_bare = isinstance(value, str) and value == value.strip()
    return values.zone(value if is_bare else None)


def timezone(row: Row, key: str, default: str) -> str:
    """The row's own zone, or that of the whole list."""
    stated = row.fields.get(key)
    if values.is_empty(stated):
        row.flags.add(MeetingFlag.TIMEZONE_ASSUMED)
        return default
    found = values.zone_name(stated)
    for problem in values.zone(found):
        row.refuse(f".{key}", problem.rule)
    return str(found)


def clock_of(read: Callable[[], Iterable[object]], *keys: str) -> Callable[[], bool]:
    """Whether a whole list is written on a 24-hour clock: looked for once, if anybody asks."""

    @cache
    def uses_24_hours() -> bool:
        listed = (row for row in read() if isinstance(row, Mapping))
        return times.is_on_24_hours(row.get(key) for row in listed for key in keys)

    return uses_24_hours


def start(
    row: Row, value: object, end: object, uses_24_hours: Callable[[], bool], *, path: str
) -> time | None:
    """A start; one such as 7:30 by its end, else by the clock that the whole list uses."""
    found, early = times.clock(value), times.early_half(value)
    if early is None:
        if found is None:
            row.refuse(path, _CLOCK)
        return found
    found = times.start_before(early, times.clock(end))
    if found is None and uses_24_hours():
        found = early
    if found is None:
        row.refuse(path, f"{_CLOCK}: it may be either half of the day")
    else:
        row.flags.add(MeetingFlag.START_ASSUMED)
    return found


@lru_cache(maxsize=4096)
def slots(
    days: tuple[int, ...] | None, start: time | None, lasts: timedelta | None
) -> tuple[Slot, ...]:
    """A slot for each day; the same slots for all meetings at one time."""
    if days is None or start is None:
        return ()
    return tuple(Slot(weekday=day, start=start, duration=lasts) for day in days)


def coordinates(
    row: Row, mode: MeetingMode, latitude: object, longitude: object
) -> tuple[float | None, float | None]:
    """Where on the map, for meetings that one can go to."""
    if values.is_empty(latitude) and values.is_empty(longitude):
        return None, None
    found = values.degrees(latitude, longitude)
    if found is None:
        row.flags.add(MeetingFlag.COORDINATES_UNUSABLE)
        return None, None
    if mode is MeetingMode.ONLINE:
        row.left_out.add("coordinates_of_an_online_meeting_left_out")
        return None, None
    return found


def tags(row: Row, meaning: Meaning) -> frozenset[str]:
    """A row's tags; what is listed as open and as closed is closed, and the mode is no tag."""
    found = meaning.tags - OF_MODE
    if {"open", "closed"} <= found:
        row.flags.add(MeetingFlag.CLOSED_RATHER_THAN_OPEN)
        found -= {"open"}
    return shared(found)


_LABEL = re.compile(r"[^\W\d_][\w '\u2019/&+().-]{1,58}[\w)]")
_MOST_WORDS = 8


def is_label(text: str) -> bool:
    """Whether a text reads as the label of a kind of meeting, rather than as a sentence."""
    return _LABEL.fullmatch(text) is not None and len(text.split()) <= _MOST_WORDS


def plain(key: object) -> str:
    """A field's name or a code, where it reads as one; it might be anybody's words."""
    return key if isinstance(key, str) and _PLAIN.fullmatch(key) else "(other)"


def _unread_fields(row: Row, known: frozenset[str]) -> list[object]:
    """Fields that hold something and are not read."""
    fields = row.fields.items()
    return [key for key, value in fields if key not in known and not values.is_empty(value)]


def _count(counts: Counter[str], names: Iterable[str]) -> None:
    """Count names, of which a hostile list may have any number, under a bounded number of them."""
    for what in names:
        is_new = what not in counts and len(counts) >= _MANY_UNREAD
        counts["(other)" if is_new else what] += 1
