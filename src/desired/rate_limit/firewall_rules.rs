//! The rules of a firewall, in the order in which WAF evaluates them.
use crate::blueprint::rate_limit::firewall::{Countries, Firewall, Limit, Mode, Per};
use crate::desired::build::Build;
use crate::kinds::waf::ip_set::IpSet;
use crate::kinds::waf::web_acl::{
    Action, Block, ByteMatch, CustomKey, CustomResponse, Empty, Field, GeoMatch, Header,
    IpSetReference, ManagedRuleGroup, Not, OverrideAction, RateBased, RateHeader, RegexMatch, Rule,
    RuleActionOverride, SingleHeader, Statement, Statements, Transformation, Visibility,
};
use crate::names::ORIGIN_HEADER;
use ipnet::IpNet;

/// The limit of WAF for names.
pub const NAME: usize = 128;
/// The key of the response body for status 429.
pub const TOO_MANY: &str = "too-many-requests";
/// WAF decodes and normalizes a path as a server does, so that no other spelling of it bypasses a
/// rule.
const NORMALIZED: &[&str] = &["URL_DECODE", "NORMALIZE_PATH"];
const UNCHANGED: &[&str] = &["NONE"];

/// All rules: allowed and denied addresses and countries, known attackers, rate limits, and
/// requests that look like attacks.
pub fn all(
    build: &mut Build,
    component: &str,
    name: &str,
    firewall: &Firewall,
    scope: &str,
) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (what, blocks, action) in [
        ("allow", &firewall.allow, Action::Allow(Empty {})),
        ("deny", &firewall.deny, Action::Block(Block::default())),
    ] {
        for statement in sets(build, component, &format!("{name}-{what}"), blocks, scope) {
            rules.push((format!("{what}-{}", statement.0), statement.1, action.clone()));
        }
    }
    rules.extend(firewall.countries.as_ref().map(countries));
    let mut all: Vec<Rule> =
        rules.into_iter().map(|(name, statement, action)| rule(&name, statement, action)).collect();
    let managed = &firewall.managed;
    all.extend(group(
        "ip-reputation",
        "AWSManagedRulesAmazonIpReputationList",
        managed.ip_reputation,
    ));
    all.extend(firewall.limits.iter().map(|(name, wanted)| limit(name, wanted)));
    all.extend(group("common", "AWSManagedRulesCommonRuleSet", managed.common));
    all.extend(group("bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet", managed.bad_inputs));
    all.iter_mut().zip(0..).for_each(|(rule, priority)| rule.priority = priority);
    all
}

/// Allows requests with the secret that a distribution sends.
pub fn from_cdn(cdn: &str, priority: i32, secret: String) -> Rule {
    // WAF writes the names of headers in lower case.
    let name = ORIGIN_HEADER.to_ascii_lowercase();
    let statement = Statement::ByteMatch(ByteMatch {
        search_string: secret,
        field_to_match: Field::SingleHeader(SingleHeader { name }),
        text_transformations: Transformation::all(UNCHANGED),
        positional_constraint: "EXACTLY".into(),
    });
    Rule { priority, ..rule(&format!("from-{cdn}"), statement, Action::Allow(Empty {})) }
}

fn rule(name: &str, statement: Statement, action: Action) -> Rule {
    Rule {
        name: name.into(),
        priority: 0,
        statement,
        action: Some(action),
        override_action: None,
        visibility_config: Visibility::full(name),
    }
}

/// Adds an IP set for each IP version in `blocks`; returns the statements that refer to the sets.
fn sets(
    build: &mut Build,
    component: &str,
    name: &str,
    blocks: &[IpNet],
    scope: &str,
) -> Vec<(&'static str, Statement)> {
    let mut found = Vec::new();
    for (suffix, version, is_v4) in [("ipv4", "IPV4", true), ("ipv6", "IPV6", false)] {
        let own = blocks.iter().filter(|block| block.addr().is_ipv4() == is_v4);
        let addresses: std::collections::BTreeSet<String> = own.map(IpNet::to_string).collect();
        if addresses.is_empty() {
            continue;
        }
        let own = format!("{name}-{suffix}");
        let spec = IpSet {
            name: build.name(&own, NAME),
            scope: scope.into(),
            ip_address_version: version.into(),
            addresses,
            tags: build.tags(component, &own),
        };
        let arn = build.add(component, &own, &spec).output("arn");
        found.push((suffix, Statement::IpSetReference(IpSetReference { arn })));
    }
    found
}

fn countries(wanted: &Countries) -> (String, Statement, Action) {
    let statement = match wanted {
        Countries::Deny(codes) => Statement::GeoMatch(GeoMatch { country_codes: codes.clone() }),
        Countries::Allow(codes) => {
            let statement = Statement::GeoMatch(GeoMatch { country_codes: codes.clone() });
            Statement::Not(Box::new(Not { statement }))
        }
    };
    ("countries".into(), statement, Action::Block(Block::default()))
}

