"""One open conversation: its head, what has to be known first, its messages, and the composer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdord.conversations.actions.writing import reachable_identity
from holdord.conversations.models import Channel, Closing, Conversation, Draft, Status
from holdord.desk.customer_rows import drawn, language_name
from holdord.desk.folded_rows import FoldedRow
from holdord.desk.guarding import GuardPanel
from holdord.desk.message_rows import Button, MessageRow, Thread
from holdord.desk.request_rows import AskRow, asks
from holdord.history.rows import LookUp
from holdord.people.models import Agent, Identity, IdentityKind, Membership, Team
from holdord.people.queries import calendar_of
from holdord.promises.models import Promise
from holdord.recovery.models import Recovery
from holdord.web.addresses import address
from holdord.web.promise_rows import PromiseRow
from holdord.web.times import Times

WRITES_NOW = timedelta(seconds=90)
"""Who saved a draft this lately is writing."""


@dataclass(slots=True)
class Tool:
    """A button in the head: opens a dialog (`href` is its id), or posts."""

    label: str
    icon: str
    href: str
    key: str = ""
    post: bool = False
    main: bool = False
    bare: bool = False
    page: bool = False


@dataclass(slots=True)
class Banner:
    """Something to know before anything else."""

    state: str
    icon: str
    strong: str
    words: str = ""
    buttons: list[Button] = field(default_factory=list)
    alert: bool = False


@dataclass(slots=True)
class Drafted:
    """A promise that stands in the reply being written."""

    row: PromiseRow
    drop_href: str


@dataclass(slots=True)
class Talk:
    """What the pane shows."""

    number: int
    title: str
    lang: str
    sub: str
    tools: list[Tool]
    banners: list[Banner]
    messages: list[MessageRow | FoldedRow]
    seen: int
    earlier: str
    whole: str
    newest: str
    to: str
    language_name: str
    writes_lang: str
    greeting: str
    draft: str
    draft_saved: str
    update_times: list[tuple[str, str]]
    snooze_times: list[tuple[str, str]]
    dismissals: list[tuple[str, str]]
    close_title: str
    close_words: str
    close_label: str
    send_href: str
    draft_href: str
    guard_href: str
    snooze_href: str
    close_href: str
    dismiss_href: str
    block_href: str
    merge_href: str
    new_link_href: str
    promise_href: str
    capture_href: str
    texts_href: str
    visitor_href: str
    opened: str
    drafted: list[Drafted] = field(default_factory=list)
    once: str = field(default_factory=lambda: uuid4().hex)
    draft_kind: str = "reply"
    not_the_answer: bool = False
    faults: list[str] = field(default_factory=list)
    guard: GuardPanel | None = None
    asks: list[AskRow] = field(default_factory=list)


_DRAFTS = LookUp(
    lambda conversation: (
        Draft.objects.filter(conversation=conversation)
        .order_by("-saved_at")
        .values_list("agent_id", "agent__name", "text", "saved_at")[:20]
    ),
    int,
)


def talk(conversation: Conversation, agent: Agent, times: Times, thread: Thread, promises: list[Promise]) -> Talk:
    """The pane for `conversation`, read by `agent`."""
    pk = conversation.pk
    identity = reachable_identity(conversation)
    drafts = _DRAFTS.rows(pk)
    draft = next(((text, saved_at) for agent_id, _name, text, saved_at in drafts if agent_id == agent.pk), None)
    since = times.now - WRITES_NOW
    writing = [name for agent_id, name, _text, saved_at in drafts if agent_id != agent.pk and saved_at > since]
    later = [(moment.isoformat(), times.when(moment)) for moment in later_moments(conversation, times.now)]
    name = conversation.customer.name or (identity.address if identity else _("the customer"))
    return Talk(
        number=pk,
        title=conversation.subject or _("(no subject)"),
        lang=conversation.language,
        sub=_sub(conversation, agent, times, writing),
        tools=_tools(conversation, agent),
        banners=_banners(conversation, agent, times, thread, promises, name=name),
        messages=thread.rows,
        seen=thread.newest,
        earlier=f"?before={min(_keys(thread), default=0)}" if thread.has_earlier else "",
        whole="?all=1" if thread.folded else "",
        newest="" if thread.is_newest else address("desk:conversation", pk),
        to=_reached_at(identity, conversation),
        visitor_href=address("desk:visitor", pk) if conversation.channel == Channel.CHAT else "",
        language_name=language_name(conversation.language),
        writes_lang=conversation.language,
        greeting=_("Write to %(name)s") % {"name": name},
        draft=draft[0] if draft else "",
        draft_saved=_("Draft saved %(clock)s") % {"clock": times.clock(draft[1])} if draft else "",
        update_times=later,
        snooze_times=later,
        dismissals=[
            ("spam", _("Dismiss: spam")),
            ("newsletter", _("Dismiss: newsletter")),
            ("misdirected", _("Dismiss: meant for somebody else")),
        ],
        close_title=_("Close this conversation?"),
        close_words=_("%(name)s gets the reason by mail and sees it first on the case page. A reply opens it again.")
        % {"name": name},
        close_label=_("Reason, in %(language)s") % {"language": language_name(conversation.language)},
        send_href=address("desk:write", pk),
        draft_href=address("desk:draft", pk),
        guard_href=address("desk:look_over", pk),
        snooze_href=address("desk:snooze", pk),
        close_href=address("desk:closing", pk),
        dismiss_href=address("desk:dismissal", pk),
        block_href=address("desk:block", pk) if identity else "",
        merge_href=address("desk:merge", pk),
        new_link_href=address("desk:new_link", pk),
        promise_href=address("desk:promise", pk),
        capture_href=address("desk:capture", pk),
        texts_href=address("desk:insertable", pk),
        opened=times.now.isoformat(timespec="seconds"),
        drafted=_drafted(conversation, agent, times, promises),
        asks=asks(conversation, times),
    )


def _reached_at(identity: Identity | None, conversation: Conversation) -> str:
    """Where a reply goes; a visitor of a chat who gave no address has only a number."""
    if identity is None:
        return ""
    return identity.address if identity.kind != IdentityKind.CHAT else conversation.customer.name or _("the visitor")


def _drafted(conversation: Conversation, agent: Agent, times: Times, promises: list[Promise]) -> list[Drafted]:
    found = []
    for promise in promises:
        if promise.state != "draft" or promise.given_by_id != agent.pk or promise.origin_id is not None:
            continue
        row = drawn(promise, times, conversation.subject)
        row.lang, row.by = conversation.language, _("stands in your reply; held for half an hour")
        found.append(Drafted(row, address("desk:drop_draft", conversation.pk, promise.pk)))
    return found


def later_moments(conversation: Conversation, now: datetime) -> list[datetime]:
    """Moments that suit for coming back: in three hours, and the opening of the next working days, all in open time."""
    calendar = calendar_of(conversation.inbox)
    found: list[datetime] = []
    for starts, ends in calendar.spans_from(now + timedelta(minutes=30)):
        fitting = max(starts + timedelta(hours=1), now + timedelta(hours=3))
        if fitting < ends:
            found.append(_rounded(fitting))
        if len(found) == 4:
            break
    return found


def _rounded(moment: datetime) -> datetime:
    minutes = (moment.minute + 14) // 15 * 15
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)


def _keys(thread: Thread) -> list[int]:
    return [int(row.anchor.removeprefix("message-")) for row in thread.rows if row.anchor.startswith("message-")]


def _sub(conversation: Conversation, agent: Agent, times: Times, writing: list[str]) -> str:
    where = f"#{conversation.pk} · {conversation.inbox.name}"
    if writing:
        return f"{where} · " + _("%(name)s is writing") % {"name": writing[0]}
    if conversation.owner_id == agent.pk and conversation.owned_since:
        return f"{where} · " + _("yours since %(clock)s") % {"clock": times.when(conversation.owned_since)}
    if conversation.owner:
        return f"{where} · " + _("%(name)s answers for it") % {"name": conversation.owner.name}
    return f"{where} · " + _("%(team)s answers for it") % {"team": conversation.team.name}


def _tools(conversation: Conversation, agent: Agent) -> list[Tool]:
    pk, status = conversation.pk, conversation.status
    if status == Status.DISMISSED:
        return [Tool(_("It was for us"), "undo", address("desk:dismissal_undo", pk), "z", post=True, main=True)]
    tools = []
    if conversation.owner_id is None:
        tools.append(Tool(_("Take it"), "person", address("desk:take", pk), "t", post=True, main=True))
    if status == Status.CLOSED:
        tools.append(Tool(_("Open again"), "undo", address("desk:reopening", pk), "e", post=True))
    else:
        if status == Status.SNOOZED:
            tools.append(Tool(_("Wake now"), "bell", address("desk:wake", pk), "s", post=True))
        else:
            tools.append(Tool(_("Snooze"), "moon", "snooze", "s"))
        tools += [
            Tool(_("Hand over"), "handover", address("desk:hand_over", pk), "h", page=True),
            Tool(_("Close…"), "check", "close", "e"),
        ]
    return [*tools, Tool(_("More actions"), "more", "more", bare=True)]


def _banners(
    conversation: Conversation, agent: Agent, times: Times, thread: Thread, promises: list[Promise], *, name: str
) -> list[Banner]:
    pk, found = conversation.pk, []
    for promise in promises:
        found += _of_promise(promise, conversation, agent, times, name=name)
    if conversation.closing_proposed_by_id:
        yes = Button(_("Leave it closed"), address("desk:leave_closed", pk), main=True)
        no = Button(_("Open it"), address("desk:reopening", pk))
        found.append(
            Banner(
                "kept",
                "check",
                _("%(name)s only says thanks.") % {"name": name},
                _("Proposed: leave it closed."),
                [yes, no],
            )
        )
    if conversation.may_belong_to_id:
        words = _("The sender could not be checked, so it has its own place.")
        found.append(
            Banner(
                "risk", "alert", _("This may belong to #%(number)s.") % {"number": conversation.may_belong_to_id}, words
            )
        )
    if thread.unsent:
        found.append(
            Banner("broken", "alert", _("A reply did not get through."), _("The customer has no answer from it."))
        )
    return found + _of_status(conversation, times)


def _of_status(conversation: Conversation, times: Times) -> list[Banner]:
    if conversation.status == Status.SNOOZED and conversation.snoozed_until:
        until = times.when(conversation.snoozed_until)
        return [Banner("released", "moon", _("Snoozed until %(until)s.") % {"until": until}, _("The promise goes on."))]
    if conversation.status == Status.DISMISSED:
        return [Banner("released", "stop", _("Not for us."), _("Nobody got a mail, and nothing is owed."))]
    if conversation.status == Status.CLOSED:
        closing = (
            Closing.objects.filter(conversation=conversation, ended_at__isnull=True).values_list("reason", "at").first()
        )
        if closing:
            return [Banner("kept", "check", _("Closed %(when)s.") % {"when": times.when(closing[1])}, closing[0])]
    return []


def _of_promise(promise: Promise, conversation: Conversation, agent: Agent, times: Times, *, name: str) -> list[Banner]:
    if promise.state == "broken":
        return _of_broken(promise, times, name=name)
    if promise.state not in {"open", "moved"} or times.now < promise.warn_at:
        return []
    yours = promise.owner_id in {None, agent.pk}
    minutes = -((times.now - promise.due_at) // timedelta(minutes=1))
    strong = (
        ngettext(
            "%(minutes)s minute left to answer %(name)s.",
            "%(minutes)s minutes left to answer %(name)s.",
            max(minutes, 0),
        )
        % {"minutes": minutes, "name": name}
        if minutes <= 120
        else _("%(left)s left to answer %(name)s.") % {"left": times.left(promise.due_at), "name": name}
    )
    if minutes <= 0:
        strong = _("The time to answer %(name)s is up now.") % {"name": name}
    return [
        Banner(
            "risk",
            "alert",
            strong,
            "" if yours else _("%(owner)s owns it.") % {"owner": promise.owner.name if promise.owner else ""},
            alert=yours,
        )
    ]


def _of_broken(promise: Promise, times: Times, *, name: str) -> list[Banner]:
    recovery = Recovery.objects.filter(promise=promise, settled_at__isnull=True).select_related("owner").first()
    if recovery is None:
        return []
    strong = _("We said that %(name)s would hear from us by %(when)s. It did not happen.") % {
        "name": name,
        "when": times.when(promise.due_at),
    }
    if recovery.owner:
        return [Banner("broken", "alert", strong, _("%(owner)s makes it right.") % {"owner": recovery.owner.name})]
    return [Banner("broken", "alert", strong, _("Somebody has to make it right: take it."))]


def receivers(agent: Agent) -> list[tuple[str, str]]:
    """To whom this agent can hand over: every team, and the people in them."""
    teams = [
        (f"team-{pk}", _("Team %(name)s") % {"name": name})
        for pk, name in Team.objects.order_by("name").values_list("pk", "name")
    ]
    people = (
        Membership.objects.filter(agent__is_active=True)
        .exclude(agent=agent)
        .order_by("agent__name")
        .values_list("agent_id", "team_id", "agent__name", "team__name")[:300]
    )
    return teams + [(f"agent-{pk}-{team}", f"{name}, {team_name}") for pk, team, name, team_name in people]
