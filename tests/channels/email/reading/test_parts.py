"""Bodies and attachments: every leaf is one or the other, and something is always shown."""

import base64
import hashlib

import pytest

from holdord.channels.email.reading import read

from .letters import letter, part, parts, raw

_PLAIN = "Content-Type: text/plain\n\n"
_HTML = "Content-Type: text/html\n\n"
_PNG = "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\naGVsbG8="


def names(mail: object) -> list[str]:
    return [attachment.name for attachment in mail.attachments]  # type: ignore[attr-defined]


def test_alternatives_are_one_body() -> None:
    mail = letter(*parts("alternative", _PLAIN + "ordene", _HTML + "<p>ordene</p>"))
    assert (mail.text, mail.html, mail.attachments, mail.defects) == ("ordene", "<p>ordene</p>", (), ())


def test_two_texts_around_a_picture_are_both_shown() -> None:
    mail = letter(*parts("mixed", _PLAIN + "over", _PNG, _PLAIN + "under"))
    assert mail.text == "over\n\nunder"
    assert names(mail) == ["attachment-1.png"]


def test_a_stub_beside_the_html_is_not_the_text() -> None:
    words = "Min ordre kom aldri frem og jeg har ventet i tre uker. " * 5
    mail = letter(*parts("alternative", _PLAIN + "Your mail program can't show HTML.", f"{_HTML}<p>{words}</p>"))
    assert mail.text == words.strip()


def test_html_alone_becomes_text() -> None:
    mail = letter(
        "Content-Type: text/html; charset=utf-8",
        "<html><head><title>no</title><style>p{}</style></head><body><h1>Hei</h1><p>En&nbsp;<b>to</b><br>tre</p>"
        "<ul><li>fire<li>fem</ul><table><tr><td>seks<td>sju</table><script>x</script></body></html>",
    )
    assert mail.text == "Hei\n\nEn to\ntre\n\n- fire\n- fem\nseks sju"


def test_mixed_alternatives_are_not_shown_twice() -> None:
    mail = letter(*parts("mixed", _PLAIN + "Hei der, hvor er den?", _HTML + "<p>Hei der, hvor er <b>den</b>?</p>"))
    assert mail.text == "Hei der, hvor er den?"
    assert mail.html == "<p>Hei der, hvor er <b>den</b>?</p>"


def test_html_around_an_attachment_is_joined() -> None:
    mail = letter(*parts("mixed", _HTML + "<p>en</p>", _PNG, _HTML + "<p>to</p>"))
    assert (mail.text, mail.html) == ("en\n\nto", "<p>en</p>\n<p>to</p>")


def test_inline_pictures_by_content_id() -> None:
    related = part("related", _HTML + '<p>Se <img src="cid:p1@x"></p>', "Content-ID: <p1@x>\n" + _PNG, boundary="in")
    mail = letter(*parts("alternative", _PLAIN + "Se", related))
    assert [(a.content_id, a.inline, a.size) for a in mail.attachments] == [("p1@x", True, 5)]


@pytest.mark.parametrize(
    "kind", ["application/pdf", "application/pkcs7-mime", "text/calendar", "application/octet-stream"]
)
def test_a_root_may_itself_be_an_attachment(kind: str) -> None:
    mail = letter(f'Content-Type: {kind}; name="smime.bin"\nContent-Transfer-Encoding: base64', "aGVsbG8=")
    assert [(a.name, a.type, a.content, a.sha256) for a in mail.attachments] == [
        ("smime.bin", kind, b"hello", hashlib.sha256(b"hello").hexdigest())
    ]
    assert mail.text == ""


def test_signed_and_encrypted_parts_stay_attached() -> None:
    mail = letter(*parts("signed", _PLAIN + "ord", "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx"))
    assert (mail.text, names(mail)) == ("ord", ["smime.p7s"])
    mail = letter(
        *parts(
            "encrypted",
            "Content-Type: application/pgp-encrypted\n\nVersion: 1",
            "Content-Type: application/octet-stream; name=e.asc\n\nx",
        )
    )
    assert names(mail) == ["attachment-1.asc", "e.asc"]


def test_a_text_with_a_name_is_attached_unless_it_is_all_there_is() -> None:
    note = 'Content-Type: text/plain; name="note.txt"\n\n'
    assert names(letter(*parts("mixed", _PLAIN + "ord", note + "notat"))) == ["note.txt"]
    two = letter(*parts("mixed", note + "en", note + "to"))
    assert (two.text, names(two)) == ("en", ["note.txt"])
    alone = letter(*parts("mixed", _PNG, note + "notat"))
    assert (alone.text, names(alone)) == ("notat", ["attachment-1.png"])
    assert letter('Content-Type: text/plain; name="note.txt"', "notat").text == "notat"


