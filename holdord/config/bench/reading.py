"""How well and how fast texts are read: the figures of `holdord bench listening`."""

import json
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from holdord.listening import reader
from holdord.listening.acts import Act
from holdord.listening.bank import HELD_OUT, Labelled, read_bank
from holdord.listening.measuring import CALENDAR, MEASURES, Count, Measured, measure, measure_due
from holdord.listening.reading import read

LANGUAGES = ("da", "nb", "nn", "sv", "de", "en")


_INTRODUCTION = """# Listening

What the desk reads in messages and replies, in Danish, Norwegian (bokmål and nynorsk), Swedish, German and English:
offline, in about a millisecond, and with the reason. It suggests; a person confirms.

    echo "Jeg vil gerne opsige mit abonnement" | holdord read -
    holdord read reply.txt --side agent --json
    holdord read --jsonl < messages.jsonl

- **How.** A text becomes sentences, clauses and words that know their place (`listening/text.py`). Each language's
  lexicon says what words mean (`listening/lexicon/`, how to add one: its README). What a sentence does is weighed over
  these concepts, their order, and what stands under "not", "if" or in a question (`features.py`, `weights.py`). Due
  times have a grammar of their own (`due.py`, `times/`), facts and private numbers their patterns.
- **Learning.** `listening/bank/` holds the labelled texts. `bin/learn` makes the weights from four fifths of them, the
  same ones each time.
- **The embedding reader** (`pip install 'holdord[reader]'`, 100 MB of memory) weighs each sentence's vector too. It
  runs in the worker; without it all works.
- **Taking back.** "I'll keep it after all" or "never mind" is shown beside the request it may be about
  (`withdrawals.py`); it never counts as asking again.
- **Blocking.** "Spær mit kort", "my card is stolen, please stop it", and "open it again" make requests, too
  (`blocking/`: rules over words, no learning; examples in `bank/blocking/`). How to, whether, if, or that it was done
  is no asking. Opening what was blocked in the conversation undoes that.
- **The same vectors** lay a new conversation beside the last 20,000 messages of its inbox, and the panel names those
  about the same, in whatever language (`conversations/actions/likening.py`).
- **Policies and prepared replies** are read by the same readers before they may be published (`policies.py`,
  docs/texts.md).
- **Labels.** Each request that an agent confirms or dismisses is kept as a judgement, to learn from later.

What stands below was measured by `holdord bench listening > docs/listening.md`. The texts were written for the bank, by
few hands; half of them try to mislead. How it reads your customers' mails only your agents' clicks will tell."""


def listening() -> Iterator[str]:
    """The page `docs/listening.md`, figures and all, a block at a time."""
    bank = read_bank()
    kept = [one for one in bank if one.share < MEASURES and one.source != "due"]
    yield _INTRODUCTION
    yield "## The bank"
    yield f"The bank holds {len(bank)} texts with {len({one.skeleton for one in bank})} skeletons. {_shares(bank)}"
    yield "## Texts kept from learning"
    yield f"A fifth of the skeletons ({len(kept)} texts) is never learned from."
    yield from _tables(measure(kept))
    if HELD_OUT.is_dir():
        held = read_bank(HELD_OUT)
        yield "## Texts by another hand"
        yield f"{len(held)} texts written last, by somebody else, and not looked into; the language is not told."
        texts = [one for one in held if one.source != "due"]
        yield from _tables(measure(texts, hint=False))
        everyday = measure([one for one in texts if one.source == "everyday"], hint=False)
        yield f"Of these the {everyday.lines} plain everyday ones: F1 **{everyday.all().f1:.2f}**."
        if reader.is_installed():
            yield "With the embedding reader:"
            yield from _tables(measure(texts, hint=False, with_vectors=True))
    yield "## Due times"
    yield _due("kept from learning", [one for one in bank if one.source == "due" and one.share < MEASURES])
    if HELD_OUT.is_dir():
        yield _due("by another hand", [one for one in read_bank(HELD_OUT) if one.source == "due"])
    yield "## Time"
    yield _speed([one for one in bank if one.source.startswith("long")])


