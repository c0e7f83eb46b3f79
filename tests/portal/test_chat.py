"""The chat: the same conversation as any other, shown while its visitor is there, mailed when they have left."""

import re

import pytest
from django.test import Client

from holdord.channels.outgoing import sending
from holdord.conversations import actions, jobs
from holdord.conversations.models import Conversation, Message, Outgoing, Presence
from holdord.kernel import clock as the_clock
from holdord.promises.models import Promise
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def begin(desk: SmallDesk, clock: MovableClock, **said: str) -> str:
    page = Client().get(f"/chat/{desk.inbox.slug}/?lang=en").text
    hidden = dict(re.findall(r'type="hidden" name="(offer|key)" value="([^"]+)"', page))
    clock.passes(minutes=1)
    answer = Client().post(f"/chat/{desk.inbox.slug}/?lang=en", {**hidden, "text": "The box is dead.", **said})
    assert answer.status_code == 303
    return answer.headers["Location"].partition("?")[0]


def answers(desk: SmallDesk, clock: MovableClock, text: str = "I send a new one.") -> Message:
    conversation = Conversation.objects.get()
    now = the_clock.now()
    seen = Message.objects.filter(conversation=conversation, kind="inbound").latest("pk")
    reply = actions.reply(conversation, by=desk.agent("Jonas"), text=text, seen=seen, not_before=now, now=now)
    while sending.send_next(now=now):
        pass
    return Message.objects.get(pk=reply.pk)


def test_the_first_page_says_whether_somebody_is_here_and_by_when(desk: SmallDesk, clock: MovableClock) -> None:
    assert "today by 14:05, mostly sooner" in Client().get(f"/chat/{desk.inbox.slug}/?lang=en").text
    clock.moves_to("Sat 10:00")
    assert "Nobody is here now." in Client().get(f"/chat/{desk.inbox.slug}/?lang=en").text


def test_an_answer_is_shown_to_who_is_there_and_keeps_the_promise(desk: SmallDesk, clock: MovableClock) -> None:
    talk = begin(desk, clock)
    assert "A person answers you" in Client().get(talk).text
    Client().post(f"{talk}here/")
    reply = answers(desk, clock)
    assert (reply.channel, reply.outgoing.state) == ("chat", "sent")
    assert Promise.objects.get(kind="answer").state == "kept"
    assert "I send a new one." in Client().get(talk).text
    assert jobs.mail_unread_chats(now=the_clock.now()) == 0


def test_who_left_an_address_gets_by_mail_what_they_did_not_read(desk: SmallDesk, clock: MovableClock) -> None:
    begin(desk, clock, email="ida@post.example", name="Ida")
    answers(desk, clock)
    clock.passes(minutes=3)
    assert jobs.mail_unread_chats() == 1
    assert jobs.mail_unread_chats() == 0
    letter = Message.objects.latest("pk")
    assert (letter.is_automatic, "I send a new one." in letter.text) == (True, True)
    assert not actions.can_be_shown(letter, now=the_clock.now())


def test_who_is_still_there_gets_no_mail(desk: SmallDesk, clock: MovableClock) -> None:
    talk = begin(desk, clock, email="ida@post.example")
    answers(desk, clock)
    Client().post(f"{talk}here/")
    clock.passes(minutes=3)
    assert jobs.mail_unread_chats() == 0


def test_who_has_left_is_answered_by_mail(desk: SmallDesk, clock: MovableClock) -> None:
    begin(desk, clock, email="ida@post.example")
    clock.passes(minutes=5)
    message = Message(
        channel="chat", conversation=Conversation.objects.get(), identity=Message.objects.latest("pk").identity
    )
    assert not actions.can_be_shown(message, now=the_clock.now())


def test_each_sees_that_the_other_types(desk: SmallDesk, clock: MovableClock) -> None:
    talk = begin(desk, clock)
    conversation, jonas = Conversation.objects.get(), desk.agent("Jonas")
    assert Client().post(f"{talk}here/").json()["typing"] == ""
    actions.agent_types(conversation, by=jonas, now=the_clock.now())
    assert Client().post(f"{talk}here/?lang=en", {"types": "1"}).json()["typing"] == "Jonas is writing …"
    browser = Client()
    browser.force_login(jonas)
    assert browser.get(f"/conversations/{conversation.pk}/visitor/").text == "is writing …"
    clock.passes(minutes=2)
    assert "left today" in browser.get(f"/conversations/{conversation.pk}/visitor/").text


def test_what_is_written_goes_on_in_the_same_conversation_and_twice_is_once(
    desk: SmallDesk, clock: MovableClock
) -> None:
    talk = begin(desk, clock)
    for _ in range(2):
        assert Client().post(talk, {"text": "Still dead.", "key": "k1"}).status_code == 303
    assert (Conversation.objects.count(), Message.objects.filter(kind="inbound").count()) == (1, 2)
    assert Client().post(talk, {"text": " "}).status_code == 422


def test_strangers_and_other_inboxes_see_nothing(desk: SmallDesk, clock: MovableClock) -> None:
    talk = begin(desk, clock)
    token = talk.rstrip("/").rpartition("/")[2]
    assert Client().get(f"/chat/{desk.inbox.slug}/guessed/").status_code == 404
    assert Client().get(f"/chat/elsewhere/{token}/").status_code == 404
    assert Client().post(f"{talk}here/", headers={"origin": "https://elsewhere.example"}).status_code == 403
    desk.writes("Something else", by="ida@post.example")
    assert "Something else" not in Client().get(talk).text


def test_a_robot_is_kept_apart(desk: SmallDesk, clock: MovableClock) -> None:
    begin(desk, clock, website="https://spam.example")
    assert Conversation.objects.get().status == "dismissed"
    assert not Promise.objects.filter(state="open").exists()


def test_no_letter_is_written_to_a_visitor_without_an_address(desk: SmallDesk, clock: MovableClock) -> None:
    begin(desk, clock)
    assert not Outgoing.objects.exists()
    assert Presence.objects.get().mail_after is None


def test_the_element_is_small_and_stands_alone(desk: SmallDesk) -> None:
    answer = Client().get(f"/chat/{desk.inbox.slug}/element.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(answer.content) < 30_000
    assert b"import " not in answer.content
