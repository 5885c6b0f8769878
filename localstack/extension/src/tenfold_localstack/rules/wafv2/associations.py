"""Associations of web ACLs with the resources they protect, and logging of web ACLs."""

import copy
import re
import time

from moto.apigateway.models import apigateway_backends
from moto.elbv2.models import elbv2_backends
from moto.logs.models import logs_backends

from ... import settings
from ...overrides import error, override
from . import acls, invalid, logging_configs, not_found, paged, protected_by, scope_key, scope_key_of_arn, web_acls

_STAGE = re.compile(r"arn:[\w-]+:apigateway:[\w-]+::/restapis/([^/]+)/stages/([^/]+)")


def _exists(call, arn: str) -> bool:
    if ":loadbalancer/app/" in arn:
        return arn in elbv2_backends[call.account][call.region].load_balancers
    stage = _STAGE.fullmatch(arn)
    if stage is None:
        raise invalid(
            "The ARN isn't valid. A valid ARN begins with arn: and includes other information.", "RESOURCE_ARN"
        )
    api = apigateway_backends[call.account][call.region].apis.get(stage[1])
    return api is not None and stage[2] in api.stages


def _acl(call, arn: str) -> dict:
    acl = web_acls[scope_key_of_arn(call, arn)].get(arn)
    if acl is None:
        raise not_found()
    return acl


# https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html: Replaces the web ACL that protected the
# resource before. A new web ACL is unavailable at first. Not for CloudFront.
@override("wafv2", "AssociateWebACL")
def associate_web_acl(call, request):
    acl, arn = _acl(call, request["WebACLArn"]), request["ResourceArn"]
    if ":global/" in acl["ARN"]:
        raise invalid("The scope is not valid.", "RESOURCE_ARN", acl["ARN"])
    if not _exists(call, arn):
        raise not_found()
    if time.monotonic() - acl["created_at"] < settings.delay():
        raise error(
            "WAFUnavailableEntityException",
            "AWS WAF couldn't retrieve a resource that you specified for this operation. Retry your request.",
        )
    protected_by[(call.account, call.region)][arn] = acl["ARN"]
    return {}


@override("wafv2", "DisassociateWebACL")
def disassociate_web_acl(call, request):
    protected_by[(call.account, call.region)].pop(request["ResourceArn"], None)
    return {}


def _current_associations(call) -> dict[str, str]:
    """Returns the associations, without those of deleted resources."""
    current = protected_by[(call.account, call.region)]
    for arn in [arn for arn in current if not _exists(call, arn)]:
        del current[arn]
    return current


@override("wafv2", "GetWebACLForResource")
def get_web_acl_for_resource(call, request):
    arn = _current_associations(call).get(request["ResourceArn"])
    return {"WebACL": acls.described(_acl(call, arn))} if arn else {}


# https://docs.aws.amazon.com/waf/latest/APIReference/API_ListResourcesForWebACL.html: Lists load balancers by default.
@override("wafv2", "ListResourcesForWebACL")
def list_resources_for_web_acl(call, request):
    acl = _acl(call, request["WebACLArn"])
    kind = request.get("ResourceType") or "APPLICATION_LOAD_BALANCER"
    part = {"APPLICATION_LOAD_BALANCER": ":loadbalancer/app/", "API_GATEWAY": ":apigateway:"}.get(kind, "-")
    return {
        "ResourceArns": [arn for arn, by in _current_associations(call).items() if by == acl["ARN"] and part in arn]
    }


# https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html: The log group must exist in the account
# and region (us-east-1 for CloudFront), and its name must start with aws-waf-logs-.
def _check_destination(call, arns: list[str]) -> None:
    for arn in arns:
        found = re.fullmatch(rf"arn:[\w-]+:logs:{call.region}:{call.account}:log-group:([^:]+)", arn)
        if found is None or not found[1].startswith("aws-waf-logs-"):
            raise invalid("The ARN isn't valid.", "LOG_DESTINATION", arn)
        if found[1] not in logs_backends[call.account][call.region].groups:
            raise error(
                "WAFLogDestinationPermissionIssueException",
                "Unable to deliver logs to the configured destination. You might need to grant log delivery permissions "
                "for the destination.",
            )


# https://docs.aws.amazon.com/waf/latest/APIReference/API_PutLoggingConfiguration.html: Replaces the whole
# configuration.
@override("wafv2", "PutLoggingConfiguration")
def put_logging_configuration(call, request):
    config = copy.deepcopy(request["LoggingConfiguration"])
    acl = _acl(call, config["ResourceArn"])
    if len(config["LogDestinationConfigs"]) != 1:
        raise invalid("You can associate one logging destination to a web ACL.", "LOG_DESTINATION")
    _check_destination(call, config["LogDestinationConfigs"])
    config["ManagedByFirewallManager"] = False
    logging_configs[scope_key_of_arn(call, acl["ARN"])][acl["ARN"]] = config
    return {"LoggingConfiguration": copy.deepcopy(config)}


@override("wafv2", "GetLoggingConfiguration")
def get_logging_configuration(call, request):
    config = logging_configs[scope_key_of_arn(call, request["ResourceArn"])].get(request["ResourceArn"])
    if config is None:
        raise not_found()
    return {"LoggingConfiguration": copy.deepcopy(config)}


@override("wafv2", "ListLoggingConfigurations")
def list_logging_configurations(call, request):
    everything = [copy.deepcopy(config) for config in logging_configs[scope_key(call, request["Scope"])].values()]
    return paged(request, everything, "LoggingConfigurations")


@override("wafv2", "DeleteLoggingConfiguration")
def delete_logging_configuration(call, request):
    configs = logging_configs[scope_key_of_arn(call, request["ResourceArn"])]
    if configs.pop(request["ResourceArn"], None) is None:
        raise not_found()
    return {}
