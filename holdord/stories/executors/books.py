"""What a company's system did, kept in a file: each key once, however often it is asked."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Act = Callable[["Books", dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Books:
    """The file. Two who ask with one key at once get one deed: the key is written in the transaction of the deed."""

    file: Path

    def open(self) -> None:
        """Make the tables, unless they are there."""
        with closing(self._connect()) as books:
            books.execute("PRAGMA journal_mode = WAL")
            books.execute("CREATE TABLE IF NOT EXISTS done (key TEXT PRIMARY KEY, asked TEXT, answer TEXT)")
            books.execute(
                "CREATE TABLE IF NOT EXISTS things (owner TEXT, name TEXT, state TEXT, PRIMARY KEY (owner, name))"
            )
            books.execute("CREATE TABLE IF NOT EXISTS acts (number INTEGER PRIMARY KEY, words TEXT)")

    def do(self, key: str, asked: dict[str, Any], act: Act) -> dict[str, Any]:
        """Do it, or say again what came of it."""
        with closing(self._connect()) as books:
            books.execute("BEGIN IMMEDIATE")
            known = books.execute("SELECT answer FROM done WHERE key = ?", (key,)).fetchone()
            if known is None:
                answer = act(_Open(self.file, books), asked)
                books.execute("INSERT INTO done VALUES (?, ?, ?)", (key, json.dumps(asked), json.dumps(answer)))
            else:
                answer = json.loads(known[0])
            books.execute("COMMIT")
            return dict(answer)

    def answer_to(self, key: str) -> dict[str, Any] | None:
        """What came of a key; None if it was never asked for."""
        with closing(self._connect()) as books:
            known = books.execute("SELECT answer FROM done WHERE key = ?", (key,)).fetchone()
            return dict(json.loads(known[0])) if known else None

    def state(self, owner: str, name: str, otherwise: str) -> str:
        """How a thing of somebody's stands."""
        with closing(self._connect()) as books:
            return _state(books, owner, name, otherwise)

    def set(self, owner: str, name: str, state: str) -> None:
        """Change how a thing stands; a line of the acts tells of it."""
        raise NotImplementedError("only inside a deed")

    def things(self) -> list[tuple[str, str, str]]:
        """Every thing that was ever changed: whose, what, how it stands."""
        with closing(self._connect()) as books:
            return list(books.execute("SELECT owner, name, state FROM things ORDER BY owner, name"))

    def acts(self) -> list[str]:
        """What was done, in order."""
        with closing(self._connect()) as books:
            return [words for (words,) in books.execute("SELECT words FROM acts ORDER BY number")]

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file, timeout=20, isolation_level=None)


@dataclass(frozen=True)
class _Open(Books):
    """The same file, inside the transaction of one deed."""

    books: sqlite3.Connection

    def state(self, owner: str, name: str, otherwise: str) -> str:
        return _state(self.books, owner, name, otherwise)

    def set(self, owner: str, name: str, state: str) -> None:
        self.books.execute("INSERT OR REPLACE INTO things VALUES (?, ?, ?)", (owner, name, state))
        self.books.execute("INSERT INTO acts (words) VALUES (?)", (f"{name} of {owner}: {state}",))


def _state(books: sqlite3.Connection, owner: str, name: str, otherwise: str) -> str:
    found = books.execute("SELECT state FROM things WHERE owner = ? AND name = ?", (owner, name)).fetchone()
    return str(found[0]) if found else otherwise
