"""`holdord read`: lines in and out, spans of the original, nothing that stops it."""

import io
import json
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdord.config.commands.read import read_lines
from holdord.listening.acts import Side
from holdord.listening.measuring import CALENDAR
from holdord.listening.reading import read

AT = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))


def answers(*lines: object) -> list[dict[str, object]]:
    out = io.StringIO()
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    read_lines(io.StringIO("\n".join(written)), out, with_vectors=False)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        ("da", "Jeg vil gerne opsige mit abonnement", "cancel_request"),
        ("nb", "Jeg vil gjerne si opp abonnementet mitt", "cancel_request"),
        ("sv", "Jag vill säga upp mitt abonnemang", "cancel_request"),
        ("de", "Ich möchte meinen Vertrag kündigen", "cancel_request"),
        ("en", "I would like to cancel my subscription", "cancel_request"),
        ("da", "Ring til mig på mobilen i eftermiddag", "callback_request"),
        ("nb", "Kan dere ringe meg tilbake?", "callback_request"),
        ("sv", "Kan ni ringa upp mig?", "callback_request"),
        ("de", "Bitte rufen Sie mich zurück", "callback_request"),
        ("en", "Please call me back", "callback_request"),
    ],
)
def test_plain_requests_are_read_with_and_without_the_language(language: str, text: str, act: str) -> None:
    told, untold = answers(
        {"id": 1, "lang": language, "side": "customer", "text": text, "ref": "2026-03-04T10:00"},
        {"id": 2, "side": "customer", "text": text, "ref": "2026-03-04T10:00"},
    )
    assert act in told["acts"]  # type: ignore[operator]
    assert act in untold["acts"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("language", "text", "due"),
    [
        ("da", "Jeg ringer til dig i morgen kl. 14.", "2026-03-05T14:00"),
        ("nb", "Vi sender pengene innen tre dager.", "2026-03-07"),
        ("sv", "Du får svar på fredag.", "2026-03-06"),
        ("de", "Wir schicken Ihnen das neue Gerät am Montag.", "2026-03-09"),
        ("en", "We'll call you back tomorrow before noon.", "2026-03-05T12:00"),
        ("en", "We'll send it soon.", None),
    ],
)
def test_promises_are_read_with_their_due_time(language: str, text: str, due: str | None) -> None:
    (answer,) = answers({"id": 1, "lang": language, "side": "agent", "text": text, "ref": "2026-03-04T10:00"})
    assert "promise" in answer["acts"]  # type: ignore[operator]
    assert answer["promise_due"] == due


@pytest.mark.parametrize("text", ["Hej", "Hi Henrik,", "Mvh Jonas", "Med venlig hilsen", "Hallo Frau Vogel"])
@pytest.mark.parametrize("side", ["customer", "agent"])
def test_greetings_are_no_acts(side: str, text: str) -> None:
    assert answers({"id": 1, "side": side, "text": text})[0]["acts"] == []


def test_a_time_given_with_its_offset_is_answered_with_one() -> None:
    line = {
        "id": 1,
        "lang": "da",
        "side": "agent",
        "text": "Jeg ringer i morgen kl. 14.",
        "ref": "2026-03-28T10:00+01:00",
    }
    assert answers(line)[0]["promise_due"] == "2026-03-29T14:00+02:00"  # the clocks change that night


def test_quotes_and_signatures_are_not_read_and_places_stay() -> None:
    text = "Tak, det virker nu.\n\nDen 3. marts 2026 kl. 10.12 skrev Lysbro <care@lysbro.example>:\n> Jeg vil opsige aftalen\n"
    (answer,) = answers({"id": 1, "lang": "da", "side": "customer", "text": text})
    assert "cancel_request" not in answer["acts"]  # type: ignore[operator]
    below = "Den 3. marts 2026 kl. 10.12 skrev Lysbro <care@lysbro.example>:\n> Vil du blive?\n\nNej, jeg vil opsige aftalen."
    (answer,) = answers({"id": 2, "lang": "da", "side": "customer", "text": below})
    (span,) = [one for one in answer["spans"] if one["act"] == "cancel_request"]  # type: ignore[attr-defined]
    assert "opsige aftalen" in below[span["start"] : span["end"]]


def test_a_language_we_do_not_know_is_told_from_the_text() -> None:
    (answer,) = answers({"id": 1, "lang": "fr", "side": "agent", "text": "I'll send a new one out today."})
    assert answer["acts"] == ["promise"]


def test_half_a_character_in_an_id_stops_nothing() -> None:
    assert [one["id"] for one in answers('{"id": "\\ud800", "text": "Hej"}', {"id": 2, "text": "Hej"})] == ["\ufffd", 2]


def test_facts_and_questions_come_along() -> None:
    reading = read("Kundenummer 4433. Hvornår kommer den?", Side.CUSTOMER, AT, CALENDAR, "da")
    assert [(fact.kind, fact.value) for fact in reading.facts] == [("customer", "4433")]
    assert reading.questions == ["Hvornår kommer den"]


def test_lines_that_are_no_objects_stop_nothing() -> None:
    found = answers("not json", {"id": 7}, {"id": 8, "text": "Hej", "side": "nobody"}, {"id": 9, "text": "Hej"})
    assert [bool(one.get("error")) for one in found] == [True, True, True, False]
    assert [one["id"] for one in found] == [None, 7, 8, 9]


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.sampled_from(list(Side)))
def test_spans_point_into_the_text_and_reading_is_the_same_twice(text: str, side: Side) -> None:
    first = read(text, side, AT, CALENDAR)
    for act in first.acts:
        assert 0 <= act.start < act.end <= len(text)
        assert text[act.start : act.end].strip()
    assert read(text, side, AT, CALENDAR) == first


def test_the_command_speaks_and_answers_in_json() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "holdord",
            "read",
            "-",
            "--side",
            "agent",
            "--at",
            "2026-03-04T10:00",
            "--json",
            "--cues",
        ],
        input="Jeg ringer til dig i morgen kl. 14.",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    (promise,) = json.loads(done.stdout)["promises"]
    assert promise["due"] == "2026-03-05T14:00"
