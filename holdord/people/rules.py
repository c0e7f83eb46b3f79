"""How addresses are written down. Pure functions."""

import phonenumbers

from holdord.kernel.languages import HOME_OF


class NotAnAddress(ValueError):
    """This can't be an address of its kind."""


def clean_address(kind: str, address: str, *, country: str = "DK", language: str = "") -> str:
    """The one form in which an address is kept: e-mail lower-cased with nothing folded, phone numbers in E.164.

    A number without its country code is one of `country` (ISO 3166); what is none there is one of where `language` is
    at home. Raises NotAnAddress for one that can't exist.
    """
    if kind != "phone":
        return address.strip().lower()
    places = (country, HOME_OF.get(language, country))
    found = [number for number in (_number(address, place) for place in places) if number is not None]
    if not found:
        raise NotAnAddress(address)
    surely = [number for number in found if phonenumbers.is_valid_number(number)]
    return phonenumbers.format_number((surely or found)[0], phonenumbers.PhoneNumberFormat.E164)


def _number(typed: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(typed, None if typed.strip().startswith("+") else country)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def spaced_number(number: str) -> str:
    """A phone number as people read it, +49 40 1234567; what is none stays as it is (ITU-T E.123)."""
    try:
        known = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def example_number(country: str) -> str:
    """A number of `country` (ISO 3166) with its country's number in front, to show how one is written."""
    example = phonenumbers.example_number(country)
    if example is None:
        return "+45 32 12 34 56"
    return phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
