"""Facts: what nobody should have to tell twice."""

import time

import pytest

from holdord.listening.fact_patterns import FactKind
from holdord.listening.facts import Fact, conflicts, facts


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("da", "Mit kundenummer er 4433 og ordrenr. DK-20931", ["customer 4433", "order DK-20931"]),
        ("da", "I kan ringe på tlf. 20 20 20 20", ["phone +4520202020"]),
        ("nb", "Ring meg på 22 33 44 55", ["phone +4722334455"]),
        ("sv", "ordernummer 88123, jag betalade 499:-", ["order 88123", "amount 499 kr"]),
        ("sv", "Jag bor på Storgatan 5 A, 114 55 Stockholm", ["address Storgatan 5 A, 114 55 Stockholm"]),
        ("de", "Rechnung Nr. 2026-0012 über 1.049,90 €", ["order 2026-0012", "amount 1049.90 EUR"]),
        ("de", "Das Gerät zeigt Fehler E17", ["error E17"]),
        ("en", "serial number SN-99812A, call 07911 123456", ["serial SN-99812A", "phone +447911123456"]),
        ("en", "It says HTTP 500, REST 11004", ["error HTTP 500", "error REST 11004"]),
        ("en", "I live at 12 High Street, Leeds LS1 4AP", ["address 12 High Street, Leeds LS1 4AP"]),
        ("en", "My LB-3 has firmware 4.2", ["product LB-3", "product firmware 4.2"]),
        ("en", "You owe me £1,299.50", ["amount 1299.50 GBP"]),
        ("da", "Mit cpr er 010203-1234", []),
        ("da", "Vi ses den 12. marts kl. 14", []),
    ],
)
def test_facts_are_found_and_written_one_way(language: str, text: str, expected: list[str]) -> None:
    found = facts(text, language)
    assert [f"{fact.kind} {fact.value}" for fact in found] == expected
    for fact in found:
        assert text[fact.start : fact.end].strip()


def test_two_customer_numbers_are_a_conflict_and_two_orders_are_not() -> None:
    told = facts("kundenr. 889, kundenummer 890, ordre 1234 og ordre 1235")
    assert conflicts(told) == {FactKind.CUSTOMER: ["889", "890"]}
    assert conflicts([Fact(FactKind.CUSTOMER, "889", 0, 3)] * 2) == {}


@pytest.mark.parametrize("piece", ["A", "Aa ", "12 ", "order ", "order-", "1.111", "+4 5-", "#1234 ", "Ab 1 ", "1 kr "])
def test_time_grows_with_the_text_alone(piece: str) -> None:
    began = time.perf_counter()
    facts(piece * (100_000 // len(piece)))
    assert time.perf_counter() - began < 3
