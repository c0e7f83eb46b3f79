"""The tables of this package, by subject."""

from holdord.channels.models.arrivals import Arrival, ArrivalState, Delivery, RawMail, Transport
from holdord.channels.models.forms import ChatSigning, FieldKind, FormField, FormFieldWords, FormSite
from holdord.channels.models.mailboxes import ImportRun, Mailbox, MailboxAlarm, MailboxFolder
from holdord.channels.models.sending import SendingAttempt
from holdord.channels.models.sign_ins import SignIn

__all__ = [
    "Arrival",
    "ArrivalState",
    "ChatSigning",
    "Delivery",
    "FieldKind",
    "FormField",
    "FormFieldWords",
    "FormSite",
    "ImportRun",
    "Mailbox",
    "MailboxAlarm",
    "MailboxFolder",
    "RawMail",
    "SendingAttempt",
    "SignIn",
    "Transport",
]
