"""Twenty mails of every kind stored together leave what each of them leaves alone, on both databases."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from django.apps import apps
from django.db import models, transaction

from holdord.channels import actions
from holdord.channels.email import tokens
from holdord.channels.intake import batches
from holdord.channels.models import Arrival, Transport
from holdord.conversations import search
from holdord.conversations.models import Conversation
from holdord.kernel import clock as the_clock
from holdord.kernel.remembering import remembering
from tests.support.mails import mail

pytestmark = pytest.mark.django_db

_PACKAGES = ("channels", "conversations", "history", "people", "promises", "recovery", "fulfilment")
_CHOSEN_BY_LOT = {"public_id", "version", "payload", "blob"}
_BY_LOT_IN_OUR_OWN = {"text", "html", "message_id", "references"}
_WORDS = ["boksen", "pakken", "faktura", "retur", "hylde", "lampe", "bord", "stol", "levering", "adresse"]


@pytest.mark.parametrize("seed", range(4))
def test_together_leaves_what_one_by_one_leaves(mail_desk, monkeypatch, settings, caplog, seed):
    settings.AUTHSERV_ID = "mx.lysbro.example"
    monkeypatch.setattr(batches, "LONGEST_TRANSACTION", 60)
    known = [mail_desk.message(mail(word, to=mail_desk.address, subject=word).as_bytes()) for word in _WORDS[:2]]
    sent = mail_desk.replies(known[0])
    mail_desk.sends()
    now = the_clock.now()
    letters = _letters(random.Random(seed), mail_desk.address, known, sent)

    def stored(together: int) -> dict[str, list[dict[str, object]]]:
        monkeypatch.setattr(batches, "TOGETHER", together)
        with _undone():
            actions.accept([letter.to(mail_desk.inbox.pk) for letter in letters], now=now)
            with remembering():
                while batches.read_waiting(now=now):
                    pass
            assert not Arrival.objects.filter(state="waiting").exists()
            found = {word: len(search.find(word, team_ids=[mail_desk.inbox.team_id])) for word in _WORDS}
            return {**_everything(), "found": [found]}

    one_by_one = stored(0)
    with caplog.at_level("INFO", "holdord.intake"):
        together = stored(3)
    assert not caplog.messages
    for table, rows in one_by_one.items():
        assert together[table] == rows, table


class _Letter:
    def __init__(self, content: EmailMessage | bytes, transport: str = Transport.SMTP, **more) -> None:
        self.content, self.transport, self.more = content, transport, more

    def to(self, inbox: int) -> actions.Incoming:
        raw = self.content if isinstance(self.content, bytes) else self.content.as_bytes()
        return actions.Incoming(raw, self.transport, inbox, **{"envelope_from": "henrik@post.example", **self.more})


def _letters(chance: random.Random, to: str, known: list, sent) -> list[_Letter]:
    """Twenty mails and more of every kind, some of them twice, in any order."""
    number = 0

    def written(text: str = "", **more) -> EmailMessage:
        nonlocal number
        number += 1
        more.setdefault(
            "by", chance.choice(["Henrik <henrik@post.example>", "ny@post.example", "Åse <aase@post.example>"])
        )
        more.setdefault("subject", chance.choice(_WORDS))
        more.setdefault("Message_ID", f"<{number}@post.example>")
        more.setdefault("to", to)
        return mail(text or f"Hvornår kommer {chance.choice(_WORDS)}?", **more)

    with_file = written("Se vedhæftet")
    with_file.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="kvittering.pdf")
    with_picture = written("Se billedet")
    with_picture.add_attachment(b"\x89PNG\r\n\x1a\n" + bytes(40), maintype="image", subtype="png", filename="knust.png")
    ours = f"<{sent.message_id}>"
    bounce = written(
        "<henrik@post.example>: user unknown\n\nMessage-ID: " + ours,
        by="Mail Delivery System <MAILER-DAEMON@mx.example>", subject="Undelivered Mail Returned to Sender",
        Return_Path="<>", X_Failed_Recipients="henrik@post.example",
    )  # fmt: skip
    away = written("Jeg er på ferie, tilbage den 16. marts 2026.", subject="Automatisk svar: x", In_Reply_To=ours)
    first = written(by="To gange <to@post.example>")
    letters = [
        *(_Letter(written()) for _ in range(4)),
        _Letter(with_file), _Letter(with_picture), _Letter(away), _Letter(bounce, envelope_from=""),
        _Letter(first), _Letter(first), _Letter(written(by="To gange <to@post.example>")),
        _Letter(written("andre ord", Message_ID=first["Message-ID"])),
        _Letter(written(References=ours)), _Letter(written("Tak!", In_Reply_To=f"<{known[1].message_id}>")),
        _Letter(written(In_Reply_To=first["Message-ID"], by="eve@post.example")),
        _Letter(written(to=tokens.reply_address(to, known[1].conversation_id))),
        _Letter(written(subject=f"Sag #{known[0].conversation_id}")),
        _Letter(written(Precedence="bulk")), _Letter(written(List_Id="<nyt.shop.example>")),
        _Letter(written("Gammel sag"), Transport.IMPORT), _Letter(written(by=to)),
        _Letter(written("Den kommer i morgen", by=to, to="henrik@post.example", In_Reply_To=ours), Transport.SENT),
        _Letter(written("Uden sag", by=to, to="x@post.example"), Transport.SENT),
        _Letter(written("Stor"), truncated_from=90_000_000),
        _Letter(b""), _Letter(b"\0\xff\0"), _Letter(b"From: \0\nSubject: =?utf-8?Q?=00=ED=A0=80?=\n\n\0"),
        _Letter(b"From: " + b"x" * 5000 + b"@y.example\nMessage-ID: <" + b"z" * 3000 + b">\n\n" + b"ord " * 9000),
    ]  # fmt: skip
    chance.shuffle(letters)
    return letters


class _Undo(Exception):
    pass


@contextmanager
def _undone() -> Iterator[None]:
    with pytest.raises(_Undo), transaction.atomic():
        try:
            yield
        finally:
            raise _Undo


def _everything() -> dict[str, list[dict[str, object]]]:
    """Every row of the desk; a key is the place of its row among its like."""
    kinds = [kind for package in _PACKAGES for kind in apps.get_app_config(package).get_models()]
    places = {
        kind: {pk: at for at, pk in enumerate(kind._base_manager.order_by("pk").values_list("pk", flat=True))}
        for kind in kinds
    }
    return {kind.__name__: [_told(row, places) for row in kind._base_manager.order_by("pk")] for kind in kinds}


def _told(row: models.Model, places: dict[type[models.Model], dict[object, int]]) -> dict[str, object]:
    told: dict[str, object] = {}
    by_lot = _CHOSEN_BY_LOT | (
        _BY_LOT_IN_OUR_OWN if getattr(row, "kind", "") == "outbound" or "to" in vars(row) else set()
    )
    for field in row._meta.concrete_fields:
        if field.name in by_lot or field.primary_key:
            continue
        value = getattr(row, field.attname)
        target = Conversation if field.name == "conversation_id" else field.related_model
        told[field.name] = places[target].get(value) if target in places else value
    return told
