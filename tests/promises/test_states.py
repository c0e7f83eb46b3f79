"""The table of moves is one piece of code: the docs are made from it, and nothing moves otherwise."""

from datetime import timedelta
from pathlib import Path

import pytest

from holdord.promises.models import Promise
from holdord.promises.rules import ENDED, MOVES, RUNNING, Choice, Kind, State, choices_for, diagram, may_become
from tests.conftest import MovableClock
from tests.factories import small_desk

DOCS = Path(__file__).parents[2] / "docs" / "promises.md"


def test_the_diagram_in_the_docs_is_made_from_the_table() -> None:
    assert f"```mermaid\n{diagram()}\n```" in DOCS.read_text()


def test_every_state_can_be_reached_and_what_ended_moves_no_more() -> None:
    reached = {State.DRAFT, State.OPEN, *(later for moves in MOVES.values() for later in moves)}
    assert reached == set(State)
    assert {state for state in State if not MOVES[state]} == ENDED - {State.KEPT}
    assert set(MOVES) == set(State)


@pytest.mark.parametrize("state", list(State))
def test_what_a_state_may_come_from(state: State) -> None:
    assert may_become(state) == {earlier for earlier in State if state in MOVES[earlier]}
    assert may_become(State.RELEASED) == may_become(State.VOID) - {State.DRAFT} == RUNNING


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State))
def test_the_database_is_asked_by_the_table(state: State, clock: MovableClock) -> None:
    desk = small_desk()
    desk.writes("Hej")
    ended = {"settled_at": clock.now(), "reason": "spam"} if state in ENDED else {}
    later = {"due_at": Promise.objects.get().due_at + timedelta(hours=1)} if state is State.MOVED else {}
    Promise.objects.update(state=state.value, **ended, **later)
    able = {other for other in State if Promise.objects.able_to_become(other).exists()}
    assert able == set(MOVES[state])


def test_kept_runs_again_because_an_answer_bounced_and_for_nothing_else() -> None:
    assert all("bounced" in why for why in MOVES[State.KEPT].values())


def test_money_goes_back_for_what_was_bought_alone() -> None:
    paid = {kind for kind in Kind if Choice.MONEY_BACK in choices_for(kind)}
    assert paid == {Kind.DELIVERY, Kind.VISIT}
    assert all({Choice.KEEP, Choice.LET_GO} <= set(choices_for(kind)) for kind in Kind)
