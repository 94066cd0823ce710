"""Meeting lists in: `mshg.Meeting` nouns out, with an account of every row."""

from mshg.feeds.bmlt import read_bmlt
from mshg.feeds.masking import redact_text
from mshg.feeds.meeting_guide import read_meeting_guide
from mshg.feeds.reports import FeedReport, RejectedRow
from mshg.feeds.writing import write_meeting_guide

__all__ = [
    "FeedReport",
    "RejectedRow",
    "read_bmlt",
    "read_meeting_guide",
    "redact_text",
    "write_meeting_guide",
]
