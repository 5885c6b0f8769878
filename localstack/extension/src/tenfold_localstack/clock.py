"""Things that happen a little later, as they do on AWS: a gateway is `deleting` before it is `deleted`.

There is no thread: what is due is done before the next request of these services is looked at.
"""

import heapq
import itertools
import logging
import time
from collections.abc import Callable

from . import settings

LOG = logging.getLogger(__name__)

_due: list[tuple[float, int, Callable[[], None]]] = []
_count = itertools.count()


def later(action: Callable[[], None], delays: float = 1) -> None:
    """Does it after so many delays; at once if the delay is 0."""
    if settings.DELAY == 0:
        action()
    else:
        heapq.heappush(_due, (time.monotonic() + delays * settings.DELAY, next(_count), action))


def settle() -> None:
    while _due and _due[0][0] <= time.monotonic():
        action = heapq.heappop(_due)[2]
        try:
            action()
        except Exception:  # it is no fault of the request that happens to come by
            LOG.exception("what was due did not succeed")
