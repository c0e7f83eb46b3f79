"""Reports of mail systems: which are failures, whom they concern, and which of our messages came back.

Structure first (RFC 3464, RFC 8098), then what programs without reports write, since half of all bounces are such.
"""

import re
from dataclasses import dataclass
from typing import Final

from holdord.channels.email.reading.cleaning import clean_line
from holdord.channels.email.reading.headers import Header, read_fields
from holdord.channels.email.reading.identifiers import parse_message_id
from holdord.channels.email.reading.structure import Part
from holdord.channels.email.reading.values import Defects, Machine

_MOST_RECIPIENTS: Final = 100
_SCANNED: Final = 20_000  # characters of a report's text that are looked at

_ADDRESS: Final = re.compile(
    r"(?<![A-Za-z0-9._%+=/!#$&'*^`{|}~-])[A-Za-z0-9._%+=/!#$&'*^`{"
    r"|}~-]{1,128}@(?:[A-Za-z0-9_-]{1,63}\.){0,8}[A-Za-z0-9_-]{1,63}"
)
_ANY_ADDRESS: Final = re.compile(r"[^\s<>@,;\"]{1,128}@[^\s<>@,;\"]{1,255}")  # internationalised too (RFC 6533)
_UTF8_XTEXT: Final = re.compile(r"\\x\{(10[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2,5})\}")  # how RFC 6533 spells them in ASCII
_ADDRESS_ON_ITS_OWN: Final = re.compile(
    r"^[ \t>]{0,12}(?:<|\(|to:? <?|recipient:? <?|mailto:)?(" + _ADDRESS.pattern + r")>?\)?(?=[\s:,;.)]|$)",
    re.MULTILINE | re.IGNORECASE,
)
_STATUS: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE: Final = re.compile(r"(?<![\d.])([45])\d\d[ -]")
_MESSAGE_ID: Final = re.compile(r"^[ \t>]{0,6}message-id:\s{0,5}(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)

_FAILURE_WORDS: Final = re.compile(
    r"undeliver|mail fail|malformed (?:recipient )?address|delivery problem|failed address|"
    r"not (?:be )?(?:been )?deliver|non-?deliver|delivery (?:has )?fail|failed delivery"
    r"|delivery failure|failure notice|returned mail|mail returned"
    r"|returned to sender|could ?n[o']t be (?:delivered|sent)|cannot be delivered|(?:was|were)n[o']t"
    r" able to deliver|unable to deliver|did not reach|not reach the following"
    r"|permanent (?:fatal )?error|fatal errors|delivery (?:to the following recipients? )?(?:failed"
    r"|error)|user unknown|unknown user|no such user|mailbox (?:is )?(?:unavailable|full|not found)"
    r"|recipient (?:address )?rejected|address (?:rejected|not found|couldn't be found)|over quota"
    r"|mail system error|undelivered|unroutable|message not delivered"
    r"|(?:could|did) not deliver|has been rejected|was rejected|delivery status notification"
    r" \(failure\)|mail delivery (?:error|problem)|transmission (?:failure|error)"
    r"|ikke (?:leveres|leveret|levert)|kunne ikke levere|inte levereras|olevererbar|unzustellbar"
    r"|nicht zugestellt|konnte nicht|non (?:remis|distribu)|no se pudo|送信できませんでした|エラー",
    re.IGNORECASE,
)
_DELAY_WORDS: Final = re.compile(
    r"delivery status notification \(delay|delayed|warning: (?:could not send|message)|will"
    r" (?:continue to try|be retried|keep trying)|still (?:being )?(?:trying|retrying)|temporar(?:y"
    r"|ily) (?:problem|delay)"
    r"|transient|could not send message for past|forsinket|verzögert|försenad",
    re.IGNORECASE,
)
_GIVEN_UP: Final = re.compile(
    r"permanent|gave up|given up|giving up|failed permanently|too long|expired|returned", re.IGNORECASE
)
_FULL: Final = re.compile(
    r"over ?quota|quota exceeded|mailbox (?:is )?full|exceeded storage|insufficient (?:disk|system)"
    r" s|postboks\w* (?:er )?full|brevlådan är full|postfach (?:ist )?voll",
    re.IGNORECASE,
)
_TRUSTED_SUBJECT: Final = re.compile(
    r"^\W{0,3}(?:undelivered mail returned to sender|mail delivery failed|failure notice|delivery"
    r" status notification|returned mail|undeliverable|delivery failure"
    r"|mail delivery (?:failure|error|system)|delivery (?:has )?failed|message undeliverable|mail"
    r" system error|nondeliverable mail|delivery notification|non-delivery|warning: (?:could not send|message)"
    r"|kan ikke leveres|kunne ikke leveres|ikke leveret|ikke levert|olevererbart|det går inte att"
    r" leverera|unzustellbar|nicht zustellbar|mail could not be delivered|undelivered)",
    re.IGNORECASE,
)
_DAEMON: Final = re.compile(
    r"^(?:mailer[-_. ]?daemon|mail[-_.]?daemon|post[-_]?master|mdaemon|mail[-_.]?delivery.{0,30}"
    r"|microsoftexchange[0-9a-f]{10,40}|maildelivery|bounces?|double-bounce|no-?reply-?dsn|mailerdaemon)$",
    re.IGNORECASE,
)
_DAEMON_NAME: Final = re.compile(
    r"mail delivery (?:sub)?system|mailer-daemon|mail administrator|system administrator|post"
    r" ?master|mail deliver|internet mail delivery|delivery (?:sub)?system|systemadministrator",
    re.IGNORECASE,
)


_NO_FAILURES: Final = frozenset({"delivered", "relayed", "expanded", "deliverable", "transmitted"})


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: its class, and for a failure whom and what it concerns."""

    machine: Machine
    recipient: str | None = None
    message_id: str | None = None
    marker: str = ""


def is_daemon(name: str, address: str) -> bool:
    """Whether a sender is a mail system by its name."""
    return bool(_DAEMON.match(address.partition("@")[0])) or (
        bool(_DAEMON_NAME.search(name)) and not address.partition("@")[0].isalpha()
    )


def read_report(root: Part, *, subject: str, text: str, from_daemon: bool, own: frozenset[str]) -> Report | None:
    """The report that a mail is, or None. `from_daemon`: the envelope or the sender says so."""
    parts = {part.content_type: part for part in reversed(list(root.leaves()))}
    kind = root.parameters.get("report-type", "").lower()
    is_report = root.content_type == "multipart/report" or from_daemon
    if ("message/disposition-notification" in parts and is_report) or kind == "disposition-notification":
        return Report(Machine.READ_RECEIPT, marker="disposition-notification")
    if ("message/feedback-report" in parts and is_report) or kind == "feedback-report":
        return Report(Machine.REPORT, marker="feedback-report")
    status = parts.get("message/delivery-status") or parts.get("message/global-delivery-status")
    if status and is_report and (report := _delivery_status(status, root, text)):
        return report
    failed = root.header.get("x-failed-recipients")
    if failed or from_daemon or root.content_type == "multipart/report":
        return _unstructured(root, subject=subject, text=text, failed=failed, own=own)
    return None


def _delivery_status(status: Part, root: Part, text: str) -> Report | None:
    """RFC 3464: a group of fields for the message, then one for each recipient."""
    groups = _field_groups(status)
    about = [
        group
        for group in groups
        if "action" in group or "final-recipient" in group or "status" in group or "original-recipient" in group
    ]
    if not about:
        return None
    failed = [group for group in about if _action(group) not in _NO_FAILURES | {"delayed"}]
    chosen = (failed or about)[0]
    action = _action(chosen)
    message_id = _returned_message_id(root, text)
    if action == "delayed":
        return Report(Machine.DELAYED, _recipient(chosen), message_id, "action=delayed")
    if action in _NO_FAILURES:
        return Report(Machine.REPORT, None, message_id, f"action={action}")
    details = f"{chosen.get('status')} {chosen.get('diagnostic-code')}"
    machine = Machine.BOUNCE_SOFT if _is_soft(details) else Machine.BOUNCE_HARD
    return Report(
        machine,
        _recipient(chosen) or _recipient_in_text(text, frozenset()) or _returned_recipient(root, frozenset()),
        message_id,
        f"action=failed {clean_line(chosen.get('status'))[:20]}",
    )


def _field_groups(status: Part) -> list[Header]:
    body = status.content(Defects()).lstrip()
    groups: list[Header] = []
    position = 0
    while position < len(body) and len(groups) < _MOST_RECIPIENTS:
        header, position = read_fields(body, position, len(body))
        groups.append(header)
        if not list(header):
            position = body.find(b"\n", position) + 1 or len(body)
    return groups


def _action(group: Header) -> str:
    words = clean_line(group.get("action")).lower().split()
    if words:
        return words[0].strip("();")[:40]
    status = group.get("status").strip()
    return {"5": "failed", "4": "failed", "2": "delivered"}.get(status[:1], "failed")


def _recipient(group: Header) -> str | None:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = clean_line(group.get(name)).rpartition(";")[2].strip().strip("<>")
        value = _UTF8_XTEXT.sub(lambda escaped: chr(int(escaped[1], 16)), value)
        if not value.isascii() and _ANY_ADDRESS.fullmatch(value):
            return value
        found = _ADDRESS.search(value)
        if found:
            return found[0]
    return None


def _is_soft(details: str) -> bool:
    if _FULL.search(details[:2000]):
        return True
    if found := _STATUS.search(details):
        return found[1] == "4" or (found[2], found[3]) == ("2", "2")
    code = _REPLY_CODE.search(details)
    return bool(code and code[1] == "4")


def _unstructured(root: Part, *, subject: str, text: str, failed: str, own: frozenset[str]) -> Report | None:
    """A report by its words alone; only for mail that comes from a mail system."""
    text = text[:_SCANNED]
    above = _above_returned(text)
    if not (
        failed
        or _TRUSTED_SUBJECT.match(subject)
        or _FAILURE_WORDS.search(subject)
        or _FAILURE_WORDS.search(above)
        or _DELAY_WORDS.search(subject)
    ):
        return None
    message_id = _returned_message_id(root, text)
    # A report goes to who wrote the mail: their own address in it isn't the one that failed, if it holds another.
    writers = own | {found[0].lower() for found in _ADDRESS.finditer(root.header.get("to")[:2000])}
    recipient = next(
        filter(None, (_failed_recipient(root, failed, above, text, known) for known in (writers, own))), None
    )
    about_delay = _DELAY_WORDS.search(subject) or (_DELAY_WORDS.search(above) and not _FAILURE_WORDS.search(subject))
    if about_delay and not (_GIVEN_UP.search(subject) or _GIVEN_UP.search(above)):
        return Report(Machine.DELAYED, recipient, message_id, "words=delayed")
    machine = Machine.BOUNCE_SOFT if _is_soft(above) else Machine.BOUNCE_HARD
    return Report(machine, recipient, message_id, "x-failed-recipients" if failed else "words=failed")


def _failed_recipient(root: Part, failed: str, above: str, text: str, own: frozenset[str]) -> str | None:
    return (
        _first_address(failed, own)
        or _recipient_in_text(above, own)
        or _returned_recipient(root, own)
        or _recipient_in_text(text, own)
    )


def _above_returned(text: str) -> str:
    """The report itself, without the message it returns."""
    found = re.search(
        r"^[ \t>-]{0,12}(?:(?:below this line|this) is a copy of|original message|returned message|-----"
        r" ?(?:message header|original message|unsent message)|received: |(?:--- )?below this line|return-path: )",
        text,
        re.IGNORECASE | re.MULTILINE,
    )
    return text[: found.start()] if found and found.start() > 40 else text


def _recipient_in_text(text: str, own: frozenset[str]) -> str | None:
    for found in _ADDRESS_ON_ITS_OWN.finditer(text[:_SCANNED]):
        if _is_somebody(found[1], own):
            return found[1]
    return _first_address(text[:_SCANNED], own)


def _first_address(text: str, own: frozenset[str]) -> str | None:
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(".'").lstrip("'")
        if "." in address.partition("@")[2] and _is_somebody(address, own):
            return address
    return None


def _is_somebody(address: str, own: frozenset[str]) -> bool:
    local = address.partition("@")[0]
    return (
        address.lower() not in own
        and not _DAEMON.match(local)
        and not local.lower().startswith(("mailer-daemon", "postmaster"))
    )


def _returned_recipient(root: Part, own: frozenset[str]) -> str | None:
    for header in _returned_headers(root):
        if address := _first_address(header.get("to"), own):
            return address
    return None


def _returned_message_id(root: Part, text: str) -> str | None:
    for header in _returned_headers(root):
        if identifier := parse_message_id(header.get("message-id")):
            return identifier
    found = list(_MESSAGE_ID.finditer(text[:_SCANNED]))
    if found:
        return parse_message_id(found[-1][1]) or None
    return None


def _returned_headers(root: Part) -> list[Header]:
    """The header of the message that came back, from the part that holds it."""
    headers = []
    for part in list(root.leaves())[:50]:
        if part is not root and part.content_type in (
            "message/rfc822",
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/global",
        ):
            body = part.content(Defects())[:200_000].lstrip()
            headers.append(read_fields(body, 0, len(body))[0])
    return headers
