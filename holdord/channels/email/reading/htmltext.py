"""HTML as plain text: what a person would read, with quotes marked as quotes.

One pass from tag to tag in linear time, never a parse tree: hostile HTML nests and repeats without end. Only for
reading, searching and cutting quotes; what is shown as HTML goes through `sanitise`.
"""

import re
from html import unescape
from typing import Final

from holdord.listening.quotes import EVERYTHING_BELOW_IS_QUOTED, QUOTED_LINE, SIGNATURE_BELOW

_LONGEST_HTML: Final = 4_000_000  # characters
_DEEPEST_QUOTE: Final = 20
_MOST_HIDDEN: Final = 1_000

_NAME: Final = re.compile(r"/?[A-Za-z][^\s/>]*+")
# Never runs over a "<", which keeps the search linear; tags that hold one are read step by step.
_WHOLE_TAG: Final = re.compile(r"<(/?[A-Za-z][^\s/>\"'<]*+)((?:[^<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+')*+)>")
_STOP: Final = re.compile(r"[>\"']")
_BLANKS: Final = re.compile(r"[ \t\r\n\f\xa0]+")
_NEEDS_BLANKS: Final = re.compile(r"[\t\r\n\f\xa0]|  ")
_SOFT_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_NEEDS_COLLAPSING: Final = re.compile(r"[\t\r\n\f]|  ")
_MANY_BREAKS: Final = re.compile(r"\n{3,}")
_ALT: Final = re.compile(r"\balt\s*=\s*(?:\"([^\"]{0,300})\"|'([^']{0,300})')", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"display\s{0,9}:\s{0,9}none|mso-hide\s{0,9}:\s{0,9}all", re.IGNORECASE)
_ATTRIBUTION: Final = re.compile(r"\b(?:gmail_attr|moz-cite-prefix)\b")
_SIGNATURE: Final = re.compile(
    r"\b(?:gmail_signature|moz-signature|AppleMailSignature|protonmail_signature_block|ms-outlook-mobile-signature)\b"
    r"|\bid\s?=\s?[\"']?(?:x_)?Signature\b"
)
# From here on the rest is history: Outlook on the web and on phones, Outlook for desktops, old Outlook for Mac.
_HISTORY: Final = re.compile(
    r"divRplyFwdMsg|OLK_SRC_BODY_SECTION|ms-outlook-mobile-reference-message|border-top:\s?solid"
    r" #(?:E1E1E1|B5C4DF) 1\.0pt",
    re.IGNORECASE,
)
_WITHOUT_TEXT: Final = frozenset(
    {"script", "style", "title", "template", "noframes", "iframe", "textarea", "xmp", "select"}
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "dd",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "figcaption",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "option",
    ]
)
_PARAGRAPHS: Final = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"])
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)


def html_to_text(html: str) -> str:
    """Plain text with `>` before quoted lines, and the private marks of `listening.quotes` where history begins."""
    reader = _Reader(html[:_LONGEST_HTML])
    reader.read()
    return reader.text()


