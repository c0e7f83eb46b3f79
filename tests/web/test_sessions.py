"""Who is logged in, and for how long."""

from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from holdord.people.models import Agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def logged_in() -> tuple[Client, Agent]:
    agent = Agent.objects.create_user("alice@lysbro.example", None, name="Alice")
    client = Client()
    client.force_login(agent)
    return client, agent


def test_a_session_lasts_while_its_agent_works_here(logged_in: tuple[Client, Agent]) -> None:
    client, agent = logged_in
    assert client.get("/next/").status_code == 200
    Agent.objects.filter(pk=agent.pk).update(is_active=False)
    assert client.get("/next/").status_code == 302


def test_a_session_ends_when_its_time_is_up(logged_in: tuple[Client, Agent]) -> None:
    client, _ = logged_in
    Session.objects.update(expire_date=datetime(2001, 1, 1, tzinfo=UTC))
    assert client.get("/next/").status_code == 302


def test_a_changed_password_ends_the_other_sessions(logged_in: tuple[Client, Agent]) -> None:
    client, agent = logged_in
    agent.set_password("pw-for-tests-2")
    agent.save()
    assert client.get("/next/").status_code == 302
