"""`holdord promises`: what it prints is what the ledger holds."""

import json
from datetime import datetime, timedelta

import pytest

from holdord.__main__ import main
from holdord.conversations.models import Message
from holdord.promises.models import Promise
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock: MovableClock) -> SmallDesk:
    clock.moves_to("Mon 10:00")
    return small_desk()


@pytest.fixture
def asked(desk: SmallDesk) -> Message:
    return desk.writes("Hvornår kommer boksen?")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["promises", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code, *capsys.readouterr()


def test_a_promise_is_given_listed_moved_and_kept(
    desk: SmallDesk, asked: Message, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    jonas = desk.agent("Jonas").email
    code, out, _ = said(
        capsys, "give", str(asked.conversation_id), "fix", "--what", "Det virker", "--agent", jonas, "--json"
    )
    assert code == 0
    given = json.loads(out)
    assert (given["kind"], given["what"], given["state"], given["fits"]) == ("fix", "Det virker", "open", True)
    rows = [json.loads(line) for line in said(capsys, "list", "--json")[1].splitlines()]
    assert [row["kind"] for row in rows] == ["fix", "answer"]
    to = (clock.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    code, out, _ = said(
        capsys,
        "move",
        str(given["promise"]),
        "--to",
        to.isoformat(),
        "--reason",
        "Delen mangler.",
        "--agent",
        jonas,
        "--json",
    )
    assert (code, json.loads(out)["state"], datetime.fromisoformat(json.loads(out)["due_at"])) == (0, "moved", to)
    assert "Delen mangler." in Message.objects.filter(is_automatic=True).latest("pk").text
    assert said(capsys, "keep", str(given["promise"]), "--agent", jonas)[0] == 0
    assert Promise.objects.get(pk=given["promise"]).state == "kept"
    assert said(capsys, "release", str(given["promise"]), "--agent", jonas)[0] == 2


def test_what_does_not_hold_is_refused_with_the_time_that_does(
    desk: SmallDesk, asked: Message, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["give", str(asked.conversation_id), "fix", "--work", "600", "--by", "2026-03-02T15:00"]
    code, _, fault = said(capsys, *words, "--agent", desk.agent("Jonas").email)
    assert code == 2
    assert "the earliest that does is 2026-03-03T" in fault
    code, _, fault = said(capsys, *words, "--agent", desk.agent("Jonas").email, "--override", "jeg vil")
    assert (code, "only a lead" in fault) == (2, True)
    assert said(capsys, *words, "--agent", desk.agent("Hanne").email, "--override", "Vi er to i dag")[0] == 0
    assert Promise.objects.get(kind="fix").override_reason == "Vi er to i dag"


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["keep", "999", "--agent", "jonas@lysbro.example"], "no such"),
        (["give", "999", "fix", "--agent", "jonas@lysbro.example"], "no such conversation"),
    ],
)
def test_what_is_not_there_is_said(
    desk: SmallDesk, capsys: pytest.CaptureFixture[str], words: list[str], fault: str
) -> None:
    code, _, said_ = said(capsys, *words)
    assert code == 1
    assert fault in said_


def test_a_time_that_is_none_is_said(desk: SmallDesk, asked: Message, capsys: pytest.CaptureFixture[str]) -> None:
    agent = desk.agent("Jonas").email
    code, _, fault = said(capsys, "give", str(asked.conversation_id), "fix", "--by", "tomorrow", "--agent", agent)
    assert code == 1
    assert "2026-11-24T14:00" in fault


def test_the_board_as_text_and_for_programs(
    desk: SmallDesk, asked: Message, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "board")[1].startswith("At risk: nothing\n")
    clock.moves_to("Mon 13:00")
    board = json.loads(said(capsys, "board", "--json")[1])
    assert [row["kind"] for row in board["at_risk"]] == ["answer"]
    assert board["pools"] == [{"pool": desk.team.name, "kind": "minutes", "promised": 10, "unfit": 0}]
