"""`holdord parse`: one JSON object a line, whatever the files hold."""

import io
import json
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from holdord.channels.email.reading import command

from .letters import parts, raw

_KEYS = (
    "file message_id subject from to cc reply_to date in_reply_to references text reply_text html attachments"
    " is_auto_reply is_bounce bounced_recipient loop defects"
)


def test_every_file_gives_a_line_with_exactly_the_documented_keys(tmp_path: Path) -> None:
    good, odd, missing = tmp_path / "good.eml", tmp_path / "odd.eml", tmp_path / "missing.eml"
    good.write_bytes(
        raw(*parts("mixed", "Content-Type: text/plain\n\nhei", "Content-Type: image/png; name=a.png\n\nx"))
    )
    odd.write_bytes(b"\x00\xff\xed\xa0\x80" * 100)
    out = io.StringIO()
    parser = ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args([str(good), str(odd), str(missing), str(tmp_path), "--json"]), out) == 0
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [set(answer) for answer in answers] == [set(_KEYS.split())] * 4
    assert [answer["file"] for answer in answers] == [str(good), str(odd), str(missing), str(tmp_path)]
    assert answers[0]["from"] == {"name": "Kirsten", "address": "kirsten@example.no"}
    assert answers[0]["to"] == [{"name": "", "address": "care@shop.example"}]
    assert (answers[0]["date"], answers[0]["in_reply_to"]) == ("2026-03-02T08:00:00+00:00", None)
    assert [set(found) for found in answers[0]["attachments"]] == [{"name", "type", "size", "sha256"}]
    assert answers[2]["defects"] == ["unreadable_file:FileNotFoundError"]


def test_our_own_addresses_can_be_named(tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: Care@shop.example\n\nx")
    assert not json.loads(next(command.parsed_lines([str(mail)])))["loop"]
    assert json.loads(next(command.parsed_lines([str(mail)], frozenset({"care@shop.example"}))))["loop"]


def test_it_runs_as_a_program_in_any_locale(tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes("Subject: Blåbær 你好\n\nhei".encode())
    ran = subprocess.run(
        [sys.executable, "-m", "holdord.channels.email.reading.command", str(mail)],
        capture_output=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin"},
        check=True,
    )
    assert json.loads(ran.stdout.decode("utf-8"))["subject"] == "Blåbær 你好"
