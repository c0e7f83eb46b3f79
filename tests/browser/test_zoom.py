"""Every page of a customer at 200 % on a small screen, and at 320 pixels: whole, and in the order it is read."""

import pytest

from holdord.channels.models import SignIn
from holdord.channels.sign_in import proving
from holdord.conversations import actions
from holdord.conversations.jobs import prepare_pictures
from holdord.conversations.models import Message, RequestKind
from holdord.fulfilment.actions import ask_for, send_code, set_executor
from holdord.fulfilment.rules import Way
from holdord.kernel import clock as the_clock
from holdord.knowledge.models import Kind
from tests.browser.conftest import Stage, picture
from tests.browser.reading import faults_in_reading, keep_as_read
from tests.browser.test_pages import faults
from tests.browser.test_promises import promised
from tests.factories import fresh
from tests.portal.test_help import published
from tests.portal.test_pictures import sends
from tests.support.photos import photo

__all__ = ["promised"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = {"200-percent": (640, 400, 2), "320": (320, 640, 1)}
"""1280 by 800 at 200 % is 640 by 400 (WCAG 1.4.4); 320 is what reflow asks for (WCAG 1.4.10)."""


@pytest.fixture
def much(promised: Stage) -> Stage:
    """A case with everything that a case page can hold."""
    inbox, first, now = promised.desk.inbox, promised.first, the_clock.now()
    for kind in ("cancel", "block", "refund"):
        set_executor(inbox, kind, way=Way.TASK, undo_hours=48, about="Lysbro Bredbånd Ekstra")
    conversation = fresh(first.conversation)
    ask_for(conversation, RequestKind.CANCEL, by=None, about="Lysbro Bredbånd Ekstra", now=now)
    said = promised.desk.writes(
        "Mit kundenummer er 4433. Mit kort er stjålet, vil I spærre det?",
        by="jorgen.lindholm@post.example",
        conversation=first.conversation,
    )
    actions.hear(said, now=now)
    sends(
        first,
        ("fejl.jpg", photo(1200, 900), "image/jpeg"),
        ("en-meget-lang-fil-uden-mellemrum-2026-11-19.pdf", b"%PDF", "application/pdf"),
    )
    prepare_pictures()
    actions.hand_over(
        fresh(first.conversation),
        by=promised.maja,
        to_team=promised.desk.team,
        to_agent=None,
        context="Ved du?",
        now=now,
    )
    published(
        promised.desk, "Boksen starter ikke efter en softwareopdatering", "## Først\n\nTræk stikket ud.\n\n| a | b |"
    )
    published(promised.desk, "HTTP 500 på boksen", "Vi skifter en server.", kind=Kind.INCIDENT)
    published(promised.desk, "Når du vil af med os", "Du kan opsige når som helst.", kind=Kind.POLICY)
    return promised


def addresses(stage: Stage, lang: str) -> dict[str, str]:
    """Every page that a customer comes to."""
    inbox, case, now = stage.desk.inbox, stage.case_link().removeprefix(stage.address), the_clock.now()
    article, incident, policy = (
        published(stage.desk, title, "## Først\n\nTræk stikket ud.", kind=kind).document_id
        for title, kind in (("Boksen", Kind.ARTICLE), ("Fejl på nettet", Kind.INCIDENT), ("Opsigelse", Kind.POLICY))
    )
    proving.ask("jorgen.lindholm@post.example", inbox=inbox, language=lang, now=now)
    sign_in = SignIn.objects.latest("pk")
    return {
        "case": f"{case}?lang={lang}",
        "case-done": f"{case}?lang={lang}&done=solved",
        "case-works": f"{case}?lang={lang}&works=no",
        "code": f"{case}codes/export/latest/?lang={lang}",
        "no-case": f"/case/nothing/?lang={lang}",
        "form": f"/write/{inbox.slug}/?lang={lang}",
        "sent": f"/write/{inbox.slug}/sent/?lang={lang}",
        "chat-first": f"/chat/{inbox.slug}/?lang={lang}",
        "chat": f"/chat/{inbox.slug}/{case.split('/')[2]}/?lang={lang}",
        "help": f"/help/{inbox.slug}/?lang={lang}",
        "help-found": f"/help/{inbox.slug}/?q=boksen&lang={lang}",
        "article": f"/help/{inbox.slug}/{article}/?lang={lang}",
        "incident": f"/help/{inbox.slug}/incidents/{incident}/?lang={lang}",
        "policy": f"/help/{inbox.slug}/policies/{policy}/?lang={lang}",
        "mine": f"/mine/at/{inbox.slug}/?lang={lang}",
        "mine-sent": f"/mine/at/{inbox.slug}/?sent=1&lang={lang}",
        "prove": f"/mine/in/{proving.token_for(sign_in)}/?lang={lang}",
    }


@pytest.mark.parametrize("lang", ["de", "da"])
@pytest.mark.parametrize("size", SIZES)
def test_large_and_narrow_it_is_whole_and_in_order(much: Stage, size: str, lang: str) -> None:
    wide, high, scale = SIZES[size]
    page = much.page(
        logged_in=False, viewport={"width": wide, "height": high}, device_scale_factor=scale, reduced_motion="reduce"
    )
    send_code(fresh(much.first.conversation), _customer(much.first), for_kind="export", now=the_clock.now())
    wrong = {}
    for name, address in addresses(much, lang).items():
        page.goto(much.address + address)
        picture(page, f"zoom-{name}-{size}-{lang}", full_page=True)
        keep_as_read(page, f"read-{name}-{size}-{lang}")
        if found := [*faults_in_reading(page), *faults(page)]:
            wrong[name] = found
    page.goto(f"{much.address}/mine/in/{proving.token_for(SignIn.objects.latest('pk'))}/?lang={lang}")
    page.locator("form .btn.main").click()
    page.wait_for_selector(".facts")
    picture(page, f"zoom-my-cases-{size}-{lang}", full_page=True)
    keep_as_read(page, f"read-my-cases-{size}-{lang}")
    if found := [*faults_in_reading(page), *faults(page)]:
        wrong["my-cases"] = found
    assert wrong == {}


def _customer(message: Message):  # type: ignore[no-untyped-def]
    assert message.identity is not None
    return message.identity
