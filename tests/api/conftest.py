"""A shop's program: what it asks, with a token of its own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from holdord.kernel import clock as the_clock
from holdord.people.models import Inbox, Scope
from holdord.people.tokens import make_token
from tests.orders.conftest import Shop, shop

__all__ = ["shop"]


@dataclass
class Program:
    """Asks the desk, and reads the answers."""

    secret: str
    language: str = "en"

    def asks(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return Client().generic(
            method,
            f"/api/v1/{path}",
            data=json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language, **headers},
        )

    def gets(self, path: str) -> HttpResponse:
        return self.asks("GET", path)

    def posts(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.asks("POST", path, body, **headers)


def a_program(shop: Shop, *scopes: str, inbox: Inbox | None = None, language: str = "en") -> Program:
    """A program with these scopes (all without any), limited to an inbox or not."""
    _, secret = make_token(
        name="Shop",
        scopes=scopes or Scope.values,
        inbox=inbox,
        by=shop.desk.agent("Hanne"),
        now=the_clock.now(),
    )
    return Program(secret, language)


@pytest.fixture
def program(shop: Shop) -> Program:
    """The program of the shop, which may do everything in its inbox."""
    return a_program(shop, inbox=shop.desk.inbox)


def order(number: str = "1042", **more: Any) -> dict[str, Any]:
    """An order as a shop tells it."""
    return {
        "number": number,
        "customer": {"email": "henrik@post.example", "name": "Henrik Vestergaard", "language": "da"},
        "articles": [{"sku": "box", "name": "Boks", "quantity": 1, "price": "199.00"}],
        **more,
    }


def problem(answer: HttpResponse, status: int, kind: str) -> dict[str, Any]:
    """The problem that this answer is."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["type"], body["status"]) == (f"urn:holdord:problem:{kind}", status)
    assert body["title"]
    assert body["detail"]
    return body


Ask = Callable[[Program], HttpResponse]
