"""The worker's loops: they go on, whatever one turn meets, and end when told."""

import threading
import time

import pytest

from holdord.config import worker
from holdord.config.timetable import TIMETABLE, Line
from holdord.config.worker import Clock, Worker


def test_every_line_of_the_timetable_names_a_job_that_is_there():
    assert all(callable(line.load()) for line in TIMETABLE)
    assert len({line.job for line in TIMETABLE}) == len(TIMETABLE)


ran = []


def runs(*, now):
    ran.append(now)


def stumbles(*, now):
    raise ZeroDivisionError


def test_a_job_that_stumbles_keeps_no_other_from_running(clock):
    ran.clear()
    lines = [Line(60, f"{__name__}:stumbles"), Line(60, f"{__name__}:runs")]
    the_clock = Clock.__new__(Clock)
    the_clock._due = [(lines[0], stumbles, [0.0]), (lines[1], runs, [0.0])]
    the_clock.tick()
    the_clock.tick()
    assert len(ran) == 1


@pytest.mark.django_db(transaction=True)
def test_a_loop_survives_trouble_and_ends_when_told(monkeypatch):
    monkeypatch.setattr(worker, "RESTS_AFTER_TROUBLE", 0.01)
    turns = []
    enough = threading.Event()

    def turn():
        turns.append(1)
        if len(turns) >= 5:
            enough.set()
        if len(turns) % 2:
            raise OSError("the network is down")
        return False

    working = Worker()
    working._begin("test", turn, rests=0.01)
    assert enough.wait(5)
    begun = time.monotonic()
    working.stop()
    assert time.monotonic() - begun < 2
    assert not any(thread.is_alive() for thread in working._threads)
