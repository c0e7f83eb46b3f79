"""Tables of orders and places: looked at first, then done; twice they change nothing; interrupted they go on."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdord.__main__ import _run
from holdord.conversations.models import Message
from holdord.kernel import clock as the_clock
from holdord.orders import jobs, uploads
from holdord.orders.models import Order, OrderEvent, Upload, UploadKind, UploadLine
from holdord.orders.tables import NotATable, orders_in, places_in
from holdord.people.models import Role
from holdord.promises.models import Place, Pool, Promise
from tests.orders.conftest import Shop

ORDERS = """number,kind,event,email,language,sku,article,quantity,price,promised_on,reason,by
1,,,henrik@post.example,da,box,Boks,1,"199,00",,,
1,,,henrik@post.example,da,lid,Låg,2,,,,
2,placed,,anna@post.example,de,box,Boks,1,,2026-03-02,,
3,,,anna@post.example,de,box,Boks,1,,,,
1,shipped,s1,,,,,,,,,
1,delayed,d1,,,,,,,,,
1,cancelled,c1,,,,,,,,udsolgt,shop
9,shipped,,,,,,,,,,
4,,,nobody,da,box,,1,,,,
4,,,a@post.example,da,,,1,,,,
4,,,a@post.example,da,box,,x,,,,
4,eaten,,,,,,,,,,
4,,,a@post.example,da,box,,1,,02.03.2026,,
1,shipped,s2,,,,,,,,,
"""
FOUND = [
    (2, "place", False, "", "2026-03-02"),
    (4, "place", False, "", "2026-03-02"),
    (5, "full", True, "promised_on", "2026-03-03"),
    (6, "shipped", False, "", ""),
    (7, "missing", True, "reason", ""),
    (8, "cancelled", False, "", ""),
    (9, "no_order", True, "number", "9"),
    (10, "no_address", True, "email", ""),
    (11, "missing", True, "sku", ""),
    (12, "unreadable", True, "quantity", ""),
    (13, "one_of", True, "kind", "placed, shipped, delivered, delayed, cancelled"),
    (14, "no_date_there", True, "promised_on", ""),
    (15, "not_possible", True, "kind", "cancelled"),
]


def results(upload: Upload) -> list[tuple[int, str, bool, str, str]]:
    rows = UploadLine.objects.filter(upload=upload).order_by("number")
    return list(rows.values_list("number", "outcome", "is_wrong", "column", "said"))


def taken(shop: Shop, text: str, *, kind: UploadKind = UploadKind.ORDERS) -> Upload:
    return uploads.take(
        kind=kind,
        inbox=shop.desk.inbox if kind == UploadKind.ORDERS else None,
        name="table.csv",
        text=text,
        by=shop.desk.agent("Hanne"),
        now=the_clock.now(),
    )


def done(upload: Upload) -> Upload:
    uploads.begin(upload)
    uploads.go_on(upload, now=the_clock.now(), seconds=60)
    return upload


def full_from_the_third(shop: Shop) -> str:
    """A shop with two boxes, and a table in which the third order is for a day that two have taken."""
    shop.parcels(9, 9, 9)
    shop.stock("box", 2, 1)
    return ORDERS.replace(
        "3,,,anna@post.example,de,box,Boks,1,,,,", "3,,,anna@post.example,de,box,Boks,1,,2026-03-02,,"
    )


def test_a_dry_run_says_line_by_line_what_would_happen_and_writes_nothing(shop: Shop) -> None:
    looked = taken(shop, full_from_the_third(shop))
    assert looked.state == "looked"
    assert results(looked) == FOUND
    assert (Order.objects.count(), Message.objects.count()) == (0, 0)


def test_it_does_what_the_dry_run_said(shop: Shop) -> None:
    upload = done(taken(shop, full_from_the_third(shop)))
    assert upload.state == "done"
    assert results(upload) == FOUND
    assert sorted(Order.objects.values_list("number", "state")) == [("1", "cancelled"), ("2", "placed")]
    assert Order.objects.get(number="1").articles.count() == 2
    assert Message.objects.get(kind="outbound").text.startswith("Din ordre 1 er annulleret: udsolgt.")


def test_the_same_table_twice_changes_nothing(shop: Shop) -> None:
    # Without the order that has no room: when another is cancelled it would have.
    text = "\n".join(line for line in full_from_the_third(shop).splitlines() if not line.startswith("3,"))
    done(taken(shop, text))
    before = [model.objects.count() for model in (Order, OrderEvent, Promise, Message)]
    again = taken(shop, text)
    assert [row[1] for row in results(again) if not row[2]] == ["known"] * 4
    assert [row[1] for row in results(done(again)) if not row[2]] == ["known"] * 4
    assert [model.objects.count() for model in (Order, OrderEvent, Promise, Message)] == before


def many(number: int) -> str:
    lines = [f"{n},k{n}@post.example,box,1" for n in range(number)]
    return "\n".join(["number,email,sku,quantity", *lines])


def test_a_large_table_is_looked_at_by_the_worker_and_goes_on_where_it_was_interrupted(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.parcels(500)
    monkeypatch.setattr(uploads, "SMALL", 10)
    monkeypatch.setattr(uploads, "AT_ONCE", 20)
    upload = taken(shop, many(60))
    assert (upload.state, upload.lines) == ("looking", 61)
    while jobs.go_on(now=the_clock.now()):
        pass
    upload.refresh_from_db()
    assert (upload.state, UploadLine.objects.filter(outcome="place").count()) == ("looked", 60)
    uploads.begin(upload)
    uploads.go_on(upload, now=the_clock.now(), seconds=0.05)
    uploads.stop(upload)
    upload.refresh_from_db()
    some = Order.objects.count()
    assert 0 < some < 60
    assert (upload.state, upload.done_until) == ("stopped", some + 1)
    uploads.go_on(upload, now=the_clock.now(), seconds=1)
    assert Order.objects.count() == some  # stopped is stopped
    assert done(upload).state == "done"
    assert Order.objects.count() == Promise.objects.count() == 60


PLACES = """pool;date;places;starts_at;ends_at
parcels;2026-03-09;7;;
parcels;2026-03-10;8;;
nobody;2026-03-10;8;;
parcels;2026-03-10;9;;
parcels;;2;2026-03-11T10:00;2026-03-11T09:00
parcels;;2;2026-03-09T10:00;2026-03-09T12:00
parcels;2026-03-12;many;;
"""


def test_places_are_set_from_a_table(shop: Shop) -> None:
    shop.parcels(1)
    looked = taken(shop, PLACES, kind=UploadKind.PLACES)
    expected = [
        (2, "set", False, "", "7"),
        (3, "set", False, "", "8"),
        (4, "no_pool", True, "pool", "nobody"),
        (5, "twice", True, "date", "3"),
        (6, "backwards", True, "ends_at", ""),
        (7, "overlap", True, "starts_at", ""),
        (8, "unreadable", True, "places", ""),
    ]
    assert results(looked) == expected
    assert Place.objects.count() == 1
    assert results(done(looked)) == expected
    assert list(Place.objects.order_by("starts_at").values_list("places", flat=True)) == [1, 7, 8]
    again = done(taken(shop, PLACES, kind=UploadKind.PLACES))
    assert [row[1] for row in results(again)][:2] == ["known", "known"]


def test_ten_thousand_places_are_set_by_portions_and_go_on_where_another_process_was_killed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    shop.parcels(1)
    first = datetime(2026, 4, 1, 6, tzinfo=UTC)
    begins = [first + timedelta(minutes=30 * number) for number in range(10_000)]
    pool = Pool.objects.get(key="parcels")
    # Until now the first one took an hour: it must have made room before the second is there.
    Place.objects.create(pool=pool, starts_at=first, ends_at=first + timedelta(hours=1), places=3)
    rows = [f"parcels,5,{at.isoformat()},{(at + timedelta(minutes=30)).isoformat()}" for at in reversed(begins)]
    with django_assert_max_num_queries(100):  # not some for each line
        upload = taken(shop, "\n".join(["pool,places,starts_at,ends_at", *rows]), kind=UploadKind.PLACES)
    assert UploadLine.objects.filter(upload=upload, outcome="set").count() == 10_000
    uploads.begin(upload)
    monkeypatch.setattr(uploads, "PORTION", 3_000)
    uploads.go_on(upload, now=the_clock.now(), seconds=0.001)
    upload.refresh_from_db()
    assert (upload.state, upload.done_until) == ("doing", 3_000)
    assert Place.objects.filter(pool=pool, places=5).count() == 3_000
    uploads._placing.clear()  # another process goes on
    while jobs.go_on(now=the_clock.now()):
        pass
    upload.refresh_from_db()
    assert (upload.state, upload.done_until) == ("done", upload.lines)
    assert UploadLine.objects.filter(upload=upload, outcome="set").count() == 10_000
    places = Place.objects.filter(pool=pool, places=5).order_by("starts_at")
    assert list(places.values_list("starts_at", flat=True)) == begins


def test_a_span_over_places_that_stay_is_left_out_and_the_others_are_set(shop: Shop) -> None:
    shop.parcels(1)
    pool = Pool.objects.get(key="parcels")
    ten, eleven, twelve = (datetime(2026, 4, 1, hour, tzinfo=UTC) for hour in (10, 11, 12))
    Place.objects.create(pool=pool, starts_at=ten, ends_at=eleven, places=1)
    Place.objects.create(pool=pool, starts_at=eleven, ends_at=twelve, places=1)
    far = datetime(2026, 4, 2, 10, tzinfo=UTC)
    rows = [
        f"parcels,9,{begins.isoformat()},{ends.isoformat()}"
        for begins, ends in ((ten, twelve), (far, far + timedelta(hours=1)))
    ]
    upload = done(taken(shop, "\n".join(["pool,places,starts_at,ends_at", *rows]), kind=UploadKind.PLACES))
    assert upload.state == "done"
    assert results(upload) == [(2, "overlap", True, "starts_at", ""), (3, "set", False, "", "9")]
    assert list(Place.objects.filter(pool=pool, places=9).values_list("starts_at", flat=True)) == [far]


def test_a_table_without_its_columns_is_none() -> None:
    for text in ("", "a,b\n1,2\n", "email\nx@y.example\n"):
        with pytest.raises(NotATable):
            orders_in(text, zone="UTC")
    with pytest.raises(NotATable):
        places_in("pool,date\n", zone="UTC")


def browser(shop: Shop, name: str, role: str) -> Client:
    client = Client()
    client.force_login(shop.desk.agent(name, role))
    return client


def send(client: Client, shop: Shop, text: str, kind: str = "orders") -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("ordrer.csv", text.encode("cp1252"))
    return client.post("/settings/orders/", {"kind": kind, "inbox": shop.desk.inbox.pk, "file": file}, follow=True)


def test_a_lead_uploads_a_table_in_two_steps(shop: Shop) -> None:
    hanne = browser(shop, "Hanne", Role.LEAD)
    page = send(hanne, shop, full_from_the_third(shop))
    assert "The first day that holds is Tuesday 3 March 2026." in page.text
    assert "Nothing is done yet." in page.text
    assert not Order.objects.exists()
    upload = Upload.objects.get()
    page = hanne.post(f"/settings/orders/{upload.pk}/beginning/", follow=True)
    assert "All of it is done." in page.text
    assert Order.objects.count() == 2
    assert "Programs" not in page.text  # what is for administrators alone is not offered
    assert send(hanne, shop, "x\n").status_code == 422


def test_tables_are_for_leads_and_each_sees_their_own(shop: Shop) -> None:
    shop.parcels(9)
    upload = taken(shop, many(1))
    jonas, other = browser(shop, "Jonas", Role.AGENT), browser(shop, "Lars", Role.LEAD)
    for path in ("", f"{upload.pk}/"):
        assert jonas.get(f"/settings/orders/{path}").status_code == 403
    assert other.get("/settings/orders/").status_code == 200
    for path in ("beginning/", "end/"):
        assert other.post(f"/settings/orders/{upload.pk}/{path}").status_code == 403
    assert other.get(f"/settings/orders/{upload.pk}/").status_code == 403
    assert browser(shop, "Ada", Role.ADMINISTRATOR).get(f"/settings/orders/{upload.pk}/").status_code == 200
    assert not Order.objects.exists()


def test_the_same_at_a_terminal(shop: Shop, tmp_path, capsys) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(full_from_the_third(shop), encoding="utf-8")
    assert _run(["orders", str(file), "--dry-run", "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["line"], row["outcome"], row["wrong"], row["column"]) for row in rows] == [f[:4] for f in FOUND]
    assert not Order.objects.exists()
    assert _run(["orders", str(file)]) == 1
    assert "line 5, promised_on: There is no room for this then." in capsys.readouterr().out
    assert Order.objects.count() == 2
    assert _run(["orders", str(file), "--inbox", "nobody"]) == 2
    places = tmp_path / "places.csv"
    places.write_text("pool,date,places\nparcels,2026-03-09,7\n")
    assert _run(["pools", "set", str(places), "--dry-run"]) == 0
    assert Place.objects.filter(places=7).count() == 0
    assert _run(["pools", "set", str(places)]) == 0
    assert Place.objects.filter(places=7).count() == 1
    assert _run(["pools", "add", "calls", "--name", "Calls", "--kind", "slots", "--serves", "callback"]) == 0
    assert _run(["pools", "add", "calls", "--name", "Calls"]) == 1
    capsys.readouterr()
    assert _run(["pools", "list", "--json"]) == 0
    listed = [json.loads(line)["key"] for line in capsys.readouterr().out.splitlines()]
    assert listed == ["box", "calls", "parcels"]


def test_tokens_at_a_terminal(shop: Shop, capsys) -> None:
    slug = shop.desk.inbox.slug
    assert _run(["token", "add", "Shop", "--scope", "orders:write", "--inbox", slug]) == 0
    secret = capsys.readouterr().out.strip()
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/orders/1", headers=headers).status_code == 404
    assert _run(["token", "list", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["name"], row["inbox"], row["scopes"]) == ("Shop", slug, ["orders:write"])
    assert _run(["token", "revoke", row["prefix"]]) == 0
    assert Client().get("/api/v1/orders/1", headers=headers).status_code == 401
    assert _run(["token", "revoke", "nothing"]) == 1


def test_a_day_later_nothing_is_promised_for_yesterday(shop: Shop, clock) -> None:
    shop.parcels(9, 9)
    text = "number,email,sku,promised_on\n1,a@post.example,box,2026-03-02\n"
    upload = taken(shop, text)
    clock.moves_to(the_clock.now() + timedelta(days=1))
    assert results(done(upload)) == [(2, "over", True, "promised_on", "")]
