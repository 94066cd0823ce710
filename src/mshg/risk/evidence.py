"""What the inputs of a person rest on, so that sentences can say more than a number."""

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from mshg._mappings import FrozenMapping


def _values(value: Mapping[str, object]) -> Mapping[str, object]:
    return FrozenMapping(value) if isinstance(value, Mapping) else value


@frozen(kw_only=True, repr=False)
class Evidence:
    """What an input rests on.

    Parameters
    ----------
    on
        The day that it is of.
    form
        Which sentence tells it; None for the plain one.
    values
        What that sentence says beside the number.

    See ``docs/explanation/risk-model-and-limits.md``.
    """

    on: date | None = None
    form: str | None = None
    values: Mapping[str, object] = field(factory=FrozenMapping, converter=_values)

    def __repr__(self) -> str:
        return "Evidence(…)"
