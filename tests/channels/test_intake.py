"""From arrival to message: mail.md In 2, 5 to 9, 14 to 16."""

import contextlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from holdord.channels import actions, jobs
from holdord.channels.email import tokens
from holdord.channels.intake import batches
from holdord.channels.models import Arrival, Delivery, Transport
from holdord.conversations import search
from holdord.conversations.models import Conversation, Fact, Message, Outgoing, Participant
from holdord.kernel import clock as the_clock
from holdord.people.models import Identity
from tests.factories import small_desk
from tests.support.mails import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def verified(settings):
    """A header by which our own receiver vouches for henrik@post.example."""
    settings.AUTHSERV_ID = "mx.lysbro.example"
    return {"Authentication_Results": "mx.lysbro.example; dmarc=pass header.from=post.example"}


_RARE_CHARACTERS = "".join(chr(0x20000 + number * number * 7919 % 42_000) for number in range(900))
"""Of four bytes each, in no order that a database could keep in less."""


def acknowledgements(conversation=None):
    found = Message.objects.filter(kind="outbound", is_automatic=True)
    return found.filter(conversation=conversation).count() if conversation else found.count()


def test_a_mail_opens_a_conversation_with_its_words(mail_desk):
    message = mail_desk.message(
        mail("Hvornår kommer boksen? Jeg har ventet i to uger nu.", to=mail_desk.address).as_bytes()
    )
    assert (message.subject, message.kind, message.channel) == ("Boksen", "inbound", "email")
    assert message.text.strip() == "Hvornår kommer boksen? Jeg har ventet i to uger nu."
    assert (message.identity.address, message.conversation.customer.name) == ("henrik@post.example", "Henrik")
    assert (message.conversation.inbox, message.conversation.language) == (mail_desk.inbox, "da")


# 2: what can't be read is kept and shown


def test_in_2_a_bad_mail_is_quarantined_with_its_cause_and_never_stops_the_next(mail_desk, monkeypatch):
    store = batches.store

    def stumbles(arrival, read, *rest, **more):
        store(arrival, read, *rest, **more)
        if read.subject == "poison":
            Conversation.objects.all().delete()
            raise ValueError("no rule for this")

    def found():
        teams = [mail_desk.inbox.team_id]
        return [word for word in ("first", "poison", "last") if search.find(word, team_ids=teams)]

    monkeypatch.setattr(batches, "store", stumbles)
    arrivals = actions.accept(
        [
            actions.Incoming(mail(to=mail_desk.address, subject=subject).as_bytes(), Transport.IMAP, mail_desk.inbox.pk)
            for subject in ("first", "poison", "last")
        ],
        now=the_clock.now(),
    )
    mail_desk.reads()
    for arrival in arrivals:
        arrival.refresh_from_db()
    assert [arrival.state for arrival in arrivals] == ["read", "quarantined", "read"]
    assert set(Conversation.objects.values_list("subject", flat=True)) == {"first", "last"}
    poison = arrivals[1]
    assert (poison.error, poison.attempts) == ("ValueError", 1)
    assert "no rule for this" in poison.detail
    assert found() == ["first", "last"]
    # Tried again, when the rule is there, it is a mail like any other.
    monkeypatch.undo()
    actions.try_again(poison, now=the_clock.now())
    mail_desk.reads()
    poison.refresh_from_db()
    assert (poison.state, poison.error, poison.message.subject) == ("read", "", "poison")
    assert found() == ["first", "poison", "last"]


