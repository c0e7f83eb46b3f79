"""The whole board, every word of it ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdord.desk.board import cards as risks
from holdord.desk.board import charts
from holdord.desk.board.against import AgainRow, AgainstRow, said_again, sent_against
from holdord.desk.board.cards import Card, UnderWay
from holdord.desk.board.loads import Carrier, carriers_of, closing_of
from holdord.desk.list_rows import Tab
from holdord.fulfilment.queries import cancelled_since
from holdord.kernel.remembering import remembering
from holdord.people.models import Agent, Inbox, Team
from holdord.people.queries import team_ids
from holdord.promises import wording
from holdord.promises.models import Promise
from holdord.promises.queries import board as asked
from holdord.promises.queries import measures
from holdord.recovery.models import Recovery
from holdord.recovery.queries import recoveries_of
from holdord.routing import lists
from holdord.web.addresses import address
from holdord.web.times import Times

WEEKS = 12
BROKEN_SHOWN = 8


@dataclass(slots=True)
class BrokenRow:
    """A promise that was not kept, and what we did."""

    what: str
    lang: str
    customer: str
    when: str
    href: str
    late: str
    told: str
    apology: str
    apology_late: bool
    cost: str


@dataclass(slots=True)
class Load:
    """How much one agent carries."""

    name: str
    words: str
    share: int
    over: bool
    share_href: str = ""
    share_label: str = ""


@dataclass(slots=True)
class Board:
    """The board of one reader."""

    title: str
    today: str
    tabs: list[Tab]
    href: str
    cards: list[Card]
    more: str
    under_way: list[UnderWay]
    to_go: str
    hours: charts.Chart | None
    days: charts.Chart | None
    told: charts.Chart | None
    told_words: str
    kept_words: str
    cancelled_words: str
    broken: list[BrokenRow]
    broken_more: str
    again: list[AgainRow]
    against: list[AgainstRow]
    until: str
    loads: list[Load]


def board(agent: Agent, times: Times, *, team_id: int = 0) -> Board:
    """The board of the teams this agent sees, or of one of them."""
    with remembering():
        visible = list(Team.objects.filter(pk__in=team_ids(agent)).order_by("name"))
        teams = [team for team in visible if team.pk == team_id] or visible
        return _board(agent, times, visible, teams, team_id if len(teams) == 1 and team_id else 0)


def _board(agent: Agent, times: Times, visible: Sequence[Team], teams: Sequence[Team], chosen: int) -> Board:
    keys, now = [team.pk for team in teams], times.now
    inboxes = list(Inbox.objects.filter(team__in=keys).order_by("pk"))
    until = closing_of(inboxes, now=now)
    carriers = carriers_of(keys, now=now, until=until)
    danger = asked.danger(keys, now=now)
    under_way = asked.tellings_since(now - timedelta(hours=12), keys)
    told = _told(keys, times)
    hours = charts.today(teams, inboxes, times) if teams else None
    broken = measures.broken_since(keys, now - timedelta(days=7), most=BROKEN_SHOWN)
    return Board(
        title=risks.title(danger),
        today=_("%(day)s, %(clock)s · %(teams)s")
        % {
            "day": times.date_and_weekday(now),
            "clock": times.at(now),
            "teams": teams[0].name if len(teams) == 1 else _("all teams"),
        },
        tabs=_tabs(visible, chosen),
        href=address("desk:board") + (f"?team={chosen}" if chosen else ""),
        cards=[*risks.pool_cards(danger, agent, times, under_way), *risks.cards(danger, agent, times, carriers)],
        more=_and_more(danger.single - len(danger.first)),
        under_way=risks.under_way_rows(under_way),
        to_go=_to_go(asked.minutes_due(keys, until=until)),
        hours=hours,
        days=charts.week(keys, times),
        told=told[0],
        told_words=told[1],
        kept_words=_kept(keys, now),
        cancelled_words=_cancelled(keys, now),
        broken=_broken_rows(broken[:BROKEN_SHOWN], times),
        broken_more=_("There are more.") if len(broken) > BROKEN_SHOWN else "",
        again=said_again(keys, times),
        against=sent_against(keys, times) if agent.leads else [],
        until=_("until %(when)s") % {"when": times.when(until)},
        loads=[_load(carrier, agent) for carrier in carriers],
    )


def _tabs(visible: Sequence[Team], chosen: int) -> list[Tab]:
    if len(visible) < 2:
        return []
    base = address("desk:board")
    every = Tab(_("All teams"), base, not chosen)
    return [every, *(Tab(team.name, f"{base}?team={team.pk}", team.pk == chosen) for team in visible[:8])]


def _and_more(number: int) -> str:
    return ngettext("and one more", "and %(number)s more", number) % {"number": number} if number > 0 else ""


def _to_go(minutes: int) -> str:
    return _("%(minutes)s min owed") % {"minutes": minutes}


def _told(team_keys: Sequence[int], times: Times) -> tuple[charts.Chart | None, str]:
    today = times.now.astimezone(times.zone).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday - timedelta(weeks=WEEKS - 1 - at) for at in range(WEEKS + 1)]
    edges = [datetime.combine(day, time(), times.zone) for day in days]
    weeks = measures.told_before_late(team_keys, edges, now=times.now)
    return charts.told(weeks, [day.isocalendar().week for day in days[:-1]]), charts.told_words(weeks[-1])


def _kept(team_keys: Sequence[int], now: datetime) -> str:
    percents = measures.kept_since(team_keys, now - timedelta(days=7)).percents
    if percents is None:
        return ""
    at_first, at_all = percents
    return _("Kept, last seven days: %(at_all)s %%; at the time first given: %(at_first)s %%.") % {
        "at_all": at_all,
        "at_first": at_first,
    }


def _cancelled(team_keys: Sequence[int], now: datetime) -> str:
    found = cancelled_since(team_keys, now - timedelta(days=7))
    if found.percent is None:
        return ""
    words = _("Cancelled within one contact, last seven days: %(within)s of %(all)s, %(percent)s %%.")
    return words % {"within": found.within_one, "all": found.carried_out, "percent": found.percent}


def _broken_rows(broken: Sequence[Promise], times: Times) -> list[BrokenRow]:
    recoveries = recoveries_of(promise.pk for promise in broken)
    names = lists.addresses_of(
        promise.conversation.customer_id for promise in broken if not promise.conversation.customer.name
    )
    return [_broken_row(promise, recoveries.get(promise.pk), times, names) for promise in broken]


def _broken_row(promise: Promise, recovery: Recovery | None, times: Times, names: dict[int, str]) -> BrokenRow:
    conversation = promise.conversation
    following = getattr(promise, "followed_by", None)
    done_at = following.settled_at if following is not None else None
    late = _span(promise.due_at, done_at or times.now)
    told_at = [move.told_at for move in promise.moves.all() if move.told_at and move.told_at < move.old_due_at]
    is_answer = promise.kind == "answer" and conversation.subject
    return BrokenRow(
        what=(conversation.subject if is_answer else promise.what)
        or wording.what(promise.kind, language=conversation.language),
        lang=conversation.language,
        customer=conversation.customer.name or names.get(conversation.customer_id, "?"),
        when=times.when(promise.due_at),
        href=address("desk:conversation", conversation.pk),
        late=late if done_at else _("%(span)s so far") % {"span": late},
        told=_("told %(when)s") % {"when": times.when(max(told_at))} if told_at else _("not told"),
        apology=_apology(recovery, times),
        apology_late=bool(recovery and not recovery.apologised_at and recovery.apology_due_at <= times.now),
        cost=_cost(recovery),
    )


def _apology(recovery: Recovery | None, times: Times) -> str:
    if recovery is None:
        return ""
    if recovery.apologised_at:
        return _("apology sent %(when)s") % {"when": times.when(recovery.apologised_at)}
    words = {"when": times.when(recovery.apology_due_at), "name": recovery.owner.name if recovery.owner else "–"}
    if recovery.apology_due_at <= times.now:
        return _("the apology of %(name)s was due %(when)s") % words
    return _("%(name)s apologises by %(when)s") % words


def _cost(recovery: Recovery | None) -> str:
    if recovery is None or not recovery.contacts:
        return ""
    wrote = ngettext("wrote once", "wrote %(number)s times", recovery.contacts) % {"number": recovery.contacts}
    days = ngettext("over one day", "over %(number)s days", recovery.days) % {"number": recovery.days}
    return f"{wrote}, {days}" if recovery.days else wrote


def _span(earlier: datetime, later: datetime) -> str:
    """How long: 12 min, 20 h 22 min, 2 d."""
    minutes = max(1, int((later - earlier).total_seconds() // 60))
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if minutes < 48 * 60:
        return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": f"{minutes % 60:02}"}
    return _("%(days)s d") % {"days": minutes // 1440}


def _load(carrier: Carrier, agent: Agent) -> Load:
    words = _("%(owed)s of %(has)s min") % {"owed": carrier.owed, "has": carrier.has}
    load = Load(carrier.name, words, carrier.share, carrier.over > 0)
    if carrier.over and agent.leads:
        load.share_href = address("desk:share_out", carrier.agent_id)
        load.share_label = _("Share out the work of %(name)s…") % {"name": carrier.first_name}
    return load
