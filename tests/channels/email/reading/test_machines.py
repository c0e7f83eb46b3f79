"""Who wrote a mail: a person, or which kind of machine."""

from datetime import date

import pytest

from holdord.channels.email.reading import Machine, ReadMail, read

from .letters import letter, parts

_DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nReturn-Path: <>\n"
_RETURNED = (
    "Content-Type: message/rfc822\n\nFrom: care@shop.example\nTo:"
    " gone@example.no\nMessage-ID: <our-1@shop.example>\n\nHei"
)


def report(action: str, status: str, extra: str = "", kind: str = "delivery-status") -> ReadMail:
    fields = (
        f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; gone@example.no\nAction:"
        f" {action}\nStatus: {status}\n{extra}"
    )
    head, body = parts(
        "report", "Content-Type: text/plain\n\nA report.", f"Content-Type: message/{kind}\n\n{fields}", _RETURNED
    )
    head = head.replace(b"report;", f"report; report-type={kind};".encode())
    return letter(_DAEMON.encode() + b"Subject: Report\n" + head, body, bare=True)


@pytest.mark.parametrize(
    ("action", "status", "extra", "machine"),
    [
        ("failed", "5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 user unknown", Machine.BOUNCE_HARD),
        ("failed", "5.2.2", "Diagnostic-Code: smtp; 552 5.2.2 mailbox full", Machine.BOUNCE_SOFT),
        ("failed", "4.4.1", "", Machine.BOUNCE_SOFT),
        ("Failed (final)", "5.0.0", "", Machine.BOUNCE_HARD),
        ("delayed", "4.4.7", "", Machine.DELAYED),
        ("relayed", "2.0.0", "", Machine.REPORT),
        ("delivered", "2.0.0", "", Machine.REPORT),
        ("deliverable", "2.1.5", "", Machine.REPORT),
        ("expired", "", "", Machine.BOUNCE_HARD),
        ("expanded", "2.0.0", "", Machine.REPORT),
    ],
)
def test_delivery_reports(action: str, status: str, extra: str, machine: Machine) -> None:
    mail = report(action, status, extra)
    assert (mail.machine, mail.bounced_message_id) == (machine, "our-1@shop.example")
    assert mail.is_auto_reply
    assert mail.is_bounce == (machine in (Machine.BOUNCE_HARD, Machine.BOUNCE_SOFT))
    if mail.is_bounce:
        assert mail.bounced_recipient == "gone@example.no"


@pytest.mark.parametrize(
    ("recipient", "found"),
    [
        ("utf-8; åse@bør.example", "åse@bør.example"),
        (r"utf-8; \x{E5}se@example.no", "åse@example.no"),
        (r"utf-8; \x{D800}\x{00}\x{E5}se@example.no", "�åse@example.no"),
        ("x400; /S=gone/", "gone@example.no"),  # from the mail that came back
    ],
)
def test_whom_a_report_is_about_in_other_alphabets(recipient: str, found: str) -> None:
    fields = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: {recipient}\nAction: failed\nStatus: 5.1.1\n"
    head, body = parts("report", "\nA report.", f"Content-Type: message/delivery-status\n\n{fields}", _RETURNED)
    assert letter(_DAEMON.encode() + b"Subject: Report\n" + head, body, bare=True).bounced_recipient == found


def test_read_receipts_and_abuse_reports_are_no_bounces() -> None:
    receipt = report("x", "", kind="disposition-notification")
    abuse = report("x", "", kind="feedback-report")
    assert (receipt.machine, receipt.is_bounce) == (Machine.READ_RECEIPT, False)
    assert (abuse.machine, abuse.is_bounce) == (Machine.REPORT, False)


@pytest.mark.parametrize(
    ("head", "body", "recipient"),
    [
        (
            "From: MAILER-DAEMON@mx.example\nSubject: failure notice",
            (
                "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver"
                " your message to the following addresses.\n\n<gone@example.no>:\n192.0.2.1 does not like"
                " recipient.\n550 no such user\n\n--- Below this line is a copy of the"
                " message.\n\nMessage-ID: <our-1@shop.example>\nTo: gone@example.no\n"
            ),
            "gone@example.no",
        ),
        (
            (
                "From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients:"
                " gone@example.no\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed: returning"
                " message to sender"
            ),
            (
                "This message was created automatically by mail delivery software.\n\n  gone@example.no\n"
                "    Unrouteable address\n\n------ This is a copy of the message, including all the"
                " headers. ------\n\nMessage-ID: <our-1@shop.example>\n"
            ),
            "gone@example.no",
        ),
        (
            "From: postmaster@domino.example\nSubject: DELIVERY FAILURE: User gone (gone@example.no) not listed",
            (
                "Your message\n\n  Subject: Hei\n\nwas not delivered to:\n\n "
                " gone@example.no\n\nbecause:\n\n  User not listed\n\nMessage-ID: <our-1@shop.example>"
            ),
            "gone@example.no",
        ),
        (
            "From: System Administrator <postmaster@exchange.example>\nSubject: Undeliverable: Hei",
            (
                "Your message did not reach some or all of the intended recipients.\n\n      Subject:"
                " Hei\n\nThe following recipient(s) could not be reached:\n\n      gone@example.no on"
                " 2.3.2026 10:00\n            The e-mail account does not exist\n\nMessage-ID: "
                "<our-1@shop.example>"
            ),
            "gone@example.no",
        ),
        (
            "From: Mail Administrator <Postmaster@carrier.example>\nSubject: Mail System Error - Returned Mail",
            (
                "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n"
                "<gone@example.no>: user unknown\n\nMessage-ID: <our-1@shop.example>"
            ),
            "gone@example.no",
        ),
    ],
)
def test_bounces_that_are_no_reports(head: str, body: str, recipient: str) -> None:
    mail = letter(head + "\nContent-Type: text/plain; charset=utf-8", body, bare=True)
    assert (mail.machine, mail.bounced_recipient, mail.bounced_message_id) == (
        Machine.BOUNCE_HARD,
        recipient,
        "our-1@shop.example",
    )


