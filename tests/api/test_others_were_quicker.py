"""What the database ended for another is done again by itself; when that goes on, the program is told to ask again."""

import psycopg
import pytest
from django.db import OperationalError

from holdord.api.views import orders as view
from holdord.orders.models import Order
from tests.api.conftest import Program, order, problem
from tests.orders.conftest import Shop


def ended(patch: pytest.MonkeyPatch, times: int, cause: Exception | None = None) -> list[int]:
    """The database ends the first so many attempts; a list that grows with each attempt."""
    attempts: list[int] = []
    place = view.actions.place

    def met(*told, **more):
        attempts.append(1)
        if len(attempts) <= times:
            raise OperationalError("deadlock detected") from (cause or psycopg.errors.DeadlockDetected())
        return place(*told, **more)

    patch.setattr(view.actions, "place", met)
    return attempts


def test_an_order_is_placed_when_another_stood_in_the_way(
    shop: Shop, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.parcels(9, 9)
    attempts = ended(monkeypatch, 2)
    assert program.posts("orders", order()).status_code == 201
    assert (len(attempts), Order.objects.count()) == (3, 1)


def test_after_some_attempts_the_program_is_asked_to_come_again(
    shop: Shop, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = ended(monkeypatch, 99)
    refused = program.posts("orders", order())
    assert problem(refused, 503, "busy")["detail"].startswith("Others were changing the same")
    assert refused.headers["Retry-After"] == "1"
    assert (len(attempts), Order.objects.count()) == (3, 0)


def test_other_trouble_of_the_database_is_our_fault(
    shop: Shop, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = ended(monkeypatch, 99, psycopg.errors.DiskFull())
    problem(program.posts("orders", order()), 500, "our-fault")
    assert len(attempts) == 1