class _Reader:
    def __init__(self, html: str) -> None:
        self.html = html
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes: list[str] = []  # tag names of open quoting elements
        self.nested_same: list[int] = []  # open elements of that name inside each
        self.preformatted = 0
        self.gone: set[str] = set()  # closing marks that don't occur any more
        self.pending_blank = False
        self.hidden = 0

    def read(self) -> None:
        html, position, length = self.html, 0, len(self.html)
        while position < length:
            start = html.find("<", position)
            if start < 0:
                self._text(html[position:])
                break
            if start > position:
                self._text(html[position:start])
            position = self._markup(start)

    def text(self) -> str:
        self._break()
        return _MANY_BREAKS.sub("\n\n", "\n".join(self.lines)).strip("\n")

    def _markup(self, start: int) -> int:
        """What begins with "<": gives where reading goes on."""
        html = self.html
        if simple := _WHOLE_TAG.match(html, start):
            return self._tag(simple[1].lower(), simple[2], simple.end())
        if html.startswith("<!--", start):
            return self._after("-->", start + 4)
        if html.startswith(("<!", "<?"), start):
            return self._after(">", start + 2)
        found = _NAME.match(html, start + 1)
        if found is None:
            self._text("<")
            return start + 1
        end = self._end_of_tag(found.end())
        return self._tag(found[0].lower(), html[found.end() : end], end)

    def _tag(self, name: str, attributes: str, end: int) -> int:
        """A tag that was found whole: gives where reading goes on."""
        if name[0] == "/":
            self._close(name[1:])
            return end
        if name in _WITHOUT_TEXT:
            return self._after_element(name, end)
        if "none" in attributes and name not in _VOID and _HIDDEN.search(attributes[:2000]):
            return self._after_hidden(name, end)
        self._open(name, attributes)
        return end

    def _after(self, mark: str, position: int) -> int:
        found = self._find(mark, position)
        return found + len(mark) if found >= 0 else len(self.html)

    def _find(self, mark: str, position: int) -> int:
        """`find` that looks for what is no longer there only once: else hostile input makes it quadratic."""
        if mark in self.gone:
            return -1
        found = self.html.find(mark, position)
        if found < 0:
            self.gone.add(mark)
        return found

    def _end_of_tag(self, position: int) -> int:
        """Just behind the ">" that ends a tag, quotes respected where they are closed."""
        while stop := _STOP.search(self.html, position):
            if stop[0] == ">":
                return stop.end()
            close = self._find(stop[0], stop.end())
            position = close + 1 if close >= 0 else stop.end()
        return len(self.html)

    def _after_element(self, name: str, position: int) -> int:
        """Behind the closing tag of an element whose content isn't text."""
        for mark in (f"</{name}", f"</{name.upper()}", f"</{name.capitalize()}"):
            found = self._find(mark, position)
            if found >= 0:
                return self._end_of_tag(found + len(mark))
        return len(self.html) if name in ("script", "style") else position

    def _after_hidden(self, name: str, position: int) -> int:
        """Behind an element that isn't displayed; one that holds others of its name is looked through instead."""
        self.hidden += 1
        if self.hidden > _MOST_HIDDEN:
            return position
        close = self.html.find(f"</{name}", position, position + 20_000)
        if close < 0 or f"<{name}" in self.html[position:close]:
            return position
        return self._end_of_tag(close + len(name) + 2)

    def _open(self, name: str, attributes: str) -> None:
        if name == "br":
            self._break()
            return
        if name == "img":
            self._image(attributes)
            return
        if name == "td" or name == "th":
            if self.line:
                self._add(" ")
            return
        if self.quotes and name == self.quotes[-1]:
            self.nested_same[-1] += 1
        if name in _PARAGRAPHS or name in _BLOCKS:
            self._end_line()
            if name in _PARAGRAPHS:
                self._blank_line()
        if name == "hr":
            return
        if name == "li":
            self._add("- ")
        elif name == "pre":
            self.preformatted += 1
        elif name == "blockquote":
            self._begin_quote(name)
        elif attributes and len(attributes) < 5000 and name in ("div", "span", "hr", "p", "table"):
            if _HISTORY.search(attributes):
                self._end_line()
                self.lines.append(EVERYTHING_BELOW_IS_QUOTED)
            elif _SIGNATURE.search(attributes):
                self._end_line()
                self.lines.append(SIGNATURE_BELOW)
            elif _ATTRIBUTION.search(attributes) and name == "div":
                self._begin_quote(name)

    def _close(self, name: str) -> None:
        if name in _PARAGRAPHS or name in _BLOCKS:
            self._end_line()
            if name in _PARAGRAPHS:
                self._blank_line()
        if name == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        if self.quotes and name == self.quotes[-1]:
            if self.nested_same[-1]:
                self.nested_same[-1] -= 1
            else:
                self._end_line()
                self.quotes.pop()
                self.nested_same.pop()

    def _begin_quote(self, name: str) -> None:
        self._end_line()
        if len(self.quotes) < _DEEPEST_QUOTE:
            if self.quotes and name == self.quotes[-1]:
                self.nested_same[-1] -= 1  # counted as one of the outer's, but it has its own entry
            self.quotes.append(name)
            self.nested_same.append(0)

    def _image(self, attributes: str) -> None:
        if found := _ALT.search(attributes[:5000]):
            self._text(found[1] or found[2] or "")

    def _text(self, text: str) -> None:
        if "&" in text:
            text = unescape(text)
        if self.preformatted:
            for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
                if number:
                    self._break()
                if line:
                    self._add(line)
            return
        collapsed = _SOFT_BLANKS.sub(" ", text) if _NEEDS_COLLAPSING.search(text) else text
        if collapsed == " " or not collapsed:
            if self.line and collapsed:
                self._add(" ")
            return
        self._add(collapsed if self.line else collapsed.lstrip(" "))

    def _add(self, text: str) -> None:
        if self.pending_blank:
            self.pending_blank = False
            if self.lines and self.lines[-1].strip("> "):
                self.lines.append(self._prefix().rstrip())
        self.line.append(text)

    def _prefix(self) -> str:
        if not self.quotes:
            return ""
        marks = sum(1 for name in self.quotes if name == "blockquote")
        return QUOTED_LINE if not marks else "> " * marks

    def _break(self) -> None:
        """A line ends here, even an empty one."""
        self._flush(keep_empty=True)

    def _end_line(self) -> None:
        self._flush(keep_empty=False)

    def _blank_line(self) -> None:
        self.pending_blank = True

    def _flush(self, *, keep_empty: bool) -> None:
        if not self.line:
            if keep_empty:
                self.lines.append(self._prefix().rstrip(" "))
            return
        line = "".join(self.line)
        self.line = []
        if not self.preformatted:
            line = _BLANKS.sub(" ", line).strip(" ") if _NEEDS_BLANKS.search(line) else line.strip(" ")
        if line or keep_empty:
            self.lines.append((self._prefix() + line).rstrip(" "))
