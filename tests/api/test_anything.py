"""Whatever a program sends, it is answered: never with a fault of ours, always as the document says."""

import json
from urllib.parse import quote

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from tests.api.conftest import a_program, order
from tests.orders.conftest import Shop

document = json.loads(Client().get("/api/v1/openapi.json").content)
schema = schemathesis.openapi.from_dict(document)
schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
ANY = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def secret(shop: Shop) -> str:
    """A token for a desk in which there is something to ask for."""
    shop.parcels(99, 99)
    program = a_program(shop, inbox=shop.desk.inbox)
    assert program.posts("orders", order()).status_code == 201
    return program.secret


def ask(secret: str, method: str, path: str, query: dict, headers: dict, body: object) -> None:
    """Ask, and see that the answer is one that the document knows."""
    kept = {name: value for name, value in headers.items() if str(value).isascii() and str(value).isprintable()}
    answer = Client(raise_request_exception=False).generic(
        method,
        path,
        data=json.dumps(body) if body is not None else "",
        content_type="application/json",
        query_params={name: str(value) for name, value in query.items()},
        headers={**kept, "Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code < 500, (method, path, query, body, answer.content)
    if answer.status_code == 405:
        assert answer.headers["Allow"]
        return
    json.loads(answer.content)
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"


@schema.parametrize()
@ANY
def test_nothing_that_is_sent_breaks_the_desk(case, secret: str) -> None:
    def plain(value: object) -> bool:
        return isinstance(value, dict | list | str | int | float | bool | None.__class__)

    path = case.formatted_path
    body = case.body if plain(case.body) else None
    ask(secret, case.method, path, dict(case.query or {}), dict(case.headers or {}), body)


words = st.text(max_size=70) | st.sampled_from(["\x00", "1042", "../..", "\ud800", "ø" * 61, " ", "%00"])


@ANY
@given(number=words, event=words, reason=words, kind=st.sampled_from(["delayed", "cancelled", "delivered", "shipped"]))
def test_no_words_of_a_shop_break_the_desk(secret: str, number: str, event: str, reason: str, kind: str) -> None:
    where = f"/api/v1/orders/{quote(number.encode('utf-8', 'replace').decode(), safe='')}/events"
    ask(secret, "POST", where, {}, {}, {"event": event, "kind": kind, "reason": reason, "by": "shop"})
    ask(secret, "POST", "/api/v1/orders/1042/events", {}, {}, {"event": event, "kind": "shipped", "reason": reason})
    ask(secret, "POST", "/api/v1/orders", {}, {}, order(number, event=event))


@ANY
@given(moment=st.datetimes() | words, day=st.dates() | words, places=st.integers() | words)
def test_no_times_or_numbers_break_the_desk(secret: str, moment: object, day: object, places: object) -> None:
    at = moment.isoformat() + "Z" if hasattr(moment, "isoformat") else moment
    on = str(day)
    ask(secret, "POST", "/api/v1/orders", {}, {}, order("x", placed_at=at, promised_on=on))
    ask(secret, "POST", "/api/v1/promises", {}, {}, {"conversation": places, "kind": "fix", "due_at": at})
    span = {"starts_at": at, "ends_at": at, "places": places}
    ask(secret, "PUT", "/api/v1/pools/parcels/places", {}, {}, {"places": [span, {"date": on, "places": places}]})
