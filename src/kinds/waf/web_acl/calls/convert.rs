//! Conversions between the spec and the SDK's types.
use crate::error::Result;
use crate::kinds::waf::calls::built;
use crate::kinds::waf::web_acl::{
    Action, Block, Body, ByteMatch, CustomKey, CustomResponse, Empty, Field, GeoMatch, Header,
    IpSetReference, ManagedRuleGroup, Not, OverrideAction, RateBased, RateHeader, RegexMatch, Rule,
    RuleActionOverride, SingleHeader, Statement, Statements, Transformation, Visibility,
};
use aws_sdk_wafv2::primitives::Blob;
use aws_sdk_wafv2::types;
use std::collections::{BTreeMap, HashMap};

pub fn rule(rule: &Rule) -> Result<types::Rule> {
    built(
        types::Rule::builder()
            .name(&rule.name)
            .priority(rule.priority)
            .statement(statement(&rule.statement)?)
            .set_action(rule.action.as_ref().map(action).transpose()?)
            .set_override_action(rule.override_action.as_ref().map(override_action))
            .visibility_config(visibility(&rule.visibility_config)?)
            .build(),
    )
}

fn action(action: &Action) -> Result<types::RuleAction> {
    let to = types::RuleAction::builder();
    Ok(match action {
        Action::Allow(_) => to.allow(types::AllowAction::builder().build()),
        Action::Count(_) => to.count(types::CountAction::builder().build()),
        Action::Block(block) => to.block(block_action(block)?),
    }
    .build())
}

fn block_action(block: &Block) -> Result<types::BlockAction> {
    let Some(response) = &block.custom_response else {
        return Ok(types::BlockAction::builder().build());
    };
    let header = |header: &Header| {
        let to = types::CustomHttpHeader::builder().name(&header.name).value(&header.value);
        built(to.build())
    };
    let headers: Vec<_> = response.response_headers.iter().map(header).collect::<Result<_>>()?;
    let response = types::CustomResponse::builder()
        .response_code(response.response_code)
        .set_custom_response_body_key(response.custom_response_body_key.clone())
        .set_response_headers(Some(headers).filter(|headers| !headers.is_empty()));
    Ok(types::BlockAction::builder().custom_response(built(response.build())?).build())
}

fn override_action(action: &OverrideAction) -> types::OverrideAction {
    let to = types::OverrideAction::builder();
    match action {
        OverrideAction::None(_) => to.none(types::NoneAction::builder().build()).build(),
        OverrideAction::Count(_) => to.count(types::CountAction::builder().build()).build(),
    }
}

pub fn default_action(action: &Action) -> types::DefaultAction {
    let to = types::DefaultAction::builder();
    match action {
        Action::Block(_) => to.block(types::BlockAction::builder().build()).build(),
        _ => to.allow(types::AllowAction::builder().build()).build(),
    }
}

pub fn visibility(visibility: &Visibility) -> Result<types::VisibilityConfig> {
    built(
        types::VisibilityConfig::builder()
            .sampled_requests_enabled(visibility.sampled_requests_enabled)
            .cloud_watch_metrics_enabled(visibility.cloud_watch_metrics_enabled)
            .metric_name(&visibility.metric_name)
            .build(),
    )
}

pub fn bodies(
    bodies: &BTreeMap<String, Body>,
) -> Result<HashMap<String, types::CustomResponseBody>> {
    let body = |(key, body): (&String, &Body)| {
        let to = types::CustomResponseBody::builder().content(&body.content);
        Ok((key.clone(), built(to.content_type(body.content_type.as_str().into()).build())?))
    };
    bodies.iter().map(body).collect()
}

fn statement(from: &Statement) -> Result<types::Statement> {
    let to = types::Statement::builder();
    Ok(match from {
        Statement::RateBased(rate) => to.rate_based_statement(rate_based(rate)?),
        Statement::ManagedRuleGroup(group) => to.managed_rule_group_statement(managed(group)?),
        Statement::IpSetReference(set) => {
            let set = types::IpSetReferenceStatement::builder().arn(&set.arn);
            to.ip_set_reference_statement(built(set.build())?)
        }
        Statement::GeoMatch(geo) => {
            let codes = geo.country_codes.iter().map(|code| code.as_str().into()).collect();
            let geo = types::GeoMatchStatement::builder().set_country_codes(Some(codes));
            to.geo_match_statement(geo.build())
        }
        Statement::ByteMatch(found) => {
            let found = types::ByteMatchStatement::builder()
                .search_string(Blob::new(found.search_string.as_bytes()))
                .field_to_match(field(&found.field_to_match)?)
                .set_text_transformations(Some(transformations(&found.text_transformations)?))
                .positional_constraint(found.positional_constraint.as_str().into());
            to.byte_match_statement(built(found.build())?)
        }
        Statement::RegexMatch(found) => {
            let found = types::RegexMatchStatement::builder()
                .regex_string(&found.regex_string)
                .field_to_match(field(&found.field_to_match)?)
                .set_text_transformations(Some(transformations(&found.text_transformations)?));
            to.regex_match_statement(built(found.build())?)
        }
        Statement::And(all) => {
            let all = types::AndStatement::builder().set_statements(Some(statements(all)?));
            to.and_statement(built(all.build())?)
        }
        Statement::Or(all) => {
            let all = types::OrStatement::builder().set_statements(Some(statements(all)?));
            to.or_statement(built(all.build())?)
        }
        Statement::Not(not) => {
            let not = types::NotStatement::builder().statement(statement(&not.statement)?);
            to.not_statement(not.build())
        }
        Statement::Other(_) => to,
    }
    .build())
}

