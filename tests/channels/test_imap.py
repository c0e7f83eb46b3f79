"""Mailboxes over a real Dovecot: mail.md In 3, 4 and 17."""

import itertools
import threading
import time
from datetime import date, timedelta

import pytest
from imapclient.exceptions import LoginError

from holdord.channels import raw
from holdord.channels.email import secrets
from holdord.channels.email.faults import fault_in
from holdord.channels.email.imap import alarms, keeper
from holdord.channels.email.imap.reader import Connection, read_mailbox
from holdord.channels.models import Arrival, Mailbox, MailboxAlarm, MailboxFolder
from holdord.conversations.models import Message, Outgoing
from holdord.kernel import clock as the_clock
from tests.support.mails import mail

pytestmark = [pytest.mark.dovecot, pytest.mark.django_db]
_users = itertools.count(1)


@pytest.fixture
def user(dovecot):
    return f"user{next(_users)}"


@pytest.fixture
def mailbox(mail_desk, dovecot, user):
    return Mailbox.objects.create(
        inbox=mail_desk.inbox,
        host="127.0.0.1",
        port=dovecot.port,
        security="none",
        user=user,
        sealed_secret=secrets.seal("secret"),
    )


@pytest.fixture
def deliver(dovecot, user, mail_desk):
    def put(text="Hej", folder="INBOX", **headers):
        written = mail(text, to=mail_desk.address, **headers)
        dovecot.deliver(user, written.as_bytes(), folder)
        return written["Message-ID"].strip("<>")

    return put


def read(mailbox):
    mailbox.refresh_from_db()
    with Connection(mailbox) as server:
        return read_mailbox(mailbox, server, now=the_clock.now())


def ids():
    return list(Message.objects.filter(kind="inbound").order_by("pk").values_list("message_id", flat=True))


def seen_flags(dovecot, user):
    from imapclient import IMAPClient

    with IMAPClient("127.0.0.1", dovecot.port, ssl=False) as client:
        client.login(user, "secret")
        client.select_folder("INBOX", readonly=True)
        return {flag for flags in client.get_flags(client.search()).values() for flag in flags}


# 4: the first connection


def test_in_4_the_first_connection_imports_nothing_older(mailbox, deliver, mail_desk):
    deliver("gammel")
    assert read(mailbox) == 0
    new = deliver("ny")
    assert read(mailbox) == 1
    mail_desk.reads()
    assert ids() == [new]


def test_in_4_asked_for_it_imports_since_a_day_and_a_dry_run_says_how_many(mailbox, deliver, mail_desk):
    old = [deliver(f"gammel {number}") for number in range(3)]
    since = (the_clock.now() - timedelta(days=1)).date()
    # Dovecot dates mails by the machine's clock, not ours.
    since = min(since, date(2020, 1, 1))
    with Connection(mailbox) as server:
        assert server.count_since("INBOX", since) == 3
    assert not Arrival.objects.exists()
    Mailbox.objects.update(import_since=since)
    assert read(mailbox) == 3
    mail_desk.reads()
    assert sorted(ids()) == sorted(old)


# 3: UIDVALIDITY and UID


def test_in_3_each_mail_is_taken_once_whatever_other_clients_do(mailbox, deliver, dovecot, user, mail_desk):
    read(mailbox)
    first = deliver("en")
    read(mailbox)
    from imapclient import IMAPClient

    with IMAPClient("127.0.0.1", dovecot.port, ssl=False) as client:
        client.login(user, "secret")
        client.select_folder("INBOX")
        client.add_flags(client.search(), [b"\\Seen", b"\\Flagged"])
    second = deliver("to", Date="Mon, 02 Mar 2020 09:00:00 +0100")
    assert read(mailbox) == 1
    assert read(mailbox) == 0
    mail_desk.reads()
    assert ids() == [first, second]


