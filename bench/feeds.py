"""A meeting list of many rows, read beside `json.loads` of the same bytes.

    python bench/feeds.py [ROWS] [ROUNDS]

The rows are invented, in the shape and of the size of a large published list; every tenth holds a
link, every fifth notes with something to mask or to place on a calendar.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

from mshg import feeds

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
NOTES = [
    "Enter from the parking lot, 2nd floor",
    "Last wk Trad",
    "PW: serenity -- Topic",
    "Call Pat M. at 217-555-0100",
    "First Saturday of the month",
]


def row(number: int) -> dict[str, object]:
    online = number % 10 == 0
    return {
        "slug": f"meeting-{number}",
        "name": f"Group {number % 997}",
        "notes": NOTES[number // 5 % 5] if number % 5 == 0 else "",
        "updated": "2026-01-05 16:17:24",
        "url": f"https://example.org/meetings/?meeting={number}",
        "day": str(number % 7),
        "time": f"{7 + number % 14:02}:30",
        "end_time": f"{8 + number % 14:02}:30",
        "conference_url": f"https://zoom.us/j/{number}?pwd=x" if online else "",
        "conference_phone": f"+13125550100,,{number}#" if online else "",
        "types": ["O", "D", "ONL"] if online else ["C", "B", "X"],
        "location": f"Hall {number % 499}",
        "formatted_address": f"{number % 2999} Main St, Springfield, IL 62701, USA",
        "latitude": f"{39 + number % 1000 / 1000}",
        "longitude": f"{-89 - number % 1000 / 1000}",
        "regions": ["Central", "Springfield"],
        "group": f"District {number % 60}",
    }


def seconds(call: Callable[..., object], *given: object, **options: str) -> float:
    start = time.process_time()
    call(*given, **options)
    return time.process_time() - start


def main() -> None:
    text = json.dumps([row(number) for number in range(ROWS)]).encode()
    options = {"group": "aa", "default_timezone": "America/Chicago"}
    pairs = [
        (seconds(feeds.read_meeting_guide, text, **options), seconds(json.loads, text))
        for _ in range(ROUNDS)
    ]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{ROWS} rows, {len(text) / 1e6:.0f} MB: {ROWS / ours:,.0f} rows/s")
    print(f"read_meeting_guide / json.loads: {statistics.median(a / b for a, b in pairs):.1f}")
    print(f"json.loads: {ROWS / theirs:,.0f} rows/s")


if __name__ == "__main__":
    main()
