"""Full-text search over messages, in five languages, on both databases (FTS5, tsvector).

Neither database stems the Nordic languages or folds æ ø ß, so words are folded and stemmed here, the same way for what
is stored and what is sought.
"""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connection, connections

from holdord.conversations.models import Message
from holdord.conversations.search.words import alternatives, terms
from holdord.history.rows import cursor_of
from holdord.listening.private_numbers import without

MOST_TERMS = 5_000
"""How many words of one message are searchable."""

SHORTEST_BEGINNING = 2
"""Letters that a beginning has: one letter begins words in every message. From two to seven letters the index of SQLite
keeps lists of beginnings (migration 0003)."""

MOST_WORDS_SOUGHT = 12
"""How many words of a search count."""


def index(*messages: Message) -> None:
    """Make messages findable, by their words and subjects. Runs in the transaction that writes them.

    Many at once cost less than one by one: SQLite's index makes a list of its own for each time, and joins them later.
    Numbers of persons and accounts are left out: nobody finds people by them.
    """
    if not messages:
        return
    rows = [(message.pk, _words_of(message)) for message in messages]
    database = connections[DEFAULT_DB_ALIAS]
    cursor_of(database).executemany(_INTO_SQLITE if database.vendor == "sqlite" else _INTO_POSTGRESQL, rows)


def _words_of(message: Message) -> str:
    said = without(f"{message.subject}\n{message.text}")
    return " ".join(terms(said, message.language)[:MOST_TERMS])


_INTO_SQLITE = "INSERT INTO message_search (rowid, words) VALUES (%s, %s)"
# Nobody asks where in a message a word stands, and the places take a third of the table.
_INTO_POSTGRESQL = "INSERT INTO message_search (message_id, words) VALUES (%s, strip(to_tsvector('simple', %s)))"


def forget(message: Message) -> None:
    """Make a message unfindable."""
    key = "rowid" if connection.vendor == "sqlite" else "message_id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM message_search WHERE {key} = %s", [message.pk])  # noqa: S608 - one of two names


def find(sought: str, *, team_ids: Sequence[int], most: int = 50, before: int | None = None) -> list[int]:
    """The ids of messages that hold every word of `sought` in conversations of these teams, newest first.

    `before` is a message id to page on from. When whole words find less than a page, the last one may be a beginning:
    a common beginning has the index join hundreds of lists, and nobody needs it while there are whole words.
    Nothing for a search without words.
    """
    words = alternatives(sought)[:MOST_WORDS_SOUGHT]
    if not words or not team_ids:
        return []
    found = _asked(words, "", team_ids, before, most)
    if len(found) >= most or len(words[-1][0]) < SHORTEST_BEGINNING:
        return found
    return _asked(words, "*", team_ids, before, most)


def _asked(
    words: Sequence[Sequence[str]], ending: str, team_ids: Sequence[int], before: int | None, most: int
) -> list[int]:
    sqlite = connection.vendor == "sqlite"
    expression = _for_sqlite(words, ending) if sqlite else _for_postgresql(words, ending and ":*")
    places = ", ".join(["%s"] * len(team_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            (_SQLITE if sqlite else _POSTGRESQL).format(teams=places), [expression, before or 2**62, *team_ids, most]
        )
        return [row[0] for row in cursor.fetchall()]


def _for_sqlite(words: Sequence[Sequence[str]], ending: str) -> str:
    *whole, last = words
    groups = ["(" + " OR ".join(f'"{term}"' for term in group) + ")" for group in whole]
    return " AND ".join([*groups, "(" + " OR ".join(f'"{term}"{ending}' for term in last) + ")"])


def _for_postgresql(words: Sequence[Sequence[str]], ending: str) -> str:
    *whole, last = words
    groups = ["(" + " | ".join(f"'{term}'" for term in group) + ")" for group in whole]
    return " & ".join([*groups, "(" + " | ".join(f"'{term}'{ending}" for term in last) + ")"])


_SQLITE = (
    "SELECT m.id FROM message_search s JOIN conversations_message m ON m.id = s.rowid"
    " JOIN conversations_conversation c ON c.id = m.conversation_id"
    " WHERE message_search MATCH %s AND s.rowid < %s AND c.team_id IN ({teams}) AND c.status <> 'erased'"
    " ORDER BY s.rowid DESC LIMIT %s"
)
_POSTGRESQL = (
    "SELECT m.id FROM message_search s JOIN conversations_message m ON m.id = s.message_id"
    " JOIN conversations_conversation c ON c.id = m.conversation_id"
    " WHERE s.words @@ to_tsquery('simple', %s) AND s.message_id < %s AND c.team_id IN ({teams})"
    " AND c.status <> 'erased' ORDER BY s.message_id DESC LIMIT %s"
)
