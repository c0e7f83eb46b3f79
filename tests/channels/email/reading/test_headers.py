"""Headers as people and programs write them."""

from datetime import UTC, datetime

import pytest

from holdord.channels.email.reading import Address, read
from holdord.channels.email.reading.addresses import parse_addresses
from holdord.channels.email.reading.dates import parse_date
from holdord.channels.email.reading.identifiers import parse_in_reply_to, parse_message_id, parse_references
from holdord.channels.email.reading.parameters import parse_value
from holdord.channels.email.reading.words import decode_words

from .letters import letter


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@b.no", [("", "a@b.no")]),
        ("Åse <a@b.no>", [("Åse", "a@b.no")]),
        ('"Berg, Åse" <a@b.no>', [("Berg, Åse", "a@b.no")]),
        ('"The \\"Boss\\"" <a@b.no>', [('The "Boss"', "a@b.no")]),
        ("a@b.no (Åse Berg)", [("Åse Berg", "a@b.no")]),
        ("Åse (nested (comment)) <a@b.no>", [("Åse", "a@b.no")]),
        ("Å. Berg <@relay.no,@hub.no:a@b.no>", [("Å. Berg", "a@b.no")]),
        ("a @ b . no", [("", "a@b.no")]),
        ("Team:a@b.no, Åse <c@d.no>;, e@f.no", [("", "a@b.no"), ("Åse", "c@d.no"), ("", "e@f.no")]),
        ("undisclosed-recipients:;", []),
        ("Undisclosed recipients:", []),
        ("undisclosed-recipients", []),
        ('"see fake@evil.no" real@b.no', [("see fake@evil.no", "real@b.no")]),
        ('"a@b"@c.no', [("", '"a@b"@c.no')]),
        ('"a@evil.no" <b@c.no>, "x@y" <z@c.no>', [("a@evil.no", "b@c.no"), ("x@y", "z@c.no")]),
        ("a@b@c.no", [("", "a@b@c.no")]),
        ("=?utf-8?B?dGVzdEBldmlsLm5v?=", [("test@evil.no", "")]),
        ("Ring Per per@b.no i dag", [("Ring Per i dag", "per@b.no")]),
        ("MAILER-DAEMON", [("", "MAILER-DAEMON")]),
        ("Team (us) : a@b.no, c@d.no; (that was all)", [("", "a@b.no"), ("", "c@d.no")]),
        ("shop <shop.no care@shop.no>", [("shop", "care@shop.no")]),
        ("a@b.no; c@d.no", [("", "a@b.no"), ("", "c@d.no")]),
        ("a@b.no,, ,c@d.no,", [("", "a@b.no"), ("", "c@d.no")]),
        ("Nordgård, Kirsten <k@b.no>", [("Nordgård, Kirsten", "k@b.no")]),
        ("Nordgård, Kirsten <k@b.no>, Per <p@b.no>", [("Nordgård, Kirsten", "k@b.no"), ("Per", "p@b.no")]),
        ("=?utf-8?Q?Nordg=C3=A5rd=2C_Kirsten?= <k@b.no>", [("Nordgård, Kirsten", "k@b.no")]),
        ("=?utf-8?Q?Nordg=C3=A5rd,_Kirsten?= <k@b.no>", [("Nordgård, Kirsten", "k@b.no")]),
        ('"=?utf-8?Q?=C3=85se?=" <a@b.no>', [("Åse", "a@b.no")]),
        ("=?utf-8?Q?=C3=85se_<a@b.no>?=", [("Åse", "a@b.no")]),
        ("=?utf-8?Q?A=0D=0ABcc=3A_x=40y?= <a@b.no>", [("A Bcc: x@y", "a@b.no")]),
        ('"a@b.no" <a@b.no>', [("a@b.no", "a@b.no")]),
        ("'a@b.no' <a@b.no>", [("a@b.no", "a@b.no")]),
        ("mailto:a@b.no", [("", "a@b.no")]),
        ("<MAILER-DAEMON>", [("", "MAILER-DAEMON")]),
        ("Mail System <>", [("Mail System", "")]),
        ("Åse a@b.no", [("Åse", "a@b.no")]),
        ("Åse <a@b.no", [("Åse", "a@b.no")]),
        ('"Åse <a@b.no>', [("Åse", "a@b.no")]),
        ('"two words"@b.no', [("", '"two words"@b.no')]),
        ("Åse <a@[192.0.2.1]>", [("Åse", "a@[192.0.2.1]")]),
        ("a@2001:db8::1", [("", "a@2001:db8::1")]),
        ("Åse <<a@b.no>>", [("Åse", "a@b.no")]),
        ("Åse [a@b.no]", [("Åse", "a@b.no")]),
        ("a@[IPv6:2001:db8::1]", [("", "a@[IPv6:2001:db8::1]")]),
        ("æ@ø.no", [("", "æ@ø.no")]),
        ("", []),
    ],
)
def test_addresses(text: str, expected: list[tuple[str, str]]) -> None:
    assert parse_addresses(text) == tuple(Address(name, address) for name, address in expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 2 Mar 2026 09:00:00 +0100", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("2 Mar 26 09:00 GMT", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 09(nine) : 00 : 30 EST (Boston)", datetime(2026, 3, 2, 14, 0, 30, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 09:00:00 GMT+02:00", datetime(2026, 3, 2, 7, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 09:00:00 -0000", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 24:00:00 +0000", datetime(2026, 3, 3, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 09.00.00 +0100", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("2026-03-02T09:00:00+01:00", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("Di, 3 Mär 2026 10:00:00 +0100", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("Mon Mar  2 09:00:00 2026", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 09:00:00 CET", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("2026-07-02 09:00:00 CEST", datetime(2026, 7, 2, 7, tzinfo=UTC)),
        ("Thu Jul  2 09:00:00 MESZ 2026", datetime(2026, 7, 2, 7, tzinfo=UTC)),
        ("Mon (a (b)), 2 (c) Mar 2026 09:00 EST (Boston (MA))", datetime(2026, 3, 2, 14, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 09:00:00.123 +0100", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("Mon, 2 Mar 2026 09:00:00 - 0530", datetime(2026, 3, 2, 14, 30, tzinfo=UTC)),
        ("Fri, 2 Mar 107 09:00:00 +0100", datetime(2007, 3, 2, 8, tzinfo=UTC)),
        ("Mon, 32 Mar 2026 09:00:00 +0100", None),
        ("Mon, 2 Mar 99999999 09:00:00 +9999", None),
        ("i går", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=?utf-8?Q?Hvor_er_?= =?utf-8?Q?pakken=3F?=", "Hvor er pakken?"),
        ("=?utf-8?B?SHZvciDD?=  =?utf-8?B?pg==?=", "Hvor æ"),
        ("a =?utf-8?Q?b?= c", "a b c"),
        ("=?ISO-8859-1*no?Q?=E6?=", "æ"),
        ("=?utf-8?Q?Hva? Hvem??=", "Hva? Hvem?"),
        ("=?iso-8859-1?Q?=80_5?=", "€ 5"),
        ("=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?=", "テスト"),
        ("=?unicode_escape?Q?=5Cx41?=", "\\x41"),
        ("=?zlib_codec?B?eJxLBAAAYgBi?=", decode_words("=?x?B?eJxLBAAAYgBi?=")),
        ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("x=?utf-8?Q?y?=z", "xyz"),
    ],
)
def test_encoded_words(text: str, expected: str) -> None:
    assert decode_words(text) == expected


@pytest.mark.parametrize(
    ("text", "value", "parameters"),
    [
        ("text/plain; charset=utf-8 (comment)", "text/plain", {"charset": "utf-8"}),
        ("Text/HTML;Charset='UTF-8'", "text/html", {"charset": "UTF-8"}),
        ("text/plain charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ("charset=utf-8", "", {"charset": "utf-8"}),
        ('a; filename="x;\\"y\\".pdf"', "a", {"filename": 'x;"y".pdf'}),
        ("a; filename=min kvittering (1).pdf; size=3", "a", {"filename": "min kvittering (1).pdf", "size": "3"}),
        ("a; filename*=UTF-8''%c3%a6.pdf; filename=ae.pdf", "a", {"filename": "æ.pdf"}),
        ("a; name*1*=%A6; name*0*=utf-8'no'%C3; name*2=.pdf", "a", {"name": "æ.pdf"}),
        ('a; name="=?utf-8?Q?=C3=A6?=\r\n =?utf-8?Q?=C3=B8?="', "a", {"name": "æø"}),
        ("multipart/mixed; boundary=----=_x:1;y=z", "multipart/mixed", {"boundary": "----=_x:1", "y": "z"}),
        ('multipart/mixed; boundary="a b"', "multipart/mixed", {"boundary": "a b"}),
        ('a; b="never closed', "a", {"b": "never closed"}),
    ],
)
def test_parameters(text: str, value: str, parameters: dict[str, str]) -> None:
    assert parse_value(text) == (value, parameters)


def test_ids() -> None:
    assert parse_message_id(" <a@b> ") == "a@b"
    assert parse_message_id("a@b") == "a@b"
    assert parse_message_id("<a\t @b> (x)") == "a@b"
    assert parse_message_id("<1234   @   local(blah)  .machine .example>") == "1234@local.machine.example"
    assert parse_message_id("<script>alert(1)</script>@b>") == "scriptalert(1)/script@b"
    assert parse_message_id("<it's&its=own@b>") == "it's&its=own@b"
    assert len(parse_message_id(f"<{'漢' * 998}@b>").encode()) <= 998
    assert parse_references("<a@b>\t<c@d><e@f> <a@b>") == ("a@b", "c@d", "e@f")
    assert parse_references("a@b c@d") == ("a@b", "c@d")
    assert parse_in_reply_to('Your message of "Mon" <a@b>') == "a@b"
    assert parse_in_reply_to("Message from x@y of yesterday") is None


def test_folded_and_raw_eight_bit_subjects() -> None:
    assert letter("Subject: En lang\r\n\t sak", bare=True).subject == "En lang  sak"
    assert letter("Subject: Blåbær".encode(), bare=True).subject == "Blåbær"
    assert letter("Subject: Blåbær".encode("latin-1"), bare=True).subject == "Blåbær"
    assert (
        letter("Subject: Привет".encode("koi8-r") + b"\nContent-Type: text/plain; charset=koi8-r", bare=True).subject
        == "Привет"
    )
    assert letter("Subject: =?utf-8?Q?Blåbær?=".encode(), bare=True).subject == "Blåbær"
    assert letter("Subject: =?utf-8?Q?a=0D=0AX-Evil=3A_1=00=E2=80=AE?=", bare=True).subject == "a  X-Evil: 1"


@pytest.mark.parametrize(
    "before",
    [b"From kirsten@example.no Mon Mar  2 09:00:00 2026\n", b"\r\n", b"\n \n", b"\xef\xbb\xbf", b"a broken line\n"],
)
def test_what_stands_before_the_header_is_skipped(before: bytes) -> None:
    mail = read(before + b"Subject: Hei\nFrom: a@b.no\n\nbody")
    assert (mail.subject, mail.sender, mail.text) == ("Hei", Address("", "a@b.no"), "body")


def test_broken_lines_inside_the_header_and_a_missing_blank_line() -> None:
    mail = read(b"Subject: Hei\nunfolded rest\nFrom: a@b.no\n\nbody")
    assert (mail.subject, mail.text) == ("Hei unfolded rest", "body")
    assert "broken_header_line" in mail.defects
    mail = read(b"Subject: Hei\nFrom: a@b.no\nDear shop, where is it\nbest regards Anna")
    assert mail.text == "Dear shop, where is it\nbest regards Anna"
    assert "no_blank_line_after_header" in mail.defects


def test_a_field_with_an_impossible_name_does_not_end_the_header() -> None:
    mail = read("X-Næme: 1\nSubject: Hei\n\nord".encode())
    assert (mail.subject, mail.text) == ("Hei", "ord")


def test_folds_that_lost_their_blank_or_have_nothing_else() -> None:
    mail = read(b'Content-Type: multipart/mixed;\nboundary="b"\nSubject: Hei\n\n--b\n\nord\n--b--')
    assert (mail.subject, mail.text) == ("Hei", "ord")
    mail = read(b"Subject: En\n \n\tto\nFrom  : a@b.no\n\nord")
    assert (" ".join(mail.subject.split()), mail.sender, mail.text) == ("En to", Address("", "a@b.no"), "ord")


def test_fields_that_are_missing_are_said_to_be() -> None:
    mail = read(b"\r\nhello")
    assert mail.message_id.startswith("sha256-")
    assert mail.message_id == read(b"\r\nhello").message_id != read(b"\r\nhello!").message_id
    assert {"no_message_id", "no_date", "no_from"} <= set(mail.defects)
    assert (mail.sender, mail.date, mail.text) == (None, None, "hello")


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ('From: "chef@bank.no" <thief@evil.example>', "address_in_display_name"),
        ("From: Ba\u200bnk <a@b.no>", "invisible_characters_in_from"),
        ("From: a@b.no\nFrom: c@d.no", "several_from_headers"),
        ("From: a@b.no, c@d.no", "several_senders"),
        ("From: Bare Navn", "no_address_in_from"),
    ],
)
def test_forged_senders_are_flagged(sender: str, code: str) -> None:
    mail = letter(sender, bare=True)
    assert code in mail.defects
    assert mail.sender is not None
    assert "\u200b" not in mail.sender.name


def test_authentication_counts_only_from_our_own_receiver() -> None:
    head = (
        b"Authentication-Results: mx.shop.example; spf=pass smtp.mailfrom=example.no; dkim=fail"
        b" (bad) header.d=example.no\n"
        b"Authentication-Results: evil.example; dmarc=pass header.from=bank.no\nSubject: x\n\nbody"
    )
    assert read(head).authentication == ()
    found = read(head, authserv_id="MX.shop.example").authentication
    assert [(result.method, result.result, dict(result.properties)) for result in found] == [
        ("spf", "pass", {"smtp.mailfrom": "example.no"}),
        ("dkim", "fail", {"header.d": "example.no"}),
    ]


def test_the_body_hash_ignores_the_way_of_the_mail() -> None:
    first = read(b"Received: a\r\nSubject: x\r\n\r\nbody\r\n")
    assert (
        first.body_hash
        == read(b"Received: b\nSubject: y\n\nbody\n\n").body_hash
        != read(b"Subject: x\n\nbody!").body_hash
    )
