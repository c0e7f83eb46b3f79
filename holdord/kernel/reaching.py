"""Calls from here to other machines, none of which can lead into our own network.

A name is looked up once, every address it has is judged, and the connection goes to an address that was judged: a name
that answers differently a moment later (DNS rebinding) changes nothing. Redirects are answers, never followed. A call
ends after a number of seconds however slowly the other side talks, and an answer has a greatest size.
"""

import contextlib
import socket
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

LARGEST = 64 * 1024
"""Bytes of an answer that are read."""


class NotAllowed(Exception):
    """The address is not one we call; `why` is one word: `scheme`, `name`, `inside`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotReached(Exception):
    """Nothing of the call arrived there; `why` is one word: `unknown_name`, `no_connection`, `certificate`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NoAnswer(Exception):
    """The call was sent, and no whole answer came: it may have done what it should. `why` is one word: `silent`,
    `broken_off`, `too_large`.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Reply:
    """What the other side answered."""

    status: int
    body: bytes


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    inside: Collection[str] = (),
    seconds: float = 10,
) -> Reply:
    """Send one request (RFC 9110) and read the answer, within `seconds`.

    `inside` names the hosts, as `name` or `name:port`, that may lie in our own network and may be called without TLS.
    Raises NotAllowed, NotReached, NoAnswer.
    """
    where = allowed(url, inside=inside)
    host, port = where.hostname or "", where.port or (443 if where.scheme == "https" else 80)
    address = _judged(host, port, may_be_inside=_is_named(where, inside))
    target = (where.path or "/") + (f"?{where.query}" if where.query else "")
    sockets: list[socket.socket] = []
    pool = _pool(where, address, port, sockets, seconds)
    over = threading.Event()
    try:
        with _hanging_up_after(seconds, sockets, over):
            answer = pool.urlopen(
                method,
                target,
                body=body or None,
                headers={**headers, "Host": where.netloc.rpartition("@")[2]},
                retries=False,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
            )
            text = answer.read(LARGEST + 1)
            answer.close()
    except (NewConnectionError, ConnectTimeoutError) as error:
        raise NotReached("no_connection") from error
    except SSLError as error:
        raise NotReached("certificate") from error
    except (HTTPError, OSError, ValueError) as error:
        raise NoAnswer("silent" if over.is_set() or "timed out" in str(error) else "broken_off") from error
    finally:
        pool.close()
    if over.is_set():
        raise NoAnswer("silent")
    if len(text) > LARGEST:
        raise NoAnswer("too_large")
    return Reply(answer.status, text)


def allowed(url: str, *, inside: Collection[str] = ()) -> SplitResult:
    """The parts of an address that may be called, as far as its letters tell. Raises NotAllowed."""
    try:
        where = urlsplit(url)
        named = _is_named(where, inside)
    except ValueError as error:
        raise NotAllowed("name") from error
    if where.scheme != "https" and not (where.scheme == "http" and named):
        raise NotAllowed("scheme")
    if not where.hostname or where.username or where.password:
        raise NotAllowed("name")
    if any(sign.isspace() or not sign.isprintable() for sign in url):
        raise NotAllowed("name")
    return where


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open internet; one that wraps an IPv4 address is judged by what it wraps."""
    ip = ip_address(address.partition("%")[0])
    wrapped = _wrapped(ip)
    if wrapped is not None:
        return is_public(str(wrapped))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # RFC 6052, RFC 8215


def _wrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(ip, IPv4Address):
        return None
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    if ip.teredo:
        return ip.teredo[1]
    if any(ip in network for network in _NAT64) or int(ip) >> 32 == 0:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def _is_named(where: SplitResult, inside: Collection[str]) -> bool:
    host = (where.hostname or "").lower()
    written = f"[{host}]" if ":" in host else host
    port = where.port or (443 if where.scheme == "https" else 80)
    return bool({host, written, f"{written}:{port}"} & {name.lower() for name in inside})


def _judged(host: str, port: int, *, may_be_inside: bool) -> str:
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise NotReached("unknown_name") from error
    if not may_be_inside and not all(is_public(address) for address in found):
        raise NotAllowed("inside")
    return found[0]


def _pool(
    where: SplitResult, address: str, port: int, sockets: list[socket.socket], seconds: float
) -> HTTPConnectionPool:
    timeout = Timeout(connect=min(5.0, seconds), read=seconds)
    if where.scheme == "http":
        plain = HTTPConnectionPool(address, port, timeout=timeout, maxsize=1)
        plain.ConnectionCls = _noted(HTTPConnection, sockets)
        return plain
    # The certificate is the name's, though the connection goes to the address that was judged.
    name = where.hostname or ""
    pool = HTTPSConnectionPool(
        address,
        port,
        timeout=timeout,
        maxsize=1,
        cert_reqs="CERT_REQUIRED",
        server_hostname=name,
        assert_hostname=name,
    )
    pool.ConnectionCls = _noted(HTTPSConnection, sockets)
    return pool


def _noted(kind: type[Any], sockets: list[socket.socket]) -> type[Any]:
    """The same kind of connection, that notes its socket."""

    class Noted(kind):  # type: ignore[misc]  # one of urllib3's two
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)

    return Noted


@contextlib.contextmanager
def _hanging_up_after(seconds: float, sockets: list[socket.socket], over: threading.Event) -> Iterator[None]:
    """A timeout of sockets counts from byte to byte: who sends one a second would be listened to for ever."""

    def hang_up() -> None:
        over.set()
        for each in list(sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
