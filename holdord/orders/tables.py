"""Tables (CSV) of orders and of places, read line by line. What can't be read is a fault with its line and column."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from holdord.kernel.languages import LANGUAGES
from holdord.orders.rules import CancelledBy, EventKind, Line, Placement, Said

ORDER_COLUMNS = (
    "number", "kind", "event", "at", "email", "name", "language", "sku", "article", "quantity", "price",
    "promised_on", "accept_later", "reason", "by", "new_date",
)  # fmt: skip
PLACE_COLUMNS = ("pool", "date", "starts_at", "ends_at", "places")
MOST_LINES = 100_000


class NotATable(Exception):
    """The first line does not name the columns; `missing` are those that must be there."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class _Wrong(Exception):
    """A field that can't be read."""

    def __init__(self, column: str, outcome: str, said: str = "") -> None:
        super().__init__(column)
        self.result = (outcome, column, said)


@dataclass(frozen=True)
class Result:
    """What a line does, or what is wrong with it: a key and, for some, a word or a column."""

    line: int
    outcome: str
    is_wrong: bool = False
    column: str = ""
    said: str = ""


@dataclass(frozen=True)
class OrderItem:
    """An order (of one or more lines) or an event, or the fault that keeps it from being one."""

    line: int
    number: str = ""
    told: Placement | Said | None = None
    fault: Result | None = None


@dataclass(frozen=True)
class PlaceItem:
    """One span of a pool, or the fault."""

    line: int
    pool: str = ""
    on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    places: int = 0
    fault: Result | None = None


