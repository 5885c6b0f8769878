"""Settings from the environment. The timing page (timing.py) changes them for all accounts or for one."""

import contextlib
import contextvars
import os

# The file that each request is appended to, as one line of JSON.
RECORD = os.environ.get("TENFOLD_LS_RECORD")


def _per_service(text: str) -> dict[str, float]:
    """Parses `rds=2,cloudfront=0.5`."""
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    return {name.strip(): float(value) for name, _, value in pairs}


def _number(name: str, default: str) -> float:
    return float(os.environ.get(name) or default)


_rest = os.environ.get("TENFOLD_LS_QUEUE_REST_S")

# Keys are the names that the timing page uses.
DEFAULTS = {
    # Duration in seconds of transitional states that take time on AWS; 0 makes every resource ready immediately.
    "delay_s": _number("TENFOLD_LS_DELAY_S", "0.2"),
    # The same by service, with the service's endpoint name as key.
    "delays_s": _per_service(os.environ.get("TENFOLD_LS_DELAYS_S", "")),
    # How many reads return the earlier result after a change.
    "read_lag": int(_number("TENFOLD_LS_READ_LAG", "0")),
    "tag_lag": int(_number("TENFOLD_LS_TAG_LAG", "0")),
    # How long a new role or instance profile cannot be used, in seconds.
    "role_lag_s": _number("TENFOLD_LS_ROLE_LAG_S", "0"),
    # How long the name of a deleted queue cannot be reused, in seconds; null means five delays. On AWS it is 60.
    "queue_rest_s": float(_rest) if _rest else None,
}
ALL_ACCOUNTS = ""

# Settings changed by the timing page, by account.
changes: dict[str, dict] = {ALL_ACCOUNTS: {}}

# The account and the service of the current request.
_current: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar("current", default=(ALL_ACCOUNTS, ""))


@contextlib.contextmanager
def serving(account: str, service: str):
    token = _current.set((account, service))
    try:
        yield
    finally:
        _current.reset(token)


def for_account(account: str) -> dict:
    return {**DEFAULTS, **changes[ALL_ACCOUNTS], **changes.get(account, {})}


def get(name: str):
    return for_account(_current.get()[0])[name]


def delay() -> float:
    """Returns the delay of the current service in seconds."""
    account, service = _current.get()
    known = for_account(account)
    return known["delays_s"].get(service, known["delay_s"])
