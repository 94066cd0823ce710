"""Passcodes in free text: taken out together with the words that tell them.

Where it is not certain where a code ends ("Passcode: one day at a time"), the rest of the sentence
goes with it: a word too many beside a code does no harm, half a code in notes does.
Words that only speak of a code stay ("password required", "email for the password").
"""

import re
from collections.abc import Callable, Iterable, Iterator

_NEVER_BETWEEN = (  # words after which a sign tells of something else than the code
    r"(?:e-?mails?|contact|call|text|ask|message|dm|write|visit|see|chair|host|secretary|dial|phone"
    r"|id|link|starts?|doors?|time|at|meets?|meeting\sid|zoom\sid|topic|format|venmo|info|address|http)\b"
)
_SPACE = r"[^\S\n]"
_WORD = r"[^\s|;,()\[\]\"\u201c\u201d\u00ab\u00bb\ue000]{1,100}"
_CALLED = (
    r"(?:pass\s?-?(?:word|code|phrase)s?|psw(?:r?d|ord)?|passwd|pwd?|p/w|p\.w\.?|contrase(?:\u00f1|n\u0303?)as?"
    r"|mot\sde\spasse|passwort|kennwort|wachtwoord|senha)(?!\w)"
)
_CODE = r"(?<!dress\s)(?<!zip\s)(?<!area\s)(?<!postal\s)(?<!type\s)code"
_CALLED_BEFORE_A_SIGN = (
    rf"(?:pass|{_CODE}|pin|clave|c[o\u00f3]digo(?:\sde\sacceso)?|code\sd['\u2019]acc[e\u00e8]s"
    r"|zugangscode|toegangscode)(?=(?:,?\s(?:if|when|for|to|as)\b[a-z ]{1,40})?,?\s{0,2}[:=])"
)
_OF = r"(?:(?:zoom|meeting|mtg\.?|access|entry|participant)\s{1,2}){0,2}"
_LABEL = re.compile(
    rf"\b{_OF}(?P<id>ids?\s?(?:[/&+]|and\b)\s?)?(?:{_CALLED}|{_CALLED_BEFORE_A_SIGN})"
    # Passcode to enter the meeting - 1935
    r"(?:(?:\s{1,3}(?:to|for|enter|join|the|our|this|all|zoom|online|meetings?)\b){1,6}"
    r"(?=\s{0,3}(?:[:=\u2013-]|is\b)))?(?:\s?\([^()\n]{1,40}\)(?=\s?[:=]))?"
    # Passcode, if any: hope; password when prompted: 1935; the password you need to get in is 1935
    rf"(?P<between>,?(?:\s{{1,3}}(?!{_NEVER_BETWEEN})[a-z\u2019'-]{{1,15}}\b,?){{1,8}}"
    rf"(?=\s{{0,3}}(?:[:=](?!//)|is\s\S{{0,20}}\d)))?",
    re.IGNORECASE,
)
_IN_A_SENTENCE = re.compile(
    # If you need a password to get in, it is 123123; asked for a passcode? Use hope.
    rf"(?:if|when|for|asked|prompted|need|needs|require[sd]?|enter|with|use|the|our)\b[^\n.;|\ue000]{{0,40}}?\b{_OF}{_CALLED}"
    r"[^\n.;:=|\ue000\d]{0,40}?(?:,|\?|-|\u2013|\bthen\b)?\s{0,3}(?:it\s(?:is|was)|it['\u2019]s|that\sis|use|enter|type"
    r"|try|put(?:\sin)?)\s{1,3}[:\"\u201c']?(?=(?P<code>[^\s|;,()\[\]\"\u201c\u201d\ue000]{1,60}))",
    re.IGNORECASE,
)
_SIGN = re.compile(
    # What stands between a label and a code: certain, "is", or a slash or nothing but space.
    r"\s{0,3}(?:(?P<sure>(?:[:=#\u2013\u2014]|-(?!-)|\b(?:es|est|ist)\b|\.(?=\S)){1,2})"
    r"|(?P<is>\bis\b:?)|[/|])?\s{0,5}",
    re.IGNORECASE,
)
_QUOTES = ('"', "\u201c", "\u201d", "\u00ab", "'", "\u2018")
_OPENING = (*_QUOTES, "(", "[")
_ENCLOSED = re.compile(
    r"[\"\u201c\u201d\u00ab'\u2018(\[]([^\"\u201c\u201d\u00bb()\[\]\n]{1,60})"
    r"[\"\u201d\u201c\u00bb'\u2019)\]]"
)
_IN_GROUPS = re.compile(r"\d{3}(?:[ -]\d{3,4}){1,3}(?!\w)")
_ONE = re.compile(_WORD)
_SENTENCE = re.compile(
    rf"{_WORD}(?:(?<![.!?]){_SPACE}(?![-\u2013\u2014/*\u2022]"
    rf"|(?:ids?|meeting|mtg|dial|call|contact|e-?mail|text|one\stap)\b){_WORD}){{0,11}}",
    re.IGNORECASE,
)
_ID_AND_CODE = re.compile(rf"\d[\d -]{{5,16}}\d\s{{0,2}}[/,|&]?\s{{0,2}}{_WORD}")
_SEVEN_DIGITS = re.compile(r"\d(?:[^\d]{0,4}\d){6}")
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)", re.IGNORECASE)
_LEAST_DIGITS = 3
_WITHOUT_ONE = re.compile(
    r"\b(?:no|without|for|needs?|ask|get|requests?|requires?|any|or)\s{1,3}(?:an?\s|the\s|our\s)?$",
    re.IGNORECASE,
)
_FAR_ENOUGH = 30  # for the words before a label

