"""Free text made fit to keep: plain, without people's names, addresses and numbers.

What lets one in from afar (links of meeting providers, meeting ids, passcodes, dial-in lines) is
taken out and handed on apart, since newcomers need it and it must not stand in notes.
Every pattern has bounded repetition, so time grows with the length of a text only.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from mshg.errors import FeedError
from mshg.feeds.masks import patterns
from mshg.feeds.names import tells_a_name, without_names
from mshg.feeds.passcodes import without_passcodes
from mshg.feeds.values import joins, lets_in, link, mended

_PATTERNS = patterns("masking")
LONGEST_LINE = 500
LONGEST_NOTES = 10_000

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ue000-\uf8ff\ufeff]"
)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>")
_ANGLED = re.compile(r"<([^<>\s@]{1,64}@[^<>\s]{1,255})>")  # Pat <pat@…>
_SPELLED = re.compile(r"[<{]\s?(at|dot|@)\s?[>}]", re.IGNORECASE)
_ANCHOR = re.compile(
    # A link behind words, and the same link as its own words.
    r"<a\b(?>[^<>]{0,500}?\bhref\s?=\s?[\"']?(?=https?://))([^\s\"'<>]{1,2000}+)[^<>]{0,500}+>"
    r"(?:\s{0,9}\1(?=\s{0,9}<))?",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<(script|style)\b[^<>]{0,500}>[^<]{0,9000}</\1>", re.IGNORECASE)
_AGAIN = re.compile(r"&(?:amp|quot|lt|gt|nbsp|#\d{1,6}|#x[\da-f]{1,5});", re.IGNORECASE)
_LINE_TAG = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]{0,50}>", re.IGNORECASE)

_KEPT_LINK = "\ue000"  # stands for a link while the text around it is read
_LINK_MARK = re.compile(_KEPT_LINK)
_FIRST_MARK, _LAST_MARK = 0xE100, 0xF8FF  # stand for what lets one in, where it keeps its place
_MARK = re.compile(f"[{chr(_FIRST_MARK)}-{chr(_LAST_MARK)}]")
_URL = _PATTERNS["url"]
_TO_A_PERSON = _PATTERNS["to_a_person"]
_OF_A_MEETING = _PATTERNS["of_a_meeting"]
_BAD_LINK = _PATTERNS["bad_link"]

_EMAIL = _PATTERNS["email"]

# What every address, number or account has: looked for first, as few texts hold one.
_MAY_BE_EMAIL = _PATTERNS["may_be_email"]
_SEVEN_DIGITS = _PATTERNS["seven_digits"]
_MAY_BE_ACCOUNT = _PATTERNS["may_be_account"]

_PHONE = _PATTERNS["phone"]
_CALLED_PHONE = _PATTERNS["called_phone"]
_ACCOUNT = _PATTERNS["account"]
_HANDLE = re.compile(r"[\w.~/+-]{0,500}")
_SPACED_PHONE = _PATTERNS["spaced_phone"]
_LOCAL_PHONE = _PATTERNS["local_phone"]

_ABOUT_A_PERSON = _PATTERNS["about_a_person"]
_DIAL_IN = _PATTERNS["dial_in"]
ANOTHER_LINE = _PATTERNS["another_line"]
"""What stands between two lines to dial."""

_ID = _PATTERNS["id"]
_STRAY = re.compile(r"(?:\s{1,4}|^)(?:[|/;,:\u2013-]{1,3}\s{1,4}){2,}")
_EMPTY = re.compile(r"\(\s?\)|\[\s?\]")
_EDGES = " \t|/;,:-\u2013"


class Cleaned(NamedTuple):
    """A text, what lets one in, and how many of what were taken out."""

    text: str | None
    links: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    redacted: tuple[tuple[str, int], ...] = ()


NO_TEXT = Cleaned(None)

Redact = Callable[[str], str]
"""Takes a text and gives it without what is not to be kept."""


def redact_text(text: str) -> str:
    """Mask people's names, e-mail addresses, phone numbers and accounts in a text.

    It is what the readers do with free text unless a host gives them another function. Links and
    passcodes that let one in are masked as well: readers hand these on apart.

    Examples
    --------
    >>> from mshg import feeds
    >>> feeds.redact_text("Call Pat M. at 312-555-0142, side door")
    'Call [name] at [phone], side door'
    """
    return clean(text, is_notes=True).text or ""


class Cleaner:
    """Cleans the texts of one list and counts what it takes out.

    Lists repeat themselves, so that what was cleaned lately is kept as long as the cleaner is.
    """

    def __init__(self, redact: Redact | None = redact_text) -> None:
        self.redact = redact
        self.redacted: Counter[str] = Counter()
        self._clean: Callable[..., Cleaned] = lru_cache(maxsize=8192)(clean)
        self._ids: dict[str, str] = {}
        self._alike: Counter[str] = Counter()

    def bare(self, value: str) -> str:
        """Take out control characters only."""
        text, count = _INVISIBLE.subn("", value)
        if count:
            self.redacted["control_characters"] += count
        return " ".join(text.split())

    def id(self, value: str) -> str:
        """Clean an id; those that differ only in what is masked are told apart by counting on."""
        text = self.bare(value)
        found = self._handle(text) if self.redact is redact_text else _applied(self.redact, text)
        if found == text or not found:
            return found
        if text not in self._ids:
            self._alike[found] += 1
            count = self._alike[found]
            self._ids[text] = found if count == 1 else f"{found}-{count}"
        return self._ids[text]

    def _handle(self, text: str) -> str:
        """An id, cleaned as a line where it reads as one, else of numbers to call only."""
        if not _HANDLE.fullmatch(text):
            return self.line(text, is_address=True).text or ""
        text, count = _SPACED_PHONE.subn("[phone]", text)
        if count:
            self.redacted["phone_numbers"] += count
        return text

    def line(
        self, value: object, *, names: tuple[str, ...] = (), is_address: bool = False
    ) -> Cleaned:
        """Clean a name, a place or an address: on one line."""
        full = tuple(n for n in names if " " in n)
        return self._count(value, is_notes=False, is_address=is_address, names=full)

    def notes(self, value: object, *, names: tuple[str, ...] = ()) -> Cleaned:
        """Clean notes, line by line."""
        return self._count(value, is_notes=True, names=names)

    def join(self, value: object, *, names: tuple[str, ...] = ()) -> Cleaned:
        """Clean a text that is kept for joining: links, numbers and codes keep their place."""
        return self._count(value, is_notes=True, is_join=True, names=names)

    def _count(self, value: object, **how: object) -> Cleaned:
        if not isinstance(value, str) or not value:
            return NO_TEXT
        found = self._clean(value, redact=self.redact, **how)
        if found.redacted:
            self.redacted.update(dict(found.redacted))
        return found


def clean(
    value: str,
    *,
    is_notes: bool,
    is_address: bool = False,
    is_join: bool = False,
    names: tuple[str, ...] = (),
    redact: Redact | None = redact_text,
) -> Cleaned:
    """Clean one text.

    Parameters
    ----------
    value
        The text as it stands.
    is_notes
        Whether several lines are kept, and names looked for wherever a person may be named.
    is_address
        Whether it is a postal address, in which seven digits may be a postal code.
    is_join
        Whether the text is kept for joining: then what lets one in keeps its place in it.
    names
        Names that the row's contact fields tell, taken out wherever they stand.
    redact
        What masks people; nothing is masked if None.
    """
    is_ours = redact is redact_text
    redacted: Counter[str] = Counter()
    most = LONGEST_NOTES if is_notes else LONGEST_LINE
    if len(value) > most:
        redacted["text_cut"] += 1
        value = value[:most]
    text = mended(_plain(value, redacted))
    taken: list[str] = []

    def put(what: str) -> str:
        """What stands in the text for what is taken out of it."""
        if not is_join or len(taken) > _LAST_MARK - _FIRST_MARK:
            return " "
        taken.append(what)
        return chr(_FIRST_MARK + len(taken) - 1)

    text, links, kept = _without_links(text, redacted, put, may_name_somebody=not is_ours)
    if is_ours and _MAY_BE_EMAIL.search(text):
        text, emails = _EMAIL.subn("[email]", text)
        redacted["emails"] += emails
    phones: list[str] = []
    ids: list[str] = []
    if _SEVEN_DIGITS.search(text):
        text, phones = _taken_out(_DIAL_IN, text, put)
        text, ids = _taken_out(_ID, text, put)
        if is_join and is_ours:
            text = "\n".join(_with_lines_to_dial(line, put) for line in text.split("\n"))
    text, passcodes = without_passcodes(text, put)
    if is_ours:
        text = _masked(text, redacted, is_notes=is_notes, is_address=is_address, names=names)
    if kept:
        links_kept = iter(kept)
        text = _LINK_MARK.sub(lambda _: next(links_kept), text)
    text = _restored(text, taken)
    if not is_ours:
        text = _as_the_host_has_it(redact, text, redacted)
    lines = (_tidy(line) for line in (text.split("\n") if is_notes else [text.replace("\n", " ")]))
    return Cleaned(
        "\n".join(line for line in lines if line) or None,
        tuple(links),
        (*ids, *passcodes),
        tuple(phones),
        tuple((what, count) for what, count in redacted.items() if count),
    )


def _restored(text: str, taken: list[str]) -> str:
    """A text with what keeps its place in it; a code may hold another."""
    while taken and _MARK.search(text):
        text = _MARK.sub(lambda m: taken[ord(m[0]) - _FIRST_MARK], text)
    return text


def _as_the_host_has_it(redact: Redact | None, text: str, redacted: Counter[str]) -> str:
    found = _applied(redact, text)
    redacted["by_the_host"] += found != text
    return found


def _applied(redact: Redact | None, text: str) -> str:
    """A text as the host's own function gives it."""
    found = text if redact is None else redact(text)
    if not isinstance(found, str):
        raise FeedError("redact: must give text for text")
    return found


