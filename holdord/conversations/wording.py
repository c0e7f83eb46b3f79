"""Every sentence a customer gets from here, in the customer's language."""

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override


def closing_letter(*, reason: str, language: str) -> str:
    """The mail that tells why a conversation was closed; `reason` is the agent's own words."""
    with override(language):
        return "\n\n".join(
            [reason, _("With this we close your case. Write back if anything is missing, and it opens again.")]
        )


def reopened_letter(*, language: str) -> str:
    """The mail that tells that a closing was undone."""
    with override(language):
        return _("We closed your case too early, and have opened it again. You do not need to do anything.")


def case_page_line(*, link: str, language: str) -> str:
    """The line under a mail that leads to the case page."""
    with override(language):
        return _("Your case page, only for you: %(link)s") % {"link": link}


def works_lines(*, link: str, language: str) -> str:
    """The two links under an answer: what they lead to has a button, so that looking at them changes nothing."""
    with override(language):
        return "\n".join(
            [
                _("Is everything sorted now?"),
                _("Yes: %(link)s") % {"link": f"{link}?works=yes"},
                _("No: %(link)s") % {"link": f"{link}?works=no"},
            ]
        )


def signature(*, name: str, inbox: str) -> str:
    """Who writes: first name and brand. The same in every language."""
    return f"{name}\n{inbox}" if name else inbox


def signature_below(text: str, *, name: str, inbox: str) -> str:
    """The signature under a text, without what its writer has put at the end already."""
    end = [line.strip() for line in text.splitlines() if line.strip()][-_LINES_OF_A_CLOSING:]
    signed = [line.casefold() for line in end if len(line) <= _LONGEST_CLOSING_LINE]
    is_named = bool(name) and any(re.match(rf"{re.escape(name.casefold())}\b", line) for line in signed)
    is_branded = is_named and any(inbox.casefold() in line for line in signed)
    return "" if is_branded else signature(name="" if is_named else name, inbox=inbox)


_LINES_OF_A_CLOSING: Final = 3
_LONGEST_CLOSING_LINE: Final = 40
"""Letters: whoever is named in a longer line is spoken of."""


def reply_subject(*, number: int, language: str) -> str:
    """The subject of a mail in a conversation that has none."""
    with override(language):
        return _("Your case %(number)s") % {"number": number}
