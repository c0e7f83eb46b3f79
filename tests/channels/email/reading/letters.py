"""Mails for the tests, written as briefly as they can be."""

from holdord.channels.email.reading import ReadMail, read

_HEAD = (
    b"From: Kirsten <kirsten@example.no>\r\nTo: care@shop.example\r\nSubject: Hei\r\n"
    b"Date: Mon, 2 Mar 2026 09:00:00 +0100\r\nMessage-ID: <one@example.no>\r\n"
)


def letter(head: str | bytes = b"", body: str | bytes = b"Hei\r\n", *, bare: bool = False) -> ReadMail:
    """Reads a mail with the usual fields (none with `bare`), the lines of `head` and `body`."""
    return read(raw(head, body, bare=bare))


def raw(head: str | bytes = b"", body: str | bytes = b"Hei\r\n", *, bare: bool = False) -> bytes:
    head = _wire(head)
    if head and not head.endswith(b"\r\n"):
        head += b"\r\n"
    return (b"" if bare else _HEAD) + head + b"\r\n" + _wire(body)


def parts(kind: str, *contents: str | bytes, boundary: str = "edge") -> tuple[bytes, bytes]:
    """Head and body of a multipart; each content has its own fields, a blank line and its text."""
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + _wire(content) + b"\r\n" for content in contents)
    return (
        f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n'.encode(),
        body + b"--" + boundary.encode() + b"--\r\n",
    )


def part(kind: str, *contents: str | bytes, boundary: str) -> bytes:
    """A multipart inside another."""
    head, body = parts(kind, *contents, boundary=boundary)
    return head + b"\r\n" + body


def _wire(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return data if b"\r\n" in data else data.replace(b"\n", b"\r\n")
