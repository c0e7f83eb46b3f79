"""A prepared text is put into the reply by keyboard, and looked over like any other words."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Stage, picture
from tests.browser.test_pages import faults, published

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_text_is_found_and_inserted_without_a_mouse(stage: Stage) -> None:
    published(stage)
    page = stage.page()
    page.goto(f"{stage.address}/conversations/{stage.first.conversation_id}/")
    page.locator("#draft").fill("Hej Jørgen\n\n")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#insert-sought")).to_be_focused()
    with page.expect_response("**/texts/?q=stikket"):
        page.keyboard.type("stikket", delay=40)  # as people do: faster than htmx settles is no typing
    expect(page.locator("#insert-found li")).to_have_count(3)  # the reply, the incident, the article
    picture(page, "insert-1440-light")
    assert faults(page) == []
    page.keyboard.press("Tab")
    with page.expect_response("**/draft/guard/"):
        page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#draft")).to_be_focused()
    assert "Træk stikket ud." in page.input_value("#draft")
