"""People's names in free text: where they stand, and taken out.

A name is known by what stands beside it: a masked number or address, "call" or "ask for", an
office, a last initial, or by the contact fields of the same row.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files

from mshg.feeds.times import without_accents

_LONGEST_NAME = 500
_SHORT = 3


def _words(name: str) -> frozenset[str]:
    document = files("mshg.feeds.masks").joinpath("words.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(document)[name].split())


_ORDINARY, _GIVEN, _AFTER_A_NAME, _AMBIGUOUS = map(
    _words, ("ordinary", "given", "after_a_name", "ambiguous")
)

_WORD = r"[A-Z\u00c0-\u00de][\w\u2019'-]{1,19}"
_NAME = rf"{_WORD}(?:\s{{1,2}}[A-Z\u00c0-\u00de](?:\.|[\w\u2019'-]{{0,19}}))?"
_CALL = (
    # Whoever follows is a person, unless it is an ordinary word.
    r"(?<![Cc]onscious\s)\b((?i:please\s)?(?i:contact|call(?!\s(?:to|in|out)\b)|whatsapp|e-?mail|phone(?!\smeeting)|ask\sfor"
    r"|reach(?!\sout)|speak\sto|speak\swith|talk\sto|dm|llam[ae]r?\sal?|preguntar?\spor|appel(?:er|ez)"
    r"|contact(?:er|ez)|at\s(?:the\s)?(?:home|residence)\sof|hosted\sby|chaired\sby|led\sby|facilitated\sby)"
    r"(?i:\s(?:is|person|name))?\s{0,2}[:,\-\u2013]?\s{1,3})"
)
_OFFICE = (
    # Of these, things are told as well ("Secretary Script", "Text Study"): only known names count.
    r"(?<![Bb]asic\s)(?<![Bb]ook\s)\b((?i:please\s)?(?i:text|chair(?:persons?(?!')|man|woman)?|secretary|gsr|host|leader"
    r"|facilitator|coordinator|treasurer|greeter|info|questions\??|see|with)"
    r"(?i:\s(?:is|person|name))?\s{0,2}[:,\-\u2013]?\s{1,3})"
)
_CALLED = re.compile(rf"{_CALL}({_NAME})")
_IN_OFFICE = re.compile(rf"{_OFFICE}({_NAME})")
_INITIALED = r"([A-Z\u00c0-\u00de][\w\u2019'-]{1,19}\s{1,2}[A-Z](?:\.|(?![\w'\u2019])))"
_CALLED_BY_INITIAL = re.compile(f"{_CALL}{_INITIALED}")
_IN_OFFICE_BY_INITIAL = re.compile(f"{_OFFICE}{_INITIALED}")
_CALLED_IN_TITLE = re.compile(
    r"((?:\b(?i:hosted|chaired|led|facilitated)\s(?i:by)"
    rf"|(?<![\w\s])\s?(?i:contact|gsr|secretary(?:\sis)?))\s)"
    rf"({_WORD}\s{_WORD})"
)
_CALLED_BEFORE_MASK = re.compile(
    r"\b((?i:contact|call|text|whatsapp|e-?mail|ask\sfor)\s)([a-z]{3,15}(?:\s[a-z]{3,15})?)"
    r"(?=\s(?:at\s|on\s)?\[(?:phone|email)\])"
)
_TITLED = re.compile(
    r"\b((?i:contacts?|contacto|contatto|contato|kontakt(?:person)?|contactpersoon|ansprechpartner(?:in)?"
    r"|attn|host|chair(?:person)?|secretary|leader|gsr|facilitator|coordinator"
    r"|treasurer|rep(?:resentative)?)\s{0,2}[:\-\u2013=]\s{0,3}"
    rf"|(?i:ask\sfor|c/o)\s{{1,3}})({_NAME})"
)
_MASK = r"\[(?:phone|email)\]"
_BEFORE_MASK = re.compile(
    rf"()\b({_NAME})(?=\s{{0,2}}(?:at|on|[-\u2013:,(\u260e])?\s{{0,2}}{_MASK})"
)
_BEFORE_MASK_IN_TITLE = re.compile(r"(?:(?<=\()|(?<=[/:,\u2013-]\s))" + _BEFORE_MASK.pattern)
_AFTER_MASK = re.compile(rf"({_MASK}\s{{0,2}}(?:[-\u2013(,]|for|ask\sfor)?\s{{0,2}})({_NAME})")
_IS_HOST = re.compile(
    rf"()\b({_NAME})(?=\s(?i:is\s(?:the|our|your)\s(?:host|chair|secretary|leader|contact)))"
)
_HOLDS_OFFICE = re.compile(
    r"()\b([A-Z][a-z]{1,14}\s[A-Z])(?=\s?[,(]\s?(?i:secretary|gsr|chair|treasurer|host|leader)\b)"
)
_TAKES_PART = re.compile(
    r"()\b([A-Z][a-z]{1,14}\s[A-Z])(?=\s(?i:leads|chairs|hosts|speaks|shares|facilitates|opens)\b)"
)
_INITIAL = re.compile(
    r"()(?<!St )(?<!St\. )(?<!Saint )\b([A-Z][a-z]{2,14}\s[A-Z]\.)(?=\s|$|[,;/)&])"
    r"(?!(?:\s[A-Z][\w'-]{1,19})?\s(?:Residence|Building|Bldg|Center|Centre|Hall|House|School|Church|Library|Park"
    r"|Memorial|Room|Auditorium|Gym|Clinic|Hospital|College|Field|Plaza|Towers?|Avenue|Street|Blvd)\b)"
)

_ANOTHER = re.compile(rf"(\[name\]\s(?:or|and|&)\s)({_NAME})")

_NAMES_IN_TITLES = (
    *(_TITLED, _CALLED_BY_INITIAL, _IN_OFFICE_BY_INITIAL, _CALLED_IN_TITLE, _ANOTHER),
)
_WEAK = frozenset({_IN_OFFICE})
_BESIDE_A_MASK = frozenset({_BEFORE_MASK, _BEFORE_MASK_IN_TITLE, _AFTER_MASK})
_NAMES_BESIDE_MASKS = (
    *(_TITLED, _BEFORE_MASK_IN_TITLE, _AFTER_MASK, _CALLED, _IN_OFFICE, _CALLED_BEFORE_MASK),
    _INITIAL,
    _ANOTHER,
)
_NAMES_IN_NOTES = (
    *(_TITLED, _BEFORE_MASK, _AFTER_MASK, _CALLED, _IN_OFFICE, _CALLED_BEFORE_MASK, _IS_HOST),
    *(_HOLDS_OFFICE, _TAKES_PART, _INITIAL, _ANOTHER),
)


def without_names(text: str, *, is_notes: bool, known: Iterable[str]) -> tuple[str, int]:
    """Put a mask for each name, and count them.

    Parameters
    ----------
    text
        In which numbers and addresses are masked already.
    is_notes
        Whether names are looked for wherever a person may be named, or as in a title only.
    known
        Names that the row's contact fields tell, taken out wherever they stand.
    """
    hidden = 0
    lower = text.lower()
    for name in known:
        if name.lower() not in lower:
            continue
        case = re.IGNORECASE if " " in name else 0
        dot = r"\.?" if name[-2:-1] == " " else ""  # after an initial
        told = rf"(?<!\w){re.escape(name)}(?!\w){dot}"
        text, count = re.subn(told, "[name]", text, flags=case)
        hidden += count
    in_title = _NAMES_BESIDE_MASKS if re.search(_MASK, text) else _NAMES_IN_TITLES
    for pattern in _NAMES_IN_NOTES if is_notes else in_title:
        text, count = _without(pattern, text)
        hidden += count
    return text, hidden


def _without(pattern: re.Pattern[str], text: str) -> tuple[str, int]:
    count, is_weak, is_beside_a_mask = 0, pattern in _WEAK, pattern in _BESIDE_A_MASK

    def hide(found: re.Match[str]) -> str:
        nonlocal count
        first, *others = words = found[2].split()
        plain = [_plain(word) for word in words]
        is_initial = bool(others) and len(plain[1]) == 1
        may_be_one = plain[0] in _AMBIGUOUS and (is_initial or is_beside_a_mask)
        if (plain[0] in _ORDINARY and not may_be_one) or not plain[0]:  # Text José [phone]
            is_one = is_beside_a_mask and others and plain[1] not in _ORDINARY | {""}
            if is_initial or not others or not (is_one or plain[1] in _GIVEN):
                return found[0]
            count += 1
            return f"{found[1]}{found[2][: -len(others[0])]}[name]"
        if words[0].isupper() and len(plain[0]) > _SHORT and plain[0] not in _GIVEN:
            return found[0]  # RISE, NARCAN
        if is_weak and not (is_initial or plain[0] in _GIVEN):
            return found[0]
        rest = ""
        if others and not is_initial and plain[1] in _ORDINARY:
            if plain[1] not in _AFTER_A_NAME:
                return found[0]
            rest = found[2][len(first) :]
        count += 1
        return f"{found[1]}[name]{rest}"

    return pattern.sub(hide, text), count


def _plain(word: str) -> str:
    return without_accents(word).strip(".,'\u2019-").removesuffix("'s").removesuffix("\u2019s")


def tells_a_name(text: str) -> bool:
    """Whether a text holds a given name or a name with a last initial, whatever stands beside it."""
    words = (_plain(word) for word in text.split() if word[:1].isupper())
    return _INITIAL.search(text) is not None or any(word in _GIVEN for word in words)


def names_in(row: Mapping[str, object], keys: Iterable[str]) -> tuple[str, ...]:
    """Names that contact fields tell, long enough to be looked for."""
    values = (row.get(key) for key in keys)
    texts = (v for v in values if isinstance(v, str) and len(v) <= _LONGEST_NAME)
    found = [" ".join(text.split()).rstrip(".") for text in texts]
    first = (name.partition(" ")[0] for name in found if " " in name)
    given = (word for word in first if word[0].isupper() and word.lower() not in _ORDINARY)
    return tuple(dict.fromkeys(name for name in (*found, *given) if len(name) > 2))