# What follows where a code is asked for or spoken of, and never begins one.
_ASKING = """
    ask asked available below call case contact dm e-mail email emailed for if in inquire message
    must n/a need needed no none not please posted protected provided request required see sent
    text to upon via visit necesaria requerida solicitar requis obligatoire erforderlich
    ben\u00f6tigt nodig vereist
"""
# What else follows where there is no sign between.
_SPEAKING = """
    access accessible and are as at be because before but by can changed changes friendly from
    given group has have here it listed may of on or parking que por para prior reset shall should
    so that there till until was when where which while who will with you your auf bei sur op
"""
_ASKED_FOR = frozenset(_ASKING.split())
_SPOKEN_OF = _ASKED_FOR | frozenset(_SPEAKING.split())
_ARTICLES = frozenset({"a", "an", "the", "is"})

_SAID_BEFORE = re.compile(
    # Use 1935 as the password; "hope" is the password
    rf"\b(?:use|enter|type|with)\s{{1,3}}(?:{_WORD}\s{{1,3}}|[\"\u201c]{_WORD}[\"\u201d]\s{{1,3}}){{1,6}}?"
    rf"as\s{{1,3}}(?:the\s|an?\s|your\s|our\s)?{_OF}{_CALLED}(?!\sis\b|\s\w{{1,20}}ed\b)"
    rf"|(?:[\"\u201c][^\"\u201c\u201d\n]{{1,60}}[\"\u201d]|(?<!\S)\S{{0,20}}\d\S{{0,20}})\sis\s(?:the|our)\s"
    rf"{_OF}{_CALLED}",
    re.IGNORECASE,
)
_OTHER_CODE = re.compile(
    r"\b(?:access\s{1,2}code|entry\s{1,2}code|pin(?:\s(?:code|number|no\.?))?|pc|access(?=:?\s\d{4})"
    rf"|{_CODE})\b\s{{0,3}}(?:[:=#\-\u2013]{{1,2}}|is\b)?\s{{0,3}}"
    r"(?:\d{3}[\d-]{0,9}#?|\d{2}\sfor\sentry\b)",
    re.IGNORECASE,
)
_MAY_HOLD = re.compile(
    r"pass|pwd?\b|p[/.]w|psw|contrase|w[oa](?:rt|chtw)|senha|code|c[o\u00f3]digo|clave|\bp(?:in|c)\b"
    r"|\baccess\b",
    re.IGNORECASE,
)


