"""The same instant reads the same in the mail, on the case page and on the desk."""

import re
from html import unescape

import pytest
from django.test import Client

from holdord.conversations import case_links
from holdord.conversations.models import Message, Participant
from holdord.people.models import Role
from holdord.promises.models import Pledge, Promise
from tests.conftest import MovableClock
from tests.factories import small_desk

pytestmark = pytest.mark.django_db


def times_in(text: str) -> set[str]:
    """Everything that looks like the time of day 9:25."""
    return set(re.findall(r"(?:kl\. )?0?9[.:]25\b(?: Uhr)?", re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize(
    ("language", "written"),
    [("da", "kl. 9.25"), ("nb", "kl. 9.25"), ("sv", "09:25"), ("de", "09:25 Uhr"), ("en", "9:25")],
)
def test_in_the_mail_on_the_case_page_and_on_the_desk(clock: MovableClock, language: str, written: str) -> None:
    # Given an answer is due at 9:25
    desk = small_desk()
    Pledge.objects.update(within_minutes=20)
    alice = desk.agent("Alice", Role.ADMINISTRATOR, language=language)
    message = desk.writes("Hvornår kommer boksen?", known_language=language, trust="verified")
    assert Promise.objects.get().due_at == clock.next("Mon 09:25")
    # When it is said to the customer and to us
    letter = Message.objects.get(kind="outbound", is_automatic=True).text
    token = case_links.token_for(Participant.objects.get(conversation=message.conversation, is_customer=True))
    agent = Client()
    agent.force_login(alice)
    case_page = Client().get(f"/case/{token}/?lang={language}").text
    conversation = agent.get(f"/conversations/{message.conversation_id}/").text
    assert (
        f'"clock": "{"01:02" if language in {"sv", "de"} else "1.02" if language in {"da", "nb"} else "1:02"}"'
        in unescape(conversation)
    )
    # Then it is written one way; columns leave out the word for the clock
    bare = written.removeprefix("kl. ").removesuffix(" Uhr")
    assert times_in(letter) == {written}
    assert times_in(case_page) == {written}
    assert written in times_in(conversation) <= {written, bare}
