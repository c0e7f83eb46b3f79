"""The fields that several requests share, with their bounds: what passes here no table refuses."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from django.core.exceptions import ValidationError as NotValid
from django.core.validators import validate_email
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic_core import PydanticCustomError

from holdord.kernel import clock

LARGEST_KEY = 2**63 - 1


def _printable(text: str) -> str:
    if any((ord(letter) < 32 and letter not in "\t\n\r") or ord(letter) == 127 for letter in text):
        raise PydanticCustomError("not_printable", "control characters can't be kept")
    return text


def _address(text: str) -> str:
    try:
        validate_email(text)
    except NotValid as refusal:
        raise PydanticCustomError("not_an_address", "no mail address") from refusal
    return text


def _near(day: date) -> date:
    if abs((day - clock.now().date()).days) > _NEAR.days:
        raise PydanticCustomError("too_far", "too far away")
    return day


def _near_moment(moment: datetime) -> datetime:
    _near(moment.date())
    return moment.astimezone(UTC)


_NEAR = timedelta(days=2 * 365)

_Line = StringConstraints(strip_whitespace=True, min_length=1)
Text = Annotated[str, _Line, AfterValidator(_printable)]
"""Some words, not empty."""

MayBeEmpty = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_printable)]

Number = Annotated[Text, StringConstraints(max_length=60, pattern=r"^[^/]+$")]
"""An order number: anything without a slash."""

Key = Annotated[Text, StringConstraints(max_length=100)]
Sku = Annotated[Text, StringConstraints(max_length=60)]
Slug = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Email = Annotated[Text, StringConstraints(max_length=254), AfterValidator(_address)]
Day = Annotated[date, AfterValidator(_near)]
"""A date within two years of today."""

Moment = Annotated[AwareDatetime, AfterValidator(_near_moment)]
"""A moment with its zone, within two years of today."""

Quantity = Annotated[int, Field(ge=1, le=100_000)]
Id = Annotated[int, Field(ge=1, le=LARGEST_KEY)]
