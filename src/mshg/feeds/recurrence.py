"""In which weeks a meeting is held, where its notes or its name say so.

The formats know weekly meetings only. Words that say for certain when a meeting is held become a
`Recurrence`; words that speak of other weeks and can't be placed on a calendar become a flag.
What a meeting does in some weeks ("last week: speaker") leaves it a weekly meeting.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from attrs import evolve

from mshg.domain import MeetingFlag, Recurrence, Slot
from mshg.feeds.times import weekdays, without_accents
from mshg.feeds.translations import in_english

_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "last": -1,
    "final": -1,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
}
_ORD = rf"(?:{'|'.join(_ORDINALS)})"
_DAY = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\.?"
    r"(?![a-z])"
)
_ORDS = (  # 2nd and 4th; 2nd Sunday and 4th
    rf"{_ORD}(?:(?:\s{_DAY})?\s?(?:,|&|and|,\s?and|/|\+)\s?(?:the\s)?{_ORD}){{0,4}}"
)
_OF_MONTH = (
    r"(?:of|in)\s(?:(?:the|each|every|a)\s)?month|(?:each|every|per|a)\smonth|monthly|/month"
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_DATE = (
    r"(?:\d{4}-\d\d-\d\d"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?\s\d{1,2}"
    r"(?:st|nd|rd|th)?,?\s\d{4}"
    r"|\d{1,2}/\d{1,2}/\d{4})"
)
_HELD = (
    r"(?:(?:this|the|our|we)\s)?(?:(?:group|meetings?|mtgs?)\.?\s)?(?:(?:is|are|will\sbe)\s)?"
    r"(?:meets?|held|meetings?|mtgs?|occurs?|operates?|takes?\splace|runs?|happens?|gathers?|only)"
)
_OF_ITSELF = re.compile(
    rf"^(?:(?:this|the|our)\s)?(?:{_DAY}(?:['\u2019]?s)?\s)?(?:(?:night|evening|morning|noon)\s)?"
    r"(?:meeting|group|mtg)\s(?:is\s|has\s)[\w' -]{1,50},?\s?(?:and|which|that|it|but|,)"
    r"\s?(?:is\s)?$"
)
_PREAMBLE = re.compile(r"^(?:please\s)?(?:note|nb|n\.b\.|important|attention)(?:\sthat)?\s?:?\s")
_TIME = r"(?:,?\s(?:from|at)?\s?\d[\d:\s\-apm.to]{0,20})?"

_CERTAIN = re.compile(
    rf"(?P<held>(?P<who>[\w',\u2019 ]{{0,60}}?\s)??(?:only\s)?{_HELD}\s(?:only\s)?)?"
    rf"(?P<alone>only\s)?(?:on\s)?(?:the\s)?(?:every\s)?"
    rf"(?P<ords>{_ORDS})\s(?:(?P<day>{_DAY})|w(?:ee)?ks?)"
    rf"(?:,?\s(?P<month>{_OF_MONTH}))?(?P<only>,?\sonly)?{_TIME}",
)
_EVERY_FEW = re.compile(
    rf"every\s(?P<other>other|second|2nd|two|2|third|3rd|three|3|fourth|four|4)\s"
    rf"(?:(?P<day>{_DAY})|weeks?)|(?:bi-?weekly|fortnightly|alternat(?:e|ing)\s(?:{_DAY}|weeks))"
)
_FEW = {"third": 3, "3rd": 3, "three": 3, "3": 3, "fourth": 4, "four": 4, "4": 4}
_FROM = re.compile(rf"(?:start|begin|from|first)[a-z]{{0,6}}\s(?:on\s)?(?P<date>{_DATE})")
_NOT_HELD = re.compile(
    r"\b(?:no\s(?:mtgs?|meetings?)|(?:will\s)?not\s(?:meet|be\sheld|held)(?:ing)?|(?:is\s)?cancell?ed"
    r"|do(?:es)?\snot\smeet|do(?:es)?\s?n[o'\u2019]t\smeet|except(?:\s(?:for|on))?)\b"
)
_ELSE = re.compile(
    # What follows an exception to the kind, the hour or the place of a meeting that is held.
    r"^[\s,:-]{0,3}(?:of\s(?:the\s|each\s|every\s)?month|every\smonth|monthly)?[\s,:-]{0,3}"
    r"(?:(?:which|that|when|where|it|this|we|they|then)\b|(?:is|will\sbe|has|are|becomes?)\b|(?:at|in)\s"
    r"|(?:held|meets?|starts?|begins?)\b)"
)
_ABSENT = re.compile(
    r"\b(?:no\s(?:mtgs?|meetings?)|not\s(?:meet|held|be\sheld)|n[o'\u2019]t\smeet|closed\b(?!\s(?:mtg"
    r"|meeting|step|disc|speaker|big))|cancell?ed|skip(?:ped)?|off|dark)\b"
)
_NEVER_ELSE = re.compile(
    r"\b(?:every\s(?:week|\w{1,9}day)s?|weekly|meets?|held|all\sweeks)\W{0,3}$"
)
_HOLIDAY = re.compile(
    r"\bholidays?\b|\bhols\b|\bchristmas\b|\bx-?mas\b|\bthanksgiving\b|\beaster\b"
    r"|\bnew\syear'?s?\b|\bboxing\sday\b|\bindependence\sday\b|\b4th\sof\sjuly\b|\bjuly\s4th?\b"
    r"|\bgood\sfriday\b|\bmemorial\sday\b|\blabou?r\sday\b|\bjours?\sferies?\b|\bfeiertag|\bfestivos?\b"
    r"|\bferiados?\b|\bfestivi\b|\bfeestdag|\bhelligdag|\bhelgdag"
)
_LEFT_OUT = re.compile(
    r"\bno\b|\bnot\b|n['\u2019]t\b|\bclosed\b(?!\s(?:mtg|meeting|disc|step|speaker|group))|\bcancell?ed\b"
    r"|\bexcept|\bexclu|\bexcl\b|\bunless\b|\bsauf\b|\bausser\b|\bexcepto\b|\bsalvo\b|\btranne\b|\bexceto\b"
    r"|\bbehalve\b|\bskip|\bsuspended\b|\bother\sthan\b|\bapart\sfrom\b|\bdark\b"
)
_HELD_ALL_THE_SAME = re.compile(
    r"\b(?:even|includ|incl\b|regardless|also|all\sholidays|every\sholiday)"
)
_DATED = re.compile(_DATE)
_SOME_DATE = re.compile(rf"\d|{'|'.join(name[:3] for name in _MONTHS)}|{_ORD}")
_NOT_IN = re.compile(
    rf",?\s(?:is\s)?(?:held\s)?(?:on\s)?(?:the\s)?(?P<ords>{_ORDS})\s(?P<day>{_DAY}|w(?:ee)?ks?)"
)
_SOME_WEEKS = re.compile(
    rf"^(?:the\s|on\s|only\s|every\s){{0,3}}{_ORDS}\s(?:{_DAY}|w(?:ee)?ks?)(?:,?\s(?:of|in|only)\b|$)"
    rf"|{_HELD}\s(?:\w{{1,12}}\s){{0,3}}{_ORDS}\b|{_ORDS}\s{_DAY}s?\sonly"
    r"|\b(?:once|twice|one\s(?:week|day|time|meeting)|(?:one|1|two|2)\s(?:of\s)?(?:the\s)?"
    rf"(?:{_DAY}|times?))\s(?:a|per|each|every|in\sthe|of\sthe)\smonth|\b(?:meets?|held)\smonthly|^monthly"
    rf"|{_ORDS}\s{_DAY}\s(?:{_OF_MONTH})\sonly"
    r"|\bmonthly\s(?:meeting|mtg|group)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_SEASON = re.compile(
    r"\bclosed\s(?:for\s)?(?:the\s)?(?:summer|winter)|\bsummer\smonths|\bmemorial\sday\b"
    r"|\blabor\sday\b|\bseasonal\b|\bschool\s(?:year|breaks?)\b|\b(?:odd|even)\sweeks\b"
    r"|\b(?:summer|winter|spring|autumn|fall)\sonly\b"
    rf"|\bmeets\s(?:from\s)?{_MONTH}\s?(?:-|\u2013|to|through|thru|until)\s?{_MONTH}"
    r"|\bvacances\sscolaires\b|\bschulferien\b|\bvacaciones\sescolares\b|\bferias\sescolares\b"
    r"|\bvacanze\sscolastiche\b|\bschoolvakantie"
)
_TOPICS = (
    # What some weeks are for, rather than whether they take place.
    r"chips?|birthday|b-?day|anniv|speak|spkr|spk\b|steps?\b|trad|business|conscience|open\b"
    r"|closed?\b|format|stud|topic|disc|book|bb\b|lit\b|literature|grapevine|gv\b|potluck"
    r"|beginner|bus\b|biz\b|movie|candle|medal|cake|main\sshare|beg\b|newcomer|meditat|welcome|combined|service|pamphlet|ip\b|jft|food|share"
    r"|sharing|choice|text|al-?anon|alateen|district|intergroup"
)
_TOPIC = re.compile(rf"\b(?:{_TOPICS})")
_PART = re.compile(
    rf"\b(?:{_TOPICS}|big|story|stories|floor|fl\b|room|door|entrance|building|bldg|st\b|ave)"
)
_SUSPENDED = re.compile(
    r"\b(?:suspended|temp(?:orar(?:il)?y)?\.?\s(?:closed|closure|suspended|not\smeeting|cancell?ed|paused)"
    r"|perm(?:anently)?\.?\sclosed|currently\s(?:closed|suspended|paused)|closed\s(?:down|indefinitely|temporarily|for\snow)"
    r"|disbanded"
    r"|discontinued|no\slonger\s(?:meets|meeting|active)|not\s(?:currently\s)?meeting\s(?:at\sthis"
    r"|until|now|currently)|cancell?ed\suntil|meeting\s(?:is\s)?(?:cancell?ed\b|closed\s(?:until|for|due)\b)"
    r"|(?:on\shiatus))|\((?:cancell?ed|paused|inactive)\)"
    r"|\b(?:meeting|group|mtg)\s(?:is\s|has\s)(?:now\s|been\s|currently\s)?closed\s?(?:[.!;,|)\n]|$)"
)
_ONE_WAY = re.compile(r"\b(?:zoom|on-?line|virtual|hybrid|phone|in[\s-]person|livestream)\b")
_SHORTENED = re.compile(
    # A full stop that shortens a word ends no clause.
    r"\b(mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|wks?|mtgs?|jan|feb|mar|apr|aug|sept?|oct|nov|dec"
    r"|trads?|disc|spkr?s?|speak|sp|stps?|bus|biz|bk|lit|med|medit|anniv|annv|bday|beg|begin|newc|consc"
    r"|consc?|grps?|gp|grp|dist|intergrp|comm|cttee|mgr|sec|reg|approx|incl|esp|max|min|no|nos|rm|bldg"
    r"|fl|flr|ave|rd|dr|ln|blvd|hwy|st|ste|apt|ch|fr|rev|e\.g|i\.e|tradn?s|conc|con|disc'?n|mo|mnth)\."
)
_NO_END = re.compile(r"(?<=[A-Za-z])\.(?=\s[a-z])")
_MISSPELLED_MONTH = re.compile(r"\b(?:mnths?|mths?|mon?ths?|months)\b(?<!month)")
_CLAUSE = re.compile(
    r"[\n;|()\[\]]|(?<!\dst)(?<!\dnd)(?<!\drd)(?<!\dth)(?<!\d)/"
    r"|(?<!wk)(?<!eek)(?<!day)\s?(?:\s[-\u2013]|--)\s|(?<=[a-z\d][a-z])[.!?](?:\s|$)"
)
_MAY_SAY = re.compile(
    r"month|every|week|w[ky]s?\b|\d(?:st|nd|rd|th)|first|second|third|fourth|fifth|last|final"
    r"|\bno\s|n[o'\u2019]t\b|cancel|closed|except|exclu|holiday|hols\b|feria|ferie|feiertag|festiv|feestdag|temp\b|suspend|summer|season|school|memorial|labor|hiatus|disband"
    r"|discontinu|paused|inactive|alternat|fortnight|no longer|winter|spring|autumn|fall\b"
    r"|meets\s|ferien|\bferias|\bvaca[nc]|vakantie"
)
_LONGEST = 2_000
_SOON = 40  # letters, in which the next clause says what an exception is


class Said(NamedTuple):
    """What words say: the weekday that they name, the recurrence, and what is not certain.

    Where they tell only of weeks without a meeting, they say nothing of other weekdays.
    """

    weekday: int | None = None
    recurrence: Recurrence | None = None
    flags: frozenset[MeetingFlag] = frozenset()
    is_absence: bool = False

    def concerns(self, slots: tuple[Slot, ...]) -> bool:
        """Whether it may say something of one of the slots."""
        return not self.is_absence or self.weekday in (None, *(s.weekday for s in slots))


_UNCLEAR = Said(flags=frozenset({MeetingFlag.MAY_NOT_BE_WEEKLY}))
_SAYS_NOTHING = Said()


def placed(
    texts: Iterable[str | None], slots: tuple[Slot, ...]
) -> tuple[tuple[Slot, ...], frozenset[MeetingFlag]]:
    """Put what a meeting's words say on its slots; give what stays uncertain as flags."""
    found = (said_by(text) for text in texts if text)
    said = [s for s in found if s is not _SAYS_NOTHING and s.concerns(slots)]
    if not said:
        return slots, frozenset()
    flags = frozenset().union(*(s.flags for s in said))
    certain = {(s.weekday, s.recurrence) for s in said if s.recurrence is not None}
    if len(certain) == 1 and slots:
        ((weekday, recurrence),) = certain
        concerned = [s for s in slots if weekday in (None, s.weekday)]
        if concerned and recurrence is not None and (len(slots) == 1 or _names_days(certain)):
            changed = (evolve(s, recurrence=recurrence) if s in concerned else s for s in slots)
            return tuple(changed), flags - _UNCLEAR.flags
    return slots, flags | (_UNCLEAR.flags if certain else frozenset())


