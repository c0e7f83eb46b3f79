"""Mail out: mail.md Out 1 to 7, over a real SMTP server that fails when told."""

import base64
import smtplib
import socket
from datetime import timedelta
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdord.channels.email import tokens, transport
from holdord.channels.email.transport import Outcome
from holdord.channels.email.writing import Letter, OutgoingFile, write
from holdord.channels.models import SendingAttempt
from holdord.channels.outgoing import sending, workers
from holdord.conversations import actions
from holdord.conversations.models import Conversation, Message, Outgoing
from holdord.conversations.rules import IncomingFile
from holdord.files.actions import keep
from holdord.kernel import clock as the_clock
from tests.support.mails import mail


@pytest.fixture
def inquiry(mail_desk):
    """Henrik's mail, acknowledged."""
    message = mail_desk.message(mail(to=mail_desk.address, Message_ID="<first@post.example>").as_bytes())
    mail_desk.sends()
    mail_desk.sink.caught.clear()
    return message


def part(caught, kind):
    return caught.message.get_body([kind]).get_content().replace("\r\n", "\n")


def fresh(outgoing):
    return Outgoing.objects.select_related("message").get(pk=outgoing.pk)


# 1: an outbox row, sent after the undo window, once


def test_out_1_a_reply_leaves_when_its_undo_window_ends(mail_desk, inquiry, clock):
    message = actions.reply(
        inquiry.conversation,
        by=mail_desk.desk.agent("Jonas"),
        text="Den kommer på torsdag.",
        seen=inquiry,
        not_before=clock.now() + timedelta(seconds=60),
        now=clock.now(),
    )
    assert mail_desk.sends() == []
    clock.passes(seconds=61)
    (caught,) = mail_desk.sends()
    assert caught.recipients == ("henrik@post.example",)
    assert fresh(message.outgoing).state == "sent"


def test_out_1_what_was_undone_is_never_sent(mail_desk, inquiry):
    outgoing = mail_desk.replies(to=inquiry)
    actions.undo_reply(outgoing.message, by=mail_desk.desk.agent("Jonas"), now=the_clock.now())
    assert mail_desk.sends() == []


def test_out_1_the_message_id_is_the_same_at_each_attempt(mail_desk, inquiry, clock):
    seen = []

    def refuse_twice(envelope):
        seen.append(envelope.content)
        return "250 ok" if len(seen) > 2 else "451 later"

    mail_desk.sink.answer = refuse_twice
    outgoing = mail_desk.replies(to=inquiry)
    for _ in range(3):
        mail_desk.sends()
        clock.passes(minutes=5)
    ids = {line for content in seen for line in content.split(b"\r\n") if line.startswith(b"Message-ID:")}
    assert len(seen) == 3
    assert ids == {f"Message-ID: <{fresh(outgoing).message.message_id}>".encode()}
    assert tokens.message_of_message_id(fresh(outgoing).message.message_id) == outgoing.message_id


def test_out_1_an_answer_that_never_came_is_shown_and_not_sent_again(mail_desk, inquiry, clock):
    mail_desk.sink.answer = lambda envelope: "drop"
    outgoing = mail_desk.replies(to=inquiry)
    mail_desk.sends()
    assert fresh(outgoing).state == "unknown"
    clock.passes(hours=3)
    assert len(mail_desk.sends()) == 1
    # A person decided to send it again: under the same id.
    mail_desk.sink.answer = lambda envelope: "250 ok"
    actions.retry(fresh(outgoing), now=the_clock.now())
    first, second = mail_desk.sends()
    assert first.message_id == second.message_id
    assert fresh(outgoing).state == "sent"


def dead_worker(settings, machine=None):
    """The name of a worker that has ended: nobody holds its file's lock."""
    directory = settings.DATA / "workers"
    directory.mkdir(parents=True, exist_ok=True)
    name = f"{machine or socket.gethostname()[:40]}-dead"
    (directory / name).touch()
    return name


