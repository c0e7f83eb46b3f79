"""The new words of a message: without what it quotes and without its signature.

Works on plain text from any channel, in five languages and for the usual mail programs. Cuts by line, keeps answers
written below or between quoted lines, and never cuts to nothing. Linear in the length of the text.
"""

import re
from collections.abc import Iterable
from typing import Final

# Marks that a reader of HTML leaves in its text. Control characters, so that no cleaned text holds them by itself.
QUOTED_LINE: Final = "\x1e"
EVERYTHING_BELOW_IS_QUOTED: Final = "\x1f"
SIGNATURE_BELOW: Final = "\x1d"

_LONGEST_TEXT: Final = 200_000  # characters; a customer's new words stand at the top or the text is short
_LONGEST_ATTRIBUTION: Final = 400

_WROTE: Final = (
    r"wrote|writes|skrev|skriver|schrieb|schreibt|geschrieben|a écrit|escribió|ha scritto|scrisse"
    r"|schreef|escreveu|napisał(?:\(a\))?|kirjoitti"
)
_VERB: Final = re.compile(rf"(?<!\w)(?:{_WROTE})(?!\w)", re.IGNORECASE)
_OPENS_ATTRIBUTION: Final = re.compile(
    r"^[\s*_\"]{0,5}(?:on|at|in|den|på|am|le|el|il|op|em|w dniu|(?:man|tir|tirs|ons|tor|tors|fre|lør"
    r"|lör|søn|sön|mån|tis)\w{0,3}\.?,?"
    r"|\d{1,4}[./-]\s?\S{1,12}|(?:mon|tue|wed|thu|fri|sat|sun)\w{0,6},?)\s",
    re.IGNORECASE,
)
_HAS_DATE_OR_ADDRESS: Final = re.compile(
    r"\d{1,4}\s?[./:-]\s?\d{1,2}|\d{1,2}\.?\s+\w{3,10}\.?\s+\d{2,4}|\w\s+\d{1,2},\s+\d{4}|\S@\S"
)
_STARTS_WITH_DATE: Final = re.compile(r"^\s{0,3}(?:\w{2,4}\.?,?\s)?\d{1,4}[./-]?\s?\w{2,9}[./-]?\s?\d{2,4}\D")
_CLOCK_TIME: Final = re.compile(r"\d{1,2}[:.]\d\d(?!\d|\.)")
_ADDRESS_COLON: Final = re.compile(r"<\s?[^<>@\s]{1,100}@[^<>\s]{1,100}\s?>(?:\s(?:wrote|skrev|schrieb))?\s?:\*?$")
_MYSELF: Final = re.compile(
    r"\b(?:i|we|you) wrote\b|\bskrev (?:jeg|eg|jag|vi|i|du|de|ni)\b|\b(?:jeg|eg|jag|vi|du) skrev\b"
    r"|\bschrieb(?:en)? (?:ich|wir|sie)\b|\b(?:ich|wir) schrieb",
    re.IGNORECASE,
)
# "Shop <care@shop.example> schrieb am 02.03.2026 09:00:", "Shop skrev den 2026-03-02 09:00:": nobody types that much.
_SENDER_FIRST: Final = re.compile(
    r"^[^<>:]{0,100}"
    rf"(?:<\s?[^<>@\s]{{1,100}}@[^<>\s]{{1,100}}\s?>\s+(?:hat )?(?:{_WROTE})\s[^<>]{{0,80}}\d[^<>]{{0,40}}"
    rf"|\s(?:{_WROTE})\s+(?:(?:den|am|on)\s+)?\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}},?\s+(?:kl\.?\s|um\s|at\s)?"
    r"\d\d?[:.]\d\d(?::\d\d)?(?:\s?[AP]M)?)\s?:$",
    re.IGNORECASE,
)
_DATE_ADDRESS_COLON: Final = re.compile(
    r"^\s{0,5}\d{4}[-/.]\d\d?[-/.]\d\d?[^<>]{0,100}<\s?[^<>@\s]{1,100}@[^<>\s]{1,100}\s?>\s?:\s{0,5}$"
)

