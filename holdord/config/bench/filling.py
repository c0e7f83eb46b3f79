"""A desk of any size, written in bulk: as many conversations as wanted, three messages of some 600 letters each, and as
many running promises. Words are drawn as people use them: few often, many seldom.
"""

import json
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db import connection, transaction

from holdord.conversations.search.words import terms
from holdord.kernel import clock
from holdord.people.models import Inbox

CHUNK = 5_000
"""Conversations written at a time."""

WORDS_IN_A_MESSAGE = 64
RARE_EVERY = 50_000
"""One conversation in so many holds the rare word."""

RARE, COMMON, BEGINNING = "guldfisk", "boksen", "lever"

_SEEDS = {
    "da": "boksen virker ikke jeg har ventet på svar i tre uger og ingen ringer hvornår kommer den nye pakke ordre",
    "nb": "jeg venter fortsatt på svar om leveringen og fakturaen stemmer ikke kan noen ringe meg i dag om stolene",
    "sv": "jag väntar fortfarande på besked om leveransen och fakturan stämmer inte kan någon ringa mig i dag",
    "de": "ich warte noch immer auf die Erstattung und niemand meldet sich wann kommt das Paket mit der Bestellung",
    "en": "I am still waiting for the refund and nobody answers when will the parcel with my order arrive please",
}


class Words:
    """Draws texts of one language, with the terms they are searched by."""

    def __init__(self, language: str, dice: random.Random, vocabulary: int = 4_000) -> None:
        seeds = _SEEDS[language].split()
        self._words = seeds + [f"{dice.choice(seeds)}{_syllables(dice)}" for _ in range(vocabulary)]
        self._terms = [terms(word, language)[0] for word in self._words]
        weights = [1 / (rank + 8) for rank in range(len(self._words))]
        self._sums = list(accumulate(weights))
        self._dice = dice

    def text(self) -> tuple[str, str]:
        """A text of some 600 letters, and its terms."""
        picked = self._dice.choices(range(len(self._words)), cum_weights=self._sums, k=WORDS_IN_A_MESSAGE)
        return " ".join([self._words[at] for at in picked]), " ".join([self._terms[at] for at in picked])


def _syllables(dice: random.Random) -> str:
    return "".join(dice.choice(("ba", "le", "mi", "tro", "san", "ki", "vu", "ner")) for _ in range(2))


def fill(conversations: int, say: Callable[[str], None]) -> None:
    """Write so many conversations with all that hangs on them, in order; progress is said."""
    writer = _Writer()
    dice = random.Random(7)  # noqa: S311 - the same desk each time
    words = {language: Words(language, dice) for language in _SEEDS}
    begun = time.monotonic()
    for first in range(0, conversations, CHUNK):
        writer.write(_chunk(writer, range(first, min(first + CHUNK, conversations)), words, dice))
        done = min(first + CHUNK, conversations)
        spent = time.monotonic() - begun
        left = spent / done * (conversations - done)
        say(f"{done:,} of {conversations:,} conversations, {spent:.0f} s gone, {left:.0f} s to go")
    writer.finish()


class _Writer:
    """Bulk rows into tables, on either database."""

    def __init__(self) -> None:
        self.inboxes = list(Inbox.objects.order_by("pk").values_list("pk", "team_id"))
        self.now = clock.now()
        self.first = {table: _highest(table) + 1 for table in _COLUMNS if table != "message_search"}
        with connection.cursor() as cursor:
            # Word by word into an index of words takes most of the time; made at the end it takes a minute.
            cursor.execute("PRAGMA synchronous=OFF" if connection.vendor == "sqlite" else _WITHOUT_WORDS)

    def write(self, tables: dict[str, list[tuple[Any, ...]]]) -> None:
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            raw = connection.connection
            raw.execute("BEGIN IMMEDIATE")
            for table, rows in tables.items():
                columns = _COLUMNS[table]
                names = ", ".join(f'"{name}"' for name in columns)
                places = ", ".join("?" * len(columns))
                statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608 - names from below
                if table == "message_search":
                    statement = statement.replace('"message_id"', '"rowid"')
                raw.executemany(statement, rows)
            raw.execute("COMMIT")
            return
        with connection.cursor() as cursor:
            for table, rows in tables.items():
                _copy(cursor, table, rows)

    def finish(self) -> None:
        """Leave the database as a desk of that age would have it: counted, ordered, durable."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA synchronous=FULL")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.execute("ANALYZE")
                return
            for table in _COLUMNS:
                if table != "message_search":
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
                    )
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute(_WITH_WORDS)
            cursor.execute("VACUUM ANALYZE")


_WITHOUT_WORDS = "DROP INDEX IF EXISTS message_search_words"
_WITH_WORDS = "CREATE INDEX message_search_words ON message_search USING gin (words) WITH (fastupdate = off)"


def write_rows(tables: dict[str, list[tuple[Any, ...]]]) -> None:
    """Write rows in bulk into tables of the ledger, and leave the database counted."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in tables.items():
            names = ", ".join(f'"{name}"' for name in _COLUMNS.get(table) or _OF_THE_LEDGER[table])
            if connection.vendor == "sqlite":
                places = ", ".join("?" * len(rows[0]))
                connection.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)  # noqa: S608
                continue
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(cursor: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in _COLUMNS[table])
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row((row[0], _vector(row[1])) if table == "message_search" else row)


def _vector(words: str) -> str:
    """A tsvector as PostgreSQL reads it. The words are plain letters already, so that nothing has to be quoted."""
    return " ".join(set(words.split()))