def test_out_1_a_crash_before_the_content_left_sends_it_after_all(mail_desk, inquiry, settings):
    outgoing = mail_desk.replies(to=inquiry)
    assert actions.claim(outgoing, message_id="x@lysbro.example", now=the_clock.now())
    SendingAttempt.objects.create(outgoing=outgoing, worker=dead_worker(settings), began_at=the_clock.now())
    assert mail_desk.sends() == []
    assert sending.recover(now=the_clock.now()) == 1
    assert len(mail_desk.sends()) == 1
    assert fresh(outgoing).state == "sent"


def test_out_1_a_crash_after_the_content_left_is_shown(mail_desk, inquiry, settings):
    outgoing = mail_desk.replies(to=inquiry)
    assert actions.claim(outgoing, message_id="x@lysbro.example", now=the_clock.now())
    now = the_clock.now()
    SendingAttempt.objects.create(outgoing=outgoing, worker=dead_worker(settings), began_at=now, data_began_at=now)
    assert sending.recover(now=now) == 1
    assert mail_desk.sends() == []
    assert fresh(outgoing).state == "unknown"


def test_out_1_a_worker_of_another_machine_is_not_taken_for_dead_before_its_time(mail_desk, inquiry, settings, clock):
    outgoing = mail_desk.replies(to=inquiry)
    assert actions.claim(outgoing, message_id="x@lysbro.example", now=clock.now())
    elsewhere = dead_worker(settings, machine="another")
    SendingAttempt.objects.create(outgoing=outgoing, worker=elsewhere, began_at=clock.now())
    assert sending.recover(now=clock.now()) == 0
    clock.passes(minutes=21)
    assert sending.recover(now=clock.now()) == 1


def test_out_1_what_a_living_worker_sends_is_left_alone(mail_desk, inquiry):
    outgoing = mail_desk.replies(to=inquiry)
    assert actions.claim(outgoing, message_id="x@lysbro.example", now=the_clock.now())
    SendingAttempt.objects.create(outgoing=outgoing, worker=workers.this_worker(), began_at=the_clock.now())
    assert sending.recover(now=the_clock.now()) == 0
    assert fresh(outgoing).state == "sending"


def test_out_1_two_workers_never_send_the_same(mail_desk, inquiry):
    outgoing = mail_desk.replies(to=inquiry)
    now = the_clock.now()
    assert sending._claim(Outgoing.objects.get(pk=outgoing.pk), now) is not None
    assert sending._claim(Outgoing.objects.get(pk=outgoing.pk), now) is None


# 2: threaded


def test_out_2_a_reply_is_threaded_and_can_be_answered(mail_desk, inquiry):
    mail_desk.replies(to=inquiry)
    (caught,) = mail_desk.sends()
    assert caught.message["In-Reply-To"] == "<first@post.example>"
    assert caught.message["References"] == "<first@post.example>"
    reply_to = parseaddr(caught.message["Reply-To"])[1]
    assert reply_to == tokens.reply_address(mail_desk.address, inquiry.conversation_id)
    answer = mail(
        "Tak", to=reply_to, References=f"<first@post.example> {caught.message_id}", In_Reply_To=caught.message_id
    )
    second = mail_desk.message(answer.as_bytes())
    assert second.conversation == inquiry.conversation
    mail_desk.replies(to=second)
    caught = mail_desk.sends()[-1]
    assert caught.message["References"].split() == [
        "<first@post.example>",
        mail_desk.sink.caught[0].message_id,
        f"<{second.message_id}>",
    ]


# 3: automatic mail


def test_out_3_automatic_mail_says_so_and_has_no_sender(mail_desk):
    message = mail_desk.message(mail(to=mail_desk.address).as_bytes())
    (caught,) = mail_desk.sends()
    assert caught.sender == ""
    assert caught.message["Auto-Submitted"] == "auto-replied"
    assert caught.message["X-Auto-Response-Suppress"] == "All"
    assert tokens.is_own_loop_mark(caught.message[tokens.LOOP_HEADER])
    assert caught.message["In-Reply-To"] == f"<{message.message_id}>"