_SEPARATOR: Final = re.compile(
    r"^[\s>*]{0,10}[-_=*]{2,60}\s{0,5}(?:original(?:\s|-)?(?:message|e?-?mail|besked|melding"
    r"|meddelande|nachricht)|oprindelig (?:meddelelse|besked|mail|e-mail)"
    r"|opprinnelig (?:melding|e-post)|ursprungligt? (?:meddelande|mail)|ursprüngliche (?:nachricht"
    r"|e-?mail)|forwarded (?:message|by)\b.{0,100}"
    r"|(?:videresendt|vidaresend|vidarebefordrat|weitergeleitete) (?:melding|meddelelse|besked"
    r"|meddelande|nachricht|e-post|mail)"
    r"|(?:message|mensaje|messaggio|mensagem) (?:d'origine|original|originale)|oorspronkelijk"
    r" bericht|reply message|svar|antwort)"
    r"\s{0,5}:?\s{0,5}[-_=*]{2,60}\s{0,5}$",
    re.IGNORECASE,
)
_FORWARD_LINE: Final = re.compile(
    r"^\s{0,5}(?:begin forwarded message|start på videresendt (?:melding|besked)|videresendt"
    r" (?:melding|besked)|vidarebefordrat (?:brev|meddelande)"
    r"|anfang der weitergeleiteten (?:nachricht|e-mail)|(?:påbörja|början av) vidarebefordrat"
    r" (?:brev|meddelande))\s?:\s{0,5}$",
    re.IGNORECASE,
)
_REPLY_ABOVE: Final = re.compile(
    r"(?:reply|type your reply|respond) above this line|svar over denne linj(?:e|en)|skriv (?:dit "
    r"|ditt )?svar over denne linje"
    r"|svara ovanför (?:den här|denna) rad(?:en)?|antworten sie oberhalb dieser zeile|antwort(?:en)?"
    r" (?:bitte )?(?:über|oberhalb) dieser (?:zeile|linie)",
    re.IGNORECASE,
)

_LABELS: Final = {
    label: field
    for field, labels in {
        "from": "from fra frå från von de van da od lähettäjä от",
        "sent": (
            "sent sendt skickat gesendet date dato datum envoyé verzonden enviado inviato wysłano lähetetty"
            " отправлено дата"
        ),
        "to": "to til till an à aan para a do vastaanottaja кому",
        "subject": "subject emne ämne betreff objet onderwerp asunto oggetto assunto temat aihe тема",
        "cc": "cc kopi kopia копия",
    }.items()
    for label in labels.split()
}
_LABEL: Final = re.compile(
    r"^[\s>*_]{0,10}(" + "|".join(sorted(_LABELS, key=len, reverse=True)) + r")\s?[*_]{0,2}\s?:[*_]{0,2}(?=\s|$)",
    re.IGNORECASE,
)
_BLOCK_LINES: Final = 9

