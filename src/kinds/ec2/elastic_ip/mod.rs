//! An Elastic IP: a public address that belongs to the account until it is released,
//! <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eips.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Quota, Replace, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ElasticIp {
    /// `vpc`.
    pub domain: String,
    pub tags: Tags,
}

impl Spec for ElasticIp {
    const INFO: KindInfo = KindInfo {
        name: "elastic-ip",
        type_name: "AWS::EC2::EIP",
        create_only: &["Domain"],
        // Other parties may allow traffic from this very address, and a released address is lost.
        replace: Replace::Refuse,
        depends_on_kinds: &["internet-gateway"],
        quota: Some(Quota { service: "ec2", code: "L-0263D0A3", default: 5 }),
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let address = match mint.before.get("public_ip") {
            Some(before) => before.clone(),
            None => address(&(mint.digits)()),
        };
        outputs(mint.id("id", "eipalloc"), address)
    }
}

/// `id` is the allocation ID.
fn outputs(id: String, public_ip: String) -> Outputs {
    Outputs::from([("id".into(), id), ("public_ip".into(), public_ip)])
}

/// An address for the sandbox, derived from hexadecimal digits. The range is reserved for network
/// benchmarks (RFC 2544).
fn address(digits: &str) -> String {
    let end = digits.get(digits.len().saturating_sub(4)..).unwrap_or_default();
    let [high, low] = u16::from_str_radix(end, 16).unwrap_or_default().to_be_bytes();
    format!("198.18.{high}.{low}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_address_from_digits() {
        assert_eq!(address("0a1b2c3d4e5f60718"), "198.18.7.24");
        assert_eq!(address("f"), "198.18.0.15");
    }
}
