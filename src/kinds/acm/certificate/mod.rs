//! An ACM certificate, validated by a DNS record in a hosted zone,
//! <https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Certificate {
    pub domain_name: String,
    /// `DNS`.
    pub validation_method: String,
    /// One option, for the domain. In a live certificate it has no zone until the validation record
    /// exists.
    pub domain_validation_options: Vec<Validation>,
    /// The certificate's region: the stack's, or CloudFront's. CloudFormation has no such property,
    /// and creates a certificate in the region of its stack.
    pub region: String,
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Validation {
    pub domain_name: String,
    /// The public zone of the validation record. The record stays when the certificate is deleted:
    /// ACM uses the same record for all certificates of a domain in an account, in all regions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosted_zone_id: Option<String>,
}

impl Spec for Certificate {
    const INFO: KindInfo = KindInfo {
        name: "certificate",
        type_name: "AWS::CertificateManager::Certificate",
        create_only: &["DomainName", "ValidationMethod"],
        replace: Replace::Successor,
        directives: &["Region"],
        // The entry point that serves the domain depends on its certificate, not the other way
        // round.
        back_references: &["DomainName", "DomainValidationOptions"],
        // The lists of the stack's region and CloudFront's; for each certificate its tags, its
        // details and its validation record.
        reads: Reads { fixed: 2, each: 3 },
        times: Times { create_s: 180, update_s: 5, delete_s: 5 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let uuid = mint.before.get("arn").and_then(|arn| arn.rsplit('/').next());
        let uuid = uuid.map(str::to_string).unwrap_or_else(|| mint.uuid("id"));
        let (region, account) = (&self.region, mint.account);
        outputs(format!("arn:aws:acm:{region}:{account}:certificate/{uuid}"), self.zone())
    }
}

impl Certificate {
    /// The zone of the validation record. Empty if it is not known.
    fn zone(&self) -> &str {
        let first = self.domain_validation_options.first();
        first.and_then(|option| option.hosted_zone_id.as_deref()).unwrap_or_default()
    }
}

/// `validation` contains the zone in which `ready` expects the validation record.
fn outputs(arn: String, zone: &str) -> Outputs {
    Outputs::from([("arn".into(), arn), ("validation".into(), format!("{ZONE}{zone}"))])
}

/// The prefix of a zone's full ID, as AWS writes it. Other resources in the same zone do not depend
/// on the certificate, and refer to the zone without this prefix.
const ZONE: &str = "hostedzone/";
