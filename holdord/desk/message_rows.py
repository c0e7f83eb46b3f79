"""The messages of one conversation, and what happened between them, as flat rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from markupsafe import Markup

from holdord.conversations.models import Attachment, Conversation, EffortSaid, Kind, OutgoingState, Picture, Trust
from holdord.desk.folded_rows import IN_FULL, LINES, SHOWN, UNSENT, FoldedRow, author_of, folded, written
from holdord.desk.frame import tone_of
from holdord.desk.list_rows import CHANNEL_ICONS
from holdord.history.models import Event
from holdord.history.rows import LookUp
from holdord.people.models import Agent
from holdord.promises.models import Promise
from holdord.web.addresses import address
from holdord.web.files import Look, file_address, letter_address
from holdord.web.letters import paragraphs, size_in_words
from holdord.web.pictures import unshown
from holdord.web.promise_rows import due_in_a_sentence
from holdord.web.times import Times


@dataclass(slots=True)
class Button:
    """A form with one button."""

    label: str
    href: str
    main: bool = False


@dataclass(slots=True)
class Link:
    """A link under a message."""

    label: str
    href: str
    outside: bool = False


@dataclass(slots=True)
class File:
    """An attachment; `words` say why a picture is not shown."""

    name: str
    href: str
    size: str = ""
    large: str = ""
    words: str = ""
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class MessageRow:
    """A message (`in`, `out`, `note`) or a line of the system (`sys`)."""

    at: datetime
    kind: str
    anchor: str
    when: str
    when_iso: str
    icon: str = ""
    author: str = ""
    initials: str = ""
    tone: int = 1
    sub: str = ""
    lang: str = ""
    subject: str = ""
    text: Markup | str = ""
    quoted: Markup | str = ""
    fold: str = ""
    frame: str = ""
    frame_size: str = "m"
    frame_title: str = ""
    held: bool = False
    warnings: list[str] = field(default_factory=list)
    pictures: list[File] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    delivery: str = ""
    delivery_state: str = ""
    delivery_icon: str = ""
    buttons: list[Button] = field(default_factory=list)

    def __hash__(self) -> int:
        # Rows that are equal are drawn once; equality compares everything.
        return hash((self.anchor, self.when, self.delivery))


class _Said(NamedTuple):
    pk: int
    kind: str
    channel: str
    at: datetime
    subject: str
    text: str
    reply_text: str
    html: str
    language: str
    machine: str
    is_automatic: bool
    is_answer: bool
    trust: str
    by_stranger: bool
    looks_forged: bool
    subject_changed: bool
    author_id: int | None
    author_name: str | None
    identity_name: str | None
    address: str | None
    identity_customer: int | None
    out_state: str | None
    not_before: datetime | None
    attempts: int | None
    last_error: str | None
    bounced_at: datetime | None


_SAID = (
    "pk", "kind", "channel", "at", "subject", "text", "reply_text", "html", "language", "machine", "is_automatic",
    "is_answer", "trust", "by_stranger", "looks_forged", "subject_changed", "author_id", "author__name",
    "identity__name", "identity__address", "identity__customer_id", "outgoing__state", "outgoing__not_before",
    "outgoing__attempts", "outgoing__last_error", "outgoing__bounced_at",
)  # fmt: skip


class _Attached(NamedTuple):
    pk: int
    name: str
    is_inline: bool
    picture: str
    width: int
    height: int
    original_id: int | None
    size: int


class Thread(NamedTuple):
    """The rows of a conversation, whether there are earlier ones, how many are folded, whether the newest message is
    among them, the newest that is, and whether a reply did not get through.
    """

    rows: list[MessageRow | FoldedRow]
    has_earlier: bool
    folded: int
    is_newest: bool
    newest: int
    unsent: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see of a conversation: what came before message `before`, message `opened` whatever its
    age, `everything` in full, message `as_sent` in a frame as it was sent, with `pictures` from elsewhere.
    """

    before: int = 0
    opened: int = 0
    everything: bool = False
    as_sent: int = 0
    pictures: bool = False


