"""Delayed state changes, as on AWS: a gateway is `deleting` before it is `deleted`.

There is no background thread: actions that are due run before the next request to one of the serialised services.
"""

import contextvars
import heapq
import itertools
import logging
import time
from collections.abc import Callable

from . import settings

LOG = logging.getLogger(__name__)

_due: list[tuple[float, int, contextvars.Context, Callable[[], None]]] = []
_count = itertools.count()


def later(action: Callable[[], None], delays: float = 1) -> None:
    """Runs `action` after `delays` times the delay of the current service; immediately if the delay is 0."""
    delay = settings.delay()
    if delay == 0:
        action()
    else:
        # The copied context keeps the service and account for further delays that the action schedules.
        context = contextvars.copy_context()
        heapq.heappush(_due, (time.monotonic() + delays * delay, next(_count), context, action))


def run_due() -> None:
    while _due and _due[0][0] <= time.monotonic():
        _, _, context, action = heapq.heappop(_due)
        try:
            context.run(action)
        except Exception:  # the request that triggers the action did not cause its failure
            LOG.exception("what was due did not succeed")
