"""Hostile HTML made safe to show: the one sanitiser that every message goes through.

An allow-list over a real HTML parser (ammonia, by way of nh3): no scripts, styles, forms, ids, classes, `data-`, `hx-`
or `x-` attributes, no relative links, no foreign content. Nothing is fetched by showing the result: a remote image
loses its `src` to the inert attribute `data-remote-src` and one of the mail's own to `data-cid`; `with_remote_images`
and `with_attachments` bring them back when a person asks. Links open apart and say in `title` where they go.

Time is bounded: what could keep the parser busy is parsed in a process with limits, and shown as text if it fails.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Final

import nh3

from holdord.channels.email.reading.cleaning import clean_block
from holdord.channels.email.reading.htmltext import html_to_text
from holdord.channels.email.reading.limits import limit_this_process

LONGEST_HTML: Final = 2_000_000  # characters; longer is shown as text
_MOST_NESTING_TAGS: Final = 5_000  # the parser's time grows with the square of the depth
_MOST_ANGLES: Final = 20_000
_MOST_ENTITIES: Final = 50_000
_LONGEST_TAG: Final = 20_000  # characters; time also grows with the square of a tag's attributes
CHILD_SECONDS: Final = 3
_CHILD_MEMORY: Final = 1 << 30  # bytes

_TAGS: Final = (
    "a abbr address article b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn "
    "div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p "
    "pre q s samp section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var "
    "wbr"
)
_EMPTIED_TAGS: Final = (
    "applet audio button canvas datalist embed frame frameset iframe math noembed noframes noscript "
    "object script select style svg template textarea title video xmp"
)
_ATTRIBUTES: Final = {
    "*": {"dir", "lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"align", "width"},
    "td": {"align", "valign", "colspan", "rowspan", "width"},
    "th": {"align", "valign", "colspan", "rowspan", "width"},
    "tr": {"align", "valign"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start"},
    "p": {"align"},
    "div": {"align"},
}
_LINK: Final = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]", re.IGNORECASE)
_IMAGE: Final = re.compile(r"(?:https?://|cid:)[^\s\x00-\x1f]", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Za-z-]{1,35}\Z")
_SIZE: Final = re.compile(r"\d{1,4}%?\Z")

_DATA_ADDRESS: Final = re.compile(r"data:[A-Za-z0-9+/=;,.:%_-]{200,}+", re.IGNORECASE)
_NESTING_TAG: Final = re.compile(
    r"<(?!(?:p|br|li|td|tr|th|img|hr|dd|dt|tbody|thead|tfoot|col|meta|link|input|html|head|body|option)[\s/>])[A-Za-z]",
    re.IGNORECASE,
)
_FOREIGN: Final = re.compile(r"<(?:svg|math)", re.IGNORECASE)
# A tag as the parser writes it: every attribute in double quotes, every "<" of the text escaped.
_WRITTEN_TAG: Final = re.compile(r'<([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>')
_WRITTEN_ATTRIBUTE: Final = re.compile(r' ([a-z-]+)="([^"]*)"')
_TINY: Final = re.compile(r"[012]\Z")


def sanitise(html: str) -> str:
    """HTML that runs nothing and fetches nothing in any browser. Never raises."""
    html = clean_block(html)
    if "data:" in html.lower():
        html = _DATA_ADDRESS.sub("data:", html)
    if len(html) > LONGEST_HTML:
        return _as_text(html)
    if _may_take_long(html):
        return _sanitise_apart(html)
    return _sanitise_here(html)


def with_remote_images(sanitised: str) -> str:
    """The result of `sanitise` with the sender's remote images turned on, because a person asked for them."""
    return _rewritten_images(sanitised, "data-remote-src", lambda address: address)


def with_attachments(sanitised: str, addresses: Mapping[str, str]) -> str:
    """The result of `sanitise` with the mail's own images shown: `addresses` gives our address of each Content-ID."""
    return _rewritten_images(sanitised, "data-cid", addresses.get)


def has_remote_images(sanitised: str) -> bool:
    return " data-remote-src=" in sanitised and any(
        "data-remote-src" in tag[2] for tag in _WRITTEN_TAG.finditer(sanitised)
    )