def thread(conversation: Conversation, times: Times, wish: Wish, promises: Sequence[Promise]) -> Thread:
    """The newest messages in full, those before them folded, and what happened between those in full; `promises` are
    those of the conversation that are known already, which need not be all.
    """
    before, folds = wish.before or _NO_END, not (wish.before or wish.everything)
    found, wanted = _said(conversation.pk, before, folds=folds), wish.opened or wish.as_sent
    if wanted and not _holds(found, wanted):
        folds, found = False, _said(conversation.pk, before, folds=False)
    if wanted and not _holds(found, wanted):
        before, found = wanted + 1, _said(conversation.pk, wanted + 1, folds=False)
    shown, files = found[:SHOWN], _files(conversation)
    rows: list[MessageRow | FoldedRow] = [
        _row(each, conversation, times, files.get(each.pk, []), wish) for each in reversed(shown)
    ]
    lines = folded(conversation, times, before=before) if folds and len(found) == IN_FULL else []
    has_earlier = len(found) > SHOWN or len(lines) > LINES
    earliest = rows[0].at if rows and (has_earlier or lines) else conversation.opened_at
    rows += _happenings(conversation, times, promises, since=earliest)
    rows.sort(key=lambda row: row.at)
    return Thread(
        rows=[*lines[-LINES:], *rows],
        has_earlier=has_earlier,
        folded=len(lines),
        is_newest=before == _NO_END,
        newest=max((each.pk for each in shown), default=0),
        unsent=any(each.out_state in UNSENT and not each.is_automatic for each in shown)
        or any(line.unsent for line in lines),
    )


_NO_END = 2**62
_IN_FULL = LookUp(lambda pk, before: written(pk, before).values_list(*_SAID)[:IN_FULL], int, int)
_ALL = LookUp(lambda pk, before: written(pk, before).values_list(*_SAID)[: SHOWN + 1], int, int)


def _said(conversation: int, before: int, *, folds: bool) -> list[_Said]:
    return [_Said._make(row) for row in (_IN_FULL if folds else _ALL).rows(conversation, before)]


def _holds(found: list[_Said], pk: int) -> bool:
    return any(each.pk == pk for each in found)


def _row(said: _Said, conversation: Conversation, times: Times, files: list[Any], wish: Wish) -> MessageRow:
    sender = said.identity_name or said.address
    author = author_of(said.kind, said.author_name, said.identity_customer, sender, conversation)
    row = MessageRow(
        at=said.at,
        kind={Kind.INBOUND: "in", Kind.OUTBOUND: "out", Kind.NOTE: "note"}[Kind(said.kind)],
        anchor=f"message-{said.pk}",
        when=times.when(said.at),
        when_iso=said.at.isoformat(timespec="seconds"),
        icon="" if said.kind == Kind.NOTE else CHANNEL_ICONS.get(said.channel, "mail"),
        author=author,
        initials=_initials(author),
        tone=tone_of(said.author_id or said.identity_customer or 0),
        sub=_sub(said),
        lang=said.language or conversation.language,
        subject=said.subject if said.subject_changed else "",
        warnings=_warnings(said, conversation),
    )
    _fill_in_text(row, said, as_sent=said.pk == wish.as_sent, pictures=wish.pictures)
    for file in files:
        _add_file(row, _Attached._make(file))
    if said.kind == Kind.OUTBOUND:
        _fill_in_delivery(row, said, conversation, times)
    return row


def _initials(name: str) -> str:
    words = name.split("@")[0].replace(".", " ").split() or ["?"]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def _sub(said: _Said) -> str:
    if said.kind == Kind.NOTE:
        return _("note, only for the team")
    if said.machine:
        return _("no person wrote this")
    if said.kind == Kind.OUTBOUND and said.is_automatic:
        return _("sent by the desk itself")
    if said.kind == Kind.OUTBOUND and not said.is_answer:
        return _("not the answer yet")
    return ""


