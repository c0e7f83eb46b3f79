"""Requests in a real browser: at the size of a phone, live, in both schemes, and what agents see of them."""

import pytest

from holdord.conversations.actions import ask
from holdord.conversations.models import Fact, RequestKind
from holdord.fulfilment import jobs
from holdord.fulfilment.codes import figures_of
from holdord.fulfilment.models import Code
from holdord.kernel import clock as the_clock
from tests.browser.conftest import Stage, picture
from tests.browser.test_pages import WIDTHS, faults, look_at
from tests.fulfilment.conftest import company

__all__ = ["company"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 390, "height": 844}


def the_worker_acts() -> None:
    while jobs.carry_out_next():
        pass


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_on_a_phone_without_script_a_card_is_blocked_and_opened(stage: Stage, company, scheme, language) -> None:
    company("cards", stage.desk.inbox, "block", "unblock", "refund")
    page = stage.page(logged_in=False, viewport=PHONE, color_scheme=scheme)
    words = {
        "en": ("Block it now", "I have it again: open it"),
        "de": ("Jetzt sperren", "Ich habe es wieder: freigeben"),
    }
    block, open_again = words[language]
    address = f"{stage.case_link()}?lang={language}"
    seen = {}
    page.goto(address)
    seen["before"] = faults(page)
    with page.expect_navigation():
        page.get_by_role("button", name=block).click()
    seen["asked"] = faults(page)
    the_worker_acts()
    page.goto(address)
    picture(page, f"blocked-390-{scheme}-{language}", full_page=True)
    seen["blocked"] = faults(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    button = page.get_by_role("button", name=open_again)
    assert button.bounding_box()["height"] >= 24
    button.press("Enter")
    the_worker_acts()
    page.goto(address)
    picture(page, f"opened-390-{scheme}-{language}", full_page=True)
    seen["opened"] = faults(page)
    assert seen == {"before": [], "asked": [], "blocked": [], "opened": []}


def test_without_script_one_press_cancels(stage: Stage, company) -> None:
    shop = company("shop", stage.desk.inbox, "cancel")
    page = stage.page(logged_in=False, viewport=PHONE, java_script_enabled=False)
    page.goto(f"{stage.case_link()}?lang=en")
    page.get_by_role("button", name="Cancel now").click()
    assert page.get_by_text("We are doing it now.").is_visible()
    the_worker_acts()
    page.get_by_role("link", name="See how it stands now").click()
    assert page.get_by_text("It is cancelled, as you asked.").first.is_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    the_worker_acts()
    assert shop.things == {"subscription": "running"}


def test_a_full_side_column_leaves_no_hole_and_a_phone_has_the_form_early(stage: Stage, company) -> None:
    company("shop", stage.desk.inbox, "cancel", "refund", "replace")
    page = stage.page(logged_in=False, viewport={"width": 1440, "height": 900})
    page.goto(f"{stage.case_link()}?lang=de")
    ends, begins = (page.locator(f"section[aria-labelledby={each}]").bounding_box() for each in ("write", "happened"))
    assert begins["y"] - (ends["y"] + ends["height"]) < 80
    lines = "time => { const all = new Range(); all.selectNodeContents(time); return all.getClientRects().length }"
    assert page.locator(".line time").first.evaluate(lines) == 1
    page.locator("summary", has_text="Geld zurückbekommen").click()
    picture(page, "case-opened-1440", full_page=True)
    assert faults(page) == []
    page.set_viewport_size(PHONE)
    tops = [page.locator(f"#{each}").bounding_box()["y"] for each in ("owed", "write", "can", "happened")]
    assert tops == sorted(tops)
    picture(page, "case-opened-390", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_what_agents_see_has_no_fault(stage: Stage, company, scheme, width) -> None:
    company("cards", stage.desk.inbox, "block")
    conversation, inbox = stage.first.conversation, stage.desk.inbox.pk
    Fact.objects.create(conversation=conversation, label="Kort", value="ender på 4417", at=the_clock.now())
    blocked = ask(conversation, RequestKind.BLOCK, about="kortet", now=the_clock.now())
    ask(conversation, RequestKind.REPLACE, now=the_clock.now())
    path = f"/conversations/{conversation.pk}/"
    wide, high = WIDTHS[width]
    page = stage.page(viewport={"width": wide, "height": high}, color_scheme=scheme)
    pages = {
        "requests": path,
        "proof": f"{path}requests/{blocked.pk}/proof/",
        "refusal": f"{path}requests/{blocked.pk}/refusal/",
        "ask": f"{path}requests/new/",
        "executors": "/settings/executors/",
        "executor": f"/settings/executors/{inbox}/block/",
    }
    assert look_at(stage, page, pages, suffix=f"{width}-{scheme}") == {}
    if width != "390":
        page.goto(stage.address + path)
        page.get_by_role("button", name="Send another one").click()
        page.get_by_text("Do it by hand, and say when it is done.").wait_for()
        assert look_at(stage, page, {"by-hand": path}, suffix=f"{width}-{scheme}") == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_about_oneself_is_fetched_and_erased_on_a_phone(stage: Stage, scheme, language) -> None:
    page = stage.page(logged_in=False, viewport=PHONE, color_scheme=scheme, accept_downloads=True)
    fetch, erase, hidden = {
        "en": ("Fetch everything about me", "Have everything about me erased", "Everything about you is hidden"),
        "de": ("Meine Daten anfordern", "Alles über mich löschen lassen", "Alles über Sie ist verborgen"),
    }[language]
    seen = {}
    page.goto(f"{stage.case_link()}?lang={language}")
    with page.expect_navigation():
        page.get_by_role("button", name=fetch).click()
    page.locator("#code").wait_for()
    seen["code"] = faults(page)
    picture(page, f"code-390-{scheme}-{language}", full_page=True)
    page.locator("#code").fill("1")
    with page.expect_navigation():
        page.locator("#code").press("Enter")
    page.get_by_role("alert").wait_for()
    seen["wrong"] = faults(page)
    page.locator("#code").fill(figures_of(Code.objects.latest("pk")))
    with page.expect_download() as download:
        page.locator("#code").press("Enter")
    assert download.value.suggested_filename.endswith("-everything.zip")
    # On a page of its own: the one that got a file stays where it was, half on its way.
    page.close()
    page = stage.page(logged_in=False, viewport=PHONE, color_scheme=scheme)
    page.goto(f"{stage.case_link()}?lang={language}")
    with page.expect_navigation():
        page.get_by_role("button", name=erase).click()
    page.locator("#code").fill(figures_of(Code.objects.latest("pk")))
    with page.expect_navigation():
        page.locator("#code").press("Enter")
    page.get_by_role("heading", name=hidden).wait_for()
    seen["erased"] = faults(page)
    picture(page, f"erased-390-{scheme}-{language}", full_page=True)
    page.locator("button.main").click()
    page.get_by_role("button", name=fetch).wait_for()
    assert seen == {"code": [], "wrong": [], "erased": []}
