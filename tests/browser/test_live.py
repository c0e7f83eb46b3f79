"""Two people, two browsers, one real server: what one does, the other sees without reloading."""

import re
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTP

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.server import Server
from tests.support.sink import Sink

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.plain, pytest.mark.slow]

_LINK = """
from holdord.conversations import case_links
from holdord.conversations.models import Participant
print(case_links.link_for(Participant.objects.get(is_customer=True)))
"""

_ANNA = """
from holdord.people.models import Agent, Membership, Team
anna = Agent.objects.create_user("anna@lysbro.example", "pw-for-tests-1", name="Anna Lind", role="agent")
Membership.objects.create(agent=anna, team=Team.objects.get())
"""


@pytest.fixture
def server(tmp_path: Path, sink: Sink) -> Iterator[Server]:
    running = Server(tmp_path / "desk", smtp_port=sink.port)
    running.seed()
    running.python(_ANNA)
    running.start()
    yield running
    running.stop()


def write(server: Server, subject: str, *, reply_to: str = "") -> None:
    letter = [
        "From: Sofie Dahl <sofie@post.example>",
        f"To: {server.address}",
        f"Subject: {subject}",
        f"Message-ID: <{abs(hash((subject, reply_to)))}@post.example>",
        *([f"In-Reply-To: {reply_to}", f"References: {reply_to}"] if reply_to else []),
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"{subject}. Hvornår hører jeg fra jer?",
    ]
    with SMTP("127.0.0.1", server.smtp) as smtp:
        smtp.sendmail("sofie@post.example", [server.address], "\r\n".join(letter).encode())


def log_in(chromium: Browser, server: Server, who: str) -> Page:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
    page.goto(f"{server.url}/account/login/")
    page.fill("[name=login]", f"{who}@lysbro.example")
    page.fill("[name=password]", "pw-for-tests-1")
    page.click("button.main")
    page.wait_for_url(re.compile("/next/"))
    page.mouse.move(800, 5)  # a list does not change under the pointer
    return page


def test_a_mail_a_taken_conversation_and_a_reply_appear_by_themselves(
    server: Server, sink: Sink, chromium: Browser
) -> None:
    anna, jonas = log_in(chromium, server, "anna"), log_in(chromium, server, "jonas")
    expect(anna.locator("#list")).to_contain_text("Nothing breaks today")

    write(server, "Kortet er spærret")
    expect(anna.locator("#list .next")).to_contain_text("Kortet er spærret", timeout=10_000)
    expect(jonas.locator("#list .next")).to_contain_text("Kortet er spærret", timeout=10_000)

    jonas.locator("#list .next").click()
    expect(jonas.locator("#talk-title")).to_have_text("Kortet er spærret")
    anna.locator("#list .next").click()
    expect(anna.locator("#talk-title")).to_have_text("Kortet er spærret")
    anna.mouse.move(800, 5)
    jonas.keyboard.press("t")
    expect(anna.locator(".talk-head p")).to_contain_text("Jonas Berg answers for it", timeout=10_000)

    jonas.keyboard.press("r")
    jonas.keyboard.type("Hej Sofie. Kortet er åbnet igen.")
    jonas.keyboard.press("Control+Enter")
    expect(jonas.locator(".msg.out").last).to_contain_text("Kortet er åbnet igen.")
    expect(anna.locator(".msg.out").last).to_contain_text("Kortet er åbnet igen.", timeout=10_000)
    for page in (anna, jonas):
        page.context.close()


def test_the_case_page_hears_of_the_answer(server: Server, sink: Sink, chromium: Browser) -> None:
    write(server, "Boksen virker ikke")
    jonas = log_in(chromium, server, "jonas")
    expect(jonas.locator("#list .next")).to_contain_text("Boksen", timeout=10_000)
    jonas.locator("#list .next").click()
    customer = chromium.new_context(locale="en-GB").new_page()
    customer.goto(server.python(_LINK).strip())
    expect(customer.locator("h1")).to_contain_text("Sofie")
    jonas.locator("#draft").fill("Du får en ny boks i dag.")
    jonas.locator("[data-send]").click()
    expect(customer.locator(".line")).to_contain_text("Du får en ny boks i dag.", timeout=25_000)
    customer.context.close()
    jonas.context.close()
