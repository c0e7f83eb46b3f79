"""Gathers the sentences of the desk into catalogues, compiles them, and finds what is missing.

English is the source, so it has no catalogue. The catalogues carry no dates and no line numbers: a sentence that
doesn't change makes no difference.
"""

import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
LANGUAGES = ("da", "nb", "sv", "de")
METHODS = [("holdord/**.py", "python"), ("holdord/**/jinja2/**.html", "jinja2")]
OPTIONS = {"holdord/**/jinja2/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SAME_AS_ENGLISH = ROOT / "tests" / "support" / "same-as-english.txt"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def gathered() -> Catalog:
    """Every sentence in the code and the templates."""
    template = Catalog(project="Holdord", charset="utf-8")
    for _, _, message, comments, context in extract_from_dir(
        ROOT, METHODS, OPTIONS, KEYWORDS, ("Translators:",), strip_comment_tags=False
    ):
        template.add(message, None, auto_comments=comments, context=context)
    return template


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it stands in the tree."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def brought_up_to_date(language: str, template: Catalog) -> Catalog:
    """The catalogue with just the sentences that are gathered."""
    known = catalogue(language)
    known.update(template, no_fuzzy_matching=True)
    known.obsolete.clear()
    known.header_comment = "# Holdord in the language below. English is the source."
    known.project, known.version, known.last_translator, known.language_team = "Holdord", "", "", ""
    known.msgid_bugs_address, known.fuzzy = "", False
    known.creation_date = known.revision_date = _LONG_AGO
    return known


def written(known: Catalog) -> bytes:
    """The text of a catalogue."""
    buffer = BytesIO()
    write_po(buffer, known, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return buffer.getvalue()


def compiled(known: Catalog) -> bytes:
    """The binary that gettext reads."""
    buffer = BytesIO()
    write_mo(buffer, known)
    return buffer.getvalue()


def po_file(language: str) -> Path:
    """Where a language's catalogue stands."""
    return ROOT / "holdord" / "locale" / language / "LC_MESSAGES" / "django.po"


def untranslated(known: Catalog) -> list[str]:
    """The sentences without a translation, or with one that lost a placeholder."""
    return [
        _first(message)
        for message in known
        if message.id and (_is_empty(message) or _loses_a_placeholder(message) or list(message.check(known)))
    ]


def same_as_english(known: Catalog) -> list[str]:
    """The sentences whose translation is the English one, unless a reason is given in same-as-english.txt."""
    excused = {
        line.partition(" # ")[0].partition("|")[2]
        for line in SAME_AS_ENGLISH.read_text(encoding="utf-8").splitlines()
        if line.partition("|")[0] in {"*", str(known.locale)} and " # " in line
    }
    return [
        _first(message)
        for message in known
        if message.id and message.string == message.id and _first(message) not in excused
    ]


def _first(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def _loses_a_placeholder(message: Message) -> bool:
    # Of two forms the last counts: "one customer" may do without its number.
    source = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
    said = message.string[-1] if isinstance(message.string, (tuple, list)) else message.string
    return set(_PLACEHOLDER.findall(source)) != set(_PLACEHOLDER.findall(said))


def _is_empty(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return not all(strings)


def main() -> int:
    """Gather and compile; with --check only say what would change or is missing."""
    template, check, wrong = gathered(), "--check" in sys.argv, 0
    for language in LANGUAGES:
        known = brought_up_to_date(language, template)
        path = po_file(language)
        text, binary = written(known), compiled(known)
        missing, same = untranslated(known), same_as_english(known)
        print(f"{language}: {len(known)} sentences, {len(missing)} untranslated, {len(same)} equal to the English")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
            path.with_suffix(".mo").write_bytes(binary)
            continue
        for sentence in [*missing, *same]:
            print(f"  {sentence!r}")
        wrong += len(missing) + len(same)
        if path.read_bytes() != text or path.with_suffix(".mo").read_bytes() != binary:
            print(f"  {path.relative_to(ROOT)} is not up to date: run bin/translate")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
