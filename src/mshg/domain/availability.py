"""Which meetings of a group a person can get to."""

from typing import Annotated

from attrs import frozen

from mshg._fields import post_init, whole_within

Count = Annotated[int, whole_within(0, 1_000_000)]


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

    in_person: Count
    online: Count

    __attrs_post_init__ = post_init

    @property
    def is_in_reach(self) -> bool:
        """Whether there is any."""
        return self.in_person + self.online > 0