def _highest(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{table}"')  # noqa: S608 - names from below
        return int(cursor.fetchone()[0])


_COLUMNS: dict[str, tuple[str, ...]] = {
    "people_customer": ("id", "name", "language", "place", "created_at"),
    "people_identity": ("id", "customer_id", "kind", "address", "name", "created_at"),
    "conversations_conversation": (
        "id", "public_id", "inbox_id", "team_id", "customer_id", "subject", "language", "channel", "status",
        "opened_at", "changed_at",
    ),
    "conversations_participant": (
        "id", "public_id", "conversation_id", "identity_id", "epoch", "is_customer", "joined_at",
    ),
    "conversations_message": (
        "id", "conversation_id", "kind", "channel", "identity_id", "subject", "text", "reply_text", "html", "language",
        "at", "message_id", "references", "body_hash", "machine", "is_automatic", "is_answer", "trust", "by_stranger",
        "looks_forged", "subject_changed", "defects", "heard_at",
    ),
    "message_search": ("message_id", "words"),
    "promises_promise": (
        "id", "conversation_id", "kind", "what", "state", "team_id", "origin_id", "given_at", "due_at", "first_due_at",
        "rank_at", "precision", "warn_at", "work_minutes", "stage", "next_look_at", "reason", "source",
        "is_customers_deadline", "awaits_people", "override_reason",
    ),
    "history_event": ("id", "kind", "at", "conversation_id", "seen_by_customer", "payload"),
}  # fmt: skip


_OF_THE_LEDGER: dict[str, tuple[str, ...]] = {
    "promises_reservation": ("promise_id", "pool_id", "amount", "at"),
    "promises_promisedwork": ("pool_id", "due_at", "amount"),
    "promises_promisedday": ("pool_id", "on", "amount", "version"),
}


def _chunk(
    writer: _Writer, numbers: range, words: dict[str, Words], dice: random.Random
) -> dict[str, list[tuple[Any, ...]]]:
    tables: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _COLUMNS}
    for number in numbers:
        _conversation(writer, number, words, dice, tables)
    return tables


def _conversation(
    writer: _Writer, number: int, words: dict[str, Words], dice: random.Random, tables: dict[str, list[tuple[Any, ...]]]
) -> None:
    first, (inbox, team) = writer.first, writer.inboxes[number % len(writer.inboxes)]
    # Three conversations and more a customer; the newest are the highest numbers.
    person = number * 3 // 10
    customer, identity = first["people_customer"] + person, first["people_identity"] + person
    language = tuple(words)[person % len(words)]
    began = writer.now - timedelta(seconds=20 * (2_000_000 - number))
    if number == 0 or person != (number - 1) * 3 // 10:
        tables["people_customer"].append((customer, f"Kunde {person}", language, "", _moment(began)))
        tables["people_identity"].append(
            (identity, customer, "email", f"kunde{person}@bench.example", f"Kunde {person}", _moment(began))
        )
    key = first["conversations_conversation"] + number
    subject = f"Sag {number}"
    is_open = number % 20 == 0
    tables["conversations_conversation"].append(
        (key, _uuid(dice), inbox, team, customer, subject, language, "email", "open" if is_open else "closed",
         _moment(began), _moment(began + timedelta(hours=4)))
    )  # fmt: skip
    tables["conversations_participant"].append(
        (first["conversations_participant"] + number, _uuid(dice), key, identity, 0, _yes(True), _moment(began))
    )
    for turn in range(3):
        message = first["conversations_message"] + 3 * number + turn
        text, indexed = words[language].text()
        if turn == 0 and number % RARE_EVERY == 17:
            text, indexed = f"{RARE} {text}", f"{terms(RARE, language)[0]} {indexed}"
        inbound = turn != 1
        tables["conversations_message"].append(
            (message, key, "inbound" if inbound else "outbound", "email", identity, subject, text, "", "", language,
             _moment(began + timedelta(hours=2 * turn)), f"{message}@bench.example", "[]", "", "", _yes(False),
             _yes(not inbound), "verified", _yes(False), _yes(False), _yes(False), "[]", _moment(began))
        )  # fmt: skip
        tables["message_search"].append((message, indexed))
    due = writer.now + timedelta(days=1 + number % 300, minutes=5 * (number % 90))
    tables["promises_promise"].append(
        (first["promises_promise"] + number, key, "answer" if is_open else "delivery", "Svar", "open", team,
         first["conversations_message"] + 3 * number, _moment(began), _moment(due), _moment(due), _moment(due),
         "minute", _moment(due - timedelta(hours=2)), 0, "", _moment(due - timedelta(hours=2)), "",
         "pledge", _yes(False), _yes(True), "")
    )  # fmt: skip
    tables["history_event"].append(
        (first["history_event"] + number, "InquiryReceived", _moment(began), key, _yes(True),
         json.dumps({"message_id": key}))
    )  # fmt: skip


def _moment(moment: datetime) -> Any:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ") if connection.vendor == "sqlite" else moment


def _yes(value: bool) -> Any:
    return int(value) if connection.vendor == "sqlite" else value


def _uuid(dice: random.Random) -> Any:
    found = uuid.UUID(int=dice.getrandbits(128), version=4)
    return found.hex if connection.vendor == "sqlite" else found


def show_progress(line: str) -> None:
    """A line that is written over on a terminal."""
    sys.stderr.write(f"\r{line}   " if sys.stderr.isatty() else f"{line}\n")
    sys.stderr.flush()
