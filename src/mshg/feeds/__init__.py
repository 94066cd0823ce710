"""Meeting lists in: `mshg.Meeting` nouns out, with an account of every row."""

from mshg.feeds.meeting_guide import read_meeting_guide
from mshg.feeds.reports import FeedReport, RefusedRow

__all__ = ["FeedReport", "RefusedRow", "read_meeting_guide"]