def without_passcodes(text: str, put: Callable[[str], str]) -> tuple[str, list[str]]:
    """Text without passcodes, and these with the words that tell what they are.

    ``put`` gives what stands in their place.
    """
    taken: list[str] = []
    if _MAY_HOLD.search(text):
        for spans in (_said_before, _in_a_sentence, _after_a_label, _other_codes):
            text = _without(text, spans(text), taken, put)
    return text, taken


def _without(
    text: str, spans: Iterable[tuple[int, int]], taken: list[str], put: Callable[[str], str]
) -> str:
    parts: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at:  # else a label in a code
            parts += (text[at:start], put(text[start:end]))
            taken.append(" ".join(text[start:end].split()))
            at = end
    return "".join((*parts, text[at:])) if parts else text


def _said_before(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _SAID_BEFORE.finditer(text))


def _other_codes(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _OTHER_CODE.finditer(text))


def _in_a_sentence(text: str) -> Iterator[tuple[int, int]]:
    """Codes that a sentence tells after it has spoken of one."""
    for found in _IN_A_SENTENCE.finditer(text):
        start, end = found.span("code")
        word = found["code"].rstrip(".,!?:")
        ends_there = text[end : end + 1] in ("", "\n") or found["code"] != word
        is_plain = word.lower() in _SPOKEN_OF | _ARTICLES
        if _is_alone(word) or (ends_there and not is_plain and word):
            groups = _IN_GROUPS.match(text, start)
            yield found.start(), groups.end() if groups else start + len(found["code"])


def _after_a_label(text: str) -> Iterator[tuple[int, int]]:
    for label in _LABEL.finditer(text):
        end = _end(text, label)
        if end is not None:
            yield label.start(), end


def _end(text: str, label: re.Match[str]) -> int | None:
    """Where the code after a label ends; None where there is none."""
    sign = _SIGN.match(text, label.end())
    at = label.end() if sign is None else sign.end()
    begin = text[at : at + 1]
    is_sure = begin in _QUOTES or (sign is not None and sign["sure"] is not None)
    is_told = is_sure or (sign is not None and sign["is"] is not None)
    if label["id"] and (both := _ID_AND_CODE.match(text, at)):
        return both.end()
    enclosed = _ENCLOSED.match(text, at)
    first = _ONE.match(text, at + (begin in _OPENING))
    if first is None:
        return None
    if _is_alone(first[0]):
        return (enclosed or _IN_GROUPS.match(text, first.start()) or first).end()
    word = first[0].lower().strip(".,:!?'\u2019*-")
    if label["between"] and _WITHOUT_ONE.search(text[: label.start()][-_FAR_ENOUGH:]):
        is_no = text[: label.start()].rstrip().lower().endswith(("no", "without"))
        if is_no:
            return None
    never = _ASKED_FOR if is_sure else _SPOKEN_OF if is_told else _SPOKEN_OF | _ARTICLES
    if not word or word in never or not (is_told or _stands_alone(text, label, first)):
        return None
    if enclosed:
        return enclosed.end()
    goes_on = is_told or first[0][0].islower()
    rest = _SENTENCE.match(text, first.start()) if goes_on else None
    return first.end() if rest is None or _tells_of_somebody(text, rest) else rest.end()


def _tells_of_somebody(text: str, rest: re.Match[str]) -> bool:
    """Whether there is a number to call, or an address, in a sentence or right behind it."""
    behind = text[rest.end() : rest.end() + 2].strip()
    return behind.startswith("[") or _SEVEN_DIGITS.search(rest[0]) is not None


def _stands_alone(text: str, label: re.Match[str], first: re.Match[str]) -> bool:
    """Whether a label with no sign after it is on one line with a word, and needs no other."""
    before = text[max(0, label.start() - _FAR_ENOUGH) : label.start()]
    between = text[label.end() : first.start()]
    return "\n" not in between and _WITHOUT_ONE.search(before) is None


def _is_alone(word: str) -> bool:
    """Whether a word reads as a whole code: letters with digits, or several digits."""
    digits = sum(c.isdigit() for c in word)
    has_letters = any(c.isalpha() for c in word)
    is_code = digits >= _LEAST_DIGITS or (digits > 0 and has_letters)
    return is_code and not _ORDINAL.fullmatch(word)
