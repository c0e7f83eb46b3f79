"""Fuzzes the reader of mail: `python -m tests.fuzz.reading [MUTATIONS]`.

With atheris installed it is led by coverage and runs until stopped; without, it changes good mails at random.
"""

import importlib.util
import random
import sys
import time

from holdord.channels.email.reading import read
from holdord.channels.email.reading.sanitise import sanitise

SLOWEST = 5.0  # seconds for a mutated mail of a few kilobytes; the floor is far below, the machine may be busy

_EVERYDAY = b"""From: =?utf-8?Q?=C3=85se?= <a@b.no>
To: "C, D" <c@d.no>, e@f.no
Subject: =?utf-8?B?SGVp?=
Date: Mon, 2 Mar 2026 09:00:00 +0100
Message-ID: <1@b.no>
References: <0@b.no>
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain; charset=iso-8859-1; format=flowed
Content-Transfer-Encoding: quoted-printable

Hei =E5=20
der
> sitat
--y
Content-Type: text/html

<p>Hei <img src="cid:p@x"><blockquote>sitat</blockquote>
--y--
--x
Content-Type: image/png; name*0*=utf-8''%C3%A6; name*1=.png
Content-ID: <p@x>
Content-Transfer-Encoding: base64

aGVsbG8=
--x--
"""
_BOUNCE = b"""Return-Path: <>
From: MAILER-DAEMON@x
Subject: failure
Content-Type: multipart/report; report-type=delivery-status; boundary=r

--r

not delivered
--r
Content-Type: message/delivery-status

Reporting-MTA: dns; x

Final-Recipient: rfc822; a@b.no
Action: failed
Status: 5.1.1

--r
Content-Type: message/rfc822

Message-ID: <2@b.no>

hei
--r--
"""
_ABSENCE = b"""Subject: Automatisk svar: x
Date: Mon, 2 Mar 2026 09:00:00 +0100
From: a@b.no

Jeg er tilbake 16. mars.

Mvh
A

Fra: b
Sendt: c
Til: d
Emne: e
"""
_CONTAINER = (
    b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\x00\x02\x02\x90\x06\x00\x0e\x00\x00\x00" + b"\0" * 16
)
_OLD_FILE = b"Subject: x\n\nhei\nbegin 644 a\n%:&5L;&\\\n`\nend\n"
_SEEDS = [_EVERYDAY, _EVERYDAY.replace(b"\n", b"\r\n"), _BOUNCE, _ABSENCE, _CONTAINER, _OLD_FILE]
_MORSELS = [
    b"=?",
    b"?=",
    b"\x00",
    b"\r",
    b"\n",
    b"\n\n",
    b"--x",
    b"--",
    b"<",
    b">",
    b'"',
    b"(",
    b"\\",
    b";",
    b"=",
    b"*0*=",
    b"\xff",
    b"\x1b$B",
    b"&#x0;",
    b"<!--",
]


def check(content: bytes) -> None:
    """Fails on anything that a reader of any bytes must not do."""
    start = time.perf_counter()
    mail = read(content)
    if mail.html:
        sanitise(mail.html)
    assert time.perf_counter() - start < SLOWEST, "too slow"
    assert not [defect for defect in mail.defects if defect.startswith("not_understood")], mail.defects
    shown = [
        mail.text,
        mail.reply_text,
        mail.subject,
        mail.message_id,
        *(attachment.name for attachment in mail.attachments),
    ]
    "".join(shown).encode("utf-8")
    assert "\x00" not in "".join(shown)
    assert bool(mail.reply_text) == bool(mail.text.strip())


def run(*, mutations: int, seed: int | None = None) -> int:
    """Checks so many mutated mails and says how many they were."""
    chance = random.Random(seed)
    for _ in range(mutations):
        check(mutated(chance))
    return mutations


def mutated(chance: random.Random) -> bytes:
    """A seed with some bytes changed, cut, repeated, or joined with another."""
    content = bytearray(chance.choice(_SEEDS))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(content) + 1)
        to = min(len(content), at + chance.randint(1, 60))
        match chance.randrange(6):
            case 0:
                content[at:to] = b""
            case 1:
                content[at:at] = chance.choice(_MORSELS) * chance.choice([1, 1, 1, 50])
            case 2:
                content[at:at] = content[at:to] * chance.randint(1, 20)
            case 3:
                content[at:to] = bytes(chance.randrange(256) for _ in range(to - at))
            case 4:
                other = chance.choice(_SEEDS)
                content[at:] = other[chance.randrange(len(other)) :]
            case _:
                content[at:to] = bytes(reversed(content[at:to]))
    return bytes(content)


def main() -> None:
    if importlib.util.find_spec("atheris"):
        atheris = importlib.import_module("atheris")
        atheris.instrument_all()
        atheris.Setup(sys.argv, check)
        atheris.Fuzz()
        return
    mutations = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    sys.stdout.write(f"{run(mutations=mutations)} mutated mails read\n")


if __name__ == "__main__":
    main()
