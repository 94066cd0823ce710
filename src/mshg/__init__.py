"""Mutual self-help groups in recovery: which fit what a person believes, and where they meet.

Every public name opens on first use, so that importing mshg costs next to nothing:

>>> import mshg
>>> catalog = mshg.catalog.load()
>>> shortlist = mshg.fit.shortlist(mshg.Person(id="1"), catalog)
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mshg import (
        catalog,
        codec,
        domain,
        engagement,
        errors,
        events,
        feeds,
        fit,
        meetings,
        outcomes,
        pairing,
        risk,
        store,
        wording,
    )
    from mshg import testing as testing
    from mshg.domain import (
        Barrier,
        Concern,
        Dealbreaker,
        Dimension,
        Experience,
        Goal,
        Group,
        Meeting,
        MeetingMode,
        MeetingPreferences,
        Person,
        Position,
        SeeksHelpFor,
        Slot,
        StanceProfile,
        Substance,
        SupporterProfile,
        TreatmentStatus,
    )
    from mshg.errors import MshgError, MshgWarning, ValidationError

__version__ = "0.1.0"

__all__ = [
    "Barrier",
    "Concern",
    "Dealbreaker",
    "Dimension",
    "Experience",
    "Goal",
    "Group",
    "Meeting",
    "MeetingMode",
    "MeetingPreferences",
    "MshgError",
    "MshgWarning",
    "Person",
    "Position",
    "SeeksHelpFor",
    "Slot",
    "StanceProfile",
    "Substance",
    "SupporterProfile",
    "TreatmentStatus",
    "ValidationError",
    "__version__",
    "catalog",
    "codec",
    "domain",
    "engagement",
    "errors",
    "events",
    "feeds",
    "fit",
    "meetings",
    "outcomes",
    "pairing",
    "risk",
    "store",
    "wording",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    # testing opens as well, but stays out of __all__: it needs an extra, and * must not.
    if (name in __all__ or name == "testing") and name.islower():
        return import_module(f"mshg.{name}")
    if name not in __all__:
        message = f"module 'mshg' has no attribute {name!r}"
        raise AttributeError(message)
    is_error = name.endswith(("Error", "Warning"))
    found: object = getattr(import_module("mshg.errors" if is_error else "mshg.domain"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
