"""Full disks, read-only disks, a database that stops: a temporary refusal, nothing accepted is lost, and it recovers
by itself (mail.md In 1).
"""

import contextlib
import json
import os
import shutil
import smtplib
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from tests.support.mails import hand_over, mail
from tests.support.server import Server

pytestmark = [pytest.mark.processes, pytest.mark.plain]
"""Plain: each test names the database it is about, whatever database this run is on."""

_INBOUND = """
import json
from holdord.conversations.models import Message
print(json.dumps(list(Message.objects.filter(kind="inbound").values_list("message_id", flat=True))))
"""


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 12 MB. Mounting needs root; without it bin/test says loudly what it could not test."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED without root: a full disk (it mounts a tmpfs). sudo bin/test does.")
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.fixture
def desk_at(sink, request):
    """Makes a seeded desk in a directory, on SQLite or in a new database of the cluster; it is killed at the end."""
    made = []

    def make(directory, database=None):
        seeded = request.getfixturevalue("seeded_on_cluster" if database else "seeded_on_sqlite")
        shutil.copytree(seeded.directory, directory, dirs_exist_ok=True)
        url = request.getfixturevalue("cluster").create(database, like="seeded") if database else None
        made.append(Server(directory, database=url, smtp_port=sink.port))
        return made[-1]

    yield make
    for server in made:
        if server.process:
            server.kill()


def send_until_refused(server, most=400, size=60_000):
    """Hand mails over until one is refused; the ids of those that were taken, and the refusal."""
    taken = []
    for _ in range(most):
        message = mail("x" * size, to=server.address)
        try:
            hand_over(message.as_bytes(), port=server.smtp, to=server.address)
        except smtplib.SMTPResponseException as refusal:
            return taken, refusal
        except smtplib.SMTPRecipientsRefused as refusal:
            code, words = next(iter(refusal.recipients.values()))
            return taken, smtplib.SMTPResponseException(code, words)
        taken.append(message["Message-ID"].strip("<>"))
    raise AssertionError("the disk never filled")


def inbound(server, count, seconds=60):
    until = time.monotonic() + seconds
    while True:
        found = json.loads(server.python(_INBOUND))
        if len(found) >= count or time.monotonic() > until:
            return found
        time.sleep(0.5)


def status_of_a_page(server):
    try:
        with urllib.request.urlopen(f"{server.url}/account/login/", timeout=15) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def accepted_again(server, seconds=30):
    """A mail that is taken, after however many refusals; its id."""
    until = time.monotonic() + seconds
    while True:
        message = mail(to=server.address)
        try:
            hand_over(message.as_bytes(), port=server.smtp, to=server.address)
        except (OSError, smtplib.SMTPException):
            assert time.monotonic() < until, server.log[-3000:]
            time.sleep(0.3)
        else:
            return message["Message-ID"].strip("<>")


def test_a_full_disk_refuses_for_now_and_recovers(small_disk, desk_at):
    # Data and SQLite's database on the small disk, whatever database this run is on.
    server = desk_at(small_disk / "desk")
    server.start()
    taken, refusal = send_until_refused(server)
    assert refusal.smtp_code in {451, 452}, refusal
    assert len(taken) > 5
    time.sleep(2)
    assert server.process.poll() is None, server.log[-3000:]
    with pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)):
        hand_over(mail("x" * 100_000, to=server.address).as_bytes(), port=server.smtp, to=server.address)
    # Somebody makes room.
    subprocess.run(["mount", "-o", "remount,size=200m", small_disk], check=True)
    taken.append(accepted_again(server))
    found = inbound(server, len(taken))
    assert sorted(found) == sorted(set(found))
    assert set(taken) <= set(found)
    assert server.stop() == 0


def test_a_full_disk_refuses_large_mails_too_and_leaves_no_halves(small_disk, desk_at):
    server = desk_at(small_disk / "desk")
    server.start()
    taken, refusal = send_until_refused(server, size=1_500_000)
    assert refusal.smtp_code in {451, 452}
    subprocess.run(["mount", "-o", "remount,size=200m", small_disk], check=True)
    taken.append(accepted_again(server))
    assert set(taken) <= set(inbound(server, len(taken)))
    names = [path.name for path in (small_disk / "desk" / "raw").rglob("*") if path.is_file()]
    assert all(len(name) == 64 for name in names), names
    server.stop()


