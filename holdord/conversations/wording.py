"""Every sentence a customer gets from here, in the customer's language."""

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
                _("Does it work now?"),
                _("Yes: %(link)s") % {"link": f"{link}?works=yes"},
                _("No: %(link)s") % {"link": f"{link}?works=no"},
            ]
        )


def signature(*, name: str, inbox: str) -> str:
    """Who writes: first name and brand. The same in every language."""
    return f"{name}\n{inbox}" if name else inbox


def reply_subject(*, number: int, language: str) -> str:
    """The subject of a mail in a conversation that has none."""
    with override(language):
        return _("Your case %(number)s") % {"number": number}
