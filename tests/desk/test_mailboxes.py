"""A mailbox is tried before it is kept: over a real Dovecot and a real SMTP server, in the reader's words."""

import itertools
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connection

from holdord.channels.email import trials
from holdord.channels.email.faults import fault_in
from holdord.channels.email.imap import alarms
from holdord.channels.email.secrets import CannotUnseal, seal, unseal
from holdord.channels.models import Mailbox
from holdord.channels.wording import fault_in_words
from holdord.kernel import clock as the_clock
from holdord.people.models import Team
from tests.desk.conftest import Three
from tests.support.ports import free_port

pytestmark = [pytest.mark.dovecot, pytest.mark.django_db]
_users = itertools.count(1)


@pytest.fixture
def said(three: Three, dovecot, sink, settings) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    """What Ada types when all is well."""
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", sink.port, "none"
    return {
        "inbox": three.desk.inbox.pk,
        "host": "127.0.0.1",
        "port": str(dovecot.port),
        "security": "none",
        "user": f"desk{next(_users)}",
        "password": "secret",
        "folder": "INBOX",
        "is_active": "on",
    }


def keeps(three: Three, said: dict[str, Any]):  # type: ignore[no-untyped-def]
    return three.browser(three.ada).post("/settings/mailboxes/new/", said)


@contextmanager
def listening(answers: bytes) -> Iterator[int]:
    """A server that says this to whoever comes, and nothing more."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        came: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    taken, _ = server.accept()
                except OSError:
                    return
                came.append(taken)
                taken.sendall(answers)

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for each in came:
            each.close()


def test_a_mailbox_that_works_is_kept(three: Three, said: dict[str, Any]) -> None:
    page = three.browser(three.ada).post("/settings/mailboxes/new/", said, follow=True)
    assert "We could log in, there and where your mail goes out." in page.text
    assert Mailbox.objects.get().user == said["user"]


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"host": "no-such-server.invalid"}, "There is no server called no-such-server.invalid."),
        ({"host": "two..dots"}, "There is no server called two..dots."),
        ({"port": "free"}, "127.0.0.1 takes no connection on port"),
        ({"security": "tls"}, "127.0.0.1 does not speak TLS that way on port"),
        ({"security": "starttls"}, "127.0.0.1 does not speak TLS that way on port"),
        ({"password": "wrong"}, "127.0.0.1 does not take this user with this password."),
        ({"folder": "Nowhere"}, "The mailbox has no folder called Nowhere."),
    ],
)
def test_what_is_wrong_is_said_in_words_with_the_servers_own_behind(
    three: Three, said: dict[str, Any], slip: dict[str, str], words: str
) -> None:
    slip = {name: str(free_port()) if value == "free" else value for name, value in slip.items()}
    page = keeps(three, {**said, **slip})
    assert page.status_code == 422
    assert words in page.text
    assert page.text.count("We tried to") == 1
    assert re.search(r"<details[^>]*><summary>What the server said</summary><code>\w+", page.text)
    assert not Mailbox.objects.exists()


def test_a_server_that_says_nothing_is_not_waited_for_long(
    three: Three, said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "SECONDS_TO_CONNECT", 0.3)
    with listening(b"") as port:
        page = keeps(three, {**said, "port": str(port)})
    assert f"127.0.0.1 does not answer on port {port}." in page.text


def test_a_server_that_wants_protection_and_one_that_cannot_now_are_told_apart() -> None:
    from imapclient.exceptions import LoginError

    assert fault_in(LoginError("[PRIVACYREQUIRED] Plaintext authentication disallowed")) == "wants_tls"
    assert fault_in(LoginError("[UNAVAILABLE] Temporary authentication failure")) == "not_now"
    assert fault_in(CannotUnseal()) == "lost_secret"
    assert fault_in(OSError(28, "No space left on device")) == "other"


def test_where_mail_goes_out_is_tried_too(three: Three, said: dict[str, Any], settings) -> None:  # type: ignore[no-untyped-def]
    settings.SMTP_PORT = free_port()
    page = keeps(three, said)
    assert page.status_code == 422
    assert "We tried to log in where your mail goes out, and could not." in page.text
    assert f"127.0.0.1 takes no connection on port {settings.SMTP_PORT}." in page.text
    settings.SMTP_SECURITY = "starttls"
    with listening(b"220 hello\r\n250 smtp\r\n") as settings.SMTP_PORT:
        assert "127.0.0.1 does not speak TLS that way" in keeps(three, said).text


def test_it_is_kept_all_the_same_with_the_password_if_they_say_so(three: Three, said: dict[str, Any]) -> None:
    page = keeps(three, {**said, "password": "not-yet-set"})
    assert "not-yet-set" not in page.text
    (sealed,) = re.findall(r'name="sealed" value="([^"]+)"', page.text)
    assert keeps(three, {**said, "password": "", "sealed": sealed, "all_the_same": "on"}).status_code == 302
    assert unseal(Mailbox.objects.get().sealed_secret) == "not-yet-set"


def test_a_mailbox_that_is_switched_off_is_not_tried(three: Three, said: dict[str, Any]) -> None:
    assert keeps(three, {**said, "password": "wrong", "is_active": ""}).status_code == 302


def test_one_that_fails_later_says_why_in_the_readers_language(three: Three, said: dict[str, Any]) -> None:
    keeps(three, said)
    box = Mailbox.objects.get()
    Mailbox.objects.update(sealed_secret=seal("changed there"))
    box.refresh_from_db()
    from imapclient.exceptions import LoginError

    alarms.failed(box, LoginError("[AUTHENTICATIONFAILED] Authentication failed."), now=the_clock.now())
    for path in ("channels/", f"mailboxes/{box.pk}/"):
        page = three.browser(three.ada).get(f"/settings/{path}?lang=da").text
        assert "127.0.0.1 godtager ikke denne bruger med denne adgangskode." in page
        assert "<summary>Hvad serveren svarede</summary><code>LoginError: [AUTHENTICATIONFAILED]" in page
        assert "127.0.0.1 nimmt diesen Benutzer" in three.browser(three.ada).get(f"/settings/{path}?lang=de").text


@pytest.mark.parametrize("fault", Mailbox._meta.get_field("last_fault").choices or [])
def test_every_fault_has_words(fault: tuple[str, str]) -> None:
    words = fault_in_words(fault[0], host="imap.post.example", port=993, folder="Arkiv")
    assert "%(" not in words
    assert words.endswith(".")


@pytest.mark.django_db(transaction=True)
def test_others_can_write_while_a_server_is_slow(
    three: Three, said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "SECONDS_TO_CONNECT", 4)
    wrote = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def write_before_answering() -> None:
            taken, _ = server.accept()
            Team.objects.create(name="Meanwhile")
            connection.close()
            wrote.set()
            taken.close()

        thread = threading.Thread(target=write_before_answering)
        thread.start()
        keeps(three, {**said, "port": str(server.getsockname()[1])})
        assert wrote.is_set()
        thread.join(30)