def _with_lines_to_dial(line: str, put: Callable[[str], str]) -> str:
    """A line kept for joining: its numbers are ones to dial, unless it is about a person."""
    if "[email]" in line or _ABOUT_A_PERSON.search(line) or tells_a_name(line):
        return line
    return _PHONE.sub(lambda found: put(found[0]), line)


def _plain(text: str, redacted: Counter[str]) -> str:
    """Without mark-up and control characters."""
    if "&" in text:
        text = html.unescape(text)
        text = html.unescape(text) if _AGAIN.search(text) else text
    if "\\" in text:
        text = text.replace("\\'", "'").replace('\\"', '"')
    if not text.isprintable():
        text, redacted["control_characters"] = _INVISIBLE.subn("", text)
    text = _SPELLED.sub(r" \1 ", text) if "<" in text or "{" in text else text
    if "<" in text:
        text = _ANGLED.sub(r" \1", text)
        text, scripts = _SCRIPT.subn(" ", text)
        text, anchors = _ANCHOR.subn(r" \1 ", text)
        mail = text.lower().count("mailto:")
        text, lines = _LINE_TAG.subn("\n", text)
        text, tags = _TAG.subn("", text)
        redacted.update(emails=mail, markup=scripts + anchors + lines + tags)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


def _without_links(
    text: str, redacted: Counter[str], put: Callable[[str], str], *, may_name_somebody: bool
) -> tuple[str, list[str], list[str]]:
    """Text with a mark for each link that may stay, the links that let one in, those that stay."""
    joining: list[str] = []
    kept: list[str] = []

    def sort(found: re.Match[str]) -> str:
        url = found[0].rstrip(".,;:!?)]")
        rest = found[0][len(url) :]
        whole = url if "://" in url else f"https://{url}"
        if link(whole) is None or (not may_name_somebody and names_somebody(url)):
            redacted["links"] += 1
            return rest
        if joins(whole) or lets_in(whole):
            joining.append(whole)
            return put(url).rstrip(" ") + rest
        kept.append(url)
        return _KEPT_LINK + rest

    if ":" in text or "/" in text or "www." in text.lower():
        text, bad = _BAD_LINK.subn("", text)
        redacted["links"] += bad
        text = _URL.sub(sort, text)
    return text, joining, kept


