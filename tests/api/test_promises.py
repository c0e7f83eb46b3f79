"""A program reads promises, gives them, keeps, releases and moves them."""

from holdord.conversations.models import Message
from holdord.people.models import Team
from holdord.promises.actions import add_pool
from holdord.promises.models import Place, Promise
from holdord.promises.rules import Kind, PoolKind
from tests.api.conftest import Program, a_program, problem
from tests.conftest import MovableClock
from tests.factories import small_desk
from tests.orders.conftest import Shop, moment


def conversation(shop: Shop) -> int:
    return shop.desk.writes("Hvornår ringer I?").conversation_id


def test_a_promise_is_given_if_it_holds(shop: Shop, program: Program) -> None:
    pk = conversation(shop)
    told = {"conversation": pk, "kind": "fix", "what": "Boksen virker", "due_at": moment(shop.day(1), 12).isoformat()}
    given = program.posts("promises", told)
    assert given.status_code == 201
    assert (given.json()["what"], given.json()["due_at"], given.json()["due_on"]) == (
        "Boksen virker",
        "2026-03-03T11:00:00Z",
        None,
    )
    promise = Promise.objects.get(pk=given.json()["id"])
    assert (promise.source, promise.given_by, promise.awaits_people) == ("program", shop.desk.agent("Hanne"), True)
    refused = program.posts("promises", {**told, "due_at": moment(shop.day(0), 9, 10).isoformat()})
    assert problem(refused, 409, "full")["earliest"]["date"] == "2026-03-02"
    soonest = program.posts("promises", {"conversation": pk, "kind": "callback"})
    assert soonest.json()["what"] == "Vi ringer til dig"
    assert program.posts("promises", {"conversation": pk, "kind": "refund", "due_on": "2026-03-06"}).json()["due_on"]


