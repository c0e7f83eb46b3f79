"""People in a story: customers who write mail and have a mailbox, agents who see their list and answer.

Everything goes through the real parts: mail comes in by SMTP to the listener, is read by the worker's own jobs, and
goes out by SMTP to a server that catches it. Time passes when the story says so.
"""

import re
import smtplib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.conf import settings

from holdord.channels import jobs as channel_jobs
from holdord.conversations import actions
from holdord.conversations.jobs import wake_snoozed
from holdord.conversations.models import Conversation, Message, Outgoing, OutgoingState
from holdord.kernel import clock
from holdord.kernel.moments import by_when, clock_time
from holdord.people.models import Agent, Inbox
from holdord.promises import jobs as promise_jobs
from holdord.promises.models import Promise, RiskWarning
from holdord.promises.queries import reply_leaves_at, running_answer
from tests.conftest import MovableClock
from tests.factories import SmallDesk
from tests.support.sink import Caught, Sink


@dataclass
class Stage:
    """Where a story plays: the desk, its mail server, and the server that catches what it sends."""

    desk: SmallDesk
    sink: Sink
    clock: MovableClock
    smtp_port: int

    @property
    def inbox(self) -> Inbox:
        return self.desk.inbox

    def customer(self, name: str, *, language: str = "da") -> "Customer":
        return Customer(self, name, f"{name.lower()}@post.example", language)

    def agent(self, name: str) -> "Colleague":
        return Colleague(self, self.desk.agent(name))

    def works_off(self) -> None:
        """The worker does what is due now: reads what came, looks at the clock, sends what waits."""
        for _ in range(50):
            busy = channel_jobs.read_arrivals()
            busy = bool(promise_jobs.tick()) or busy
            busy = bool(wake_snoozed()) or busy
            busy = channel_jobs.send_one() or busy
            if not busy:
                return
        raise AssertionError("the worker never comes to rest")

    def time_goes_to(self, moment: str | datetime, step: timedelta = timedelta(minutes=5)) -> None:
        """Let time pass in small steps, the worker at work all the while."""
        until = moment if isinstance(moment, datetime) else self.clock.next(moment)
        while clock.now() < until:
            self.clock.moves_to(min(clock.now() + step, until))
            self.works_off()
        self.works_off()


@dataclass
class Letter:
    """A mail a customer got."""

    caught: Caught

    @property
    def text(self) -> str:
        part = self.caught.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def case_page(self) -> str:
        """The path of the private link in it."""
        found = re.search(rf"{re.escape(settings.PUBLIC_URL)}(/case/[\w-]+/)", self.text)
        assert found, f"no private link in {self.text!r}"
        return found[1]

    def says_by(self, promise: Promise, *, language: str) -> bool:
        """Whether the promise's due time stands in it, in words of the language."""
        zone = promise.conversation.inbox.time_zone
        return clock_time(promise.due_at, zone=zone, language=language) in self.text


@dataclass
class Customer:
    """Somebody who writes to the desk by mail."""

    stage: Stage
    name: str
    address: str
    language: str
    written: list[EmailMessage] = field(default_factory=list)

    def writes(self, text: str, *, subject: str = "Boksen", answering: Letter | None = None) -> Message:
        """Send a mail by SMTP and return the message the desk made of it."""
        mail = EmailMessage()
        mail["From"], mail["To"] = f"{self.name} <{self.address}>", self.stage.inbox.address
        mail["Subject"], mail["Date"] = subject, format_datetime(clock.now())
        mail["Message-ID"] = make_msgid(domain="post.example")
        if answering is not None:
            caught = answering.caught.message
            mail.replace_header("To", caught["Reply-To"])
            mail["In-Reply-To"], mail["References"] = caught["Message-ID"], caught["Message-ID"]
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.stage.smtp_port, timeout=10) as server:
            server.send_message(mail)
        self.written.append(mail)
        self.stage.works_off()
        return Message.objects.get(message_id=str(mail["Message-ID"]).strip("<>"))

    @property
    def letters(self) -> list[Letter]:
        """What came to their mailbox, the oldest first."""
        return [Letter(caught) for caught in self.stage.sink.caught if self.address in caught.recipients]

    @property
    def latest(self) -> Letter:
        assert self.letters, f"{self.name} got no mail"
        return self.letters[-1]

    def was_told(self, promise: Promise, now: datetime) -> bool:
        """Whether the latest letter says, in their language, by when."""
        zone = promise.conversation.inbox.time_zone
        return by_when(promise.due_at, now=now, zone=zone, language=self.language) in " ".join(self.latest.text.split())


@dataclass
class Colleague:
    """Somebody who works at the desk."""

    stage: Stage
    agent: Agent

    @property
    def next_up(self) -> list[Promise]:
        """Their list: what breaks first."""
        from holdord.routing.lists import next_up

        return [Promise.objects.get(pk=row.promise_id) for row in next_up(self.agent, "all")]

    @property
    def warnings(self) -> list[str]:
        return list(RiskWarning.objects.filter(agent=self.agent).order_by("at", "pk").values_list("level", flat=True))

    def takes(self, conversation: Conversation) -> None:
        actions.take(conversation, by=self.agent, now=clock.now())

    def answers(self, message: Message, text: str) -> Message:
        """Reply to what is on the screen, and let the undo window pass."""
        conversation = Conversation.objects.get(pk=message.conversation_id)
        now = clock.now()
        reply = actions.reply(
            conversation,
            by=self.agent,
            text=text,
            seen=message,
            not_before=reply_leaves_at(conversation, now=now),
            now=now,
        )
        self.stage.clock.passes(seconds=settings.UNDO_SECONDS + 1)
        self.stage.works_off()
        return reply


def answer_owed(message: Message) -> Promise:
    """The running answer promise of a message's conversation."""
    promise = running_answer(Conversation.objects.get(pk=message.conversation_id))
    assert promise is not None, "no answer is owed"
    return promise


def nothing_waits() -> bool:
    """Whether the outbox is empty."""
    return not Outgoing.objects.filter(state=OutgoingState.QUEUED).exists()