_DASHES: Final = re.compile(r"^(?:--|—|– ?–)\s{0,3}$")
_RULE: Final = re.compile(r"^\s{0,3}[_=*-]{5,80}\s{0,3}$")
_MOST_CLIENT_LINES: Final = 5
# What a line must have to begin the history: a field's colon, a row of signs, or "reply above this line".
_MARKS: Final = re.compile(r":|[-_=*#]{2}|\b(?:line|linje|linjen|raden?|zeile|linie)\b", re.IGNORECASE)
_LONG_RULE: Final = re.compile(r"^_{30,80}\s{0,3}$")
_LONGEST_FOOTER_LINES: Final = 8
_SENT_FROM: Final = re.compile(
    r"^\W{0,5}(?:sent (?:from|via|using|with|by) (?:my |the |a )?[^\s,.;!?][^,;!?]{0,60}|(?:sendt|skickat|sänt)"
    r" (?:fra|från|frå|med|via) .{1,60}|(?:von|vom) mein\w{0,2} .{1,40} gesendet"
    r"|gesendet (?:von|mit|über|aus) .{1,60}|diese nachricht wurde von meinem .{1,60}gesendet.{0,30}"
    r"|von yahoo mail .{1,40}gesendet"
    r"|(?:get|hent|få|hämta|skaffa|last ned|laden sie|holen sie sich) \[?outlook (?:for|til|för|für|til)"
    r" .{1,40}|outlook (?:for|til|för|für) (?:ios|android).{0,60}"
    r"|envoyé (?:de|depuis) .{1,60}|enviado (?:desde|do) .{1,60}|inviato da(?:l)? .{1,60}|verstuurd"
    r" vanaf .{1,60}|lähetetty .{1,60}"
    r"|hentet? fra min .{1,40}|sendt frå .{1,60})$",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"^\W{0,3}(?:(?:med )?(?:de )?(?:venn?lige?|venleg|beste|bedste|kærlige?|kjærlig|hjertelig|mange"
    r"|god)\s+(?:helsing|hilsen|hilsener|hilsner)|(?:venn?lig )?hilsen"
    r"|hilsen fra|mvh|m\.v\.h\.?|vh|dbh|bh|kh|(?:med )?(?:vänliga?|bästa|varma?|snälla"
    r"|hjärtliga?)\s+hälsning(?:ar)?|(?:vänligen|hälsningar|hälsning|v\.h\.)"
    r"|(?:mit )?(?:freundlichen?|besten?|herzlichen?|lieben?|schönen?|vielen|viele|liebe|beste"
    r"|schöne|herzliche|freundliche)\s+gr(?:ü|ue)(?:ß|ss)en?|mfg|lg|vg|gru(?:ß|ss)|gr(?:ü|ue)(?:ß|ss)e"
    r"|hochachtungsvoll|(?:with )?(?:kind|best|warm|kindest|warmest|many)(?:est)?\s+(?:regards"
    r"|wishes)|regards|yours (?:sincerely|faithfully|truly)"
    r"|sincerely(?: yours)?|cheers|best)(?:\s+(?:fra|från|from|aus|von|til dere|alle"
    r" sammen)\b.{0,40})?\s?[,.!]{0,3}(?:\s{0,3}/?\s?[^\W\d_][\w.-]{0,25}){0,4}\s{0,5}$",
    re.IGNORECASE,
)
# What OpenPGP puts around words that it signs (RFC 9580 §7).
_PGP_BEGINS: Final = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]{1,40}: [^\n]*\n){0,9}\n?", re.MULTILINE
)
_PGP_SIGNATURE: Final = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----$.*?(?:^-----END PGP SIGNATURE-----$|\Z)", re.MULTILINE | re.DOTALL
)
_POSTSCRIPT: Final = re.compile(r"^\W{0,2}p\.?\s?s\.?\s?[:.\-– ]", re.IGNORECASE)
_LONGEST_SIGNATURE_LINES: Final = 14
_LONGEST_SIGNATURE_LINE: Final = 90


def new_words(text: str) -> str:
    """What the writer added: never empty unless `text` is blank."""
    whole = _without_marks(text)
    if "-----BEGIN PGP SIGN" in text:
        text = _PGP_SIGNATURE.sub("", _PGP_BEGINS.sub("", text[: 2 * _LONGEST_TEXT]))
    lines = text[:_LONGEST_TEXT].replace("\xa0", " ").split("\n")
    stretches = _unquoted_stretches(lines)
    for candidate in (_join(_without_signature(stretch) for stretch in stretches), _join(stretches)):
        if cleaned := _without_marks(candidate):
            return cleaned
    return whole


def only_new_words(text: str) -> str:
    """The text with spaces instead of what is not new: every place in it is the same place as before."""
    if "\n" not in text:
        return text
    lines = text[:_LONGEST_TEXT].replace("\xa0", " ").split("\n")
    kept = [line for stretch in _unquoted_stretches(lines) for line in _without_signature(stretch)]
    if not any(line.strip() for line in kept):
        return text
    left = iter([*kept, None])
    wanted = next(left)
    shown = []
    for line in lines:
        if line == wanted:
            shown.append(line)
            wanted = next(left)
        else:
            shown.append(" " * len(line))
    return "\n".join(shown) + text[_LONGEST_TEXT:]


