"""Stories 4 and 5 as people see them: Ivar on his phone, and the agent who is to call him, at a desk and on a phone."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings as the_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from holdord.conversations.models import Message
from holdord.kernel import clock as the_clock
from holdord.people.models import Role
from holdord.promises.models import Promise
from tests.browser.conftest import picture
from tests.browser.test_pages import faults
from tests.factories import small_desk
from tests.stories.cast import Letter, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

IVAR = "ivar.moen@epost.example"
ALL_OF_IT = "Jeg vurderer å flytte alt til dere: boliglån, billån, lønnskonto og forsikring. Hva kan dere tilby?"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture
def story(served: str, clock, sink, settings) -> Stage:
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", sink.port, "none"
    clock.moves_to("Mon 10:00")
    return Stage(small_desk(), sink, clock, 0)


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of a new browser that fails the test when a script fails."""
    contexts = []

    def open_page(viewport: dict[str, int]) -> Page:
        contexts.append(chromium.new_context(viewport=viewport, locale="nb-NO"))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()


def fills_in(page: Page, served: str, slug: str) -> None:
    page.goto(f"{served}/write/{slug}/?lang=nb")
    page.locator("#id_text").fill(ALL_OF_IT)
    page.locator("#id_name").fill("Ivar Moen")
    page.locator("#id_email").fill(IVAR)
    the_clock.move_to(the_clock.now() + timedelta(seconds=20))
    page.locator(".sendrow .btn.main").click()
    page.wait_for_url("**/sent/**")


def test_three_banks_confirm_at_once_and_the_one_that_is_silent_tells_him_in_time(
    story: Stage, served: str, opened: Callable[..., Page]
) -> None:
    page = opened(PHONE)
    # When he fills in the form at three banks, each shows by when a person answers
    for bank in (story.desk, small_desk(), small_desk()):
        fills_in(page, served, bank.inbox.slug)
        expect(page.locator("article.promise")).to_be_visible()
        assert faults(page) == []
    # Then three letters come, and each has a page with his words and the time
    story.works_off()
    letters = [Letter(caught) for caught in story.sink.caught if IVAR in caught.recipients]
    assert len(letters) == 3
    for letter, promise in zip(letters, Promise.objects.order_by("pk"), strict=True):
        page.goto(f"{served}{letter.case_page}?lang=nb")
        expect(page.get_by_text("boliglån, billån, lønnskonto").first).to_be_visible()
        due = promise.due_at.isoformat(timespec="minutes")
        expect(page.locator(f"time[datetime='{due}']").first).to_be_visible()
        assert faults(page) == []
    # And when nobody answers, his page has the apology and a new time before the old one has passed
    first = Promise.objects.order_by("pk")[0]
    story.time_goes_to("Mon 13:40")
    first.refresh_from_db()
    assert the_clock.now() < first.first_due_at < first.due_at
    page.goto(f"{served}{letters[0].case_page}?lang=nb")
    due = first.due_at.isoformat(timespec="minutes")
    expect(page.locator(f"time[datetime='{due}']").first).to_be_visible()
    expect(page.get_by_text("beklager").first).to_be_visible()
    picture(page, "story-4-told-in-time-390", full_page=True)
    assert faults(page) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_who_calls_him_sees_his_own_words_and_not_a_namesakes(
    story: Stage, served: str, opened: Callable[..., Page], size: dict[str, int]
) -> None:
    # Given a customer of many years, and another of the same name who writes for the first time, with his number
    theirs = "Jeg vil binde renten på boliglånet."
    story.desk.writes(theirs, by="ivar@gammel.example", name="Ivar Moen")
    told = (("Lån", "Billån"), ("Telefon", "+47 22 33 44 55"))
    asked = story.desk.writes(ALL_OF_IT, by=IVAR, name="Ivar Moen", facts=told)
    # When the agent opens his case
    agent = story.desk.agent("Ingvild", Role.AGENT)
    client = Client()
    client.force_login(agent)
    page = opened(size)
    session = client.cookies[the_settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": the_settings.SESSION_COOKIE_NAME, "value": session, "url": served}])
    page.goto(f"{served}/conversations/{asked.conversation_id}/")
    # Then his words stand there whole, with what he told, and nothing of the other's
    expect(page.locator("article.msg").first).to_contain_text(ALL_OF_IT)
    if size is PHONE:
        page.locator(".aside-opener").click()
    picture(page, f"story-5-panel-{size['width']}")
    for _, value in told:
        expect(page.get_by_text(value).first).to_be_visible()
    assert page.get_by_text(theirs).count() == 0
    assert faults(page) == []
    assert Message.objects.filter(conversation__customer=asked.conversation.customer, kind="inbound").count() == 1
