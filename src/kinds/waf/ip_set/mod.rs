//! A set of IP addresses that a web ACL allows or blocks,
//! <https://docs.aws.amazon.com/waf/latest/developerguide/waf-ip-set-managing.html>.
#[cfg(feature = "aws")]
mod calls;

use super::web_acl::arn;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A set of IP addresses of one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct IpSet {
    pub name: String,
    /// `REGIONAL`, or `CLOUDFRONT`, which AWS stores in us-east-1.
    pub scope: String,
    /// `IPV4` or `IPV6`.
    #[serde(rename = "IPAddressVersion")]
    pub ip_address_version: String,
    /// Blocks such as `203.0.113.0/24`, at most 10,000.
    pub addresses: BTreeSet<String>,
    pub tags: Tags,
}

impl Spec for IpSet {
    const INFO: KindInfo = KindInfo {
        name: "ip-set",
        type_name: "AWS::WAFv2::IPSet",
        name_property: "Name",
        create_only: &["Name", "Scope", "IPAddressVersion"],
        // Names are unique within a scope, so both scopes can have the same name at once.
        replace: Replace::Successor,
        // The listings of both scopes; the addresses and the tags of each set.
        reads: Reads { fixed: 2, each: 2 },
        times: Times { create_s: 1, update_s: 1, delete_s: 10 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let id = mint.uuid("id");
        outputs(arn(mint, &self.scope, "ipset", &self.name, &id), self.name.clone(), id)
    }
}

fn outputs(arn: String, name: String, id: String) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name), ("id".into(), id)])
}
