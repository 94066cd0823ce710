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

from mshg.feeds.names import without_names
from mshg.feeds.passcodes import without_passcodes
from mshg.feeds.values import PROVIDERS, joins, lets_in, link

LONGEST_LINE = 500
LONGEST_NOTES = 10_000

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ue000\ufeff]"
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
_PROVIDER = rf"(?:[a-z\d-]{{1,63}}\.){{0,3}}(?:{'|'.join(map(re.escape, PROVIDERS))})"
_URL = re.compile(
    # A provider's page counts without its scheme, too: zoom.us/j/123
    rf"(?:https?://|www\.|(?<![\w@./-]){_PROVIDER}/)[^\s<>\"'|\ue000]{{1,2000}}",
    re.IGNORECASE,
)
_OF_A_PERSON = (
    r"(?:wa\.me|api\.whatsapp\.com|paypal\.me|(?:www\.)?paypal\.com/paypalme|(?:www\.)?venmo\.com"
    r"|cash\.app)/"
)
_TO_A_PERSON = re.compile(
    rf"https?://{_OF_A_PERSON}"
    r"|[?&#;](?:tel|phone|mobile|cell|contact)[\w-]{0,20}=[^&#\d]{0,10}\d{3}",
    re.IGNORECASE,
)
_OF_A_MEETING = re.compile(r"@thread\.(?:v2|tacv2|skype)\b")  # in the links of a provider
_BAD_LINK = re.compile(
    r"\b(?:javascript:|vbscript:|data:[a-z]{1,20}/|file:|ftp:|mailto:|sms:|whatsapp:)"
    rf"[^\s<>\"']{{1,2000}}|(?<![\w@./]){_OF_A_PERSON}[^\s<>\"']{{1,2000}}",
    re.IGNORECASE,
)

# Words that tell of a page, where a mailbox would stand.
_AT_A_PAGE = (
    r"see|us|info|information|more|look|find|found|here|online|available|website|site|register|details"
    r"|visit|page|schedule|link|list|donate|check|out|it|is|are|meets?|meetings?|join|held|hosted|live"
    r"|zoom|stream(?:ed|ing)?|group|app|download|read|listen|pay|contribute|posted|listed|log(?:in|\sin)"
)

_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}[@\uff20][\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    # pat at example dot org; but "see us at example.org", "meet at church.org/hall"
    rf"|(?<![\w.+-])(?!(?:{_AT_A_PAGE})\sat\s)(?![\w.+-]{{1,64}}\sat\s{_PROVIDER}\b)"
    r"[\w.+-]{1,64}?(?:\s{0,2}(?:[(\[](?:at?|@)[)\]]|@)\s{0,2}|[\s_]{1,2}at[\s_]{1,2})[a-z\d-]{1,63}"
    r"(?:\s{0,2}(?:[(\[](?:dot|\.)[)\]]|\sdot\s|\.)\s{0,2}[\w-]{1,63}){0,3}"
    r"(?:\s{0,2}(?:[(\[](?:dot|\.)[)\]]|\sdot\s)\s{0,2}|\s?\.\s?)"
    r"(?:com|org|net|edu|gov|info|io|us|ca|uk|ie|de|fr|es|it|nl|be|at|ch|pt|br|mx|au|nz)\b(?!/\w)",
    re.IGNORECASE,
)

# What every address, number or account has: looked for first, as few texts hold one.
_MAY_BE_EMAIL = re.compile(r"[@\uff20]|[\s_(\[][aA][tT]?[\s_)\]]")
_SEVEN_DIGITS = re.compile(r"\d(?:[^\d]{0,4}\d){6}")
_MAY_BE_ACCOUNT = re.compile(r"[@$:=-]")

