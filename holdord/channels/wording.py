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


def sign_in_subject(*, inbox: str, language: str) -> str:
    """The subject of the mail with a link to all cases."""
    with override(language):
        return _("Your cases with %(name)s") % {"name": inbox}


def sign_in_letter(*, link: str, other: str, language: str) -> str:
    """The mail with the link; it says nothing of whether there are any cases."""
    with override(language):
        return "\n\n".join(
            [
                _("Somebody, most likely you, asked for a link to the cases under this mail address:"),
                link,
                _("It is good for 20 minutes, and for one use. If it was not you, do nothing: nobody else sees it."),
            ]
        )


def join_letter(*, link: str, other: str, language: str) -> str:
    """The mail that asks whether two addresses belong to one person."""
    with override(language):
        return "\n\n".join(
            [
                _("Somebody, most likely you, says that this mail address and %(other)s belong to one person.")
                % {"other": other},
                link,
                _("If that is so, open the link within 20 minutes. If it is not, do nothing: all stays as it is."),
            ]
        )


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
