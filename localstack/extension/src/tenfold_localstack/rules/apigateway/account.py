"""Account settings that all APIs of an account and region share.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html: No role is set by default, and API
Gateway must be allowed to assume the role.
"""

import json

from ...overrides import override
from .. import iam
from . import bad_request, store


def _account(call) -> dict:
    account = store(call).account
    if not getattr(store(call), "tenfold_initialised", False):
        account.pop("cloudwatchRoleArn", None)
        store(call).tenfold_initialised = True
    return account


def _answer(account: dict) -> dict:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    answer = {"throttleSettings": {"rateLimit": 10000.0, "burstLimit": 5000}, "features": ["UsagePlans"]}
    role = account.get("cloudwatchRoleArn")
    return answer | {"apiKeyVersion": "4"} | ({"cloudwatchRoleArn": role} if role else {})


@override("apigateway", "GetAccount")
def get_account(call, _request):
    return _answer(_account(call))


@override("apigateway", "UpdateAccount")
def update_account(call, request):
    account = _account(call)
    for patch in request.get("patchOperations") or []:
        if patch["path"] != "/cloudwatchRoleArn":
            raise bad_request(f"Invalid patch path {patch['path']}")
        role = patch.get("value")
        if role and not _is_assumable(call, role):
            raise bad_request(
                "The role ARN does not have required permissions configured. Please grant trust permission for API "
                "Gateway and add the required role policy."
            )
        account["cloudwatchRoleArn"] = role
        if not role:
            account.pop("cloudwatchRoleArn")
    return _answer(account)


def _is_assumable(call, arn: str) -> bool:
    role = iam.usable_role(call.account, call.region, arn)
    return role is not None and "apigateway.amazonaws.com" in json.dumps(role.get("AssumeRolePolicyDocument"))