def test_out_3_a_persons_mail_says_none_of_it_and_bounces_to_its_conversation(mail_desk, inquiry):
    mail_desk.replies(to=inquiry)
    (caught,) = mail_desk.sends()
    assert caught.sender == tokens.reply_address(mail_desk.address, inquiry.conversation_id)
    assert [caught.message[name] for name in ("Auto-Submitted", "X-Auto-Response-Suppress", tokens.LOOP_HEADER)] == [
        None
    ] * 3


@pytest.mark.parametrize("to", ["no-reply@shop.example", "mailer-daemon@x.example", "list-request@x.example", "ours"])
def test_out_3_automatic_mail_never_goes_to_machines_or_ourselves(mail_desk, inquiry, to):
    message = actions.send_automatically(inquiry.conversation, text="Hej", now=the_clock.now())
    Outgoing.objects.filter(message=message).update(to=mail_desk.address if to == "ours" else to)
    assert mail_desk.sends() == []
    assert fresh(message.outgoing).state == "failed"


# 4: failures


def test_out_4_a_temporary_failure_is_tried_again_ever_later_and_shown_after_15_minutes(mail_desk, inquiry, clock):
    mail_desk.sink.answer = lambda envelope: "451 4.2.0 greylisted"
    outgoing = mail_desk.replies(to=inquiry)
    waits = []
    while the_clock.now() < outgoing.not_before + timedelta(minutes=14):
        mail_desk.sends()
        row = fresh(outgoing)
        waits.append(row.next_attempt_at - the_clock.now())
        sending.show_delays(now=the_clock.now())
        assert (row.state, row.shown_to_author_at) == ("queued", None)
        clock.moves_to(row.next_attempt_at + timedelta(seconds=1))
    assert "451 4.2.0 greylisted" in fresh(outgoing).last_error
    assert waits == sorted(waits)
    clock.passes(minutes=10)
    assert sending.show_delays(now=the_clock.now()) == 1
    assert fresh(outgoing).shown_to_author_at
    mail_desk.sink.answer = lambda envelope: "250 ok"
    clock.passes(hours=1)
    mail_desk.sends()
    assert (fresh(outgoing).state, fresh(outgoing).last_error) == ("sent", "")


def test_out_4_a_permanent_failure_is_shown_at_once_and_the_answer_is_open_again(mail_desk, inquiry):
    mail_desk.sink.answer_to_recipient = lambda address: "550 5.1.1 no such user"
    outgoing = mail_desk.replies(to=inquiry)
    mail_desk.sends()
    assert (fresh(outgoing).state, fresh(outgoing).attempts) == ("failed", 1)
    assert "no such user" in fresh(outgoing).last_error
    assert Conversation.objects.get(pk=inquiry.conversation_id).status == "open"


def test_out_4_after_two_days_of_trying_it_has_failed(mail_desk, inquiry, clock):
    mail_desk.sink.answer = lambda envelope: "451 later"
    outgoing = mail_desk.replies(to=inquiry)
    for _ in range(40):
        mail_desk.sends()
        clock.passes(hours=4)
    assert fresh(outgoing).state == "failed"


def test_out_4_no_server_is_a_temporary_failure(mail_desk, inquiry, settings):
    settings.SMTP_PORT = 1
    outgoing = mail_desk.replies(to=inquiry)
    mail_desk.sends()
    assert (fresh(outgoing).state, fresh(outgoing).attempts) == ("queued", 1)


def test_out_4_a_letter_that_cannot_be_written_is_tried_again_and_shown(mail_desk, inquiry, clock, monkeypatch):
    outgoing, compose = mail_desk.replies(inquiry), sending.compose

    def stumbles(letter):
        if letter.pk == outgoing.pk:
            raise KeyError("no rule for this")
        return compose(letter)

    monkeypatch.setattr(sending, "compose", stumbles)
    assert mail_desk.sends() == []
    assert (fresh(outgoing).state, fresh(outgoing).last_error) == ("queued", "it can't be written: KeyError")
    clock.passes(minutes=16)
    mail_desk.sends()
    sending.show_delays(now=the_clock.now())
    assert fresh(outgoing).shown_to_author_at
    monkeypatch.undo()
    clock.passes(hours=1)
    assert len(mail_desk.sends()) == 1