def _names_days(said: set[tuple[int | None, Recurrence]]) -> bool:
    """Whether words name the weekday, or dates only, so that they hold for several slots."""
    return all(day is not None or not (weeks.weeks_of_month or weeks.anchor) for day, weeks in said)


def said_by(text: str) -> Said:
    """What one text says of the weeks in which a meeting is held."""
    flags: set[MeetingFlag] = set()
    found: Said | None = None
    unclear = Said()
    text = text[:_LONGEST]
    text = text if text.islower() or text.isupper() else _NO_END.sub("", text)
    lower = _MISSPELLED_MONTH.sub("month", without_accents(text))
    lower, is_translated = in_english(lower)
    if not _MAY_SAY.search(lower):
        return _SAYS_NOTHING
    is_about_parts = _TOPIC.search(lower) is not None
    if any(_is_of_all(lower, found.start()) for found in _SUSPENDED.finditer(lower)):
        flags.add(MeetingFlag.MAY_BE_SUSPENDED)
    clauses = list(_clauses(lower))
    for clause, behind in zip(clauses, [*clauses[1:], ""], strict=True):
        said = _clause(clause, behind, is_about_parts=is_about_parts)
        if said is not None and said.recurrence is not None:
            found = said if found in (None, said) else _UNCLEAR
        elif said is not None:
            unclear = said if not flags else _UNCLEAR
            flags |= said.flags
    if found is not None and found.recurrence is not None:
        return found._replace(flags=frozenset(flags) - _UNCLEAR.flags)
    if found is not None or flags:
        return (found or unclear)._replace(flags=frozenset(flags | (found or unclear).flags))
    return _UNCLEAR if is_translated and not is_about_parts else _SAYS_NOTHING


