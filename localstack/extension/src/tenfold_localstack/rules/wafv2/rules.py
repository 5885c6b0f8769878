"""Validation of rules, and their capacity."""

from . import invalid, ip_sets, not_found

# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
_GROUPS = {
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
}
_MAX_CAPACITY = 5000


def check(scope: tuple, rules: list[dict], bodies: dict) -> None:
    for member in ("Name", "Priority"):
        values = [rule[member] for rule in rules]
        if len(set(values)) < len(values):
            raise invalid(f"A {member.lower()} is used twice.", "RULE", str(values))
    for rule in rules:
        if ("Action" in rule) == ("OverrideAction" in rule):
            raise invalid("You have used none or multiple values for a field that requires exactly one.", "RULE_ACTION")
        grouped = "ManagedRuleGroupStatement" in rule["Statement"]
        if grouped != ("OverrideAction" in rule):
            raise invalid("A rule group has an override action, other rules have an action.", "RULE_ACTION")
        response = (rule.get("Action") or {}).get("Block", {}).get("CustomResponse") or {}
        key = response.get("CustomResponseBodyKey")
        if key and key not in bodies:
            raise invalid("The custom response body does not exist.", "CUSTOM_RESPONSE_BODY_KEY", key)
        _check(scope, rule["Statement"])
    if capacity(rules) > _MAX_CAPACITY:
        raise invalid("The rules take more capacity than there is.", "WCU", str(capacity(rules)))


def _check(scope: tuple, statement: dict) -> None:
    if len(statement) != 1:
        raise invalid(
            "You have used none or multiple values for a field that requires exactly one value.", "STATEMENT", ""
        )
    ((kind, body),) = statement.items()
    if kind == "IPSetReferenceStatement" and body["ARN"] not in ip_sets[scope]:
        raise not_found("The IP set does not exist.")
    if kind == "ManagedRuleGroupStatement" and body["VendorName"] == "AWS" and body["Name"] not in _GROUPS:
        raise not_found("The managed rule group does not exist.")
    # https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
    if kind == "RateBasedStatement":
        if not 10 <= body["Limit"] <= 2_000_000_000:
            raise invalid("Your statement has a limit out of range.", "RATE_LIMIT", str(body["Limit"]))
        if body.get("EvaluationWindowSec", 300) not in (60, 120, 300, 600):
            raise invalid("The window is not valid.", "EVALUATION_WINDOW_SEC", str(body["EvaluationWindowSec"]))
        if (body["AggregateKeyType"] == "CUSTOM_KEYS") != bool(body.get("CustomKeys")):
            raise invalid("Custom keys go with CUSTOM_KEYS.", "CUSTOM_KEYS", body["AggregateKeyType"])
    if kind in ("AndStatement", "OrStatement") and len(body["Statements"]) < 2:
        raise invalid("It needs two statements or more.", "STATEMENT", kind)
    for inner in _inner(body):
        _check(scope, inner)


def _inner(body: dict) -> list[dict]:
    one = [body[member] for member in ("Statement", "ScopeDownStatement") if body.get(member)]
    return one + list(body.get("Statements") or [])


def references(statement: dict) -> set[str]:
    """Returns the ARNs of the IP sets that a statement references."""
    ((kind, body),) = statement.items()
    found = {body["ARN"]} if kind == "IPSetReferenceStatement" else set()
    return found.union(*(references(inner) for inner in _inner(body)))


# https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html: The capacity units of each
# statement, plus 10 for each text transformation.
def capacity(rules: list[dict]) -> int:
    return sum(_capacity(rule["Statement"]) for rule in rules)


def _capacity(statement: dict) -> int:
    ((kind, body),) = statement.items()
    own = {"RateBasedStatement": 2, "RegexMatchStatement": 3, "ByteMatchStatement": 2}.get(kind, 1)
    if kind == "ManagedRuleGroupStatement":
        own = _GROUPS.get(body["Name"], 100)
    if kind == "ByteMatchStatement" and body["PositionalConstraint"].startswith("CONTAINS"):
        own = 10
    own += 30 * len(body.get("CustomKeys") or [])
    own += 10 * sum(one["Type"] != "NONE" for one in body.get("TextTransformations") or [])
    return own + sum(_capacity(inner) for inner in _inner(body))
