"""Fixtures for every test: the clock they may move, and the real servers around the desk."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache

from holdord.kernel import clock as the_clock
from tests.support.dovecot import Dovecot
from tests.support.flushing import flush_the_search_index_too
from tests.support.postgres import Cluster
from tests.support.sink import Sink

if TYPE_CHECKING:
    from playwright.sync_api import Browser

flush_the_search_index_too()

# How long an example takes says more of the machine than of the rule.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("desk")

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_MONDAY_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=COPENHAGEN)
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


class MovableClock:
    """The desk's clock in a test. It runs, from Monday 2 March 2026 9:00 in Copenhagen, and goes where it is told."""

    zone = COPENHAGEN

    def moves_to(self, moment: "datetime | str") -> datetime:
        """Move to an aware datetime, or to the next "Mon 15:00" from now (in `zone`)."""
        there = moment if isinstance(moment, datetime) else self.next(moment)
        the_clock.move_to(there)
        return there

    def passes(self, **span: float) -> datetime:
        """Move on by a timedelta's arguments: `clock.passes(hours=2)`."""
        return self.moves_to(the_clock.now() + timedelta(**span))

    def next(self, weekday_and_time: str) -> datetime:
        """The next "Mon 15:00" from now (in `zone`); today's if it is still to come."""
        day, _, hour = weekday_and_time.partition(" ")
        now = the_clock.now().astimezone(self.zone)
        on = now.date() + timedelta(days=(_DAYS.index(day) - now.weekday()) % 7)
        there = datetime.combine(on, time.fromisoformat(hour), tzinfo=self.zone)
        return there if there >= now else there + timedelta(days=7)

    @staticmethod
    def now() -> datetime:
        return the_clock.now()


@pytest.fixture(scope="session", autouse=True)
def _directory_of_the_run() -> Iterator[None]:
    settings.DATA.mkdir(parents=True, exist_ok=True)
    yield
    if settings.DATA.is_relative_to(tempfile.gettempdir()):
        shutil.rmtree(settings.DATA, ignore_errors=True)


@pytest.fixture
def clock() -> Iterator[MovableClock]:
    """The clock, at Monday 9:00."""
    movable = MovableClock()
    movable.moves_to(_MONDAY_MORNING)
    yield movable
    (settings.DATA / "clock").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _nobody_was_counted(request: pytest.FixtureRequest) -> None:
    # On PostgreSQL the cache is a table: it goes back with the test, but for tests that commit.
    commits = "transactional_db" in request.fixturenames
    if commits:
        request.getfixturevalue("transactional_db")
    if commits or "locmem" in settings.CACHES["default"]["BACKEND"]:
        cache.clear()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that catches."""
    opened = Sink().open()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Debian's Chromium: one for the whole run, since Playwright's loop can't be begun twice in a thread."""
    from playwright.sync_api import sync_playwright

    # Playwright runs a loop in this thread; Django must not take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real IMAP server; each test takes a user name of its own."""
    running = Dovecot()
    yield running
    running.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL that a test may stop."""
    running = Cluster()
    yield running
    running.remove()


def pytest_report_header() -> str:
    """Say which database this run is on."""
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}, data: {Path(settings.DATA)}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`long` tests run when HOLDORD_LONG says so (bin/test --long); leaving them out is a choice, not a skip. What says
    the same on every database is marked `plain`, and bin/test asks it once.
    """
    if os.environ.get("HOLDORD_LONG") != "yes":
        items[:] = [item for item in items if "long" not in item.keywords]
    looked_at: set[str] = set()
    for item in items:
        if _touches_no_table(item) or _looks_the_same_otherwise(item, looked_at):
            item.add_marker("plain")


def _touches_no_table(item: pytest.Item) -> bool:
    # Without these pytest-django refuses every statement. Tests of commands and processes may reach a database by
    # starting one.
    if "processes" in item.keywords or item.location[0].startswith("tests/config/"):
        return False
    return not item.get_closest_marker("django_db") and not _DATABASES & set(getattr(item, "fixturenames", ()))


_DATABASES = {"db", "transactional_db", "django_db_reset_sequences", "live_server", "cluster"}


def _looks_the_same_otherwise(item: pytest.Item, looked_at: set[str]) -> bool:
    """A page that was looked at once: in other widths, colours and languages nothing else is asked of the database."""
    of = getattr(item, "callspec", None)
    if "browser" not in item.keywords or of is None or not of.params.keys() <= _LOOKS:
        return False
    test = item.nodeid.partition("[")[0]
    if test in looked_at:
        return True
    looked_at.add(test)
    return False


_LOOKS = {"width", "scheme", "language", "lang", "hue"}