def test_in_3_reading_changes_nothing_there(mailbox, deliver, dovecot, user):
    read(mailbox)
    deliver("en")
    read(mailbox)
    assert b"\\Seen" not in seen_flags(dovecot, user)


def test_in_3_when_the_numbers_change_all_is_read_again_and_nothing_doubled(mailbox, deliver, dovecot, user, mail_desk):
    read(mailbox)
    written = mail("en", to=mail_desk.address).as_bytes()
    dovecot.deliver(user, written)
    read(mailbox)
    mail_desk.reads()
    before = MailboxFolder.objects.get(name="INBOX").uid_validity
    dovecot.wipe(user)
    time.sleep(1.1)
    dovecot.deliver(user, written)
    fresh = deliver("to")
    assert read(mailbox) == 2
    mail_desk.reads()
    assert MailboxFolder.objects.get(name="INBOX").uid_validity != before
    assert ids() == [ids()[0], fresh]
    assert MailboxAlarm.objects.get().kind == "renumbered"


def test_in_1_the_position_moves_only_with_the_mails(mailbox, deliver, monkeypatch):
    from holdord.channels.email.imap import reader

    read(mailbox)
    deliver("en")
    with monkeypatch.context() as broken:
        broken.setattr(reader, "accept", lambda mails, now: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            read(mailbox)
    assert MailboxFolder.objects.get(name="INBOX").last_uid == 0
    assert read(mailbox) == 1


def test_in_10_of_a_mail_beyond_the_limit_the_head_is_taken(mailbox, dovecot, user, mail_desk, settings):
    read(mailbox)
    settings.LARGEST_MAIL = 400_000
    large = mail("stor", to=mail_desk.address).as_bytes() + b"x" * 70 + b"\n" + (b"y" * 70 + b"\n") * 20_000
    dovecot.deliver(user, large)
    assert read(mailbox) == 1
    arrival = Arrival.objects.get()
    assert arrival.truncated_from > len(large)
    assert len(raw.read(arrival.raw)) == 256 * 1024


def test_in_3_once_a_day_the_counts_are_compared(mailbox, deliver, clock):
    read(mailbox)
    deliver("en")
    read(mailbox)
    MailboxFolder.objects.update(fetched=0)
    mailbox.refresh_from_db()
    with Connection(mailbox) as server:
        keeper.check(mailbox, server)
        assert MailboxAlarm.objects.get(kind="count_differs").detail == "1 on the server, 0 here"
        MailboxFolder.objects.update(fetched=1)
        mailbox.refresh_from_db()
        keeper.check(mailbox, server)
        assert MailboxAlarm.objects.get(kind="count_differs").ended_at is None
        clock.passes(hours=25)
        keeper.check(mailbox, server)
        assert MailboxAlarm.objects.get(kind="count_differs").ended_at


def test_in_3_a_mailbox_that_fails_raises_an_alarm_that_ends_by_itself(mailbox, clock):
    alarms.failed(mailbox, OSError("refused"), now=clock.now())
    assert not MailboxAlarm.objects.exists()
    clock.passes(minutes=11)
    alarms.failed(mailbox, OSError("refused"), now=clock.now())
    alarms.failed(mailbox, OSError("refused"), now=clock.now())
    assert MailboxAlarm.objects.get().kind == "failing"
    read(mailbox)
    assert MailboxAlarm.objects.get().ended_at
    mailbox.refresh_from_db()
    assert (mailbox.failing_since, mailbox.last_error, mailbox.last_fault) == (None, "", "")


def test_in_3_silence_beyond_the_normal_raises_an_alarm(mailbox, mail_desk, clock):
    for _ in range(25):
        mail_desk.takes(mail(to=mail_desk.address).as_bytes())
        clock.passes(hours=6)
    Mailbox.objects.update(last_mail_at=clock.now())
    mailbox.refresh_from_db()
    alarms.look_for_silence(mailbox, now=clock.now())
    assert not MailboxAlarm.objects.exists()
    clock.passes(hours=20)
    alarms.look_for_silence(mailbox, now=clock.now())
    assert MailboxAlarm.objects.get().kind == "silent"


# 17: people read the mailbox in another client, too


def test_in_17_an_answer_given_in_another_client_is_imported_and_counts(mailbox, deliver, dovecot, user, mail_desk):
    read(mailbox)
    first = deliver("Hvornår kommer den?")
    read(mailbox)
    mail_desk.reads()
    message = Message.objects.get(message_id=first)
    answer = mail(
        "På torsdag.", by=mail_desk.address, to="henrik@post.example", subject="Re: Boksen", In_Reply_To=f"<{first}>"
    )
    dovecot.deliver(user, answer.as_bytes(), "Sent")
    read(mailbox)
    mail_desk.reads()
    outside = Message.objects.get(message_id=answer["Message-ID"].strip("<>"))
    assert (outside.kind, outside.conversation, outside.is_answer) == ("outbound", message.conversation, True)
    assert not Outgoing.objects.filter(message=outside, state="queued").exists()
    from holdord.promises.models import Promise

    assert Promise.objects.get(conversation=message.conversation, kind="answer").state == "kept"


def test_in_17_what_we_sent_ourselves_is_not_imported_again(mailbox, deliver, dovecot, user, mail_desk):
    read(mailbox)
    deliver("Hvornår kommer den?")
    read(mailbox)
    mail_desk.reads()
    mail_desk.replies(to=Message.objects.get(kind="inbound"))
    before = Message.objects.count()
    for caught in mail_desk.sends():
        dovecot.deliver(user, caught.raw, "Sent")
    read(mailbox)
    mail_desk.reads()
    assert Message.objects.count() == before


# the thread that keeps a mailbox


def test_idle_tells_at_once(mailbox, deliver):
    read(mailbox)
    with Connection(mailbox) as server:
        threading.Timer(0.3, deliver).start()
        begun = time.monotonic()
        assert server.idle("INBOX", seconds=10)
        assert time.monotonic() - begun < 5


def test_a_secret_is_sealed(mailbox):
    assert "secret" not in mailbox.sealed_secret
    assert secrets.unseal(mailbox.sealed_secret) == "secret"
    assert secrets.seal("secret") != secrets.seal("secret")
    with pytest.raises(secrets.CannotUnseal):
        secrets.unseal(mailbox.sealed_secret[:-4] + "AAAA")


def test_out_7_a_token_logs_in_as_google_and_microsoft_want_it(mailbox, deliver, dovecot, user, mail_desk):
    dovecot.tokens.users["ya29.token"] = user
    Mailbox.objects.update(uses_token=True, sealed_secret=secrets.seal("ya29.token"))
    read(mailbox)
    new = deliver("ny")
    assert read(mailbox) == 1
    mail_desk.reads()
    assert ids() == [new]


@pytest.mark.parametrize("token", ["ya29.withdrawn", "ya29.of-another", "secret"])
def test_out_7_a_token_that_is_not_valid_or_not_theirs_is_refused_like_a_password(mailbox, dovecot, token):
    dovecot.tokens.users["ya29.of-another"] = "another"
    Mailbox.objects.update(uses_token=True, sealed_secret=secrets.seal(token))
    mailbox.refresh_from_db()
    with pytest.raises(LoginError) as refused:
        Connection(mailbox)
    assert fault_in(refused.value) == "wrong_password"


def test_a_wrong_password_is_trouble_and_shown(mailbox):
    Mailbox.objects.update(sealed_secret=secrets.seal("wrong"))
    mailbox.refresh_from_db()
    with pytest.raises(LoginError) as trouble:
        Connection(mailbox)
    alarms.failed(mailbox, trouble.value, now=the_clock.now())
    mailbox.refresh_from_db()
    assert "LoginError" in mailbox.last_error
    assert mailbox.last_fault == "wrong_password"
    assert "wrong" not in mailbox.last_error
