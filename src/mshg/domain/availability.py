"""Which meetings of a group a person can get to."""

from attrs import frozen

from mshg._checks import enforce, whole

_MOST = 1_000_000


@frozen(kw_only=True)
class Availability:
    """How many meetings of a group are in reach in the coming seven days.

    Parameters
    ----------
    in_person
        Meetings that the person can go to.
    online
        Meetings that can be joined from afar; one that is both counts here as well.
    """

    in_person: int
    online: int

    def __attrs_post_init__(self) -> None:
        enforce(in_person=whole(self.in_person, 0, _MOST), online=whole(self.online, 0, _MOST))

    @property
    def is_in_reach(self) -> bool:
        """Whether there is any."""
        return self.in_person + self.online > 0
