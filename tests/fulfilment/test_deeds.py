"""What customers ask for is carried out once, refused with a reason, handed to a person, and undone."""

import pytest

from holdord.conversations import actions as conversations
from holdord.conversations.models import Message, Request, RequestKind
from holdord.fulfilment import actions, calling, jobs
from holdord.fulfilment.models import Deed
from holdord.fulfilment.queries import can_be_undone, deeds_in
from holdord.fulfilment.rules import Outcome, Told
from holdord.kernel import clock as the_clock
from holdord.promises import actions as promises
from holdord.promises.models import Promise
from tests.fulfilment.conftest import asked, fresh_request, works_off


def letters(conversation) -> list[str]:
    return list(
        Message.objects.filter(conversation=conversation, is_automatic=True)
        .order_by("pk")
        .values_list("text", flat=True)
    )


def test_a_subscription_is_cancelled_and_kept_after_all(desk, company, clock):
    shop = company("shop", desk.inbox, "cancel")
    conversation = desk.writes("Hej").conversation
    deed = asked(conversation, "cancel")
    works_off(clock)
    deed.refresh_from_db()
    assert (deed.state, fresh_request(deed).state) == ("done", "fulfilled")
    assert shop.acts == ["subscription of henrik@post.example: cancelled"]
    assert "Det er opsagt, som du bad om." in letters(conversation)[-1]
    assert "31. marts" in letters(conversation)[-1]
    # Until the month ends it can be undone.
    assert can_be_undone(deeds_in(conversation)[deed.request_id], now=the_clock.now())
    actions.undo(fresh_request(deed), by=None, now=the_clock.now())
    actions.undo(fresh_request(deed), by=None, now=the_clock.now())
    works_off(clock)
    assert shop.acts[1:] == ["subscription of henrik@post.example: running"]
    assert fresh_request(deed).state == "withdrawn"
    assert "Alt er, som det var før." in letters(conversation)[-1]


def test_a_time_out_after_the_deed_neither_repeats_nor_loses_it(desk, company, clock, settings):
    settings.DEED_SECONDS = 1
    cards = company("cards", desk.inbox, "block")
    cards.answers_after(3)
    deed = asked(desk.writes("Hej").conversation, "block")
    assert jobs.carry_out_next()
    deed.refresh_from_db()
    assert (deed.state, deed.may_have_arrived, deed.fault) == ("waiting", True, "silent")
    works_off(clock, for_seconds=10)
    deed.refresh_from_db()
    assert (deed.state, deed.tries) == ("done", 2)
    assert cards.asked == 1, "what may have been done is looked up before it is asked for again"
    assert cards.acts == ["card of henrik@post.example: blocked"]


def test_who_asks_twice_or_two_at_once_ask_for_one_thing(desk, company, clock):
    shop = company("shop", desk.inbox, "refund")
    conversation = desk.writes("Hej").conversation
    assert asked(conversation, "refund") == asked(conversation, "refund")
    first = actions.claim_next(now=the_clock.now())
    assert first is not None
    assert actions.claim_next(now=the_clock.now()) is None
    said = calling.carry_out(first.deed, first.executor, now=the_clock.now())
    for _twice in range(2):
        actions.told(first.deed, said, looked_first=False, now=the_clock.now())
    assert shop.acts == ["refund of henrik@post.example: sent"]
    assert sum("pengene" in text.lower() or "penge er" in text for text in letters(conversation)) == 1


def test_a_claim_ends_by_itself_and_the_next_looks_first(desk, company, clock):
    """Whoever had it died: before the call, or between the call and its record."""
    shop = company("shop", desk.inbox, "cancel", "replace")
    conversation = desk.writes("Hej").conversation
    before, after = asked(conversation, "cancel"), asked(conversation, "replace")
    died_before = actions.claim_next(now=the_clock.now())
    died_after = actions.claim_next(now=the_clock.now())
    assert {died_before.deed, died_after.deed} == {before, after}
    calling.carry_out(died_after.deed, died_after.executor, now=the_clock.now())
    assert not jobs.carry_out_next()
    works_off(clock, for_seconds=60)
    assert {deed.state for deed in Deed.objects.all()} == {"done"}
    assert sorted(shop.acts) == [
        "replacement of henrik@post.example: sent",
        "subscription of henrik@post.example: cancelled",
    ]


def test_a_no_names_its_reason_in_the_first_line(desk, company, clock):
    company("cards", desk.inbox, "cancel")
    deed = asked(desk.writes("Hej").conversation, "cancel")
    works_off(clock)
    request = fresh_request(deed)
    assert (request.state, request.reason) == ("declined", "Det kan vores system ikke.")
    assert letters(request.conversation)[-1].startswith("Vi gør ikke det, du bad om: Det kan vores system ikke.")


