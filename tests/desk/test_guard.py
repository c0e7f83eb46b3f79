"""The guard on replies, over HTTP: a stop is kept on the server, an ask wants a click, a failure holds nothing back."""

import pytest
from django.test import Client

from holdord.conversations import actions, jobs, search
from holdord.conversations.models import Kind, Message, Request, SentAnyway
from holdord.desk import guarding
from holdord.kernel import clock as the_clock
from holdord.listening import guard
from holdord.people.models import Role
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db

INSULT = "Du er jo idiot, det kan enhver da finde ud af."


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Thu 10:00")
    return small_desk()


@pytest.fixture
def asked(desk: SmallDesk) -> Message:
    message = desk.writes("Jeg vil gerne opsige mit abonnement. Der står HTTP 500 på skærmen.", detected_language="da")
    while jobs.hear_messages():
        pass
    return message


def post(desk: SmallDesk, asked: Message, text: str, **more: str) -> int:
    client = Client()
    client.force_login(desk.agent("Jonas"))
    fields = {"kind": "reply", "text": text, "seen": str(asked.pk), **more}
    return client.post(f"/conversations/{asked.conversation_id}/messages/", fields).status_code


def flags(desk: SmallDesk, asked: Message, text: str) -> str:
    client = Client()
    client.force_login(desk.agent("Jonas"))
    return client.post(f"/conversations/{asked.conversation_id}/draft/guard/", {"kind": "reply", "text": text}).text


def sent() -> int:
    return Message.objects.filter(kind=Kind.OUTBOUND, is_automatic=False).count()


def test_a_stop_is_kept_on_the_server_until_a_reason_is_given(desk: SmallDesk, asked: Message) -> None:
    assert post(desk, asked, INSULT) == 422
    assert post(desk, asked, INSULT, send_anyway="1") == 422
    assert post(desk, asked, INSULT, guard_reason="   ") == 422
    assert sent() == 0
    assert post(desk, asked, INSULT, guard_reason="Kunden bad om ordret referat") == 302
    kept = SentAnyway.objects.get()
    assert (kept.by, kept.slips, kept.reason) == (desk.agent("Jonas"), ["insult"], "Kunden bad om ordret referat")


def test_the_lead_sees_on_the_board_what_was_sent_against_the_guard(desk: SmallDesk, asked: Message) -> None:
    assert post(desk, asked, INSULT, guard_reason="Kunden bad om ordret referat") == 302
    lead, agent = Client(), Client()
    lead.force_login(desk.agent("Hanne", Role.LEAD))
    agent.force_login(desk.agent("Jonas"))
    board = lead.get("/board/").text
    assert "Sent against the guard" in board
    assert "Kunden bad om ordret referat" in board
    assert "Sent against the guard" not in agent.get("/board/").text


def test_an_ask_wants_one_more_click(desk: SmallDesk, asked: Message) -> None:
    assert post(desk, asked, "Se vedhæftede fil.") == 422
    assert sent() == 0
    assert post(desk, asked, "Se vedhæftede fil.", send_anyway="1") == 302
    assert not SentAnyway.objects.exists()


def test_what_comes_back_keeps_the_text_and_shows_the_flags(desk: SmallDesk, asked: Message) -> None:
    client = Client()
    client.force_login(desk.agent("Jonas"))
    fields = {"kind": "reply", "text": INSULT, "seen": str(asked.pk)}
    page = client.post(f"/conversations/{asked.conversation_id}/messages/", fields).text
    assert f"{INSULT}</textarea>" in page
    assert "This insults or talks down" in page
    assert 'name="guard_reason"' in page


def test_a_note_is_nobodys_business_but_ours(desk: SmallDesk, asked: Message) -> None:
    assert post(desk, asked, INSULT, kind="note") == 302


