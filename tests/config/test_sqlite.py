"""The SQLite backend's one door for writing. It has a file of its own here, whatever database the run is on."""

import threading
import time

import pytest
from django.db import OperationalError, connections, transaction
from django.db.utils import ConnectionHandler

from holdord.config import environment


@pytest.fixture
def database(tmp_path, django_db_blocker):
    """The alias of a database with an empty table."""
    settings = environment._sqlite(tmp_path / "lock.sqlite3")
    settings["OPTIONS"]["timeout"] = 3
    connections.settings["lock"] = ConnectionHandler({"default": settings}).settings["default"]
    with django_db_blocker.unblock():
        connections["lock"].cursor().execute("CREATE TABLE note (text text)")
        yield "lock"
        connections["lock"].close()
    del connections.settings["lock"]
    del connections["lock"]


def write(text):
    with connections["lock"].cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES (%s)", [text])


def written():
    with connections["lock"].cursor() as cursor:
        return [text for (text,) in cursor.execute("SELECT text FROM note ORDER BY rowid").fetchall()]


def in_a_thread(work):
    """Run `work` in a thread with a connection of its own; the failure it ended in, or None."""
    failures = [None]

    def run():
        try:
            work()
        except Exception as failure:
            failures[0] = failure
        finally:
            connections["lock"].close()

    thread = threading.Thread(target=run)
    thread.start()
    return lambda: (thread.join(), failures[0])[1]


def test_many_threads_write_and_none_is_refused(database):
    def twenty():
        for number in range(20):
            with transaction.atomic(using=database):
                write(str(number))

    assert [done() for done in [in_a_thread(twenty) for _ in range(8)]] == [None] * 8
    assert len(written()) == 160


def test_a_second_writer_waits_for_the_first(database):
    order = []
    begun = threading.Event()

    def second():
        begun.wait(5)
        with transaction.atomic(using=database):
            order.append("second")

    done = in_a_thread(second)
    with transaction.atomic(using=database):
        begun.set()
        time.sleep(0.2)
        order.append("first")
    assert done() is None
    assert order == ["first", "second"]


def test_an_exception_gives_the_lock_back(database):
    with pytest.raises(ZeroDivisionError), transaction.atomic(using=database):
        write("undone")
        1 / 0  # noqa: B018
    assert in_a_thread(lambda: write_atomically("kept"))() is None
    assert written() == ["kept"]


def test_a_savepoint_that_fails_keeps_the_lock_of_the_whole(database):
    waits = []

    def other():
        before = time.monotonic()
        write_atomically("other")
        waits.append(time.monotonic() - before)

    with transaction.atomic(using=database):
        with pytest.raises(ZeroDivisionError), transaction.atomic(using=database):
            1 / 0  # noqa: B018
        done = in_a_thread(other)
        time.sleep(0.3)
        write("outer")
    assert done() is None
    assert written() == ["outer", "other"]
    assert waits[0] >= 0.25


def test_a_connection_closed_inside_a_transaction_gives_the_lock_back(database):
    with pytest.raises(Exception, match="closed|Cannot operate"), transaction.atomic(using=database):
        write("lost")
        connections["lock"].close()
        write("never")
    connections["lock"].close()
    assert in_a_thread(lambda: write_atomically("kept"))() is None
    assert written() == ["kept"]


def test_a_refused_begin_gives_the_lock_back(database, tmp_path):
    other_process = connections["lock"].Database.connect(tmp_path / "lock.sqlite3", isolation_level=None)
    other_process.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        write_atomically("refused")
    other_process.execute("ROLLBACK")
    other_process.close()
    assert in_a_thread(lambda: write_atomically("kept"))() is None


def test_who_waits_too_long_is_told_and_no_lock_is_lost(database):
    with transaction.atomic(using=database):
        assert isinstance(in_a_thread(lambda: write_atomically("late"))(), OperationalError)
    assert in_a_thread(lambda: write_atomically("kept"))() is None
    assert written() == ["kept"]


def write_atomically(text):
    with transaction.atomic(using="lock"):
        write(text)


def test_the_settings_that_accepted_mail_stands_on(database):
    with connections["lock"].cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]


def test_who_asked_first_writes_first(database):
    order = []

    def waits(name):
        with transaction.atomic(using=database):
            order.append(name)

    def hogs():
        # Writes without pause: it may not pass those who wait.
        for _ in range(50):
            with transaction.atomic(using=database):
                time.sleep(0.01)
                order.append("hog")

    hog = in_a_thread(hogs)
    time.sleep(0.05)
    begun = time.monotonic()
    assert in_a_thread(lambda: waits("page"))() is None
    waited = time.monotonic() - begun
    assert hog() is None
    assert waited < 0.2
    assert order.index("page") < 20


def test_what_is_asked_again_is_not_compiled_again_however_much_came_between(database):
    desk = connections[database]
    with transaction.atomic(using=database):
        for number in range(300):
            with transaction.atomic(using=database):
                desk.cursor().execute(f"SELECT {number}")
        compiled = []
        # SQLite asks it while it compiles.
        desk.connection.set_authorizer(lambda *_: compiled.append(1) or 0)
        for _ in range(3):
            with transaction.atomic(using=database):
                desk.cursor().execute("SELECT text FROM note WHERE text = %s", ["Hej"]).fetchall()
                desk.cursor().execute("SELECT text FROM note WHERE text > %s", ["Hej"]).fetchall()
                compiled.append(0)
        assert compiled.count(1) > 0
        assert compiled[-2:] == [0, 0]


def test_only_the_inner_part_is_taken_back(database):
    with transaction.atomic(using=database):
        write("outer")
        with pytest.raises(ZeroDivisionError), transaction.atomic(using=database):
            with transaction.atomic(using=database):
                write("innermost")
            write("inner")
            raise ZeroDivisionError
        with transaction.atomic(using=database):
            write("after")
    assert written() == ["outer", "after"]
