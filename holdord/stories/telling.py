"""Filling a fresh desk with the stories, through the same actions and the same mail server as everything else."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdord.channels.passing import let_pass_until
from holdord.conversations import actions
from holdord.conversations.models import Channel, Conversation, DismissalReason, Message
from holdord.conversations.rules import Incoming
from holdord.kernel import clock
from holdord.kernel.working_time import round_up
from holdord.listening.languages import detect
from holdord.listening.thanks import is_only_thanks
from holdord.people.models import Agent, Inbox
from holdord.people.queries import calendar_of
from holdord.promises import jobs
from holdord.promises.queries import reply_leaves_at
from holdord.promises.rules import Kind
from holdord.stories import cast, ledger, texts
from holdord.stories.drawing import Colour, bear_on_holiday, png
from holdord.stories.tales import Step, tales

ZONE = ZoneInfo("Europe/Copenhagen")
VISIT = time(10, 40)
"""When the visitor comes in, if it isn't a working day's late morning anyhow."""


def is_told() -> bool:
    """Whether this desk has been filled already."""
    return Inbox.objects.exists()


def tell(say: Callable[[str], None] = lambda _: None) -> None:
    """Fill the desk. Takes the clock back some working days, lets the stories happen, and ends at the visit.

    The mail server that SMTP_SERVER names must be listening. `say` is told of progress.
    """
    now = clock.now()
    cast.gather(now)
    visit = moment_of_visit(now)
    days = _working_days_until(visit.astimezone(ZONE).date(), 4)
    ledger.open_pools(visit)
    cases: dict[str, Conversation] = {}
    steps = tales()
    clock.move_to(_at(days[steps[0].day], steps[0].at))
    texts.write_down(clock.now())
    for number, step in enumerate(steps, start=1):
        moment = _at(days[step.day], step.at)
        if moment >= visit:
            continue
        let_pass_until(moment)
        _play(step, cases)
        say(f"{number} of {len(steps)} steps told")
    let_pass_until(visit)
    ledger.sell_gifts()
    jobs.check_pools(now=clock.now())


def moment_of_visit(now: datetime) -> datetime:
    """Now, if the demo's people are at work and the stories have happened; else the last such morning."""
    local = now.astimezone(ZONE)
    calendar = calendar_of(Inbox.objects.order_by("pk").first() or Inbox())
    if calendar.is_open(now) and time(10) <= local.time() < time(15):
        return now
    day = local.date() if local.time() >= VISIT else local.date() - timedelta(days=1)
    while not calendar.spans_on(day):
        day -= timedelta(days=1)
    return datetime.combine(day, VISIT, ZONE).astimezone(UTC)


def _working_days_until(last: date, number: int) -> list[date]:
    """The last working days, counted back: the first is the day of the visit."""
    calendar = calendar_of(Inbox.objects.order_by("pk")[0])
    days = [last]
    while len(days) < number:
        last -= timedelta(days=1)
        if calendar.spans_on(last):
            days.append(last)
    return days


def _at(day: date, wall: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(wall), ZONE).astimezone(UTC)


def _play(step: Step, cases: dict[str, Conversation]) -> None:
    if step.act == "writes":
        message = _customer_writes(step, cases.get(step.case))
        cases[step.case] = message.conversation
        return
    name, _, deed = step.act.partition(" ")
    _DEEDS[deed](
        step, Conversation.objects.get(pk=cases[step.case].pk), Agent.objects.get(email=f"{name}@holdord.example")
    )


def _customer_writes(step: Step, conversation: Conversation | None) -> Message:
    now = clock.now()
    name, address = step.who
    pictures = [
        actions.incoming_file(_picture(number), name=file, content_type="image/png", now=now)
        for number, file in enumerate(step.pictures)
    ]
    return actions.receive(
        Incoming(
            inbox=Inbox.objects.get(address=step.inbox),
            channel=Channel(step.channel),
            address_kind="email",
            address=address,
            name=name,
            subject=step.subject,
            text=step.text,
            reply_text=step.text,
            known_language=step.language,
            detected_language="" if step.language else detect(step.text) or "",
            at=now,
            written_at=now,
            message_id=f"{step.case}.{step.day}.{step.at.replace(':', '')}@post.example",
            body_hash="",
            trust="verified",
            is_only_thanks=is_only_thanks(step.text),
            conversation=Conversation.objects.get(pk=conversation.pk) if conversation else None,
            files=pictures,
            facts=step.facts,
        ),
        now=now,
    )


def _takes(step: Step, conversation: Conversation, agent: Agent) -> None:
    actions.take(conversation, by=agent, now=clock.now())


def _notes(step: Step, conversation: Conversation, agent: Agent) -> None:
    actions.note(conversation, by=agent, text=step.text, now=clock.now())


def _replies(step: Step, conversation: Conversation, agent: Agent) -> None:
    now = clock.now()
    seen = Message.objects.filter(conversation=conversation).order_by("-pk").first()
    actions.reply(
        conversation,
        by=agent,
        text=step.text,
        seen=seen,
        not_before=reply_leaves_at(conversation, now=now),
        now=now,
        files=[
            actions.incoming_file(bear_on_holiday(place), name=f"{place}.png", content_type="image/png", now=now)
            for place in step.pictures
        ],
    )


def _promises(step: Step, conversation: Conversation, agent: Agent) -> None:
    kind, _, hours = step.promises.partition(" in ")
    due_at = calendar_of(conversation.inbox).add(clock.now(), timedelta(hours=int(hours)))
    ledger.promise_by_phone(conversation, agent, kind=Kind(kind), what=step.text, due_at=round_up(due_at))


def _dismisses(step: Step, conversation: Conversation, agent: Agent) -> None:
    actions.dismiss(conversation, by=agent, reason=DismissalReason.SPAM, now=clock.now())


_DEEDS: dict[str, Callable[[Step, Conversation, Agent], None]] = {
    "takes": _takes,
    "notes": _notes,
    "replies": _replies,
    "promises": _promises,
    "dismisses": _dismisses,
}


def _picture(number: int) -> bytes:
    """A picture of a painted armrest with the paint coming off."""

    def colour(x: int, y: int) -> Colour:
        flaked = (x * (7 + number) + y * 13) % 97 < 24 and 40 < y < 110
        wood, paint, lawn = (150, 112, 78), (96, 118, 101), (176, 192, 158)
        return wood if flaked else paint if 40 < y < 110 else lawn

    return png(colour, 240, 160)
