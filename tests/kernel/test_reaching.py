"""Calls to other systems never lead into our own network, never last, and never follow."""

import contextlib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from holdord.kernel import reaching
from tests.support.ports import free_port


class Listener:
    """A server of raw sockets: counts who connects, and answers with what it is given."""

    def __init__(self, answer: Callable[[socket.socket], None]) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.connections = 0
        self._answer = answer
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._speak, args=(connection,), daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                self._answer(connection)
            except OSError:
                return


@pytest.fixture
def listener() -> Iterator[Callable[..., Listener]]:
    opened: list[Listener] = []

    def listen(answer: Callable[[socket.socket], None] | bytes) -> Listener:
        speak = (lambda connection: connection.sendall(answer)) if isinstance(answer, bytes) else answer
        opened.append(Listener(speak))
        return opened[-1]

    yield listen
    for each in opened:
        each.socket.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def call(url: str, **more) -> reaching.Reply:
    return reaching.call("POST", url, headers={}, body=b"{}", **more)


def test_a_named_host_may_lie_inside(listener):
    shop = listener(OK)
    assert call(f"http://{shop.name}/hook?a=1", inside=[shop.name]) == reaching.Reply(200, b"{}")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "https://2130706433:{port}/",
        "https://127.1:{port}/",
        "https://0.0.0.0:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://[::ffff:7f00:1]:{port}/",
        "https://[64:ff9b::7f00:1]:{port}/",
        "https://[2002:7f00:1::]:{port}/",
        "https://[::1]:{port}/",
        "https://10.0.0.1:{port}/",
        "https://169.254.169.254:{port}/",
        "https://[fe80::1]:{port}/",
        "https://[fd00::1]:{port}/",
        "https://100.64.0.1:{port}/",
    ],
)
def test_nothing_inside_is_reached(listener, url):
    inside = listener(OK)
    with pytest.raises(reaching.NotAllowed) as refused:
        call(url.format(port=inside.port))
    assert refused.value.why == "inside"
    assert inside.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "https://user:word@shop.example/",
        "https:///nowhere",
        "https://shop.example/\r\nHost: other",
        "https://[::1/",
    ],
)
def test_addresses_that_are_none_of_ours_to_call(url):
    with pytest.raises(reaching.NotAllowed):
        call(url)


def test_a_name_that_changes_its_mind_is_looked_up_once(listener, monkeypatch):
    """DNS rebinding: public when it is judged, inside a moment later."""
    inside, asked = listener(OK), []
    honest = socket.getaddrinfo

    def rebinding(host, port, *arguments, **named):
        if host != "shop.example":
            return honest(host, port, *arguments, **named)
        asked.append(host)
        address = "192.88.99.77" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(reaching, "is_public", lambda address: address == "192.88.99.77")
    with pytest.raises((reaching.NotReached, reaching.NoAnswer)):
        call(f"https://shop.example:{inside.port}/", seconds=1)
    assert (asked, inside.connections) == (["shop.example"], 0)


def test_one_address_inside_spoils_the_name(listener, monkeypatch):
    inside = listener(OK)
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("9.9.9.9", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **named: both)
    with pytest.raises(reaching.NotAllowed):
        call(f"https://shop.example:{inside.port}/")


def test_a_redirect_is_an_answer_and_not_a_way(listener):
    secret = listener(OK)
    moved = f"HTTP/1.1 302 Found\r\nLocation: http://{secret.name}/\r\nContent-Length: 0\r\n\r\n".encode()
    shop = listener(moved)
    assert call(f"http://{shop.name}/", inside=[shop.name, secret.name]).status == 302
    assert secret.connections == 0


def _drip(head: bytes) -> Callable[[socket.socket], None]:
    def speak(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"a")
            time.sleep(0.1)

    return speak


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nA: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"])
def test_who_answers_a_letter_at_a_time_is_hung_up_on(listener, head):
    shop, begun = listener(_drip(head)), time.monotonic()
    with pytest.raises(reaching.NoAnswer):
        call(f"http://{shop.name}/", inside=[shop.name], seconds=1)
    assert time.monotonic() - begun < 3


def test_an_answer_has_a_greatest_size(listener):
    shop = listener(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * (reaching.LARGEST + 5))
    with pytest.raises(reaching.NoAnswer) as refused:
        call(f"http://{shop.name}/", inside=[shop.name])
    assert refused.value.why == "too_large"


def test_where_nobody_listens_nothing_arrived():
    with pytest.raises(reaching.NotReached):
        call(f"http://127.0.0.1:{free_port()}/", inside=["127.0.0.1"])


def test_a_certificate_that_nobody_vouches_for_is_refused(listener, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(["openssl", *made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]

    def serve() -> None:
        connection, _ = listening.accept()
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as wrapped:
            heard.append(wrapped.recv(65536))

    threading.Thread(target=serve, daemon=True).start()
    with pytest.raises(reaching.NotReached) as refused:
        call(f"https://127.0.0.1:{port}/", inside=[f"127.0.0.1:{port}"])
    assert (refused.value.why, heard) == ("certificate", [])
    listening.close()
