"""What people wrote is printed as text: nothing of it becomes markup but paragraphs, line breaks and links."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdord.web.letters import first_words, paragraphs, size_in_words

_OURS = re.compile(r'</?p>|<br>|<a href="[^"<>]*" target="_blank" rel="noopener noreferrer nofollow">|</a>')

hostile = st.text(alphabet=st.sampled_from("<>\"'&/:.=?#\n abhttpsx\x00æ")) | st.text()


@given(before=hostile, after=hostile)
def test_no_text_becomes_markup(before: str, after: str) -> None:
    html = str(paragraphs(f"{before} https://a.example/x?y=1 {after}"))
    assert "<" not in _OURS.sub("", html)
    assert "https://a.example/x?y=1" in html


@given(text=hostile)
def test_nothing_that_was_written_is_lost(text: str) -> None:
    shown = unescape(_OURS.sub("", str(paragraphs(text))))
    assert "".join(shown.split()) == "".join(text.split())


def test_paragraphs_lines_and_links() -> None:
    assert paragraphs("Hej\nMaja\n\nSe https://a.example/b.") == (
        "<p>Hej<br>Maja</p><p>Se "
        '<a href="https://a.example/b" target="_blank" rel="noopener noreferrer nofollow">https://a.example/b</a>.</p>'
    )


def test_only_web_addresses_become_links() -> None:
    assert "<a" not in paragraphs("javascript:alert(1) data:text/html,x file:///etc/passwd")


@pytest.mark.parametrize(("octets", "words"), [(812, "812 B"), (14_300, "14 kB"), (2_140_000, "2.1 MB")])
def test_sizes(octets: int, words: str) -> None:
    assert size_in_words(octets) == words


def test_first_words_end_at_a_word() -> None:
    assert first_words("Boksen  virker\nikke længere", 18) == "Boksen virker …"
