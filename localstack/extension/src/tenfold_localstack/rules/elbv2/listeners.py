"""Listeners and rules."""

import re

from moto.elbv2.responses import SSL_POLICIES

from ...overrides import error, override
from . import all_rules, backend, balancers_of, forwards_to, listener, load_balancer, rule, target_group
from .describe import listener_item, rule_item

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html: The policies with
# post-quantum key exchange, of September 2025, have the same protocols and ciphers as those without it.
_OF_2021 = re.compile(r"(ELBSecurityPolicy-TLS13-1-[23](?:-Res)?)-2021-06")
for _policy in list(SSL_POLICIES):
    if _match := _OF_2021.fullmatch(_policy["name"]):
        SSL_POLICIES.append({**_policy, "name": f"{_match[1]}-PQ-2025-09"})


def _check_actions(call, actions, balancer_arn: str) -> None:
    """Checks the target groups that the actions reference.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html#API_CreateListener_Errors:
    The groups must exist, be in the load balancer's VPC, and serve one load balancer only.
    """
    for arn in forwards_to(actions):
        group = target_group(call, arn)
        if group.vpc_id and group.vpc_id != load_balancer(call, balancer_arn).vpc_id:
            raise error(
                "InvalidConfigurationRequest",
                f"The target group '{arn}' does not belong to the VPC of the load balancer",
            )
        if set(balancers_of(call, arn)) - {balancer_arn}:
            raise error(
                "TargetGroupAssociationLimit",
                f"The following target groups cannot be associated with more than one load balancer: {arn}",
            )


def _check_tls(call, protocol: str, policy, certificates) -> None:
    if policy and policy not in {known["name"] for known in SSL_POLICIES}:
        raise error("SSLPolicyNotFound", f"SSL policy '{policy}' not found")
    if protocol == "HTTPS" and not certificates:
        raise error("ValidationError", "A certificate must be specified for HTTPS listeners")
    if protocol == "HTTP" and certificates:
        raise error("ValidationError", "A certificate cannot be specified for HTTP listeners")
    for certificate in certificates or []:
        arn = certificate["CertificateArn"]
        if not backend(call)._certificate_exists(arn):
            raise error("CertificateNotFound", f"Certificate '{arn}' not found")


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html: One listener per port.
# With the same settings the request succeeds again, as the page says.
@override("elbv2", "CreateListener")
def create_listener(call, request):
    balancer = load_balancer(call, request["LoadBalancerArn"])
    if balancer.type != "application":
        return call()
    _check_tls(call, request.get("Protocol"), request.get("SslPolicy"), request.get("Certificates"))
    _check_actions(call, request.get("DefaultActions"), balancer.arn)
    settings = {name: value for name, value in request.items() if name != "Tags" and value is not None}
    for one in balancer.listeners.values():
        if int(one.port) == int(request["Port"]):
            if getattr(one, "requested", None) == settings:
                return {"Listeners": [listener_item(one)]}
            raise error("DuplicateListener", "A listener already exists on this port for this load balancer")
    answer = call()
    one = balancer.listeners[answer["Listeners"][0]["ListenerArn"]]
    one.requested = settings
    return {"Listeners": [listener_item(one)]}


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html: Members that are not
# given stay unchanged. A change from HTTPS to HTTP removes policy and certificates.
@override("elbv2", "ModifyListener")
def modify_listener(call, request):
    one = listener(call, request["ListenerArn"])
    balancer = load_balancer(call, one.load_balancer_arn)
    port, protocol = request.get("Port") or one.port, request.get("Protocol") or one.protocol
    if any(other is not one and int(other.port) == int(port) for other in balancer.listeners.values()):
        raise error("DuplicateListener", "A listener already exists on this port for this load balancer")
    if protocol == "HTTPS":
        kept = [{"CertificateArn": one.certificate}] if one.certificate else []
        _check_tls(call, protocol, request.get("SslPolicy"), request.get("Certificates") or kept)
    _check_actions(call, request.get("DefaultActions"), balancer.arn)
    more = one.certificates[1:]
    call()
    if protocol == "HTTP":
        one.certificate, one.certificates, one.ssl_policy = None, [], None
    else:
        one.certificates = [one.certificate, *(arn for arn in more if arn != one.certificate)]
    one.requested = None
    return {"Listeners": [listener_item(one)]}


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddListenerCertificates.html: A certificate
# that the listener already has is accepted and not added twice. A listener has at most 25 certificates besides the
# default, which is listed first and cannot be removed.
@override("elbv2", "AddListenerCertificates")
def add_listener_certificates(call, request):
    one = listener(call, request["ListenerArn"])
    _check_tls(call, "HTTPS", None, request["Certificates"])
    new = [certificate["CertificateArn"] for certificate in request["Certificates"]]
    certificates = [*one.certificates, *(arn for arn in new if arn not in one.certificates)]
    if len(certificates) > 26:
        raise error("TooManyCertificates", "A listener can have at most 25 certificates besides the default")
    one.certificates = certificates
    return {"Certificates": [{"CertificateArn": arn, "IsDefault": False} for arn in new]}


