"""The figures: each measured through the server's sockets, or in this process where that is said, beside its floor."""

import http.client
import json
import random
import smtplib
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from holdord.channels.models import Arrival
from holdord.config.bench.filling import BEGINNING, COMMON, RARE
from holdord.config.bench.floors import Bare, recording
from holdord.config.bench.running import Running
from holdord.conversations import search
from holdord.conversations.models import Channel, Conversation, Message, Outgoing
from holdord.kernel import clock
from holdord.people.models import Agent, Inbox, Team
from holdord.promises import jobs

ROUNDS = 60


@dataclass(frozen=True)
class Figure:
    """One line of the table. `floor` is the same unit by the bare driver; None where there is nothing to compare."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    said: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor; for rates how many times slower than it."""
        if not self.floor or not self.value:
            return None
        return self.floor / self.value if self.unit.endswith("/s") else self.value / self.floor

    def as_json(self) -> str:
        """One JSON object."""
        return json.dumps({**asdict(self), "ratio": self.ratio})


class Visitor:
    """An agent who is logged in, and the pages they get over one connection that stays open."""

    def __init__(self, running: Running, agent: Agent) -> None:
        client = Client()
        client.force_login(agent)
        self.client, self.running = client, running
        self.cookie = f"sessionid={client.cookies['sessionid'].value}"
        self._connection = http.client.HTTPConnection("127.0.0.1", running.web, timeout=60)
        self._used_at = time.monotonic()

    def get(self, path: str, *, fragment: bool = False) -> bytes:
        """One page, or only the part that htmx asks for; AssertionError unless it is there."""
        asked_by = {"HX-Request": "true"} if fragment else {}
        status, body = self._ask("GET", path, None, {"Cookie": self.cookie, **asked_by})
        assert status == 200, (path, status)
        return body

    def post(self, path: str, fields: dict[str, str]) -> int:
        """Send a form as a page of ours would."""
        token = "a" * 32
        headers = {
            "Cookie": f"{self.cookie}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{self.running.web}",
        }
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": token}), headers)[0]

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        if time.monotonic() - self._used_at > 2:
            self._connection.close()  # the server lets idle ones go; the next request opens another
        self._connection.request(method, path, body=body, headers=headers)
        answer = self._connection.getresponse()
        found = answer.read()
        self._used_at = time.monotonic()
        return answer.status, found


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of so many rounds, after three that don't count."""
    for _ in range(3):
        work()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def page(what: str, visitor: Visitor, path: str, *, fragment: bool = False) -> Figure:
    """A page through the socket, beside its own SELECTs asked by the bare driver."""
    asked_by = {"HX-Request": "true"} if fragment else {}
    visitor.client.get(path, headers=asked_by)
    with recording() as recorded:
        visitor.client.get(path, headers=asked_by)
    bare = Bare()
    floor = milliseconds(lambda: bare.play(recorded.reads))
    bare.close()
    spent = milliseconds(lambda: visitor.get(path, fragment=fragment))
    return Figure(what, spent, "ms", floor, f"{len(recorded.reads)} statements")


def pages(visitor: Visitor) -> list[Figure]:
    """The list of what breaks first, and a conversation of 20 and of 200 messages."""
    twenty, many = (f"/conversations/{_conversation_of(messages)}/" for messages in (20, 200))
    return [
        page("next up, whole page, 50 rows", visitor, "/next/?whose=all"),
        page("next up, the list alone", visitor, "/next/?whose=all", fragment=True),
        page("conversation of 20 opened from the list", visitor, twenty, fragment=True),
        page("conversation of 200 opened from the list", visitor, many, fragment=True),
        page("conversation of 20, whole page with list", visitor, twenty),
        page("conversation of 200, whole page with list", visitor, many),
    ]


def searches(visitor: Visitor) -> list[Figure]:
    """A rare word, a common word and a common beginning: the index alone, and the whole page."""
    teams = list(Team.objects.values_list("pk", flat=True))
    figures = []
    for name, word in (("rare word", RARE), ("common word", COMMON), ("common beginning", BEGINNING)):
        with recording() as recorded:
            search.find(word, team_ids=teams)
        bare = Bare()
        floor = milliseconds(partial(bare.play, recorded.reads))
        bare.close()
        spent = milliseconds(partial(visitor.get, f"/search/?q={word}"), 30)
        figures.append(Figure(f"search, {name}, page", spent, "ms", floor))
    return figures