def test_in_2_a_row_the_database_refuses_keeps_only_its_own_mail_waiting(mail_desk, monkeypatch, clock):
    store = batches.store

    def stumbles(arrival, read, *rest, **more):
        store(arrival, read, *rest, **more)
        if read.subject == "poison":  # on PostgreSQL its refusal comes when the next mail is stored
            known = Identity.objects.get(address="henrik@post.example")
            Identity.objects.create(customer=known.customer, kind="email", address=known.address, created_at=now)

    now = clock.now()
    monkeypatch.setattr(batches, "store", stumbles)
    arrivals = actions.accept(
        [
            actions.Incoming(mail(to=mail_desk.address, subject=subject).as_bytes(), Transport.IMAP, mail_desk.inbox.pk)
            for subject in ("first", "poison", "last")
        ],
        now=now,
    )

    def became():
        mail_desk.reads()
        return list(Arrival.objects.order_by("pk").values_list("state", "attempts"))

    assert became() == [("read", 1), ("waiting", 1), ("read", 1)]
    assert sorted(Message.objects.filter(kind="inbound").values_list("subject", flat=True)) == ["first", "last"]
    clock.passes(seconds=6)
    assert became()[1] == ("waiting", 2)
    clock.passes(seconds=6)
    assert became()[1] == ("quarantined", 3)
    arrivals[1].refresh_from_db()
    assert arrivals[1].error == "IntegrityError"


def test_in_2_a_mail_that_is_too_much_for_the_database_is_set_aside_alone(mail_desk, monkeypatch):
    store = batches.store

    def stumbles(arrival, read, *rest, **more):
        store(arrival, read, *rest, **more)
        if read.subject == "poison":  # an OperationalError on PostgreSQL, as when the database is gone
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT repeat('x', 2000000000)" if connection.vendor == "postgresql" else "SELECT zeroblob(2e9)"
                )

    monkeypatch.setattr(batches, "store", stumbles)
    actions.accept(
        [
            actions.Incoming(mail(to=mail_desk.address, subject=subject).as_bytes(), Transport.IMAP, mail_desk.inbox.pk)
            for subject in ("first", "poison", "last")
        ],
        now=the_clock.now(),
    )
    mail_desk.reads()
    assert list(Arrival.objects.order_by("pk").values_list("state", flat=True)) == ["read", "quarantined", "read"]


def test_in_2_a_refusal_that_somebody_caught_keeps_no_mail_out(mail_desk, monkeypatch, clock):
    store = batches.store

    def stumbles(arrival, read, *rest, **more):
        store(arrival, read, *rest, **more)
        known = Identity.objects.get(address="henrik@post.example")
        with contextlib.suppress(IntegrityError), transaction.atomic():
            Identity.objects.create(customer=known.customer, kind="email", address=known.address, created_at=now)

    now = clock.now()
    monkeypatch.setattr(batches, "store", stumbles)
    actions.accept(
        [
            actions.Incoming(mail(to=mail_desk.address, subject=subject).as_bytes(), Transport.IMAP, mail_desk.inbox.pk)
            for subject in ("first", "last")
        ],
        now=now,
    )
    mail_desk.reads()
    assert list(Arrival.objects.order_by("pk").values_list("state", flat=True)) == ["read", "read"]


def test_in_2_lost_bytes_are_quarantined(mail_desk):
    arrivals = actions.accept(
        [actions.Incoming(b"Subject: x\r\n\r\n" + b"x" * 300_000, Transport.IMAP, mail_desk.inbox.pk)],
        now=the_clock.now(),
    )
    from holdord.channels.raw import _path

    _path(arrivals[0].raw_id).unlink()
    mail_desk.reads()
    arrivals[0].refresh_from_db()
    assert (arrivals[0].state, arrivals[0].error) == ("quarantined", "RawMailLost")


def test_in_2_trouble_of_the_database_is_blamed_on_no_mail(mail_desk, monkeypatch):
    from django.db import OperationalError

    def lost(*rest, **more):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(batches, "store", lost)
    arrival = actions.accept(
        [actions.Incoming(mail(to=mail_desk.address).as_bytes(), Transport.IMAP, mail_desk.inbox.pk)],
        now=the_clock.now(),
    )[0]
    with pytest.raises(OperationalError):
        jobs.read_arrivals()
    arrival.refresh_from_db()
    assert (arrival.state, arrival.attempts) == ("waiting", 0)


