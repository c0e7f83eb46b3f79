"""Who comes second again and again is asked to try once more: nothing is done by half, nothing written is lost."""

import html
import re
from datetime import timedelta

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client, RequestFactory

from holdord.conversations.models import Message
from holdord.kernel import clock as the_clock
from holdord.promises.actions import reserving
from holdord.promises.models import Promise
from holdord.web.middleware import OthersWereQuicker
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def others_are_quicker(patch: pytest.MonkeyPatch, *, are: bool = True) -> None:
    """Whoever looks at a pool finds it changed."""
    patch.setattr(reserving, "_TRIES", 0 if are else 50)


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def test_a_customers_form_comes_back_and_is_sent_once_more(desk: SmallDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"/write/{desk.inbox.slug}/?lang=da"
    offer = dict(re.findall(r'type="hidden" name="(offer|key)" value="([^"]+)"', Client().get(address).text))
    the_clock.move_to(the_clock.now() + timedelta(seconds=20))
    said = {**offer, "text": 'Boksen "virker" ikke\n<b>slet</b> ikke', "name": "Ida Holm", "email": "ida@post.example"}
    others_are_quicker(monkeypatch)
    page = Client().post(address, {**said, "attached": SimpleUploadedFile("foto.jpg", b"\xff\xd8", "image/jpeg")})
    assert page.status_code == 503
    assert "Andre kom først" in page.text
    assert "Filer gemmes ikke" in page.text
    assert not page.cookies
    assert Message.objects.count() == 0
    others_are_quicker(monkeypatch, are=False)
    again = html.unescape(re.search(r'<form method="post" action="([^"]+)"', page.text).group(1))
    assert Client().post(again, hidden(page.text)).status_code == 303
    assert Message.objects.get(kind="inbound").text.splitlines() == said["text"].splitlines()


def test_beside_a_form_that_is_still_open_it_is_a_toast(
    desk: SmallDesk, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = desk.writes("Hvornår kommer boksen?")
    maja = Client()
    maja.force_login(desk.agent("Maja", language="de"))
    others_are_quicker(monkeypatch)
    said = {"kind": "fix", "what": "Sie läuft wieder", "when": clock.next("Tue 15:00").isoformat(), "how": "reply"}
    page = maja.post(f"/conversations/{asked.conversation_id}/promises/", said, headers={"HX-Request": "true"})
    assert page.status_code == 503
    assert page.headers["HX-Retarget"] == "#toasts"
    assert "Andere haben in diesem Augenblick" in page.text
    assert Promise.objects.filter(kind="fix").count() == 0


@pytest.mark.parametrize(
    ("cause", "is_ours"),
    [
        (psycopg.errors.DeadlockDetected("deadlock detected"), True),
        (psycopg.errors.SerializationFailure("could not serialize access"), True),
        (psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"), True),
        (psycopg.errors.DiskFull("no space left on device"), False),
    ],
)
def test_what_the_database_ended_for_another_is_asked_again_and_no_other_trouble(
    cause: Exception, is_ours: bool
) -> None:
    trouble = OperationalError(str(cause))
    trouble.__cause__ = cause
    middleware, request = OthersWereQuicker(lambda _: None), RequestFactory().post("/next/", {"text": "Hej"})
    page = middleware.process_exception(request, trouble)
    assert (page is not None and page.status_code == 503) is is_ours
    assert middleware.process_exception(RequestFactory().post("/api/v1/orders"), trouble) is None
