"""Mails are stored while people work on the same conversations: nobody waits for another who waits for them."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum

from holdord.channels.actions import Incoming, accept
from holdord.channels.intake import batches
from holdord.channels.models import Arrival
from holdord.conversations import actions as conversations
from holdord.conversations.models import Conversation, Message
from holdord.kernel import clock as the_clock
from holdord.people.models import Customer, Identity
from holdord.promises.models import Promise, PromisedWork
from tests.channels.conftest import MailDesk
from tests.conftest import MovableClock
from tests.factories import fresh
from tests.support.mails import mail

pytestmark = pytest.mark.django_db(transaction=True)


class Beside(threading.Thread):
    """Somebody who does something meanwhile, with connections of their own; `fault` is what they met."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self._act = act
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            self._act()
        except BaseException as fault:
            self.fault = fault
        finally:
            connections.close_all()


def test_a_batch_gives_way_to_whoever_dismisses_what_its_second_mail_belongs_to(
    mail_desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LONGEST_TRANSACTION", 30)  # both mails in one, however slow this machine is
    case = mail_desk.message(mail("Hvor er boksen?", to=mail_desk.address).as_bytes())
    letter = mail_desk.sends()[-1]
    of_a_stranger = mail("Har I åbent?", to=mail_desk.address, by="karla@post.example")
    in_the_case = mail("Nå.", to=mail_desk.address, In_Reply_To=letter.message["Message-ID"])
    came = accept(
        [Incoming(each.as_bytes(), "imap", mail_desk.inbox.pk) for each in (of_a_stranger, in_the_case)],
        now=the_clock.now(),
    )
    batch = Beside(mail_desk.reads)
    with transaction.atomic():  # Jonas has the case, and needs the minutes of his team next
        Conversation.objects.select_for_update().get(pk=case.conversation_id)
        batch.start()  # the batch has these minutes for the stranger, and needs the case next
        batch.join(0.25)
        conversations.dismiss(
            fresh(case.conversation), by=mail_desk.desk.agent("Jonas"), reason="misdirected", now=the_clock.now()
        )
    batch.join(30)
    assert batch.fault is None
    assert {arrival.state for arrival in Arrival.objects.filter(pk__in=[one.pk for one in came])} == {"read"}
    assert Message.objects.filter(conversation=case.conversation_id, kind="inbound").count() == 2
    assert Message.objects.filter(kind="inbound").count() == 3


def test_three_workers_who_meet_the_same_strangers_know_each_once(
    mail_desk: MailDesk, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LONGEST_TRANSACTION", 0)  # a mail each: nobody is done with all before others begin
    letters = [
        mail(f"Nr. {number}", to=mail_desk.address, by=f"k{stranger}@post.example", subject=f"{number}").as_bytes()
        for number in range(5)
        for stranger in range(8)
    ]
    accept(
        [Incoming(raw, "imap", mail_desk.inbox.pk) for raw in (*letters, *letters[::4])],
        now=the_clock.now(),
    )
    workers = [Beside(mail_desk.reads) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.fault for worker in workers] == [None] * 3
    clock.passes(seconds=6)  # who met another twice waits five seconds
    mail_desk.reads()
    assert Counter(Arrival.objects.values_list("state", flat=True)) == {"read": 40, "ignored": 10}
    assert Message.objects.filter(kind="inbound").count() == Conversation.objects.count() == len(letters)
    assert Customer.objects.count() == Identity.objects.count() == 8
    promised = dict(PromisedWork.objects.values_list("due_at", "amount"))
    running = Promise.objects.running().order_by().values_list("due_at")
    assert promised == dict(running.annotate(minutes=Sum("work_minutes")))


def test_a_worker_passes_over_what_another_is_storing(mail_desk: MailDesk) -> None:
    letters = [mail(f"Nr. {number}", to=mail_desk.address).as_bytes() for number in range(batches.BATCH + 5)]
    came = accept([Incoming(raw, "imap", mail_desk.inbox.pk) for raw in letters], now=the_clock.now())
    found: list[int] = []
    another = Beside(lambda: found.append(batches.read_waiting(now=the_clock.now())))
    with transaction.atomic():
        list(Arrival.objects.select_for_update().filter(pk__in=[one.pk for one in came[: batches.BATCH]]))
        another.start()
        another.join(5 if connection.features.has_select_for_update_skip_locked else 0.1)
    another.join(30)
    assert another.fault is None
    assert found == [5 if connection.features.has_select_for_update_skip_locked else batches.BATCH]
