"""Every sentence a customer gets from here, in the customer's language."""

from django.utils.translation import gettext as _
from django.utils.translation import override


def too_large_letter(*, link: str, language: str) -> str:
    """The letter after a mail of which only the head could be kept."""
    with override(language):
        paragraphs = [
            _("Your mail was too large for us. We have kept its beginning, but not the files that came with it."),
            _("You can send us the files on your case page: %(link)s") % {"link": link},
            _("This message was sent automatically."),
        ]
        return "\n\n".join(paragraphs)
