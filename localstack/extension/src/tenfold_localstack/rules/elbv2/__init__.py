"""Elastic Load Balancing v2: application load balancers.

Rules follow https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/ and the shape documentation in
botocore's service model.
"""

from moto.elbv2.models import ELBv2Backend, elbv2_backends

from ...overrides import error


def backend(call) -> ELBv2Backend:
    return elbv2_backends[call.account][call.region]


def load_balancer(call, arn: str):
    found = backend(call).load_balancers.get(arn)
    if found is None:
        raise error("LoadBalancerNotFound", f"Load balancer '{arn}' not found")
    return found


def target_group(call, arn: str):
    found = backend(call).target_groups.get(arn)
    if found is None:
        raise error("TargetGroupNotFound", f"Target groups '{arn}' not found")
    return found


def listener(call, arn: str):
    for balancer in backend(call).load_balancers.values():
        if arn in balancer.listeners:
            return balancer.listeners[arn]
    raise error("ListenerNotFound", f"One or more listeners not found: {arn}")


def rule(call, arn: str):
    for balancer in backend(call).load_balancers.values():
        for one in balancer.listeners.values():
            if arn in all_rules(one):
                return all_rules(one)[arn]
    raise error("RuleNotFound", f"One or more rules not found: {arn}")


def all_rules(of_listener) -> dict:
    """Returns rules by ARN in order of priority, with the default rule last."""
    rules = sorted(of_listener._non_default_rules.values(), key=lambda one: int(one.priority))
    return {one.arn: one for one in [*rules, *of_listener._default_rule.values()]}


def forwards_to(actions) -> set[str]:
    """Returns the ARNs of the target groups that the actions reference."""
    arns = set()
    for action in actions or []:
        data = getattr(action, "data", action)
        arns.add(data.get("TargetGroupArn"))
        arns.update(one.get("TargetGroupArn") for one in (data.get("ForwardConfig") or {}).get("TargetGroups") or [])
    return arns - {None}


def balancers_of(call, target_group_arn: str) -> list[str]:
    return [
        balancer.arn
        for balancer in backend(call).load_balancers.values()
        if any(
            target_group_arn in forwards_to(one.actions)
            for one_listener in balancer.listeners.values()
            for one in all_rules(one_listener).values()
        )
    ]
