"""Mail in by SMTP and LMTP (mail.md In 1, 10)."""

import contextlib
import os
import smtplib
import socket

import pytest
from django.conf import settings

from holdord.channels import actions, raw
from holdord.channels.models import Arrival, RawMail
from tests.channels.conftest import listening
from tests.factories import small_desk
from tests.support.mails import hand_over, mail
from tests.support.ports import free_port


@pytest.fixture
def desk(listener):
    return small_desk()


def test_in_1_what_was_answered_250_is_there_byte_for_byte(listener, desk):
    written = mail(to=desk.inbox.address).as_bytes().replace(b"\n", b"\r\n")
    hand_over(written, port=listener, to=desk.inbox.address)
    arrival = Arrival.objects.get()
    assert raw.read(arrival.raw) == written
    assert (arrival.state, arrival.transport, arrival.inbox) == ("waiting", "smtp", desk.inbox)
    assert (arrival.envelope_from, arrival.envelope_to) == ("henrik@post.example", [desk.inbox.address])


def test_in_1_a_large_mail_is_a_file_on_the_disk_under_its_hash(listener, desk):
    written = b"Subject: large\r\n\r\n" + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 5_000
    hand_over(written, port=listener, to=desk.inbox.address)
    stored = RawMail.objects.get()
    assert stored.content is None
    path = settings.DATA / "raw" / stored.sha256[:2] / stored.sha256
    assert path.read_bytes() == written == raw.read(stored)
    path.write_bytes(b"something else")
    with pytest.raises(raw.RawMailLost):
        raw.read(stored)


def test_in_1_nothing_is_answered_250_that_could_not_be_stored(listener, desk, monkeypatch):
    original = actions.raw_mail.insert

    def broken(mails):
        original(mails)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(actions.raw_mail, "insert", broken)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        hand_over(b"Subject: x\r\n\r\nx\r\n", port=listener, to=desk.inbox.address)
    assert refusal.value.smtp_code == 452
    assert not Arrival.objects.exists()
    monkeypatch.undo()
    hand_over(b"Subject: x\r\n\r\nx\r\n", port=listener, to=desk.inbox.address)
    assert Arrival.objects.count() == 1


def test_in_1_trouble_of_ours_asks_the_sender_to_try_again(listener, desk, monkeypatch):
    monkeypatch.setattr(actions.raw_mail, "insert", lambda mails: 1 / 0)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        hand_over(b"Subject: x\r\n\r\nx\r\n", port=listener, to=desk.inbox.address)
    assert refusal.value.smtp_code == 451


def test_only_our_addresses_are_taken(listener, desk):
    for stranger in ("someone@elsewhere.example", "nobody@lysbro.example"):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            hand_over(b"Subject: x\r\n\r\nx\r\n", port=listener, to=stranger)
    local, _, domain = desk.inbox.address.partition("@")
    hand_over(b"Subject: x\r\n\r\nx\r\n", port=listener, to=f"{local.upper()}+anything@{domain}")
    assert Arrival.objects.get().inbox == desk.inbox


def test_the_empty_sender_is_kept_as_empty(listener, desk):
    hand_over(b"Subject: x\r\n\r\nx\r\n", port=listener, to=desk.inbox.address, sender="<>")
    assert Arrival.objects.get().envelope_from == ""


def test_one_mail_to_two_inboxes_arrives_in_both_and_is_kept_once(listener, desk):
    other = small_desk().inbox
    hand_over(b"Subject: x\r\n\r\nx\r\n", port=listener, to=[desk.inbox.address, other.address])
    assert {arrival.inbox for arrival in Arrival.objects.all()} == {desk.inbox, other}
    assert RawMail.objects.count() == 1


def test_lines_of_any_length_are_taken(listener, desk):
    hand_over(b"Subject: x\r\n\r\n" + b"z" * 3_000_000 + b"\r\n", port=listener, to=desk.inbox.address)
    assert RawMail.objects.get().size > 3_000_000