_GAP = r"[\s.\-\u2010-\u2015_*\u00b7\u2022]{0,3}"
_FULL_NUMBER = (
    # +1 (555) 555-0100; +44 20 7946 0000; 020 7946 0000; 06 12 34 56 78; 030/1234567
    rf"\+\d(?:[\s().\-\u2010-\u2015]{{0,3}}\d){{7,14}}"
    rf"|(?:\b1{_GAP}|\b0{_GAP})?(?:\(\d{{3}}\)|(?<!\d)\d{{3}}){_GAP}\d{{3}}{_GAP}\d{{4}}"
    r"|(?:\(0\d{1,4}\)|\b0\d{2,4})[\s-]{0,2}\d{3,4}[\s-]{0,2}\d{3,4}"
    r"|\b0\d(?:[ .-]\d{2}){4}"
    r"|\b06-\d{8}"
    r"|\b0\d{2,4}\s?/\s?\d{5,8}"
    r"|\b\d{3}/\d{3}[-.\s/]\d{4}"
)
_NOT_BEFORE = r"(?<![\w#$/])(?<!\d-)"
_NOT_AFTER = r"(?![\w/])(?!-\d)(?!\s?(?i:st|nd|rd|th)\b)"
_PHONE = re.compile(
    rf"{_NOT_BEFORE}(?:{_FULL_NUMBER}){_NOT_AFTER}(?:\s?(?i:ext\.?|x)\s?\d{{1,6}})?"
)
_CALLED_PHONE = re.compile(
    # After such a word, other numbers of seven digits and more are somebody's too.
    r"\b((?:call|text|sms|whatsapp|ph|phone|tel|telephone|cell|mobile|m\u00f3vil|handy|llam[ae]r?(?:\sal)?)"
    r"\b\.?\s?[#:]?\s?)(?:\d[ ._*\u00b7-]{0,2}){6,14}\d(?![\w/])",
    re.IGNORECASE,
)
_PURSES = r"venmo|cash\s?app|cash\s?tag|zelle|pay\s?pal|instagram|telegram|snapchat|skype"
_ACCOUNT = re.compile(
    rf"\b((?i:{_PURSES})\b(?:\s(?i:id|is|to|at|name|handle|account|us)){{0,2}}\s?"
    r"(?:[:=]\s?(?!(?i:see|yes|no|ok|ask|use|link|follow|available|accepted|please|the|in|at|on)\b)"
    r"|(?=[@$])))[@$]?[A-Za-z][\w.-]{1,30}\w"
    rf"|(?<![\w@$])()[@$][A-Za-z][\w.-]{{1,30}}\w(?=\s(?i:on|via)\s(?i:{_PURSES})\b)"
    r"|(?<![\w$])()\$[A-Za-z][\w-]{2,19}\b"  # no price begins so
)
_HANDLE = re.compile(r"[\w.~/+-]{0,500}")
_SPACED_PHONE = re.compile(r"(?<!\d)(?<!\d-)\d{3}[.-]\d{3}[.-]\d{4}(?!\d)(?!-\d)")
_LOCAL_PHONE = re.compile(
    rf"{_NOT_BEFORE}(?i:(?<!room )(?<!suite )(?<!unit )(?<!rm )(?<!rm\. )(?<!\u3012))"
    r"(?<![.,:])(?<!\d )\d{3}[-.\s\u2010-\u2015]\d{4}"
    rf"{_NOT_AFTER}(?![:.,]\d)"
    r"(?!\s+(?:[NSEW]\.?\s+)?[A-Z][a-z]+\s+(?i:st|ave|rd|blvd|dr|ln|hwy|street|road)\b)"
)

_COUNTRIES = "usa?|canada|united states|uk|united kingdom|ireland|australia|new zealand|germany"
_DIAL_IN = re.compile(
    r"(?:\b(?:dial(?:[\s-]?in)?|conference\s(?:call|line|phone|number)|phone[\s-]?in|call[\s-]in"
    r"|tele-?conference|one[\s-]tap|bridge)\b[^\d\n+(\ue000]{0,30}"
    rf"(?:{_FULL_NUMBER})[,#*\d]{{0,60}}(?:,?\s{{0,2}}\d[\d ]{{4,14}}#)?"
    r"(?:\s{0,2}enter\s[a-z ]{0,20}[\d -]{3,15}#?(?:\s?(?:and\s)?press\s[#*]?(?:\stwice)?)?)?"
    r"|\+?\d{10,13},[\d,#*+]{3,60}"
    rf"|\bcall\s(?:{_FULL_NUMBER})(?=,?\s(?:with|using|and\s(?:enter|use))?\s?(?:the\s)?(?:access|pin|code)\b)"
    # As in a provider's list of lines: +1 312 555 0100 US (Chicago)
    rf"|\+\d[\d\s()-]{{7,17}}\d\s{{1,3}}(?:{_COUNTRIES})\b(?:\s?\([a-z .]{{2,30}}\))?)",
    re.IGNORECASE,
)
ANOTHER_LINE = re.compile(
    rf"[^\S\n]{{0,9}}(?:\bor\b|\band\b|[;/\n])\s{{0,9}}(?={_FULL_NUMBER})", re.IGNORECASE
)
"""What stands between two lines to dial."""

