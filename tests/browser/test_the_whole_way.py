"""What a newcomer does: start the demo with one command, write to it, follow the promise from both sides, move the clock.

Every step goes through the running process: real SMTP in and out, real pages, the demo's own mailbox and clock.
"""

import os
import re
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.ports import free_port, wait_for_port

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.plain]
PASSWORD = "hold-ord-demo"
LARS = "lars@post.example"


@dataclass
class Demo:
    """The running demo."""

    url: str
    smtp: int
    printed: str

    def writes(self, text: str, *, subject: str, sender: str = LARS, to: str = "hej@lysbro.example") -> None:
        """A customer's mail, through the desk's SMTP port."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=10) as server:
            server.send_message(mail)

    def opens_newest_mail(self, page: Page, reader: str, *, subject: str, mails: int) -> None:
        """Open the newest mail of a reader, when there are so many."""
        for _ in range(60):
            page.goto(f"{self.url}/demo/mail/?to={reader}")
            if page.locator("ul.acts > li").count() >= mails:
                break
            page.wait_for_timeout(250)
        page.locator("ul.acts a", has_text=subject).first.click()
        page.locator("summary").click()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    web, smtp, out = free_port(), free_port(), free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HOLDORD_", "DJANGO_"))},
        "HOLDORD_DATA": str(tmp_path / "data"),
        "HOLDORD_LISTEN_WEB": f"127.0.0.1:{web}",
        "HOLDORD_LISTEN_SMTP": f"127.0.0.1:{smtp}",
        "HOLDORD_SMTP_SERVER": f"127.0.0.1:{out}",
        "HOLDORD_PUBLIC_URL": f"http://127.0.0.1:{web}",
        "HOLDORD_UNDO_SECONDS": "3",
    }
    log = tmp_path / "printed"
    with log.open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "holdord", "demo"], env=environment, stdout=printed, stderr=printed
        )
    wait_for_port(web, seconds=60, alive=lambda: process.poll() is None)
    yield Demo(f"http://127.0.0.1:{web}", smtp, log.read_text())
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def log_in(page: Page, demo: Demo, name: str) -> None:
    page.goto(f"{demo.url}/account/login/?lang=en")
    page.fill("[name=login]", f"{name}@holdord.example")
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url("**/next/**")


def opens_conversation(page: Page, demo: Demo, subject: str) -> None:
    page.goto(f"{demo.url}/next/?whose=team")
    page.locator("a.next", has_text=subject).first.click()
    expect(page.locator("#talk h1")).to_contain_text(subject)


def test_a_newcomer_follows_a_promise_from_both_sides(demo: Demo, chromium: Browser) -> None:
    customer, agent = (
        chromium.new_context().new_page(),
        chromium.new_context(viewport={"width": 1440, "height": 900}).new_page(),
    )
    # The command prints where to go, and with which login
    assert f"{demo.url}/demo/mail/" in demo.printed
    assert f"maja@holdord.example   {PASSWORD}" in demo.printed

    # A mail in Swedish is confirmed in Swedish, with a time and a private link
    demo.writes(
        "Hej, boxen jag beställde har fortfarande inte kommit och ingen svarar. När kommer den?", subject="Boxen"
    )
    demo.opens_newest_mail(customer, LARS, subject="Boxen", mails=1)
    letter = customer.locator(".plain-mail").inner_text()
    promised = re.search(r"senast (\d\d:\d\d)", letter)
    assert promised, letter
    link = re.search(rf"{re.escape(demo.url)}/case/[\w-]+/", letter)
    assert link, letter

    # The case page says what was asked and the same time
    customer.goto(link[0])
    assert customer.locator("html").get_attribute("lang") == "sv"
    expect(customer.locator(".hero")).to_contain_text(promised[1])
    expect(customer.locator("main")).to_contain_text("boxen jag beställde")

    # An agent finds it in next up at the same time, takes it, answers, takes the answer back, answers again
    log_in(agent, demo, "anders")
    opens_conversation(agent, demo, "Boxen")
    expect(agent.locator("a.next[aria-current=true] .at")).to_have_text(promised[1].replace(":", "."))
    agent.locator("form[action$='/ownership/'] button").click()
    expect(agent.locator("#talk .talk-head")).not_to_contain_text("Tag den")
    agent.fill("#draft", "Hej Lars, boxen kommer på torsdag.")
    agent.locator("[data-send]").click()
    agent.locator("form[action$='/undo/'] button").first.click()
    expect(agent.locator("#draft")).to_have_value("Hej Lars, boxen kommer på torsdag.")
    agent.fill("#draft", "Hej Lars, boxen kommer på fredag före klockan 12.")
    agent.locator("[data-send]").click()

    # The answer arrives, once, threaded; the promise is kept on the case page
    demo.opens_newest_mail(customer, LARS, subject="Boxen", mails=2)
    expect(customer.locator(".plain-mail")).to_contain_text("på fredag före klockan 12")
    customer.fill("[name=text]", "Tack så mycket!")
    customer.locator("main form button.main").click()
    customer.goto(link[0])
    expect(customer.locator(".promise[data-state=kept], .hero[data-state=kept]").first).to_be_visible()

    # "Tack!" proposes to leave it closed; "Tack, men" brings it back
    agent.goto(f"{demo.url}/lists/waiting/")
    agent.locator("a.next", has_text="Boxen").first.click()
    expect(agent.locator("form[action$='/closing/agreement/']")).to_be_visible()
    demo.opens_newest_mail(customer, LARS, subject="Boxen", mails=2)
    customer.fill("[name=text]", "Tack, men på fredag är jag inte hemma. Går det på lördag?")
    customer.locator("main form button.main").click()
    expect(agent.locator("a.next", has_text="Boxen").first).to_be_visible()
    agent.wait_for_timeout(1500)
    opens_conversation(agent, demo, "Boxen")
    expect(agent.locator("#talk")).to_contain_text("Går det på lördag?")
    expect(agent.locator("form[action$='/closing/agreement/']")).to_have_count(0)


def test_a_newcomer_moves_the_clock_and_sees_a_word_told_and_broken(demo: Demo, chromium: Browser) -> None:
    customer, lead = (
        chromium.new_context().new_page(),
        chromium.new_context(viewport={"width": 1440, "height": 900}).new_page(),
    )
    demo.writes(
        "Hello, my new shoes have not arrived and the wedding is on Saturday. Where are they?",
        subject="Where are my shoes",
        sender="jo@post.example",
        to="hello@skoby.example",
    )
    demo.opens_newest_mail(customer, "jo@post.example", subject="Where are my shoes", mails=1)
    link = re.search(rf"{re.escape(demo.url)}/case/[\w-]+/", customer.locator(".plain-mail").inner_text())
    assert link
    log_in(lead, demo, "karen")

    # Four hours later nobody has answered: the lead sees it at risk, the customer is told before it is late
    for minutes in ("120", "30", "30", "30", "30"):
        opens_conversation(lead, demo, "Where are my shoes")
        lead.locator(f".demo-clock button[value='{minutes}']").click()
        lead.wait_for_timeout(2500)
    opens_conversation(lead, demo, "Where are my shoes")
    demo.opens_newest_mail(customer, "jo@post.example", subject="Where are my shoes", mails=2)
    told = customer.locator(".plain-mail").inner_text()
    assert "We will not make it" in told
    assert "A person answers you by" in told
    customer.goto(link[0])
    expect(customer.locator(".hero")).to_be_visible()

    # A day later the word is broken, and everybody sees it
    lead.locator(".demo-clock button[value='1440']").click()
    lead.wait_for_timeout(2500)
    demo.opens_newest_mail(customer, "jo@post.example", subject="Where are my shoes", mails=3)
    customer.goto(link[0])
    expect(customer.locator(".promise[data-state=broken]").first).to_be_visible()
    opens_conversation(lead, demo, "Where are my shoes")
    expect(lead.locator(".aside .promise[data-state=broken]").first).to_be_visible()