def reply(visitor: Visitor) -> Figure:
    """A reply that is sent: durable, searchable, in the outbox, the page answered."""
    conversation = Conversation.objects.get(pk=_some_open())
    newest = Message.objects.filter(conversation=conversation).order_by("-pk")[0].pk
    statuses = []

    def send() -> None:
        statuses.append(
            visitor.post(
                f"/conversations/{conversation.pk}/messages/",
                {
                    "kind": "reply",
                    "text": "Den kommer på torsdag.",
                    "seen": str(newest),
                    "send_anyway": "1",
                    "once": str(random.random()),  # noqa: S311
                },
            )
        )

    spent = milliseconds(send, 30)
    assert set(statuses) == {302}, statuses
    return Figure("a reply", spent, "ms")


_DRAFT = (
    "Hej Henrik\n\nJeg er ked af, at du har ventet. Boksen er desværre blevet væk hos transportøren, så jeg sender dig"
    " en ny i dag, og du har den på fredag inden kl. 12. Den gamle skal du ikke pakke ind igen. Ser du stadig HTTP 500,"
    " så skriv til mig, og jeg ringer til dig i morgen mellem 9 og 11. Hvilket nummer må jeg ringe på?\n\n"
    "Du får de 199 kr. for fragten tilbage på dit kort inden for tre hverdage. Vi har selv rettet abonnementet, så du"
    " ikke betaler for filmpakken i denne måned.\n\nVenlig hilsen\nJonas"
)


def guard(visitor: Visitor) -> Figure:
    """The guard on a draft of 600 characters that an agent is writing: the 95th of a hundred, through HTTP."""
    conversation = _some_open()
    took = []
    for number in range(100):
        began = time.perf_counter()
        status = visitor.post(f"/conversations/{conversation}/draft/guard/", {"kind": "reply", "text": _DRAFT[number:]})
        took.append(1000 * (time.perf_counter() - began))
        assert status == 200, status
    return Figure(
        "the guard while typing, 95th", sorted(took)[94], "ms", said=f"median: {statistics.median(took):.0f} ms"
    )


def live(running: Running, visitor: Visitor) -> Figure:
    """From the commit of a note to the event in another agent's open page."""
    stream = http.client.HTTPConnection("127.0.0.1", running.web, timeout=30)
    stream.request("GET", "/live/desk", headers={"Cookie": visitor.cookie})
    answer = stream.getresponse()
    assert answer.status == 200, answer.status
    came: list[float] = []
    stopping = threading.Event()

    def listen() -> None:
        while not stopping.is_set():
            line = answer.fp.readline() if answer.fp else b""
            if line.startswith(b"data:"):
                came.append(time.perf_counter())
            elif not line:
                return

    threading.Thread(target=listen, daemon=True).start()
    from holdord.conversations import actions  # noqa: PLC0415 - only here

    conversation, agent = Conversation.objects.get(pk=_some_open()), an_agent()
    delays = []
    for _ in range(25):
        time.sleep(0.05)
        seen = len(came)
        actions.note(conversation, by=agent, text="Til jer andre.", now=clock.now())
        committed = time.perf_counter()
        while len(came) == seen and time.perf_counter() - committed < 5:
            time.sleep(0.001)
        delays.append(1000 * (came[seen] - committed))
    stopping.set()
    stream.close()
    late = f"95th: {sorted(delays)[23]:.0f} ms"
    return Figure("live, commit to the open page", statistics.median(delays), "ms", None, late)


def tick() -> list[Figure]:
    """One look of the clock when nothing is due, in this process."""
    running = _count("SELECT count(*) FROM promises_promise WHERE state IN ('open', 'moved')")
    with recording() as recorded:
        jobs.tick()
    bare = Bare()
    floor = milliseconds(lambda: bare.play(recorded.reads))
    bare.close()
    return [Figure(f"a tick of the clock, {running:,} promises open", milliseconds(jobs.tick), "ms", floor)]


_LETTER = "boksen virker ikke jeg har ventet i tre uger og ingen svarer telefonen hvornår kommer den nye pakke"


