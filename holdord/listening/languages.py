"""Which of the five languages a text is written in.

By its small words: in forty letters there are enough of them, they are what Danish and Norwegian differ by, and they
cost no memory. (A statistical detector with a model of 97 languages takes 90 MB.)
"""

import re
from collections import Counter
from functools import lru_cache
from typing import Final

FEWEST_LETTERS: Final = 40
"""Below this, what else is known of the customer says more."""

_LONGEST: Final = 4_000
_WORD: Final = re.compile(r"[^\W\d_]+")

# Words that are common in one language and absent (or rare) in the others weigh more than those they share.
_OWN: Final = {
    "da": "af hvad mig dig jer nogle noget nogen blev blevet gerne bliver meget kunne ville skulle hvornår"
    " hvorfor hvordan"
    " jeres vores fordi nu også efter igennem stadig endnu hos ud op ned siden eftersom måske selvom bedes mvh venlig"
    " dage uge uger jeg ikke det er og har hej tak kan vi på til med for den der som min mit mine fået"
    " sendt bestilt inden alligevel lavet fejl"
    " fejlen igen siger sige bruges slette ligger heller endelig tilbage være hvis jer dem kommer flytter",
    "nb": "av hva meg deg dere noen noe ble blitt gjerne blir veldig kunne ville skulle når hvorfor hvordan deres våre"
    " fordi nå også etter gjennom fortsatt ennå hos ut opp ned siden ettersom kanskje selv om vennlig hei takk"
    " dager uke uker jeg ikke det er og har kan vi på til med for den der som min mitt mine fått sendt"
    " bestilt lurer igjen feil"
    " sier si ønsker avslutter fortsette tilbake være hvis dem kommer skjer må svare bestillingen enno kvifor"
    " eg ikkje kva korleis frå meir berre hjå noko nokon kor kvar ein eit dykk me vere vart",
    "sv": "jag inte och är att av vad mig dig er några något någon blev blivit gärna blir mycket kunde ville skulle när"
    " varför hur era våra eftersom nu också efter genom fortfarande ännu hos ut upp ner sedan kanske"
    " även vänlig hej tack"
    " dagar vecka veckor det har kan vi på till med för den där som min mitt mina fått skickat beställt ni hade om",
    "de": "ich nicht und ist das der die den dem ein eine einen einer zu mit von für auf wir sie ihr ihre"
    " ihnen haben habe"
    " hat wird wurde wann warum wie bitte noch auch oder aber wenn dass daß bei nach seit über unter sehr mein meine"
    " guten tag freundlichen grüßen vielen dank schon können kann es im am zum zur aus als",
    "en": "the and is are was were not you your i my me we our it this that of to for with have has had be been would"
    " could should please when why how what which from on in at by as an but or if there their thanks thank hello hi"
    " dear regards can will do does did don't order still any",
}
_WEIGHTS: Final = {
    word: dict.fromkeys(languages, weight)
    for word, languages in {
        word: [language for language, words in _OWN.items() if word in words.split()]
        for words in _OWN.values()
        for word in words.split()
    }.items()
    for weight in [3 if len(languages) == 1 else 1]
}
# Spelling tells the neighbours apart where the small words don't.
_SPELLINGS: Final = [
    (
        "da",
        re.compile(
            r"\w(?:tion|tioner|øre[rt]?|ægt|igt|ej|øj|hed|heden|ede|eret|isk)\b|\b\w*(?:æld|bejd|rejd|øgt|dsk|ørg)\w*"
        ),
    ),
    ("nb", re.compile(r"\w(?:sjon|sjonen|øy|ei[ntr]?|het|heten)\b|\b\w*(?:kj[øoe]|skj|øy|eid|ørsm)\w*")),
    ("sv", re.compile(r"\b\w*[äö]\w*\b(?<![ü])")),
    ("de", re.compile(r"\b\w*(?:sch|ung|keit|ß|ü|tz|pf)\w*")),
]


def detect(text: str) -> str | None:
    """da, nb, sv, de or en; None when there are fewer than 40 letters, or when it can't be told."""
    words = _words(text)
    if sum(map(len, words)) < FEWEST_LETTERS:
        return None
    (best, most), (_, next_most) = [*_scores(words).most_common(2), ("", 0), ("", 0)][:2]
    return best if most >= max(6, len(words) // 4) and most > next_most else None


def likeliest(text: str) -> list[str]:
    """The languages a text may be in, the likeliest first: one where that is clear, else up to three, or none known."""
    ranked = _scores(_words(text)).most_common(3)
    return [language for language, score in ranked if 2 * score > ranked[0][1]]


def is_small_word(word: str) -> bool:
    """Whether a word (lower case) is one of those that tell languages apart: too common to say what a text is about."""
    return word in _WEIGHTS


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:_LONGEST].lower())


def _scores(words: list[str]) -> Counter[str]:
    scores: Counter[str] = Counter()
    spelled: Counter[str] = Counter()
    for word in words:
        for language, weight in _WEIGHTS.get(word, {}).items():
            scores[language] += 2 * weight
        for language in _spelled_as(word):
            spelled[language] += 1
    for language, times in spelled.items():
        scores[language] += min(len(words), times)
    return scores


@lru_cache(maxsize=8_000)
def _spelled_as(word: str) -> tuple[str, ...]:
    # People use the same words again and again; the patterns take most of the time of `detect`.
    return tuple(language for language, pattern in _SPELLINGS for _ in pattern.finditer(word))