def test_asked_twice_with_a_key_it_is_given_once(shop: Shop, program: Program) -> None:
    told = {"conversation": conversation(shop), "kind": "callback"}
    answers = [program.posts("promises", told, **{"Idempotency-Key": "k-1"}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert Promise.objects.filter(kind="callback").count() == 1
    problem(program.posts("promises", {**told, "kind": "fix"}, **{"Idempotency-Key": "k-1"}), 409, "told-otherwise")
    assert program.posts("promises", told, **{"Idempotency-Key": "k-2"}).json() != answers[0].json()


def test_a_refused_promise_leaves_its_key_free(shop: Shop, program: Program) -> None:
    told = {"conversation": conversation(shop), "kind": "fix", "due_at": moment(shop.day(0), 9, 10).isoformat()}
    problem(program.posts("promises", told, **{"Idempotency-Key": "k"}), 409, "full")
    told["due_at"] = moment(shop.day(1), 12).isoformat()
    assert program.posts("promises", told, **{"Idempotency-Key": "k"}).status_code == 201


def test_what_makes_no_sense_is_refused(shop: Shop, program: Program) -> None:
    pk = conversation(shop)
    problem(program.posts("promises", {"conversation": pk, "kind": "answer"}), 422, "invalid")
    problem(program.posts("promises", {"conversation": pk, "kind": "fix", "due_on": "2026-03-01"}), 422, "invalid")
    both = {"conversation": pk, "kind": "fix", "due_on": "2026-03-04", "due_at": "2026-03-04T12:00:00Z"}
    problem(program.posts("promises", both), 422, "invalid")
    problem(program.posts("promises", {"conversation": 2**70, "kind": "fix"}), 422, "invalid")
    problem(program.gets(f"promises?after={2**70}"), 422, "invalid")


def test_kept_released_and_moved(shop: Shop, program: Program, clock: MovableClock) -> None:
    pk = conversation(shop)
    one, two, three = (program.posts("promises", {"conversation": pk, "kind": "fix"}).json()["id"] for _ in range(3))
    assert program.posts(f"promises/{one}/keep", {}).json()["state"] == "kept"
    problem(program.posts(f"promises/{one}/keep", {}), 409, "not-possible")
    assert program.posts(f"promises/{two}/release", {}).json()["state"] == "released"
    moved = program.posts(f"promises/{three}/move", {"reason": "Teknikeren er syg.", "due_on": str(shop.day(3))})
    assert (moved.json()["state"], moved.json()["due_at"][:10]) == ("moved", "2026-03-05")
    letter = Message.objects.filter(kind="outbound").latest("pk")
    assert "Teknikeren er syg." in letter.text
    assert Promise.objects.get(pk=three).moves.get().told_by == letter
    for body in ({"reason": "x", "due_on": str(shop.day(2))}, {"reason": " "}, {}):
        assert program.posts(f"promises/{three}/move", body).status_code == 422
    answer = Promise.objects.get(kind="answer")
    problem(program.posts(f"promises/{answer.pk}/keep", {}), 409, "not-possible")


def test_promises_are_read_a_page_at_a_time(shop: Shop, program: Program) -> None:
    pk = conversation(shop)
    given = [
        program.posts("promises", {"conversation": pk, "kind": "update", "due_on": "2026-03-05"}) for _ in range(3)
    ]
    keys = [Promise.objects.get(kind="answer").pk, *(each.json()["id"] for each in given)]
    seen, after = [], ""
    while True:
        page = program.gets(f"promises?limit=2{after}").json()
        seen += [row["id"] for row in page["promises"]]
        if page["after"] is None:
            break
        after = f"&after={page['after']}"
    assert seen == keys
    only = program.gets(f"promises?kind=update&state=open&conversation={pk}").json()
    assert [row["id"] for row in only["promises"]] == keys[1:]


def test_promises_of_other_inboxes_do_not_exist(shop: Shop, program: Program) -> None:
    theirs = small_desk()
    other = theirs.writes("Hej", by="anna@post.example").conversation_id
    promise = Promise.objects.get()
    assert program.gets("promises").json() == {"promises": [], "after": None}
    for act in ("keep", "release", "move"):
        problem(program.posts(f"promises/{promise.pk}/{act}", {"reason": "x"}), 404, "not-found")
    problem(program.posts("promises", {"conversation": other, "kind": "fix"}), 404, "not-found")
    assert len(a_program(shop).gets("promises").json()["promises"]) == 1


def test_a_planner_fills_the_pools(shop: Shop, program: Program) -> None:
    made = program.posts("pools", {"key": "parcels", "name": "Parcels a day", "kind": "flow"})
    assert (made.status_code, made.json()["team"]) == (201, shop.desk.team.name)
    problem(program.posts("pools", {"key": "parcels", "name": "Again", "kind": "flow"}), 409, "told-otherwise")
    day = {"date": str(shop.day(0)), "places": 5}
    span = {
        "starts_at": moment(shop.day(1), 8).isoformat(),
        "ends_at": moment(shop.day(1), 12).isoformat(),
        "places": 2,
    }
    assert program.asks("PUT", "pools/parcels/places", {"places": [day, span]}).json() == {"changed": 2}
    assert program.asks("PUT", "pools/parcels/places", {"places": [day, span]}).json() == {"changed": 0}
    assert program.asks("PUT", "pools/parcels/places", {"places": [day], "all_of_them": True}).json() == {"changed": 1}
    assert list(Place.objects.order_by("starts_at").values_list("places", flat=True)) == [5, 0]
    assert shop.places().event.due_at == moment(shop.day(0))
    overlapping = {**span, "starts_at": moment(shop.day(1), 10).isoformat()}
    for places in (
        [day, day],
        [overlapping],
        [{"places": 1}],
        [{**day, **span}],
        [{**span, "ends_at": span["starts_at"]}],
    ):
        problem(program.asks("PUT", "pools/parcels/places", {"places": places}), 422, "invalid")


def test_pools_of_other_teams_do_not_exist_and_everybodys_are_only_read(shop: Shop, program: Program) -> None:
    add_pool(
        key="theirs", name="T", kind=PoolKind.FLOW, serves=Kind.DELIVERY, team=Team.objects.create(name="Elsewhere")
    )
    shop.parcels(9)
    assert [pool["key"] for pool in program.gets("pools").json()] == ["parcels"]
    day = {"places": [{"date": str(shop.day(4)), "places": 1}]}
    problem(program.asks("PUT", "pools/theirs/places", day), 404, "not-found")
    problem(program.asks("PUT", "pools/parcels/places", day), 403, "forbidden")
    assert a_program(shop).asks("PUT", "pools/theirs/places", day).json() == {"changed": 1}
