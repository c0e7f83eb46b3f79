"""Guarantee 4: a word is kept, or the customer hears from us before it is late, or it is broken in the open."""

from holdord.conversations.models import Conversation, Message
from holdord.promises.models import Promise
from holdord.recovery.models import Recovery
from tests.stories.cast import Stage, answer_owed


def test_a_late_answer_is_told_before_it_is_late(stage: Stage) -> None:
    # Given Henrik wrote on Monday at ten and Jonas took it
    henrik, jonas, hanne = stage.customer("Henrik"), stage.agent("Jonas"), stage.agent("Hanne")
    stage.clock.moves_to("Mon 10:00")
    question = henrik.writes("Hvornår kommer boksen? Jeg har ventet i tre uger nu.")
    jonas.takes(question.conversation)
    promise = answer_owed(question)
    # When it is half past one and nothing has happened
    stage.time_goes_to("Mon 13:40")
    # Then Jonas was warned, then Hanne, and it leads the list
    assert jonas.warnings == ["warn_owner"]
    assert hanne.warnings == ["warn_lead", "tell_customer"]  # she learns that the desk wrote by itself
    assert jonas.next_up[0].conversation == question.conversation
    # And Henrik hears it from us, in Danish, with a new time, before the old one
    promise.refresh_from_db()
    move = promise.moves.get()
    assert promise.state == "moved"
    assert move.told_at is not None
    assert move.told_at < move.old_due_at
    assert henrik.was_told(promise, move.at)


def test_an_answer_in_time_keeps_the_word(stage: Stage) -> None:
    henrik, jonas = stage.customer("Henrik"), stage.agent("Jonas")
    stage.clock.moves_to("Mon 10:00")
    question = henrik.writes("Hvornår kommer boksen? Jeg har ventet i tre uger nu.")
    promise = answer_owed(question)
    assert henrik.was_told(promise, promise.given_at)
    stage.clock.moves_to("Mon 11:00")
    jonas.answers(question, "Hej Henrik, den kommer på torsdag.")
    promise.refresh_from_db()
    assert promise.state == "kept"
    assert "på torsdag" in henrik.latest.text
    stage.time_goes_to("Tue 12:00")
    assert len(henrik.letters) == 2  # the confirmation and the answer, nothing more


def test_a_promise_nobody_kept_is_broken_and_everybody_sees_it(stage: Stage) -> None:
    henrik, hanne = stage.customer("Henrik"), stage.agent("Hanne")
    stage.clock.moves_to("Mon 10:00")
    question = henrik.writes("Hvornår kommer boksen? Jeg har ventet i tre uger nu.")
    first = answer_owed(question)
    stage.time_goes_to("Tue 09:00")
    first.refresh_from_db()
    following = answer_owed(question)
    assert first.state == "broken"
    assert following.follows == first
    assert Recovery.objects.get().promise == first
    assert henrik.was_told(following, following.given_at)
    assert hanne.next_up[0] == following


def test_when_the_mail_server_is_down_a_delay_that_nobody_heard_of_is_broken(stage: Stage) -> None:
    henrik = stage.customer("Henrik")
    stage.clock.moves_to("Mon 10:00")
    question = henrik.writes("Hvornår kommer boksen? Jeg har ventet i tre uger nu.")
    promise = answer_owed(question)
    stage.sink.answer = lambda _: "451 later"
    stage.time_goes_to("Mon 14:10")
    promise.refresh_from_db()
    assert promise.state == "broken"
    stage.sink.answer = lambda _: "250 caught"
    stage.time_goes_to("Mon 15:40")
    assert henrik.was_told(answer_owed(question), answer_owed(question).given_at)


def test_thanks_leaves_it_closed_and_thanks_but_does_not(stage: Stage) -> None:
    henrik, jonas = stage.customer("Henrik"), stage.agent("Jonas")
    question = henrik.writes("Hvornår kommer boksen? Jeg har ventet i tre uger nu.")
    jonas.answers(question, "Hej Henrik, den kommer på torsdag.")
    thanks = henrik.writes("Tusind tak!", answering=henrik.latest)
    conversation = Conversation.objects.get(pk=question.conversation_id)
    assert thanks.conversation == conversation
    assert (conversation.status, conversation.closing_proposed_by) == ("waiting", thanks)
    assert not Promise.objects.running().exists()
    henrik.writes("Tak, men den kom ikke på torsdag. Hvad nu?", answering=henrik.latest)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.closing_proposed_by) == ("open", None)
    assert answer_owed(question).origin == Message.objects.order_by("-pk").exclude(kind="outbound").first()


def test_a_snoozed_conversation_comes_back_when_its_promise_is_at_risk(stage: Stage) -> None:
    from holdord.conversations import actions

    henrik, jonas = stage.customer("Henrik"), stage.agent("Jonas")
    stage.clock.moves_to("Mon 10:00")
    question = henrik.writes("Hvornår kommer boksen? Jeg har ventet i tre uger nu.")
    actions.snooze(question.conversation, by=jonas.agent, until=stage.clock.next("Fri 10:00"), now=stage.clock.now())
    stage.time_goes_to("Mon 12:40")
    assert Conversation.objects.get().status == "open"
