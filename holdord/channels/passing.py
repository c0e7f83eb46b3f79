"""Time that passes in the demo: what the clock does on the way is done on the way, not all at once at the end."""

from datetime import datetime, timedelta
from time import sleep

from holdord.channels.outgoing import sending
from holdord.conversations.jobs import wake_snoozed
from holdord.conversations.models import Outgoing, OutgoingState
from holdord.kernel import clock
from holdord.promises import jobs

_STRIDE = timedelta(minutes=15)
_PATIENCE = 100


def let_pass_until(moment: datetime) -> None:
    """Move the clock to `moment` (aware) in strides, and let it warn, tell and send in each: a customer who is told
    half an hour before a promise is late hears so however far the clock is moved. Only where the clock can be moved.
    """
    while True:
        now = clock.now()
        _look(now)
        if now >= moment:
            return
        clock.move_to(min(now + _STRIDE, moment))


def _look(now: datetime) -> None:
    jobs.tick(now=now)
    wake_snoozed(now=now)
    while sending.send_next(now=clock.now()):
        pass
    # A sender beside this one may hold a letter: it arrives before the clock goes on, as it would have.
    for _ in range(_PATIENCE):
        if not Outgoing.objects.filter(state=OutgoingState.SENDING).exists():
            return
        sleep(0.02)
