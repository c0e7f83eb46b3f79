"""A customer sees all their cases by a link in the mail: short-lived, used once, and it tells strangers nothing."""

import re

import pytest
from django.test import Client

from holdord.channels.jobs import forget_links, send_links
from holdord.channels.models import SignIn
from holdord.conversations.case_links import token_for
from holdord.conversations.models import Message, Participant
from holdord.people.actions import merge
from holdord.people.models import Customer, Identity
from tests.conftest import MovableClock
from tests.factories import SmallDesk, fresh, small_desk
from tests.support.sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock, sink: Sink, settings) -> SmallDesk:  # type: ignore[no-untyped-def]
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", sink.port, "none"
    clock.moves_to("Mon 10:00")
    return small_desk()


def asks(address: str, where: str = "/mine/", network: str = "192.0.2.1"):  # type: ignore[no-untyped-def]
    return Client(REMOTE_ADDR=network).post(f"{where}?lang=en", {"email": address})


def mailed_link(sink: Sink, to: str) -> str:
    send_links()
    mail = next(caught for caught in reversed(sink.caught) if to.lower() in caught.recipients)
    return re.findall(r"/mine/in/[\w-]+/", mail.message.get_body(("plain",)).get_content())[0]


def signs_in(sink: Sink, address: str) -> str:
    """Ask for a link, use it; the address of the page with all cases."""
    asks(address)
    used = Client().post(mailed_link(sink, address))
    assert used.status_code == 303
    return used.headers["Location"]


def subjects(page: str) -> list[str]:
    return re.findall(r'<b lang="\w+">([^<]+)</b>', page)


def test_all_cases_of_an_address_and_each_leads_to_its_page(desk: SmallDesk, sink: Sink, clock: MovableClock) -> None:
    desk.writes("Hvor er boksen?", subject="Boksen")
    clock.passes(minutes=1)
    desk.writes("Og regningen?", subject="Regningen")
    desk.writes("Noget andet", by="ida@post.example", subject="Ida")
    page = Client().get(signs_in(sink, "Henrik@Post.example")).text
    assert subjects(page) == ["Regningen", "Boksen"]
    for link in re.findall(r'href="http://localhost:8000(/case/[^"]+)"', page):
        assert Client().get(link).status_code == 200


def test_known_or_not_the_page_and_the_mail_are_the_same(desk: SmallDesk, sink: Sink) -> None:
    desk.writes("Hej")
    answers = [asks(address) for address in ("henrik@post.example", "stranger@post.example")]
    assert len({(each.status_code, each.headers["Location"]) for each in answers}) == 1
    assert not Identity.objects.filter(address="stranger@post.example").exists()
    send_links()
    texts = []
    for address in ("henrik@post.example", "stranger@post.example"):
        (mail,) = (each for each in sink.caught if address in each.recipients)
        texts.append(re.sub(r"/mine/in/[\w-]+/", "", mail.message.get_body(("plain",)).get_content()))
    assert texts[0] == texts[1]
    page = Client().get(signs_in(sink, "stranger@post.example")).text
    assert subjects(page) == []


def test_a_link_is_used_once_and_looking_uses_nothing_up(desk: SmallDesk, sink: Sink) -> None:
    desk.writes("Hej")
    asks("henrik@post.example")
    link = mailed_link(sink, "henrik@post.example")
    for _ in range(3):
        assert "Boksen" not in Client().get(link).text
    assert not SignIn.objects.get().used_at
    assert Client().post(link).status_code == 303
    assert Client().post(link).status_code == 404
    assert Client().get(link).status_code == 404


def test_a_link_ends_after_twenty_minutes_and_the_page_after_half_an_hour(
    desk: SmallDesk, sink: Sink, clock: MovableClock
) -> None:
    desk.writes("Hej")
    page = signs_in(sink, "henrik@post.example")
    asks("henrik@post.example")
    link = mailed_link(sink, "henrik@post.example")
    clock.passes(minutes=21)
    assert Client().post(link).status_code == 404
    assert Client().get(page).status_code == 200
    clock.passes(minutes=10)
    assert Client().get(page).status_code == 404
    clock.passes(days=1)
    forget_links()
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("guess", ["A" * 43, "x", "", "in", "made:up:one", "é" * 10])
def test_a_guess_opens_nothing(desk: SmallDesk, guess: str) -> None:
    desk.writes("Hej")
    for address in (f"/mine/in/{guess}/", f"/mine/{guess}/", f"/mine/{guess}/addresses/"):
        for answer in (Client().get(address, follow=True), Client().post(address, {"email": "a@b.example"})):
            assert answer.status_code in {404, 405}
    assert not SignIn.objects.exists()


def test_one_link_does_not_become_another(desk: SmallDesk, sink: Sink) -> None:
    desk.writes("Hej")
    for address in ("henrik@post.example", "thief@post.example"):
        asks(address)
    mine, theirs = (mailed_link(sink, each).split("/")[3] for each in ("thief@post.example", "henrik@post.example"))
    assert Client().post(f"/mine/in/{theirs[:22]}{mine[22:]}/").status_code == 404


def test_nobody_fills_a_mailbox_with_links(desk: SmallDesk, sink: Sink) -> None:
    for number in range(6):
        assert asks("henrik@post.example", network=f"192.0.2.{number}").status_code == 303
    assert SignIn.objects.count() == 3


def test_no_inbox_of_ours_and_no_machine_is_mailed(desk: SmallDesk, sink: Sink) -> None:
    asks(desk.inbox.address)
    asks("noreply@post.example")
    send_links()
    assert sink.caught == []


