//! A REST API: one OpenAPI document, deployed to one stage,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html>.
//!
//! The document is not read back: what AWS exports always differs from what was imported. Instead
//! the description of each deployment is the hash of its document, and the deployment that the
//! stage serves shows which document is live.
#[cfg(feature = "aws")]
mod calls;
mod document;

use crate::reference;
use crate::resource::{Id, Outputs};
use crate::spec::{ChangeInterval, KindInfo, Mint, Reads, Replace, Spec, Times, Waiver};
use crate::tags::{NAME, Tags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", try_from = "Written")]
pub struct RestApi {
    pub name: String,
    pub description: String,
    /// The OpenAPI document. AWS does not return it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The fingerprint of the document, computed from `body` if that is present.
    pub document: String,
    pub endpoint_configuration: Endpoint,
    /// `HEADER`: clients send their API key in `x-api-key`.
    pub api_key_source_type: String,
    pub disable_execute_api_endpoint: bool,
    pub stage_name: String,
    /// By path and method. Always contains one for all methods: path `/*`, method `*`.
    pub method_settings: Vec<MethodSetting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_log_setting: Option<AccessLog>,
    pub tracing_enabled: bool,
    pub tags: Tags,
}

/// A spec as it is deserialized: the document's fingerprint may be missing, or computed while
/// `body` contained references.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Written {
    name: String,
    description: String,
    body: Option<Value>,
    #[serde(default)]
    document: String,
    endpoint_configuration: Endpoint,
    api_key_source_type: String,
    disable_execute_api_endpoint: bool,
    stage_name: String,
    method_settings: Vec<MethodSetting>,
    access_log_setting: Option<AccessLog>,
    tracing_enabled: bool,
    tags: Tags,
}

