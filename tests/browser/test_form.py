"""The contact form in a real browser: kept while it is typed, in a frame on another site, and no robot's work."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from holdord.channels.form import building
from holdord.channels.form.building import Words
from holdord.channels.models import FieldKind
from holdord.conversations.models import Fact, Message, Status
from holdord.kernel import clock as the_clock
from tests.browser.conftest import SHOP, Stage, picture, wait_until
from tests.browser.test_pages import faults
from tests.portal.test_help import published

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def asks(stage: Stage) -> None:
    inbox = stage.desk.inbox
    words = {
        "da": Words("Ordrenummer", "Så vi kan finde din ordre"),
        "de": Words("Bestellnummer", "Damit wir Ihre Bestellung finden"),
    }
    building.add_field(inbox, FieldKind.LINE, words, is_required=False)
    choices = {
        "da": Words("Hvad drejer det sig om?", "Så den rigtige svarer", ("Boks", "Regning")),
        "de": Words("Worum geht es?", "Damit die richtige Person antwortet", ("Box", "Rechnung")),
    }
    building.add_field(inbox, FieldKind.CHOICE, choices, is_required=False)


def writes(page: Page) -> None:
    page.get_by_label("Hvad kan vi hjælpe").or_(page.locator("#id_text")).first.fill("Min boks genstarter hele tiden")
    page.locator("#id_name").fill("Ida Holm")
    page.locator("#id_email").fill("ida@post.example")
    page.get_by_label("Ordrenummer").fill("A-4711")


def test_what_is_typed_is_kept_and_restored_and_gone_when_it_is_sent(stage: Stage) -> None:
    asks(stage)
    address = f"{stage.address}/write/{stage.desk.inbox.slug}/?lang=da"
    page = stage.page(logged_in=False, viewport={"width": 390, "height": 844})
    page.goto(address)
    writes(page)
    expect(page.locator("[data-kept]")).to_be_visible()
    page.goto(address)
    expect(page.locator("#id_text")).to_have_value("Min boks genstarter hele tiden")
    expect(page.get_by_label("Ordrenummer")).to_have_value("A-4711")
    expect(page.locator("[data-kept]")).to_contain_text("Gemt på denne enhed")
    # The browser works beside the typing; without a word of it on the page.
    page.locator("#id_text").press("End")
    page.keyboard.type(" https://a.example https://b.example https://c.example")
    wait_until(page, "document.querySelector('[name=proof]').value !== ''", seconds=30)
    the_clock.move_to(the_clock.now() + timedelta(seconds=20))
    page.locator(".sendrow .btn.main").click()
    page.wait_for_url("**/sent/**")
    assert Message.objects.latest("pk").conversation.status == Status.OPEN
    assert Fact.objects.filter(label="Ordrenummer", value="A-4711").exists()
    page.goto(address)
    expect(page.locator("#id_text")).to_have_value("")


def test_what_was_kept_can_be_thrown_away(stage: Stage) -> None:
    asks(stage)
    address = f"{stage.address}/write/{stage.desk.inbox.slug}/?lang=da"
    page = stage.page(logged_in=False)
    page.goto(address)
    writes(page)
    page.locator("[data-afresh]").click()
    page.goto(address)
    expect(page.locator("#id_text")).to_have_value("")
    expect(page.locator("[data-kept]")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("lang", "width"), [("da", 1440), ("de", 390), ("da", 390), ("de", 1024)])
def test_the_form_with_all_it_can_have_has_no_fault(stage: Stage, scheme: str, lang: str, width: int) -> None:
    asks(stage)
    title = {"da": "Boksen genstarter", "de": "Die Box startet neu"}[lang]
    published(
        stage.desk, title, {"da": "Træk stikket ud.", "de": "Ziehen Sie den Stecker der Box."}[lang], language=lang
    )
    page = stage.page(logged_in=False, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{stage.address}/write/{stage.desk.inbox.slug}/?lang={lang}")
    expect(page.locator("[data-suggested] aside")).to_have_count(0)
    page.locator("#id_text").fill({"da": "Min boks genstarter, boksen er ny", "de": "Die Box startet immer neu"}[lang])
    expect(page.locator("[data-suggested] a")).to_contain_text(title)
    expect(page.locator(".sendrow .btn.main")).to_be_enabled()
    picture(page, f"form-built-{width}-{lang}-{scheme}", full_page=True)
    assert faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_it_stands_in_a_frame_on_another_site_and_grows_with_what_is_in_it(stage: Stage, shop: str) -> None:
    asks(stage)
    building.allow_site(stage.desk.inbox, shop)
    script = f"{stage.address}/write/{stage.desk.inbox.slug}/embedding.js"
    SHOP["page"] = (
        f'<!doctype html><html lang="da"><title>Butik</title><h1>Butik</h1><script src="{script}" async></script>'
    )
    page = stage.page(logged_in=False, viewport={"width": 800, "height": 900})
    page.goto(shop)
    frame = page.frame_locator("iframe")
    expect(frame.locator("#id_text")).to_be_visible()
    wait_until(page, "document.querySelector('iframe').style.blockSize !== '60rem'")
    before = page.evaluate("document.querySelector('iframe').offsetHeight")
    inside = page.frames[1]
    assert not inside.evaluate("document.documentElement.scrollHeight > innerHeight + 1"), "it scrolls inside"
    frame.locator("#id_email").fill("ida")
    frame.locator(".sendrow .btn.main").click()
    expect(frame.locator(".err").first).to_be_visible()
    wait_until(page, f"document.querySelector('iframe').offsetHeight > {before}")
    picture(page, "form-framed", full_page=True)
    writes_in = frame
    writes_in.locator("#id_text").fill("Min boks genstarter")
    writes_in.locator("#id_email").fill("ida@post.example")
    the_clock.move_to(the_clock.now() + timedelta(seconds=20))
    writes_in.locator(".sendrow .btn.main").click()
    expect(frame.locator("[data-sent]")).to_be_visible()
    assert Message.objects.latest("pk").conversation.status == Status.OPEN
    assert page.context.cookies() == []


def test_a_site_that_is_not_allowed_shows_nothing(stage: Stage, shop: str) -> None:
    address = f"{stage.address}/write/{stage.desk.inbox.slug}/framed/"
    SHOP["page"] = f'<!doctype html><title>Butik</title><iframe src="{address}"></iframe>'
    page = stage.page(logged_in=False)
    page.goto(shop)
    page.wait_for_timeout(500)
    expect(page.frame_locator("iframe").locator("#id_text")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_page_that_builds_it_has_no_fault(stage: Stage, scheme: str, width: int) -> None:
    asks(stage)
    building.allow_site(stage.desk.inbox, "https://www.lysbro.example")
    page = stage.page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{stage.address}/settings/inboxes/{stage.desk.inbox.pk}/form/")
    picture(page, f"build-form-{width}-{scheme}", full_page=True)
    assert faults(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.locator("form[action$='/place/'] button[value=down]").first.click()
    expect(page.locator(".chans b").first).to_have_text("Hvad drejer det sig om?")


def test_too_much_is_said_before_it_is_sent(stage: Stage) -> None:
    page = stage.page(logged_in=False)
    page.goto(f"{stage.address}/write/{stage.desk.inbox.slug}/?lang=da")
    heavy = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * 25_000_001}
    page.locator("#id_files").set_input_files([heavy])  # type: ignore[list-item]
    expect(page.locator("[data-kept]")).to_be_hidden()  # a file is not kept on the device
    page.locator("#id_text").fill("Min boks genstarter hele tiden")
    page.locator("#id_email").fill("ida@post.example")
    expect(page.get_by_role("alert")).to_contain_text("Filerne fylder over 25 MB tilsammen")
    page.get_by_role("button", name="Send").click()
    page.wait_for_timeout(300)
    assert not page.url.endswith("/sent/")
    assert Message.objects.filter(text__startswith="Min boks genstarter").count() == 0
    page.get_by_role("button", name="Fjern film.mp4").click()
    expect(page.get_by_role("alert")).to_have_count(0)
