//! The OpenAPI document of an API: the operations, their integrations with the backend, and the
//! responses to refused requests.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html>
use super::parts::Parts;
use crate::blueprint::rate_limit::Backend;
use crate::blueprint::rate_limit::operation::{ANY, ANY_KEY, Operation};
use crate::desired::build::{Build, Handle};
use crate::kinds::elb::load_balancer::LoadBalancer;
use crate::reference::{escaped, literal};
use serde_json::{Map, Value, json};

const INTEGRATION: &str = "x-amazon-apigateway-integration";
const RESPONSES: &str = "x-amazon-apigateway-gateway-responses";
/// The security scheme that requires a key.
const KEY: &str = "api_key";

pub fn document(
    build: &Build,
    parts: &Parts,
    title: &str,
    description: &str,
    link: Option<&Handle>,
) -> Value {
    let given = parts.wanted.openapi.clone().map(|given| escaped(&Value::Object(given)));
    let given = given.as_ref().and_then(Value::as_object);
    let mut document = given.cloned().unwrap_or_default();
    document.entry("openapi").or_insert_with(|| json!("3.0.1"));
    let info = object(&mut document, "info");
    info.entry("version").or_insert_with(|| json!("1"));
    // API Gateway takes name and description of an imported API from these.
    info.insert("title".into(), json!(title));
    info.insert("description".into(), json!(description));
    let backend = Integration { base: base(build, parts), parts, link };
    let paths = paths(given, &backend);
    document.insert("paths".into(), Value::Object(paths));
    let schemes = object(object(&mut document, "components"), "securitySchemes");
    schemes.insert(KEY.into(), json!({ "type": "apiKey", "name": "x-api-key", "in": "header" }));
    let responses = object(&mut document, RESPONSES);
    for (name, response) in gateway_responses() {
        responses.entry(name).or_insert(response);
    }
    // Bodies pass unchanged, whatever their media type.
    document.insert("x-amazon-apigateway-binary-media-types".into(), json!(["*/*"]));
    Value::Object(document)
}

fn object<'a>(of: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let entry = of.entry(key).or_insert_with(|| json!({}));
    if !entry.is_object() {
        *entry = json!({});
    }
    match entry {
        Value::Object(fields) => fields,
        _ => unreachable!("the entry is an object"),
    }
}

/// How operations reach the backend.
struct Integration<'a> {
    /// The URL that paths are appended to.
    base: String,
    parts: &'a Parts<'a>,
    link: Option<&'a Handle>,
}

/// A load balancer with TLS is called by its own domain, which its certificate covers.
fn base(build: &Build, parts: &Parts) -> String {
    match &parts.wanted.backend {
        Some(Backend::Url(url)) => literal(url),
        Some(Backend::LoadBalancer(name)) => {
            let balancer = build.blueprint.load_balancers.get(name);
            let domain = balancer.filter(|of| of.is_tls()).and_then(|of| of.domain.as_deref());
            match domain {
                Some(domain) => format!("https://{domain}"),
                None => format!("http://{}", Handle::of::<LoadBalancer>(name).output("dns_name")),
            }
        }
        None => String::new(),
    }
}

/// Each path with its operations. The result keeps what the user's document says about them, and
/// omits operations that no route allows.
fn paths(given: Option<&Map<String, Value>>, backend: &Integration) -> Map<String, Value> {
    let described = given.and_then(|given| given.get("paths")?.as_object());
    let mut paths = Map::new();
    for operation in backend.parts.wanted.operations() {
        let given = described.and_then(|paths| paths.get(&operation.path)?.as_object());
        let item = object(&mut paths, &operation.path);
        let shared = given.into_iter().flatten().filter(|(key, _)| !is_method(key));
        shared.for_each(|(key, value)| {
            item.entry(key.as_str()).or_insert_with(|| value.clone());
        });
        let key = match operation.method.as_str() {
            ANY => ANY_KEY.to_string(),
            method => method.to_lowercase(),
        };
        let of_path = item.get("parameters").and_then(Value::as_array).cloned();
        let own = given.and_then(|given| given.get(&key)?.as_object()).cloned();
        let made = backend.operation(&operation, own.unwrap_or_default(), of_path.as_deref());
        item.insert(key, Value::Object(made));
    }
    paths
}

fn is_method(key: &str) -> bool {
    matches!(key, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace")
        || key == ANY_KEY
}

impl Integration<'_> {
    fn operation(
        &self,
        operation: &Operation,
        mut made: Map<String, Value>,
        of_path: Option<&[Value]>,
    ) -> Map<String, Value> {
        let names = variables(&operation.path);
        let mut parameters =
            made.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        for name in &names {
            let is_it = |one: &Value| one["name"] == *name && one["in"] == "path";
            if !parameters.iter().chain(of_path.unwrap_or_default()).any(is_it) {
                let schema = json!({ "type": "string" });
                parameters.push(
                    json!({ "name": name, "in": "path", "required": true, "schema": schema }),
                );
            }
        }
        if !parameters.is_empty() {
            made.insert("parameters".into(), Value::Array(parameters));
        }
        if operation.route.key {
            made.insert("security".into(), json!([{ KEY: [] }]));
        }
        if !made.contains_key(INTEGRATION) {
            made.insert(INTEGRATION.into(), self.to(operation, &names));
        }
        made
    }

    /// The integration of an operation. Its URI contains the path: without one, a private
    /// integration would prefix the path with the name of the stage.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html>
    fn to(&self, operation: &Operation, variables: &[String]) -> Value {
        let path = literal(&operation.path.replace("+}", "}"));
        let mapped = variables.iter().map(|name| {
            let to = format!("integration.request.path.{name}");
            (to, json!(format!("method.request.path.{name}")))
        });
        let mut integration = json!({
            "type": "http_proxy",
            "httpMethod": operation.method,
            "uri": format!("{}{path}", self.base),
            "passthroughBehavior": "when_no_match",
            "timeoutInMillis": self.parts.wanted.timeout_s * 1000,
            "requestParameters": mapped.collect::<Map<_, _>>(),
        });
        match (self.link, self.parts.wanted.load_balancer()) {
            (Some(link), Some(balancer)) => {
                integration["connectionType"] = json!("VPC_LINK");
                integration["connectionId"] = json!(link.output("id"));
                let target = Handle::of::<LoadBalancer>(balancer).output("arn");
                integration["integrationTarget"] = json!(target);
            }
            _ => integration["connectionType"] = json!("INTERNET"),
        }
        integration
    }
}

/// The names in braces: `proxy` of `/v1/{proxy+}`.
fn variables(path: &str) -> Vec<String> {
    let inner = |segment: &str| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        Some(name.trim_end_matches('+').to_string())
    };
    path.split('/').filter_map(inner).collect()
}

/// The responses of API Gateway itself.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html>
fn gateway_responses() -> [(&'static str, Value); 3] {
    let retry = |after_s: u32| {
        let body = r#"{"message":$context.error.messageString}"#;
        json!({
            "statusCode": "429",
            "responseParameters": { "gatewayresponse.header.Retry-After": format!("'{after_s}'") },
            "responseTemplates": { "application/json": body },
        })
    };
    let not_found = json!({
        "statusCode": "404",
        "responseTemplates": { "application/json": r#"{"message":"Not found"}"# },
    });
    [
        ("THROTTLED", retry(1)),
        ("QUOTA_EXCEEDED", retry(3600)),
        // The request matches no route; by default API Gateway responds with 403.
        ("MISSING_AUTHENTICATION_TOKEN", not_found),
    ]
}
