"""A conversation of many messages: the newest in full, the others a line each, and each of them can be opened."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from holdord.conversations.models import Channel, Kind, Message, Outgoing
from holdord.desk.folded_rows import IN_FULL, LINES, SHOWN
from holdord.kernel import clock as the_clock
from tests.desk.conftest import Three

pytestmark = pytest.mark.django_db


def written(three: Three, count: int) -> list[Message]:
    now = the_clock.now()
    return [
        Message.objects.create(
            conversation=three.conversation,
            kind=Kind.OUTBOUND if number % 2 else Kind.INBOUND,
            channel=Channel.EMAIL,
            identity=three.first.identity,
            text=f"Brev nummer {number}.\n\nMed venlig hilsen",
            language="da",
            at=now + timedelta(minutes=number),
        )
        for number in range(count)
    ]


def everything(three: Three) -> list[int]:
    return list(
        Message.objects.filter(conversation=three.conversation).order_by("at", "pk").values_list("pk", flat=True)
    )


def page(three: Three, query: str = "") -> str:
    return three.browser(three.alice).get(f"/conversations/{three.conversation.pk}/{query}").text


def in_full(text: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="msg [a-z]+" id="message-(\d+)"', text)]


def lines(text: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<p class="sys folded" id="message-(\d+)"', text)]


def test_a_short_one_is_shown_in_full(three: Three) -> None:
    written(three, IN_FULL - 2)
    text = page(three)
    assert in_full(text) == everything(three)
    assert lines(text) == []
    assert "Show all messages in full" not in text


def test_the_earlier_ones_of_a_long_one_are_lines_that_open_them(three: Three) -> None:
    made = written(three, IN_FULL + 5)
    text = page(three)
    assert in_full(text) == [message.pk for message in made[-IN_FULL:]]
    assert lines(text) == everything(three)[:-IN_FULL]
    assert "Brev nummer 3. Med venlig hilsen" in text
    assert f'href="?message={made[3].pk}#message-{made[3].pk}"' in text
    opened = page(three, f"?message={made[3].pk}")
    assert made[3].pk in in_full(opened)
    assert lines(opened) == []


def test_all_can_be_shown_in_full(three: Three) -> None:
    written(three, IN_FULL + 5)
    assert in_full(page(three, "?all=1")) == everything(three)


def test_a_link_opens_a_message_that_is_older_than_the_page(three: Three) -> None:
    made = written(three, SHOWN + 20)
    text = page(three)
    assert (len(in_full(text)), len(lines(text))) == (IN_FULL, LINES)
    assert "Show earlier messages" in text
    assert three.first.pk not in lines(text)
    opened = page(three, f"?message={made[2].pk}")
    assert in_full(opened) == everything(three)[:5]
    assert "Show the newest messages" in opened


def test_a_folded_reply_that_did_not_get_through_is_still_said(three: Three) -> None:
    reply = three.answers()
    written(three, IN_FULL)
    Outgoing.objects.filter(message=reply).update(state="failed")
    text = page(three)
    assert "A reply did not get through." in text
    assert f'id="message-{reply.pk}" data-state="broken"' in text


def test_many_messages_ask_no_more_than_few(three: Three) -> None:
    asked = []
    for count in (IN_FULL, 100):
        written(three, count)
        with CaptureQueriesContext(connection) as captured:
            page(three)
        asked.append(len(captured))
    assert asked[0] == asked[1]
