"""Coverage-guided fuzzing of both readers: nothing but `MshgError` comes out.

    python -m pip install atheris
    python tests/fuzz/fuzz_feeds.py meeting_guide -max_total_time=600
    python tests/fuzz/fuzz_feeds.py bmlt -max_total_time=600

Half of the inputs are documents as they come, half are rows made of fields that the readers know.
What is read is written again, and must come back the same.
"""

import json
import sys

import atheris

with atheris.instrument_imports(include=["mshg.feeds", "mshg.domain", "mshg._checks"]):
    from mshg import MshgError, feeds
    from mshg.feeds.bmlt import LAYOUT as BMLT
    from mshg.feeds.meeting_guide import LAYOUT as MEETING_GUIDE

FIELDS = {
    "meeting_guide": sorted(MEETING_GUIDE.known | MEETING_GUIDE.contacts | {"id"}),
    "bmlt": sorted(BMLT.known | BMLT.contacts),
}
WORDS = (
    *("O", "ONL", "TC", "[open]", "Open, Spanish", "1", "7", "Monday", "12:00", "7:30 PM", "01:15"),
    *("First Saturday of the month", "every other week from 2026-01-05", "no meeting 2026-13-45"),
    *("Call Pat M. 555-0100", "a@b.org", "PW: x1 ID: 123 456 7890", "https://zoom.us/j/1?pwd=x"),
    *("javascript:x", "mailto:a@b.org", "40.1,-75.2", "1,2,3,4", "hybrid", "America/Chicago"),
    *("7:30", "7:30 - 8:30 PM", "19h30", "Mon-Fri", "lunes y martes", "america/new york", "Hybrid"),
    *("1er lundi du mois", "Jeden 2. Montag im Monat", "cada dos semanas", "Venmo: @pat-s"),
    *('<a href="https://zoom.us/j/2?pwd=y">x</a>', "312-555-0100 or 312-555-0101", "$PatS"),
    *("Use 1935 as the password", "ID/PW: 123456789/abc", "zoom.us/j/1", "Passcode: one day."),
    *("<b>&lt;i&gt;", "Dial 1-312-555-0100,,1#", "1 Main St, A, B, C", "24:00:00", "A/B", "yes"),
)


def value(given: atheris.FuzzedDataProvider, depth: int = 0) -> object:  # noqa: PLR0911
    """Any value that JSON can hold, and some that it can't."""
    match given.ConsumeIntInRange(0, 8):
        case 0 | 1:
            return WORDS[given.ConsumeIntInRange(0, len(WORDS) - 1)]
        case 2:
            return given.ConsumeUnicode(given.ConsumeIntInRange(0, 60))
        case 3:
            return given.ConsumeInt(given.ConsumeIntInRange(1, 200))
        case 4:
            return given.ConsumeFloat()
        case 5:
            return (None, True, False, "", [], {}, 10**400)[given.ConsumeIntInRange(0, 6)]
        case 6 if depth < 3:
            return [value(given, depth + 1) for _ in range(given.ConsumeIntInRange(0, 4))]
        case 7:
            words = (WORDS[given.ConsumeIntInRange(0, len(WORDS) - 1)] for _ in range(3))
            return given.ConsumeUnicode(2).join(words)
        case _:
            keys = (*WORDS[:2], "0", "1")
            return {keys[given.ConsumeIntInRange(0, 3)]: value(given, depth + 1)}


def rows(given: atheris.FuzzedDataProvider, reader: str) -> list[object]:
    """Rows that begin plain, with some fields changed."""
    plain: dict[str, object] = {
        "meeting_guide": {"slug": "a", "name": "A", "day": 1, "time": "12:00"},
        "bmlt": {"id_bigint": "1", "meeting_name": "A", "weekday_tinyint": "2"}
        | {"start_time": "12:00:00"},
    }[reader]
    listed: list[object] = []
    for _ in range(given.ConsumeIntInRange(1, 3)):
        row = dict(plain)
        for _ in range(given.ConsumeIntInRange(0, 8)):
            names = FIELDS[reader]
            row[names[given.ConsumeIntInRange(0, len(names) - 1)]] = value(given)
        listed.append(row if given.ConsumeBool() else value(given))
    return listed


def main() -> None:
    """Fuzz the reader that the command line names."""
    reader = sys.argv.pop(1)

    def read(source: object) -> feeds.FeedReport:
        if reader == "bmlt":
            formats = source if isinstance(source, list) and len(source) == 1 else None
            return feeds.read_bmlt(source, formats=formats, default_timezone="UTC")
        return feeds.read_meeting_guide(source, group="aa", default_timezone="UTC")

    def one(data: bytes) -> None:
        given = atheris.FuzzedDataProvider(data)
        if given.ConsumeBool():
            source: object = given.ConsumeBytes(len(data))
        else:
            source = rows(given, reader)
        try:
            report = read(source)
        except MshgError:
            return
        listed = report.meetings + report.inactive
        assert report.rows == len(listed) + len(report.rejected)
        repr(report)
        report.to_text()
        feed, not_written = feeds.write_meeting_guide(listed, with_join=True)
        json.dumps(feed)
        group = "na" if reader == "bmlt" else "aa"
        again = feeds.read_meeting_guide(feed, group=group, default_timezone="UTC")
        left_out = {problem.row for problem in not_written}
        kept = [m for i, m in enumerate(listed) if i not in left_out]
        assert sorted(again.meetings + again.inactive, key=lambda m: m.id) == sorted(
            kept, key=lambda m: m.id
        )

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
