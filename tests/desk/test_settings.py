"""First run, settings, preferences: only administrators, and the desk stays usable."""

import re

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdord.people.models import Agent, BlockedSender, ClosingDay, Customer, Identity, Inbox, OpeningHours, Role, Team
from holdord.promises.models import Move, Pledge
from tests.conftest import MovableClock
from tests.desk.conftest import Three
from tests.support.sink import Sink

pytestmark = pytest.mark.django_db

FIRST_RUN = {
    "your_name": "Maja Thomsen",
    "your_email": "maja@lysbro.example",
    "password": "en lang sætning om både",
    "name": "Lysbro",
    "address": "hej@lysbro.example",
    "inbox_language": "da",
    "team": "Danmark",
    "country": "DK",
    "days": ["0", "1", "2", "3", "4"],
    "opens": "08:00",
    "closes": "18:00",
    "hours_to_answer": "4",
}


def test_an_empty_desk_leads_everybody_to_the_first_run() -> None:
    assert Client().get("/next/").headers["Location"] == "/setup/"


def test_the_first_run_makes_all_a_customer_needs_to_write(clock: MovableClock) -> None:
    browser = Client()
    assert browser.get("/setup/").status_code == 200
    done = browser.post("/setup/", FIRST_RUN, follow=True)
    assert done.redirect_chain[-1][0] == "/settings/"
    inbox = Inbox.objects.get()
    assert (inbox.slug, inbox.time_zone, inbox.team.lead) == ("lysbro", "Europe/Copenhagen", Agent.objects.get())
    assert OpeningHours.objects.filter(inbox=inbox).count() == 5
    assert Pledge.objects.get().within_minutes == 240
    assert ClosingDay.objects.filter(inbox=inbox, on="2026-12-24").exists()
    assert Client().get("/write/lysbro/").status_code == 200


def test_the_first_run_happens_once(three: Three) -> None:
    assert Client().get("/setup/").status_code == 404
    assert Client().post("/setup/", FIRST_RUN).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("password", "kort", "at least 10"),
        ("subdivision", "XX", "no part of this country"),
        ("time_zone", "Mars/Olympus", "no time zone"),
        ("closes", "07:00", "closes before it opens"),
    ],
)
def test_nonsense_in_the_first_run_is_named_and_nothing_is_lost(field: str, value: str, words: str) -> None:
    page = Client().post("/setup/", {**FIRST_RUN, field: value})
    assert page.status_code == 422
    assert words in page.text
    assert 'value="Maja Thomsen"' in page.text
    assert not Agent.objects.exists()


def pages() -> list[str]:
    return [
        "", "channels/", "quarantine/", "inboxes/", "inboxes/new/", "pledges/", "people/", "people/new/", "teams/",
        "blocked/", "import/",
    ]  # fmt: skip


@pytest.mark.parametrize("page", pages())
def test_settings_are_for_administrators(three: Three, page: str) -> None:
    assert three.browser(three.ada).get(f"/settings/{page}").status_code == 200
    assert three.browser(three.alice).get(f"/settings/{page}").status_code == 403


def test_an_invited_colleague_chooses_a_password_once(three: Three) -> None:
    page = three.browser(three.ada).post(
        "/settings/people/new/",
        {
            "name": "Dora",
            "email": "dora@lysbro.example",
            "role": "agent",
            "language": "de",
            "teams": [three.desk.team.pk],
        },
    )
    link = re.search(r'value="(http[^"]+)"', page.text).group(1)
    address, dora = "/" + link.split("/", 3)[3], Client()
    assert dora.get(address).status_code == 200
    assert dora.post(address, {"password": "kurz"}).status_code == 422
    assert dora.post(address, {"password": "ein langer Satz über Boote"}).headers["Location"] == "/next/"
    assert "Als Nächstes" in dora.get("/next/").text or dora.get("/next/").status_code == 200
    assert Client().get(address).status_code == 404
    assert Agent.objects.get(name="Dora").teams.get() == three.desk.team


def test_the_last_administrator_stays_one(three: Three) -> None:
    page = three.browser(three.ada).post(
        f"/settings/people/{three.ada.pk}/",
        {"name": "Ada", "email": "x@y.example", "role": "agent", "language": "en", "is_active": "on"},
    )
    assert page.status_code == 422
    assert Agent.objects.get(pk=three.ada.pk).role == Role.ADMINISTRATOR


def test_hours_and_closing_days_are_changed(three: Three) -> None:
    ada, inbox = three.browser(three.ada), three.desk.inbox
    address = f"/settings/inboxes/{inbox.pk}"
    ada.post(f"{address}/hours/", {"opens_0": "10:00", "closes_0": "14:00"})
    assert list(OpeningHours.objects.filter(inbox=inbox).values_list("weekday", "opens__hour")) == [(0, 10)]
    assert ada.post(f"{address}/hours/", {"opens_0": "14:00", "closes_0": "10:00"}).status_code == 422
    ada.post(f"{address}/days/", {"on": "2026-05-15", "name": "Sommerfest"})
    day = ClosingDay.objects.get(name="Sommerfest")
    assert "Sommerfest" in ada.get(f"{address}/hours/").text
    ada.post(f"{address}/days/{day.pk}/end/")
    assert not ClosingDay.objects.filter(name="Sommerfest").exists()


def test_a_pledge_is_changed(three: Three) -> None:
    three.browser(three.ada).post(
        "/settings/pledges/", {"inbox": three.desk.inbox.pk, "hours": "2.5", "work_minutes": "15"}
    )
    assert Pledge.objects.values_list("within_minutes", "work_minutes").get() == (150, 15)


