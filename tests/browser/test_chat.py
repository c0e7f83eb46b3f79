"""The chat on another site, by keyboard, on a phone too; and answered from the desk."""

import pytest
from playwright.sync_api import expect

from holdord.channels.chat.signing import Visitor, new_secret, sign
from holdord.channels.models import FormSite
from holdord.channels.outgoing import sending
from holdord.conversations import actions
from holdord.conversations.models import Conversation, Message
from holdord.kernel import clock as the_clock
from tests.browser.conftest import SHOP, Stage, picture
from tests.browser.test_pages import WIDTHS, faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def answer_all(stage: Stage, text: str) -> None:
    conversation, now = Conversation.objects.get(channel="chat"), the_clock.now()
    seen = Message.objects.filter(conversation=conversation, kind="inbound").latest("pk")
    actions.reply(conversation, by=stage.maja, text=text, seen=seen, not_before=now, now=now)
    while sending.send_next(now=now):
        pass


def test_a_visitor_of_another_site_chats_without_a_mouse(stage: Stage, shop: str) -> None:
    FormSite.objects.create(inbox=stage.desk.inbox, origin=shop)
    script = f"{stage.address}/chat/{stage.desk.inbox.slug}/element.js"
    SHOP["page"] = (
        f'<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1><script src="{script}" async></script>'
    )
    page = stage.page(logged_in=False)
    page.goto(shop)
    button = page.get_by_role("button", name="Chat with us")
    button.focus()
    page.keyboard.press("Enter")
    frame = page.frame_locator("holdord-chat iframe")
    expect(frame.locator("form")).to_contain_text("A person answers you")
    frame.get_by_label("Your message").fill("The box is dead.")
    picture(page, "chat-1440-light")
    frame.get_by_role("button", name="Send").press("Enter")
    expect(frame.locator("[data-part]")).to_contain_text("The box is dead.")
    Conversation.objects.filter(channel="chat").update(status="open")
    answer_all(stage, "I send you a new one.")
    expect(frame.locator("[data-part]")).to_contain_text("I send you a new one.", timeout=15_000)
    frame.get_by_label("Your message").fill("Thanks!")
    frame.get_by_label("Your message").press("Enter")
    expect(frame.locator("[data-part]")).to_contain_text("Thanks!")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Chat with us")).to_be_focused()
    page.reload()
    page.get_by_role("button", name="Chat with us").press("Enter")
    expect(frame.locator("[data-part]")).to_contain_text("I send you a new one.")


def test_a_site_hands_over_who_is_signed_in_there(stage: Stage, shop: str) -> None:
    FormSite.objects.create(inbox=stage.desk.inbox, origin=shop)
    now = the_clock.now()
    visitor = sign(Visitor("ida@post.example", "Ida Holm"), secret=new_secret(stage.desk.inbox, now=now), at=now)
    SHOP["page"] = (
        f'<html lang="en"><script src="{stage.address}/chat/{stage.desk.inbox.slug}/element.js" async></script>'
        f'<holdord-chat visitor="{visitor}" open></holdord-chat></html>'
    )
    page = stage.page(logged_in=False)
    page.goto(shop)
    frame = page.frame_locator("holdord-chat iframe")
    frame.get_by_label("Your message").fill("The box is dead.")
    frame.get_by_role("button", name="Send").click()
    expect(frame.locator("[data-part]")).to_contain_text("The box is dead.")
    message = Message.objects.latest("pk")
    assert (message.identity.address, message.trust) == ("ida@post.example", "verified")


def test_a_chat_is_answered_in_the_desk_beside_a_visitor_who_is_here(stage: Stage) -> None:
    visitor = stage.page(logged_in=False)
    visitor.goto(f"{stage.address}/chat/{stage.desk.inbox.slug}/?lang=en")
    visitor.get_by_label("Your message").fill("The box is dead.")
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.locator("[data-part]")).to_contain_text("The box is dead.")
    page, number = stage.page(), Conversation.objects.get(channel="chat").pk
    Conversation.objects.filter(pk=number).update(status="open")
    with page.expect_response(f"**/conversations/{number}/visitor/"):
        page.goto(f"{stage.address}/conversations/{number}/")
    expect(page.locator("#composer .to")).to_contain_text("is here")
    page.get_by_label("Your text").fill("Is the small lamp green?")
    page.locator("#composer [data-send]").click()
    expect(page.locator("#thread .msgs")).to_contain_text("Is the small lamp green?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["390", "1440"])
def test_the_chat_has_no_fault(stage: Stage, width: str, scheme: str) -> None:
    wide, high = WIDTHS[width]
    page = stage.page(logged_in=False, viewport={"width": wide, "height": high}, color_scheme=scheme)
    page.goto(f"{stage.address}/chat/{stage.desk.inbox.slug}/?lang=de")
    picture(page, f"chat-first-{width}-{scheme}")
    assert faults(page) == []
    page.get_by_label("Ihre Nachricht").fill("Die Box startet nicht.")
    page.get_by_role("button", name="Senden").click()
    expect(page.locator("[data-part]")).to_contain_text("Die Box startet nicht.")
    answer_all(stage, "Ich schicke Ihnen eine neue.")
    page.reload()
    picture(page, f"chat-{width}-{scheme}-de")
    assert faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
