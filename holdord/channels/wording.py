"""Every sentence a person gets from here: a customer in the customer's language, others in the active one."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from holdord.channels.models.mailboxes import Fault


def too_large_letter(*, link: str, language: str) -> str:
    """The letter after a mail of which only the head could be kept."""
    with override(language):
        paragraphs = [
            _("Your mail was too large for us. We have kept its beginning, but not the files that came with it."),
            _("You can send us the files on your case page: %(link)s") % {"link": link},
            _("This message was sent automatically."),
        ]
        return "\n\n".join(paragraphs)


def fault_in_words(fault: str, *, host: str, port: int, folder: str = "") -> str:
    """Why a mail server can't be used, and what to do about it, for whoever set it up."""
    said = {
        Fault.UNKNOWN_HOST: _("There is no server called %(host)s. Look for a slip in the name."),
        Fault.REFUSED: _("%(host)s takes no connection on port %(port)s. Look at the port and at firewalls between."),
        Fault.NO_ANSWER: _("%(host)s does not answer on port %(port)s. Look at the port and at how it is protected."),
        Fault.NO_TLS: _("%(host)s does not speak TLS that way on port %(port)s. Choose another protection or port."),
        Fault.WANTS_TLS: _("%(host)s takes a password on a protected connection only. Choose TLS or STARTTLS."),
        Fault.BAD_CERTIFICATE: _(
            "The certificate of %(host)s is out of date, made for another name, or vouched for by nobody we trust."
        ),
        Fault.WRONG_PASSWORD: _(
            "%(host)s does not take this user with this password. Some providers want a password made for programs."
        ),
        Fault.NO_FOLDER: _("The mailbox has no folder called %(folder)s."),
        Fault.LOST_SECRET: _("The desk’s key was changed, so the password can’t be read any more. Type it again."),
        Fault.NOT_NOW: _("%(host)s can’t let us in right now. This may pass by itself in some minutes."),
    }
    words = said.get(Fault(fault), _("It did not work with %(host)s. What was said stands below."))
    return words % {"host": host, "port": port, "folder": folder}