def test_out_4_one_refused_copy_does_not_fail_the_mail(mail_desk, inquiry):
    refuse = "cc@gone.example"
    mail_desk.sink.answer_to_recipient = lambda address: "550 gone" if address == refuse else "250 ok"
    outgoing = mail_desk.replies(to=inquiry, cc=["cc@gone.example", "cc@there.example"])
    (caught,) = mail_desk.sends()
    assert caught.recipients == ("henrik@post.example", "cc@there.example")
    assert fresh(outgoing).state == "sent"
    assert "cc@gone.example" in SendingAttempt.objects.get(outgoing=outgoing).answer


# 5: bounces


def report(original, *, status="5.1.1", action="failed", keep_id=True):
    identity = f"Message-ID: {original.message_id}\n" if keep_id else ""
    return (
        f"From: MAILER-DAEMON@mx.post.example\nTo: {original.sender}\nSubject: Undelivered Mail\n"
        f"Message-ID: <{status}.{keep_id}@mx.post.example>\nMIME-Version: 1.0\nAuto-Submitted: auto-replied\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThe user does not exist.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.post.example\n\n"
        f"Final-Recipient: rfc822; henrik@post.example\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{identity}Subject: Re: Boksen\n\n--b--\n"
    ).encode()


@pytest.mark.parametrize("keep_id", [True, False], ids=["by our Message-ID", "by the reply address"])
def test_out_5_a_bounce_finds_its_message(mail_desk, inquiry, keep_id):
    outgoing = mail_desk.replies(to=inquiry)
    (caught,) = mail_desk.sends()
    bounce = mail_desk.message(report(caught, keep_id=keep_id), envelope_from="", envelope_to=(caught.sender,))
    assert (bounce.machine, bounce.conversation) == ("bounce_hard", inquiry.conversation)
    row = fresh(outgoing)
    assert row.bounced_at
    assert "does not exist" in row.last_error
    assert Message.objects.get(pk=inquiry.pk).identity.bounced_at
    assert Conversation.objects.get(pk=inquiry.conversation_id).status == "open"


def test_out_5_a_delay_is_no_bounce(mail_desk, inquiry):
    outgoing = mail_desk.replies(to=inquiry)
    (caught,) = mail_desk.sends()
    mail_desk.takes(report(caught, status="4.4.1", action="delayed"), envelope_from="")
    assert fresh(outgoing).bounced_at is None


# 6: both parts, inline images, the customer's language


def test_out_6_plain_and_html_say_the_same(mail_desk, inquiry):
    mail_desk.replies(to=inquiry, text="Kære Henrik\n\nDen <kommer> på torsdag: https://lysbro.example/spor?a=1&b=2.")
    (caught,) = mail_desk.sends()
    plain, rich = (part(caught, kind) for kind in ("plain", "html"))
    assert plain.startswith("Kære Henrik\n\nDen <kommer> på torsdag: https://lysbro.example/spor?a=1&b=2.\n\nJonas")
    assert "Den &lt;kommer&gt; på torsdag" in rich
    assert '<a href="https://lysbro.example/spor?a=1&amp;b=2">' in rich
    assert '<html lang="da">' in rich
    assert caught.message["Content-Language"] == "da"
    assert "<img" not in rich


def test_out_6_files_go_along_inline_ones_inside_the_html(mail_desk, inquiry):
    png = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    blob = keep(png, now=the_clock.now())
    files = [
        IncomingFile(blob=blob, name="kvittering æøå.png", content_type="image/png"),
        IncomingFile(blob=blob, name="logo.png", content_type="image/png", content_id="logo@x", is_inline=True),
    ]
    mail_desk.replies(to=inquiry, files=files)
    (caught,) = mail_desk.sends()
    assert [part.get_filename() for part in caught.message.iter_attachments()] == ["kvittering æøå.png"]
    related = next(part for part in caught.message.walk() if part.get_content_type() == "multipart/related")
    assert [part["Content-ID"] for part in related.iter_attachments()] == ["<logo@x>"]
    assert next(caught.message.iter_attachments()).get_content() == png


