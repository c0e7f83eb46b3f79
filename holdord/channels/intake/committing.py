"""A transaction that need not be on the disk when it ends, since all of it can be done again (decision 17)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from holdord.history.rows import cursor_of


@contextmanager
def repeatable() -> Iterator[None]:
    """A transaction whose commit does not wait for the disk. Should the machine fail right after it, the database is as
    it was before; the next commit that waits, by whomever, takes it to the disk too.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.in_atomic_block:  # then it is the outer transaction's to say
        with transaction.atomic():
            yield
    elif database.vendor == "postgresql":
        with transaction.atomic():
            cursor_of(database).execute("SET LOCAL synchronous_commit TO off")
            yield
    else:
        cursor_of(database).execute("PRAGMA synchronous=NORMAL")
        try:
            with transaction.atomic():
                yield
        finally:
            if database.connection is not None:
                cursor_of(database).execute("PRAGMA synchronous=FULL")
