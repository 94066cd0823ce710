"""Every closed word has a label, and every label a word."""

import importlib
import pkgutil
import tomllib
from enum import StrEnum
from importlib.resources import files

import pytest

import mshg
from mshg import Barrier, Concern, Dimension, Substance, wording
from mshg.errors import ValidationError

ENGLISH = wording.load()


def vocabularies():
    """Every enumeration of words in mshg, wherever it is."""
    for module in pkgutil.walk_packages(mshg.__path__, "mshg."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing is not StrEnum:
                yield thing


WORDS = {kind.__name__: kind for kind in vocabularies()}


def tags():
    """Every tag that a reader of meeting lists gives."""
    tables = tomllib.loads(files("mshg.feeds").joinpath("type_codes.toml").read_text("utf-8"))
    of_programs = {tag for table in tables["programs"].values() for tag in table}
    found = of_programs | set(tables["words"]) | set(tables["bmlt"]["keys"])
    modes = {f"{way}_format" for way in ("online", "hybrid", "in_person", "closed_place")}
    return sorted(found - modes)


def test_no_two_vocabularies_share_a_name():
    """A label is found by the name of its list, so that name is one list's alone."""
    assert all(WORDS[kind.__name__] is kind for kind in vocabularies())
    assert len(WORDS) > 30


@pytest.mark.parametrize("kind", WORDS.values(), ids=WORDS)
def test_every_word_has_a_label(kind):
    """Every word of every closed list has a label of its own, which a translation can give."""
    labels = [wording.label(word) for word in kind]
    assert all(label.strip() == label != "" for label in labels)
    assert len(set(labels)) == len(labels)
    plain = [key for key, sentence in ENGLISH.sentences.items() if "{" not in sentence]
    translated = wording.Wording(language="xx", sentences=dict.fromkeys(plain, "~"))
    assert {translated.label(word) for word in kind} == {"~"}


def test_every_tag_has_a_label():
    """So has every kind of meeting that the readers of lists know."""
    for tag in tags():
        assert f"label.tag.{tag}" in ENGLISH.sentences, tag


def test_every_label_is_of_a_word():
    """No label is left behind when a word goes."""
    labels = {key for key in ENGLISH.sentences if key.startswith("label.")}
    by_list = {"".join(map(str.capitalize, key.split(".")[1].split("_"))) for key in labels}
    assert by_list - {"Tag"} <= set(WORDS)
    used = {wording._key_of(word) for kind in WORDS.values() for word in kind}
    assert labels <= used | {f"label.tag.{tag}" for tag in tags()}


def test_words_of_sentences_are_their_labels():
    assert wording.label(Substance.OTHER) == "other substances"
    assert wording.label(Concern.SPEAKING) == "having to speak"
    assert wording.label(Dimension.SPIRITUALITY) == "a higher power"


def test_a_tag_of_the_host_s_own_is_shown_as_it_is():
    assert wording.label("by_the_lake") == "by the lake"


@pytest.mark.parametrize("thing", [None, 3, ["cost"], StrEnum("Other", ["A"]).A])
def test_what_is_no_word_is_refused(thing):
    with pytest.raises(ValidationError, match=r"^\$\.word"):
        wording.label(thing)


def test_a_word_is_not_taken_for_another_list_s():
    assert wording.label(Barrier.PRIVACY) == "privacy"
    assert wording.label(Concern.PRIVACY) == "who gets to know"
