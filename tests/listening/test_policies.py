"""Policies that turn against the people they are for are found in five languages (story 7)."""

import pytest

from holdord.listening.policies import Clause, wrong_clauses

SPEAKING = Clause.PUNISHES_SPEAKING
LEAVING = Clause.CHARGES_FOR_LEAVING
SILENCE = Clause.DEMANDS_SILENCE


@pytest.mark.parametrize(
    ("language", "text", "clause"),
    [
        ("en", "A fee of 500 dollars is charged for every negative review posted online.", SPEAKING),
        ("en", "Guests must not post negative reviews about the house.", SPEAKING),
        ("en", "Cancellation of the membership costs a fee of 50 pounds.", LEAVING),
        ("en", "The customer agrees to keep the settlement confidential.", SILENCE),
        ("da", "Der opkræves et gebyr på 500 kr. for hver negativ anmeldelse.", SPEAKING),
        ("da", "Ved opsigelse af aftalen betales et gebyr på 299 kr.", LEAVING),
        ("da", "Kunden må ikke fortælle andre om aftalen og skal behandle den fortroligt.", SILENCE),
        ("nb", "Det påløper et gebyr på 500 kr ved negativ omtale på nett.", SPEAKING),
        ("nb", "Ved oppsigelse av avtalen betales et gebyr på 299 kr.", LEAVING),
        ("nb", "Avtalen er konfidensiell og kunden må ikke fortelle om den.", SILENCE),
        ("sv", "En avgift på 500 kr tas ut för varje negativ recension.", SPEAKING),
        ("sv", "Vid uppsägning av avtalet tas en avgift på 299 kr ut.", LEAVING),
        ("sv", "Överenskommelsen är konfidentiell och kunden får inte berätta om den.", SILENCE),
        ("de", "Für jede negative Bewertung wird eine Gebühr von 500 Euro erhoben.", SPEAKING),
        ("de", "Bei Kündigung des Vertrags fällt eine Gebühr von 49 Euro an.", LEAVING),
        ("de", "Der Kunde verpflichtet sich zum Stillschweigen über die Vereinbarung.", SILENCE),
    ],
)
def test_clauses_against_customers_are_found(language: str, text: str, clause: Clause) -> None:
    assert clause in {wrong.clause for wrong in wrong_clauses(text, language)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You can cancel at any time, and it costs nothing."),
        ("en", "We read every review and answer it."),
        ("da", "Du kan opsige når som helst uden gebyr."),
        ("nb", "Du kan si opp når som helst uten gebyr."),
        ("sv", "Du kan säga upp när som helst utan avgift."),
        ("de", "Sie können jederzeit ohne Gebühr kündigen."),
    ],
)
def test_fair_clauses_pass(language: str, text: str) -> None:
    bad = {SPEAKING, LEAVING, SILENCE}
    assert not bad & {wrong.clause for wrong in wrong_clauses(text, language)}
