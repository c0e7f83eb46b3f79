"""Replies, notes, undo, closing, dismissing, handing over: each happens once, and with its consequences."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from holdord.conversations import actions
from holdord.conversations.actions import CannotClose, NoAddress, NothingToSend, TakenByAnother, TooLateToUndo
from holdord.conversations.models import Closing, Draft, Message, Outgoing, OutgoingState
from holdord.promises.models import Promise
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk

pytestmark = pytest.mark.django_db


def reply(desk: SmallDesk, to: Message, clock: MovableClock, *, seconds: int = 10) -> Message:
    return actions.reply(
        fresh(to.conversation),
        by=desk.agent("Jonas"),
        text="Den kommer på torsdag.",
        seen=to,
        not_before=clock.now() + timedelta(seconds=seconds),
        now=clock.now(),
    )


def test_a_reply_waits_out_its_undo_window(clock: MovableClock) -> None:
    desk = small_desk()
    written = reply(desk, desk.writes("Hvornår kommer boksen?"), clock)
    sent = desk.sends_all()
    assert written not in sent
    clock.passes(seconds=11)
    assert desk.sends_all() == [written]


def test_an_undone_reply_is_a_draft_again_and_never_leaves(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    written = reply(desk, inquiry, clock)
    draft = actions.undo_reply(written, by=desk.agent("Jonas"), now=clock.now())
    clock.passes(minutes=5)
    assert written not in desk.sends_all()
    assert draft.text == "Den kommer på torsdag."
    assert fresh(inquiry.conversation).status == "open"


def test_what_left_cannot_be_undone(clock: MovableClock) -> None:
    desk = small_desk()
    written = reply(desk, desk.writes("Hvornår kommer boksen?"), clock, seconds=0)
    desk.sends_all()
    with pytest.raises(TooLateToUndo):
        actions.undo_reply(written, by=desk.agent("Jonas"), now=clock.now())


@pytest.mark.django_db(transaction=True)
def test_undo_and_the_sender_race_and_exactly_one_of_them_wins(clock: MovableClock) -> None:
    desk = small_desk()
    for _ in range(5):
        written = reply(desk, desk.writes("Hvornår kommer boksen?"), clock, seconds=0)
        won: list[str] = []
        together = threading.Barrier(2)

        def undo(written: Message = written, won: list[str] = won, together: threading.Barrier = together) -> None:
            together.wait()
            try:
                actions.undo_reply(written, by=desk.agent("Jonas"), now=clock.now())
                won.append("undo")
            except TooLateToUndo:
                pass
            connection.close()

        def send(written: Message = written, won: list[str] = won, together: threading.Barrier = together) -> None:
            together.wait()
            if actions.claim(written.outgoing, message_id="x@desk.example", now=clock.now()):
                won.append("send")
            connection.close()

        threads = [threading.Thread(target=undo), threading.Thread(target=send)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        Message.objects.filter(pk=written.pk).update(message_id="")


def test_nothing_is_not_sent(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    with pytest.raises(NothingToSend):
        actions.reply(
            inquiry.conversation,
            by=desk.agent("Jonas"),
            text=" \n",
            seen=inquiry,
            not_before=clock.now(),
            now=clock.now(),
        )


def test_a_customer_without_an_address_cannot_be_written_to(clock: MovableClock) -> None:
    desk = small_desk()
    called = desk.writes("Ring mig op", channel="phone", address_kind="phone", by="+4520004821")
    with pytest.raises(NoAddress):
        reply(desk, called, clock)


def test_a_note_is_seen_by_nobody_outside(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    actions.note(inquiry.conversation, by=desk.agent("Jonas"), text="Kendt fejl.", now=clock.now())
    assert not Outgoing.objects.filter(message__kind="note").exists()


def test_closing_needs_a_reason_and_sends_it(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    with pytest.raises(CannotClose) as refused:
        actions.close(
            inquiry.conversation,
            by=desk.agent("Jonas"),
            reason=" ",
            seen=inquiry,
            not_before=clock.now(),
            now=clock.now(),
        )
    assert refused.value.why == "reason"
    actions.close(
        fresh(inquiry.conversation),
        by=desk.agent("Jonas"),
        reason="Boksen er sendt i dag.",
        seen=inquiry,
        not_before=clock.now(),
        now=clock.now(),
    )
    sent = desk.sends_all()
    assert fresh(inquiry.conversation).status == "closed"
    assert sent[-1].text.startswith("Boksen er sendt i dag.")
    assert Promise.objects.get().state == "kept"


def test_nothing_is_closed_while_an_answer_is_unsent(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    written = reply(desk, inquiry, clock)
    for state in (OutgoingState.QUEUED, OutgoingState.FAILED, OutgoingState.UNKNOWN):
        Outgoing.objects.filter(message=written).update(state=state)
        with pytest.raises(CannotClose) as refused:
            actions.close(
                fresh(inquiry.conversation),
                by=desk.agent("Jonas"),
                reason="Færdig.",
                seen=inquiry,
                not_before=clock.now(),
                now=clock.now(),
            )
        assert refused.value.why == "unsent"
    assert not Closing.objects.exists()


def test_a_closing_undone_in_time_was_never_told(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    desk.sends_all()
    actions.close(
        fresh(inquiry.conversation),
        by=desk.agent("Jonas"),
        reason="Færdig.",
        seen=inquiry,
        not_before=clock.now() + timedelta(seconds=10),
        now=clock.now(),
    )
    actions.reopen(fresh(inquiry.conversation), by=desk.agent("Jonas"), now=clock.now())
    clock.passes(minutes=1)
    assert desk.sends_all() == []
    assert fresh(inquiry.conversation).status == "open"
    assert Promise.objects.get().state == "open"


def test_a_closing_undone_later_is_a_reopening_and_the_customer_is_told(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    actions.close(
        fresh(inquiry.conversation),
        by=desk.agent("Jonas"),
        reason="Færdig.",
        seen=inquiry,
        not_before=clock.now(),
        now=clock.now(),
    )
    desk.sends_all()
    clock.passes(hours=1)
    actions.reopen(fresh(inquiry.conversation), by=desk.agent("Jonas"), now=clock.now())
    told = desk.sends_all()
    assert [message.is_automatic for message in told] == [True]


def test_two_take_at_once_and_the_first_has_it(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    stale = fresh(inquiry.conversation)
    actions.take(inquiry.conversation, by=desk.agent("Jonas"), now=clock.now())
    with pytest.raises(TakenByAnother) as refused:
        actions.take(stale, by=desk.agent("Maja"), now=clock.now())
    assert refused.value.owner == desk.agent("Jonas")


def test_handing_over_needs_context(clock: MovableClock) -> None:
    desk, other = small_desk(), small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    with pytest.raises(NothingToSend):
        actions.hand_over(
            inquiry.conversation, by=desk.agent("Jonas"), to_team=other.team, to_agent=None, context="", now=clock.now()
        )


def test_an_agent_writes_first_and_the_conversation_waits(clock: MovableClock) -> None:
    desk = small_desk()
    conversation = actions.begin(
        inbox=desk.inbox,
        by=desk.agent("Jonas"),
        address="sofie@post.example",
        name="Sofie",
        subject="Din boks er klar",
        text="Hej Sofie, boksen er klar.",
        not_before=clock.now(),
        now=clock.now(),
    )
    assert (conversation.status, conversation.owner) == ("waiting", desk.agent("Jonas"))
    assert [message.text for message in desk.sends_all()] == ["Hej Sofie, boksen er klar."]
    assert not Promise.objects.exists()


def test_drafts_are_kept_for_each_author_and_thrown_away_when_empty(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    actions.save_draft(inquiry.conversation, by=desk.agent("Jonas"), text="Hej", now=clock.now())
    actions.save_draft(inquiry.conversation, by=desk.agent("Maja"), text="Kære", now=clock.now())
    actions.save_draft(inquiry.conversation, by=desk.agent("Jonas"), text="", now=clock.now())
    assert [draft.text for draft in Draft.objects.all()] == ["Kære"]


def test_after_a_bounce_another_address_of_the_customer_is_used(clock: MovableClock) -> None:
    desk = small_desk()
    inquiry = desk.writes("Hvornår kommer boksen?")
    written = reply(desk, inquiry, clock, seconds=0)
    desk.sends_all()
    customer = fresh(inquiry.conversation).customer
    customer.identities.create(kind="email", address="henrik@work.example", created_at=clock.now())
    actions.bounced(written.outgoing, error="550 no such user", permanent=True, now=clock.now())
    again = reply(desk, inquiry, clock)
    assert again.outgoing.to == "henrik@work.example"
