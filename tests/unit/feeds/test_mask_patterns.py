"""Every pattern of the data files is held to its examples."""

import pytest

from mshg.feeds.masks import patterns, tables, words

FILES = ("masking", "names", "passcodes")
CASES = [(f, name) for f in FILES for name in tables(f)["patterns"]]


@pytest.mark.parametrize(("file", "name"), CASES, ids=[f"{f}-{n}" for f, n in CASES])
def test_a_pattern_is_found_where_its_examples_say(file, name):
    pattern, entry = patterns(file)[name], tables(file)["patterns"][name]
    assert entry["found_in"]
    assert entry["not_in"] or pattern.search("")  # one that nothing may stand for
    assert [text for text in entry["found_in"] if not pattern.search(text)] == []
    assert [text for text in entry["not_in"] if pattern.search(text)] == []


def test_word_lists_are_in_lower_case_and_name_nothing_twice():
    for name in ("given", "after_a_name", "ambiguous", "asked_for", "spoken_of", "providers"):
        assert len(set(words(name))) == len(words(name))
        assert all(word == word.lower() for word in words(name))
    assert not set(words("given")) & set(words("ordinary"))