def _is_of_all(text: str, at: int) -> bool:
    """Whether what is suspended there is the meeting, rather than one way to attend it."""
    before = re.split(r"[.;,\n(]", text[max(0, at - _SOON) : at])[-1]
    return _ONE_WAY.search(before) is None


def _clauses(text: str) -> Iterator[str]:
    parts = _CLAUSE.split(_SHORTENED.sub(r"\1", text))
    return (clause for part in parts if (clause := " ".join(part.split()).strip(" .,:*!")))


def _clause(clause: str, behind: str, *, is_about_parts: bool) -> Said | None:
    clause = _PREAMBLE.sub("", clause)
    if absence := _NOT_HELD.search(clause):
        return _not_held(clause, absence, behind)
    if _HOLIDAY.search(clause) and _is_left_out(clause):
        return _UNCLEAR
    if whole := _CERTAIN.fullmatch(clause):
        return _some_weeks(whole, is_about_parts=is_about_parts)
    if few := _EVERY_FEW.search(clause):
        return _every_few(clause, few)
    if _SEASON.search(clause) or (_SOME_WEEKS.search(clause) and not _PART.search(clause)):
        return _UNCLEAR
    return None


def _some_weeks(said: re.Match[str], *, is_about_parts: bool) -> Said | None:
    """Numbered weeks: certain where it says that the meeting is held then, or only then.

    Anybody else ("the choir meets …") may be held then beside a weekly meeting.
    """
    held, who = said["held"] or "", said["who"]
    if who and _OF_ITSELF.match(who):  # Monday's meeting is an open one, and takes place on …
        held, who, is_about_parts = "held", None, False
    if _PART.search(held):
        return _UNCLEAR if re.search("meets|held", held) else None
    is_only = said["only"] or said["alone"] or "only" in held
    if is_only or (held and not who) or (said["month"] and not who and not is_about_parts):
        return _weeks(said["ords"], said["day"])
    return _UNCLEAR