def test_the_address_that_a_report_goes_to_is_not_the_one_that_failed() -> None:
    body = "Your message from care@shop.example could not be delivered to gone@example.no: user unknown"
    head = "From: mailer-daemon@mx.example\nTo: care@shop.example\nSubject: failure notice"
    assert letter(head, body, bare=True).bounced_recipient == "gone@example.no"


def test_a_warning_is_a_delay() -> None:
    body = (
        "This is a warning message only. YOU DO NOT NEED TO RESEND.\nYour message to"
        " gone@example.no is delayed; we will continue to try."
    )
    mail = letter("From: mailer-daemon@mx.example\nSubject: Warning: message 1x delayed 24 hours", body, bare=True)
    assert (mail.machine, mail.is_bounce) == (Machine.DELAYED, False)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Subject: Kan ikke leveres", "Hei, pakken kan ikke leveres, sier dere. User unknown!"),
        ("Subject: Fwd: Undelivered Mail Returned to Sender", "See below: <gone@example.no>: user unknown"),
        ("Subject: Undeliverable: my order", "What is this? I got a bounce from you."),
        ("Subject: Re: Autosvar: Hvor er pakken", "jeg får kun autosvar"),
        ("Subject: SV: Fraværsmelding: Hei", "Dere er aldri der"),
        ("Subject: Hei\nX-Auto-Response-Suppress: All", "Outlook skriver dette i alt"),
        ("Subject: Ferie", "Jeg er på ferie og trenger hjelp"),
        ("Subject: Hei\nAuto-Submitted: no", "Hei"),
        ("Subject: Autosvar", "Hvorfor får jeg ikke annet?"),
        ("Subject: AUTO: min bil", "Den er gul"),
        ("Subject: Invitasjon\nContent-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR\nMETHOD:REQUEST\n"),
    ],
)
def test_people_stay_people(head: str, body: str) -> None:
    mail = letter("From: Kirsten <kirsten@example.no>\n" + head, body, bare=True)
    assert (mail.machine, mail.is_auto_reply, mail.is_bounce) == (None, False, False)


def test_a_customer_who_forwards_a_bounce_is_a_customer() -> None:
    status = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient:"
        " rfc822; a@b.no\nAction: failed\nStatus: 5.1.1\n"
    )
    mail = letter(*parts("mixed", "Content-Type: text/plain\n\nWhat is this?", status, _RETURNED))
    assert (mail.machine, mail.bounced_recipient) == (None, None)


@pytest.mark.parametrize(
    "subject",
    [
        "Automatisk svar: Hvor er pakken",
        "Fraværsmelding: Re: Sak 12",
        "Frånvaromeddelande: Ärende 12",
        "Autosvar: Din ordre",
        "Abwesenheitsnotiz: Bestellung",
        "Automatic reply: Your order",
        "Out of office: Your order",
        "Automatiskt svar: order",
        "Automatische Antwort: Bestellung",
        "Abwesenheitsnotiz",
        "Fraværsbesked",
        "AUTO: Anna Berg is out of the office (returning 16.03.2026)",
    ],
)
def test_out_of_office_without_any_header(subject: str) -> None:
    body = "Jeg er på ferie. / Jag är på semester. / Ich bin im Urlaub. / I am out of the office."
    assert letter(f"From: a@b.no\nSubject: {subject}", body, bare=True).machine is Machine.OUT_OF_OFFICE


def test_an_absence_with_the_empty_envelope_of_bounces_is_no_bounce() -> None:
    head = "From: Anna <anna@example.no>\nReturn-Path: <>\nSubject: Automatic reply: Sak"
    mail = letter(head, "I am out of the office. What could not be delivered waits for me.", bare=True)
    assert mail.machine is Machine.OUT_OF_OFFICE