def as_json() -> str:
    """The same for a program: one object."""
    kept = [one for one in read_bank() if one.share < MEASURES and one.source != "due"]
    measured = measure(kept)
    return json.dumps(
        {
            "lines": measured.lines,
            "f1": round(measured.all().f1, 3),
            "alarms": round(measured.alarms / max(1, measured.without_act), 3),
            "acts": {act: round(count.f1, 3) for act, count in sorted(measured.by_act().items())},
            "languages": {code: round(count.f1, 3) for code, count in sorted(measured.by_language().items())},
        }
    )


def _shares(bank: Sequence[Labelled]) -> str:
    without = sum(not one.acts for one in bank)
    counts = ", ".join(f"{code} {sum(one.language == code for one in bank)}" for code in LANGUAGES)
    return f"{without} hold no act. By language: {counts}."


def _tables(measured: Measured) -> Iterator[str]:
    whole = measured.all()
    yield (
        f"F1 over all acts **{whole.f1:.2f}** (precision {whole.precision:.2f}, recall {whole.recall:.2f}); alarms on"
        f" texts without an act {measured.alarms / max(1, measured.without_act):.2f} of {measured.without_act}."
    )
    yield _table("act", [(act.value, _of_act(measured, act)) for act in Act if _of_act(measured, act)])
    by_language = measured.by_language()
    yield _table("language", [(code, by_language[code]) for code in LANGUAGES if code in by_language])
    head = "| F1 | " + " | ".join(LANGUAGES) + " |\n|---|" + "---|" * len(LANGUAGES)
    yield "\n".join([head, *(_row(measured, act) for act in Act if _of_act(measured, act))])


def _of_act(measured: Measured, act: Act) -> Count | None:
    return measured.by_act().get(act)


def _row(measured: Measured, act: Act) -> str:
    cells = [f"{measured.of[act, code].f1:.2f}" if (act, code) in measured.of else "" for code in LANGUAGES]
    return f"| {act} | " + " | ".join(cells) + " |"


def _table(name: str, rows: Iterable[tuple[str, Count | None]]) -> str:
    lines = [f"| {name} | texts | precision | recall | F1 |", "|---|---|---|---|---|"]
    for title, count in rows:
        assert count is not None
        lines.append(
            f"| {title} | {count.right + count.missed} | {count.precision:.2f} | {count.recall:.2f} | {count.f1:.2f} |"
        )
    return "\n".join(lines)


def _due(which: str, lines: Sequence[Labelled]) -> str:
    exact, invented, missed = measure_due(lines)
    return (
        f"Of {len(lines)} texts {which} {exact} have their due time read exactly, end to end; {missed} are not found,"
        f" {invented} invented."
    )


def _speed(lines: Sequence[Labelled]) -> str:
    """Whole mails as they were written, and the same filled up to 1,000 characters."""
    whole = _milliseconds([(one, one.text) for one in lines])
    filled = _milliseconds([(one, (one.text + "\n\n" + one.text * 3)[:1000]) for one in lines])
    length = statistics.median(len(one.text) for one in lines)
    return (
        f"The {len(lines)} whole mails of the bank ({length:.0f} characters in the median) take"
        f" {statistics.median(whole):.2f} ms of processor time each (median; 95th: {_percentile(whole, 0.95):.2f} ms)."
        f" Filled up to 1,000 characters they take {statistics.median(filled):.2f} ms (95th:"
        f" {_percentile(filled, 0.95):.2f} ms)."
    )


def _milliseconds(texts: Sequence[tuple[Labelled, str]]) -> list[float]:
    at = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
    best = []
    for one, text in texts:
        tries = []
        for _ in range(4):  # words are remembered from the first time on
            began = time.process_time()
            read(text, one.side, at, CALENDAR, one.language)
            tries.append(1000 * (time.process_time() - began))
        best.append(min(tries[1:]))
    return sorted(best)


def _percentile(rising: Sequence[float], share: float) -> float:
    return rising[int(share * len(rising))]