def conversation(port, *said):
    """What the listener answers, in one connection, to each of these that is sent at once."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line, line.makefile("rb") as answers:
        assert answers.readline().startswith(b"220")
        codes = []
        for words in (b"HELO test\r\n", *said):
            line.sendall(words)
            codes.append(int(answers.readline()[:3]))
        line.settimeout(0.2)
        with contextlib.suppress(TimeoutError):
            for more in answers:
                codes.append(int(more[:3]))
    return codes


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"..a\r\n.b\r\n\r\n...\r\nc\r\n.\r\n", b".a\r\nb\r\n\r\n..\r\nc\r\n"),
        (b"\r\n.\r\n", b"\r\n"),
        (b"a\n.\nb\r\n.\r\n", b"a\n.\nb\r\n"),
        (b".\r\n", b""),
    ],
)
def test_a_mail_ends_at_a_lone_dot_and_dots_at_the_beginning_of_a_line_stay(listener, desk, sent, kept):
    to = f"RCPT TO:<{desk.inbox.address}>\r\n".encode()
    codes = conversation(listener, b"MAIL FROM:<a@b.example>\r\n", to, b"DATA\r\n", sent + b"NOOP\r\n")
    assert codes == [250, 250, 250, 354, 250, 250]
    assert raw.read(RawMail.objects.get()) == kept


def test_who_talks_ahead_is_understood_all_the_same(listener, desk):
    to = f"RCPT TO:<{desk.inbox.address}>\r\n".encode()
    ahead = b"DATA\r\nSubject: x\r\n..a\r\n.\r\nQUIT\r\n"
    assert conversation(listener, b"MAIL FROM:<a@b.example>\r\n", to, ahead) == [250, 250, 250, 354, 250, 221]
    assert raw.read(RawMail.objects.get()) == b"Subject: x\r\n.a\r\n"


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        (b"<a.b+c@post.example> SIZE=20", "a.b+c@post.example"),
        (b'<"a b"@post.example>', '"a b"@post.example'),
        (b"a@post.example", "a@post.example"),
        ("<jørgen@post.example> SMTPUTF8".encode(), "jørgen@post.example"),
        (b"<>", ""),
    ],
)
def test_senders_are_known_by_any_address(listener, desk, written, sender):
    to = f"RCPT TO:<{desk.inbox.address}>\r\n".encode()
    said = [b"EHLO test\r\n", b"MAIL FROM:" + written + b"\r\n", to, b"DATA\r\n", b"Subject: x\r\n\r\nx\r\n.\r\n"]
    with smtplib.SMTP("127.0.0.1", listener) as client:
        for words in said:
            client.send(words)
            assert client.getreply()[0] in {250, 354}
    assert Arrival.objects.get().envelope_from == sender


def test_what_is_no_address_is_refused(listener, desk):
    assert conversation(listener, b"MAIL FROM:<a@post.example>x\r\n") == [250, 501]


def test_in_10_beyond_the_limit_the_head_is_kept_and_far_beyond_it_is_refused(listener, desk, settings):
    settings.LARGEST_MAIL = 1_000_000
    large = b"Subject: large\r\n\r\n" + (b"y" * 70 + b"\r\n") * 20_000
    hand_over(large, port=listener, to=desk.inbox.address)
    arrival = Arrival.objects.get()
    assert arrival.truncated_from == len(large)
    assert raw.read(arrival.raw) == large[: actions.HEAD_KEPT]
    with pytest.raises(smtplib.SMTPResponseException) as refusal:
        hand_over(large * 2, port=listener, to=desk.inbox.address)
    assert refusal.value.smtp_code == 552


def test_lmtp_answers_once_for_each_recipient(listener, desk):
    other = small_desk().inbox
    with smtplib.LMTP(*settings.LISTEN_LMTP) as client:
        client.ehlo()
        client.mail("henrik@post.example")
        assert [client.rcpt(address)[0] for address in (desk.inbox.address, other.address)] == [250, 250]
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(b"Subject: x\r\n\r\nx\r\n.\r\n")
        assert [client.getreply()[0], client.getreply()[0]] == [250, 250]
        assert client.noop()[0] == 250


def test_starttls_is_offered_with_a_certificate(transactional_db, settings, tmp_path):
    import ssl
    import subprocess

    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(["openssl", *made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    settings.LISTEN_CERTIFICATE, settings.LISTEN_CERTIFICATE_KEY = certificate, key
    settings.LISTEN_SMTP, settings.LISTEN_LMTP = ("127.0.0.1", free_port()), None
    desk = small_desk()
    with listening() as port, smtplib.SMTP("127.0.0.1", port, local_hostname="test") as client:
        client._host = "localhost"
        client.starttls(context=ssl.create_default_context(cafile=certificate))
        client.sendmail("a@b.example", desk.inbox.address, b"Subject: x\r\n\r\nx\r\n")
    assert Arrival.objects.count() == 1


def test_many_senders_at_once_share_commits_and_lose_nothing(listener, desk):
    import threading

    def twenty(name):
        with smtplib.SMTP("127.0.0.1", listener) as client:
            for number in range(20):
                client.sendmail("a@b.example", desk.inbox.address, f"Subject: {name} {number}\r\n\r\nx\r\n".encode())

    threads = [threading.Thread(target=twenty, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Arrival.objects.count() == RawMail.objects.count() == 120


def test_the_file_of_a_large_mail_is_written_beside_and_renamed(tmp_path, settings):
    settings.DATA = tmp_path
    raw.write_large([b"x" * 300_000])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [raw.sha256_of(b"x" * 300_000)]
    assert os.access(tmp_path, os.W_OK)
