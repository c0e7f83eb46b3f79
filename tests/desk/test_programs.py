"""Administrators let programs in, see their secret once, and shut them out."""

import re

from django.test import Client

from holdord.people.models import ApiToken, Scope
from tests.desk.conftest import Three


def test_a_token_is_made_shown_once_and_revoked(three: Three) -> None:
    ada = three.browser(three.ada)
    page = ada.post(
        "/settings/programs/", {"name": "Butikken", "inbox": str(three.desk.inbox.pk), "scopes": [Scope.ORDERS_WRITE]}
    )
    secret = re.search(r'value="(holdord_[^"]+)"', page.text).group(1)
    token = ApiToken.objects.get()
    assert (token.name, token.inbox, token.created_by) == ("Butikken", three.desk.inbox, three.ada)
    headers = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/orders/1", headers=headers).status_code == 404
    listed = ada.get("/settings/programs/").text
    assert secret not in listed
    assert token.prefix in listed
    ada.post(f"/settings/programs/{token.pk}/end/")
    assert Client().get("/api/v1/orders/1", headers=headers).status_code == 401
    assert "Revoked" in ada.get("/settings/programs/").text


def test_a_token_without_a_scope_is_not_made(three: Three) -> None:
    page = three.browser(three.ada).post("/settings/programs/", {"name": "Butikken", "inbox": ""})
    assert page.status_code == 422
    assert not ApiToken.objects.exists()


def test_programs_are_for_administrators(three: Three) -> None:
    browser = three.browser(three.alice)
    assert browser.get("/settings/programs/").status_code == 403
    assert browser.post("/settings/programs/", {"name": "x", "scopes": [Scope.ORDERS_READ]}).status_code == 403
    assert browser.post("/settings/programs/1/end/").status_code == 403
