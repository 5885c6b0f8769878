"""API Gateway REST APIs.

Rules follow https://docs.aws.amazon.com/apigateway/latest/api/ and the shape documentation in botocore's service model.
"""

from localstack.services.apigateway.models import apigateway_stores
from moto.apigateway.models import APIGatewayBackend, apigateway_backends

from ...lists import answer
from ...overrides import error


def backend(call) -> APIGatewayBackend:
    return apigateway_backends[call.account][call.region]


def store(call):
    return apigateway_stores[call.account][call.region]


def api(call, api_id: str):
    found = backend(call).apis.get(api_id)
    if found is None:
        raise error("NotFoundException", f"Invalid API identifier specified {call.account}:{api_id}", 404)
    return found


def stage(call, api_id: str, name: str):
    found = api(call, api_id).stages.get(name)
    if found is None:
        raise error("NotFoundException", "Invalid stage identifier specified", 404)
    return found


def plan(call, plan_id: str):
    found = backend(call).usage_plans.get(plan_id)
    if found is None:
        raise error("NotFoundException", "Invalid Usage Plan ID specified", 404)
    return found


def key(call, key_id: str):
    found = backend(call).keys.get(key_id)
    if found is None:
        raise error("NotFoundException", "Invalid API Key identifier specified", 404)
    return found


def bad_request(message: str):
    return error("BadRequestException", message)


def paged(request, items: list) -> dict:
    """Returns one page. All lists take limit (default 25, at most 500) and position.

    https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html
    """
    size = request.get("limit") or 25
    return answer("items", items, request, min(size, 500), "position", "BadRequestException")


def parse_bool(value) -> bool:
    return str(value).lower() == "true"
