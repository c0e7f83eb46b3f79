"""Reading a large or suspicious mail in a process of its own, with limits of time and memory.

The child is this module run by a fresh interpreter, which imports the reader alone (some 50 ms). It gets the bytes on
its standard input and answers with a pickle, which is safe to load: our own code wrote it. Whatever happens to the
child, the parent has a result: at worst the header alone.
"""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Final

from holdord.channels.email.reading.headers import split_message
from holdord.channels.email.reading.limits import limit_this_process
from holdord.channels.email.reading.message import read, unread
from holdord.channels.email.reading.values import ReadMail

LARGEST_UNCONFINED: Final = 1_000_000  # bytes; larger mail is read here
_HEADER_OF_THE_UNREADABLE: Final = 256_000  # bytes
_MANY_DELIMITERS: Final = 2_000
_MANY_WORDS: Final = 2_000
_LONG_HEADER: Final = 100_000  # bytes

CPU_SECONDS: Final = 20
WALL_SECONDS: Final = 40
_MEMORY_BASE: Final = 400 << 20  # bytes of address space
_MEMORY_PER_BYTE: Final = 12


def is_suspicious(raw: bytes) -> bool:
    """Whether a mail should be read apart: it's large, or counts things that honest mail has few of."""
    if len(raw) > LARGEST_UNCONFINED:
        return True
    head_end = min((end for mark in (b"\n\n", b"\n\r\n") if (end := raw.find(mark)) >= 0), default=len(raw))
    return (
        head_end > _LONG_HEADER or raw.count(b"\n--") > _MANY_DELIMITERS or raw.count(b"=?", 0, head_end) > _MANY_WORDS
    )


def read_confined(
    mail: bytes | Path,
    *,
    own_addresses: frozenset[str] = frozenset(),
    authserv_id: str | None = None,
    cpu_seconds: int = CPU_SECONDS,
    wall_seconds: float = WALL_SECONDS,
    memory_bytes: int | None = None,
) -> ReadMail:
    """`read` in a child process. Where the child fails, the header's fields and a defect `too_hard:…`; never raises.

    Our loop header isn't checked there: its key stays in this process. `memory_bytes` limits the child's address space.
    """
    try:
        raw = mail if isinstance(mail, bytes) else mail.read_bytes()
    except OSError as error:
        return unread(b"", [f"unreadable_file:{type(error).__name__}"])
    memory = memory_bytes or _MEMORY_BASE + _MEMORY_PER_BYTE * len(raw)
    request = pickle.dumps((raw, own_addresses, authserv_id))
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module, no word of the mail among the arguments
            [sys.executable, "-m", "holdord.channels.email.reading.confined", str(cpu_seconds), str(memory)],
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _header_only(raw, own_addresses, authserv_id, "time")
    except OSError as error:
        return _header_only(raw, own_addresses, authserv_id, type(error).__name__)
    if child.returncode != 0:
        return _header_only(
            raw, own_addresses, authserv_id, "memory" if child.returncode == _OUT_OF_MEMORY else "killed"
        )
    result = pickle.loads(child.stdout)  # noqa: S301 - written by our own child
    assert isinstance(result, ReadMail)
    return result


def _header_only(raw: bytes, own_addresses: frozenset[str], authserv_id: str | None, cause: str) -> ReadMail:
    """The header of a mail whose body was too hard, read as a mail without one."""
    head = raw[:_HEADER_OF_THE_UNREADABLE]
    _, start = split_message(head)
    note = b"\n"
    mail = read(_without_content_type(head[:start]) + note, own_addresses=own_addresses, authserv_id=authserv_id)
    fallback = unread(raw[start:], [*mail.defects, f"too_hard:{cause}"])
    return _with_body_of(mail, fallback, raw)


def _without_content_type(head: bytes) -> bytes:
    """The header as a plain mail's, so that nothing tries to open its parts."""
    return b"Content-Type: text/plain\n" + head


def _with_body_of(mail: ReadMail, body: ReadMail, raw: bytes) -> ReadMail:
    fields = {name: getattr(mail, name) for name in ReadMail.__dataclass_fields__}
    fields |= {
        "text": body.text,
        "reply_text": body.reply_text,
        "body_hash": body.body_hash,
        "defects": body.defects,
        "attachments": (),
    }
    if "no_message_id" in mail.defects:
        fields["message_id"] = unread(raw, []).message_id
    return ReadMail(**fields)


_OUT_OF_MEMORY: Final = 3


def main(cpu_seconds: int, memory_bytes: int) -> int:
    """The child: limits first, then the mail from standard input and the result to standard output."""
    limit_this_process(cpu_seconds, memory_bytes)
    try:
        raw, own_addresses, authserv_id = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - written by our parent
        mail = read(raw, own_addresses=own_addresses, authserv_id=authserv_id)
        if any(defect.endswith(":MemoryError") for defect in mail.defects):
            return _OUT_OF_MEMORY
        sys.stdout.buffer.write(pickle.dumps(mail))
        sys.stdout.buffer.flush()
    except MemoryError:
        return _OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