def _without_marks(text: str) -> str:
    return text.replace(QUOTED_LINE, "").replace(EVERYTHING_BELOW_IS_QUOTED, "").replace(SIGNATURE_BELOW, "").strip()


def quotes_anything(text: str) -> bool:
    """Whether any of the text is somebody else's earlier words."""
    lines = text[:_LONGEST_TEXT].split("\n")
    return sum(len(stretch) for stretch in _unquoted_stretches(lines)) < len(lines)


def _join(stretches: Iterable[list[str]]) -> str:
    pieces = ["\n".join(stretch).strip() for stretch in stretches]
    return "\n\n".join(piece for piece in pieces if piece)


def _unquoted_stretches(lines: list[str]) -> list[list[str]]:
    """The lines between quotes, each stretch by itself, up to where the history begins."""
    stretches: list[list[str]] = [[]]
    attributions = _possible_attributions(lines)
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.startswith(EVERYTHING_BELOW_IS_QUOTED) or (_MARKS.search(line) and _begins_history(lines, index)):
            break
        if _is_quoted(line):
            index += 1
            if stretches[-1]:
                stretches.append([])
            continue
        length = _attribution_length(lines, index) if index in attributions else 0
        if length:
            if not _quote_follows(lines, index + length):
                break
            index += length
            stretches.append([])
            continue
        stretches[-1].append(line)
        index += 1
    return stretches


def _possible_attributions(lines: list[str]) -> set[int]:
    """Where one could begin: it ends with a colon, at most three lines further down."""
    ends = [index for index, line in enumerate(lines) if ":" in line[-8:] and line.rstrip(" \t*\r").endswith(":")]
    return {index for end in ends for index in range(max(0, end - 3), end + 1)}


def _is_quoted(line: str) -> bool:
    return line.lstrip(" \t").startswith((">", QUOTED_LINE))


def _quote_follows(lines: list[str], index: int) -> bool:
    """Whether quoted lines follow an attribution. If none do, the rest is quoted without any mark."""
    following = (line for line in lines[index : index + 4] if line.strip())
    return any(_is_quoted(line) for line in following)


def _begins_history(lines: list[str], index: int) -> bool:
    line = lines[index]
    if len(line) > 300:
        return False
    if line[:60].strip() and (_SEPARATOR.match(line) or _FORWARD_LINE.match(line) or _REPLY_ABOVE.search(line)):
        return True
    if _LABEL.match(line):
        return _is_header_block(lines, index)
    return bool(_RULE.match(line)) and _is_header_block(lines, _next_written(lines, index + 1))