def test_the_prefix_of_mail_programs_means_away_unless_the_text_says_received() -> None:
    assert (
        letter("From: a@b.no\nSubject: Automatisk svar: Sak", "Ring 12345678.", bare=True).machine
        is Machine.OUT_OF_OFFICE
    )
    receipt = letter("From: a@b.no\nSubject: Autosvar: Sak", "Vi har mottatt din henvendelse.", bare=True)
    assert receipt.machine is Machine.AUTO_ACKNOWLEDGEMENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jeg er tilbage den 16. marts.", date(2026, 3, 16)),
        ("Jeg har ferie fra 1. mars til og med 15. mars 2026.", date(2026, 3, 16)),
        ("Jeg er på ferie og er tilbake mandag 16.03.", date(2026, 3, 16)),
        ("Jag har semester t.o.m. 15 mars och är åter 17 mars.", date(2026, 3, 17)),
        ("Ich bin im Urlaub und ab dem 5. Januar wieder zurück. Wieder da: 05.01.2027", date(2027, 1, 5)),
        ("I am out of the office until March 20th, 2026.", date(2026, 3, 20)),
        ("I am out of the office and will be back on 2026-03-09.", date(2026, 3, 9)),
        ("Ich bin im Urlaub.", None),
        ("Back on 99.99.", None),
    ],
)
def test_the_day_of_return(text: str, expected: date | None) -> None:
    mail = letter("Subject: Automatic reply: x\nFrom: a@b.no\nDate: Mon, 2 Mar 2026 09:00:00 +0100", text, bare=True)
    assert mail.return_on == expected


@pytest.mark.parametrize(
    ("head", "machine"),
    [
        ("Auto-Submitted: auto-replied", Machine.AUTO_ACKNOWLEDGEMENT),
        ("Auto-Submitted: auto-generated", Machine.AUTOMATIC),
        ("X-Autoreply: yes", Machine.AUTO_ACKNOWLEDGEMENT),
        ("Auto-Submitted: auto-replied (vacation)", Machine.OUT_OF_OFFICE),
        ("X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: a@b.no", Machine.OUT_OF_OFFICE),
        ("X-Autorespond: x", Machine.AUTO_ACKNOWLEDGEMENT),
        ("Precedence: auto_reply", Machine.AUTO_ACKNOWLEDGEMENT),
        ("Delivered-To: Autoresponder", Machine.AUTO_ACKNOWLEDGEMENT),
        ("Precedence: bulk", Machine.BULK),
        ("X-Precedence: junk", Machine.BULK),
        ("Precedence: list", Machine.LIST),
        ("List-Id: <news.shop.example>", Machine.LIST),
        ("List-Unsubscribe: <https://x.example>", Machine.BULK),
        ("X-BeenThere: news@shop.example", Machine.LIST),
        ("X-Google-Group-Id: 123", Machine.LIST),
        ("X-Discourse-Auto-Generated: marked", Machine.AUTOMATIC),
        ("Feedback-ID: 1:2:3:x", Machine.BULK),
        ("Return-Path: <>", Machine.AUTOMATIC),
        ("X-Loop: care@shop.example", Machine.LOOP),
        ("Delivered-To: a@b.no\nDelivered-To: A@b.no", Machine.LOOP),
        ("Received: x\n" * 60, Machine.LOOP),
        ("Content-Type: text/calendar; method=REPLY", Machine.CALENDAR),
    ],
)
def test_markers_of_machines(head: str, machine: Machine) -> None:
    mail = letter(f"From: a@b.no\nSubject: Hei\n{head}", bare=True)
    assert (mail.machine, mail.is_auto_reply, mail.loop) == (machine, True, machine is Machine.LOOP)
    assert mail.machine_markers


def test_no_reply_senders_are_machines_and_form_mails_are_not() -> None:
    assert letter("From: no-reply@b.no\nSubject: x", bare=True).machine is Machine.AUTOMATIC
    form = (
        "From: noreply@shop.example\nReply-To: Anna <anna@example.no>\nAuto-Submitted:"
        " auto-generated\nSubject: Kontaktskjema"
    )
    assert letter(form, bare=True).machine is None
    assert letter(form + "\nPrecedence: bulk", bare=True).machine is Machine.BULK
    assert letter(form.replace("anna@", "noreply@"), bare=True).machine is Machine.AUTOMATIC


def test_a_list_that_marks_what_it_passes_on_does_not_loop() -> None:
    listed = "From: a@b.no\nSubject: Hei\nPrecedence: bulk\nX-Loop: list@x.example"
    assert (letter(listed, bare=True).machine, letter(listed, bare=True).loop) == (Machine.BULK, False)


def test_our_own_mail_comes_round() -> None:
    own = frozenset({"care@shop.example"})
    raw = b"From: Care <CARE@shop.example>\nSubject: x\n\nx"
    assert (read(raw).loop, read(raw, own_addresses=own).loop) == (False, True)
    signed = b"From: a@b.no\nX-Holdord-Loop: good\nSubject: x\n\nx"
    assert read(signed, own_loop_check=lambda value: value == "good").machine is Machine.LOOP
    assert read(signed, own_loop_check=lambda _value: False).machine is None


def test_a_shared_mailbox_kept_as_a_group_is_no_list() -> None:
    raw = (
        b"From: a@b.no\nSubject: x\nPrecedence: list\nList-Id: <care.shop.example>\nList-Post: "
        b"<mailto:care@shop.example>\n\nx"
    )
    assert read(raw).machine is Machine.LIST
    assert read(raw, own_addresses=frozenset({"care@shop.example"})).machine is None
