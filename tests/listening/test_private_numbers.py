"""Numbers that identify a person or open an account."""

import time

import pytest

from holdord.listening.private_numbers import PrivateKind, masked, private_numbers, without


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Mit CPR-nummer er 010203-1234", "personal_id"),
        ("cpr 0102031234", "personal_id"),
        ("CPR 010190-1111 (efter 2007, modulo 11 holder ikke)", "personal_id"),
        ("Fødselsnummeret mitt er 11077941012", "personal_id"),
        ("personnummer 811228-9874", "personal_id"),
        ("19811228-9874", "personal_id"),
        ("Bitte auf DE89 3704 0044 0532 0130 00 überweisen", "iban"),
        ("DK50 0040 0440 1162 43 tak", "iban"),
        ("GB82WEST12345698765432", "iban"),
        ("kort 4111 1111 1111 1111", "card"),
    ],
)
def test_private_numbers_are_found(text: str, kind: str) -> None:
    assert [one.kind for one in private_numbers(text)] == [PrivateKind(kind)]


@pytest.mark.parametrize(
    "text",
    [
        "Ordre 1234567890",
        "Ring på 20 20 20 20",
        "+47 22 33 44 55",
        "DE89 3704 0044 0532 0130 01",
        "4111 1111 1111 1112",
        "991332-1234",
        "2026-11-20 12:00",
        "sag 2026-000123",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert private_numbers(text) == []
    assert masked(text) == without(text) == text


def test_masks_keep_length_and_the_end_of_an_account() -> None:
    text = "Konto DE89 3704 0044 0532 0130 00, cpr 010203-1234."
    shown = masked(text)
    assert len(shown) == len(text)
    assert shown == "Konto •••• •••• •••• •••• ••30 00, cpr ••••••-••••."
    assert without(text) == "Konto , cpr ."


@pytest.mark.parametrize("piece", ["1 ", "DK12 ", "GB82 WEST 1234 ", "1-", "010203-1234 "])
def test_time_grows_with_the_text_alone(piece: str) -> None:
    began = time.perf_counter()
    private_numbers(piece * (500_000 // len(piece)))
    assert time.perf_counter() - began < 10