def test_in_2_trouble_with_one_mail_leaves_the_others_their_turn(mail_desk, monkeypatch):
    store = batches.store

    def lost(arrival, read, *rest, **more):
        if read.subject == "first":
            raise OSError("the disk does not answer")
        store(arrival, read, *rest, **more)

    monkeypatch.setattr(batches, "store", lost)
    letters = [mail(to=mail_desk.address, subject=subject).as_bytes() for subject in ("first", "second")]
    actions.accept([actions.Incoming(raw, Transport.IMAP, mail_desk.inbox.pk) for raw in letters], now=the_clock.now())
    with pytest.raises(OSError, match="does not answer"):
        jobs.read_arrivals()
    assert list(Arrival.objects.order_by("pk").values_list("state", "attempts")) == [("waiting", 0), ("read", 1)]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\0\0",
        b"\xff" * 2000,
        b"From: \n\n",
        b"no header at all",
        b"Subject: x\n" * 20_000,
        b"(" * 50_000,
        b"Subject: " + b"word " * 400,
        b"Message-ID: <" + _RARE_CHARACTERS.encode() + b"@x.example>\n\n",
    ],
    ids=["empty", "NULs", "8 bit", "empty From", "no header", "many headers", "parentheses", "long subject", "long id"],
)
def test_in_2_any_bytes_become_an_entry_people_see(mail_desk, raw):
    arrival = mail_desk.takes(raw)
    assert arrival.state in {"read", "quarantined"}
    assert arrival.state == "read", arrival.detail


# 5: the same mail once


def test_in_5_the_same_mail_twice_is_one_message(mail_desk):
    raw = mail(to=mail_desk.address).as_bytes()
    message = mail_desk.message(raw)
    again = mail_desk.takes(raw)
    assert (again.state, again.message, again.error) == ("ignored", message, "known_already")
    assert Delivery.objects.get().times == 2
    assert Message.objects.filter(kind="inbound").count() == 1


def test_in_5_another_way_of_the_same_mail_is_the_same(mail_desk):
    written = mail(to=mail_desk.address).as_bytes()
    mail_desk.message(written)
    other_way = b"Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0100\r\n" + written.replace(b"\n", b"\r\n")
    assert mail_desk.takes(other_way).state == "ignored"


def test_in_5_to_two_inboxes_it_is_one_message_with_two_deliveries(mail_desk):
    other = small_desk().inbox
    raw = mail(to=f"{mail_desk.address}, {other.address}").as_bytes()
    message = mail_desk.message(raw)
    actions.accept([actions.Incoming(raw, Transport.IMAP, other.pk)], now=the_clock.now())
    mail_desk.reads()
    assert set(message.deliveries.values_list("inbox", flat=True)) == {mail_desk.inbox.pk, other.pk}
    assert Message.objects.filter(kind="inbound").count() == 1


def test_in_5_the_same_id_with_another_body_is_kept_and_marked(mail_desk):
    first = mail_desk.message(mail("one", to=mail_desk.address, Message_ID="<same@x.example>").as_bytes())
    second = mail_desk.message(mail("two", to=mail_desk.address, Message_ID="<same@x.example>").as_bytes())
    assert first.pk != second.pk
    assert "same_id_other_body" in second.defects
    assert "same_id_other_body" not in first.defects


def test_in_5_without_an_id_the_bytes_are_one(mail_desk):
    raw = mail(to=mail_desk.address, Message_ID="").as_bytes()
    message = mail_desk.message(raw)
    assert message.message_id
    assert mail_desk.takes(raw).state == "ignored"


# 6: threading


def test_in_6_the_signed_reply_address_comes_first(mail_desk):
    one, two = (mail_desk.message(mail(to=mail_desk.address).as_bytes()) for _ in range(2))
    address = tokens.reply_address(mail_desk.address, one.conversation_id)
    found = mail_desk.message(mail("mere", to=address, In_Reply_To=f"<{two.message_id}>").as_bytes())
    assert found.conversation == one.conversation
    # The envelope alone suffices, and case doesn't matter.
    found = mail_desk.message(mail("mere igen", to="undisclosed:;").as_bytes(), envelope_to=(address.upper(),))
    assert found.conversation == one.conversation


