"""From bytes to text, whatever the mail says about its characters.

Names come from the mail and so from anyone: only those listed here reach a codec. Each name is read as the superset
that mail programs in fact write, after the WHATWG encoding standard.
"""

import codecs
import re
from typing import Final

_UNSTATED: Final = ""

# Codec → the names mail gives it, in lower case without punctuation. The empty codec means "guess".
_NAMES: Final = {
    "": (
        "ascii usascii ansix341968 iso646us us 646 unknown8bit xunknown unknown default none 8bit 7bit "
        "binary xuserdefined ansi charset asciiplain defaultcharset"
    ),
    "utf-8": "utf8 utf8mb4 unicode11utf8 unicode20utf8 xunicode20utf8 cp65001 utf8n",
    "utf-7": "utf7 unicode11utf7 unicode20utf7 csunicode11utf7 xunicode20utf7",
    "utf-16": "utf16 unicode ucs2 iso10646ucs2 csunicode",
    "utf-16-le": "utf16le",
    "utf-16-be": "utf16be",
    "utf-32": "utf32",
    "utf-32-le": "utf32le",
    "utf-32-be": "utf32be",
    "cp1252": (
        "iso88591 latin1 l1 cp819 iso885911987 isoir100 cp1252 windows1252 xansi windows1252http iso8859 "
        "88591 latin xcp1252 win1252 cswindows1252"
    ),
    "iso8859-2": "iso88592 latin2 l2 iso885921987",
    "iso8859-3": "iso88593 latin3 l3",
    "iso8859-4": "iso88594 latin4 l4",
    "iso8859-5": "iso88595 cyrillic",
    "iso8859-6": "iso88596 iso88596i iso88596e arabic",
    "iso8859-7": "iso88597 greek",
    "iso8859-8": "iso88598 iso88598i iso88598e logical visual hebrew",
    "cp1254": "iso88599 latin5 l5 cp1254 windows1254",
    "iso8859-10": "iso885910 latin6 l6",
    "cp874": "iso885911 tis620 tis6202533 cp874 windows874 xwindows874",
    "iso8859-13": "iso885913 latin7",
    "iso8859-14": "iso885914 latin8",
    "iso8859-15": "iso885915 latin9 l9 latin0",
    "iso8859-16": "iso885916 latin10",
    "cp1250": "cp1250 windows1250 win1250",
    "cp1251": "cp1251 windows1251 win1251",
    "cp1253": "cp1253 windows1253 win1253",
    "cp1255": "cp1255 windows1255 win1255",
    "cp1256": "cp1256 windows1256 win1256",
    "cp1257": "cp1257 windows1257 win1257",
    "cp1258": "cp1258 windows1258 win1258 tcvn",
    "cp437": "cp437 ibm437 dos437 oem437 437",
    "cp850": "cp850 ibm850 dos850 oem850 850",
    "cp852": "cp852 ibm852 dos852 oem852 852",
    "cp855": "cp855 ibm855 dos855 oem855 855",
    "cp857": "cp857 ibm857 dos857 oem857 857",
    "cp858": "cp858 ibm858 dos858 oem858 858",
    "cp860": "cp860 ibm860 dos860 oem860 860",
    "cp861": "cp861 ibm861 dos861 oem861 861",
    "cp862": "cp862 ibm862 dos862 oem862 862",
    "cp863": "cp863 ibm863 dos863 oem863 863",
    "cp864": "cp864 ibm864 dos864 oem864 864",
    "cp865": "cp865 ibm865 dos865 oem865 865",
    "cp866": "cp866 ibm866 dos866 oem866 866",
    "cp869": "cp869 ibm869 dos869 oem869 869",
    "koi8-r": "koi8r koi8 cskoi8r",
    "koi8-u": "koi8u koi8ru",
    "mac-roman": "macintosh mac macroman xmacroman applemacintosh",
    "mac-cyrillic": "xmaccyrillic maccyrillic",
    "mac-latin2": "xmacce maccentraleurope",
    "gb18030": (
        "gb2312 gbk xgbk gb18030 cp936 windows936 ms936 gb231280 csgb2312 euccn chinese xeuccn gb "
        "csiso58gb231280 isoir58"
    ),
    "hz": "hz hzgb2312",
    "big5hkscs": "big5 big5hkscs cnbig5 csbig5 xxbig5 big5eten",
    "cp950": "cp950 windows950 ms950",
    "euc_jp": "eucjp xeucjp ujis cseucpkdfmtjapanese",
    "cp932": "shiftjis sjis xsjis mskanji windows31j cp932 cswindows31j csshiftjis ms932",
    "iso2022_jp_ext": "iso2022jp csiso2022jp iso2022jp1 iso2022jp2 iso2022jpms cp50220 cp50221",
    "iso2022_jp_2004": "iso2022jp3 iso2022jp2004",
    "cp949": (
        "euckr ksc5601 ksc56011987 ksc56011989 ksx1001 cp949 uhc windows949 korean cseuckr ms949 "
        "isoir149 csksc56011987 xwindows949"
    ),
    "iso2022_kr": "iso2022kr csiso2022kr",
    "johab": "johab",
    "ptcp154": "ptcp154",
    "kz1048": "kz1048",
    "hp-roman8": "hproman8",
}
_CODECS: Final = {name: codec for codec, names in _NAMES.items() for name in names.split()}

