"""Makes text safe to store and to show: no NULs, lone surrogates, control or direction-forcing characters."""

import re

_BLOCK_TROUBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u2028\u2029]")
_LINE_TROUBLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff]")
_RARE_LINE_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_BREAKS_AND_TABS = "\t\n\x0b\x0c\r\x85\u2028\u2029"


def clean_block(text: str) -> str:
    """Text of many lines: line ends become `\\n`, what can't be stored goes."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _BLOCK_TROUBLE.search(text):
        return text
    text = _RARE_LINE_BREAKS.sub("\n", text)
    return _BLOCK_TROUBLE.sub(_replacement_in_block, text)


def clean_line(text: str) -> str:
    """Text of one line, without surrounding blanks: breaks and tabs become blanks."""
    if _LINE_TROUBLE.search(text):
        text = _LINE_TROUBLE.sub(_replacement_in_line, text)
    return text.strip()


def without_invisibles(text: str) -> str:
    """Names lose the characters that nobody sees: they serve to forge."""
    return _INVISIBLE.sub("", text)


def has_invisibles(text: str) -> bool:
    return _INVISIBLE.search(text) is not None


def _replacement_in_block(found: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= found[0] <= "\udfff" else ""


def _replacement_in_line(found: re.Match[str]) -> str:
    if found[0] in _BREAKS_AND_TABS:
        return " "
    return _replacement_in_block(found)
