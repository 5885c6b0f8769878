"""What the environment may say, and what the timing page may change for all or for one account (see timing.py)."""

import contextlib
import contextvars
import os

# The file each request is appended to, as one line of JSON.
RECORD = os.environ.get("TENFOLD_LS_RECORD")


def _per_service(text: str) -> dict[str, float]:
    """`rds=2,cloudfront=0.5`"""
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    return {name.strip(): float(value) for name, _, value in pairs}


def _number(name: str, unless: str) -> float:
    return float(os.environ.get(name) or unless)


_rest = os.environ.get("TENFOLD_LS_QUEUE_REST_S")

# By the names that the timing page has for them.
DEFAULTS = {
    # How long states that take time on AWS last here, in seconds; 0 makes everything ready at once.
    "delay_s": _number("TENFOLD_LS_DELAY_S", "0.2"),
    # The same for some services, by the names that their endpoints have.
    "delays_s": _per_service(os.environ.get("TENFOLD_LS_DELAYS_S", "")),
    # How many reads still answer as before after a change.
    "read_lag": int(_number("TENFOLD_LS_READ_LAG", "0")),
    "tag_lag": int(_number("TENFOLD_LS_TAG_LAG", "0")),
    # How long a role or an instance profile cannot be used after it was made, in seconds.
    "role_lag_s": _number("TENFOLD_LS_ROLE_LAG_S", "0"),
    # How long the name of a queue rests after its deletion, in seconds; null is five delays. On AWS it is 60.
    "queue_rest_s": float(_rest) if _rest else None,
}
EVERYONE = ""

# What was changed since, by account.
changes: dict[str, dict] = {EVERYONE: {}}

# For whom the request at hand is: an account and a service.
_current: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar("current", default=(EVERYONE, ""))


@contextlib.contextmanager
def serving(account: str, service: str):
    token = _current.set((account, service))
    try:
        yield
    finally:
        _current.reset(token)


def of(account: str) -> dict:
    return {**DEFAULTS, **changes[EVERYONE], **changes.get(account, {})}


def get(name: str):
    return of(_current.get()[0])[name]


def delay() -> float:
    """For the service that answers."""
    account, service = _current.get()
    known = of(account)
    return known["delays_s"].get(service, known["delay_s"])
