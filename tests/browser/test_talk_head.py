"""The head of a conversation in the language with the longest words: title and tools both have room."""

import pytest
from playwright.sync_api import expect

from holdord.conversations.models import Message
from tests.browser.conftest import Stage, picture

pytestmark = pytest.mark.browser


@pytest.fixture
def nobodys(stage: Stage) -> Message:
    """A conversation that nobody owns yet: that has the most tools. Maja reads German."""
    stage.maja.language = "de"
    stage.maja.save()
    return stage.desk.writes("Hallo", subject="Die Box kam am Montag, aber sie geht nicht an")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 800), (390, 844)])
def test_the_title_is_not_squeezed(stage: Stage, nobodys: Message, width: int, height: int) -> None:
    page = stage.page(viewport={"width": width, "height": height})
    page.goto(f"{stage.address}/conversations/{nobodys.conversation_id}/")
    expect(page.locator("#talk-title")).to_be_visible()
    picture(page, f"talk-head-de-{width}")
    if width > 720:
        assert page.evaluate("(t => t.scrollWidth - t.clientWidth)(document.getElementById('talk-title'))") <= 0
    head, tools = (page.locator(place).bounding_box() for place in (".talk-head", ".talk-head .tools"))
    assert head is not None
    assert tools is not None
    assert tools["x"] >= head["x"]
    assert tools["x"] + tools["width"] <= head["x"] + head["width"]
