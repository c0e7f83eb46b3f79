"""Closing with the customer: it works, it doesn't, and how easy it was; asked once, and looking changes nothing."""

import re

import pytest
from django.test import Client

from holdord.channels.outgoing.composing import compose
from holdord.conversations import actions
from holdord.conversations.models import EffortSaid, Message, Outgoing, Status
from holdord.promises.models import Promise
from tests.conftest import MovableClock
from tests.desk.conftest import Three, three  # noqa: F401 - a fixture
from tests.factories import SmallDesk, fresh, small_desk
from tests.portal.test_case import link

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


@pytest.fixture
def answered(desk: SmallDesk, clock: MovableClock) -> Message:
    """Henrik asked, and Jonas answered him by mail."""
    asked = desk.writes("Hvornår kommer boksen?")
    now = clock.now()
    actions.reply(
        fresh(asked.conversation), by=desk.agent("Jonas"), text="Nu virker den.", seen=asked, not_before=now, now=now
    )
    desk.sends_all()
    return asked


def state_of(message: Message) -> tuple[object, ...]:
    return (fresh(message.conversation).status, list(Promise.objects.order_by("pk").values()), Message.objects.count())


def test_an_answer_has_two_links_and_looking_at_them_changes_nothing(answered: Message) -> None:
    letter = compose(Outgoing.objects.get(message__author__isnull=False))
    links = re.findall(r"(/case/[\w-]+/\?works=\w+)", letter.closing)
    assert [each.rpartition("=")[2] for each in links] == ["yes", "no"]
    before = state_of(answered)
    pages = [Client().get(f"{each}&lang=en").text for each in links]
    assert state_of(answered) == before
    assert "Yes, it works" in pages[0]
    assert "You need not explain it all again" in pages[1]


def test_what_the_desk_writes_by_itself_asks_nothing(answered: Message) -> None:
    assert "works=" not in compose(Outgoing.objects.filter(message__is_automatic=True).first()).closing


def test_it_does_not_work_is_heard_with_one_press(answered: Message) -> None:
    Client().post(f"{link(answered)}solution/")
    assert fresh(answered.conversation).status == Status.CLOSED
    for _ in range(2):
        done = Client().post(f"{link(answered)}solution/not/?lang=en", {"text": "", "key": "k"})
    assert Message.objects.filter(kind="inbound").count() == 2
    assert Message.objects.latest("pk").text == "Det virker ikke endnu."
    assert fresh(answered.conversation).status == Status.OPEN
    owed = Promise.objects.running().get()
    assert owed.kind == "answer"
    assert "We have heard that it does not work." in Client().get(done.headers["Location"]).text


def test_a_case_that_is_opened_again_is_owed_an_answer(answered: Message) -> None:
    Client().post(f"{link(answered)}solution/")
    assert not Promise.objects.running().exists()
    Client().post(f"{link(answered)}solution/end/")
    assert Promise.objects.running().get().kind == "answer"
    assert "Nothing is promised right now." not in Client().get(f"{link(answered)}?lang=en").text


def asks(message: Message) -> bool:
    return "How easy was it to get help from us?" in Client().get(f"{link(message)}?lang=en").text


def test_how_easy_it_was_is_asked_once_and_only_when_it_is_over(answered: Message) -> None:
    assert not asks(answered)
    assert Client().post(f"{link(answered)}effort/", {"score": "1"}).status_code == 303
    assert not EffortSaid.objects.exists(), "an open case is asked nothing"
    Client().post(f"{link(answered)}solution/")
    assert asks(answered)
    Client().post(f"{link(answered)}effort/", {"score": "4", "word": " Hurtigt svar "})
    Client().post(f"{link(answered)}effort/", {"score": "1", "word": "igen"})
    assert EffortSaid.objects.values_list("score", "word").get() == (4, "Hurtigt svar")
    assert not asks(answered)
    # Opened and closed again: nobody is asked a second time.
    Client().post(f"{link(answered)}solution/end/")
    Client().post(f"{link(answered)}solution/")
    assert not asks(answered)


def test_one_who_does_not_want_to_say_is_left_alone(answered: Message) -> None:
    Client().post(f"{link(answered)}solution/")
    Client().post(f"{link(answered)}effort/", {"not_now": "1", "score": "2"})
    assert EffortSaid.objects.get().score is None
    assert not asks(answered)


@pytest.mark.parametrize("score", ["", "0", "6", "-1", "x"])
def test_no_other_number_is_kept(answered: Message, score: str) -> None:
    Client().post(f"{link(answered)}solution/")
    Client().post(f"{link(answered)}effort/?lang=en", {"score": score})
    assert not EffortSaid.objects.exists()


def test_the_agent_reads_it_in_the_conversation(three: Three) -> None:  # noqa: F811
    Client().post(f"{link(three.first)}solution/")
    Client().post(f"{link(three.first)}effort/", {"score": "2", "word": "<b>Ventede længe</b>"})
    page = three.browser(three.alice).get(f"/conversations/{three.conversation.pk}/").text
    assert "How easy it was to get help, says the customer: 2 of 5. “&lt;b&gt;Ventede længe&lt;/b&gt;”" in page


def test_an_agent_who_looks_at_the_page_says_nothing_for_the_customer(three: Three) -> None:  # noqa: F811
    from holdord.conversations.models import Participant
    from holdord.web.previews import preview_token

    Client().post(f"{link(three.first)}solution/")
    preview = preview_token(Participant.objects.get(conversation=three.conversation))
    page = Client().get(f"/case/{preview}/?works=no&lang=en").text
    assert "How easy was it" not in page
    assert "It does not work?" not in page
    for path in ("effort/", "solution/not/"):
        assert Client().post(f"/case/{preview}/{path}", {"score": "5"}).status_code == 404
    assert not EffortSaid.objects.exists()


def test_a_strangers_link_closes_and_says_nothing(answered: Message) -> None:
    Client().post(f"{link(answered)}solution/")
    old = link(answered)
    Client().post(f"{old}link/")
    for path in ("effort/", "solution/not/", "solution/", "solution/end/"):
        assert Client().post(f"{old}{path}", {"score": "5"}).status_code == 404
        assert Client().post(f"/case/{'A' * 43}/{path}", {"score": "5"}).status_code == 404
    assert not EffortSaid.objects.exists()
