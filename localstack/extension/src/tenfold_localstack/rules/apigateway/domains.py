"""Custom domains for APIs.

https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainName.html
"""

from ...overrides import error, override
from . import api, bad_request, paged, store

# The hosted zones of API Gateway's regional endpoints, https://docs.aws.amazon.com/general/latest/gr/apigateway.html
_ZONES = {"us-east-1": "Z1UJRXOUMOOFQ8", "us-west-2": "Z2OJLYMUO9EFXC", "eu-west-1": "ZLY8HYME6SFDD"}


def _domain(call, name: str) -> dict:
    found = store(call).domain_names.get(name)
    if found is None:
        raise error("NotFoundException", "Invalid domain name identifier specified", 404)
    return found


@override("apigateway", "CreateDomainName")
def create_domain_name(call, request):
    call()
    domain = _domain(call, request["domainName"])
    host = domain["regionalDomainName"].split(".")[0]
    domain |= {
        "securityPolicy": request.get("securityPolicy") or "TLS_1_2",
        "tags": dict(request.get("tags") or {}),
        "regionalDomainName": f"{host}.execute-api.{call.region}.amazonaws.com",
        "regionalHostedZoneId": _ZONES.get(call.region, "Z1UJRXOUMOOFQ8"),
        "endpointConfiguration": {"ipAddressType": "ipv4", **(request.get("endpointConfiguration") or {})},
    }
    return dict(domain)


@override("apigateway", "GetDomainNames")
def get_domain_names(call, request):
    return paged(request, [dict(domain) for domain in store(call).domain_names.values()])


# https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateDomainName-Patch
@override("apigateway", "UpdateDomainName")
def update_domain_name(call, request):
    domain = _domain(call, request["domainName"])
    for patch in request.get("patchOperations") or []:
        path, value = patch["path"], patch.get("value")
        if patch["op"] != "replace":
            raise bad_request(f"Invalid patch operation {patch['op']} on {path}")
        if path in ("/regionalCertificateArn", "/securityPolicy"):
            domain[path[1:]] = value
        elif path == "/endpointConfiguration/ipAddressType":
            domain["endpointConfiguration"] = {**domain["endpointConfiguration"], "ipAddressType": value}
        else:
            raise bad_request(f"Invalid patch path {path}")
    return dict(domain)


@override("apigateway", "DeleteDomainName")
def delete_domain_name(call, request):
    store(call).base_path_mappings.pop(request["domainName"], None)
    return call()


# https://docs.aws.amazon.com/apigateway/latest/api/API_CreateBasePathMapping.html
@override("apigateway", "CreateBasePathMapping")
def create_base_path_mapping(call, request):
    _domain(call, request["domainName"])
    found = api(call, request["restApiId"])
    if request.get("stage") and request["stage"] not in found.stages:
        raise bad_request("Invalid stage identifier specified")
    path = request.get("basePath") or "(none)"
    if any(one["basePath"] == path for one in store(call).base_path_mappings.get(request["domainName"]) or []):
        raise error("ConflictException", "Base path already exists for this domain name", 409)
    return call()


@override("apigateway", "GetBasePathMappings")
def get_base_path_mappings(call, request):
    _domain(call, request["domainName"])
    items = [
        {name: one[name] for name in ("basePath", "restApiId", "stage") if one.get(name)}
        for one in store(call).base_path_mappings.get(request["domainName"]) or []
    ]
    return paged(request, items)
