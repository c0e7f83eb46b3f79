"""How addresses are written down. Pure functions."""

import phonenumbers


class NotAnAddress(ValueError):
    """This can't be an address of its kind."""


def clean_address(kind: str, address: str, *, country: str = "DK") -> str:
    """The one form in which an address is kept: e-mail lower-cased with nothing folded, phone numbers in E.164.

    A number without its country code is one of `country` (ISO 3166). Raises NotAnAddress for one that can't exist.
    """
    if kind != "phone":
        return address.strip().lower()
    try:
        number = phonenumbers.parse(address, None if address.strip().startswith("+") else country)
    except phonenumbers.NumberParseException as error:
        raise NotAnAddress(address) from error
    if not phonenumbers.is_possible_number(number):
        raise NotAnAddress(address)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
