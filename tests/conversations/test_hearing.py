"""What messages say becomes acts, facts and requests that a person confirms; each judgement is kept."""

from threading import Thread

import pytest
from django.db import connections

from holdord.channels import jobs as channel_jobs
from holdord.channels.actions import Incoming, accept
from holdord.channels.models import Arrival, ArrivalState, Transport
from holdord.conversations import actions, jobs
from holdord.conversations.models import Fact, Heard, Message, Request, RequestKind, RequestState
from holdord.history.models import Event
from holdord.kernel import clock as the_clock
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

CANCEL = "Jeg vil gerne opsige mit abonnement."


@pytest.fixture
def desk(db: None, clock: MovableClock) -> SmallDesk:
    clock.moves_to("Thu 10:00")
    return small_desk()


def hear_all() -> None:
    while jobs.hear_messages():
        pass


def test_a_message_makes_a_request_and_a_second_repeats_it(desk: SmallDesk) -> None:
    first = desk.writes(CANCEL)
    hear_all()
    request = Request.objects.get()
    assert (request.kind, request.state, request.said) == ("cancel", "proposed", 1)
    heard = request.first_heard
    assert heard is not None
    assert "opsige" in first.text[heard.start : heard.end]
    desk.writes("Nej tak. " + CANCEL, conversation=first.conversation)
    hear_all()
    request.refresh_from_db()
    assert (request.said, Request.objects.count()) == (2, 1)
    assert [event.payload["said"] for event in Event.objects.filter(kind="RequestMade").order_by("pk")] == [1, 2]


def test_a_message_is_heard_once_however_often_it_is_tried(desk: SmallDesk) -> None:
    message = desk.writes(CANCEL)
    actions.hear(message, now=the_clock.now())
    actions.hear(message, now=the_clock.now())
    assert Request.objects.get().said == 1


def test_machines_and_notes_are_not_heard(desk: SmallDesk) -> None:
    message = desk.writes("Tak", by="a@post.example")
    desk.writes(CANCEL, by="b@post.example", machine="out_of_office")
    actions.note(message.conversation, by=desk.agent("Jonas"), text=CANCEL, now=the_clock.now())
    hear_all()
    assert not Request.objects.exists()
    assert not Message.objects.filter(heard_at__isnull=True).exists()


def test_a_stranger_asks_for_nothing_in_another_persons_name(desk: SmallDesk) -> None:
    message = desk.writes("Hvor er min boks?")
    desk.writes(f"{CANCEL} Kundenummer 4433.", by="stranger@post.example", conversation=message.conversation)
    hear_all()
    assert not Request.objects.exists()
    assert not Fact.objects.exists()


def test_facts_are_kept_with_their_source_and_once(desk: SmallDesk) -> None:
    message = desk.writes("Mit kundenummer er 4433. Der står HTTP 500. Mit cpr er 010203-1234.")
    desk.writes("Kundenummer 4433!", conversation=message.conversation)
    hear_all()
    kept = {(fact.label, fact.value, fact.message_id) for fact in Fact.objects.all()}
    assert kept == {("customer", "4433", message.pk), ("error", "HTTP 500", message.pk)}


def test_each_judgement_is_a_label(desk: SmallDesk) -> None:
    jonas = desk.agent("Jonas")
    desk.writes(CANCEL)
    hear_all()
    request = Request.objects.get()
    actions.confirm(request, by=jonas, now=the_clock.now())
    assert request.state == RequestState.CONFIRMED
    label = Heard.objects.get(act="cancel_request")
    assert (label.is_right, label.judged_by) == (True, jonas)
    with pytest.raises(actions.AlreadyDecided):
        actions.dismiss_request(request, by=jonas, now=the_clock.now())
    actions.withdraw(request, by=jonas, now=the_clock.now())
    assert request.state == RequestState.WITHDRAWN


def test_dismissed_means_that_it_was_not_said(desk: SmallDesk) -> None:
    desk.writes(CANCEL)
    hear_all()
    actions.dismiss_request(Request.objects.get(), by=desk.agent("Jonas"), now=the_clock.now())
    assert Heard.objects.get(act="cancel_request").is_right is False


