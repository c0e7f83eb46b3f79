"""Every page, in both schemes and three widths: no accessibility fault, no sideways scrolling; pictures to look at."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from holdord.kernel import clock as the_clock
from holdord.knowledge import actions as texts
from holdord.knowledge.models import Edition, Kind
from tests.browser.conftest import Stage, picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = {"1440": (1440, 900), "1024": (1024, 800), "390": (390, 844)}


def desk_pages(stage: Stage) -> dict[str, str]:
    number, inbox = stage.first.conversation_id, stage.desk.inbox.pk
    edition = published(stage)
    return {
        "next": "/next/",
        "conversation": f"/conversations/{number}/",
        "waiting": "/lists/waiting/",
        "search": "/search/?q=boks",
        "write-first": "/conversations/new/",
        "merge": f"/conversations/{number}/merge/",
        "me": "/me/",
        "settings": "/settings/",
        "channels": "/settings/channels/",
        "mailbox": "/settings/mailboxes/new/",
        "hand-over": f"/conversations/{number}/hand-over/",
        "quarantine": "/settings/quarantine/",
        "pools": "/settings/pools/",
        "inboxes": "/settings/inboxes/",
        "new-inbox": "/settings/inboxes/new/",
        "hours": f"/settings/inboxes/{inbox}/hours/",
        "pledges": "/settings/pledges/",
        "people": "/settings/people/",
        "invite": "/settings/people/new/",
        "teams": "/settings/teams/",
        "blocked": "/settings/blocked/",
        "import": "/settings/import/",
        "texts": "/settings/texts/",
        "text": f"/settings/texts/{edition.document_id}/da/",
        "insert-text": f"/conversations/{number}/texts/",
        "password": "/account/password/change/",
    }


def published(stage: Stage) -> Edition:
    """An article, a prepared reply and a policy of the inbox; the article."""
    for kind in Kind:
        if not Edition.objects.filter(document__kind=kind).exists():
            now = the_clock.now()
            edition = texts.write(
                None,
                kind=kind,
                inbox=stage.desk.inbox,
                language="da",
                title="Boksen starter ikke",
                text="## Prøv først\n\n- Træk stikket ud.\n- Vent et minut.\n\nSkriv ellers **til os**.",
                by=stage.maja,
                now=now,
            )
            texts.publish(edition, by=stage.maja, now=now)
            texts.keep_not_found(stage.desk.inbox, "da", "pause", now=now)
    return Edition.objects.get(document__kind=Kind.ARTICLE)


def public_pages(stage: Stage) -> dict[str, str]:
    return {
        "login": "/account/login/?lang=en",
        "cannot-get-in": "/account/password/lost/?lang=en",
        "case": stage.case_link().removeprefix(stage.address) + "?lang=en",
        "form": f"/write/{stage.desk.inbox.slug}/?lang=en",
        "sent": f"/write/{stage.desk.inbox.slug}/sent/?lang=en",
        "help": f"/help/{stage.desk.inbox.slug}/?lang=en",
        "help-nothing": f"/help/{stage.desk.inbox.slug}/?q=zebra&lang=en",
        "article": f"/help/{stage.desk.inbox.slug}/{published(stage).document_id}/?lang=en",
        "no-case": "/case/nothing/?lang=en",
        "not-there": "/nothing/?lang=en",
    }


def faults(page: Page) -> list[str]:
    """What axe finds: WCAG A and AA to 2.2, and best practice."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in found]


def look_at(stage: Stage, page: Page, addresses: dict[str, str], *, suffix: str) -> dict[str, list[str]]:
    wrong = {}
    for name, address in addresses.items():
        answer = page.goto(stage.address + address)
        picture(page, f"{name}-{suffix}")
        found = faults(page)
        if answer is None or answer.status >= 500:
            found.append("did not load")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append("scrolls sideways")
        if found:
            wrong[name] = found
    return wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_signed_in_pages_have_no_fault(stage: Stage, scheme: str, width: str) -> None:
    wide, high = WIDTHS[width]
    page = stage.page(viewport={"width": wide, "height": high}, color_scheme=scheme)
    assert look_at(stage, page, desk_pages(stage), suffix=f"{width}-{scheme}") == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_public_pages_have_no_fault(stage: Stage, scheme: str, width: str) -> None:
    wide, high = WIDTHS[width]
    page = stage.page(logged_in=False, viewport={"width": wide, "height": high}, color_scheme=scheme)
    assert look_at(stage, page, public_pages(stage), suffix=f"{width}-{scheme}") == {}


@pytest.mark.parametrize("language", ["da", "nb", "sv", "de"])
def test_pages_fit_in_every_language(stage: Stage, language: str) -> None:
    stage.maja.language = language
    stage.maja.save()
    for width in ("1440", "390"):
        wide, high = WIDTHS[width]
        page = stage.page(viewport={"width": wide, "height": high})
        assert look_at(stage, page, desk_pages(stage), suffix=f"{width}-{language}") == {}
        public = {name: address.replace("lang=en", f"lang={language}") for name, address in public_pages(stage).items()}
        stranger = stage.page(logged_in=False, viewport={"width": wide, "height": high})
        assert look_at(stage, stranger, public, suffix=f"{width}-{language}") == {}


def test_the_first_run_has_no_fault(served: str, chromium, clock) -> None:  # type: ignore[no-untyped-def]
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page.goto(f"{served}/setup/")
    picture(page, "setup-1440-light", full_page=True)
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("hue", [25, 95, 145, 320])
def test_a_companys_own_hue_has_no_fault(stage: Stage, scheme: str, hue: int) -> None:
    stage.desk.inbox.hue = hue
    stage.desk.inbox.save()
    page = stage.page(logged_in=False, viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    public = {name: address for name, address in public_pages(stage).items() if name in {"case", "form", "sent"}}
    assert look_at(stage, page, public, suffix=f"hue-{hue}-{scheme}") == {}
    worn = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--fjord')")
    assert f" {hue})" in worn
