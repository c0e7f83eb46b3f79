"""What of a mail is its body, and what is attached (RFC 2046 §5).

Every leaf is one or the other. Text parts around a picture are shown one after the other; of alternatives the plain
one is read and the HTML one shown, unless the plain one is a mere stub.
"""

import hashlib
import re
from dataclasses import dataclass
from html import escape
from typing import Final

from holdord.channels.email.reading import charsets, tnef
from holdord.channels.email.reading.cleaning import clean_block, clean_line
from holdord.channels.email.reading.flowed import unflow
from holdord.channels.email.reading.headers import split_message
from holdord.channels.email.reading.htmltext import html_to_text
from holdord.channels.email.reading.names import clean_name, made_up_name
from holdord.channels.email.reading.structure import Part
from holdord.channels.email.reading.transfer import uuencoded_files
from holdord.channels.email.reading.values import Attachment, Defects
from holdord.channels.email.reading.words import decode_words

LONGEST_TEXT: Final = 2_000_000  # characters of text or HTML that are read; the raw mail keeps the rest
_MOST_TEXT_PARTS: Final = 200

_READABLE: Final = frozenset({"text/plain", "text/html"})
_READABLE_IN_NEED: Final = frozenset(
    {"text/enriched", "text/richtext", "text/markdown", "text/x-markdown", "text/unknown"}
)
_TNEF: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_WORDS: Final = re.compile(r"\w+")
_META_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_ENRICHED_TAG: Final = re.compile(r"<(?:/?[A-Za-z-]{1,60})>")
_CONTENT_IDS: Final = re.compile(r"cid:([^\"'\s>)]{1,300})", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """A stretch of the body: the same words as plain text, as HTML, or as both."""

    plain: str | None = None
    html: str | None = None
    from_html: str = ""  # the HTML as text, made when it's needed

    def words(self) -> str:
        """The block as text, with the marks of quotes that HTML gave it."""
        if self.html is None:
            return self.plain or ""
        if self.plain is not None and self.plain.strip() and not self._is_stub():
            return self.plain
        return self.html_words() or self.plain or ""

    def html_words(self) -> str:
        if not self.from_html and self.html:
            self.from_html = html_to_text(self.html)
        return self.from_html

    def _is_stub(self) -> bool:
        """ "Your program can't show HTML": few plain words beside an HTML part of many."""
        assert self.plain is not None
        assert self.html is not None
        if len(self.plain) > 400 or len(self.html) < 200 + 2 * len(self.plain):
            return False
        plain, html = _WORDS.findall(self.plain), _WORDS.findall(self.html_words())
        return len(html) >= 20 and len(html) > 4 * len(plain)


@dataclass(slots=True)
class Bodies:
    blocks: list[Block]
    attachments: list[Attachment]

    def text(self) -> str:
        return _limited("\n\n".join(words for block in self.blocks if (words := block.words().strip("\n"))))

    def html(self) -> str | None:
        """All blocks as one HTML text, plain ones escaped; None if no block has any HTML."""
        if all(block.html is None for block in self.blocks):
            return None
        pieces = [
            block.html if block.html is not None else f"<pre>{escape(block.plain or '')}</pre>"
            for block in self.blocks
            if block.html is not None or (block.plain or "").strip()
        ]
        return _limited("\n".join(pieces))


def read_bodies(root: Part, defects: Defects) -> Bodies:
    """Sorts every leaf into the body or the attachments, in the order of the mail."""
    for named_text_is_body, anything_readable in ((False, False), (True, False), (True, True)):
        sorter = _Sorter(defects, named_text_is_body=named_text_is_body, anything_readable=anything_readable)
        blocks = sorter.blocks_of(root, root=True)
        if any((block.plain or "").strip() or block.html for block in blocks):
            break
        if not sorter.passed_over:
            break
    return Bodies(blocks, sorter.finished_attachments(blocks))


class _Sorter:
    def __init__(self, defects: Defects, *, named_text_is_body: bool, anything_readable: bool) -> None:
        self.defects = defects
        self.named_text_is_body = named_text_is_body
        self.anything_readable = anything_readable
        self.passed_over = False  # whether a text was taken for an attachment that might be the body after all
        self.attachments: list[Attachment] = []
        self.texts = 0

    def blocks_of(self, part: Part, *, root: bool = False) -> list[Block]:
        if part.children:
            if part.content_type == "multipart/alternative":
                return self._alternative(part)
            if part.content_type == "multipart/related":
                return self._related(part)
            return _merged([block for child in part.children for block in self.blocks_of(child)])
        if part.is_multipart:
            return self._unopened(part)
        if self._is_body(part, root=root):
            return self._text(part)
        self._attach(part)
        return []

    def finished_attachments(self, blocks: list[Block]) -> list[Attachment]:
        """The attachments, those that the HTML shows marked as inline."""
        if not self.attachments:
            return []
        shown = {cid for block in blocks if block.html for cid in _CONTENT_IDS.findall(block.html)}
        return [
            attachment
            if attachment.inline or attachment.content_id not in shown
            else Attachment(
                attachment.name,
                attachment.type,
                attachment.size,
                attachment.sha256,
                attachment.content,
                attachment.content_id,
                True,
            )
            for attachment in self.attachments
        ]

    def _alternative(self, part: Part) -> list[Block]:
        """One block: all plain text of the alternatives beside all HTML. Formats nobody reads here are attached."""
        plains: list[str] = []
        htmls: list[str] = []
        for child in part.children:
            blocks = self.blocks_of(child)
            plains.extend(block.plain for block in blocks if block.plain and block.plain not in plains)
            html = [block.html for block in blocks if block.html is not None]
            htmls = html or htmls  # the last alternative is the richest (§5.1.4)
        if not plains and not htmls:
            return []
        return [Block("\n\n".join(plains) if plains else None, "\n".join(htmls) if htmls else None)]

    def _related(self, part: Part) -> list[Block]:
        """The root part is the body; other text parts belong to it, as style sheets and frames do (RFC 2387)."""
        start = part.parameters.get("start", "").strip("<> ")
        ids = [child.header.get("content-id").strip("<> ") for child in part.children]
        first = ids.index(start) if start and start in ids else 0
        blocks: list[Block] = []
        for index, child in enumerate(part.children):
            belongs = index != first and (ids[index] or "content-location" in child.header)
            if belongs and not child.children:
                self._attach(child)
            else:
                blocks.extend(self.blocks_of(child))
        return _merged(blocks)

    def _unopened(self, part: Part) -> list[Block]:
        """A multipart without parts: whatever its bytes say is shown."""
        self.defects.add("multipart_without_parts")
        content = part.content(self.defects)
        if not content.strip():
            return []
        return [Block(plain=_text_of(content, part.parameters.get("charset", ""), self.defects))]

    def _is_body(self, part: Part, *, root: bool) -> bool:
        kind = part.content_type
        readable = kind in _READABLE or (self.anything_readable and kind in _READABLE_IN_NEED)
        if not readable:
            self.passed_over |= kind in _READABLE_IN_NEED
            return False
        disposition, parameters = part.disposition()
        named = bool(parameters.get("filename") or part.parameters.get("name"))
        if disposition not in ("", "inline") and (named or not root):
            return False
        if named and not root and (self.texts or not self.named_text_is_body):
            self.passed_over = True
            return False
        if self.texts >= _MOST_TEXT_PARTS:
            return False
        self.texts += 1
        return True

    def _text(self, part: Part) -> list[Block]:
        content = part.content(self.defects)
        charset = part.parameters.get("charset", "")
        if part.content_type == "text/html":
            if (
                charsets.codec_for(charset) in ("", None)
                and not content.isascii()
                and (found := _META_CHARSET.search(content[:4096]))
            ):
                charset = found[1].decode("ascii")
            return [Block(html=_text_of(content, charset, self.defects).strip("\n"))]
        if b"\nbegin " in content or content.startswith(b"begin "):
            content, files = uuencoded_files(content)
            for name, inside in files:
                self._add(inside, "application/octet-stream", name)
        text = _text_of(content, charset, self.defects)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
        elif part.content_type in _READABLE_IN_NEED:
            text = _ENRICHED_TAG.sub("", text).replace("<<", "<")
        return [Block(plain=text)]

    def _attach(self, part: Part) -> None:
        content = part.content(self.defects)
        disposition, parameters = part.disposition()
        name = parameters.get("filename") or part.parameters.get("name") or parameters.get("name") or ""
        if not name and part.content_type in ("message/rfc822", "message/global"):
            name = _forwarded_name(content)
        content_id = clean_line(part.header.get("content-id").strip("<> "))[:998]
        self._add(
            content, part.content_type, name, content_id=content_id, inline=disposition == "inline" and bool(content_id)
        )
        if part.content_type in _TNEF or clean_name(name).lower() == "winmail.dat":
            self._open_tnef(content)

    def _open_tnef(self, content: bytes) -> None:
        for name, media_type, inside in tnef.files_in(content, self.defects):
            self._add(inside, media_type, name)

    def _add(self, content: bytes, media_type: str, name: str, *, content_id: str = "", inline: bool = False) -> None:
        media_type = clean_line(media_type) or "application/octet-stream"
        cleaned = clean_name(name) or made_up_name(len(self.attachments) + 1, media_type)
        digest = hashlib.sha256(content).hexdigest()
        self.attachments.append(Attachment(cleaned, media_type, len(content), digest, content, content_id, inline))


def _merged(blocks: list[Block]) -> list[Block]:
    """A plain block and an HTML block that say the same are one: some programs send alternatives as if mixed."""
    merged: list[Block] = []
    for block in blocks:
        before = merged[-1] if merged else None
        if (
            before
            and before.html is None
            and before.plain
            and block.plain is None
            and block.html
            and _same_words(before.plain, block.html_words())
        ):
            merged[-1] = Block(before.plain, block.html, block.from_html)
            continue
        merged.append(block)
    return merged


def _same_words(plain: str, html: str) -> bool:
    first, second = _WORDS.findall(plain[:2000]), _WORDS.findall(html[:2000])
    return bool(first) and first[:40] == second[: len(first)][:40]


def _text_of(content: bytes, charset: str, defects: Defects) -> str:
    if len(content) > 4 * LONGEST_TEXT:
        content = content[: 4 * LONGEST_TEXT]
        defects.add("text_cut")
    text, defect = charsets.decode(content, charset)
    if defect:
        defects.add(defect)
    text = clean_block(text)
    if len(text) > LONGEST_TEXT:
        defects.add("text_cut")
    return _limited(text)


def _limited(text: str) -> str:
    return text[:LONGEST_TEXT]


def _forwarded_name(content: bytes) -> str:
    header, _ = split_message(content[:65_536])
    subject = clean_name(re.sub(r"[/\\]", "_", decode_words(header.get("subject"))))
    return f"{subject[:180]}.eml" if subject else ""
