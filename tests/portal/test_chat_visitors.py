"""A site signs who visits the chat: proven when it is true, anonymous when it is not, and never a fault."""

import base64
import hashlib
import hmac
import html
import json
import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from holdord.channels.chat.signing import NotKnown, Visitor, new_secret, read_visitor, sign
from holdord.conversations.models import Fact, Message
from holdord.kernel import clock as the_clock
from holdord.people.models import Identity
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk
from tests.portal.test_chat import begin

IDA = Visitor("ida@post.example", "Ida Holm", "C-4433")


@pytest.fixture
def desk(db: None, clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def written_by(desk: SmallDesk, clock: MovableClock, visitor: str, **said: str) -> Message:
    begin(desk, clock, visitor=visitor, **said)
    return Message.objects.select_related("identity").latest("pk")


def test_who_is_signed_in_there_is_proven_here(desk: SmallDesk, clock: MovableClock) -> None:
    secret = new_secret(desk.inbox, now=the_clock.now())
    message = written_by(desk, clock, sign(IDA, secret=secret, at=the_clock.now()), email="else@post.example")
    identity = message.identity
    assert identity is not None
    assert (identity.address, identity.name, message.trust) == ("ida@post.example", "Ida Holm", "verified")
    assert identity.verified_at is not None
    assert Fact.objects.values_list("label", "value", "told").get() == ("signed_in", "C-4433", False)
    page = Client()
    page.force_login(desk.agent("Jonas"))
    assert "Signed in on the site as: C-4433" in page.get(f"/conversations/{message.conversation_id}/").text


def test_it_can_be_signed_as_the_docs_say(desk: SmallDesk, clock: MovableClock) -> None:
    secret = new_secret(desk.inbox, now=the_clock.now())
    said = {"email": "Ida@Post.example", "at": int(the_clock.now().timestamp())}
    payload = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
    signature = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    message = written_by(desk, clock, f"{payload}.{signature}")
    assert (message.identity.address, message.trust) == ("ida@post.example", "verified")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "wrong", ["forged", "old", "to come", "another desk's", "replaced", "cut", "noise", "nobody signs"]
)
def test_what_proves_nothing_makes_an_unknown_visitor_and_no_fault(
    desk: SmallDesk, clock: MovableClock, caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    secret = new_secret(desk.inbox, now=the_clock.now()) if wrong != "nobody signs" else "0" * 64
    now = the_clock.now()
    good = sign(IDA, secret=secret, at=now)
    changed = sign(Visitor("eve@post.example"), secret="1" * 64, at=now)
    handed = {
        "forged": f"{changed.partition('.')[0]}.{good.partition('.')[2]}",
        "old": sign(IDA, secret=secret, at=now - timedelta(minutes=61)),
        "to come": sign(IDA, secret=secret, at=now + timedelta(minutes=10)),
        "another desk's": sign(IDA, secret=new_secret(small_desk().inbox, now=now), at=now),
        "replaced": good,
        "cut": good[:-1],
        "noise": "é." * 3_000,
        "nobody signs": good,
    }[wrong]
    if wrong == "replaced":
        new_secret(desk.inbox, now=now)
    with caplog.at_level(logging.WARNING):
        message = written_by(desk, clock, handed)
    assert message.identity is not None
    assert (message.identity.kind, message.trust, Fact.objects.count()) == ("chat", "unverified", 0)
    assert not Identity.objects.filter(verified_at__isnull=False).exists()
    assert re.search(r"is not known: what the site signed is (forged|old|unsigned)", caplog.text)
    assert "ida@" not in caplog.text


WORDS = st.text(max_size=20)


@given(said=st.none() | st.integers() | WORDS | st.dictionaries(WORDS, st.none() | st.floats() | WORDS, max_size=5))
def test_a_signed_payload_that_is_none_is_not_a_fault(said: object) -> None:
    payload = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
    handed = f"{payload}.{hmac.new(b'secret', payload.encode(), hashlib.sha256).hexdigest()}"
    with pytest.raises(NotKnown, match="malformed|old"):
        read_visitor(handed, secret="secret", now=the_clock.now())


def test_the_secret_is_shown_once_to_administrators(desk: SmallDesk) -> None:
    address = f"/settings/inboxes/{desk.inbox.pk}/form/"
    browser = Client()
    browser.force_login(desk.agent("Ada", role="administrator"))
    first, second = (_secret(browser.post(f"{address}visitors/").text) for _ in range(2))
    assert len({first, second}) == 2
    page = browser.get(address).text
    assert (_secret(page), first in page, second in page) == ("", False, False)
    assert "There is a secret since" in page
    lead = Client()
    lead.force_login(desk.agent("Hanne"))
    assert lead.post(f"{address}visitors/").status_code == 403


def _secret(page: str) -> str:
    found = re.search(r'id="secret" readonly autofocus value="([0-9a-f]{64})"', html.unescape(page))
    return found[1] if found else ""
