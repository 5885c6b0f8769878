"""Things that happen a little later, as they do on AWS: a gateway is `deleting` before it is `deleted`.

There is no thread: what is due is done before the next request of these services is looked at.
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
    """Does it after so many delays of the service at hand; at once if the delay is 0."""
    delay = settings.delay()
    if delay == 0:
        action()
    else:
        # What it puts off in turn is for the same service and account.
        context = contextvars.copy_context()
        heapq.heappush(_due, (time.monotonic() + delays * delay, next(_count), context, action))


def settle() -> None:
    while _due and _due[0][0] <= time.monotonic():
        _, _, context, action = heapq.heappop(_due)
        try:
            context.run(action)
        except Exception:  # it is no fault of the request that happens to come by
            LOG.exception("what was due did not succeed")
