"""The desk of a scenario: its calendar, its people's hours, and simulated minutes as moments."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdord.kernel.working_time import Calendar, Span, Supply, supply_of, week_of
from holdord.promises.rules import Slot
from holdord.simulation.scenario import Scenario


class House:
    """Where and when people work. Simulated time counts minutes from local midnight of the first day."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        week = week_of({weekday: [(scenario.opens, scenario.closes)] for weekday in scenario.weekdays})
        self.calendar = Calendar(scenario.zone, week)
        self.days = self._open_days()
        self.begins = datetime.combine(self.days[0], time(), ZoneInfo(scenario.zone)).astimezone(UTC)
        self.openings = [self.calendar.spans_on(day)[0] for day in self.days]
        self._shifts = [shift for shift in scenario.shifts for _ in range(shift.people)]

    def _open_days(self) -> list[date]:
        days: list[date] = []
        day = self.scenario.starts_on
        while len(days) < self.scenario.all_days:
            if self.calendar.spans_on(day):
                days.append(day)
            day += timedelta(days=1)
        return days

    def moment(self, minutes: float) -> datetime:
        """The moment so many minutes from the beginning, in UTC."""
        return self.begins + timedelta(minutes=minutes)

    def minutes(self, moment: datetime) -> float:
        """How many minutes from the beginning a moment lies."""
        return (moment - self.begins) / timedelta(minutes=1)

    @property
    def ends(self) -> float:
        """When the last simulated day closes, in minutes."""
        return self.minutes(self.openings[-1][1])

    def closings(self) -> Iterator[float]:
        """When the line closes for the day. A desk that opens again within the minute never closes."""
        for number, (_, closes) in enumerate(self.openings):
            following = self.openings[number + 1][0] if number + 1 < len(self.openings) else None
            if following is None or following - closes > timedelta(minutes=1):
                yield self.minutes(closes)

    def next_open(self, minutes: float) -> float:
        """This minute if the line is open then, else when it opens next."""
        return self.minutes(self.calendar.next_open(self.moment(minutes)))

    def spans_of(self, person: int, sick: Sequence[set[int]]) -> list[Span]:
        """When a person works, on the days on which they are well."""
        zone, shift = ZoneInfo(self.scenario.zone), self._shifts[person]
        return [
            (
                datetime.combine(day, shift.starts, zone).astimezone(UTC),
                datetime.combine(day, shift.ends, zone).astimezone(UTC),
            )
            for day, absent in zip(self.days, sick, strict=True)
            if person not in absent
        ]

    @property
    def people(self) -> range:
        """The numbers of the people who work here."""
        return range(len(self._shifts))

    def supply(self, share: float, sick: Sequence[set[int]]) -> Supply:
        """A share of the minutes that people have, with those who are sick left out."""
        return supply_of([(self.spans_of(person, sick), share) for person in self.people])

    def slots(self, share: float, minutes_each: float, sick: Sequence[set[int]]) -> list[Slot]:
        """Call-back slots over all open hours; each has as many places as calls of `minutes_each` fit into its share of
        the people's minutes.
        """
        assert self.scenario.call_backs is not None
        supply, length = self.supply(share, sick), timedelta(minutes=self.scenario.call_backs.slot_minutes)
        slots = []
        for opens, closes in self.openings:
            starts = opens
            while starts + length <= closes:
                there = supply.until(starts + length) - supply.until(starts)
                slots.append(Slot(starts, starts + length, int(there / minutes_each + 1e-9)))
                starts += length
        return slots
