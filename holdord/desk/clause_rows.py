"""The clauses that keep a text from being published, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from holdord.listening.policies import Clause, WrongClause


@dataclass(slots=True)
class ClauseRow:
    """One sentence that must not stand: what is wrong with it, why, and its words."""

    title: str
    why: str
    words: str


def clause_rows(clauses: Sequence[WrongClause], text: str) -> list[ClauseRow]:
    """Each clause with the words of `text` it stands in; one in the title has none."""
    return [ClauseRow(*_words_of(one.clause), text[max(0, one.start) : max(0, one.end)]) for one in clauses]


def _words_of(clause: Clause) -> tuple[str, str]:
    return {
        Clause.PUNISHES_SPEAKING: (
            _("Punishes speaking up"),
            _("Nobody is to pay, or to be shut out, for saying what they think of us."),
        ),
        Clause.CHARGES_FOR_LEAVING: (
            _("Charges for leaving"),
            _("Who wants to go may go. What is owed until then can be said without a fee."),
        ),
        Clause.DEMANDS_SILENCE: (
            _("Demands silence"),
            _("Help is not given in return for keeping quiet."),
        ),
        Clause.INSULTS: (_("This insults or talks down"), _("Nobody who wrote to us for help should read it.")),
        Clause.REFUSES_WITHOUT_REASON: (
            _("A no without a reason"),
            _("Say why in a sentence, and what is possible instead."),
        ),
        Clause.BLAMES: (
            _("Blames someone else"),
            _("The customer bought from us: what went wrong is ours to put right."),
        ),
    }[clause]