def _warnings(said: _Said, conversation: Conversation) -> list[str]:
    if said.kind != Kind.INBOUND:
        return []
    found = []
    if said.looks_forged or said.trust == Trust.FAILED:
        found.append(_("The sender looks forged. Check before you tell them anything."))
    elif said.trust == Trust.UNVERIFIED and said.channel == "email":
        found.append(_("Nobody has proved that %(address)s sent this.") % {"address": said.address or "?"})
    if said.by_stranger or said.identity_customer != conversation.customer_id:
        found.append(_("%(address)s is not the customer. They cannot see the case page.") % {"address": said.address})
    return found


def _fill_in_text(row: MessageRow, said: _Said, *, as_sent: bool, pictures: bool) -> None:
    shown = said.reply_text or said.text
    if said.html and (as_sent or not shown.strip()):
        row.frame = letter_address(said.pk, pictures=pictures)
        row.frame_size = _frame_size(said.html)
        row.frame_title = _("Message from %(name)s as it was sent") % {"name": row.author}
        if not pictures and "http" in said.html and "<img" in said.html.lower():
            row.links.append(
                Link(
                    _("Load pictures from elsewhere: the sender may learn that you did"),
                    f"?as_sent={said.pk}&pictures=1",
                )
            )
        return
    if said.is_automatic:
        row.fold, row.quoted = _("What it said"), paragraphs(said.text)
        return
    row.text = paragraphs(shown)
    rest = said.text.removeprefix(said.reply_text) if said.reply_text else ""
    if said.reply_text and rest.strip():
        row.fold, row.quoted = _("The rest of the mail"), paragraphs(rest if rest != said.text else said.text)
    if said.html and said.kind == Kind.INBOUND:
        row.links.append(Link(_("Show it as it was sent"), f"?as_sent={said.pk}#message-{said.pk}"))


def _frame_size(html: str) -> str:
    if "<table" in html or len(html) > 6000:
        return "xl"
    return "s" if len(html) < 400 else "m" if len(html) < 2000 else "l"


def _add_file(row: MessageRow, file: _Attached) -> None:
    name, is_ready = file.name or _("file"), file.picture == Picture.READY
    if is_ready and not (file.is_inline and row.frame):
        small, large = file_address(file.pk, name, Look.SMALL), file_address(file.pk, name, Look.LARGE)
        row.pictures.append(File(name, small, large=large, width=file.width, height=file.height))
    elif not is_ready and not (file.is_inline and row.frame and file.picture == Picture.NONE):
        address_of_it = "" if file.picture == Picture.WAITING else file_address(file.pk, name)
        row.files.append(File(name, address_of_it, size_in_words(file.size), words=unshown(file.picture)))
    if file.original_id:
        row.links.append(
            Link(
                _("%(name)s as it was sent, with what the camera wrote into it") % {"name": name},
                file_address(file.pk, name, Look.ORIGINAL),
            )
        )


def _fill_in_delivery(row: MessageRow, said: _Said, conversation: Conversation, times: Times) -> None:
    state = said.out_state
    if state is None:
        return
    if said.bounced_at:
        _deliver(row, "broken", "alert", _("It came back. The customer has no answer yet."))
    elif state == OutgoingState.FAILED:
        _deliver(row, "broken", "alert", _("It was not sent. The customer has no answer yet."))
        row.buttons.append(Button(_("Send again"), address("desk:retry", conversation.pk, said.pk)))
    elif state == OutgoingState.UNKNOWN:
        _deliver(row, "risk", "alert", _("The connection broke while sending: nobody can know whether it arrived."))
        row.buttons.append(Button(_("Send again"), address("desk:retry", conversation.pk, said.pk)))
    elif state == OutgoingState.QUEUED and not said.attempts:
        row.held = True
        _deliver(row, "draft", "clock", _("Leaves at %(clock)s") % {"clock": times.clock(said.not_before or said.at)})
        if said.author_id:
            row.buttons.append(Button(_("Undo"), address("desk:undo_reply", conversation.pk, said.pk)))
    elif state == OutgoingState.QUEUED:
        _deliver(
            row,
            "risk",
            "alert",
            _("The mail server did not take it yet. It is tried again; the customer has no answer yet."),
        )
    elif state == OutgoingState.SENT:
        _deliver(row, "kept", "check", _("Taken by the mail server"))


