"""In which order those who wait are taken: the plain orders that the desk's own is compared with."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import ClassVar, Protocol

from holdord.promises.rules import due_by_pledge
from holdord.simulation.contacts import Contact
from holdord.simulation.house import House


class Floor(Protocol):
    """What an order sees of the running desk."""

    @property
    def now(self) -> float:
        """Minutes from the beginning."""

    @property
    def someone_is_free(self) -> bool:
        """Whether a person has nothing to do at this moment."""

    def later(self, at: float, act: Callable[[], None]) -> None:
        """Do something at a later minute."""

    def ring(self) -> None:
        """Those who have nothing to do look again."""


class Order(ABC):
    """Takes who comes, and says whom a free person takes next. `sick_days` says day by day who will not come: an order
    may use of it only the days whose morning has come.
    """

    name: ClassVar[str]

    def __init__(self, house: House, floor: Floor, sick_days: Sequence[set[int]]) -> None:
        self.house, self.floor, self.sick_days = house, floor, sick_days

    @abstractmethod
    def takes(self, contact: Contact) -> None:
        """Somebody calls or writes."""

    @abstractmethod
    def next(self) -> Contact | None:
        """Whom a free person takes now."""

    def done(self, contact: Contact) -> None:  # noqa: B027 - plain orders have nothing to give back
        """The work for somebody is done."""

    def morning(self, day: int) -> None:  # noqa: B027 - plain orders take it as it comes
        """The desk opens; who is sick today is known."""


class PlainOrder(Order):
    """One queue, sorted by a key. Everybody is given the fixed service level; nobody is told anything."""

    def __init__(self, house: House, floor: Floor, sick_days: Sequence[set[int]]) -> None:
        super().__init__(house, floor, sick_days)
        self._queue: list[tuple[tuple[float, ...], int, Contact]] = []
        self._count = 0

    def takes(self, contact: Contact) -> None:
        within = contact.inquiry.stream.within
        asked_at = self.house.moment(contact.at)
        contact.due_at = due_by_pledge(asked_at=asked_at, within=within, calendar=self.house.calendar)
        contact.first_due_at = contact.due_at
        self._count += 1
        heappush(self._queue, (self.key(contact), self._count, contact))
        self.floor.ring()

    def next(self) -> Contact | None:
        while self._queue:
            contact = heappop(self._queue)[-1]
            if contact.is_open:
                return contact
        return None

    @abstractmethod
    def key(self, contact: Contact) -> tuple[float, ...]:
        """Smaller is sooner."""


class FirstComeFirstServed(PlainOrder):
    """Whoever has waited longest."""

    name = "first come, first served"

    def key(self, contact: Contact) -> tuple[float, ...]:
        return (contact.at,)


class ByPriority(PlainOrder):
    """The most important kind first (1 before 2), in it whoever has waited longest."""

    name = "by priority"

    def key(self, contact: Contact) -> tuple[float, ...]:
        return (contact.inquiry.stream.priority, contact.at)


class ByServiceLevel(PlainOrder):
    """Whoever's fixed service level ends first."""

    name = "by service level"

    def key(self, contact: Contact) -> tuple[float, ...]:
        assert contact.due_at is not None
        return (self.house.minutes(contact.due_at),)
