"""Counted pools are made on the settings pages."""

import pytest
from django.test import Client

from holdord.kernel import clock as the_clock
from holdord.people.models import Role
from holdord.promises import actions
from holdord.promises.models import Pool
from holdord.promises.rules import Kind, PoolKind, Slot
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db
SAID = {"name": "Pakker", "key": "parcels", "kind": "flow", "serves": "delivery", "team": ""}


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


def browser(desk: SmallDesk, name: str, role: str) -> Client:
    client = Client()
    client.force_login(desk.agent(name, role))
    return client


def test_an_administrator_makes_a_pool_and_gives_it_another_name(desk: SmallDesk) -> None:
    ada = browser(desk, "Ada", Role.ADMINISTRATOR)
    assert "everything is promised from people’s minutes" in ada.get("/settings/pools/").text
    page = ada.post("/settings/pools/", {**SAID, "team": str(desk.team.pk)}, follow=True)
    assert "Nothing can be promised from it before it has places." in page.text
    pool = Pool.objects.get(key="parcels")
    assert (pool.name, pool.kind, pool.serves, pool.team) == ("Pakker", "flow", "delivery", desk.team)
    begins = the_clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    actions.set_places(pool, [Slot(begins, begins.replace(hour=23), 7)], now=the_clock.now())
    told = ada.get("/settings/pools/").text
    assert (
        f"parcels · A delivery · so many in each span, for anything due later (parcels a day) · {desk.team.name} · 7 places to come"
        in told
    )
    ada.post(f"/settings/pools/{pool.pk}/name/", {"name": " Breve "})
    pool.refresh_from_db()
    assert (pool.name, pool.key) == ("Breve", "parcels")


def test_a_key_is_there_once_and_the_form_comes_back_as_it_was_typed(desk: SmallDesk) -> None:
    ada = browser(desk, "Ada", Role.ADMINISTRATOR)
    ada.post("/settings/pools/", SAID)
    page = ada.post("/settings/pools/", {**SAID, "name": "Andre pakker"})
    assert page.status_code == 422
    assert "There is a pool with this key already." in page.text
    assert 'value="Andre pakker"' in page.text
    assert ada.post("/settings/pools/", {**SAID, "key": "two words"}).status_code == 422
    assert Pool.objects.count() == 1


def test_minutes_have_no_name_and_nobody_else_makes_pools(desk: SmallDesk) -> None:
    pool = actions.add_pool(key="visits", name="Visits", kind=PoolKind.SLOTS, serves=Kind.VISIT)
    minutes, _ = Pool.objects.get_or_create(team=desk.team, kind=PoolKind.MINUTES.value)
    ada = browser(desk, "Ada", Role.ADMINISTRATOR)
    assert ada.post(f"/settings/pools/{minutes.pk}/name/", {"name": "x"}).status_code == 404
    assert ada.post(f"/settings/pools/{pool.pk}/name/", {"name": "  "}).status_code == 422
    hanne = browser(desk, "Hanne", Role.LEAD)
    assert hanne.get("/settings/pools/").status_code == 403
    assert hanne.post("/settings/pools/", SAID).status_code == 403
    assert hanne.post(f"/settings/pools/{pool.pk}/name/", {"name": "x"}).status_code == 403
