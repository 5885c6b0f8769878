//! A certificate of ACM's, validated by a record in a hosted zone,
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
    /// One, for the domain. A live one names no zone so long as the record is not there.
    pub domain_validation_options: Vec<Validation>,
    /// Where it is kept: in the stack's region, or in CloudFront's. CloudFormation has no word for
    /// this; there a certificate is kept where its stack is.
    pub region: String,
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Validation {
    pub domain_name: String,
    /// The public zone that takes the record, which stays when the certificate goes: ACM has one
    /// and the same for all certificates of a domain in an account, in whichever region.
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
        // The door that answers at the domain stands on its certificate, not the other way round.
        back_references: &["DomainName", "DomainValidationOptions"],
        // The region's and CloudFront's; of each its tags, what it is, and its record.
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
    /// The zone that takes the validation record.
    fn zone(&self) -> &str {
        let first = self.domain_validation_options.first();
        first.and_then(|option| option.hosted_zone_id.as_deref()).unwrap_or_default()
    }
}

/// `validation` says where the record for the validation is looked for.
fn outputs(arn: String, zone: &str) -> Outputs {
    Outputs::from([("arn".into(), arn), ("validation".into(), format!("{ZONE}{zone}"))])
}

/// How AWS itself writes a zone's id in full. Things that only share the zone hold nothing of a
/// certificate's, and do not name it so.
const ZONE: &str = "hostedzone/";