def test_what_nobody_answers_becomes_a_persons_work(desk, company, clock):
    cards = company("cards", desk.inbox, "block")
    cards.running.stop()
    deed = asked(desk.writes("Hej").conversation, "block")
    works_off(clock, for_seconds=150)
    deed.refresh_from_db()
    assert (deed.state, deed.fault, deed.may_have_arrived) == ("by_hand", "no_connection", False)
    promise = Promise.objects.get(pk=deed.promise_id)
    assert (promise.state, promise.what) == ("open", "Det bliver spærret for dig")
    # A person does it: the promise is kept, the customer hears.
    conversations.fulfil(fresh_request(deed), by=desk.agent("Jonas"), now=the_clock.now())
    promise.refresh_from_db()
    deed.refresh_from_db()
    assert (promise.state, deed.state) == ("kept", "done")
    assert "Det er spærret, som du bad om." in letters(promise.conversation)[-1]


def test_without_an_executor_a_person_promises_it(desk, clock):
    deed = asked(desk.writes("Hej").conversation, "cancel")
    assert deed.state == "by_hand"
    assert deed.promise.state == "open"
    assert deed.promise.due_at > the_clock.now()
    conversations.decline(fresh_request(deed), by=desk.agent("Jonas"), reason="Aftalen er slut.", now=the_clock.now())
    deed.refresh_from_db()
    deed.promise.refresh_from_db()
    assert (deed.state, deed.promise.state) == ("refused", "void")


def test_what_is_taken_back_before_it_began_is_never_asked_for(desk, company, clock):
    shop = company("shop", desk.inbox, "cancel")
    deed = asked(desk.writes("Hej").conversation, "cancel")
    actions.undo(fresh_request(deed), by=None, now=the_clock.now())
    works_off(clock, for_seconds=20)
    deed.refresh_from_db()
    assert (deed.state, fresh_request(deed).state, shop.acts) == ("dropped", "withdrawn", [])


def test_what_is_taken_back_while_it_is_under_way_is_done_and_undone(desk, company, clock, settings):
    settings.DEED_SECONDS = 1
    shop = company("shop", desk.inbox, "cancel")
    shop.answers_after(3)
    deed = asked(desk.writes("Hej").conversation, "cancel")
    jobs.carry_out_next()
    shop.answers_after(0)
    actions.undo(fresh_request(deed), by=None, now=the_clock.now())
    works_off(clock, for_seconds=20)
    assert shop.things == {"subscription": "running"}
    assert fresh_request(deed).state == "withdrawn"


def test_too_late_is_too_late(desk, company, clock):
    company("shop", desk.inbox, "cancel")
    deed = asked(desk.writes("Hej").conversation, "cancel")
    works_off(clock)
    clock.passes(days=40)
    with pytest.raises(actions.TooLateToUndo):
        actions.undo(fresh_request(deed), by=None, now=the_clock.now())


def test_a_signature_that_is_not_ours_does_nothing(desk, company, clock):
    shop = company("shop", desk.inbox, "cancel")
    deed = asked(desk.writes("Hej").conversation, "cancel")
    claimed = actions.claim_next(now=the_clock.now())
    actions.new_secret(claimed.executor)
    said = calling.carry_out(claimed.deed, claimed.executor, now=the_clock.now())
    assert (said, shop.acts) == (Told(Outcome.WRONG, "http_401"), [])
    actions.told(deed, said, looked_first=False, now=the_clock.now())
    deed.refresh_from_db()
    assert deed.state == "by_hand"


def test_a_request_found_in_text_is_confirmed_by_being_done(desk, company, clock):
    company("shop", desk.inbox, "cancel")
    from holdord.conversations.jobs import hear_messages

    desk.writes("Jeg vil gerne opsige mit abonnement.")
    hear_messages(now=the_clock.now())
    request = Request.objects.get(kind=RequestKind.CANCEL)
    assert request.state == "proposed"
    actions.carry_out(request, by=desk.agent("Jonas"), now=the_clock.now())
    works_off(clock)
    request.refresh_from_db()
    assert request.state == "fulfilled"


def test_who_keeps_the_promise_has_done_the_deed(desk, clock):
    deed = asked(desk.writes("Hej").conversation, "replace")
    promises.keep(deed.promise, evidence=None, now=the_clock.now(), by=desk.agent("Jonas"))
    deed.refresh_from_db()
    assert (deed.state, fresh_request(deed).state) == ("done", "fulfilled")


def test_who_lets_the_promise_go_takes_the_request_back(desk, clock):
    deed = asked(desk.writes("Hej").conversation, "replace")
    promises.release(deed.promise, evidence=None, now=the_clock.now())
    deed.refresh_from_db()
    assert (deed.state, fresh_request(deed).state) == ("dropped", "withdrawn")
