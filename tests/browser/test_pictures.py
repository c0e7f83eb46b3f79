"""Pictures in a real browser: seen before they are sent, small on the page, large when they are asked for."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from holdord.conversations.jobs import prepare_pictures
from holdord.conversations.models import Attachment, Message
from tests.browser.conftest import Stage, picture, wait_until
from tests.browser.test_pages import WIDTHS, faults
from tests.support.photos import HEIC, photo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PHOTOS: list[FilePayload] = [
    {"name": "pool.jpg", "mimeType": "image/jpeg", "buffer": photo(900, 700, colours=("teal", "gold"))},
    {"name": "bamse.heic", "mimeType": "image/heic", "buffer": HEIC.read_bytes()},
    {"name": "bar.jpg", "mimeType": "image/jpeg", "buffer": photo()},
]


def sent_by_the_customer(stage: Stage, page: Page, lang: str = "en") -> None:
    page.goto(f"{stage.case_link()}?lang={lang}#choose")
    page.locator("#id_files").set_input_files(PHOTOS)
    page.locator("#write + form .btn.main").click()
    page.wait_for_url("**done=written**")
    prepare_pictures()
    page.reload()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_they_are_seen_before_sending_and_large_when_touched(stage: Stage, scheme: str) -> None:
    page = stage.page(logged_in=False, color_scheme=scheme, **PHONE)
    page.goto(f"{stage.case_link()}?lang=en#choose")
    page.locator("#id_files").set_input_files(PHOTOS[:2])
    page.locator("#id_files").set_input_files(PHOTOS[2:])
    tiles = page.locator("[data-chosen] .thumb:not(.add)")
    expect(tiles).to_have_count(3)
    expect(tiles.nth(1)).to_contain_text("bamse.heic")  # what Chromium can't draw is shown by its name
    page.locator("[data-chosen]").scroll_into_view_if_needed()
    picture(page, f"choosing-390-{scheme}")
    assert faults(page) == []
    page.get_by_role("button", name="Remove bar.jpg").click()
    expect(tiles).to_have_count(2)
    page.locator("#write + form .btn.main").click()
    page.wait_for_url("**done=written**")
    assert [each.name for each in Message.objects.latest("pk").attachments.order_by("pk")] == ["pool.jpg", "bamse.heic"]
    expect(page.get_by_text("This picture is being made ready.").first).to_be_visible()
    prepare_pictures()
    page.reload()
    shown = page.locator("[data-pictures] img")
    expect(shown).to_have_count(2)
    shown.first.scroll_into_view_if_needed()
    wait_until(page, "[...document.querySelectorAll('[data-pictures] img')].every((each) => each.complete)")
    picture(page, f"case-pictures-390-{scheme}")
    assert faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    shown.first.click()
    large = page.locator("dialog.picture[open] img")
    expect(large).to_have_attribute("alt", "pool.jpg")
    wait_until(page, "document.querySelector('dialog.picture img').naturalWidth === 700")
    picture(page, f"large-390-{scheme}")
    assert faults(page) == []
    page.get_by_role("button", name="The next picture").click()
    expect(large).to_have_attribute("alt", "bamse.jpg")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.picture")).to_be_hidden()


def test_without_script_a_picture_is_sent_all_the_same(stage: Stage) -> None:
    page = stage.page(logged_in=False, java_script_enabled=False, **PHONE)
    sent_by_the_customer(stage, page)
    assert Attachment.objects.filter(picture="ready").count() == 3
    expect(page.locator("[data-pictures] img")).to_have_count(3)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_agent_sees_them_in_a_row_and_sends_some_back(stage: Stage, width: str, scheme: str) -> None:
    customer = stage.page(logged_in=False, **PHONE)
    sent_by_the_customer(stage, customer)
    wide, high = WIDTHS[width]
    page = stage.page(viewport={"width": wide, "height": high}, color_scheme=scheme)
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    shown = page.locator(".msg [data-pictures] img")
    expect(shown).to_have_count(3)
    page.locator("#composer input[type=file]").set_input_files([PHOTOS[0], PHOTOS[2]])
    expect(page.locator("#composer .thumb")).to_have_count(2)
    page.get_by_role("button", name="Remove bar.jpg").click()
    expect(page.locator("#composer .thumb")).to_have_count(1)
    picture(page, f"desk-pictures-{width}-{scheme}")
    assert faults(page) == []
    shown.first.scroll_into_view_if_needed()
    shown.first.click()
    expect(page.locator("dialog.picture[open]")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("dialog.picture img")).to_have_attribute("alt", "bamse.jpg")
    page.keyboard.press("Escape")
    page.locator("#draft").fill("Se selv!")
    page.locator("#composer [data-send]").click()
    expect(page.locator("#composer .thumb")).to_have_count(0)
    assert Message.objects.filter(kind="outbound").latest("pk").attachments.get().name == "pool.jpg"


@pytest.mark.parametrize("lang", ["de", "da"])
def test_it_fits_in_german_and_danish(stage: Stage, lang: str) -> None:
    page = stage.page(logged_in=False, **PHONE)
    sent_by_the_customer(stage, page, lang)
    page.locator("#id_files").set_input_files(PHOTOS)
    page.locator("[data-chosen]").scroll_into_view_if_needed()
    picture(page, f"choosing-390-{lang}")
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
