"""The sanitiser's rules, one by one; that nothing runs is shown in the browser tests."""

import io
import json
import re
import time
from argparse import Namespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdord.channels.email.reading import sanitise_command
from holdord.channels.email.reading.sanitise import has_remote_images, sanitise, with_attachments, with_remote_images


def test_ordinary_writing_stays_as_it_is() -> None:
    html = (
        '<p dir="ltr">Hei, <b>hvor</b> er <i>pakken</i>?</p><ul><li>En</li></ul><table><tbody>'
        '<tr><td colspan="2">x</td></tr></tbody></table>'
    )
    assert sanitise(html) == html


@pytest.mark.parametrize(
    ("hostile", "expected"),
    [
        ("<script>x</script>a", "a"),
        ("<style>b{}</style>a", "a"),
        ("<form action=x><input value=y>a<button>b</button></form>", "a"),
        ('<p style="color:red" id=a class=b data-x=c onclick=d hx-get=e x-data=f name=g>a</p>', "<p>a</p>"),
        ('<a href="/logout">a</a>', '<a target="_blank" rel="noopener noreferrer nofollow">a</a>'),
        ('<img src="data:image/png;base64,AAAA" alt="En kvittering">', '<img alt="En kvittering">'),
        ("<img src=//tracker.invalid/x>", ""),
        ('<img src="https://tracker.invalid/x" width=1 height=1>', ""),
        ('<img src="https://a.invalid/x" width=200>', '<img width="200" data-remote-src="https://a.invalid/x">'),
        ("<img src='cid:one@mail'>", '<img data-cid="one@mail">'),
        ('<p data-remote-src="https://a.invalid/x">a</p>', "<p>a</p>"),
        ('<img data-remote-src="https://a.invalid/x" alt="a">', '<img alt="a">'),
        ('<td width="expression(1)" colspan="99999">a</td>', "a"),
        ("<!-- a -->b", "b"),
        ("a\x00b\ud800", "ab\ufffd"),
    ],
)
def test_what_goes_goes(hostile: str, expected: str) -> None:
    assert sanitise(hostile) == expected


def test_a_link_says_where_it_leads() -> None:
    assert sanitise('<a href="https://evil.invalid/?a=1&b=2" title="https://bank.invalid">bank</a>') == (
        '<a href="https://evil.invalid/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow"'
        ' title="https://evil.invalid/?a=1&amp;b=2">bank</a>'
    )


def test_images_come_back_on_request_alone() -> None:
    shown = sanitise('<img src="https://a.invalid/x?b=1&amp;c=2" alt="A"><img src=cid:one>')
    assert has_remote_images(shown)
    assert with_remote_images(shown) == (
        '<img alt="A" src="https://a.invalid/x?b=1&amp;c=2" referrerpolicy="no-referrer"'
        ' loading="lazy"><img data-cid="one">'
    )
    assert with_attachments(shown, {"one": '/files/1"'}).endswith(
        '<img src="/files/1&quot;" referrerpolicy="no-referrer" loading="lazy">'
    )
    assert with_attachments(shown, {}) == shown
    assert not has_remote_images("<p>data-remote-src=</p>")


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 200_000 + "Hjelp",
        "<a " * 200_000,
        "<a " + " ".join(f"a{number}=1" for number in range(100_000)) + ">x",
        "</a " + " ".join(f"<{number}" for number in range(100_000)) + ">x",
        "<svg>" + "<td>" * 100_000,
        '<a "' * 100_000,
        "x" * 3_000_000,
        "&" * 1_000_000,
    ],
)
def test_a_bomb_costs_seconds_at_most(bomb: str) -> None:
    start = time.monotonic()
    sanitise(bomb)
    assert time.monotonic() - start < 15


def test_what_the_parser_cant_do_in_time_is_shown_as_text() -> None:
    assert sanitise("<div>" * 200_000 + "Hjelp <b>meg</b>") == "<p>Hjelp meg</p>"


def test_a_picture_of_a_megabyte_inside_the_html_does_not_hide_the_text() -> None:
    assert sanitise(f'<p>Se</p><img src="data:image/png;base64,{"A" * 1_500_000}">') == "<p>Se</p>"


@given(st.text(max_size=300))
def test_any_text_gives_tags_of_the_list_alone(text: str) -> None:
    cleaned = sanitise(text)
    assert not re.search(r"<(?:script|style|svg|iframe|form|object|base|meta|link)", cleaned, re.IGNORECASE)
    assert sanitise(cleaned.replace(" title=", " x=")) or not cleaned


def test_the_command_answers_every_line() -> None:
    lines = (
        b'{"id": 1, "html": "<b onclick=x>a"}\n\nnot json\n[1]\n{"id": "two"}\n'
        + b"[" * 100_000
        + b'\n\xff\n{"id": 3, "html": "\\ud800"}\n'
    )
    out = io.StringIO()
    assert sanitise_command.run(Namespace(jsonl=True), io.BytesIO(lines), out) == 0
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, None, "two", None, None, 3]
    assert [set(answer) for answer in answers].count({"id", "error"}) == 5
    assert (answers[0]["html"], answers[-1]["html"]) == ("<b>a</b>", "\ufffd")