def test_a_forwarded_mail_is_attached_under_its_subject() -> None:
    inner = "Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?G=C3=A5rsdagens_34Mbit/s?=\n\ninne"
    mail = letter(*parts("mixed", _PLAIN + "se", inner))
    assert (mail.text, names(mail)) == ("se", ["Gårsdagens 34Mbit_s.eml"])
    # Where the mail has no words of its own, the forwarded ones are shown.
    alone = letter("Content-Type: message/rfc822", "Subject: Inni\n\nbare her")
    assert (alone.text, names(alone)) == ("bare her", ["Inni.eml"])


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ('"../../etc/passwd"', "passwd"),
        ('"C:\\\\Users\\\\a\\\\kvittering.pdf"', "kvittering.pdf"),
        ('"gpj\u202egnp.exe"', "gpjgnp.exe"),
        ('"a\tb.pdf"', "a b.pdf"),
        ('"aux.txt"', "_aux.txt"),
        ('"..."', "attachment-1.pdf"),
        ('"' + "x" * 4000 + '.pdf"', "x" * 196 + ".pdf"),
        ('"=?utf-8?Q?bl=C3=A5=00b=0A.pdf?="', "blåb .pdf"),
    ],
)
def test_names_of_attachments_are_cleaned(name: str, cleaned: str) -> None:
    mail = letter(
        *parts(
            "mixed",
            _PLAIN + "x",
            f"Content-Type: application/pdf\nContent-Disposition: attachment; filename={name}\n\nx",
        )
    )
    assert names(mail) == [cleaned]


def test_boundaries_that_are_missing_unseen_unquoted_or_prefixes_still_show_the_text() -> None:
    body = "--edge\nContent-Type: text/plain\n\nordene\n--edge--\n"
    missing = letter("Content-Type: multipart/mixed", body)
    assert (missing.text, "no_boundary" in missing.defects) == ("ordene", True)
    unseen = letter("Content-Type: multipart/mixed; boundary=other", body)
    assert (unseen.text, "boundary_never_seen" in unseen.defects) == ("ordene", True)
    assert letter("Content-Type: multipart/mixed; boundary=edge", body).text == "ordene"
    lost = letter("Content-Type: multipart/mixed; boundary=other", "bare ord")
    assert (lost.text, "multipart_without_parts" in lost.defects) == ("bare ord", True)
    inner = part("alternative", _PLAIN + "ordene", _HTML + "<p>ordene</p>", boundary="edge-2")
    assert letter(*parts("mixed", inner, _PNG)).text == "ordene"
    same = part("alternative", _PLAIN + "ordene", _HTML + "<p>ordene</p>", boundary="edge")
    assert letter(*parts("mixed", same)).text == "ordene"
    cut = letter(b"Content-Type: multipart/mixed; boundary=edge", "--edge\n\nordene")
    assert (cut.text, "missing_close_boundary" in cut.defects) == ("ordene", True)


def test_transfer_encodings_broken_and_whole() -> None:
    assert letter("Content-Transfer-Encoding: quoted-printable", "en =\nto=C3=A6  \ntre=").text == "en toæ\ntre"
    assert letter("Content-Transfer-Encoding: BASE64", "aGVs\nbG8\n").text == "hello"
    twice = base64.b64encode(b"hello") + b"\n" + base64.b64encode(b"world")
    assert letter("Content-Transfer-Encoding: base64", twice).text == "helloworld"
    footer = letter("Content-Transfer-Encoding: base64", b"aGVsbG8=\n_______\nOur list has a footer\n")
    assert footer.text == "hello\n_______\nOur list has a footer"
    assert letter("Content-Transfer-Encoding: base64", b"aGVsbG8= not part of it\n").text == "hello"
    unknown = letter("Content-Transfer-Encoding: x-secret", "ord")
    assert (unknown.text, "unknown_transfer_encoding" in unknown.defects) == ("ord", True)


def test_uuencoded_files_in_the_text_are_attached() -> None:
    mail = letter("", "Hei\nbegin 644 a.txt\n%:&5L;&\\\n`\nend\nslutt")
    assert (mail.text, [(a.name, a.content) for a in mail.attachments]) == ("Hei\n\nslutt", [("a.txt", b"hello")])