_ID = re.compile(
    r"(?<!group\s)(?<!gso\s)\b(?:(?:zoom|meeting|mtg\.?|webex|conference)\s{0,2}(?:room\s)?)?"
    r"(?:\bi\.?d\.?(?:\s?(?:is|number|no\.?|#|de\s(?:la\s)?r[e\u00e9]uni[o\u00f3]n))?|(?:zoom|meeting|mtg\.?)\s{0,2}(?:number|no\.|channel|#|:)?)"
    r"\s{0,3}[:=#\-\u2013]{0,2}\s{0,3}(?<!\d)\d{3}(?:[\s.-]?\d){4,9}(?!\d)",
    re.IGNORECASE,
)
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


class Cleaner:
    """Cleans the texts of one list and counts what it takes out.

    Lists repeat themselves, so that what was cleaned lately is kept as long as the cleaner is.
    """

    def __init__(self) -> None:
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
        found = self._handle(text)
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

    def _count(self, value: object, **how: object) -> Cleaned:
        if not isinstance(value, str) or not value:
            return NO_TEXT
        found = self._clean(value, **how)
        if found.redacted:
            self.redacted.update(dict(found.redacted))
        return found


def clean(
    value: str, *, is_notes: bool, is_address: bool = False, names: tuple[str, ...] = ()
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
    names
        Names that the row's contact fields tell, taken out wherever they stand.
    """
    redacted: Counter[str] = Counter()
    most = LONGEST_NOTES if is_notes else LONGEST_LINE
    if len(value) > most:
        redacted["text_cut"] += 1
        value = value[:most]
    text = _plain(value, redacted)
    text, links, kept = _without_links(text, redacted)
    if _MAY_BE_EMAIL.search(text):
        text, emails = _EMAIL.subn("[email]", text)
        redacted["emails"] += emails
    phones: list[str] = []
    ids: list[str] = []
    if _SEVEN_DIGITS.search(text):
        text, phones = _taken_out(_DIAL_IN, text)
        text, ids = _taken_out(_ID, text)
    text, passcodes = without_passcodes(text)
    text = _masked(text, redacted, is_notes=is_notes, is_address=is_address, names=names)
    if kept:
        links_kept = iter(kept)
        text = _LINK_MARK.sub(lambda _: next(links_kept), text)
    lines = (_tidy(line) for line in (text.split("\n") if is_notes else [text.replace("\n", " ")]))
    return Cleaned(
        "\n".join(line for line in lines if line) or None,
        tuple(links),
        (*ids, *passcodes),
        tuple(phones),
        tuple((what, count) for what, count in redacted.items() if count),
    )


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


def _without_links(text: str, redacted: Counter[str]) -> tuple[str, list[str], list[str]]:
    """Text with a mark for each link that may stay, the links that let one in, those that stay."""
    joining: list[str] = []
    kept: list[str] = []

    def sort(found: re.Match[str]) -> str:
        url = found[0].rstrip(".,;:!?)]")
        rest = found[0][len(url) :]
        whole = url if "://" in url else f"https://{url}"
        if link(whole) is None or names_somebody(url):
            redacted["links"] += 1
            return rest
        if joins(whole) or lets_in(whole):
            joining.append(whole)
            return rest
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


def _taken_out(pattern: re.Pattern[str], text: str) -> tuple[str, list[str]]:
    taken: list[str] = []

    def take(found: re.Match[str]) -> str:
        taken.append(" ".join(found[0].split()))
        return " "

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
