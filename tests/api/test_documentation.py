"""The examples of docs/api.md do what they say, with a real curl against a real server."""

import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from holdord.api.problems import title_of
from holdord.kernel import clock as the_clock
from holdord.people.models import Scope
from holdord.people.tokens import make_token
from tests.factories import small_desk
from tests.orders.conftest import COPENHAGEN, Shop

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_every_example_runs(live_server, clock) -> None:
    shop = Shop(small_desk(), the_clock.now().astimezone(COPENHAGEN).date())
    shop.parcels(9, 9, 9, 9)
    shop.stock("box", 3)
    _, secret = make_token(name="Docs", scopes=Scope.values, inbox=None, by=None, now=the_clock.now())
    conversation = shop.desk.writes("Hej").conversation_id  # on a fresh desk the first: number 1
    examples = "\n".join(EXAMPLES).replace('"conversation": 1,', f'"conversation": {conversation},')
    examples = examples.replace("/promises/2/", "/promises/$LATEST/")
    answers = []
    for command in re.split(r"^(?=curl )", examples, flags=re.MULTILINE)[1:]:
        latest = next((each["id"] for each in reversed(answers) if "first_due_at" in each), 0)
        environment = {
            "PATH": "/usr/bin:/bin",
            "DESK": live_server.url,
            "TOKEN": secret,
            "TOMORROW": str(shop.day(1)),
            "LATEST": str(latest),
        }
        script = command.replace("curl ", "curl --silent --show-error --fail-with-body ", 1)
        done = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        answers.append(json.loads(done.stdout))
        the_clock.move_to(the_clock.now() + timedelta(seconds=1))
    assert len(answers) == 13
    assert answers[1]["due_on"] == str(shop.day(0))
    assert answers[-4]["state"] == "kept"
    assert answers[-1] == {"changed": 1}


def test_every_problem_stands_on_the_page_and_has_a_title() -> None:
    listed = set(re.findall(r"urn:holdord:problem:([\w-]+)`", PAGE))
    source = "\n".join(path.read_text() for path in (Path(__file__).parents[2] / "holdord/api").rglob("*.py"))
    used = set(re.findall(r"Problem\(\s*\d{3}, \"([\w-]+)\"", source))
    used |= set(re.findall(r"\d{3},\s+\"([\w-]+)\",", source))
    assert used <= listed
    assert all(title_of(kind) for kind in listed)
