"""People's names in free text: where they stand, and taken out.

A name is known by what stands beside it: a masked number or address, "call" or "ask for", an
office, a last initial, or by the contact fields of the same row.
"""

import re
from collections.abc import Iterable, Mapping

_LONGEST_NAME = 500

_WORD = r"[A-Z\u00c0-\u00de][\w\u2019'-]{1,19}"
_NAME = rf"{_WORD}(?:\s{{1,2}}[A-Z\u00c0-\u00de](?:\.|[\w\u2019'-]{{0,19}}))?"
_CALL = (
    r"(?<![Cc]onscious\s)\b((?i:please\s)?(?i:contact|call|text|whatsapp|e-?mail|phone|ask\sfor|reach|speak\sto|speak\swith"
    r"|talk\sto|dm|llam[ae]r?\sal?|preguntar?\spor|appel(?:er|ez)|contact(?:er|ez)|at\s(?:the\s)?(?:home|residence)\sof"
    r"|hosted\sby|chaired\sby|led\sby|facilitated\sby|chairpersons?(?!')|chairman"
    r"|chairwoman|secretary|gsr)"
    r"(?i:\s(?:is|person|name))?\s{0,2}[:,\-\u2013]?\s{1,3})"
)
_CALLED = re.compile(rf"{_CALL}({_NAME})")
_CALLED_BY_INITIAL = re.compile(rf"{_CALL}({_WORD}\s{{1,2}}[A-Z](?:\.|(?![\w'\u2019])))")
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
    r"|treasurer|rep(?:resentative)?|questions\??|info)\s{0,2}[:\-\u2013=]\s{0,3}"
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
)

_ANOTHER = re.compile(rf"(\[name\]\s(?:or|and|&)\s)({_NAME})")

_NAMES_IN_TITLES = (_TITLED, _CALLED_BY_INITIAL, _CALLED_IN_TITLE, _ANOTHER)
_NAMES_BESIDE_MASKS = (
    *(_TITLED, _BEFORE_MASK_IN_TITLE, _AFTER_MASK, _CALLED, _CALLED_BEFORE_MASK, _INITIAL),
    _ANOTHER,
)
_NAMES_IN_NOTES = (
    *(_TITLED, _BEFORE_MASK, _AFTER_MASK, _CALLED, _CALLED_BEFORE_MASK, _IS_HOST, _HOLDS_OFFICE),
    *(_TAKES_PART, _INITIAL, _ANOTHER),
)

# Words in capitals that follow or go before a number and are nobody's name.
_NEVER_NAMES = """
    a ada all canada alley an any apt at avenue ave bldg blvd building by cell center centre central
    chair church club code committee community contact coordinator county desk dial direct
    district door dr e email entrance fax first floor for free from front group hall head home
    hospital host hotline hours house if in info information intergroup it landline leader level
    library line lobby location lot main mail manager meeting meetings mobile monday mtg new no
    number office on or parish park parking password pastor phone please questions reception
    rectory road room saturday school secretary section security service site st step steps
    street suite sunday tel telephone text thanks the this thursday to town toll treasurer
    tuesday type unit us visit voicemail website wednesday friday whatsapp with your zoom ahead
    before first choice pick study topic speaker aa na ca ga al-anon oa format varies big book
    usa us uk united kingdom states england ireland scotland wales australia toll
    access enter paypal press venmo zelle skype telegram signal instagram
    audio bridge conference freeconferencecall google meet teams voice webex
    chicago denver dublin germantown houston london montreal portland san seattle tacoma toronto
    vancouver france germany italy mexico netherlands spain
    only open closed dr. st. mt. ft. mount saint fort pw password passcode id
"""
_NO_NAMES = frozenset(_NEVER_NAMES.split())


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
    for name in known:
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
    count = 0

    def hide(found: re.Match[str]) -> str:
        nonlocal count
        words = found[2].lower().replace(".", "").split()
        if any(word in _NO_NAMES for word in words):
            return found[0]
        count += 1
        return f"{found[1]}[name]"

    return pattern.sub(hide, text), count


def names_in(row: Mapping[str, object], keys: Iterable[str]) -> tuple[str, ...]:
    """Names that contact fields tell, long enough to be looked for."""
    values = (row.get(key) for key in keys)
    texts = (v for v in values if isinstance(v, str) and len(v) <= _LONGEST_NAME)
    found = [" ".join(text.split()).rstrip(".") for text in texts]
    first = (name.partition(" ")[0] for name in found if " " in name)
    given = (word for word in first if word[0].isupper() and word.lower() not in _NO_NAMES)
    return tuple(dict.fromkeys(name for name in (*found, *given) if len(name) > 2))