def test_in_6_our_own_id_in_references_newest_first(mail_desk):
    one, two = (mail_desk.message(mail(to=mail_desk.address).as_bytes()) for _ in range(2))
    ids = [mail_desk.replies(to=message) and Outgoing.objects.latest("pk").message_id for message in (one, two)]
    domain = mail_desk.address.partition("@")[2]
    references = " ".join(f"<{tokens.message_id_for(key, domain)}>" for key in ids)
    assert (
        mail_desk.message(mail("x", to=mail_desk.address, References=references).as_bytes()).conversation
        == two.conversation
    )


def test_in_6_a_foreign_id_we_know(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    later = mail("mere", to=mail_desk.address, References=f"<unknown@x.example> <{first.message_id}>")
    assert mail_desk.message(later.as_bytes()).conversation == first.conversation


def test_in_6_a_hidden_token_in_the_body(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    later = mail("Se nedenfor", to=mail_desk.address, subject="Fwd: noget andet")
    later.add_alternative(f'<p>Se</p><div id="{tokens.body_mark(first.conversation_id)}">…</div>', subtype="html")
    assert mail_desk.message(later.as_bytes()).conversation == first.conversation


def test_in_6_a_number_in_the_subject_only_for_who_takes_part_and_is_who_they_say(mail_desk, verified):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    subject = f"Angående sag #{first.conversation_id}"
    own = mail_desk.message(mail("a", to=mail_desk.address, subject=subject, **verified).as_bytes())
    assert own.conversation == first.conversation
    unverified = mail_desk.message(mail("b", to=mail_desk.address, subject=subject).as_bytes())
    assert unverified.conversation != first.conversation
    assert unverified.conversation.may_belong_to == first.conversation
    stranger = mail("c", to=mail_desk.address, by="eve@post.example", subject=subject, **verified)
    assert mail_desk.message(stranger.as_bytes()).conversation != first.conversation


def test_in_6_a_guessed_token_lets_nobody_in(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    token = tokens.reply_token(first.conversation_id)
    guessed = token[:-1] + ("0" if token[-1] != "0" else "1")
    local, _, domain = mail_desk.address.partition("@")
    message = mail_desk.message(mail("x", to=f"{local}+{guessed}@{domain}", by="eve@post.example").as_bytes())
    assert message.conversation != first.conversation


def test_in_6_otherwise_a_new_one_that_may_belong_to_the_last(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    second = mail_desk.message(mail("endnu en", to=mail_desk.address, subject="Re: Boksen").as_bytes())
    assert second.conversation != first.conversation
    assert second.conversation.may_belong_to == first.conversation


# 7: a stranger who joins


def test_in_7_a_stranger_takes_part_but_is_never_the_customer(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    address = tokens.reply_address(mail_desk.address, first.conversation_id)
    message = mail_desk.message(mail("jeg er hans kone", to=address, by="eve@post.example").as_bytes())
    assert message.conversation == first.conversation
    assert message.by_stranger
    assert not Participant.objects.get(identity=message.identity).is_customer
    assert message.conversation.customer == first.conversation.customer
    # Nothing that was said before is sent to them.
    assert not Outgoing.objects.filter(to="eve@post.example").exists()


# 8: machine mail has classes


def test_in_8_out_of_office_reopens_nothing_and_its_date_is_a_fact(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    Conversation.objects.filter(pk=first.conversation_id).update(status="waiting")
    away = mail(
        "Jeg er på ferie og er tilbage den 16. marts 2026.",
        to=tokens.reply_address(mail_desk.address, first.conversation_id),
        subject="Automatisk svar: Boksen",
        Auto_Submitted="auto-replied",
    )
    message = mail_desk.message(away.as_bytes())
    assert message.machine == "out_of_office"
    message.conversation.refresh_from_db()
    assert message.conversation.status == "waiting"
    assert Fact.objects.get(message=message, label="back_on").value == "2026-03-16"


@pytest.mark.parametrize(
    ("headers", "machine"),
    [
        (
            {"List_Id": "<news.shop.example>", "List_Unsubscribe": "<https://shop.example/u>", "Precedence": "bulk"},
            None,
        ),
        ({"Auto_Submitted": "auto-replied", "subject": "We have your mail"}, None),
    ],
)
def test_in_8_machine_mail_is_stored_but_never_acknowledged(mail_desk, headers, machine):
    message = mail_desk.message(mail("Nyheder", to=mail_desk.address, by="news@shop.example", **headers).as_bytes())
    assert message.machine
    assert acknowledgements() == 0


def test_in_8_our_own_loop_is_known_by_its_signature(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    back = mail(
        "Tak for din mail",
        to=tokens.reply_address(mail_desk.address, first.conversation_id),
        by="robot@post.example",
        X_Holdord_Loop=tokens.loop_mark(first.pk),
    )
    message = mail_desk.message(back.as_bytes())
    assert message.machine == "loop"
    assert acknowledgements() == 1
    forged = mail("Hej", to=mail_desk.address, by="new@post.example", X_Holdord_Loop="0" * 24)
    assert mail_desk.message(forged.as_bytes()).machine != "loop"


def test_in_8_our_own_mail_that_comes_back_is_no_inquiry(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    mail_desk.replies(to=first)
    caught = mail_desk.sends()[-1]
    arrival = mail_desk.takes(caught.raw)
    assert (arrival.state, arrival.error) == ("ignored", "our_own_mail")


# 9: caps against loops


def test_in_9_one_acknowledgement_for_each_conversation(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    mail_desk.message(
        mail("og en ting til", to=tokens.reply_address(mail_desk.address, first.conversation_id)).as_bytes()
    )
    assert acknowledgements(first.conversation) == 1


def test_in_9_two_an_hour_for_the_same_subject(mail_desk, clock):
    messages = [mail_desk.message(mail(f"nummer {n}", to=mail_desk.address).as_bytes()) for n in range(4)]
    assert acknowledgements() == 2
    assert [("many_mails_from_this_sender" in message.defects) for message in messages] == [False, False, True, True]
    clock.passes(hours=1, minutes=1)
    mail_desk.message(mail("senere", to=mail_desk.address).as_bytes())
    assert acknowledgements() == 3


def test_in_9_ten_in_three_hours_whatever_the_subject(mail_desk):
    for number in range(13):
        mail_desk.message(mail("x", to=mail_desk.address, subject=f"Emne {number}").as_bytes())
    assert acknowledgements() == 10
    assert Conversation.objects.count() == 13


# 4, 9, 27: what is never acknowledged


def test_in_4_what_was_old_when_it_came_is_not_acknowledged(mail_desk):
    old = mail("x", to=mail_desk.address, Date="Sun, 01 Mar 2026 20:00:00 +0100")
    message = mail_desk.message(old.as_bytes())
    assert acknowledgements() == 0
    assert "old_on_arrival" in message.defects


def test_in_4_imported_mail_is_history_and_nobody_is_owed_an_answer(mail_desk):
    from holdord.promises.models import Promise

    old = mail("gammel sag", to=mail_desk.address, Date="Thu, 01 Feb 2024 20:00:00 +0100")
    message = mail_desk.message(old.as_bytes(), transport=Transport.IMPORT)
    assert (message.at.year, message.conversation.status) == (2024, "closed")
    assert not Promise.objects.exists()
    assert acknowledgements() == 0
    # What its customer writes today is an inquiry like any other.
    mail_desk.message(mail("og nu?", to=mail_desk.address, In_Reply_To=f"<{message.message_id}>").as_bytes())
    message.conversation.refresh_from_db()
    assert message.conversation.status == "open"
    assert Promise.objects.count() == 1


@pytest.mark.parametrize("by", ["no-reply@shop.example", "MAILER-DAEMON@mx.example", "ikke-svar@post.example"])
def test_nobody_reads_there_so_nobody_is_answered(mail_desk, by):
    mail_desk.message(mail("x", to=mail_desk.address, by=by).as_bytes())
    assert acknowledgements() == 0


# 10: size


def test_in_10_a_head_is_shown_and_its_sender_told_where_to_put_the_files(mail_desk):
    message = mail_desk.message(mail("Se vedhæftet", to=mail_desk.address).as_bytes(), truncated_from=90_000_000)
    assert "too_large:90000000" in message.defects
    letters = [caught.message.get_body(["plain"]).get_content() for caught in mail_desk.sends()]
    assert len(letters) == 2
    assert "/case/" in letters[1]
    assert "/case/" in letters[0]


def test_in_10_a_machine_that_sends_too_much_is_told_nothing(mail_desk):
    away = mail("x", to=mail_desk.address, Auto_Submitted="auto-replied").as_bytes()
    mail_desk.message(away, truncated_from=90_000_000)
    assert mail_desk.sends() == []


# 14: who really sent it


@pytest.mark.parametrize(
    ("results", "trust"),
    [
        ("mx.lysbro.example; dmarc=pass header.from=post.example", "verified"),
        ("mx.lysbro.example; dmarc=fail header.from=post.example; spf=pass smtp.mailfrom=x@post.example", "failed"),
        ("mx.lysbro.example; dkim=pass header.d=post.example", "verified"),
        ("mx.lysbro.example; dkim=pass header.d=evil.example", "unverified"),
        ("mx.evil.example; dmarc=pass header.from=post.example", "unverified"),
        ("mx.lysbro.example; spf=softfail smtp.mailfrom=x@post.example", "unverified"),
    ],
)
def test_in_14_only_our_own_receivers_word_counts(mail_desk, verified, results, trust):
    message = mail_desk.message(mail("x", to=mail_desk.address, Authentication_Results=results).as_bytes())
    assert message.trust == trust
    assert acknowledgements() == (0 if trust == "failed" else 1)


# 15, 16


def test_in_15_mail_after_closing_reopens_and_thanks_alone_proposes_to_stay_closed(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    address = tokens.reply_address(mail_desk.address, first.conversation_id)
    Conversation.objects.filter(pk=first.conversation_id).update(status="closed")
    thanks = mail_desk.message(mail("Tak for hjælpen!", to=address).as_bytes())
    conversation = Conversation.objects.get(pk=first.conversation_id)
    assert (conversation.status, conversation.closing_proposed_by) == ("closed", thanks)
    mail_desk.message(mail("Tak, men den virker stadig ikke", to=address).as_bytes())
    conversation.refresh_from_db()
    assert conversation.status == "open"


def test_in_16_a_changed_subject_is_shown(mail_desk):
    first = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    address = tokens.reply_address(mail_desk.address, first.conversation_id)
    assert not mail_desk.message(mail("a", to=address, subject="Sv: Boksen").as_bytes()).subject_changed
    assert mail_desk.message(mail("b", to=address, subject="Regningen").as_bytes()).subject_changed


# 28 of the decisions: batches


def test_twenty_mails_are_taken_at_a_time(mail_desk):
    actions.accept(
        [
            actions.Incoming(
                mail(f"{n}", to=mail_desk.address, by=f"k{n}@post.example").as_bytes(), "imap", mail_desk.inbox.pk
            )
            for n in range(25)
        ],
        now=the_clock.now(),
    )
    assert batches.read_waiting(now=the_clock.now()) == 20
    assert batches.read_waiting(now=the_clock.now()) == 5
    assert batches.read_waiting(now=the_clock.now()) == 0
    assert Arrival.objects.filter(state="read").count() == 25
    assert timedelta() <= the_clock.now() - Arrival.objects.latest("pk").received_at


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_queue_and_never_take_the_same_mail(mail_desk):
    import threading

    from django.db import connection

    count = 30
    actions.accept(
        [
            actions.Incoming(
                mail(f"{n}", to=mail_desk.address, by=f"k{n}@post.example").as_bytes(), "imap", mail_desk.inbox.pk
            )
            for n in range(count)
        ],
        now=the_clock.now(),
    )
    failures = []

    def work():
        try:
            mail_desk.reads()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    mail_desk.reads()
    assert Message.objects.filter(kind="inbound").count() == Conversation.objects.count() == count
    assert list(Arrival.objects.values_list("state", "attempts").distinct()) == [("read", 1)]