fn statements(all: &Statements) -> Result<Vec<types::Statement>> {
    all.statements.iter().map(statement).collect()
}

fn rate_based(rate: &RateBased) -> Result<types::RateBasedStatement> {
    let key = |key: &CustomKey| {
        let to = types::RateBasedStatementCustomKey::builder();
        Ok(match key {
            CustomKey::Header(header) => {
                let header = types::RateLimitHeader::builder()
                    .name(&header.name)
                    .set_text_transformations(Some(transformations(&header.text_transformations)?));
                to.header(built(header.build())?)
            }
            CustomKey::Other(_) => to,
        }
        .build())
    };
    let keys: Vec<_> = rate.custom_keys.iter().map(key).collect::<Result<_>>()?;
    let scope = rate.scope_down_statement.as_deref().map(statement).transpose()?;
    built(
        types::RateBasedStatement::builder()
            .limit(rate.limit)
            .evaluation_window_sec(rate.evaluation_window_sec)
            .aggregate_key_type(rate.aggregate_key_type.as_str().into())
            .set_custom_keys(Some(keys).filter(|keys| !keys.is_empty()))
            .set_scope_down_statement(scope.map(Box::new))
            .build(),
    )
}

fn managed(group: &ManagedRuleGroup) -> Result<types::ManagedRuleGroupStatement> {
    let other = |other: &RuleActionOverride| {
        let to = types::RuleActionOverride::builder().name(&other.name);
        built(to.action_to_use(action(&other.action_to_use)?).build())
    };
    let overrides: Vec<_> = group.rule_action_overrides.iter().map(other).collect::<Result<_>>()?;
    built(
        types::ManagedRuleGroupStatement::builder()
            .vendor_name(&group.vendor_name)
            .name(&group.name)
            .set_rule_action_overrides(Some(overrides).filter(|all| !all.is_empty()))
            .build(),
    )
}

pub fn field(field: &Field) -> Result<types::FieldToMatch> {
    let to = types::FieldToMatch::builder();
    Ok(match field {
        Field::SingleHeader(header) => {
            let header = types::SingleHeader::builder().name(&header.name);
            to.single_header(built(header.build())?)
        }
        Field::UriPath(_) => to.uri_path(types::UriPath::builder().build()),
        Field::Method(_) => to.method(types::Method::builder().build()),
        Field::Other(_) => to,
    }
    .build())
}