def test_one_that_cannot_be_read_keeps_nobody_waiting(desk: SmallDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = desk.writes("x", by="a@post.example")
    desk.writes(CANCEL, by="b@post.example")
    real = actions.hear

    def fails_on_one(message: Message, **more: object) -> list[Request]:
        if message.pk == broken.pk:
            raise ValueError
        return real(message, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "hear", fails_on_one)
    hear_all()
    assert Request.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_count_a_message_once(clock: MovableClock) -> None:
    message = small_desk().writes(CANCEL)

    def hear() -> None:
        actions.hear(message, now=the_clock.now())
        connections.close_all()

    workers = [Thread(target=hear) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [request.said for request in Request.objects.all()] == [1]


def test_taking_mail_comes_first_for_half_a_minute(desk: SmallDesk, clock: MovableClock) -> None:
    desk.writes(CANCEL)
    (waiting,) = accept([Incoming(b"Subject: x\r\n\r\nHej", Transport.SMTP, desk.inbox.pk)], now=the_clock.now())
    assert channel_jobs.hear_messages() == 0
    clock.passes(seconds=31)
    assert channel_jobs.hear_messages() > 0
    desk.writes(CANCEL, by="b@post.example")
    assert channel_jobs.hear_messages() == 0
    Arrival.objects.filter(pk=waiting.pk).update(state=ArrivalState.IGNORED)
    assert channel_jobs.hear_messages() > 0


@pytest.mark.parametrize(
    ("language", "asked", "taken_back"),
    [
        ("da", CANCEL, "Jeg trækker min opsigelse tilbage."),
        ("de", "Ich möchte meinen Vertrag kündigen.", "Wir haben beschlossen, den Vertrag zu behalten."),
        ("nb", "Ring meg i morgen, er du snill.", "Dere trenger ikke å ringe meg, det ordnet seg."),
        ("sv", "Jag vill ha pengarna tillbaka.", "Det är inte längre nödvändigt att återbetala, paketet kom idag."),
        ("en", "I want to cancel my subscription.", "Never mind my last message, it sorted itself out."),
    ],
)
def test_a_message_that_takes_it_back_is_shown_and_does_not_count_as_asking(
    desk: SmallDesk, language: str, asked: str, taken_back: str
) -> None:
    message = desk.writes(asked, known_language=language)
    desk.writes(taken_back, conversation=message.conversation)
    hear_all()
    request = Request.objects.get()
    assert (request.state, request.said) == ("proposed", 1)
    assert request.taken_back is not None
    jonas = desk.agent("Jonas")
    actions.withdraw(request, by=jonas, now=the_clock.now())
    assert (request.state, Heard.objects.get(act="withdrawal").is_right) == ("withdrawn", True)


def test_a_person_says_that_it_is_still_asked_for(desk: SmallDesk) -> None:
    message = desk.writes(CANCEL)
    desk.writes("Glem min mail fra i går.", conversation=message.conversation)
    hear_all()
    jonas, request = desk.agent("Jonas"), Request.objects.get()
    actions.still_asked(request, by=jonas, now=the_clock.now())
    request.refresh_from_db()
    assert (request.state, request.taken_back, Heard.objects.get(act="withdrawal").is_right) == (
        "proposed",
        None,
        False,
    )
    with pytest.raises(actions.AlreadyDecided):
        actions.still_asked(request, by=jonas, now=the_clock.now())


def test_asking_again_after_taking_back_is_asking(desk: SmallDesk) -> None:
    message = desk.writes(CANCEL)
    desk.writes("Se bort fra min opsigelse.", conversation=message.conversation)
    desk.writes("Jeg har ombestemt mig igen: " + CANCEL, conversation=message.conversation)
    hear_all()
    request = Request.objects.get()
    assert (request.said, request.taken_back) == (2, None)


@pytest.mark.parametrize(
    ("language", "asked", "opened"),
    [
        ("da", "Mit kort er stjålet. Vil I spærre det?", "Jeg har fundet kortet, så I må gerne åbne det igen."),
        ("nb", "Kan jeg få sperret kortet mitt?", "Vennligst opphev sperringen av kortet mitt."),
        ("sv", "Jag vill spärra mitt bankkort.", "Lås upp mitt kort igen."),
        ("de", "Bitte meine Karte sperren.", "Die Karte ist wieder da, bitte entsperren Sie sie."),
        ("en", "My card is stolen, please stop it.", "I found my card, please unblock it."),
    ],
)
def test_a_card_is_to_be_blocked_and_to_be_opened_again(
    desk: SmallDesk, language: str, asked: str, opened: str
) -> None:
    message = desk.writes(asked, known_language=language)
    hear_all()
    request = Request.objects.get()
    assert (request.kind, request.state, request.said) == ("block", "proposed", 1)
    assert Heard.objects.get(act="block").message == message
    # While nobody has blocked it, asking to open it takes that back, and is no second request
    desk.writes(opened, conversation=message.conversation)
    hear_all()
    request = Request.objects.get()
    assert (request.said, request.taken_back is None) == (1, False)
    # Where nothing runs, it is a request of its own
    desk.writes(opened, by="ida@post.example", known_language=language)
    hear_all()
    assert Request.objects.exclude(pk=request.pk).get().kind == "unblock"


def test_it_is_off_where_they_say_so_and_asked_for_again_where_they_do(desk: SmallDesk) -> None:
    message = desk.writes("Spær mit kort, tak.")
    desk.writes("Spær det ikke alligevel, kortet lå i bilen.", conversation=message.conversation)
    hear_all()
    assert Request.objects.get().taken_back is not None
    desk.writes("Nu er det stjålet igen! Spær kortet.", conversation=message.conversation)
    hear_all()
    assert (Request.objects.get().said, Request.objects.get().taken_back) == (2, None)
    desk.writes("Glem min mail fra i går.", conversation=message.conversation)
    hear_all()
    assert Request.objects.get().taken_back is not None


def test_cancelling_a_card_is_blocking_it(desk: SmallDesk) -> None:
    desk.writes("Please cancel my bank card, I lost my wallet.", known_language="en")
    hear_all()
    assert [request.kind for request in Request.objects.all()] == ["block"]


def test_who_pressed_for_it_meanwhile_has_not_asked_twice(desk: SmallDesk, clock: MovableClock) -> None:
    message = desk.writes("Spær mit kort, tak.")
    clock.passes(seconds=20)
    pressed = actions.ask(message.conversation, RequestKind.BLOCK, now=the_clock.now())
    hear_all()
    assert Request.objects.get() == pressed
    assert pressed.said == Request.objects.get().said == 1
