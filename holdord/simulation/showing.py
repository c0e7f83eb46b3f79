"""A comparison as a table and as a picture."""

from html import escape
from typing import Final, NamedTuple

from holdord.simulation.measures import Comparison, Mean, mean_of
from holdord.simulation.scenario import Channel


class Column(NamedTuple):
    """One measure in the table, in percent or in minutes, for calls, mails or both."""

    measure: str
    title: str
    is_share: bool
    channels: tuple[Channel, ...] = tuple(Channel)


COLUMNS: Final = (
    Column("people_reached", "reached, % of people", True),
    Column("tries_reached", "reached, % of calls", True, (Channel.PHONE,)),
    Column("abandoned", "hung up, % of calls", True, (Channel.PHONE,)),
    Column("waited", "wait on the line, min", False, (Channel.PHONE,)),
    Column("on_the_line", "on the line in all, min", False, (Channel.PHONE,)),
    Column("median", "until reached, median min", False),
    Column("longest", "95th, min", False),
    Column("kept", "kept, %", True),
    Column("told", "told before late, %", True),
)


def table(comparison: Comparison) -> str:
    """Every figure with its 95 % interval, the measures down and the orders across."""
    orders = list(comparison.found)
    lines = []
    for channel in comparison.channels:
        calls = "calls" if channel is Channel.PHONE else "mails"
        lines += ["", "".join([f"{calls:28}", *(f"{order:>26}" for order in orders)])]
        for column in COLUMNS:
            if channel in column.channels:
                means = [comparison.mean(order, channel, column.measure) for order in orders]
                lines.append("".join([f"{column.title:28}", *(f"{_said(mean, column):>26}" for mean in means)]))
        lines.append(
            "".join(
                [
                    f"{'busy, % of their hours':28}",
                    *(f"{_said(mean_of(comparison.busy[order]), COLUMNS[0]):>26}" for order in orders),
                ]
            )
        )
        gain = comparison.gain(orders[-1], orders[0], channel, "people_reached")
        lines.append(f"People reached by {orders[-1]} beyond {orders[0]}: {_said(gain, COLUMNS[0])} points of 100")
    return "\n".join(lines[1:])


def _said(mean: Mean | None, column: Column) -> str:
    if mean is None:
        return "–"
    times = 100 if column.is_share else 1
    interval = "" if mean.within is None else f" ± {times * mean.within:.1f}"
    return f"{times * mean.mean:.1f}{interval}"


class Panel(NamedTuple):
    """One group of bars."""

    title: str
    unit: str
    column: Column


_BY_MEASURE: Final = {column.measure: column for column in COLUMNS}
_OF_CALLS: Final = (
    Panel("Calls that got through", "%", _BY_MEASURE["tries_reached"]),
    Panel("Minutes on the line, all calls of a person", "min", _BY_MEASURE["on_the_line"]),
    Panel("From the first call until reached, nights included, median", "min", _BY_MEASURE["median"]),
    Panel("Times kept at the first word", "%", _BY_MEASURE["kept"]),
)
_OF_MAILS: Final = (
    Panel("Mails: times kept at the first word", "%", _BY_MEASURE["kept"]),
    Panel("Mails: told before late, of the others", "%", _BY_MEASURE["told"]),
)

_LEFT, _WIDTH, _ROW, _HEAD = 172, 400, 28, 44
_LOOK: Final = """
  :root { color-scheme: light dark; }
  svg { background: light-dark(#fcfdfd, #14191c); }
  text { font: 12px system-ui, sans-serif; fill: light-dark(#4d5a61, #a9b4ba); font-variant-numeric: tabular-nums; }
  .strong { fill: light-dark(#1b262b, #eef2f4); font-weight: 600; }
  .ours { fill: light-dark(#1d6a7c, #5db4c8); } .plain { fill: light-dark(#b9c6cc, #46545b); }
  .within { stroke: light-dark(#1b262b, #eef2f4); stroke-width: 1.5; }
"""


def picture(comparison: Comparison) -> str:
    """The comparison as an SVG: bars with their 95 % intervals, in the colours of the desk, light and dark."""
    panels = [(channel, panel) for channel in comparison.channels for panel in _panels(channel)]
    height, parts = 34, []
    for channel, panel in panels:
        parts.append(_bars(comparison, channel, panel, height))
        height += _HEAD + _ROW * len(comparison.found)
    title = escape(comparison.scenario.name)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-16 0 700 {height}" role="img" aria-label="{title}">'
        f'<style>{_LOOK}</style><text class="strong" x="0" y="22">{title}</text>{"".join(parts)}</svg>\n'
    )


def _panels(channel: Channel) -> tuple[Panel, ...]:
    return _OF_CALLS if channel is Channel.PHONE else _OF_MAILS


def _bars(comparison: Comparison, channel: Channel, panel: Panel, top: int) -> str:
    means = {order: comparison.mean(order, channel, panel.column.measure) for order in comparison.found}
    times = 100 if panel.column.is_share else 1
    largest = 100.0 if panel.column.is_share else max(1.0, *(mean.mean for mean in means.values() if mean))
    rows = [f'<text x="0" y="{top + 28}">{escape(panel.title)}, {panel.unit}</text>']
    for number, (order, mean) in enumerate(means.items()):
        y = top + _HEAD - 6 + _ROW * number
        look = "ours" if number == len(means) - 1 else "plain"
        rows.append(f'<text class="strong" x="0" y="{y + 14}">{escape(order)}</text>')
        if mean is None:
            rows.append(f'<text x="{_LEFT}" y="{y + 14}">–</text>')
            continue
        width = _WIDTH * times * mean.mean / largest
        rows.append(f'<rect class="{look}" x="{_LEFT}" y="{y}" width="{width:.1f}" height="19" rx="2"/>')
        reach = _WIDTH * times * (mean.within or 0) / largest
        if reach > 1:
            ends = f'x1="{_LEFT + width - reach:.1f}" x2="{_LEFT + width + reach:.1f}"'
            rows.append(f'<line class="within" {ends} y1="{y + 9.5}" y2="{y + 9.5}"/>')
        said = _said(mean, panel.column)
        rows.append(f'<text class="strong" x="{_LEFT + width + reach + 8:.1f}" y="{y + 14}">{said}</text>')
    return "".join(rows)
