"""Sharing out: who takes what somebody can't do in time. Pure, so that the lead sees a proposal and decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Work that can be given to another: `minutes` of a team's, in a language."""

    key: int
    minutes: float
    team: int
    language: str


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who could take work: the minutes they have left, their teams, their languages (none said: any)."""

    key: int
    minutes_left: float
    teams: frozenset[int]
    speaks: frozenset[str] = frozenset()

    def can_take(self, piece: Piece) -> bool:
        """Whether they work in its team and speak its language."""
        return piece.team in self.teams and (not self.speaks or piece.language in self.speaks)


def share_out(pieces: Iterable[Piece], takers: Sequence[Taker], *, at_least: float) -> dict[int, int]:
    """Who takes which piece, by keys, until `at_least` minutes are given away.

    The largest piece goes first, to whoever has most minutes left; nobody gets more than they have. What nobody can
    take stays where it is. O(pieces × takers).
    """
    left = {taker.key: taker.minutes_left for taker in takers}
    given, missing = {}, at_least
    for piece in sorted(pieces, key=lambda piece: (-piece.minutes, piece.key)):
        if missing <= 0:
            break
        able = [taker for taker in takers if taker.can_take(piece) and left[taker.key] >= piece.minutes]
        if not able or piece.minutes <= 0:
            continue
        taker = max(able, key=lambda taker: (left[taker.key], -taker.key))
        given[piece.key] = taker.key
        left[taker.key] -= piece.minutes
        missing -= piece.minutes
    return given
