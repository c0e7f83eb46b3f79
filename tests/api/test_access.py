"""Tokens: shown once, kept as a hash, scoped, revocable, braked."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client

from holdord.history.models import Event
from holdord.kernel import clock as the_clock
from holdord.people.models import ApiToken, Scope
from holdord.people.tokens import NoScope, make_token, revoke_token
from tests.api.conftest import Program, a_program, order, problem
from tests.conftest import MovableClock
from tests.orders.conftest import Shop


def test_only_a_hash_of_the_secret_is_kept(shop: Shop) -> None:
    secret = a_program(shop, "orders:read").secret
    token = ApiToken.objects.get()
    assert token.secret_hash == sha256(secret.encode()).hexdigest()
    assert secret.startswith(token.prefix)
    assert len(secret) - len(token.prefix) > 40
    assert secret not in str(ApiToken.objects.values())
    assert secret not in str(Event.objects.values())


def test_without_a_token_nothing_opens(shop: Shop, program: Program) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer holdord_x"},
        {"Authorization": "Basic x"},
    ):
        refused = Client().get("/api/v1/orders/1", headers=headers)
        problem(refused, 401, "unauthorised")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
    agent = Client()
    agent.force_login(shop.desk.agent("Hanne"))
    assert agent.get("/api/v1/orders/1").status_code == 401  # a login is no token: no cookie opens this door
    assert program.gets("orders/1").status_code == 404


def test_a_revoked_token_opens_nothing(shop: Shop, program: Program) -> None:
    hanne = shop.desk.agent("Hanne")
    for _ in range(2):
        revoke_token(ApiToken.objects.get(), by=hanne, now=the_clock.now())
    problem(program.gets("orders/1"), 401, "unauthorised")
    assert ApiToken.objects.get().revoked_by == hanne
    assert Event.objects.filter(kind__startswith="ApiToken").count() == 2


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "orders", "orders:write"),
        ("POST", "orders/1/events", "orders:write"),
        ("GET", "orders/1", "orders:read"),
        ("GET", "deliveries/earliest?sku=x", "orders:read"),
        ("GET", "promises", "promises:read"),
        ("POST", "promises", "promises:write"),
        ("POST", "promises/1/keep", "promises:write"),
        ("POST", "promises/1/release", "promises:write"),
        ("POST", "promises/1/move", "promises:write"),
        ("GET", "pools", "pools:read"),
        ("POST", "pools", "pools:write"),
        ("PUT", "pools/x/places", "pools:write"),
    ],
)
def test_each_door_has_its_scope(shop: Shop, method: str, path: str, scope: str) -> None:
    thing, _, act = scope.partition(":")
    enough = {scope, f"{thing}:write"}
    others = [each for each in Scope.values if each not in enough]
    body = problem(a_program(shop, *others).asks(method, path, {}), 403, "forbidden")
    assert body["scope"] == scope
    assert all(a_program(shop, each).asks(method, path, {}).status_code not in (401, 403) for each in enough)


def test_a_token_needs_a_scope_that_exists(shop: Shop) -> None:
    for scopes in ([], ["everything"]):
        with pytest.raises(NoScope):
            make_token(name="x", scopes=scopes, inbox=None, by=None, now=the_clock.now())


def test_when_a_token_was_used_last_is_known_to_the_minute(shop: Shop, program: Program, clock: MovableClock) -> None:
    def last() -> object:
        program.gets("pools")
        return ApiToken.objects.get().last_used_at

    first = last()
    assert first is not None
    clock.moves_to(clock.now() + timedelta(seconds=30))
    assert last() == first
    clock.moves_to(clock.now() + timedelta(seconds=60))
    assert last() > first


def test_a_program_that_runs_wild_is_braked(shop: Shop, clock: MovableClock, settings) -> None:
    settings.API_PER_MINUTE = 3
    clock.moves_to("Mon 11:00")
    program, calm = a_program(shop), a_program(shop)
    assert [program.gets("pools").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = program.gets("pools")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    problem(refused, 429, "too-many")
    assert calm.gets("pools").status_code == 200
    clock.passes(seconds=61)
    assert program.gets("pools").status_code == 200


def test_the_document_describes_every_field(shop: Shop) -> None:
    document = Client().get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/v1/orders",
        "/api/v1/orders/{number}/events",
        "/api/v1/orders/{number}",
        "/api/v1/deliveries/earliest",
        "/api/v1/promises",
        "/api/v1/promises/{id}/keep",
        "/api/v1/promises/{id}/release",
        "/api/v1/promises/{id}/move",
        "/api/v1/pools",
        "/api/v1/pools/{key}/places",
    }
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name
        for field, described in schema.get("properties", {}).items():
            # One that is a thing of its own is described there.
            assert described.get("description") or "$ref" in described, f"{name}.{field} is not described"
    for path, acts in document["paths"].items():
        for act in acts.values():
            assert act["description"], path
            assert all(each.get("description") for each in act.get("parameters", [])), path


def test_no_cookie_and_no_form_token_is_needed(shop: Shop, program: Program) -> None:
    shop.parcels(9)
    strict = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {program.secret}"}
    assert strict.post("/api/v1/orders", order(), "application/json", headers=headers).status_code == 201
