"""Old mail from files: mbox, Maildir and .eml, in an order that stays, so that an interrupted import goes on."""

from holdord.channels.importing.sources import NotMail, mails_in
from holdord.channels.importing.takes import Progress, import_mails

__all__ = ["NotMail", "Progress", "import_mails", "mails_in"]