def _numbers(ordinals: str) -> frozenset[int]:
    return frozenset(_ORDINALS[word] for word in re.findall(_ORD, ordinals))


def _weekday(day: str | None) -> int | None:
    days = weekdays(day.rstrip("."), sunday=0) if day else None
    return days[0] if days else None


def _weeks(ordinals: str, day: str | None) -> Said:
    return Said(_weekday(day), Recurrence(weeks_of_month=_numbers(ordinals)))


def _is_left_out(clause: str) -> bool:
    """Whether a clause that names a holiday says that there is no meeting then."""
    return _LEFT_OUT.search(clause) is not None and not _HELD_ALL_THE_SAME.search(clause)


def _is_held_otherwise(clause: str, absence: re.Match[str], end: int, behind: str) -> bool | None:
    """Whether an exception is one to the kind, the hour or the place of a meeting that is held.

    None where nobody can tell: "Closed discussion, except the 2nd Friday".
    """
    before, after = clause[: absence.start()], clause[end:]
    if _ABSENT.search(after):
        return False
    if _ELSE.match(after) or _PART.search(after):
        return True
    if not re.sub(_OF_MONTH, "", after).strip(" ,:-") and _PART.search(behind[:_SOON]):
        return True  # except the first Thursday (Step meeting)
    return False if not before.strip() or _NEVER_ELSE.search(before) else None