def test_teams_are_made_and_led(three: Three) -> None:
    ada = three.browser(three.ada)
    ada.post("/settings/teams/", {"name": "Norge", "lead": three.bob.pk})
    assert Team.objects.get(name="Norge").lead == three.bob
    assert ada.post("/settings/teams/", {"name": "Norge"}).status_code == 422


def test_senders_are_blocked_and_let_in_again(three: Three) -> None:
    ada = three.browser(three.ada)
    assert ada.post("/settings/blocked/", {"address": "nonsense"}).status_code == 422
    ada.post("/settings/blocked/", {"address": "@spam.example"})
    blocked = BlockedSender.objects.get()
    ada.post(f"/settings/blocked/{blocked.pk}/end/")
    assert not BlockedSender.objects.exists()


def test_customers_are_looked_at_before_they_are_brought_in(three: Three) -> None:
    def file() -> SimpleUploadedFile:
        rows = (
            "Name;Email;Phone;Organisation\nIda;ida@post.example;;Hotel\nNobody;;;\nHenrik;henrik@post.example;;Hotel\n"
        )
        return SimpleUploadedFile("kunder.csv", rows.encode("cp1252"))

    ada, before = three.browser(three.ada), Customer.objects.count()
    look = ada.post("/settings/import/", {"file": file()})
    assert "2 customers in the file." in look.text
    assert "line 3" in look.text
    assert Customer.objects.count() == before
    ada.post("/settings/import/", {"file": file(), "really": "1"})
    assert Customer.objects.count() == before + 1
    assert Identity.objects.get(address="henrik@post.example").customer.organisation.name == "Hotel"


def test_a_mailbox_is_added_its_password_sealed_and_never_shown(three: Three) -> None:
    from holdord.channels.email.secrets import unseal
    from holdord.channels.models import Mailbox

    ada, said = three.browser(three.ada), {"inbox": three.desk.inbox.pk, "host": "imap.post.example", "port": "993"}
    said |= {"user": "hej@lysbro.example", "security": "tls", "password": "hemmeligt", "is_active": "on"}
    said |= {"folder": "INBOX", "all_the_same": "on"}
    ada.post("/settings/mailboxes/new/", said)
    box = Mailbox.objects.get()
    assert unseal(box.sealed_secret) == "hemmeligt"
    assert "not tried yet" in ada.get("/settings/channels/").text
    assert "hemmeligt" not in ada.get(f"/settings/mailboxes/{box.pk}/").text
    assert ada.post("/settings/mailboxes/new/", said).status_code == 422
    ada.post(f"/settings/mailboxes/{box.pk}/", {**said, "password": "", "is_active": ""})
    box.refresh_from_db()
    assert (unseal(box.sealed_secret), box.is_active) == ("hemmeligt", False)
    assert three.browser(three.alice).get("/settings/mailboxes/new/").status_code == 403


def test_preferences_change_the_language_at_once(three: Three) -> None:
    alice = three.browser(three.alice)
    page = alice.post(
        "/me/",
        {"name": "Alice", "language": "da", "time_zone": "Europe/Oslo", "theme": "dark", "single_keys": ""},
        follow=True,
    )
    assert '<html lang="da" data-theme="dark">' in page.text
    assert "data-single-keys" not in page.text


def test_the_clock_of_the_demo_moves_for_everybody(three: Three, clock: MovableClock) -> None:
    before = clock.now()
    three.browser(three.alice).post("/clock/", {"minutes": "120"})
    assert 7200 <= (clock.now() - before).total_seconds() < 7230


def test_however_far_the_clock_is_moved_the_customer_hears_before_it_is_late(
    three: Three, clock: MovableClock, sink: Sink, settings: LazySettings
) -> None:
    clock.moves_to("Mon 10:00")
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", sink.port, "none"
    asked = three.desk.writes("Hvor er min pakke?", by="ida@post.example")
    three.browser(three.alice).post("/clock/", {"minutes": str(5 * 60)})
    late = Move.objects.get(promise__conversation=asked.conversation)
    assert late.told_at is not None
    assert late.told_at < late.old_due_at


def test_nobody_is_led_to_settings_that_are_not_theirs(three: Three) -> None:
    led = {
        role: re.findall(r'href="(/settings/[^"]*)"', "".join(_pages(three, three.desk.agent(role, role))))
        for role in (Role.AGENT, Role.LEAD, Role.DIRECTOR, Role.ADMINISTRATOR)
    }
    assert led[Role.AGENT] == []
    assert set(led[Role.LEAD]) == set(led[Role.DIRECTOR]) == {"/settings/orders/"}
    assert set(led[Role.ADMINISTRATOR]) == {"/settings/"}
    assert three.browser(three.desk.agent("Lea", Role.LEAD)).get("/settings/orders/").status_code == 200


def _pages(three: Three, agent: Agent) -> list[str]:
    browser = three.browser(agent)
    commands = browser.get("/search/", headers={"hx-request": "true"})
    return [answer.content.decode() for answer in (browser.get("/next/"), browser.get("/me/"), commands)]


def test_who_is_refused_a_page_is_one_line_of_the_log(three: Three, caplog: pytest.LogCaptureFixture) -> None:
    assert three.browser(three.alice).get("/settings/").status_code == 403
    assert [(line.levelname, line.exc_info) for line in caplog.records] == [("WARNING", None)]
