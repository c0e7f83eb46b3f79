"""The companies of the demo open: their systems run, and the desk knows them."""

import json
import socket
import urllib.request
from dataclasses import dataclass, field

from django.conf import settings

from holdord.fulfilment import actions, calling
from holdord.fulfilment.models import Executor
from holdord.fulfilment.rules import Way
from holdord.people.models import Inbox
from holdord.stories.executors.starting import PORTS, Running, start

DOES = {
    # company: inbox, and by kind what customers call it
    "shop": ("hej@lysbro.example", {"cancel": "bredbånd", "refund": "", "replace": "boksen"}),
    "cards": ("hei@fjordbanken.example", {"block": "kortet", "unblock": "kortet"}),
}
_A_MOMENT = 3


@dataclass
class Told:
    """What a company's system says of itself."""

    company: str
    runs: bool = False
    slow_for: float = 0
    things: list[tuple[str, str, str]] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)


def open_companies() -> list[Running]:
    """Start every company's system, on its own port or a free one, and tell the desk where it is."""
    return [_open(company, *DOES[company]) for company in DOES]


def _open(company: str, address: str, kinds: dict[str, str]) -> Running:
    inbox, port = Inbox.objects.get(address=address), PORTS[company]
    secret = _tell_the_desk(inbox, kinds, port)
    clock_file = settings.DATA / "clock"
    try:
        return start(company, settings.DATA, [secret], its_clock=clock_file, port=port)
    except OSError:
        port = _free_port()
        secret = _tell_the_desk(inbox, kinds, port)
        return start(company, settings.DATA, [secret], its_clock=clock_file, port=port)


def _tell_the_desk(inbox: Inbox, kinds: dict[str, str], port: int) -> str:
    settings.REACH_INSIDE = [*settings.REACH_INSIDE, f"127.0.0.1:{port}"]
    made = None
    for kind, about in kinds.items():
        url = f"http://127.0.0.1:{port}/requests"
        made = actions.set_executor(inbox, kind, way=Way.WEBHOOK, url=url, about=about, inside=settings.REACH_INSIDE)
    return calling.secret_of(made) if made else ""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def tells(company: str) -> Told:
    """What the system of a company says of itself."""
    base = _base(company)
    try:
        with urllib.request.urlopen(f"{base}/state", timeout=_A_MOMENT) as answer:  # noqa: S310 - our own, on loopback
            said = json.load(answer)
    except (OSError, ValueError):
        return Told(company)
    things = [(owner, name, state) for owner, name, state in said["things"]]
    return Told(company, True, said["slow_for"], things, said["acts"])


def make_slow(company: str, seconds: float) -> None:
    """Let so many seconds pass between each deed of a company and its answer. Does nothing when it doesn't run."""
    asked = urllib.request.Request(f"{_base(company)}/slow", str(seconds).encode())  # noqa: S310 - our own, on loopback
    try:
        urllib.request.urlopen(asked, timeout=_A_MOMENT).close()  # noqa: S310 - the same
    except OSError:
        return


def _base(company: str) -> str:
    url = Executor.objects.filter(inbox__address=DOES[company][0], way=Way.WEBHOOK.value).values_list("url", flat=True)
    found = url.first() or ""
    return found.removesuffix("/requests") if found.startswith("http://127.0.0.1:") else "http://127.0.0.1:9"