def test_a_disk_that_takes_no_writing_refuses_for_now_and_recovers(small_disk, desk_at):
    subprocess.run(["mount", "-o", "remount,size=200m", small_disk], check=True)
    server = desk_at(small_disk / "desk")
    server.start()
    first = accepted_again(server)
    inbound(server, 1)
    # No file system with open files can be remounted read-only. A limit of the process makes every write fail alike.
    limit = subprocess.run(
        ["prlimit", "--pid", str(server.process.pid), "--fsize=1:unlimited"], capture_output=True, text=True
    )
    assert limit.returncode == 0, limit.stderr
    with pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)) as refusal:
        hand_over(mail(to=server.address).as_bytes(), port=server.smtp, to=server.address)
    assert getattr(refusal.value, "smtp_code", 451) in {451, 452}
    assert status_of_a_page(server) == 200
    subprocess.run(["prlimit", "--pid", str(server.process.pid), "--fsize=unlimited:unlimited"], check=True)
    second = accepted_again(server)
    assert set(inbound(server, 2)) == {first, second}
    server.stop()


@pytest.fixture
def on_it(small_disk, tmp_path):
    """A directory on that disk, enlarged, that a desk's log does not lie beside."""
    remounted(small_disk, "size=200m")
    (small_disk / "desk").mkdir()
    # A running desk keeps a file here locked, and a disk with a file open for writing can't be remounted.
    (tmp_path / "workers").mkdir()
    (small_disk / "desk" / "workers").symlink_to(tmp_path / "workers")
    (tmp_path / "desk").symlink_to(small_disk / "desk")
    return tmp_path / "desk"


def remounted(disk, how):
    subprocess.run(["mount", "-o", f"remount,{how}", disk], check=True)


def refusal_of(server, size):
    with pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)) as refusal:
        hand_over(mail("x" * size, to=server.address).as_bytes(), port=server.smtp, to=server.address)
    return getattr(refusal.value, "smtp_code", None) or next(iter(refusal.value.recipients.values()))[0]


def test_a_disk_that_becomes_read_only_refuses_what_it_would_hold_for_now_and_recovers(small_disk, on_it, desk_at):
    # With PostgreSQL no file on the disk stays open, so that it can be remounted under the running desk.
    server = desk_at(on_it, database="readonly")
    server.start()
    first = accepted_again(server)
    inbound(server, 1)
    remounted(small_disk, "ro")
    assert refusal_of(server, 300_000) in {451, 452}
    assert status_of_a_page(server) == 200
    remounted(small_disk, "rw")
    large = mail("x" * 300_000, to=server.address)
    hand_over(large.as_bytes(), port=server.smtp, to=server.address)
    assert {first, large["Message-ID"].strip("<>")} <= set(inbound(server, 2))
    assert server.stop() == 0


def test_on_a_read_only_disk_sqlite_takes_nothing_and_goes_on_when_it_may_write_again(small_disk, on_it, desk_at):
    # SQLite keeps its files open, so the disk is turned while the desk is down: after a crash, as a damaged one is.
    server = desk_at(on_it)
    server.start()
    first = accepted_again(server)
    inbound(server, 1)
    server.kill()
    remounted(small_disk, "ro")
    server.start()
    assert refusal_of(server, 1_000) in {451, 452}
    assert refusal_of(server, 300_000) in {451, 452}
    assert server.process.poll() is None
    remounted(small_disk, "rw")
    second = accepted_again(server)
    assert set(inbound(server, 2)) == {first, second}
    assert server.stop() == 0


def test_a_stopped_postgresql_refuses_for_now_and_recovers(cluster, tmp_path, desk_at, sink):
    server = desk_at(tmp_path / "desk", database="stopped")
    server.start()
    first = accepted_again(server)
    inbound(server, 1)
    cluster.stop()
    try:
        time.sleep(1)
        with pytest.raises((smtplib.SMTPException, OSError)) as refusal:
            hand_over(mail(to=server.address).as_bytes(), port=server.smtp, to=server.address)
        codes = [getattr(refusal.value, "smtp_code", None)]
        with contextlib.suppress(AttributeError):
            codes = [code for code, _ in refusal.value.recipients.values()]
        assert codes[0] in {421, 451, 452}, refusal.value
        assert server.process.poll() is None
    finally:
        cluster.start()
    second = accepted_again(server, seconds=60)
    assert set(inbound(server, 2)) == {first, second}
    sink.wait_for(2, seconds=60)
    assert server.stop() == 0


def test_the_desk_starts_before_its_database_and_waits_for_it(cluster, tmp_path, desk_at, sink):
    server = desk_at(tmp_path / "desk", database="late")
    cluster.stop()
    try:
        server.start()
        time.sleep(1)
        assert server.process.poll() is None
    finally:
        cluster.start()
    accepted_again(server, seconds=60)
    assert server.stop() == 0
