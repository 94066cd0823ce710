"""Days and stretches of time in the words of a language."""

from datetime import date

from attrs import frozen

from mshg.wording import Wording

DAYS_A_WEEK = 7
_DAYS_IN_DAYS = 21  # longer ones are given in weeks (judgment)


@frozen
class Say:
    """A wording, and the day it speaks on; None where no day is known."""

    wording: Wording
    as_of: date | None

    def __call__(self, key: str, **values: object) -> str:
        """Say a sentence."""
        return self.wording.say(key, **values)

    def day(self, day: date) -> str:
        """A day, with its year where that is not the year of ``as_of``."""
        is_this_year = self.as_of is not None and day.year == self.as_of.year
        key = "risk.day" if is_this_year else "risk.day_and_year"
        values = {"month": self(f"month.{day.month}"), "day": day.day}
        return self(key, **values) if is_this_year else self(key, year=day.year, **values)

    def on(self, day: date | None) -> str:
        """The same as an addition to a sentence; nothing where no day is known."""
        return "" if day is None else self("risk.on", day=self.day(day))

    def ago(self, days: float) -> str:
        """How long ago, in days or weeks."""
        if days < 2:
            return self("risk.yesterday" if days >= 1 else "risk.today")
        if days < _DAYS_IN_DAYS:
            return self("risk.days_ago", days=int(days))
        return self("risk.weeks_ago", weeks=int(days // DAYS_A_WEEK))

    def weeks(self, weeks: float) -> str:
        """A stretch of weeks."""
        return self("risk.week" if int(weeks) == 1 else "risk.weeks", weeks=int(weeks))

    def and_so_on(self, parts: list[str]) -> str:
        """A list of parts."""
        if len(parts) == 1:
            return parts[0]
        listed = self("list.last_two", first=parts[-2], last=parts[-1])
        for part in reversed(parts[:-2]):
            listed = self("list.more", first=part, rest=listed)
        return listed


def number(value: float) -> str:
    """A number as people write it: at most one digit after the point."""
    return f"{round(value, 1):g}"
