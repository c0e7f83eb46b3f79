"""The drawings of the board: SVG in flat strings, each with the same figures as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from holdord.desk.board.loads import closing_of
from holdord.people.models import Inbox, Team
from holdord.people.queries import calendar_of
from holdord.promises.queries.board import counted_pools, room_of_pool, room_of_team
from holdord.promises.rules import PoolKind, Room, Told
from holdord.web.times import Times

LEFT, RIGHT = 150.0, 1140.0
HIGH = 34.0
STEP = 56.0


@dataclass(slots=True)
class Line:
    """One pool in a chart."""

    name: str
    unit: str
    rooms: list[Room]
    in_minutes: bool

    @property
    def over(self) -> int:
        """How much does not fit, in all."""
        return round(sum(room.over for room in self.rooms))


@dataclass(slots=True)
class Chart:
    """A drawing, the sentence that it says, and its figures: a head, and a row for each span."""

    svg: Markup
    says: str
    head: list[str]
    rows: list[list[str]]


def today(teams: Sequence[Team], inboxes: Sequence[Inbox], times: Times) -> Chart:
    """The minutes of each team by the hour: what falls due against what they have."""
    edges = _hours(inboxes, times)
    lines = [
        Line(team.name, _("agent minutes"), room_of_team(team.pk, edges, now=times.now), in_minutes=True)
        for team in teams
    ]
    labels = [f"{edge.astimezone(times.zone):%H}" for edge in edges]
    svg = _drawn(lines, edges, labels, at_edges=True, times=times)
    return Chart(svg, _finding(lines), *_table(lines, labels, _("Hour")))


def week(team_ids: Sequence[int], times: Times) -> Chart | None:
    """The counted pools by the day, for a week: what falls due against the places; None without pools."""
    pools = counted_pools(team_ids)
    if not pools:
        return None
    edges = _days(times, 7)
    lines = [
        Line(pool.name, _unit(pool.kind), room_of_pool(pool.pk, edges, now=times.now), in_minutes=False)
        for pool in pools
    ]
    labels = [times.date_and_weekday(edge + timedelta(hours=12)) for edge in edges[:-1]]
    svg = _drawn(lines, edges, labels, at_edges=False, times=times)
    return Chart(svg, _finding(lines), *_table(lines, labels, _("Day")))


def _unit(kind: str) -> str:
    return {
        PoolKind.FLOW.value: _("places a day"),
        PoolKind.SLOTS.value: _("places in slots"),
        PoolKind.STOCK.value: _("pieces"),
    }.get(kind, "")


def _hours(inboxes: Sequence[Inbox], times: Times) -> list[datetime]:
    """Full hours from when the first opens until the last closes, on the day that the board speaks of."""
    closes = closing_of(inboxes, now=times.now).astimezone(times.zone)
    day = closes.date()
    opening = [span[0].astimezone(times.zone) for inbox in inboxes for span in calendar_of(inbox).spans_on(day)[:1]]
    first = min([each.hour for each in opening if each.date() == day], default=8)
    last = closes.hour + (1 if closes.minute else 0)
    midnight = datetime.combine(day, time(), times.zone)
    last = max(last, first + 1)
    return [midnight + timedelta(hours=hour) for hour in range(first, min(last, 24) + 1)]


def _days(times: Times, number: int) -> list[datetime]:
    zone: tzinfo = times.zone
    today_ = times.now.astimezone(zone).date()
    return [datetime.combine(today_ + timedelta(days=day), time(), zone) for day in range(number + 1)]


def _finding(lines: Sequence[Line]) -> str:
    over = [line for line in lines if line.over]
    if not over:
        return _("Everything that is promised fits.")
    return " ".join(
        _("%(pool)s: %(amount)s over.") % {"pool": line.name, "amount": _amount(line.over, line)} for line in over
    )


def _amount(number: int, line: Line) -> str:
    return _("%(minutes)s min") % {"minutes": number} if line.in_minutes else str(number)


def _table(lines: Sequence[Line], labels: Sequence[str], corner: str) -> tuple[list[str], list[list[str]]]:
    head = [corner, *(line.name for line in lines)]
    rows = []
    for at in range(len(lines[0].rooms) if lines else 0):
        figures = []
        for line in lines:
            room = line.rooms[at]
            words = {"due": round(room.due), "room": round(room.capacity), "over": round(room.over)}
            figures.append(
                _("%(due)s of %(room)s, %(over)s over") % words
                if round(room.over)
                else _("%(due)s of %(room)s") % words
            )
        rows.append([labels[at], *figures])
    return head, rows


def _drawn(
    lines: Sequence[Line], edges: Sequence[datetime], labels: Sequence[str], *, at_edges: bool, times: Times
) -> Markup:
    spans = len(edges) - 1
    wide = (RIGHT - LEFT) / spans
    bottom = 30 + STEP * len(lines)
    parts = [_HATCH]
    now_x = LEFT + (RIGHT - LEFT) * ((times.now - edges[0]) / (edges[-1] - edges[0]))
    is_now = LEFT < now_x < RIGHT and at_edges
    if is_now:
        parts.append(
            f'<rect class="past" x="{LEFT}" y="22" width="{now_x - LEFT:.1f}" height="{bottom - 22:.0f}" '
            'opacity=".55"/>'
        )
    for at, label in enumerate(labels):
        x = LEFT + at * wide + (0 if at_edges else wide / 2)
        if not is_now or abs(x - now_x) > 40:
            parts.append(f'<text x="{x:.1f}" y="12" text-anchor="middle">{escape(label)}</text>')
    parts += [f'<path class="grid" d="M{LEFT + at * wide:.1f} 22V{bottom:.0f}"/>' for at in range(spans + 1)]
    for at, line in enumerate(lines):
        parts.append(_line(line, 30 + STEP * (at + 1) - 8, wide, times))
    if is_now:
        clock = escape(times.clock(times.now))
        parts.append(
            f'<path class="now" d="M{now_x:.1f} 16V{bottom:.0f}"/>'
            f'<rect x="{now_x - 22:.1f}" y="0" width="44" height="17" rx="3" class="k1"/>'
            f'<text class="inv" x="{now_x:.1f}" y="12.5" text-anchor="middle">{clock}</text>'
        )
    return Markup(  # noqa: S704 - names are escaped, the rest are our own strings and numbers
        f'<svg class="chart" viewBox="0 0 1160 {bottom:.0f}" role="img" aria-label="{escape(_finding(lines))}">'
        f"{''.join(parts)}</svg>"
    )


_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="hatchline" d="M0 0v6"/></pattern></defs>'
)


def _line(line: Line, base: float, wide: float, times: Times) -> str:
    most = max([max(room.capacity, room.due) for room in line.rooms] + [1.0])
    parts = [
        (
            f'<path class="grid" d="M0 {base:.0f}H{RIGHT:.0f}"/><text class="strong" x="0" y="{base - 20:.0f}">'
            f"{escape(_cut(line.name))}</text>"
            f'<text x="0" y="{base - 5:.0f}">{escape(line.unit)}</text>'
        )
    ]
    outline = []
    for at, room in enumerate(line.rooms):
        x = LEFT + at * wide
        top = base - HIGH * room.capacity / most
        outline.append(f"{x:.1f} {top:.1f}L{x + wide:.1f} {top:.1f}")
        fits, over = HIGH * (room.due - room.over) / most, HIGH * room.over / most
        if fits >= 0.05:
            shade = "k3" if room.ends_at <= times.now else "k2"
            parts.append(_bar(shade, x + 3, base - fits, wide - 6, fits))
        if round(room.over):
            parts.append(_bar("over", x + 3, base - fits - over, wide - 6, over))
            words = escape(_("%(amount)s over") % {"amount": _amount(round(room.over), line)})
            beside = x + wide + 5 if at < len(line.rooms) - 1 else x - 5
            anchor = "start" if at < len(line.rooms) - 1 else "end"
            parts.append(
                f'<text class="risktext" x="{beside:.1f}" y="{base - fits - over / 2 + 4:.1f}" '
                f'text-anchor="{anchor}">{words}</text>'
            )
    parts.append(f'<path class="cap" d="M{"L".join(outline)}"/>')
    return "".join(parts)


def _bar(shade: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{shade}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _cut(name: str) -> str:
    return name if len(name) <= 22 else f"{name[:21]}…"


_SCALES = ((70, 10), (40, 20), (0, 25))
"""Where the scale of a share begins, in percent, and its step."""


def told(weeks: Sequence[Told], numbers: Sequence[int]) -> Chart | None:
    """Told before late by week; None while no week had a promise that was late."""
    shares = [week.percent for week in weeks]
    known = [share for share in shares if share is not None]
    if not known:
        return None
    lowest, step = next(scale for scale in _SCALES if min(known) >= scale[0])
    points = [
        (36 + 308 * at / (len(shares) - 1), 8 + 140 * (100 - share) / (100 - lowest))
        for at, share in enumerate(shares)
        if share is not None
    ]
    parts = []
    for value in range(100, lowest - 1, -step):
        y = 8 + 140 * (100 - value) / (100 - lowest)
        parts.append(
            f'<path class="grid" d="M36 {y:.1f}H344"/><text x="28" y="{y + 4:.1f}" text-anchor="end">{value}</text>'
        )
    parts.append(f'<path class="line1" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>')
    x, y = points[-1]
    share_words = escape(_("%(share)s %%") % {"share": known[-1]})
    parts.append(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        f'<text class="strong" x="{x + 10:.1f}" y="{y + 14:.1f}">{share_words}</text>'
    )
    for at in (0, len(numbers) // 2, len(numbers) - 1):
        label = escape(_("w. %(week)s") % {"week": numbers[at]}) if at == 0 else numbers[at]
        parts.append(f'<text x="{36 + 308 * at / (len(numbers) - 1):.1f}" y="166" text-anchor="middle">{label}</text>')
    says = _(
        "Told before late, twelve weeks: %(first)s percent in the first of them that had any, %(last)s in the last."
    ) % {
        "first": known[0],
        "last": known[-1],
    }
    svg = Markup(  # noqa: S704 - our own words are escaped, the rest are numbers
        f'<svg class="chart" viewBox="0 0 420 170" role="img" aria-label="{escape(says)}">{"".join(parts)}</svg>'
    )
    rows = [
        [
            str(number),
            str(week.late),
            str(week.told),
            "" if week.percent is None else _("%(share)s %%") % {"share": week.percent},
        ]
        for number, week in zip(numbers, weeks, strict=True)
    ]
    return Chart(svg, says, [_("Week"), _("Late"), _("Told before"), _("Share")], rows)


def told_words(this_week: Told) -> str:
    """What this week was like, in a sentence or two."""
    if not this_week.late:
        return _("No promise has missed its time this week.")
    late = ngettext("One was late this week.", "%(number)s were late this week.", this_week.late)
    if this_week.told:
        heard = ngettext(
            "One customer heard it from us first.", "%(number)s customers heard it from us first.", this_week.told
        )
    else:
        heard = _("Nobody heard it from us first.")
    return f"{late % {'number': this_week.late}} {heard % {'number': this_week.told}}"
