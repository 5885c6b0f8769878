//! A port and protocol on which a load balancer listens,
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html>.
mod action;
#[cfg(feature = "aws")]
pub(super) mod calls;

pub use action::{Action, FixedResponse, Forward, GroupStickiness, Redirect, WeightedGroup};

use crate::reference;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec, Times};
use crate::tags::{NAME, Tags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Listener {
    pub load_balancer_arn: String,
    pub port: i32,
    pub protocol: String,
    /// The allowed TLS versions and ciphers. Absent without TLS, as are certificates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssl_policy: Option<String>,
    #[serde(default, skip_serializing_if = "Certificates::is_empty")]
    pub certificates: Certificates,
    /// The actions for a request that no rule matches.
    pub default_actions: Vec<Action>,
    /// CloudFormation cannot tag a listener; the API can.
    pub tags: Tags,
}

/// The default certificate, which clients receive that send no host name or an unknown one, and the
/// certificates of further hosts. The list contains the default one first, then the others in
/// order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Vec<Certificate>", from = "Vec<Certificate>")]
pub struct Certificates {
    pub default: Option<String>,
    pub others: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Certificate {
    pub certificate_arn: String,
}

impl Certificates {
    /// Leaves the default certificate out of the others: AWS lists it there too once it was added.
    pub fn new(default: Option<String>, others: impl IntoIterator<Item = String>) -> Self {
        let others = others.into_iter().filter(|arn| default.as_ref() != Some(arn)).collect();
        Certificates { default, others }
    }

    fn is_empty(&self) -> bool {
        self.default.is_none() && self.others.is_empty()
    }
}

impl From<Vec<Certificate>> for Certificates {
    fn from(list: Vec<Certificate>) -> Self {
        let mut arns = list.into_iter().map(|certificate| certificate.certificate_arn);
        Certificates::new(arns.next(), arns)
    }
}

impl From<Certificates> for Vec<Certificate> {
    fn from(certificates: Certificates) -> Self {
        let all = certificates.default.into_iter().chain(certificates.others);
        all.map(|certificate_arn| Certificate { certificate_arn }).collect()
    }
}

impl Spec for Listener {
    const INFO: KindInfo = KindInfo {
        name: "listener",
        type_name: "AWS::ElasticLoadBalancingV2::Listener",
        // A target group serves one load balancer only, so two listeners cannot share it even for
        // a moment: the old listener is deleted first.
        create_only: &["LoadBalancerArn"],
        // The listeners of each load balancer, all their tags, and with TLS the certificates.
        reads: Reads { fixed: 2, each: 1 },
        times: Times { create_s: 2, update_s: 1, delete_s: 1 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let own = reference::to(Self::INFO.name, self.tags.get(NAME).unwrap_or_default(), "arn");
        let mut listener = json!({
            "LoadBalancerArn": self.load_balancer_arn,
            "Port": self.port,
            "Protocol": self.protocol,
            "DefaultActions": self.default_actions,
        });
        if let Some(policy) = &self.ssl_policy {
            listener["SslPolicy"] = json!(policy);
        }
        if let Some(arn) = &self.certificates.default {
            listener["Certificates"] = json!([{ "CertificateArn": arn }]);
        }
        let other = |arn: &String| {
            let certificates = json!([{ "CertificateArn": arn }]);
            let properties = json!({ "ListenerArn": own, "Certificates": certificates });
            ("AWS::ElasticLoadBalancingV2::ListenerCertificate", properties)
        };
        let listener = std::iter::once((Self::INFO.type_name, listener));
        listener.chain(self.certificates.others.iter().map(other)).collect()
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = match mint.before.get("arn") {
            Some(before) => before.clone(),
            None => {
                let of = self.load_balancer_arn.replace(":loadbalancer/", ":listener/");
                format!("{of}/{}", (mint.digits)())
            }
        };
        outputs(arn)
    }
}

fn outputs(arn: String) -> Outputs {
    Outputs::from([("arn".into(), arn)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, to_value};

    #[test]
    fn lists_the_default_certificate_first_and_the_others_in_order() {
        let list = |arns: &[&str]| -> Value {
            arns.iter().map(|arn| json!({ "CertificateArn": arn })).collect()
        };
        let certificates: Certificates = from_value(list(&["m", "z", "a", "m"])).unwrap();
        assert_eq!(to_value(&certificates).unwrap(), list(&["m", "a", "z"]));
    }

    #[test]
    fn further_certificates_are_separate_resources_in_a_template() {
        let listener = Listener {
            load_balancer_arn: "lb".into(),
            port: 443,
            protocol: "HTTPS".into(),
            ssl_policy: Some("policy".into()),
            certificates: Certificates::new(Some("m".into()), ["a".to_string()]),
            default_actions: vec![Action::forward("group")],
            tags: Tags::from_iter([(NAME, "main-https")]),
        };
        let template = listener.template();
        assert_eq!(template[0].1["Certificates"], json!([{ "CertificateArn": "m" }]));
        assert!(template[0].1.get("Tags").is_none());
        assert_eq!(template[1].1["ListenerArn"], "${listener.main-https.arn}");
        assert_eq!(template.len(), 2);
    }
}