def test_the_case_link_goes_to_the_customer_alone(mail_desk, inquiry):
    mail_desk.replies(to=inquiry)
    mail_desk.replies(to=inquiry, cc=["someone@else.example"])
    alone, shared = (caught.message.get_body(["plain"]).get_content() for caught in mail_desk.sends())
    assert "/case/" in alone
    assert "/case/" not in shared


# 7: how it is handed over


def test_out_7_a_token_logs_in_as_google_and_microsoft_want_it(settings, tmp_path, monkeypatch):
    settings.SMTP_USER = "care@lysbro.example"
    monkeypatch.setenv("HOLDORD_SMTP_TOKEN_FILE", str(tmp_path / "token"))
    (tmp_path / "token").write_text("ya29.fresh")
    said = []

    class Server(smtplib.SMTP):
        def auth(self, mechanism, authobject, *, initial_response_ok=True):
            said.append((mechanism, authobject()))
            return 235, b"ok"

    transport._log_in(Server())
    assert said == [("XOAUTH2", "user=care@lysbro.example\1auth=Bearer ya29.fresh\1\1")]


def test_out_7_starttls_is_not_done_without(settings, sink):
    settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY = "127.0.0.1", sink.port, "starttls"
    result = transport.send(b"Subject: x\r\n\r\nx\r\n", sender="a@b.example", recipients=["c@d.example"])
    assert result.outcome is Outcome.LATER
    assert sink.caught == []


# headers that nobody can inject into


def letter(**more):
    fields = {
        "message_id": "1@lysbro.example",
        "at": the_clock.now(),
        "from_name": "Lysbro",
        "from_address": "hej@lysbro.example",
        "to_name": "Henrik",
        "to_address": "henrik@post.example",
        "reply_to": "hej+x@lysbro.example",
        "subject": "Boksen",
        "text": "Hej",
        "language": "da",
    }
    return write(Letter(**{**fields, **more}))


def headers_of(raw):
    import email
    from email.policy import compat32

    return email.message_from_bytes(raw, policy=compat32)


any_text = st.text(max_size=300)


@given(subject=any_text, to_name=any_text, from_name=any_text, message_id=any_text, reference=any_text, text=any_text)
def test_no_text_can_add_a_header_or_end_the_mail(subject, to_name, from_name, message_id, reference, text):
    raw = letter(
        subject=subject,
        to_name=to_name,
        from_name=from_name,
        in_reply_to=message_id,
        references=(reference, message_id),
        text=text,
    )
    expected = {"Date", "From", "To", "Reply-To", "Subject", "Message-ID", "Content-Language", "MIME-Version"}
    expected |= {"Content-Type"} | ({"In-Reply-To", "References"} if message_id else set())
    assert sorted(headers_of(raw).keys()) == sorted(expected)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


@given(subject=st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200))
def test_a_subject_comes_back_as_it_was_written(subject):
    from email.header import decode_header, make_header

    raw = headers_of(letter(subject=subject))["Subject"] or ""
    found = str(make_header(decode_header(raw.replace("\r\n", ""))))
    assert found.split() == subject.split()


def test_long_ids_are_neither_folded_nor_encoded():
    long_id = "x" * 300 + "@post.example"
    raw = letter(in_reply_to=long_id, references=(long_id, "b@c.example"))
    assert f"In-Reply-To: <{long_id}>".encode() in raw.replace(b"In-Reply-To:\r\n ", b"In-Reply-To: ")
    assert headers_of(raw)["References"].split() == [f"<{long_id}>", "<b@c.example>"]


def test_a_file_name_cannot_break_out():
    raw = letter(files=(OutgoingFile('a"\r\nX-Evil: 1\r\n.exe', "text/html\r\nX-Evil: 2", b"x"),))
    assert b"\nX-Evil" not in raw


def test_a_line_that_begins_with_a_dot_arrives(mail_desk, inquiry):
    mail_desk.replies(to=inquiry, text=".\n..\n. end")
    (caught,) = mail_desk.sends()
    assert part(caught, "plain").startswith(".\n..\n. end")
