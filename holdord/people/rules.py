"""How addresses are written down. Pure functions."""

import phonenumbers


class NotAnAddress(ValueError):
    """This can't be an address of its kind."""


def clean_address(kind: str, address: str) -> str:
    """The one form in which an address is kept: e-mail lower-cased with nothing folded, phone numbers in E.164.

    Raises NotAnAddress for a phone number that is none.
    """
    if kind != "phone":
        return address.strip().lower()
    try:
        number = phonenumbers.parse(address, None if address.strip().startswith("+") else "DK")
    except phonenumbers.NumberParseException as error:
        raise NotAnAddress(address) from error
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
