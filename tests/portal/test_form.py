"""The contact form: the time is shown before sending and is the one that is recorded; nothing typed is lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdord.conversations.models import Message, Outgoing, Status
from holdord.promises.models import Promise
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def shown(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(offer|key)" value="([^"]+)"', page))


def filled(desk: SmallDesk, **more: object) -> dict[str, object]:
    page = Client().get(f"/write/{desk.inbox.slug}/?lang=en").text
    return {**shown(page), "text": "The box does not work.", "name": "Ida Holm", "email": "ida@post.example", **more}


def send(desk: SmallDesk, said: dict[str, object], lang: str = "en"):  # type: ignore[no-untyped-def]
    return Client().post(f"/write/{desk.inbox.slug}/?lang={lang}", said)


def test_the_time_that_was_shown_is_the_one_that_is_recorded(desk: SmallDesk, clock: MovableClock) -> None:
    page = Client().get(f"/write/{desk.inbox.slug}/?lang=en").text
    assert "today by 14:05" in page
    said = filled(desk)
    clock.passes(minutes=8)
    response = send(desk, said)
    assert response.status_code == 303
    promise = Promise.objects.get()
    assert promise.due_at == clock.next("Mon 14:05")
    assert "today by 14:05" in Client().get(response.headers["Location"]).text


def test_the_message_and_its_writer_are_recorded_and_acknowledged(desk: SmallDesk) -> None:
    upload = SimpleUploadedFile("foto.jpg", b"\xff\xd8", "image/jpeg")
    send(desk, filled(desk, attached=[upload]))
    message = Message.objects.get(kind="inbound")
    assert (message.text, message.channel, message.language) == ("The box does not work.", "form", "en")
    assert message.identity.customer.name == "Ida Holm"
    assert message.attachments.get().name == "foto.jpg"
    assert Outgoing.objects.get().to == "ida@post.example"


def test_an_offer_that_no_longer_holds_comes_back_with_the_new_time_and_everything_typed(
    desk: SmallDesk, clock: MovableClock
) -> None:
    said = filled(desk)
    clock.passes(minutes=45)
    response = send(desk, said)
    assert response.status_code == 409
    assert "The time has changed while you wrote." in response.text
    assert "The box does not work.</textarea>" in response.text
    assert 'value="ida@post.example"' in response.text
    assert not Message.objects.exists()
    assert send(desk, {**said, **shown(response.text)}).status_code == 303


@pytest.mark.django_db(transaction=True)  # what is refused rolls back as it does outside a test
def test_an_offer_is_lost_when_others_filled_the_day(desk: SmallDesk) -> None:
    said = filled(desk)
    for number in range(80):
        desk.writes("Hej", by=f"kunde{number}@post.example")
    assert send(desk, said).status_code == 409


def test_an_offer_cannot_be_made_up(desk: SmallDesk, clock: MovableClock) -> None:
    said = filled(desk, offer="made:up")
    clock.passes(minutes=1)
    assert send(desk, said).status_code == 409


def test_the_same_form_twice_is_one_message(desk: SmallDesk) -> None:
    said = filled(desk)
    first, second = send(desk, said), send(desk, said)
    assert (first.status_code, second.status_code) == (303, 303)
    assert Message.objects.filter(kind="inbound").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", "", "Write a few words"),
        ("email", "", "Give your mail address"),
        ("email", "ida", "an @ missing"),
        ("email", "ida@epost", "something missing after “epost”"),
    ],
)
def test_a_fault_says_what_to_do_and_nothing_is_lost(desk: SmallDesk, field: str, value: str, words: str) -> None:
    response = send(desk, filled(desk, **{field: value}))
    assert response.status_code == 422
    assert words in response.text
    assert 'value="Ida Holm"' in response.text
    assert not Message.objects.exists()


def test_a_robot_gets_thanks_and_no_promise_and_people_can_look(desk: SmallDesk) -> None:
    response = send(desk, filled(desk, website="https://spam.example"))
    assert response.status_code == 303
    assert Message.objects.get().conversation.status == Status.DISMISSED
    assert not Promise.objects.running().exists()
    assert not Outgoing.objects.exists()
    assert "by 14:05" not in Client().get(response.headers["Location"]).text


def test_no_cookie_is_set_and_other_sites_are_refused(desk: SmallDesk) -> None:
    assert not Client().get(f"/write/{desk.inbox.slug}/").cookies
    said = filled(desk)
    refused = Client().post(f"/write/{desk.inbox.slug}/", said, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403


def test_at_night_the_time_is_in_the_morning(desk: SmallDesk, clock: MovableClock) -> None:
    clock.moves_to("Fri 22:00")
    assert "Monday 9 March by 13:00" in Client().get(f"/write/{desk.inbox.slug}/?lang=en").text


@pytest.mark.parametrize("lang", ["da", "nb", "sv", "de", "en"])
def test_it_is_there_in_five_languages(desk: SmallDesk, lang: str) -> None:
    page = Client().get(f"/write/{desk.inbox.slug}/?lang={lang}")
    assert f'<html lang="{lang}"' in page.text
    assert page.headers["Content-Language"] == lang
