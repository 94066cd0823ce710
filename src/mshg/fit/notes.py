"""What a shortlist says before its options: safety, treatment, choice, what to look for."""

import re
from collections.abc import Iterable

from mshg.domain import (
    Barrier,
    Concern,
    Dimension,
    Focus,
    Goal,
    MeetingMode,
    Person,
    Substance,
    TreatmentStatus,
)
from mshg.fit.options import NEAR_HIGH, NEAR_LOW, is_relative
from mshg.wording import Wording

# Stopping these suddenly can bring on dangerous withdrawal.
_WITHDRAWAL = (Substance.ALCOHOL, Substance.BENZODIAZEPINES, Substance.OTHER_SEDATIVES)
# Words people may use for themselves, and the kind of meeting that is held for them.
_MEETINGS_FOR = {
    "women": r"\b(women|woman|female)\b",
    "men": r"\b(men|man|male)\b",
    "young_people": r"\b(young|youth|teen|teenager|student)\b",
    "seniors": r"\b(senior|older|elderly)\b",
    "veterans": r"\b(veteran|veterans)\b",
}
_FOCUS_MEETINGS = {Focus.LGBTQ: "lgbtq", Focus.NATIVE_AMERICAN: "indigenous"}
_MODES = {MeetingMode.ONLINE: "online", MeetingMode.IN_PERSON: "in_person"}


def notes(person: Person, wording: Wording) -> Iterable[str]:
    """What comes before any option, the most urgent first."""
    yield from _safety(person, wording)
    yield from _treatment(person, wording)
    yield from _choice(person, wording)
    yield from _meetings(person, wording)


def listed(words: list[str], wording: Wording) -> str:
    """Words as one list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    *before, second_last, last = words
    text = wording.say("list.last_two", first=second_last, last=last)
    for word in reversed(before):
        text = wording.say("list.more", first=word, rest=text)
    return text


def _safety(person: Person, wording: Wording) -> Iterable[str]:
    of_whom = "_of_other" if is_relative(person) else ""
    dangerous = [wording.say(f"substance.{s}") for s in _WITHDRAWAL if s in person.substances]
    if dangerous:
        yield wording.say(f"note.withdrawal{of_whom}", substances=listed(dangerous, wording))
    if Substance.OPIOIDS in person.substances:
        yield wording.say(f"note.naloxone{of_whom}")


def _treatment(person: Person, wording: Wording) -> Iterable[str]:
    if is_relative(person):
        return
    status = person.treatment
    if status is None:
        yield wording.say("note.treatment_unknown")
    elif status not in (TreatmentStatus.RECEIVED, TreatmentStatus.IN_PROGRESS):
        yield wording.say(f"note.treatment_{status}")


def _choice(person: Person, wording: Wording) -> Iterable[str]:
    """What was assumed, what contradicts itself, and what is the person's own choice."""
    say, answers = wording.say, person.stances.positions
    if person.seeks_help_for is None:
        yield say("note.help_for_unknown")
    if person.substances == {Substance.OTHER}:
        yield say("note.other_behavior")
    if person.is_mandated:
        yield say("note.mandated")
    abstinence = answers.get(Dimension.ABSTINENCE)
    if abstinence is not None and not is_relative(person):
        is_less = person.goal is Goal.ABSTINENCE and abstinence <= NEAR_LOW
        is_more = person.goal is Goal.MODERATION and abstinence >= NEAR_HIGH
        if is_less or is_more:
            yield say("note.contradiction")
    if Concern.RELIGION in person.concerns and _faith_is_open(person):
        yield say("note.religion_direction")


def _faith_is_open(person: Person) -> bool:
    answers = person.stances.positions
    belief = answers.get(Dimension.SPIRITUALITY)
    practice = answers.get(Dimension.CHRISTIAN_PRACTICE, 0)
    if practice >= NEAR_HIGH:
        return False
    return belief is None or NEAR_LOW < max(belief, practice) < NEAR_HIGH


def _meetings(person: Person, wording: Wording) -> Iterable[str]:
    """Which kinds of meetings to look for, by what is preferred and what stands in the way."""
    say, wanted = wording.say, person.preferences
    tags = sorted(wanted.all_tags | wanted.any_tags)
    kinds = [say(f"kind.{tag}") for tag in tags if wording.has(f"kind.{tag}")]
    kinds += [say(f"kind.{name}") for mode, name in _MODES.items() if wanted.modes == {mode}]
    spoken = [tag.partition("-")[0].casefold() for tag in sorted(wanted.languages)]
    known = [say(f"language.{tag}") for tag in spoken if wording.has(f"language.{tag}")]
    if known:
        kinds.append(say("note.in_language", languages=listed(known, wording)))
    if kinds:
        text = say("note.look_for", kinds=listed(kinds, wording))
        yield text[:1].upper() + text[1:]
    if len(known) < len(spoken) or not all(wording.has(f"kind.{tag}") for tag in tags):
        yield say("note.unknown_preference")
    also = [say(f"kind.{kind}") for kind in _held_for(person) if kind not in tags]
    if also:
        yield say("note.also_held", kinds=listed(also, wording))
    said = {Barrier.LANGUAGE} if known else set()
    yield from (say(f"barrier_note.{b}") for b in Barrier if b in person.barriers - said)


def _held_for(person: Person) -> Iterable[str]:
    """Kinds of meetings that are held for people such as this one."""
    words = " ".join(person.identities).casefold()
    yield from (kind for kind, pattern in _MEETINGS_FOR.items() if re.search(pattern, words))
    yield from (kind for focus, kind in _FOCUS_MEETINGS.items() if focus in person.lives_with)