def test_a_guard_that_fails_holds_nothing_back(
    desk: SmallDesk, asked: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(guard, "review", fails)
    assert "The check failed" in flags(desk, asked, "Hej")
    assert post(desk, asked, INSULT) == 302
    assert sent() == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (INSULT, "This insults or talks down"),
        ("Det er transportørens skyld, ikke vores.", "Blames someone else"),
        ("Du skal udfylde formularen på portalen, ellers kan jeg ikke gøre noget.", "Our process instead of help"),
        ("Vi afviser dit krav.", "A no without a reason"),
        ("Jeg sender dig en ny boks.", "A promise without a time"),
        ("Hvilken fejlkode står der på skærmen?", "The customer has already told us"),
        ("Ring til min kollega på telefon 22 33 44 55.", "They never told us this"),
        ("Thank you for your message, I have looked at the box and it works now.", "Another language"),
        ("Se vedhæftede fil.", "Nothing is attached"),
        ("Filmpakken koster 99 kr. om måneden.", "A cost without its total"),
    ],
)
def test_each_slip_is_named(desk: SmallDesk, asked: Message, text: str, title: str) -> None:
    assert title in flags(desk, asked, text)


def test_the_mend_of_a_monthly_cost_says_the_sum(desk: SmallDesk, asked: Message) -> None:
    assert "1188 kr på tolv måneder" in flags(desk, asked, "Filmpakken koster 99 kr. om måneden.")


def test_who_answers_in_another_language_can_say_so_in_theirs(desk: SmallDesk, asked: Message) -> None:
    text = "Thank you for your message, I have looked at the box and it works now."
    mend = "Jeg svarer dig på engelsk. Hvis du hellere vil læse dansk, så sig til."
    assert mend in flags(desk, asked, text)
    assert "Another language" not in flags(desk, asked, "Tak for din besked, jeg har set på boksen, og den virker nu.")


def test_one_offer_to_stay_is_fair_and_a_second_is_stopped(
    desk: SmallDesk, asked: Message, clock: MovableClock
) -> None:
    offer = "Vi vil nødig miste dig, du får tre måneder gratis, hvis du bliver."
    assert "No means no" not in flags(desk, asked, offer)
    assert post(desk, asked, offer, send_anyway="1") == 302
    clock.passes(minutes=5)
    desk.sends_all()
    while jobs.hear_messages():
        pass
    assert "No means no" in flags(desk, asked, offer)
    desk.writes("Nej. Jeg vil gerne opsige mit abonnement.", conversation=asked.conversation)
    while jobs.hear_messages():
        pass
    assert Request.objects.get().said == 2
    assert post(desk, asked, offer, send_anyway="1") == 422


def test_a_message_the_author_has_not_seen_stops_the_reply(desk: SmallDesk, asked: Message) -> None:
    actions.note(asked.conversation, by=desk.agent("Maja"), text="Vent, jeg ringer selv.", now=the_clock.now())
    assert post(desk, asked, "Tak for din besked.") == 422
    desk.writes("Jeg glemte noget.", conversation=asked.conversation)
    assert post(desk, asked, "Tak for din besked.") == 422
    assert sent() == 0
    newest = Message.objects.order_by("-pk").first()
    assert newest is not None
    assert post(desk, newest, "Tak for din besked.") == 302


def test_facts_that_do_not_fit_together_are_shown_and_not_resolved(desk: SmallDesk, asked: Message) -> None:
    for number in ("4433", "4434"):
        desk.writes(f"Mit kundenummer er {number}.", conversation=asked.conversation)
    while jobs.hear_messages():
        pass
    client = Client()
    client.force_login(desk.agent("Jonas"))
    page = client.get(f"/conversations/{asked.conversation_id}/").text
    assert "Customer number: 4433" in page
    assert "Customer number: 4434" in page
    assert page.count("told differently, ask which is right") == 2


def test_private_numbers_are_covered_on_the_screen_and_not_found(desk: SmallDesk, asked: Message) -> None:
    desk.writes("Mit cpr er 010203-1234, tak.", conversation=asked.conversation)
    client = Client()
    client.force_login(desk.agent("Jonas"))
    page = client.get(f"/conversations/{asked.conversation_id}/").text
    assert "010203-1234" not in page
    assert "••••••-••••" in page
    assert search.find("1234", team_ids=[desk.team.pk]) == []


def test_places_are_counted_as_browsers_count_them(desk: SmallDesk, asked: Message) -> None:
    text = "😀 Se vedhæftede fil."
    draft, now = guarding.Draft(text, desk.agent("Jonas")), the_clock.now()
    drawn = guarding.panel(asked.conversation, draft, guarding.look(asked.conversation, draft, now=now), now=now)
    (flag,) = drawn.flags
    units = text.encode("utf-16-le")
    assert units[2 * flag.start : 2 * flag.end].decode("utf-16-le") == "Se vedhæftede fil"
