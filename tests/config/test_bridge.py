"""The bridge between ASGI and WSGI, spoken to as an ASGI server does."""

import asyncio
import threading

import pytest

from holdord.config.bridge import KEPT_IN_MEMORY, TOO_LARGE, Bridge


def scope(method="POST", headers=(), path="/skriv/æ", query=b"a=1"):
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "http_version": "1.1",
        "scheme": "https",
        "server": ("desk.example.com", 443),
        "client": ("192.0.2.1", 1234),
        "headers": list(headers),
    }


def speak(application, messages, given=None, largest=10_000_000):
    """What the bridge sends for a request whose body comes as `messages`."""
    bridge, sent, waiting = Bridge(application, threads=2, largest=largest), [], list(messages)

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(bridge(given or scope(), receive, send))
    bridge._threads.shutdown()
    return sent


def body(*pieces):
    return [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces) - 1}
        for number, piece in enumerate(pieces)
    ]


def status_and_body(sent):
    return sent[0]["status"], b"".join(message["body"] for message in sent[1:])


class Pages:
    """A WSGI application that remembers what it was asked."""

    def __init__(self, chunks=(b"done",)):
        self.chunks, self.asked, self.closed_in = chunks, [], None

    def __call__(self, environ, start_response):
        self.asked.append({**environ, "body": environ["wsgi.input"].read(), "thread": threading.current_thread().name})
        start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", " a=1")])
        return self

    def __iter__(self):
        return iter(self.chunks)

    def close(self):
        self.closed_in = threading.current_thread().name


def test_a_request_arrives_as_wsgi_wants_it():
    pages = Pages()
    headers = [(b"content-length", b"6"), (b"content-type", b"text/plain"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    sent = speak(pages, body(b"abc", b"def"), scope(headers=headers))
    (asked,) = pages.asked
    assert status_and_body(sent) == (200, b"done")
    assert (asked["body"], asked["CONTENT_LENGTH"], asked["HTTP_COOKIE"]) == (b"abcdef", "6", "a=1; b=2")
    assert asked["PATH_INFO"].encode("latin-1").decode() == "/skriv/æ"
    assert (asked["wsgi.url_scheme"], asked["REMOTE_ADDR"], asked["QUERY_STRING"]) == ("https", "192.0.2.1", "a=1")
    assert pages.closed_in == asked["thread"]
    assert dict(sent[0]["headers"])[b"set-cookie"] == b"a=1"


def test_a_form_whose_sender_vanished_never_reaches_the_application():
    pages = Pages()
    sent = speak(pages, [*body(b"text=half", b"")[:1], {"type": "http.disconnect"}])
    assert pages.asked == []
    assert sent == []


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_beyond_the_limit_is_refused(announced):
    pages = Pages()
    headers = [(b"content-length", b"2000")] if announced else []
    sent = speak(pages, body(b"x" * 1000, b"x" * 1000), scope(headers=headers), largest=1500)
    (asked,) = pages.asked
    assert (asked[TOO_LARGE], asked["body"], asked["CONTENT_LENGTH"]) == (True, b"", "0")
    assert status_and_body(sent) == (200, b"done")


def test_a_body_without_end_is_not_heard_out():
    pages = Pages()
    sent = speak(pages, body(*[b"x" * 1000] * 7), largest=1500)
    assert (pages.asked[0][TOO_LARGE], sent[0]["status"]) == (True, 200)


def test_a_large_answer_goes_in_pieces():
    piece = b"x" * (KEPT_IN_MEMORY // 2 + 1)
    sent = speak(Pages([piece] * 5), body(b""))
    assert status_and_body(sent) == (200, piece * 5)
    assert len(sent) > 3
    assert [message["more_body"] for message in sent[1:]][-2:] == [True, False]


def test_a_header_with_an_underscore_cannot_forge_one_with_a_dash():
    pages = Pages()
    speak(pages, body(b""), scope(headers=[(b"x_forwarded_for", b"10.0.0.1")]))
    assert "HTTP_X_FORWARDED_FOR" not in pages.asked[0]


def test_a_fault_of_the_application_is_told_to_the_server_and_the_thread_lives_on():
    def broken(environ, start_response):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        speak(broken, body(b""))