def _deliver(row: MessageRow, state: str, icon: str, words: str) -> None:
    row.delivery_state, row.delivery_icon, row.delivery = state, icon, words


_ATTACHED = LookUp(
    lambda conversation: (
        Attachment.objects.filter(message__conversation=conversation)
        .order_by("pk")
        .values_list("message_id", "pk", "name", "is_inline", "picture", "width", "height", "original_id", "blob__size")
    ),
    int,
)


def _files(conversation: Conversation) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for message_id, *row in _ATTACHED.rows(conversation.pk):
        found.setdefault(message_id, []).append(row)
    return found


def _happenings(
    conversation: Conversation, times: Times, promises: Sequence[Promise], *, since: datetime
) -> list[MessageRow]:
    events = [
        (pk, kind, at, by, payload if kind != "EffortTold" else {**payload, "word": _word_of(conversation)})
        for pk, kind, at, by, payload in _HAPPENED.rows(conversation.pk, since)
    ]
    people = {pk for *_, by, payload in events for pk in (by, *(payload.get(k) for k in _WHO)) if pk}
    names = dict(Agent.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    promised = _promised(conversation, promises, told_of=(payload.get("promise_id") for *_, payload in events))
    return [_line(*event, times=times, names=names, promised=promised) for event in events]


def _word_of(conversation: Conversation) -> str:
    """The word beside the score: history holds no personal text."""
    return EffortSaid.objects.filter(conversation=conversation).values_list("word", flat=True).first() or ""


class _Told(NamedTuple):
    """What a line of history says of a promise."""

    what: str = ""
    precision: str = ""
    earliest_at: datetime | None = None
    due_at: datetime | None = None

    def said(self, due_at: datetime, times: Times) -> str:
        """When it was due, in a sentence. A promise knows only its last window."""
        earliest_at = self.earliest_at if self.due_at == due_at else None
        return due_in_a_sentence(due_at, times, earliest_at=earliest_at, whole_day=self.precision == "day")


def _promised(
    conversation: Conversation, promises: Sequence[Promise], *, told_of: Iterable[int | None]
) -> dict[int, _Told]:
    known = {each.pk: _Told(each.what, each.precision, each.earliest_at, each.due_at) for each in promises}
    if all(pk is None or pk in known for pk in told_of):
        return known
    return {pk: _Told(*row) for pk, *row in _PROMISED.rows(conversation.pk)}


_PROMISED = LookUp(
    lambda conversation: Promise.objects.filter(conversation=conversation).values_list(
        "pk", "what", "precision", "earliest_at", "due_at"
    ),
    int,
)


_WHO = ("owner_id", "to_agent_id")
_LINES = {
    "ConversationTaken": "person",
    "ConversationHandedOver": "handover",
    "ConversationClosed": "check",
    "ConversationReopened": "undo",
    "ConversationSnoozed": "moon",
    "ConversationWoken": "bell",
    "ConversationDismissed": "stop",
    "DismissalUndone": "undo",
    "PromiseGiven": "ring",
    "PromiseMoved": "clock",
    "PromiseBroken": "alert",
    "PromiseKept": "check",
    "PromiseReleased": "x",
    "AlternativeChosen": "answer",
    "MoveTakenBack": "undo",
    "CaseLinkReplaced": "lock",
    "EffortTold": "told",
}


_HAPPENED = LookUp(
    lambda conversation, since: (
        Event.objects.filter(conversation_id=conversation, kind__in=sorted(_LINES), at__gte=since)
        .order_by("pk")
        .values_list("pk", "kind", "at", "by_id", "payload")
    ),
    int,
    datetime,
)


def _line(
    pk: int,
    kind: str,
    at: datetime,
    by: int | None,
    payload: dict[str, Any],
    *,
    times: Times,
    names: dict[int, str],
    promised: dict[int, _Told],
) -> MessageRow:
    return MessageRow(
        at=at,
        kind="sys",
        anchor=f"event-{pk}",
        when=times.when(at),
        when_iso=at.isoformat(timespec="seconds"),
        icon=_LINES[kind],
        text=_words(kind, payload, times, who=names.get(by or 0, ""), names=names, promised=promised),
    )


def _words(
    kind: str,
    payload: dict[str, Any],
    times: Times,
    *,
    who: str,
    names: dict[int, str],
    promised: dict[int, _Told],
) -> str:
    due = payload.get("new_due_at") or payload.get("due_at")
    told = promised.get(payload.get("promise_id") or 0, _Told())
    moment = datetime.fromisoformat(due) if due else None
    words = {
        "who": who or _("The desk"),
        "to": names.get(payload.get("owner_id") or payload.get("to_agent_id") or 0, ""),
        "what": told.what,
        "due": told.said(moment, times) if moment else "",
        "until": times.when(datetime.fromisoformat(payload["until"])) if payload.get("until") else "",
        "score": payload.get("score", ""),
        "word": payload.get("word", ""),
    }
    return _sentence(kind, payload, who=who, owned=bool(words["to"])) % words


def _sentence(kind: str, payload: dict[str, Any], *, who: str, owned: bool) -> str:
    if kind == "ConversationTaken":
        return _("%(to)s took it") if owned else _("%(who)s gave it back to the team")
    if kind == "ConversationHandedOver":
        return _("%(who)s handed it over to %(to)s") if owned else _("%(who)s handed it over to another team")
    if kind == "ConversationReopened":
        return _("The customer wrote again: it is open") if payload.get("by_customer") else _("%(who)s opened it again")
    return {
        # Only a customer closes without an agent.
        "ConversationClosed": _("%(who)s closed it") if who else _("The customer said that it works: it is closed"),
        "ConversationSnoozed": _("%(who)s snoozed it until %(until)s"),
        "ConversationWoken": _("Back from snoozing"),
        "ConversationDismissed": _("%(who)s dismissed it: not for us"),
        "DismissalUndone": _("%(who)s took it back: it was for us"),
        "PromiseGiven": _("Answer promised: %(due)s")
        if payload.get("kind") == "answer"
        else _("Promised: “%(what)s”, %(due)s"),
        "PromiseMoved": _("The promise moved to %(due)s, and the customer is told"),
        "PromiseBroken": _("The promise for %(due)s was not kept"),
        "PromiseKept": _("The promise for %(due)s was kept"),
        "PromiseReleased": _("The customer let it go: “%(what)s”"),
        "AlternativeChosen": _choice_words(payload.get("choice", "")),
        "MoveTakenBack": _("The promise stands at %(due)s again"),
        "CaseLinkReplaced": _("%(who)s replaced the link to the case page"),
        "EffortTold": _("How easy it was to get help, says the customer: %(score)s of 5. “%(word)s”")
        if payload.get("word")
        else _("How easy it was to get help, says the customer: %(score)s of 5."),
    }[kind]


def _choice_words(choice: str) -> str:
    return {
        "keep": _("The customer is content with the new time"),
        "other_time": _("The customer chose another time"),
        "money_back": _("The customer wants the money back"),
    }.get(choice, _("The customer let it go"))