def _next_written(lines: list[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip() and index < len(lines):
        index += 1
    return index


def _is_header_block(lines: list[str], index: int) -> bool:
    """A sender's name and two more of a mail's fields close together; "Fra: nu av …" alone is a sentence."""
    seen: set[str] = set()
    if index >= len(lines) or not _LABEL.match(lines[index]):
        return False
    for line in lines[index : index + _BLOCK_LINES]:
        if found := _LABEL.match(line):
            seen.add(_LABELS[found[1].lower()])
    return len(seen) >= 3 and "from" in seen and bool(seen & {"sent", "subject"})


def _attribution_length(lines: list[str], index: int) -> int:
    """How many lines from here are "On …, … wrote:" in any of our languages; 0 if they aren't."""
    first = lines[index]
    if not first.strip() or len(first) > _LONGEST_ATTRIBUTION:
        return 0
    if _DATE_ADDRESS_COLON.match(first):
        return 1
    joined = ""
    for length in range(1, 5):
        if index + length > len(lines):
            break
        line = lines[index + length - 1].strip()
        if length > 1 and (not line or (_is_quoted(line) and not line.startswith(">:"))):
            break  # ">:" is the end of an address that was wrapped
        joined = f"{joined} {line}" if joined else line
        if len(joined) > _LONGEST_ATTRIBUTION:
            break
        if joined.endswith((":", ":*")):
            return length if _is_attribution(joined, lines, index + length) else 0
        if length == 1 and not _could_open(joined):
            break
    return 0


def _could_open(line: str) -> bool:
    """Whether an attribution that runs over several lines may begin so."""
    if _STARTS_WITH_DATE.match(line):
        return True
    return bool(_OPENS_ATTRIBUTION.match(line) or _VERB.search(line)) and bool(
        _HAS_DATE_OR_ADDRESS.search(line) or _VERB.search(line)
    )


def _is_attribution(joined: str, lines: list[str], after: int) -> bool:
    if _DATE_ADDRESS_COLON.match(joined):
        return True
    quoted = _quote_follows(lines, after)
    if not _VERB.search(joined):
        # In any other language: a date, an address, and the quote itself.
        return quoted and _HAS_DATE_OR_ADDRESS.search(joined) is not None and "@" in joined
    if quoted:
        return True
    if _MYSELF.search(joined):
        return _ADDRESS_COLON.search(joined) is not None
    if not _OPENS_ATTRIBUTION.match(joined):
        return _ADDRESS_COLON.search(joined) is not None or _SENDER_FIRST.match(joined) is not None
    # "Den 3. marts skrev vi:" is somebody's sentence: programs give an address, or the time of day too.
    return "@" in joined or bool(_HAS_DATE_OR_ADDRESS.search(joined) and _CLOCK_TIME.search(joined))


def _without_signature(lines: list[str]) -> list[str]:
    """One stretch without the signature at its end."""
    lines = _without_trailing_blanks(lines)
    for index, line in enumerate(lines):
        if (
            (line == SIGNATURE_BELOW or _DASHES.match(line))
            and index + 1 < len(lines)
            and len(lines) - index <= 4 * _LONGEST_SIGNATURE_LINES
        ):
            return _without_client_line(lines[:index])
    lines = _without_client_line(lines)
    for index in range(max(0, len(lines) - _LONGEST_SIGNATURE_LINES), len(lines)):
        if len(lines[index]) <= 80 and _CLOSING.match(lines[index]) and _is_signature(lines[index + 1 :]):
            return _without_client_line(lines[:index])
    return lines


def _is_signature(below: list[str]) -> bool:
    """Names and numbers: nothing long, nothing asked, no postscript."""
    return not any(
        len(line) > _LONGEST_SIGNATURE_LINE or line.rstrip().endswith("?") or _POSTSCRIPT.match(line) for line in below
    )


def _without_client_line(lines: list[str]) -> list[str]:
    """Without "Sent from my …" and kin among the last lines."""
    lines = _without_trailing_blanks(lines)
    for _ in range(_MOST_CLIENT_LINES):
        for index in range(max(0, len(lines) - 4), len(lines)):
            if len(lines[index]) <= 120 and _SENT_FROM.match(lines[index].strip()):
                lines = _without_trailing_blanks([*lines[:index], *_words_below(lines[index + 1 :])])
                break
        else:
            break
    return _without_list_footer(_without_rules(lines))


def _without_rules(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or _RULE.match(lines[end - 1])):
        end -= 1
    return lines[:end]


def _without_list_footer(lines: list[str]) -> list[str]:
    """Without what list servers put below a long rule: a few lines with the list's address."""
    for index in range(max(0, len(lines) - _LONGEST_FOOTER_LINES), len(lines)):
        below = lines[index + 1 :]
        if _LONG_RULE.match(lines[index]) and below and any("@" in line or "://" in line for line in below):
            return _without_rules(lines[:index])
    return lines


def _words_below(lines: list[str]) -> list[str]:
    """Phones put their line above an answer written below a quote: that answer stays."""
    return lines if len("".join(lines).strip()) > 40 else []


def _without_trailing_blanks(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]
