"""A running desk and a real Dovecot: mail is fetched as it comes, and fetched after all when the server was away."""

import json
import time

import pytest

from tests.support.mails import mail

pytestmark = [pytest.mark.processes, pytest.mark.dovecot]

_MAILBOXES = """
import json
from holdord.channels.models import Mailbox, MailboxFolder
print(json.dumps([Mailbox.objects.filter(last_ok_at__isnull=False).count(), MailboxFolder.objects.count()]))
"""


@pytest.fixture
def watching(server, dovecot, tmp_path):
    """A server that has read its mailbox once; the user whose mailbox it is."""
    (tmp_path / "password").write_text("secret")
    user = f"live{time.monotonic_ns()}"
    server.command(
        *("mailbox", "add", "--inbox", server.address, "--host", "127.0.0.1", "--port", str(dovecot.port)),
        *("--security", "none", "--user", user, "--password-file", str(tmp_path / "password")),
    )
    assert b"Logged in" in server.command("mailbox", "try", user, "--since", "2020-01-01").stdout
    server.start()
    wait_until_read(server)
    return server, user


def wait_until_read(server):
    until = time.monotonic() + 20
    while json.loads(server.python(_MAILBOXES)) != [1, 2]:
        assert time.monotonic() < until, server.log[-2000:]
        time.sleep(0.3)


def test_a_mail_in_the_mailbox_is_acknowledged_within_seconds(watching, dovecot, sink):
    server, user = watching
    dovecot.deliver(user, mail(to=server.address).as_bytes())
    (caught,) = sink.wait_for(1, seconds=20)
    assert caught.recipients == ("henrik@post.example",)
    assert "Traceback" not in server.log


def test_killed_and_started_again_it_fetches_what_came_meanwhile_once(watching, dovecot, sink):
    server, user = watching
    dovecot.deliver(user, mail(to=server.address).as_bytes())
    sink.wait_for(1, seconds=20)
    server.kill()
    dovecot.deliver(user, mail(to=server.address, by="maren@post.example").as_bytes())
    server.start()
    sink.wait_for(2, seconds=30)
    time.sleep(1)
    assert sorted(caught.recipients[0] for caught in sink.caught) == ["henrik@post.example", "maren@post.example"]


def test_a_mailbox_that_does_not_work_is_kept_only_untried(server, dovecot, tmp_path):
    (tmp_path / "password").write_text("wrong")
    add = (
        *("mailbox", "add", "--inbox", server.address, "--host", "127.0.0.1", "--port", str(dovecot.port)),
        *("--security", "none", "--user", "slip", "--password-file", str(tmp_path / "password")),
    )
    refused = server.command(*add, check=False)
    assert refused.returncode == 1
    assert b"mail in: 127.0.0.1 does not take this user with this password." in refused.stderr
    assert not server.command("mailbox", "list").stdout
    server.command(*add, "--untried")
    tried = server.command("mailbox", "try", "slip", check=False)
    assert tried.returncode == 1
    assert b"127.0.0.1 does not take this user with this password." in tried.stderr
    (tmp_path / "password").write_text("secret")
    server.command("mailbox", "set-password", "slip", "--password-file", str(tmp_path / "password"))
    assert b"Logged in" in server.command("mailbox", "try", "slip").stdout
