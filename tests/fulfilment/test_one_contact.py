"""The pledge "cancelled within one contact", measured by what was carried out."""

from datetime import timedelta

import pytest
from django.test import Client

from holdord.conversations import actions
from holdord.conversations.models import Request, RequestKind
from holdord.fulfilment.queries import cancelled_since
from holdord.fulfilment.rules import OneContact, within_one_contact
from tests.conftest import MovableClock
from tests.factories import SmallDesk


@pytest.mark.parametrize(
    ("said", "measured", "percent"),
    [
        ([], OneContact(0, 0), None),
        ([1], OneContact(1, 1), 100),
        ([2], OneContact(1, 0), 0),
        ([1, 1, 3], OneContact(3, 2), 66),
        ([1] * 999 + [2], OneContact(1000, 999), 99),
    ],
)
def test_who_asked_once_needed_one_contact(said: list[int], measured: OneContact, percent: int | None) -> None:
    found = within_one_contact(said)
    assert (found, found.percent) == (measured, percent)


def cancelled(desk: SmallDesk, clock: MovableClock, *, by: str, said: int = 1, kind: str = "cancel") -> None:
    request = actions.ask(desk.writes("Hej", by=by).conversation, RequestKind(kind), now=clock.now())
    Request.objects.filter(pk=request.pk).update(said=said)
    actions.fulfil(request, by=None, now=clock.now())


def test_the_board_shows_what_was_carried_out_lately_in_its_teams(desk: SmallDesk, clock: MovableClock) -> None:
    # Given one cancellation long ago, and lately two; a refund, and one that is still to be done
    cancelled(desk, clock, by="long.ago@post.example", said=5)
    clock.passes(days=8)
    cancelled(desk, clock, by="once@post.example")
    cancelled(desk, clock, by="twice@post.example", said=2)
    cancelled(desk, clock, by="refund@post.example", kind="refund")
    actions.ask(desk.writes("Hej", by="waits@post.example").conversation, RequestKind.CANCEL, now=clock.now())
    # Then the lead reads one of two, and another team's lead nothing
    lately = clock.now() - timedelta(days=7)
    assert cancelled_since([desk.team.pk], lately) == OneContact(2, 1)
    assert cancelled_since([desk.team.pk + 1], lately) == OneContact(0, 0)
    client = Client()
    client.force_login(desk.agent("Hanne"))
    assert "Cancelled within one contact, last seven days: 1 of 2, 50 %." in client.get("/board/").text