/// A group of rules that AWS maintains,
/// <https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html>. In the
/// common group the rule on the size of bodies only counts: an API accepts larger bodies than a
/// form.
fn group(name: &str, group: &str, mode: Mode) -> Option<Rule> {
    let override_action = match mode {
        Mode::Off => return None,
        Mode::Block => OverrideAction::None(Empty {}),
        Mode::Count => OverrideAction::Count(Empty {}),
    };
    let body = RuleActionOverride {
        name: "SizeRestrictions_BODY".into(),
        action_to_use: Action::Count(Empty {}),
    };
    let statement = Statement::ManagedRuleGroup(ManagedRuleGroup {
        vendor_name: "AWS".into(),
        name: group.into(),
        rule_action_overrides: if name == "common" { vec![body] } else { Vec::new() },
    });
    Some(Rule {
        action: None,
        override_action: Some(override_action),
        ..rule(name, statement, Action::Count(Empty {}))
    })
}

/// Responds with 429 to clients above the limit, with the time after which they may retry.
fn limit(name: &str, wanted: &Limit) -> Rule {
    let keys = match &wanted.per {
        Per::Ip => Vec::new(),
        Per::Header(name) => vec![CustomKey::Header(RateHeader {
            name: name.clone(),
            text_transformations: Transformation::all(UNCHANGED),
        })],
    };
    let statement = Statement::RateBased(RateBased {
        limit: wanted.count.into(),
        evaluation_window_sec: wanted.window_s.into(),
        aggregate_key_type: if keys.is_empty() { "IP" } else { "CUSTOM_KEYS" }.into(),
        custom_keys: keys,
        scope_down_statement: scope(wanted).map(Box::new),
    });
    let retry = Header { name: "Retry-After".into(), value: wanted.window_s.to_string() };
    let response = CustomResponse {
        response_code: 429,
        custom_response_body_key: Some(TOO_MANY.into()),
        response_headers: vec![retry],
    };
    let action = match wanted.action {
        Mode::Block => Action::Block(Block { custom_response: Some(response) }),
        _ => Action::Count(Empty {}),
    };
    rule(name, statement, action)
}

/// Which requests a limit counts: those that match one of its paths and one of its methods.
fn scope(wanted: &Limit) -> Option<Statement> {
    let paths = wanted.paths.iter().filter(|path| *path != "/*").map(|path| path_is(path));
    let everywhere = wanted.paths.iter().any(|path| path == "/*");
    let paths = if everywhere { Vec::new() } else { paths.collect() };
    let methods = wanted.methods.iter().map(|method| method_is(method)).collect();
    let mut parts: Vec<Statement> = [any(paths), any(methods)].into_iter().flatten().collect();
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Statement::And(Statements { statements: parts })),
    }
}

fn any(mut statements: Vec<Statement>) -> Option<Statement> {
    match statements.len() {
        0 | 1 => statements.pop(),
        _ => Some(Statement::Or(Statements { statements })),
    }
}

fn method_is(method: &str) -> Statement {
    Statement::ByteMatch(ByteMatch {
        search_string: method.into(),
        field_to_match: Field::Method(Empty {}),
        text_transformations: Transformation::all(UNCHANGED),
        positional_constraint: "EXACTLY".into(),
    })
}

/// Matches a path exactly, by its prefix, or, with a wildcard inside, by a regular expression.
fn path_is(path: &str) -> Statement {
    let text_transformations = Transformation::all(NORMALIZED);
    let field_to_match = Field::UriPath(Empty {});
    let beginning = path.strip_suffix('*').unwrap_or(path);
    if beginning.contains(['*', '?']) {
        let regex_string = expression(path);
        return Statement::RegexMatch(RegexMatch {
            regex_string,
            field_to_match,
            text_transformations,
        });
    }
    Statement::ByteMatch(ByteMatch {
        search_string: crate::reference::literal(beginning),
        field_to_match,
        text_transformations,
        positional_constraint: if beginning == path { "EXACTLY" } else { "STARTS_WITH" }.into(),
    })
}

/// A pattern with `*` and `?` as a regular expression.
fn expression(pattern: &str) -> String {
    let mut expression = String::from("^");
    for one in pattern.chars() {
        match one {
            '*' => expression.push_str(".*"),
            '?' => expression.push('.'),
            one if one.is_ascii_alphanumeric() || "/_-~".contains(one) => expression.push(one),
            one => expression.extend(['\\', one]),
        }
    }
    expression.push('$');
    crate::reference::literal(&expression)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, to_value};

    #[test]
    fn paths_use_the_cheapest_statement() {
        let of = |path: &str| {
            let found = to_value(path_is(path)).unwrap();
            let (name, found) = found.as_object().unwrap().iter().next().unwrap();
            let text = found.get("SearchString").or(found.get("RegexString"));
            json!([name, text, found.get("PositionalConstraint")])
        };
        let exact = json!(["ByteMatchStatement", "/v1/sessions", "EXACTLY"]);
        assert_eq!(of("/v1/sessions"), exact);
        assert_eq!(of("/v1/*"), json!(["ByteMatchStatement", "/v1/", "STARTS_WITH"]));
        let expression = json!(["RegexMatchStatement", r"^/v1/.*/a\.b$", null]);
        assert_eq!(of("/v1/*/a.b"), expression);
    }
}
