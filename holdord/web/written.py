"""What somebody wrote with a few marks (CommonMark: headings, lists, bold, links), as HTML.

HTML in it is shown as it was typed; pictures from elsewhere are left out.
"""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup


def written(text: str) -> Markup:
    """The text as paragraphs, headings, lists and links. Headings begin at the second rank: the page has its title.

    None skips a rank, whatever was typed: readers that jump from heading to heading rely on it.
    """
    tokens = _reader().parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    ranks = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(6, ranks.index(token.tag) + 2)}"
    return Markup(_reader().renderer.render(tokens, _reader().options, {}))  # noqa: S704 - markdown-it escapes what was typed


def plain(text: str) -> str:
    """The words alone, without the marks."""
    inline = (token for token in _reader().parse(text) if token.type == "inline")
    return " ".join("".join(_words(part) for part in token.children or ()) for token in inline)


def _words(part: Token) -> str:
    return " " if part.type in {"softbreak", "hardbreak"} else part.content


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])