@override("elbv2", "RemoveListenerCertificates")
def remove_listener_certificates(call, request):
    one = listener(call, request["ListenerArn"])
    removed = {certificate["CertificateArn"] for certificate in request["Certificates"]}
    if one.certificate in removed:
        raise error("OperationNotPermitted", "The default certificate cannot be removed")
    one.certificates = [arn for arn in one.certificates if arn not in removed]
    return {}


@override("elbv2", "CreateRule")
def create_rule(call, request):
    one = listener(call, request["ListenerArn"])
    _check_actions(call, request.get("Actions"), one.load_balancer_arn)
    _check_conditions(request.get("Conditions"))
    if any(str(known.priority) == str(request["Priority"]) for known in all_rules(one).values()):
        raise error("PriorityInUse", f"Priority '{request['Priority']}' is currently in use")
    created_arn = call()["Rules"][0]["RuleArn"]
    return {"Rules": [rule_item(rule(call, created_arn))]}


def _check_conditions(conditions) -> None:
    """Checks that a rule has at most five condition values.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
    """
    values = sum(
        len((condition.get(own) or {}).get("Values") or [])
        for condition in conditions or []
        for own in condition
        if own.endswith("Config")
    ) + sum(len(condition.get("Values") or []) for condition in conditions or [])
    if values > 5:
        raise error("InvalidConfigurationRequest", "A rule can have at most 5 condition values")


@override("elbv2", "ModifyRule")
def modify_rule(call, request):
    one = rule(call, request["RuleArn"])
    if one.is_default:
        raise error("OperationNotPermitted", f"Default rule '{one.arn}' cannot be modified")
    _check_actions(call, request.get("Actions"), listener(call, one.listener_arn).load_balancer_arn)
    _check_conditions(request.get("Conditions"))
    call()
    return {"Rules": [rule_item(one)]}


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteRule.html: The default rule cannot be
# deleted.
@override("elbv2", "DeleteRule")
def delete_rule(call, request):
    if rule(call, request["RuleArn"]).is_default:
        raise error("OperationNotPermitted", f"Default rule '{request['RuleArn']}' cannot be deleted")
    return call()


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html: All priorities are
# set at once, so rules may swap theirs. Rules that the request does not list keep their priorities, which cannot be
# assigned to others.
@override("elbv2", "SetRulePriorities")
def set_rule_priorities(call, request):
    wanted = {one["RuleArn"]: int(one["Priority"]) for one in request["RulePriorities"]}
    rules = {arn: rule(call, arn) for arn in wanted}
    if len(set(wanted.values())) < len(wanted):
        raise error("PriorityInUse", "A priority is given twice")
    for arn, one in rules.items():
        if one.is_default:
            raise error("OperationNotPermitted", f"Default rule '{arn}' cannot be given a priority")
        for other in all_rules(listener(call, one.listener_arn)).values():
            if other.arn not in wanted and str(other.priority) == str(wanted[arn]):
                raise error("PriorityInUse", f"Priority '{wanted[arn]}' is currently in use")
    for arn, one in rules.items():
        one.priority = wanted[arn]
    return {"Rules": [rule_item(one) for one in rules.values()]}