def letters(count: int, inbox: Inbox) -> list[bytes]:
    """Mails of some 4 kB, text and HTML, from people who never wrote before."""
    dice, made = random.Random(), []  # noqa: S311 - no secret
    words = _LETTER.split()
    for number in range(count):
        text = " ".join(dice.choice(words) for _ in range(110))
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Kunde {number} <ny{number}.{dice.getrandbits(40)}@bench.example>", inbox.address
        mail["Subject"], mail["Message-ID"] = f"Ordre {number}", f"<{dice.getrandbits(80)}@bench.example>"
        mail.set_content(text)
        paragraphs = "".join(f"<p>{text}</p>" for _ in range(4))
        mail.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
        made.append(mail.as_bytes(policy=SMTP))
    return made


def mail_in(running: Running, count: int, floor: float, connections: int = 4) -> list[Figure]:
    """Mail through SMTP: accepted (durable); all done: read, promised, searchable, acknowledged in the outbox."""
    inbox = Inbox.objects.order_by("pk")[0]
    made = letters(count, inbox)
    before = Arrival.objects.filter(state="read").count()
    begun = time.perf_counter()
    parts = [made[at::connections] for at in range(connections)]
    threads = [threading.Thread(target=_hand_over, args=(part, running.smtp, inbox.address)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = time.perf_counter() - begun
    while (done := Arrival.objects.filter(state="read").count() - before) < count:
        if time.perf_counter() - begun > 600:
            raise TimeoutError(f"{done} of {count} mails were read")
        time.sleep(0.05)
    return [
        Figure("mail accepted (on disk, 250)", count / accepted, "mails/s", None, f"{connections} connections"),
        Figure("mail in, everything done", count / (time.perf_counter() - begun), "mails/s", floor),
    ]


def _hand_over(mails: list[bytes], port: int, to: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as server:
        for mail in mails:
            server.sendmail("a@bench.example", [to], mail)


def mail_out(waits: int, seconds: float) -> Figure:
    """Sending, measured apart."""
    return Figure("mail out", waits / seconds, "mails/s", None, f"{waits} acknowledgements by real SMTP")


def waiting_to_go() -> int:
    """How many letters stand in the outbox."""
    return Outgoing.objects.queued().count()


def memory(running: Running, visitor: Visitor, requests: int = 1000) -> Figure:
    """Anonymous memory of the whole process after so many requests."""
    keys = _open_ones(40)
    for number in range(requests):
        visitor.get("/next/" if number % 2 else f"/conversations/{keys[number // 2 % len(keys)]}/")
    return Figure(f"memory after {requests:,} requests", running.anonymous_memory() / 1e6, "MB")


def start(running: Running) -> list[Figure]:
    """How long until it answers."""
    return [
        Figure("start, until SMTP answers", running.smtp_answers_after, "s"),
        Figure("start, until the first page", running.page_answers_after, "s"),
    ]


def an_agent() -> Agent:
    """Somebody who sees everything."""
    agent = get_user_model().objects.order_by("pk").first()
    assert isinstance(agent, Agent)
    return agent


def _some_open() -> int:
    return _open_ones(1)[0]


def _open_ones(most: int) -> list[int]:
    keys = Conversation.objects.filter(status="open").order_by("-changed_at").values_list("pk", flat=True)
    return list(keys[:most])


def _conversation_of(messages: int) -> int:
    """A conversation with so many messages, made from an ordinary one."""
    inbox = Inbox.objects.order_by("pk")[0]
    like = Conversation.objects.filter(inbox=inbox).order_by("-pk")[0]
    made = Conversation.objects.create(
        inbox=inbox,
        team_id=inbox.team_id,
        customer_id=like.customer_id,
        subject=f"{messages} beskeder",
        language="da",
        channel="email",
        opened_at=clock.now(),
        changed_at=clock.now(),
    )
    identity_id = Message.objects.filter(conversation=like).values_list("identity_id", flat=True)[0]
    text = Message.objects.filter(conversation=like).values_list("text", flat=True)[0]
    for number in range(messages):
        Message.objects.create(
            conversation=made,
            kind="outbound" if number % 2 else "inbound",
            channel=Channel.EMAIL,
            identity_id=identity_id,
            text=text,
            reply_text=text,
            language="da",
            at=clock.now(),
        )
    return made.pk


def _count(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
