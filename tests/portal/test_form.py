"""The contact form: the time is shown before sending and is the one that is recorded; nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdord.conversations.models import Message, Outgoing, Status
from holdord.kernel import clock as the_clock
from holdord.portal import robots
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
    # People take a while to write.
    the_clock.move_to(the_clock.now() + timedelta(seconds=20))
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


def test_a_form_that_is_sent_at_once_came_from_a_robot(desk: SmallDesk, clock: MovableClock) -> None:
    page = Client().get(f"/write/{desk.inbox.slug}/?lang=en").text
    said = {**shown(page), "text": "Cheap boxes", "email": "robot@post.example"}
    clock.passes(seconds=1)
    assert send(desk, said).status_code == 303
    assert Message.objects.get().conversation.status == Status.DISMISSED
    assert not Outgoing.objects.exists()


def test_a_form_that_came_back_may_be_sent_again_at_once(desk: SmallDesk) -> None:
    returned = send(desk, filled(desk, email="ida"))
    assert returned.status_code == 422
    said = filled(desk)
    assert send(desk, {**said, "offer": shown(returned.text)["offer"]}).status_code == 303
    assert Message.objects.get(kind="inbound").conversation.status == Status.OPEN


@pytest.mark.parametrize("lang", ["da", "nb", "sv", "de", "en"])
def test_too_many_from_one_network_come_back_with_everything_typed(desk: SmallDesk, settings, lang: str) -> None:  # type: ignore[no-untyped-def]
    settings.FORM_PER_ADDRESS = 2
    for _ in range(2):
        assert send(desk, filled(desk)).status_code == 303
    response = send(desk, filled(desk), lang)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 600
    assert ("10.10" if lang in {"da", "nb"} else "10:10") in response.text
    assert f'<html lang="{lang}"' in response.text
    assert "The box does not work.</textarea>" in response.text
    assert 'value="ida@post.example"' in response.text
    assert desk.inbox.address in response.text
    assert Message.objects.filter(kind="inbound").count() == 2


def test_other_networks_are_not_held_up_and_ten_minutes_later_nobody_is(
    desk: SmallDesk, settings, clock: MovableClock
) -> None:  # type: ignore[no-untyped-def]
    settings.FORM_PER_ADDRESS = 1
    assert send(desk, filled(desk)).status_code == 303
    assert send(desk, filled(desk)).status_code == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post(f"/write/{desk.inbox.slug}/?lang=en", filled(desk)).status_code == 303
    clock.passes(minutes=10)
    assert send(desk, filled(desk)).status_code == 303


def test_an_inbox_takes_so_many_from_everybody(desk: SmallDesk, settings) -> None:  # type: ignore[no-untyped-def]
    settings.FORM_PER_INBOX = 2
    other = small_desk()
    for number, expected in enumerate([303, 303, 429]):
        somebody = Client(REMOTE_ADDR=f"198.51.100.{number}")
        assert somebody.post(f"/write/{desk.inbox.slug}/?lang=en", filled(desk)).status_code == expected
    assert send(other, filled(other)).status_code == 303


def test_one_robot_does_not_fill_the_inbox_for_everybody(desk: SmallDesk, settings) -> None:  # type: ignore[no-untyped-def]
    settings.FORM_PER_ADDRESS, settings.FORM_PER_INBOX = 1, 3
    assert [send(desk, filled(desk)).status_code for _ in range(6)] == [303, 429, 429, 429, 429, 429]
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post(f"/write/{desk.inbox.slug}/?lang=en", filled(desk)).status_code == 303


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_what_one_customer_of_a_network_has_is_counted_together(address: str, block: str) -> None:
    assert robots.block_of(address) == block
