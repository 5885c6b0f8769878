"""Validation of rules, and their capacity."""

from . import invalid, ip_sets, missing

# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
_GROUPS = {
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200,
}
_MOST = 5000


def check(kept: tuple, rules: list[dict], bodies: dict) -> None:
    for member in ("Name", "Priority"):
        values = [rule[member] for rule in rules]
        if len(set(values)) < len(values):
            raise invalid(f"A {member.lower()} stands twice.", "RULE", str(values))
    for rule in rules:
        if ("Action" in rule) == ("OverrideAction" in rule):
            raise invalid("You have used none or multiple values for a field that requires exactly one.", "RULE_ACTION")
        grouped = "ManagedRuleGroupStatement" in rule["Statement"]
        if grouped != ("OverrideAction" in rule):
            raise invalid("A rule group has an override action, other rules have an action.", "RULE_ACTION")
        response = (rule.get("Action") or {}).get("Block", {}).get("CustomResponse") or {}
        key = response.get("CustomResponseBodyKey")
        if key and key not in bodies:
            raise invalid("The custom response body is not there.", "CUSTOM_RESPONSE_BODY_KEY", key)
        _check(kept, rule["Statement"])
    if capacity(rules) > _MOST:
        raise invalid("The rules take more capacity than there is.", "WCU", str(capacity(rules)))


def _check(kept: tuple, statement: dict) -> None:
    if len(statement) != 1:
        raise invalid(
            "You have used none or multiple values for a field that requires exactly one value.", "STATEMENT", ""
        )
    ((sort, of),) = statement.items()
    if sort == "IPSetReferenceStatement" and of["ARN"] not in ip_sets[kept]:
        raise missing("The IP set is not there.")
    if sort == "ManagedRuleGroupStatement" and of["VendorName"] == "AWS" and of["Name"] not in _GROUPS:
        raise missing("The managed rule group is not there.")
    # https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
    if sort == "RateBasedStatement":
        if not 10 <= of["Limit"] <= 2_000_000_000:
            raise invalid("Your statement has a limit out of range.", "RATE_LIMIT", str(of["Limit"]))
        if of.get("EvaluationWindowSec", 300) not in (60, 120, 300, 600):
            raise invalid("The window is not valid.", "EVALUATION_WINDOW_SEC", str(of["EvaluationWindowSec"]))
        if (of["AggregateKeyType"] == "CUSTOM_KEYS") != bool(of.get("CustomKeys")):
            raise invalid("Custom keys go with CUSTOM_KEYS.", "CUSTOM_KEYS", of["AggregateKeyType"])
    if sort in ("AndStatement", "OrStatement") and len(of["Statements"]) < 2:
        raise invalid("It needs two statements or more.", "STATEMENT", sort)
    for inner in _inner(of):
        _check(kept, inner)


def _inner(of: dict) -> list[dict]:
    one = [of[member] for member in ("Statement", "ScopeDownStatement") if of.get(member)]
    return one + list(of.get("Statements") or [])


def references(statement: dict) -> set[str]:
    """Returns the ARNs of the IP sets that a statement references."""
    ((sort, of),) = statement.items()
    found = {of["ARN"]} if sort == "IPSetReferenceStatement" else set()
    return found.union(*(references(inner) for inner in _inner(of)))


# https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html: The capacity units of each
# statement, plus 10 for each text transformation.
def capacity(rules: list[dict]) -> int:
    return sum(_capacity(rule["Statement"]) for rule in rules)


def _capacity(statement: dict) -> int:
    ((sort, of),) = statement.items()
    own = {"RateBasedStatement": 2, "RegexMatchStatement": 3, "ByteMatchStatement": 2}.get(sort, 1)
    if sort == "ManagedRuleGroupStatement":
        own = _GROUPS.get(of["Name"], 100)
    if sort == "ByteMatchStatement" and of["PositionalConstraint"].startswith("CONTAINS"):
        own = 10
    own += 30 * len(of.get("CustomKeys") or [])
    own += 10 * sum(one["Type"] != "NONE" for one in of.get("TextTransformations") or [])
    return own + sum(_capacity(inner) for inner in _inner(of))
