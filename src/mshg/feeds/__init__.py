"""Meeting lists in: `mshg.Meeting` models out, with an account of every row."""

from mshg.feeds.bmlt import read_bmlt
from mshg.feeds.hsds import read_hsds
from mshg.feeds.ics import read_ics
from mshg.feeds.masking import redact_text
from mshg.feeds.meeting_guide import read_meeting_guide
from mshg.feeds.naws import read_naws
from mshg.feeds.reports import FeedReport, RejectedRow
from mshg.feeds.sniffing import sniff
from mshg.feeds.tables import read_airtable, read_csv, read_google_sheet
from mshg.feeds.writing import write_meeting_guide

__all__ = [
    "FeedReport",
    "RejectedRow",
    "read_airtable",
    "read_bmlt",
    "read_csv",
    "read_google_sheet",
    "read_hsds",
    "read_ics",
    "read_meeting_guide",
    "read_naws",
    "redact_text",
    "sniff",
    "write_meeting_guide",
]