def _not_held(clause: str, absence: re.Match[str], behind: str) -> Said | None:
    """Weeks or days that a meeting leaves out: certain for dates, and for numbered weeks."""
    end = absence.end()
    if _HOLIDAY.search(clause):
        return _UNCLEAR if _is_left_out(clause) else None
    if absence[0].startswith("except") and not _DATED.search(clause, end):
        found = _NOT_IN.match(clause, end)
        is_else = _is_held_otherwise(clause, absence, found.end() if found else end, behind)
        if is_else is not False:
            is_doubt = is_else is None and _SOME_DATE.search(clause, end)
            return _UNCLEAR if is_doubt else None
    dates = [_date(d) for d in _DATED.findall(clause, end)]
    if dates and None not in dates:
        return Said(recurrence=Recurrence(except_dates=[d for d in dates if d is not None]))
    without = _NOT_IN.match(clause, end)
    if without is None:
        return _UNCLEAR if _SOME_DATE.search(clause) else None
    numbers, day = _numbers(without["ords"]), _weekday(without["day"])
    if -1 in numbers or day is None:  # all weeks but the last are no numbered weeks
        return Said(weekday=day, flags=_UNCLEAR.flags, is_absence=True)
    held = Recurrence(weeks_of_month={1, 2, 3, 4, 5} - numbers)
    return Said(weekday=day, recurrence=held, is_absence=True)


def _every_few(clause: str, few: re.Match[str]) -> Said | None:
    """Every second week and the like: certain with a date to count from."""
    start = _FROM.search(clause, few.end())
    anchor = _date(start["date"]) if start else None
    if anchor is not None:
        weeks = _FEW.get(few["other"] or "", 2)
        return Said(_weekday(few["day"]), Recurrence(every_weeks=weeks, anchor=anchor))
    return None if _PART.search(clause) else _UNCLEAR


def _date(text: str) -> date | None:
    try:
        if "/" in text:
            first, second, year = map(int, text.split("/"))
            months = {m for m, d in ((first, second), (second, first)) if m <= len(_MONTHS)}
            (month,) = months  # else nobody can tell the month from the day
            return date(year, month, first + second - month)
        if text[0].isdigit():
            return date.fromisoformat(text)
        month, day, year = re.findall(r"[a-z]+(?=\.?\s)|\d+", text)
        number = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month[:3]))
        return date(int(year), number, int(day))
    except (ValueError, StopIteration):
        return None