_NOT_ASCII_BASED: Final = frozenset(
    {"utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "hz"}
)
_WESTERN: Final = frozenset({"cp1252", "iso8859-15", "cp1254", "iso8859-9"})
_PUNCTUATION: Final = re.compile(r"[^a-z0-9]+")
_JAPANESE_ESCAPE: Final = re.compile(rb"\x1b(?:\$[@B(]|\([JI])")
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH: Final = re.compile(rb"[\x80-\xff]")


def codec_for(name: str) -> str | None:
    """The codec for a charset named by a mail: "" for names that say nothing, None for those we don't know."""
    wanted = name[:80].lower().rpartition("=")[2].partition("*")[0]
    return _CODECS.get(_PUNCTUATION.sub("", wanted), _UNSTATED if not wanted.strip("\"' ") else None)


def decode(raw: bytes, charset: str = "") -> tuple[str, str | None]:
    """The text, and a defect code where the mail's word on its charset was of no use."""
    codec = codec_for(charset)
    if (
        raw.isascii()
        and codec not in _NOT_ASCII_BASED
        and not (codec or "").startswith("iso2022")
        and b"\x1b" not in raw
    ):
        return raw.decode("ascii"), None
    if codec is None:
        return guess(raw), "unknown_charset"
    if not codec:
        return guess(raw), None if raw.isascii() else "undeclared_charset"
    return _decode_declared(raw, codec)


def guess(raw: bytes) -> str:
    """Undeclared bytes: Japanese escapes, then UTF-8, then what Windows writes."""
    if b"\x1b" in raw and _JAPANESE_ESCAPE.search(raw):
        return _japanese(raw)
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark):
            return raw[2:].decode(codec, "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _mostly_utf8(raw) or raw.decode("cp1252", "like-browsers")


def _decode_declared(raw: bytes, codec: str) -> tuple[str, str | None]:
    if codec in _WESTERN and _is_utf8(raw):
        # Nobody writes "Ã¦" on purpose: valid UTF-8 under a western label is a wrong label.
        return raw.decode("utf-8-sig"), "wrong_charset"
    if codec == "utf-16":
        codec = _byte_order(raw)
    if codec == "iso2022_jp_ext":
        return (_japanese(raw), None) if raw.isascii() else (guess(raw), "wrong_charset")
    try:
        text = raw.decode(codec, "like-browsers" if codec == "cp1252" else "strict")
    except (UnicodeError, ValueError):
        return _decode_broken(raw, codec), "wrong_charset"
    return text.removeprefix("\ufeff"), None


def _decode_broken(raw: bytes, codec: str) -> str:
    if codec == "utf-8":
        return _mostly_utf8(raw) or raw.decode("cp1252", "like-browsers")
    if codec == "big5hkscs":
        codec = "cp950"
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if codec in ("utf-7", "hz"):
        return guess(raw)
    return raw.decode(codec, "replace").removeprefix("\ufeff")


def _mostly_utf8(raw: bytes) -> str | None:
    """UTF-8 with some broken bytes, such as a cut end; None where it's another charset."""
    good = sum(len(found[0]) for found in _MULTIBYTE.finditer(raw))
    high = len(_HIGH.findall(raw))
    if good * 10 >= high * 8 and good:
        return raw.decode("utf-8", "replace").removeprefix("\ufeff")
    return None


def _is_utf8(raw: bytes) -> bool:
    if raw.isascii():
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _byte_order(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-16-le" if raw[1::2].count(0) > raw[0::2].count(0) else "utf-16-be"


def _japanese(raw: bytes) -> str:
    """ISO-2022-JP (RFC 1468), with the characters of vendors that strict codecs refuse."""
    try:
        return raw.decode("iso2022_jp_ext")
    except UnicodeDecodeError:
        pass
    pieces = []
    for number, piece in enumerate(re.split(rb"\x1b(\$[@B]|\(.)", raw)):
        if number % 2:
            mode = piece
            continue
        if number and mode.startswith(b"$"):
            pieces.append(bytes(byte | 0x80 for byte in piece).decode("euc_jis_2004", "replace"))
        elif number and mode == b"(I":
            pieces.append(bytes(byte | 0x80 for byte in piece).decode("cp932", "replace"))
        else:
            pieces.append(piece.decode("ascii", "replace"))
    return "".join(pieces)


def _like_browsers(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that windows-1252 leaves open stand for themselves, as in every browser."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("like-browsers", _like_browsers)
