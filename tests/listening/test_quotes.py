"""The new words of a message, in five languages and from the usual mail programs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdord.channels.email.reading.htmltext import html_to_text
from holdord.listening.quotes import new_words, only_new_words

_MINE = "Den er stadig ikke kommet.\nHvad sker der?"


@pytest.mark.parametrize(
    "history",
    [
        "Den 12. jan. 2026 kl. 10.12 skrev Care <care@shop.example>:\n> Hej\n> Den er på vej",
        "Den man. 12. jan. 2026 kl. 10.12 skrev Care <\ncare@shop.example>:\n\n> Hej",
        "man. 12. jan. 2026 kl. 10:12 skrev Care <care@shop.example>:\n> Hei",
        "Den mån 12 jan. 2026 kl 10:12 skrev Care <care@shop.example>:\n> Hej",
        "12 jan. 2026 kl. 10:12 skrev Care <care@shop.example>:\n> Hej",
        "På 12. januar 2026 på 10:12:00, Care (care@shop.example) skrev:\n> Hej",
        "Am 12.01.2026 um 10:12 schrieb Care:\n> Hallo",
        "Am Mo., 12. Jan. 2026 um 10:12 Uhr schrieb Care <care@shop.example>:\nHallo ohne Zeichen",
        "Care <care@shop.example> schrieb am Mo., 12. Jan. 2026, 10:12:\n> Hallo",
        "On Mon, Jan 12, 2026 at 10:12 AM Care <care@shop.example> wrote:\n> Hello",
        "On Mon, Jan 12, 2026 at 10:12 AM Care Of The Shop With A Long Name\n<care@shop.example> wrote:\n\n> Hello",
        "On 12 Jan 2026, at 10:12, Care <care@shop.example> wrote:\n\nHello without marks",
        "Care wrote:\n> Hello",
        "Care <care@shop.example> schrieb am Montag, 12. Januar 2026 um 10:12:\n\nHallo ohne Zeichen",
        "Care <care@shop.example> skrev mandag den 12. januar 2026 kl. 10:12:\n\nHej uden tegn",
        "Care <care@shop.example> wrote on 01/12/2026 10:12:00 AM:\n\nHello without marks",
        "Care skrev den 2026-01-12 10:12:\n\nHej utan tecken",
        "2026-01-12 10:12 GMT+01:00 Care <care@shop.example>:\n> Hello",
        "-----Original Message-----\nFrom: Care\nHello",
        "----- Opprinnelig melding -----\nFra: Care\nHei",
        "-----Oprindelig meddelelse-----\nFra: Care\nHej",
        "-----Ursprungligt meddelande-----\nFrån: Care\nHej",
        "-----Ursprüngliche Nachricht-----\nVon: Care\nHallo",
        "-------- Original message --------\nHello",
        "---------- Forwarded message ---------\nHello",
        "Fra: Care <care@shop.example>\nSendt: 12. januar 2026 10:12\nTil: Anna\nEmne: Din ordre\n\nHej",
        "*Fra:* Care\n*Dato:* 12. januar 2026\n*Til:* Anna\n*Emne:* Din ordre\n\nHej",
        (
            "________________________________\nFrån: Care\nSkickat: den 12 januar 2026 10:12\nTill:"
            " Anna\nÄmne: Din order\n\nHej"
        ),
        "Von: Care\nGesendet: Montag, 12. Januar 2026 10:12\nAn: Anna\nBetreff: Bestellung\n\nHallo",
        "From: Care\nSent: Monday, January 12, 2026 10:12 AM\nTo: Anna\nSubject: Order\n\nHello",
        "Vidarebefordrat brev:\n\nHej",
        "Am Mo., 12. Jan. 2026 um 10:12 Uhr schrieb Der Laden <der-laden@shop.example\n>:\n\n> Hallo",
        "Пн, 12 янв. 2026 г. в 10:12, Care <care@shop.example>:\n> Привет",
        "_______________________________________________\nlist mailing list\nlist@lists.example\nhttps://lists.example/list",
        "##- Svar over denne linje -##\nHej",
        "> Hej\n> Den er på vej",
    ],
)
def test_what_is_quoted_below_goes(history: str) -> None:
    assert new_words(f"{_MINE}\n\n{history}") == _MINE


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnna Jensen\nTlf. 12 34 56 78",
        "--\nAnna",
        "Med venlig hilsen\nAnna Jensen\nTlf. 12 34 56 78",
        "Med vennlig hilsen,\n\nAnna",
        "Mvh Anna",
        "Mvh\nAnna",
        "Vänliga hälsningar\nAnna",
        "Med vänlig hälsning\nAnna",
        "Mit freundlichen Grüßen\nAnna Jensen",
        "Viele Grüße\nAnna",
        "LG Anna",
        "Kind regards,\nAnna",
        "Best regards\nAnna",
        "Hilsen Anna",
        "Sendt fra min iPhone",
        "Sendt fra Outlook for iOS",
        "Skickat från min iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet von Mail für Windows",
        "Sent from my iPhone",
        "Get Outlook for Android",
        "Hent Outlook til iOS",
        "Få Outlook for iOS<https://aka.ms/x>",
        "Outlook für Android<https://aka.ms/x> herunterladen",
        "Von Yahoo Mail auf Android gesendet",
        "Mange hilsner\nAnna",
        "Sent with Proton Mail secure email.",
        "Med venlig hilsen\nAnna\n\nSendt fra min Samsung Galaxy",
    ],
)
def test_signatures_go(signature: str) -> None:
    assert new_words(f"{_MINE}\n\n{signature}") == _MINE
    assert (
        new_words(f"{_MINE}\n\n{signature}\n\nDen 12. jan. 2026 kl. 10.12 skrev Care <c@shop.example>:\n> Hej") == _MINE
    )


def test_what_openpgp_puts_around_signed_words_goes() -> None:
    signed = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{_MINE}\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n"
    assert new_words(f"{signed}-----END PGP SIGNATURE-----\n") == new_words(signed) == _MINE


def test_answers_below_and_between_quotes_survive() -> None:
    text = (
        "Den 12. jan. 2026 kl. 10.12 skrev Care <c@shop.example>:\n> Hvilken"
        " størrelse?\n\nMedium.\n\n> Og farven?\nBlå, tak."
    )
    assert new_words(text) == "Medium.\n\nBlå, tak."


@pytest.mark.parametrize(
    "text",
    [
        "Fra: nu av vil jeg ha svar.\nDet er alt.",
        "Fra: i går til: i dag har jeg ventet.",
        "From: what I see, it is broken.\nTo: fix it would be nice.",
        "Den 3. marts skrev vi:\nhvor er pakken? Ingen svar.",
        "Jeg skrev den 02.03.2026 kl. 09:00:\nHvor er pakken?",
        "My colleague wrote:\nyou never answered.",
        "Am 3. März schrieb ich Ihnen um 10:00 Folgendes:\nWo ist es?",
        "Best of all is the color. Cheers to that!\nBut where is my order, and why does nobody answer it at all?",
        "Hilsen til dem alle!\nMen hvor er pakken?",
        "Here is another\n\nSent from my desk, is much easier then my mobile phone.",
        "Mvh Anna\n\nPS: Nøglen ligger under måtten.",
        "Mvh Anna",
        "> Kun et sitat",
        "Sendt fra min iPhone",
        "-- \nAnna",
    ],
)
def test_what_is_no_quote_or_all_there_is_survives(text: str) -> None:
    assert new_words(text) == text


@pytest.mark.parametrize(
    "html",
    [
        (
            '<div>Svaret mitt</div><div class="gmail_quote"><div class="gmail_attr">Den man. 2. mars'
            " 2026 kl. 10:00 skrev A &lt;a@b.no&gt;:<br></div>"
            '<blockquote class="gmail_quote">Gammelt</blockquote></div>'
        ),
        (
            '<p>Svaret mitt</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Fra:</b> A'
            "<br><b>Sendt:</b> i går</div><div>Gammelt</div>"
        ),
        (
            '<p class=MsoNormal>Svaret mitt</p><div style="border:none;border-top:solid #E1E1E1'
            ' 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p>From: A</p></div><p>Gammelt</p>'
        ),
        (
            '<div>Svaret mitt</div><div class="moz-cite-prefix">On 2.3.2026 A wrote:<br></div>'
            '<blockquote type="cite"><p>Gammelt</p><blockquote>Eldre</blockquote></blockquote>'
        ),
        '<div>Svaret mitt<br><br><blockquote type="cite">Gammelt</blockquote></div>',
        (
            '<div>Svaret mitt</div><div class="yahoo_quoted"><div>On Monday, March 2, 2026 at'
            " 10:00:00 AM GMT+1, A &lt;a@b.no&gt; wrote:</div><div>Gammelt</div></div>"
        ),
    ],
)
def test_quotes_in_html_are_known_by_its_marks(html: str) -> None:
    assert new_words(html_to_text(html)) == "Svaret mitt"


@pytest.mark.parametrize(
    "signature",
    [
        '<div class="gmail_signature">Anna, butikssjef</div>',
        '<div class="moz-signature">Anna</div>',
        '<div id="Signature">Anna<br>Tlf. 12345678</div>',
        '<div id="ms-outlook-mobile-signature">Hent Outlook</div>',
    ],
)
def test_signatures_in_html_are_known_by_its_marks(signature: str) -> None:
    assert new_words(html_to_text(f"<div>Svaret mitt</div>{signature}")) == "Svaret mitt"
    assert new_words(html_to_text(signature)) == html_to_text(signature).strip("\x1d\n")


def test_answers_between_quotes_in_html_survive() -> None:
    html = (
        '<div class="gmail_quote"><blockquote>Farge?</blockquote><div>Blå</div><blockquote>Str?'
        "</blockquote><div>M</div></div>"
    )
    assert new_words(html_to_text(html)) == "Blå\n\nM"


@given(
    st.lists(
        st.sampled_from(
            ["> a", "Fra: b", "Den 1.1.2026 10:00 skrev c:", "-- ", "Mvh", "d", "", "____", "e@f.no wrote:"]
        ),
        max_size=30,
    )
)
def test_never_cut_to_nothing_and_nothing_invented(lines: list[str]) -> None:
    text = "\n".join(lines)
    cut = new_words(text)
    assert bool(cut) == bool(text.strip())
    assert set(cut.split("\n")) <= {line.strip() for line in lines} | {""} | set(lines)


@given(
    st.lists(
        st.sampled_from(["Hej", "> citat", "", "Mvh", "Jonas", "-- ", "On 1.2.2026 12:00 a@b.example wrote:", "x\xa0y"])
    )
)
def test_blanking_keeps_every_place(lines: list[str]) -> None:
    text = "\n".join(lines)
    shown = only_new_words(text)
    assert len(shown) == len(text)
    assert all(sign in (" ", original) or original == "\xa0" for sign, original in zip(shown, text, strict=True))