def _sanitise_here(html: str) -> str:
    return _WRITTEN_TAG.sub(_finished_tag, _CLEANER.clean(html))


def _sanitise_apart(html: str) -> str:
    """In a child process with limits; as text where that fails."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "holdord.channels.email.reading.sanitise"],
            input=html.encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * CHILD_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return _as_text(html)
    return child.stdout.decode("utf-8") if child.returncode == 0 else _as_text(html)


def _may_take_long(html: str) -> bool:
    if (
        html.count("<") > _MOST_ANGLES
        or html.count("&") > _MOST_ENTITIES
        or any(len(piece) > _LONGEST_TAG for piece in html.split("<")[1:])
    ):
        return True
    if len(html) < 3 * _MOST_NESTING_TAGS:
        return False
    nesting = html.count("<") if _FOREIGN.search(html) else sum(1 for _ in _NESTING_TAG.finditer(html))
    return nesting > _MOST_NESTING_TAGS


def _as_text(html: str) -> str:
    text = clean_block(html_to_text(html))
    return "<p>" + escape(text).replace("\n", "<br>") + "</p>"


def _allowed_value(tag: str, attribute: str, value: str) -> str | None:
    """An attribute's value if it's of the plain form that the attribute needs; None drops it."""
    if attribute == "href":
        value = value.strip()
        return value if _LINK.match(value) else None
    if attribute == "src":
        value = value.strip()
        return value if _IMAGE.match(value) else None
    if attribute == "alt":
        return value[:500]
    if attribute in ("rel", "target"):
        return value  # ours: the mail's own are not on the list
    if attribute in ("align", "valign", "dir", "lang"):
        return value if _WORD.match(value) else None
    return value if _SIZE.match(value) else None


def _finished_tag(found: re.Match[str]) -> str:
    if found[1] == "img":
        return _finished_image(dict(_WRITTEN_ATTRIBUTE.findall(found[2])))
    if found[1] == "a":
        attributes = dict(_WRITTEN_ATTRIBUTE.findall(found[2]))
        if "href" in attributes:
            return f'<a{found[2]} title="{attributes["href"]}">'
    return found[0]


def _finished_image(attributes: dict[str, str]) -> str:
    """An image that fetches nothing. One too small to be seen is there to report that it was fetched: it goes."""
    source = attributes.pop("src", "")
    if source and (_TINY.match(attributes.get("width", "")) or _TINY.match(attributes.get("height", ""))):
        return ""
    if source.lower().startswith("cid:"):
        attributes["data-cid"] = source[4:]
    elif source:
        attributes["data-remote-src"] = source
    elif not attributes.get("alt"):
        return ""
    return "<img" + "".join(f' {name}="{value}"' for name, value in attributes.items()) + ">"


def _rewritten_images(sanitised: str, attribute: str, address_of: Callable[[str], str | None]) -> str:
    def rewritten(found: re.Match[str]) -> str:
        if found[1] != "img" or f" {attribute}=" not in found[2]:
            return found[0]
        attributes = dict(_WRITTEN_ATTRIBUTE.findall(found[2]))
        address = address_of(unescape(attributes.get(attribute, "")))
        if not address:
            return found[0]
        del attributes[attribute]
        attributes |= {"src": escape(address), "referrerpolicy": "no-referrer", "loading": "lazy"}
        return "<img" + "".join(f' {name}="{value}"' for name, value in attributes.items()) + ">"

    return _WRITTEN_TAG.sub(rewritten, sanitised)


_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS.split()),
    clean_content_tags=set(_EMPTIED_TAGS.split()),
    attributes=_ATTRIBUTES,
    attribute_filter=_allowed_value,
    strip_comments=True,
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    url_relative="deny",
)


def main() -> int:
    """The child: limits first, then HTML from standard input to standard output."""
    limit_this_process(CHILD_SECONDS, _CHILD_MEMORY)
    sys.stdout.buffer.write(_sanitise_here(sys.stdin.buffer.read().decode("utf-8")).encode("utf-8"))
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
