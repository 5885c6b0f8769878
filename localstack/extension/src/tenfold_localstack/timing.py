"""The timing page sets delays and read lag while LocalStack runs, for all accounts or for one.

GET    /_localstack/timing?account=111111111111     returns the account's settings
POST   /_localstack/timing {"delay_s": 2, "account": "111111111111"}     changes the given settings
DELETE /_localstack/timing?account=111111111111     resets them to the values from the environment
"""

import json

from werkzeug.exceptions import BadRequest

from . import settings


class Timing:
    def on_get(self, request):
        return settings.for_account(_account(request.args))

    def on_post(self, request):
        try:
            given = json.loads(request.get_data() or b"{}")
        except ValueError:
            raise BadRequest("The body must be a JSON object.") from None
        if not isinstance(given, dict):
            raise BadRequest("The body must be a JSON object.")
        account = _account(given)
        changed = {name: _checked(name, value) for name, value in given.items() if name != "account"}
        settings.changes.setdefault(account, {}).update(changed)
        return settings.for_account(account)

    def on_delete(self, request):
        account = _account(request.args)
        settings.changes.pop(account, None)
        settings.changes.setdefault(settings.ALL_ACCOUNTS, {})
        return settings.for_account(account)


def _account(parameters) -> str:
    account = parameters.get("account") or settings.ALL_ACCOUNTS
    if account and not (isinstance(account, str) and account.isdigit() and len(account) == 12):
        raise BadRequest(f"An account has 12 digits, not {account}.")
    return account


def _checked(name: str, value):
    if name not in settings.DEFAULTS:
        raise BadRequest(f"There is no {name}; there are {', '.join(settings.DEFAULTS)} and account.")
    if name == "delays_s":
        if not isinstance(value, dict):
            raise BadRequest("delays_s is an object of seconds by service.")
        return {service: _number(f"delays_s.{service}", one) for service, one in value.items()}
    if name == "queue_rest_s" and value is None:
        return None
    return int(_number(name, value)) if name.endswith("_lag") else _number(name, value)


def _number(name: str, value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise BadRequest(f"{name} is a number, 0 or more.")
    return value


def install() -> None:
    from localstack.http import Resource
    from localstack.services.internal import get_internal_apis

    get_internal_apis().add(Resource("/_localstack/timing", Timing()))
