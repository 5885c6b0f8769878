"""APIs, their OpenAPI documents and deployments."""

import io
import json

from localstack.utils.json import parse_json_or_yaml
from localstack.utils.strings import to_str

from ...overrides import override
from . import api, backend, bad_request, paged, parse_bool, store


def _answer(call, api_id: str) -> dict:
    """Returns a REST API with its tags, as GetRestApi does."""
    found = api(call, api_id)
    answer = {name: value for name, value in found.to_dict().items() if value not in (None, "")}
    answer["disableExecuteApiEndpoint"] = bool(found.disable_execute_api_endpoint)
    answer["endpointConfiguration"] = {
        name: value for name, value in _endpoint(found).items() if value not in (None, [])
    }
    answer["tags"] = dict(found.tags or {})
    answer["apiStatus"] = "AVAILABLE"
    answer.pop("policy", None)
    store(call).rest_apis[api_id].rest_api = dict(answer)
    return answer


def _endpoint(found) -> dict:
    """Returns the endpoint configuration with its defaults.

    https://docs.aws.amazon.com/apigateway/latest/api/API_EndpointConfiguration.html: The default address type is ipv4.
    """
    endpoint = dict(found.endpoint_configuration or {})
    endpoint.setdefault("types", ["EDGE"])
    endpoint.setdefault("ipAddressType", "ipv4")
    return endpoint


@override("apigateway", "CreateRestApi")
def create_rest_api(call, request):
    answer = call()
    found = api(call, answer["id"])
    found.disable_execute_api_endpoint = bool(request.get("disableExecuteApiEndpoint"))
    found.endpoint_configuration = dict(request.get("endpointConfiguration") or {})
    return _answer(call, answer["id"])


@override("apigateway", "GetRestApi")
def get_rest_api(call, request):
    return _answer(call, request["restApiId"])


@override("apigateway", "GetRestApis")
def get_rest_apis(call, request):
    return paged(request, [_answer(call, api_id) for api_id in backend(call).apis])


# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html: An overwrite replaces
# the definition, and the name and description with the document's title and description. Tags and endpoint type stay
# unchanged. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html: OpenAPI 2.0 and
# 3.0 are supported.
@override("apigateway", "PutRestApi")
def put_rest_api(call, request):
    found = api(call, request["restApiId"])
    text = to_str(request["body"].read())
    document = parse_json_or_yaml(text)
    version = str((document or {}).get("openapi") or (document or {}).get("swagger") or "")
    if not version.startswith(("3.0", "2.0")):
        raise bad_request("Invalid OpenAPI input.")
    kept = found.endpoint_configuration, found.tags, found.disable_execute_api_endpoint
    call.parsed({**request, "body": io.BytesIO(text.encode())})
    found.endpoint_configuration, found.tags, found.disable_execute_api_endpoint = kept
    if request.get("mode") == "overwrite":
        found.name = document.get("info", {}).get("title") or found.name
        found.api_key_source = document.get("x-amazon-apigateway-api-key-source") or "HEADER"
    found.document = json.dumps(document)
    return _answer(call, request["restApiId"])


# https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateRestApi-Patch
@override("apigateway", "UpdateRestApi")
def update_rest_api(call, request):
    found, others = api(call, request["restApiId"]), []
    for patch in request.get("patchOperations") or []:
        path, value = patch["path"], patch.get("value")
        if patch["op"] != "replace":
            others.append(patch)
        elif path in ("/name", "/description"):
            setattr(found, path[1:], value)
        elif path == "/apiKeySource":
            if value not in ("HEADER", "AUTHORIZER"):
                raise bad_request(f"Invalid value for apiKeySource: {value}")
            found.api_key_source = value
        elif path == "/disableExecuteApiEndpoint":
            found.disable_execute_api_endpoint = parse_bool(value)
        elif path == "/endpointConfiguration/ipAddressType":
            if value not in ("ipv4", "dualstack"):
                raise bad_request("ipAddressType must be either ipv4 or dualstack.")
            found.endpoint_configuration = {**_endpoint(found), "ipAddressType": value}
        else:
            others.append(patch)
    if others:
        call.parsed({**request, "patchOperations": others})
    return _answer(call, request["restApiId"])


# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-usage-plans-with-console.html: An API
# cannot be deleted while one of its stages is in a usage plan or a custom domain is mapped to it.
@override("apigateway", "DeleteRestApi")
def delete_rest_api(call, request):
    api_id = request["restApiId"]
    api(call, api_id)
    for one in backend(call).usage_plans.values():
        if any(entry["apiId"] == api_id for entry in one.api_stages):
            raise bad_request(f"Cannot delete API {api_id}: its stages are in usage plan {one.id}; remove them first")
    for mappings in store(call).base_path_mappings.values():
        if any(entry["restApiId"] == api_id for entry in mappings):
            raise bad_request(
                "Deleting API failed. Please remove all base path mappings related to the API in your domains"
            )
    return call()


# https://docs.aws.amazon.com/apigateway/latest/api/API_DeleteDeployment.html: A deployment cannot be deleted while a
# stage uses it.
@override("apigateway", "DeleteDeployment")
def delete_deployment(call, request):
    found = api(call, request["restApiId"])
    deployment = request["deploymentId"]
    if any(one.deployment_id == deployment for one in found.stages.values()):
        raise bad_request("Active stages pointing to this deployment must be moved or deleted")
    if found.deployments.get(deployment) is not None:
        found.deployments[deployment].stage_name = None
    return call()


@override("apigateway", "GetDeployments")
def get_deployments(call, request):
    answer = call.parsed({name: value for name, value in request.items() if name not in ("limit", "position")})
    newest = sorted(answer.get("items") or [], key=lambda one: str(one.get("createdDate")), reverse=True)
    return paged(request, newest)