def test_flowed_text_is_joined() -> None:
    flowed = "En setning som \ngår over to.\n> sitert \n> tekst\n\n-- \nKirsten"
    assert letter("Content-Type: text/plain; format=flowed", flowed).text == (
        "En setning som går over to.\n> sitert tekst\n\n-- \nKirsten"
    )
    assert letter("Content-Type: text/plain; format=flowed; delsp=yes", "over \ngang").text == "overgang"


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("iso-8859-1", "€ blåbær".encode("cp1252"), "€ blåbær"),
        ("windows-1252", "blåbær".encode(), "blåbær"),
        ("us-ascii", "blåbær".encode(), "blåbær"),
        ("", "blåbær".encode("cp1252"), "blåbær"),
        ('""', "blåbær".encode(), "blåbær"),
        ('"charset=us-ascii"', b"ord", "ord"),
        ("utf-8", "blåbær".encode("cp1252"), "blåbær"),
        ("utf-8", "blåbær og mer blåbær".encode() + b"\xc3", "blåbær og mer blåbær\ufffd"),
        ("gb2312", "你好朱镕基".encode("gb18030"), "你好朱镕基"),
        ("x-gbk", "你好".encode("gbk"), "你好"),
        ("ks_c_5601-1987", "안녕 똠".encode("cp949"), "안녕 똠"),
        ("windows-874", "สวัสดี".encode("cp874"), "สวัสดี"),
        ("iso-8859-8-i", "שלום".encode("iso8859-8"), "שלום"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("iso-2022-jp", "テスト".encode("iso2022_jp"), "テスト"),
        ("", "テスト".encode("iso2022_jp"), "テスト"),
        ("iso-2022-jp", b"\x1b$B-!\x1b(B", "①"),
        ("shift_jis", "①テスト".encode("cp932"), "①テスト"),
        ("utf-7", b"bl+AOU-b+AOY-r", "blåbær"),
        ("utf-16", "blåbær".encode("utf-16"), "blåbær"),
        ("unicode_escape", b"\\x41", "\\x41"),
        ("rot13", b"uryyb", "uryyb"),
        ("x-made-up", "blåbær".encode(), "blåbær"),
        ("utf-8", b"a\x00b\x1bc\xed\xa0\x80d", "abc\ufffd\ufffd\ufffdd"),
    ],
)
def test_charsets(charset: str, content: bytes, text: str) -> None:
    assert letter(f"Content-Type: text/plain; charset={charset}", content).text == text


def test_a_charset_named_only_in_the_html() -> None:
    content = '<meta charset="windows-1251"><p>Привет</p>'.encode("cp1251")
    assert letter("Content-Type: text/html", content).text == "Привет"


def test_an_invitation_without_words_shows_its_own() -> None:
    event = (
        "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nDTSTART:19700101T000000\nEND:VTIMEZONE\nBEGIN:VEVENT\nSUMMARY:Befaring\\, tak\n"
        "DTSTART;TZID=Europe/Oslo:20260302T090000\nDTEND:20260302T100000Z\nDESCRIPTION:Første linje\\nandre\n  linje\nEND:VEVENT\n"
    )
    mail = letter("Content-Type: text/calendar; charset=utf-8; method=REQUEST", event)
    assert mail.text == "Befaring, tak\n2026-03-02 09:00\n2026-03-02 10:00 UTC\nFørste linje\nandre linje"
    assert names(mail) == ["attachment-1.ics"]


def test_controls_never_reach_what_is_shown() -> None:
    mail = letter("Content-Type: text/html", "<p>a&#0;b&#8232;c\x00d&#xD800;</p>")
    assert not any(char in mail.text + (mail.html or "") for char in "\x00\u2028\ud800\x1e\x1f")


def test_outlooks_container_is_opened() -> None:
    def attribute(level: int, identifier: int, kind: int, content: bytes) -> bytes:
        return (
            bytes([level])
            + identifier.to_bytes(2, "little")
            + kind.to_bytes(2, "little")
            + len(content).to_bytes(4, "little")
            + content
            + b"\0\0"
        )

    long_name = "kvittering.pdf\0".encode("utf-16-le")
    container = b"\x78\x9f\x3e\x22\x01\x00" + b"".join(
        [
            attribute(2, 0x9002, 6, b"\0" * 14),
            attribute(2, 0x8010, 1, b"KVITT~1.PDF\0"),
            attribute(2, 0x800F, 6, b"hello"),
            attribute(2, 0x9005, 6, b"\1\0\0\0\x1f\0\x07\x37\1\0\0\0\x1e\0\0\0" + long_name + b"\0\0"),
        ]
    )
    head, body = parts(
        "mixed", _PLAIN + "se", b"Content-Type: application/ms-tnef; name=winmail.dat\n\nX", boundary="e"
    )
    mail = letter(head, body.replace(b"\r\n\r\nX", b"\r\n\r\n" + container))
    assert [(a.name, a.size) for a in mail.attachments] == [("winmail.dat", len(container)), ("kvittering.pdf", 5)]
    cut = letter("Content-Type: application/ms-tnef", container[:80])
    assert "broken_tnef" in cut.defects


def test_the_whole_mail_in_utf16_or_with_bare_returns_is_read() -> None:
    assert read(raw(body="æ").decode().encode("utf-16")).text == "æ"
    assert read(raw(body="a\nb").replace(b"\r\n", b"\r")).text == "a\nb"


def test_words_that_only_claim_to_be_encoded_are_shown() -> None:
    mail = letter(
        "Content-Type: text/plain\nContent-Transfer-Encoding: base64", "Dette er helt vanlige ord, ikke noe annet!"
    )
    assert (mail.text, mail.defects) == ("Dette er helt vanlige ord, ikke noe annet!", ("broken_base64",))


def test_a_mail_sent_in_pieces_shows_the_words_of_its_piece() -> None:
    assert letter("Content-Type: message/partial; id=x; number=1; total=2", "Subject: Hei\n\nord").text == "ord"
