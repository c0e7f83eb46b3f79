"""A shop tells of its orders over HTTP."""

import pytest
from django.test import Client

from holdord.conversations.models import Conversation, Message
from holdord.orders.models import Order, OrderEvent
from holdord.promises.models import Promise
from tests.api.conftest import Program, a_program, order, problem
from tests.factories import small_desk
from tests.orders.conftest import Shop, moment


def test_an_order_is_answered_with_its_day_and_again_with_the_same(shop: Shop, program: Program) -> None:
    shop.parcels(0, 1)
    first = program.posts("orders", order(placed_at=moment(shop.day(0), 8).isoformat()))
    assert first.status_code == 201
    assert first.json() == {
        "number": "1042",
        "event": "placed",
        "kind": "placed",
        "at": "2026-03-02T07:00:00Z",
        "state": "placed",
        "due_at": "2026-03-03T16:00:00Z",
        "due_on": "2026-03-03",
    }
    again = program.posts("orders", order(placed_at=moment(shop.day(0), 8).isoformat()))
    assert (again.status_code, again.content) == (201, first.content)
    assert Order.objects.count() == Promise.objects.count() == 1
    problem(program.posts("orders", order(articles=[{"sku": "lid"}])), 409, "told-otherwise")


def test_a_full_day_is_refused_with_the_first_that_holds(shop: Shop, program: Program) -> None:
    shop.parcels(9, 9, 9)
    shop.stock("box", 0, 0, 1)
    refused = problem(program.posts("orders", order(promised_on=str(shop.day(1)))), 409, "full")
    assert refused["earliest"] == {"due_at": "2026-03-04T16:00:00+00:00", "date": "2026-03-04"}
    assert not Conversation.objects.exists()
    later = program.posts("orders", order(promised_on=str(shop.day(1)), accept_later=True))
    assert later.json()["due_on"] == "2026-03-04"
    refused = problem(program.posts("orders", order("1043", accept_later=True)), 409, "full")
    assert refused["earliest"] is None


def test_the_whole_life_of_an_order(shop: Shop, program: Program) -> None:
    shop.parcels(9, 9, 9)
    program.posts("orders", order(promised_on=str(shop.day(0))))
    told = [
        {"event": "d1", "kind": "delayed", "reason": "sne", "new_date": str(shop.day(2))},
        {"event": "s1", "kind": "shipped"},
        {"event": "v1", "kind": "delivered"},
    ]
    answers = [program.posts("orders/1042/events", event) for event in told]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert [program.posts("orders/1042/events", event).content for event in told] == [a.content for a in answers]
    read = program.gets("orders/1042").json()
    assert (read["state"], read["promise"]["state"], read["promise"]["due_on"]) == ("delivered", "kept", "2026-03-04")
    assert [(event["event"], event["state"]) for event in read["events"]] == [
        ("placed", "placed"),
        ("d1", "placed"),
        ("s1", "shipped"),
        ("v1", "delivered"),
    ]
    assert read["articles"] == [{"sku": "box", "name": "Boks", "quantity": 1, "price": "199.00"}]
    assert Message.objects.filter(kind="outbound").count() == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", "Sig hvorfor (reason)"),
        ("nb", "Si hvorfor (reason)"),
        ("sv", "Säg varför (reason)"),
        ("de", "Sagen Sie, warum (reason)"),
        ("en", "Say why (reason)"),
    ],
)
def test_without_a_reason_the_shop_is_told_what_is_missing(shop: Shop, language: str, words: str) -> None:
    shop.parcels(9)
    program = a_program(shop, language=language)
    program.posts("orders", order())
    refused = program.posts("orders/1042/events", {"event": "c1", "kind": "cancelled", "by": "shop"})
    body = problem(refused, 422, "missing")
    assert body["missing"] == ["reason"]
    assert body["detail"].startswith(words)
    assert refused.headers["Content-Language"] == language
    assert OrderEvent.objects.count() == 1


def test_what_can_not_be_is_refused_field_by_field(shop: Shop, program: Program) -> None:
    shop.parcels(9)
    refused = program.posts("orders", {"number": "a/b", "customer": {"email": "nobody"}, "articles": [{"quantity": 0}]})
    body = problem(refused, 422, "invalid")
    assert {error["field"] for error in body["errors"]} == {
        "number",
        "customer.email",
        "articles.0.sku",
        "articles.0.quantity",
    }
    problem(program.posts("orders", order(number="10\x0042")), 422, "invalid")
    problem(program.posts("orders", order(promised_on=str(shop.day(-1)))), 422, "invalid")
    problem(program.posts("orders", order(placed_at="2026-03-03T12:00:00")), 422, "invalid")
    problem(program.posts("orders", order(placed_at="2026-03-03T12:00:00Z")), 422, "invalid")
    assert problem(program.posts("orders", {}), 422, "missing")["missing"] == ["number", "customer", "articles"]
    problem(
        Client().post("/api/v1/orders", "{", "application/json", headers={"Authorization": f"Bearer {program.secret}"}),
        400,
        "not-understood",
    )
    assert not Order.objects.exists()


def test_an_order_that_ended_is_not_possible_to_change(shop: Shop, program: Program) -> None:
    shop.parcels(9)
    program.posts("orders", order())
    program.posts("orders/1042/events", {"event": "c", "kind": "cancelled", "by": "customer"})
    body = problem(program.posts("orders/1042/events", {"event": "s", "kind": "shipped"}), 409, "not-possible")
    assert body["state"] == "cancelled"


def test_the_earliest_day_can_be_asked_before(shop: Shop, program: Program) -> None:
    shop.parcels(9, 9, 9)
    shop.stock("box", 1, 0, 4)
    assert program.gets("deliveries/earliest?sku=box&quantity=2").json()["earliest"]["date"] == "2026-03-04"
    assert program.gets("deliveries/earliest?sku=box&quantity=9").json() == {"earliest": None}


def test_other_inboxes_do_not_exist_for_a_token(shop: Shop, program: Program) -> None:
    shop.parcels(9)
    other = Shop(small_desk(), shop.monday)
    theirs = a_program(other, inbox=other.desk.inbox)
    theirs.posts("orders", order("77"))
    unknown = program.gets("orders/78")
    for path in ("orders/77", f"orders/77?inbox={other.desk.inbox.slug}", "orders/77?inbox=nobody"):
        assert program.gets(path).content == unknown.content
    assert program.posts("orders/77/events", {"event": "s", "kind": "shipped"}).content == unknown.content
    assert program.posts("orders", order(inbox=other.desk.inbox.slug)).content == unknown.content
    problem(unknown, 404, "not-found")


def test_a_token_for_every_inbox_names_the_one_it_means(shop: Shop) -> None:
    shop.parcels(9)
    everywhere = a_program(shop)
    assert everywhere.posts("orders", order()).status_code == 201
    other = small_desk().inbox
    problem(everywhere.gets("orders/1042"), 422, "invalid")
    assert everywhere.gets(f"orders/1042?inbox={shop.desk.inbox.slug}").status_code == 200
    problem(everywhere.gets(f"orders/1042?inbox={other.slug}"), 404, "not-found")