fn transformations(all: &[Transformation]) -> Result<Vec<types::TextTransformation>> {
    let one = |one: &Transformation| {
        let to = types::TextTransformation::builder().priority(one.priority);
        built(to.r#type(one.kind.as_str().into()).build())
    };
    all.iter().map(one).collect()
}

pub fn read_rule(rule: types::Rule) -> Rule {
    let override_action = rule.override_action.map(|action| match action.count {
        Some(_) => OverrideAction::Count(Empty {}),
        None => OverrideAction::None(Empty {}),
    });
    Rule {
        name: rule.name,
        priority: rule.priority,
        statement: read_statement(rule.statement),
        action: rule.action.map(read_action),
        override_action,
        visibility_config: read_visibility(rule.visibility_config),
    }
}

fn read_action(action: types::RuleAction) -> Action {
    match (action.block, action.count) {
        (Some(block), _) => {
            let custom_response = block.custom_response.map(read_response);
            Action::Block(Block { custom_response })
        }
        (None, Some(_)) => Action::Count(Empty {}),
        _ => Action::Allow(Empty {}),
    }
}

fn read_response(response: types::CustomResponse) -> CustomResponse {
    let headers = response.response_headers.unwrap_or_default().into_iter();
    CustomResponse {
        response_code: response.response_code,
        custom_response_body_key: response.custom_response_body_key,
        response_headers: headers.map(|h| Header { name: h.name, value: h.value }).collect(),
    }
}

pub fn read_default(action: Option<types::DefaultAction>) -> Action {
    match action.and_then(|action| action.block) {
        Some(_) => Action::Block(Block::default()),
        None => Action::Allow(Empty {}),
    }
}

pub fn read_visibility(visibility: Option<types::VisibilityConfig>) -> Visibility {
    Visibility {
        sampled_requests_enabled: visibility.as_ref().is_some_and(|v| v.sampled_requests_enabled),
        cloud_watch_metrics_enabled: visibility
            .as_ref()
            .is_some_and(|v| v.cloud_watch_metrics_enabled),
        metric_name: visibility.map(|v| v.metric_name).unwrap_or_default(),
    }
}

pub fn read_bodies(
    bodies: Option<HashMap<String, types::CustomResponseBody>>,
) -> BTreeMap<String, Body> {
    let body = |(key, body): (String, types::CustomResponseBody)| {
        let content_type = body.content_type.as_str().to_string();
        (key, Body { content_type, content: body.content })
    };
    bodies.unwrap_or_default().into_iter().map(body).collect()
}

fn read_statement(from: Option<types::Statement>) -> Statement {
    let other = Statement::Other(Empty {});
    let Some(from) = from else { return other };
    if let Some(rate) = from.rate_based_statement {
        return Statement::RateBased(read_rate(rate));
    }
    if let Some(group) = from.managed_rule_group_statement {
        return Statement::ManagedRuleGroup(read_managed(group));
    }
    if let Some(set) = from.ip_set_reference_statement {
        return Statement::IpSetReference(IpSetReference { arn: set.arn });
    }
    if let Some(geo) = from.geo_match_statement {
        let codes = geo.country_codes.unwrap_or_default();
        let country_codes = codes.iter().map(|code| code.as_str().to_string()).collect();
        return Statement::GeoMatch(GeoMatch { country_codes });
    }
    if let Some(found) = from.byte_match_statement {
        return Statement::ByteMatch(ByteMatch {
            search_string: String::from_utf8_lossy(found.search_string.as_ref()).into_owned(),
            field_to_match: read_field(found.field_to_match),
            text_transformations: read_transformations(found.text_transformations),
            positional_constraint: found.positional_constraint.as_str().to_string(),
        });
    }
    if let Some(found) = from.regex_match_statement {
        return Statement::RegexMatch(RegexMatch {
            regex_string: found.regex_string,
            field_to_match: read_field(found.field_to_match),
            text_transformations: read_transformations(found.text_transformations),
        });
    }
    if let Some(all) = from.and_statement {
        return Statement::And(read_statements(all.statements));
    }
    if let Some(all) = from.or_statement {
        return Statement::Or(read_statements(all.statements));
    }
    match from.not_statement {
        Some(not) => {
            let statement = read_statement(not.statement.map(|statement| *statement));
            Statement::Not(Box::new(Not { statement }))
        }
        None => other,
    }
}

fn read_statements(all: Vec<types::Statement>) -> Statements {
    Statements { statements: all.into_iter().map(|one| read_statement(Some(one))).collect() }
}

fn read_rate(rate: types::RateBasedStatement) -> RateBased {
    let key = |key: types::RateBasedStatementCustomKey| match key.header {
        Some(header) => CustomKey::Header(RateHeader {
            name: header.name,
            text_transformations: read_transformations(header.text_transformations),
        }),
        None => CustomKey::Other(Empty {}),
    };
    let scope = rate.scope_down_statement;
    RateBased {
        limit: rate.limit,
        evaluation_window_sec: rate.evaluation_window_sec,
        aggregate_key_type: rate.aggregate_key_type.as_str().to_string(),
        custom_keys: rate.custom_keys.unwrap_or_default().into_iter().map(key).collect(),
        scope_down_statement: scope.map(|scope| Box::new(read_statement(Some(*scope)))),
    }
}

fn read_managed(group: types::ManagedRuleGroupStatement) -> ManagedRuleGroup {
    let other = |other: types::RuleActionOverride| RuleActionOverride {
        name: other.name,
        action_to_use: other.action_to_use.map_or(Action::Allow(Empty {}), read_action),
    };
    let overrides = group.rule_action_overrides.unwrap_or_default();
    ManagedRuleGroup {
        vendor_name: group.vendor_name,
        name: group.name,
        rule_action_overrides: overrides.into_iter().map(other).collect(),
    }
}

pub fn read_field(field: Option<types::FieldToMatch>) -> Field {
    let Some(field) = field else { return Field::Other(Empty {}) };
    match (field.single_header, field.uri_path, field.method) {
        (Some(header), _, _) => {
            Field::SingleHeader(SingleHeader { name: header.name.to_ascii_lowercase() })
        }
        (_, Some(_), _) => Field::UriPath(Empty {}),
        (_, _, Some(_)) => Field::Method(Empty {}),
        _ => Field::Other(Empty {}),
    }
}

fn read_transformations(all: Vec<types::TextTransformation>) -> Vec<Transformation> {
    let one = |one: types::TextTransformation| Transformation {
        priority: one.priority,
        kind: one.r#type.as_str().to_string(),
    };
    all.into_iter().map(one).collect()
}
