"""Pressed by several at the same moment, a thing is asked for once, tried by one, settled once and undone once."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connections

from holdord.conversations.models import Conversation, Message, Request, RequestKind
from holdord.fulfilment import actions
from holdord.fulfilment.codes import figures_of
from holdord.fulfilment.models import Code, Deed, Proof
from holdord.fulfilment.rules import Outcome, Told, Way
from holdord.kernel import clock as the_clock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def all_at_once(act: Callable[[], object], *may_refuse: type[Exception]) -> list[object]:
    """What each of several threads gets that begin at the same moment; who is refused gets nothing."""
    start, answers, faults = threading.Barrier(AT_ONCE), [], []

    def told() -> None:
        try:
            start.wait(10)
            with suppress(*may_refuse):
                answers.append(act())
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=told) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    return answers


@pytest.fixture
def desk(transactional_db, clock) -> SmallDesk:
    desk = small_desk()
    actions.set_executor(desk.inbox, "cancel", way=Way.WEBHOOK, url="https://shop.example/", undo_hours=48)
    return desk


@pytest.fixture
def conversation(desk) -> Conversation:
    found = desk.writes("Hej").conversation
    return Conversation.objects.select_related("inbox", "customer").get(pk=found.pk)


def test_a_thing_is_asked_for_once(conversation):
    all_at_once(lambda: actions.ask_for(conversation, RequestKind.CANCEL, by=None, now=the_clock.now()))
    assert (Request.objects.count(), Deed.objects.count()) == (1, 1)


def test_a_persons_promise_is_given_once(conversation):
    all_at_once(lambda: actions.ask_for(conversation, RequestKind.REPLACE, by=None, now=the_clock.now()))
    assert conversation.promises.filter(kind="other").count() == 1


def test_one_tries_one_settles_one_letter(conversation):
    deed = actions.ask_for(conversation, RequestKind.CANCEL, by=None, now=the_clock.now())
    claimed = all_at_once(lambda: actions.claim_next(now=the_clock.now()))
    assert sum(each is not None for each in claimed) == 1
    deed = Deed.objects.select_related("request__conversation__inbox", "request__conversation__customer").get()
    settled = all_at_once(lambda: actions.settle(deed, Told(Outcome.DONE), by=None, now=the_clock.now()))
    assert sum(map(bool, settled)) == 1
    assert Message.objects.filter(text__contains="opsagt, som du bad om").count() == 1
    all_at_once(lambda: actions.undo(deed.request, by=None, now=the_clock.now()), actions.TooLateToUndo)
    assert Deed.objects.filter(direction="undo").count() == 1


def test_taking_it_back_and_trying_it_race_and_one_of_them_wins(conversation):
    for _round in range(4):
        Deed.objects.all().delete()
        Request.objects.all().delete()
        deed = actions.ask_for(conversation, RequestKind.CANCEL, by=None, now=the_clock.now())
        turns = iter([True, False] * AT_ONCE)

        def act(turns=turns) -> object:
            if next(turns):
                return actions.claim_next(now=the_clock.now())
            return actions.undo(
                Request.objects.select_related("conversation__inbox").get(), by=None, now=the_clock.now()
            )

        claimed = [each for each in all_at_once(act, actions.TooLateToUndo) if each is not None]
        deed.refresh_from_db()
        undoing = Deed.objects.filter(direction="undo").count()
        # Either it was never asked for, or it was and is undone after it.
        assert (deed.state, len(claimed), undoing) in {("dropped", 0, 0), ("waiting", 1, 1)}


def test_a_code_opens_once(conversation):
    actions.send_code(conversation, conversation.customer.identities.get(), for_kind="export", now=the_clock.now())
    figures = figures_of(Code.objects.get())
    all_at_once(
        lambda: actions.prove_by_code(conversation, figures, for_kind="export", by=None, now=the_clock.now()),
        actions.WrongCode,
    )
    assert Proof.objects.count() == 1
