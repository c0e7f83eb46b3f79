"""The servers that tests stand on do what they say."""

import smtplib
from datetime import datetime

import pytest
from imapclient import IMAPClient

from holdord.kernel import clock as the_clock


def test_the_clock_goes_where_it_is_told(clock):
    assert clock.now().astimezone(clock.zone).strftime("%a %H:%M") == "Mon 09:00"
    assert clock.moves_to("Mon 15:00") == datetime(2026, 3, 2, 15, 0, tzinfo=clock.zone)
    assert clock.moves_to("Mon 09:00") == datetime(2026, 3, 9, 9, 0, tzinfo=clock.zone)
    assert abs((the_clock.now() - clock.moves_to("Fri 17:50")).total_seconds()) > 1


def test_the_sink_catches_and_fails_when_told(sink):
    with smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.sendmail("a@example.com", ["b@example.com"], b"Subject: one\r\n\r\nbody\r\n")
        sink.answer = lambda envelope: "451 later"
        with pytest.raises(smtplib.SMTPDataError):
            client.sendmail("a@example.com", ["b@example.com"], b"Subject: two\r\n\r\nbody\r\n")
        sink.answer = lambda envelope: "drop"
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.sendmail("a@example.com", ["b@example.com"], b"Subject: three\r\n\r\nbody\r\n")
    assert [(mail.message["Subject"], mail.dropped) for mail in sink.caught] == [("one", False), ("three", True)]


@pytest.mark.dovecot
def test_dovecot_serves_what_was_delivered(dovecot):
    dovecot.deliver("someone", b"Subject: hello\r\n\r\nbody\r\n")
    with IMAPClient("127.0.0.1", dovecot.port, ssl=False) as client:
        client.login("someone", "secret")
        assert client.select_folder("INBOX", readonly=True)[b"EXISTS"] == 1
        assert client.find_special_folder(b"\\Sent") == "Sent"
