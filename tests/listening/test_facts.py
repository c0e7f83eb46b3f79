"""Facts: what nobody should have to tell twice."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from holdord.listening.acts import Side
from holdord.listening.fact_patterns import FactKind
from holdord.listening.facts import Fact, conflicts, facts
from holdord.listening.measuring import CALENDAR
from holdord.listening.reading import read

NOW = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Europe/Copenhagen"))


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


@pytest.mark.parametrize(
    ("language", "text", "kind", "value", "words"),
    [
        ("da", "Hej. Vi skal giftes på lørdag, så skoene skal være her inden da.", "deadline", "2026-03-07", "lørdag"),
        ("nb", "Jeg trenger dressen senest fredag, det er konfirmasjon.", "deadline", "2026-03-06", "fredag"),
        ("sv", "Jag behöver paketet senast på fredag.", "deadline", "2026-03-06", "fredag"),
        ("de", "Ich brauche die Schuhe bis Freitag, dann ist die Hochzeit.", "deadline", "2026-03-06", "Freitag"),
        ("en", "The wedding is on Saturday, I need the shoes before then.", "deadline", "2026-03-07", "Saturday"),
        ("en", "I bought it on 3 February 2026 in your shop.", "date", "2026-02-03", "3 February 2026"),
        ("da", "Jeg købte den den 3. februar i jeres butik.", "date", "2026-02-03", "3. februar"),
    ],
)
def test_dates_and_deadlines_are_facts(language: str, text: str, kind: str, value: str, words: str) -> None:
    (fact,) = [
        one for one in read(text, Side.CUSTOMER, NOW, CALENDAR, language).facts if one.kind in ("deadline", "date")
    ]
    assert (fact.kind, fact.value) == (kind, value)
    assert words in text[fact.start : fact.end]


@pytest.mark.parametrize("text", ["I called yesterday and today.", "Ordre 12/34 kom ikke.", "I dag virker den ikke."])
def test_passing_days_are_no_facts(text: str) -> None:
    assert [one for one in read(text, Side.CUSTOMER, NOW, CALENDAR).facts if one.kind in ("deadline", "date")] == []