impl TryFrom<Written> for RestApi {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let mut method_settings = written.method_settings;
        let relative = |setting: &&MethodSetting| !setting.resource_path.starts_with('/');
        if let Some(MethodSetting { resource_path, .. }) = method_settings.iter().find(relative) {
            return Err(format!("ResourcePath `{resource_path}` does not start with a slash"));
        }
        method_settings.sort_by_cached_key(MethodSetting::key);
        Ok(RestApi {
            document: written.body.as_ref().map_or(written.document, document::fingerprint),
            name: written.name,
            description: written.description,
            body: written.body,
            endpoint_configuration: written.endpoint_configuration,
            api_key_source_type: written.api_key_source_type,
            disable_execute_api_endpoint: written.disable_execute_api_endpoint,
            stage_name: written.stage_name,
            method_settings,
            access_log_setting: written.access_log_setting,
            tracing_enabled: written.tracing_enabled,
            tags: written.tags,
        })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Endpoint {
    /// `REGIONAL`.
    pub types: Vec<String>,
    /// `ipv4` or `dualstack`.
    pub ip_address_type: String,
}

impl Endpoint {
    pub fn regional() -> Self {
        Endpoint { types: vec!["REGIONAL".into()], ip_address_type: "ipv4".into() }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MethodSetting {
    /// A path with `~1` for each slash except the first, `/~1v1~1orders`; `/` for the root, `/*`
    /// for all paths.
    pub resource_path: String,
    /// `GET` and so on; `ANY` for methods without an operation of their own; `*` for all methods.
    pub http_method: String,
    /// Requests per second, of all clients together.
    pub throttling_rate_limit: f64,
    pub throttling_burst_limit: i32,
    pub metrics_enabled: bool,
    /// `OFF`, `ERROR` or `INFO`.
    pub logging_level: String,
    /// Whether the log contains whole requests and responses: only for debugging.
    pub data_trace_enabled: bool,
}

impl MethodSetting {
    /// The `ResourcePath` of a path, in CloudFormation's notation.
    pub fn path_of(path: &str) -> String {
        if path == "/" { path.into() } else { format!("/{}", path.replace('/', "~1")) }
    }

    /// The key of the setting in API Gateway's calls: `~1v1~1orders/POST`, `*/*`.
    fn key(&self) -> String {
        let path = match self.resource_path.strip_prefix('/') {
            None | Some("") => "~1",
            Some(path) => path,
        };
        format!("{path}/{}", self.http_method)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AccessLog {
    pub destination_arn: String,
    pub format: String,
}

impl Spec for RestApi {
    const INFO: KindInfo = KindInfo {
        name: "rest-api",
        type_name: "AWS::ApiGateway::RestApi",
        create_only: &["StageName"],
        // Names need not be unique.
        replace: Replace::Successor,
        directives: &["Body"],
        // The document refers to these, and it is not read back.
        depends_on_kinds: &["api-account", "vpc-link", "load-balancer"],
        // The listing; the stage of each API, and the stage's deployment.
        reads: Reads { fixed: 1, each: 2 },
        times: Times { create_s: 10, update_s: 6, delete_s: 2 },
        // For a create, AWS allows one CreateRestApi per 3 s and one CreateDeployment per 5 s.
        change_interval: ChangeInterval { create_ms: 5_000, update_ms: 5_000, delete_ms: 30_000 },
        waivers: &[
            Waiver {
                controls: &["CKV_AWS_120", "CKV_AWS_225", "APIGateway.5"],
                because: "responses are cached by CloudFront or by the service, not by API Gateway",
            },
            Waiver {
                controls: &["APIGateway.2", "CKV2_AWS_51"],
                because: "clients authenticate with API keys, not with certificates",
            },
        ],
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let name = self.tags.get(NAME).unwrap_or_default();
        let id = reference::to(Self::INFO.name, name, "id");
        let api = json!({
            "Name": self.name,
            "Description": self.description,
            "Body": self.body.clone().unwrap_or_else(|| json!({})),
            "EndpointConfiguration": self.endpoint_configuration,
            "ApiKeySourceType": self.api_key_source_type,
            "DisableExecuteApiEndpoint": self.disable_execute_api_endpoint,
            "Tags": self.tags,
        });
        let deployment = json!({ "RestApiId": id, "Description": self.document });
        let mut stage = json!({
            "RestApiId": id,
            "DeploymentId": reference::to(Self::INFO.name, name, "deployment"),
            "StageName": self.stage_name,
            "MethodSettings": self.method_settings,
            "TracingEnabled": self.tracing_enabled,
            "Tags": self.tags,
        });
        if let Some(log) = &self.access_log_setting {
            stage["AccessLogSetting"] = json!(log);
        }
        vec![
            (Self::INFO.type_name, api),
            ("AWS::ApiGateway::Deployment", deployment),
            ("AWS::ApiGateway::Stage", stage),
        ]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let id = mint.short("id", 10);
        let arn = format!("arn:aws:apigateway:{}::/restapis/{id}", mint.region);
        self.outputs_of(id, arn, mint.region)
    }
}

impl RestApi {
    fn outputs_of(&self, id: String, arn: String, region: &str) -> Outputs {
        let host = format!("{id}.execute-api.{region}.amazonaws.com");
        let stage = &self.stage_name;
        Outputs::from([
            ("name".into(), self.name.clone()),
            ("stage".into(), stage.clone()),
            ("stage_path".into(), format!("/{stage}")),
            ("stage_arn".into(), format!("{arn}/stages/{stage}")),
            ("invoke_url".into(), format!("https://{host}/{stage}")),
            ("invoke_host".into(), host),
            ("arn".into(), arn),
            ("id".into(), id),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(resource_path: String) -> MethodSetting {
        MethodSetting {
            resource_path,
            http_method: "GET".into(),
            throttling_rate_limit: 1.0,
            throttling_burst_limit: 1,
            metrics_enabled: false,
            logging_level: "OFF".into(),
            data_trace_enabled: false,
        }
    }

    #[test]
    fn formats_the_key_of_a_method_setting() {
        let key = |path: &str| setting(MethodSetting::path_of(path)).key();
        assert_eq!(key("/v1/{proxy+}"), "~1v1~1{proxy+}/GET");
        assert_eq!(key("/"), "~1/GET");
        assert_eq!(setting("/*".into()).key(), "*/GET");
    }

    #[test]
    fn rejects_a_resource_path_without_leading_slash() {
        let api = |paths: [&str; 2]| {
            serde_json::from_value::<RestApi>(json!({
                "Name": "shop-public",
                "Description": "",
                "EndpointConfiguration": Endpoint::regional(),
                "ApiKeySourceType": "HEADER",
                "DisableExecuteApiEndpoint": false,
                "StageName": "live",
                "MethodSettings": paths.map(|path| setting(path.into())),
                "TracingEnabled": false,
                "Tags": [],
            }))
        };
        assert!(api(["/*", "/"]).is_ok());
        for path in ["", "é", "v1"] {
            let problem = api(["/*", path]).unwrap_err().to_string();
            assert!(problem.contains("does not start with a slash"), "{problem}");
        }
    }
}