def test_a_mail_server_that_is_busy_is_asked_again(desk: SmallDesk, sink: Sink, clock: MovableClock) -> None:
    sink.answer = lambda envelope: "451 later"
    asks("henrik@post.example")
    send_links()
    assert not SignIn.objects.get().sent_at
    sink.answer = lambda envelope: "250 ok"
    send_links()
    assert not SignIn.objects.get().sent_at, "it waits a minute first"
    clock.passes(minutes=1)
    send_links()
    assert SignIn.objects.get().sent_at


def test_two_addresses_are_joined_by_their_owner_alone(desk: SmallDesk, sink: Sink) -> None:
    desk.writes("Hjemmefra", subject="Boksen")
    desk.writes("Fra arbejdet", by="henrik@arbejde.example", subject="Kontoret")
    page = signs_in(sink, "henrik@post.example")
    join = f"{page.partition('?')[0]}addresses/"
    assert asks("henrik@arbejde.example", join).status_code == 303
    assert subjects(Client().get(page).text) == ["Boksen"], "nothing before it is proven"
    link = mailed_link(sink, "henrik@arbejde.example")
    assert "do both belong to you?" in Client().get(f"{link}?lang=en").text
    assert Customer.objects.filter(merged_into__isnull=False).count() == 0
    Client().post(link)
    assert Customer.objects.filter(merged_into__isnull=False).count() == 1
    assert sorted(subjects(Client().get(page).text)) == ["Boksen", "Kontoret"]


def test_what_an_agent_merged_is_shown_only_to_who_has_proven_both(
    desk: SmallDesk, sink: Sink, clock: MovableClock
) -> None:
    mine = desk.writes("Hej", subject="Boksen")
    namesake = desk.writes("Fortroligt", by="henrik@gammel.example", subject="Lønnen")
    merge(
        keep=mine.conversation.customer, absorb=namesake.conversation.customer, by=desk.agent("Jonas"), now=clock.now()
    )
    assert fresh(namesake.conversation).customer == mine.conversation.customer
    page = signs_in(sink, "henrik@post.example")
    assert subjects(Client().get(page).text) == ["Boksen"]
    signs_in(sink, "henrik@gammel.example")
    assert sorted(subjects(Client().get(page).text)) == ["Boksen", "Lønnen"]


def test_no_cookie_and_nothing_of_it_in_any_conversation(desk: SmallDesk, sink: Sink) -> None:
    desk.writes("Hej")
    before = Message.objects.count()
    browser = Client()
    browser.post("/mine/", {"email": "henrik@post.example"})
    used = browser.post(mailed_link(sink, "henrik@post.example"))
    page = browser.get(used.headers["Location"])
    assert not browser.cookies
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert Message.objects.count() == before
    assert (
        browser.post("/mine/", {"email": "x@y.example"}, headers={"Origin": "https://evil.example"}).status_code == 403
    )


def test_a_slip_in_the_address_is_said(desk: SmallDesk) -> None:
    assert "an @ missing" in asks("henrik").text


def test_a_lost_link_leads_here(desk: SmallDesk) -> None:
    assert 'href="/mine/"' in Client().get("/case/nothing/").text


def test_after_five_rounds_in_a_day_it_says_when_the_next_can_be(
    desk: SmallDesk, sink: Sink, clock: MovableClock
) -> None:
    # Given somebody who asks five times over a day, from several places
    for number in range(5):
        assert asks("henrik@post.example", network=f"192.0.2.{number}").status_code == 303
        clock.passes(minutes=30)
    # Then the sixth is told when, whether we know the address or not, and others are not kept out
    full = asks("Henrik@post.example", network="192.0.2.9")
    assert (full.status_code, "the next can be sent tomorrow 10:00" in full.text) == (429, True)
    assert SignIn.objects.count() == 5
    assert asks("ida@post.example", network="192.0.2.9").status_code == 303
    # And it ends by itself, however often they tried
    clock.moves_to("Tue 10:01")
    assert asks("henrik@post.example").status_code == 303


def test_one_network_does_not_ask_for_everybody(desk: SmallDesk, clock: MovableClock) -> None:
    answers = []
    for number in range(31):
        answers.append(asks(f"customer-{number}@post.example").status_code)
        clock.passes(minutes=1)
    assert answers == [303] * 30 + [429]


def test_it_wears_the_look_of_the_brand_that_led_there(desk: SmallDesk, sink: Sink) -> None:
    asked = desk.writes("Hej")
    assert 'class="who"' in Client().get("/mine/").text, "a desk with one brand is that brand"
    other = small_desk().inbox
    other.name, other.hue = "Skoby", 25
    other.save()
    assert 'class="who"' not in Client().get("/mine/").text, "with several nobody knows whose customer comes"
    page = Client().get(f"/mine/at/{other.slug}/?lang=en").text
    assert ("Skoby" in page, "/look/25.css" in page, f'action="/mine/at/{other.slug}/' in page) == (True, True, True)
    asks("henrik@post.example", f"/mine/at/{other.slug}/")
    link = mailed_link(sink, "henrik@post.example")
    assert sink.caught[-1].message["From"].addresses[0].display_name == "Skoby"
    assert "Skoby" in Client().get(link).text
    assert "Skoby" in Client().get(Client().post(link).headers["Location"]).text
    participant = Participant.objects.get(conversation=asked.conversation)
    assert f'/mine/at/{desk.inbox.slug}/?lang=da"' in Client().get(f"/case/{token_for(participant)}/").text
    assert Client().get("/mine/at/nobody/").status_code == 404
