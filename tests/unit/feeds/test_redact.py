"""A host's own way to mask, or none."""

import pytest

from mshg import feeds
from mshg.errors import FeedError

ROW = {
    "slug": "a",
    "name": "Noon with Zoe M.",
    "day": 1,
    "time": "12:00",
    "notes": "Call Zoe M. 312-555-0142. PW: serenity",
    "contact_1_name": "Zoe M.",
}


def read(redact, **fields):
    report = feeds.read_meeting_guide(
        [{**ROW, **fields}], group="aa", default_timezone="UTC", redact=redact
    )
    return (report.meetings + report.inactive)[0], report


def test_a_list_that_the_host_owns_keeps_its_words():
    meeting, report = read(None)
    assert (meeting.name, meeting.notes) == ("Noon with Zoe M.", "Call Zoe M. 312-555-0142.")
    assert meeting.join_info.url_notes == "PW: serenity"
    assert "serenity" not in str(meeting)
    assert report.redacted == {"contact_fields": 1}


def test_a_host_masks_in_its_own_way():
    meeting, report = read(lambda text: text.replace("Zoe M.", "***"))
    assert (meeting.name, meeting.notes) == ("Noon with ***", "Call *** 312-555-0142.")
    assert report.redacted["by_the_host"] == 2


def test_the_default_is_the_readers_own():
    assert read(feeds.redact_text)[0].notes == "Call [name] [phone]."
    assert feeds.redact_text("") == ""


def test_what_is_no_function_is_refused():
    for wrong in ("mask", 5):
        with pytest.raises(FeedError, match="redact"):
            read(wrong)
    with pytest.raises(FeedError, match="text for text"):
        read(lambda _: None)


def test_bmlt_too():
    row = {
        "id_bigint": "1",
        "meeting_name": "Noon",
        "weekday_tinyint": "2",
        "start_time": "12:00:00",
        "comments": "Ask Zoe M. 312-555-0142",
    }
    (meeting,) = feeds.read_bmlt([row], default_timezone="UTC", redact=None).inactive
    assert meeting.notes == "Ask Zoe M. 312-555-0142"
