//! An alias record, which points a name to a load balancer, distribution or API,
//! <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec, Times};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};

/// Route 53 does not support tags on records. For each record of the stack there is a TXT record
/// that names its owner, its mark. Both are created and deleted in the same change. A record
/// without a mark belongs to another owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DnsRecord {
    pub hosted_zone_id: String,
    /// Without the trailing dot.
    pub name: String,
    /// `A` or `AAAA`.
    #[serde(rename = "Type")]
    pub sort: String,
    pub alias_target: AliasTarget,
    pub mark: Mark,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AliasTarget {
    #[serde(rename = "DNSName")]
    pub dns_name: String,
    /// The target's zone, not the record's. Empty for a live record that is not an alias.
    pub hosted_zone_id: String,
    pub evaluate_target_health: bool,
}

/// The TXT record that names the owner of an alias record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Mark {
    /// `alb-main-a._tenfold-shop.example.com`: the resource's name, below a name dedicated to the
    /// stack, so that all marks of a stack are together in the zone.
    pub name: String,
    /// The component that the record belongs to.
    pub component: String,
}

/// The name below which a zone contains a stack's marks.
pub fn marks_of(stack: &str, zone: &str) -> String {
    format!("_tenfold-{stack}.{zone}")
}

impl Spec for DnsRecord {
    const INFO: KindInfo = KindInfo {
        name: "dns-record",
        type_name: "AWS::Route53::RecordSet",
        unique: &["Name", "Type", "HostedZoneId"],
        create_only: &["HostedZoneId", "Name", "Type", "Mark"],
        // The zones and the marks in one zone; for each mark its alias record.
        reads: Reads { fixed: 2, each: 1 },
        times: Times { create_s: 2, update_s: 2, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let kind = Self::INFO.type_name;
        let alias = json!({
            "HostedZoneId": self.hosted_zone_id, "Name": self.name, "Type": self.sort,
            "AliasTarget": to_value(&self.alias_target).unwrap_or_default(),
        });
        let mark = json!({
            "HostedZoneId": self.hosted_zone_id, "Name": self.mark.name, "Type": "TXT",
            "TTL": MARK_TTL_S.to_string(), "ResourceRecords": [self.mark_text()],
        });
        vec![(kind, alias), (kind, mark)]
    }

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.name)
    }
}

/// The TTL of a mark, in seconds. Only tenfold reads marks.
const MARK_TTL_S: i64 = 300;

impl DnsRecord {
    /// The text of the mark: `"tenfold" "load_balancers.main" "A" "api.example.com"`.
    fn mark_text(&self) -> String {
        let words = ["tenfold", &self.mark.component, &self.sort, &self.name];
        words.map(|word| format!("\"{word}\"")).join(" ")
    }
}

/// The component, type and name in a mark's text. `None` if the text is not a mark.
fn read_mark(text: &str) -> Option<(String, String, String)> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut words = inner.split("\" \"").map(str::to_string);
    (words.next()? == "tenfold").then_some(())?;
    Some((words.next()?, words.next()?, words.next()?))
}

fn outputs(name: &str) -> Outputs {
    Outputs::from([("name".into(), name.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back_as_written() {
        let alias_target = AliasTarget {
            dns_name: "d1.cloudfront.net".into(),
            hosted_zone_id: "Z2FDTNDATAQYW2".into(),
            evaluate_target_health: false,
        };
        let mark = Mark { name: "x".into(), component: "cdn.edge".into() };
        let (hosted_zone_id, name, sort) = ("Z1".into(), "example.com".into(), "AAAA".into());
        let record = DnsRecord { hosted_zone_id, name, sort, alias_target, mark };
        let read = read_mark(&record.mark_text());
        assert_eq!(read, Some(("cdn.edge".into(), "AAAA".into(), "example.com".into())));
        assert_eq!(read_mark("\"v=spf1 -all\""), None);
    }
}