def names_somebody(url: str) -> bool:
    """Whether a link holds the address or the number of a person."""
    said = unquote(url)
    if "@" in said:
        said = _OF_A_MEETING.sub("", said)
    has_email = "@" in said and _EMAIL.search(said) is not None
    return has_email or _TO_A_PERSON.search(said) is not None


def _taken_out(
    pattern: re.Pattern[str], text: str, put: Callable[[str], str]
) -> tuple[str, list[str]]:
    taken: list[str] = []

    def take(found: re.Match[str]) -> str:
        taken.append(" ".join(found[0].split()))
        return put(found[0])

    return pattern.sub(take, text), taken


def _masked(
    text: str, redacted: Counter[str], *, is_notes: bool, is_address: bool, names: Iterable[str]
) -> str:
    """Without the numbers, the accounts and the names of people."""
    if _SEVEN_DIGITS.search(text):
        text, phones = _PHONE.subn("[phone]", text)
        text, local = (text, 0) if is_address else _LOCAL_PHONE.subn("[phone]", text)
        text, called = _CALLED_PHONE.subn(r"\1[phone]", text)
        redacted["phone_numbers"] += phones + local + called
    if _MAY_BE_ACCOUNT.search(text):
        text, redacted["accounts"] = _ACCOUNT.subn(r"\1\2\3[account]", text)
    text, redacted["names"] = without_names(text, is_notes=is_notes, known=names)
    return text


def _tidy(line: str) -> str:
    """On one line, without the separators that what was taken out has left behind."""
    line = _EMPTY.sub("", line) if "(" in line or "[" in line else line
    return _STRAY.sub(" / ", " ".join(line.split())).strip(_EDGES)