def text_of(content: bytes) -> str:
    """The text of a file from a spreadsheet: UTF-8, else what Windows writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def orders_in(text: str, *, zone: str) -> list[OrderItem]:
    """The orders and events of a table; lines of one order that follow each other are its articles. Moments without a
    zone are on the clock of `zone`. Raises NotATable.
    """
    items: list[OrderItem] = []
    for line, row in _rows(text, needed=["number"]):
        item: OrderItem = _read(line, row, zone, _order, OrderItem)
        whole = _joined(items[-1], item) if items else None
        if whole is not None:
            items[-1] = whole
        else:
            items.append(item)
    return items


def _joined(last: OrderItem, item: OrderItem) -> OrderItem | None:
    """Both as one order, if the second is another article of the first."""
    if last.number != item.number or not isinstance(last.told, Placement) or not isinstance(item.told, Placement):
        return None
    return replace(last, told=replace(last.told, lines=(*last.told.lines, *item.told.lines)))


def places_in(text: str, *, zone: str) -> list[PlaceItem]:
    """The places of a table. Raises NotATable."""
    return [_read(line, row, zone, _place, PlaceItem) for line, row in _rows(text, needed=["pool", "places"])]


def _rows(text: str, *, needed: list[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
    names = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in needed if name not in names]
    if missing:
        raise NotATable(missing)
    for fields in reader:
        if any(field.strip() for field in fields) and reader.line_num <= MOST_LINES:
            yield reader.line_num, dict(zip(names, (field.strip() for field in fields), strict=False))


def _read(
    line: int,
    row: Mapping[str, str],
    zone: str,
    read: Callable[[Mapping[str, str], str], dict[str, Any]],
    make: Callable[..., Any],
) -> Any:
    try:
        return make(line, **read(row, zone))
    except _Wrong as wrong:
        outcome, column, said = wrong.result
        return make(line, fault=Result(line, outcome, True, column, said[:200]))


def _order(row: Mapping[str, str], zone: str) -> dict[str, Any]:
    number, kind = _needed(row, "number", most=60), row.get("kind", "").lower() or EventKind.PLACED.value
    if kind not in set(EventKind):
        raise _Wrong("kind", "one_of", ", ".join(EventKind))
    if kind == EventKind.PLACED:
        return {"number": number, "told": _placement(row, number, zone)}
    by = row.get("by", "").lower()
    if by and by not in set(CancelledBy):
        raise _Wrong("by", "one_of", ", ".join(CancelledBy))
    said = Said(
        event=row.get("event", "")[:100] or kind,
        kind=EventKind(kind),
        at=_moment(row, "at", zone),
        reason=row.get("reason", "")[:300],
        by=CancelledBy(by) if by else None,
        new_date=_day(row, "new_date"),
        accept_later=_yes(row, "accept_later"),
    )
    return {"number": number, "told": said}


def _placement(row: Mapping[str, str], number: str, zone: str) -> Placement:
    email, language = _needed(row, "email", most=254), row.get("language", "").lower()
    try:
        validate_email(email)
    except ValidationError as refusal:
        raise _Wrong("email", "no_address") from refusal
    if language and language not in LANGUAGES:
        raise _Wrong("language", "one_of", ", ".join(LANGUAGES))
    quantity = _count(row, "quantity", default=1)
    if not 1 <= quantity <= 100_000:
        raise _Wrong("quantity", "unreadable")
    line = Line(_needed(row, "sku", most=60), quantity, row.get("article", "")[:200], _price(row))
    return Placement(
        number=number,
        email=email,
        name=row.get("name", "")[:200],
        language=language,
        lines=(line,),
        placed_at=_moment(row, "at", zone),
        promised_on=_day(row, "promised_on"),
        accept_later=_yes(row, "accept_later"),
        event=row.get("event", "")[:100] or "placed",
    )


def _place(row: Mapping[str, str], zone: str) -> dict[str, Any]:
    on, starts_at, ends_at = _day(row, "date"), _moment(row, "starts_at", zone), _moment(row, "ends_at", zone)
    pool, places = _needed(row, "pool", most=60), _count(row, "places")
    if on is None and (starts_at is None or ends_at is None):
        raise _Wrong("date", "missing")
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise _Wrong("ends_at", "backwards")
    if places > 1_000_000:
        raise _Wrong("places", "unreadable")
    return {"pool": pool, "on": on, "starts_at": starts_at, "ends_at": ends_at, "places": places}


def _needed(row: Mapping[str, str], column: str, *, most: int) -> str:
    value = row.get(column, "")
    if not value:
        raise _Wrong(column, "missing")
    if len(value) > most or not value.isprintable() or (column == "number" and "/" in value):
        raise _Wrong(column, "unreadable")
    return value


def _day(row: Mapping[str, str], column: str) -> date | None:
    value = row.get(column, "")
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError as fault:
        raise _Wrong(column, "no_date_there") from fault
    if day is not None and not 2000 <= day.year <= 2100:
        raise _Wrong(column, "no_date_there")
    return day


def _moment(row: Mapping[str, str], column: str, zone: str) -> datetime | None:
    value = row.get(column, "")
    try:
        moment = datetime.fromisoformat(value) if value else None
    except ValueError as fault:
        raise _Wrong(column, "no_date_there") from fault
    if moment is None:
        return None
    if not 2000 <= moment.year <= 2100:
        raise _Wrong(column, "no_date_there")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _count(row: Mapping[str, str], column: str, *, default: int | None = None) -> int:
    value = row.get(column, "")
    if not value and default is not None:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise _Wrong(column, "unreadable" if value else "missing")
    return int(value)


def _price(row: Mapping[str, str]) -> Decimal | None:
    value = row.get("price", "").replace(",", ".")
    try:
        price = Decimal(value).quantize(Decimal("0.01")) if value else None
    except InvalidOperation as fault:
        raise _Wrong("price", "unreadable") from fault
    if price is not None and not 0 <= price < 10**10:
        raise _Wrong("price", "unreadable")
    return price


def _yes(row: Mapping[str, str], column: str) -> bool:
    value = row.get(column, "").lower()
    if value not in {"", "yes", "no", "1", "0", "true", "false"}:
        raise _Wrong(column, "one_of", "yes, no")
    return value in {"yes", "1", "true"}
