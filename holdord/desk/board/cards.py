"""The cards of what is at risk: why, and the one act that would save it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from holdord.desk.board.loads import Carrier, free_colleague
from holdord.people.models import Agent, Inbox
from holdord.people.queries import calendar_of
from holdord.promises import wording
from holdord.promises.queries.board import AtRisk, Danger, Progress, UnfitPool
from holdord.routing import lists
from holdord.web.addresses import address
from holdord.web.promise_rows import Clock, due_in_a_list, gone
from holdord.web.times import Times


@dataclass(slots=True)
class Act:
    """Something that helps: a link, a sheet, or a button that posts `value` as `name`."""

    label: str
    href: str
    main: bool = False
    post: bool = False
    sheet: bool = False
    name: str = ""
    value: str = ""


@dataclass(slots=True)
class Card:
    """One promise at risk, or one pool that no longer has room for many."""

    key: str
    what: str
    lang: str
    by: str
    customer: str
    due: str
    due_iso: str
    state: str
    why: str
    acts: list[Act]
    number: str
    unit: str = ""
    gone: int = 100
    given_s: int = 0
    due_s: int = 0
    look: str = "risk"


def title(danger: Danger) -> str:
    """The finding, as the title of the page."""
    number, keepable = danger.number, danger.keepable
    if not number:
        return _("Nothing breaks today")
    at_risk = ngettext("One promise is at risk.", "%(number)s promises are at risk.", number)
    sentences = [at_risk % {"number": _in_letters(number)}]
    if number == 1:
        sentences.append(_("It can still be kept.") if keepable else _("It cannot hold."))
    elif keepable == number:
        sentences.append(_("All of them can still be kept."))
    elif not keepable:
        sentences.append(_("None of them can hold."))
    else:
        kept = ngettext("One can still be kept.", "%(number)s can still be kept.", keepable)
        sentences.append(kept % {"number": _in_letters(keepable)})
    return " ".join(sentences)


def _in_letters(number: int) -> str:
    """A small number in letters, to begin a sentence about promises with."""
    letters = {
        2: pgettext("promises", "Two"),
        3: pgettext("promises", "Three"),
        4: pgettext("promises", "Four"),
        5: pgettext("promises", "Five"),
        6: pgettext("promises", "Six"),
        7: pgettext("promises", "Seven"),
        8: pgettext("promises", "Eight"),
        9: pgettext("promises", "Nine"),
        10: pgettext("promises", "Ten"),
        11: pgettext("promises", "Eleven"),
        12: pgettext("promises", "Twelve"),
    }
    return letters.get(number, str(number))


def cards(danger: Danger, agent: Agent, times: Times, carriers: Sequence[Carrier]) -> list[Card]:
    """The cards of the promises, in the order in which they are due."""
    names = lists.addresses_of(row.customer_id for row in danger.first if not row.customer_name)
    inboxes = Inbox.objects.in_bulk({row.inbox_id for row in danger.first})
    return [_card(row, agent, times, carriers, names, inboxes[row.inbox_id]) for row in danger.first]


def _card(
    row: AtRisk, agent: Agent, times: Times, carriers: Sequence[Carrier], names: dict[int, str], inbox: Inbox
) -> Card:
    number, unit = times.number_and_unit(row.due_at)
    return Card(
        key=f"promise-{row.promise_id}",
        what=(row.subject if row.kind == "answer" and row.subject else row.what)
        or wording.what(row.kind, language=row.language),
        lang=row.language,
        by=row.owner_name or row.team_name,
        customer=row.customer_name or names.get(row.customer_id, "?"),
        due=due_in_a_list(row.due_at, times, earliest_at=row.earliest_at, whole_day=row.precision == "day"),
        due_iso=row.due_at.isoformat(timespec="minutes"),
        state=_("cannot hold") if row.unfit_kind else _("at risk"),
        why=_why(row, times, inbox),
        acts=_acts(row, agent, carriers, times),
        number=number,
        unit=_short(unit, int(number)),
        gone=gone(Clock(row.given_at, row.due_at), now=times.now),
        given_s=int(row.given_at.timestamp()),
        due_s=int(row.due_at.timestamp()),
    )


def _short(unit: str, number: int) -> str:
    """A unit as it fits into the ring: hours and days are long words in some languages."""
    hours = (_("%(hours)s h") % {"hours": ""}).strip()
    days = (_("%(days)s d") % {"days": ""}).strip()
    return {ngettext("hour", "hours", number): hours, ngettext("day", "days", number): days}.get(unit, unit)


def _why(row: AtRisk, times: Times, inbox: Inbox) -> str:
    if row.override_name:
        return _("promised without room for it by %(name)s: “%(reason)s”") % {
            "name": row.override_name,
            "reason": row.override_reason,
        }
    if row.unfit_kind == "minutes":
        return _("the team owes more minutes by then than it has.")
    if row.unfit_pool:
        return _("%(pool)s no longer has room for it.") % {"pool": row.unfit_pool}
    if row.owner_id is None:
        return _("nobody has taken it.")
    left = int(calendar_of(inbox).between(times.now, row.due_at).total_seconds() // 60)
    words = {"work": row.work_minutes, "left": left}
    if row.work_minutes:
        return _("%(work)s min of work, and %(left)s min of working time are left.") % words
    return _("%(left)s min of working time are left.") % words


def _acts(row: AtRisk, agent: Agent, carriers: Sequence[Carrier], times: Times) -> list[Act]:
    """What saves it first; then the way to the conversation."""
    opens = Act(_("Open"), address("desk:conversation", row.number))
    colleague = free_colleague(carriers, row)
    acts: list[Act] = []
    if row.due_at <= times.now:
        return [opens]
    if agent.leads and (row.unfit_kind or row.override_name):
        acts.append(Act(_("Move and tell…"), _move_href(row), sheet=True))
    elif agent.leads and colleague and (row.owner_id is None or _is_over(carriers, row.owner_id)):
        acts.append(
            Act(
                _("Give it to %(name)s") % {"name": colleague.first_name},
                address("desk:assign", row.number),
                post=True,
                name="to",
                value=str(colleague.agent_id),
            )
        )
    elif row.owner_id is None:
        acts.append(Act(_("Take it"), address("desk:take", row.number), post=True))
    if acts:
        acts[0].main = True
        return [*acts, opens]
    opens.main = True
    if agent.leads:
        move = _move_href(row)
        return [opens, Act(_("Move and tell…"), move, sheet=True)]
    return [opens]


def _move_href(row: AtRisk) -> str:
    return address("desk:move_promise", row.number, row.promise_id) + "?back=board"


def _is_over(carriers: Sequence[Carrier], agent_id: int) -> bool:
    return any(each.agent_id == agent_id and each.owed > each.has for each in carriers)


def pool_cards(danger: Danger, agent: Agent, times: Times, under_way: Sequence[Progress]) -> list[Card]:
    """One card for each counted pool that many no longer fit into."""
    told_now = {each.telling.pool_id: each.waiting for each in under_way}
    return [_pool_card(each, agent, times, told_now.get(each.pool.pk, 0)) for each in danger.pools]


def _pool_card(unfit: UnfitPool, agent: Agent, times: Times, waiting: int) -> Card:
    to_tell = max(0, unfit.in_all - waiting)
    acts = []
    if agent.leads and to_tell:
        tell = ngettext("Tell one customer…", "Tell %(number)s customers…", to_tell) % {"number": to_tell}
        acts = [Act(tell, address("desk:tell_pool", unfit.pool.pk), main=True, sheet=True)]
    what = ngettext("%(pool)s: one promise no longer fits", "%(pool)s: %(number)s promises no longer fit", unfit.in_all)
    return Card(
        key=f"pool-{unfit.pool.pk}",
        what=what % {"pool": unfit.pool.name, "number": unfit.in_all},
        lang="",
        by=_("Counted pool"),
        customer="",
        due=times.day(unfit.last_due_at),
        due_iso=unfit.last_due_at.isoformat(timespec="minutes"),
        state=_("cannot hold"),
        why=_("more is promised than there is room for. Whoever was promised last gives way."),
        acts=acts,
        number=str(unfit.in_all),
    )


@dataclass(slots=True)
class UnderWay:
    """Many customers being told."""

    words: str
    percent: int
    href: str
    not_told: str


def under_way_rows(found: Sequence[Progress]) -> list[UnderWay]:
    """How far each telling is, in words."""
    rows = []
    for each in found:
        words = _("%(pool)s: told %(told)s of %(number)s") % {
            "pool": each.telling.pool.name,
            "told": each.told,
            "number": each.in_all,
        }
        not_told = ngettext("one could not be told", "%(number)s could not be told", each.not_told)
        rows.append(
            UnderWay(
                words,
                100 * (each.in_all - each.waiting) // each.in_all,
                address("desk:telling", each.telling.pk),
                not_told % {"number": each.not_told} if each.not_told else "",
            )
        )
    return rows
