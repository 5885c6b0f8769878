//! A custom domain of an API, and its mapping to a stage,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html>.
#[cfg(feature = "aws")]
mod calls;

use super::rest_api::Endpoint;
use crate::resource::{Id, Outputs};
use crate::spec::{ChangeInterval, KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ApiDomain {
    pub domain_name: String,
    pub regional_certificate_arn: String,
    /// `TLS_1_2` or newer.
    pub security_policy: String,
    pub endpoint_configuration: Endpoint,
    /// Absent only from a live domain that has no mapping yet, which an update adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
    pub tags: Tags,
}

/// A mapping of all paths of the domain to one stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Mapping {
    pub rest_api_id: String,
    pub stage: String,
}

impl Spec for ApiDomain {
    const INFO: KindInfo = KindInfo {
        name: "api-domain",
        type_name: "AWS::ApiGateway::DomainName",
        name_property: "DomainName",
        create_only: &["DomainName"],
        replace: Replace::Successor,
        depends_on_kinds: &["rest-api"],
        // The listing, and the mappings of each domain.
        reads: Reads { fixed: 1, each: 1 },
        times: Times { create_s: 30, update_s: 30, delete_s: 5 },
        change_interval: ChangeInterval { create_ms: 30_000, ..ChangeInterval::NONE },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let mut domain = to_value(self).unwrap_or_default();
        if let Some(fields) = domain.as_object_mut() {
            fields.shift_remove("Mapping");
        }
        let mapping = |mapping: &Mapping| {
            let Mapping { rest_api_id, stage } = mapping;
            let properties = json!({
                "DomainName": self.domain_name, "RestApiId": rest_api_id, "Stage": stage,
            });
            ("AWS::ApiGateway::BasePathMapping", properties)
        };
        let domain = (Self::INFO.type_name, domain);
        std::iter::once(domain).chain(self.mapping.iter().map(mapping)).collect()
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let target =
            format!("{}.execute-api.{}.amazonaws.com", mint.id("target", "d"), mint.region);
        let target = mint.before.get("target").cloned().unwrap_or(target);
        // The hosted zone ID of API Gateway's regional endpoints in us-east-1, from the AWS General
        // Reference.
        outputs(&self.domain_name, target, "Z1UJRXOUMOOFQ8".into())
    }
}

/// An alias record to the domain refers to `target` and `zone_id`.
fn outputs(domain: &str, target: String, zone_id: String) -> Outputs {
    Outputs::from([
        ("domain_name".into(), domain.into()),
        ("target".into(), target),
        ("zone_id".into(), zone_id),
    ])
}
