"""Mail made to hurt a parser: bounded time, no exception, and an entry that people see."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdord.channels.email.reading import ReadMail, read
from holdord.channels.email.reading.command import as_json
from holdord.channels.email.reading.confined import is_suspicious, read_confined
from tests.fuzz import reading as fuzz

from .letters import parts, raw

_HEAD = b"From: a@b.example\nSubject: x\nMessage-ID: <a@b>\n"
_HTML = _HEAD + b"Content-Type: text/html\n\n"
_BOMBS = {
    "parentheses": b"From: " + b"(" * 20_000 + b"a@b\n\nhei",
    "balanced parentheses": b"From: " + b"(" * 20_000 + b")" * 20_000 + b" a@b\n\nhei",
    "mime levels": _HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(5_000))
    + b"Content-Type: text/plain\n\nhei",
    "forwards in forwards": b"Content-Type: message/rfc822\n\n" * 5_000 + b"hei",
    "parameters": _HEAD + b"Content-Type: text/plain;" + b"".join(b" a%d=1;" % n for n in range(100_000)) + b"\n\nhei",
    "words without a parameter": _HEAD
    + b"Content-Type: multipart/mixed; boundary=b\n\n"
    + (b"--b\nContent-Type: text/enriched\nContent-Disposition: attachment; " + b"a." * 120_000 + b"\n\nhei\n") * 8,
    "backslashes before quotes": b"".join(
        name + b": " + b'\\"' * 125_000 + b"\n" for name in (b"From", b"To", b"Cc", b"Cc", b"Reply-To", b"Reply-To")
    )
    + b"\nhei",
    "pieces of a name": _HEAD
    + b"Content-Disposition: attachment;"
    + b"".join(b"\n filename*%d=a;" % n for n in reversed(range(20_000)))
    + b"\n\nhei",
    "encoded words": b"Subject: " + b" ".join([b"=?utf-8?q?a?="] * 20_000) + b"\n\nhei",
    "words without end": b"Subject: " + b"=?utf-8?q?" * 30_000 + b"\n\nhei",
    "headers": b"".join(b"X-%d: a\n" % n for n in range(100_000)) + b"\n\nhei",
    "quotes": b"From: " + b'"\\' * 100_000 + b"\n\nhei",
    "angles": b"From: " + b"<" * 200_000 + b"@\n\nhei",
    "colons": b"From: " + b"a:" * 100_000 + b"\n\nhei",
    "one long word": b"To: " + b"a" * 200_000 + b" b@c\n\nhei",
    "links": _HTML + b"<a " * 200_000 + b">hei",
    "quoted links": _HTML + b'<a "' * 200_000 + b'">hei',
    "comments": _HTML + b"hei<!--" * 200_000,
    "styles": _HTML + b"hei<style>" * 200_000,
    "hidden": _HTML + b"<i style=display:none>" * 80_000 + b"hei",
    "blockquotes": _HTML + b"<blockquote>" * 100_000 + b"hei",
    "entities": _HTML + b"hei&" * 200_000,
    "soft breaks": _HEAD + b"Content-Transfer-Encoding: quoted-printable\n\nhei" + b" " * 1_000_000 + b"x",
    "padding": _HEAD + b"Content-Transfer-Encoding: base64\n\naGVp" + b"=\nQQ=" * 100_000,
    "uuencode": _HEAD + b"\nhei\n" + b"begin 644 a\n" * 50_000 + b"end\n",
    "attributions": _HEAD + b"\nhei\n" + b"On 1.1.2026 10:10 a wrote\n" * 30_000,
    "fields in the body": _HEAD + b"\nhei\n" + b"From: x\n" * 30_000,
    "rules": _HEAD + b"\nhei\n" + b"____________\n\n\n" * 30_000,
    "parts": _HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nhei\n" * 100_000,
    "unseen boundaries": _HEAD
    + b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\nContent-Type: multipart/mixed; boundary=q\n\nhei\n" * 10_000,
    "addresses in a bounce": b"From: mailer-daemon@x\nSubject: failure\n\nhei " + b"a" * 100_000 + b" a@" * 10_000,
    "dates": b"Date: " + b"(" * 200_000 + b"\n\nhei",
    "container": _HEAD
    + b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x00\x00"
    + b"\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00" * 20_000,
    "nothing but NULs": b"\x00" * 1_000_000,
    "nothing but high bytes": b"\xff" * 1_000_000,
    "nothing": b"",
}


@pytest.mark.parametrize("name", _BOMBS)
def test_bombs_cost_little_and_still_show_something(name: str) -> None:
    start = time.monotonic()
    mail = read(_BOMBS[name])
    assert time.monotonic() - start < 5
    assert not [defect for defect in mail.defects if defect.startswith("not_understood")]
    if b"hei" in _BOMBS[name]:
        assert "hei" in mail.text or b"hei" in b"".join(attachment.content for attachment in mail.attachments)
    _is_fit_to_store(mail)


def test_time_grows_with_size_and_not_with_its_square() -> None:
    text = "".join(
        f"<div><p>Ord {number} <a href='https://x.example/'>lenke</a></p></div>\n" for number in range(4_000)
    )
    small = raw("Content-Type: text/html", text[: len(text) // 8])
    large = raw("Content-Type: text/html", text)
    assert _seconds(large) < 8 * 4 * _seconds(small)


def test_an_ordinary_mail_takes_about_a_millisecond() -> None:
    plain = (
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        + "Hvor er pakken min? =C3=A5\n" * 80
    )
    html = "Content-Type: text/html; charset=utf-8\n\n" + "<div><p>Hvor er <b>pakken</b> min?</p></div>\n" * 80
    mail = raw(*parts("alternative", plain, html))
    assert 5_000 < len(mail) < 7_500
    assert min(_seconds(mail) for _ in range(20)) < 0.0015


def _seconds(mail: bytes) -> float:
    start = time.perf_counter()
    read(mail)
    return time.perf_counter() - start


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(content: bytes) -> None:
    _is_fit_to_store(read(content))


_LINES = st.sampled_from(
    [
        b"From: a@b.no",
        b"Subject: =?utf-8?Q?x=00?=",
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: multipart/alternative; boundary=c",
        b"Content-Type: text/html",
        b"Content-Type: text/plain; charset=utf-7",
        b"Content-Type: message/rfc822",
        b"Content-Disposition: attachment; filename*0=a",
        b"Content-Transfer-Encoding: base64",
        b"--b",
        b"--b--",
        b"--c",
        b"--c--",
        b"",
        b"ord",
        b"aGVsbG8=",
        b"<p>&#0;",
        b" fortsatt",
        b"> sitat",
        b"begin 644 x",
        b"end",
        b"\xff\xfe",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_LINES, max_size=40), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_any_order_of_what_mails_are_made_of_is_read(lines: list[bytes], line_end: bytes) -> None:
    mail = read(line_end.join(lines))
    _is_fit_to_store(mail)
    assert not [defect for defect in mail.defects if defect.startswith("not_understood")]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=200))
def test_words_survive_every_way_of_sending_them(words: str) -> None:
    mail = read(b"Content-Type: text/plain; charset=utf-8\n\n" + words.encode())
    assert mail.text == words
    related = parts("related", b"Content-Type: text/plain; charset=utf-8\n\n" + words.encode())
    assert read(raw(*related)).text == words


def test_a_bounded_run_of_the_fuzzer() -> None:
    assert fuzz.run(mutations=400, seed=20260302) == 400


def test_a_large_mail_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    large = raw(
        *parts(
            "mixed", "Content-Type: text/plain\n\nhei", b"Content-Type: image/png; name=a.png\n\n" + b"x" * 1_200_000
        )
    )
    assert is_suspicious(large)
    assert not is_suspicious(raw())
    file = tmp_path / "mail"
    file.write_bytes(large)
    assert read_confined(file) == read_confined(large) == read(large)


def test_what_is_too_hard_keeps_its_header_and_a_reason() -> None:
    bomb = raw("Content-Type: text/html", b"<b>" * 8_000_000)
    for limits in ({"memory_bytes": 64 << 20}, {"wall_seconds": 0.05}):
        mail = read_confined(bomb, **limits)  # type: ignore[arg-type]
        assert (mail.subject, mail.message_id) == ("Hei", "one@example.no")
        assert mail.sender is not None
        assert [defect for defect in mail.defects if defect.startswith("too_hard:")]
        assert mail.text
    assert read_confined(Path("/nonexistent")).defects == ("unreadable_file:FileNotFoundError",)


def _is_fit_to_store(mail: ReadMail) -> None:
    """No NUL and no lone surrogate in anything that reaches a database, and all of it prints as JSON."""
    printed = json.dumps(as_json(mail), ensure_ascii=False)
    printed.encode("utf-8")
    assert "\\u0000" not in printed
    assert mail.message_id
    assert all(attachment.name for attachment in mail.attachments)
