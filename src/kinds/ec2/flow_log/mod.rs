//! A flow log: records of a network's traffic, delivered to a bucket,
//! <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

/// The format of records that AWS uses by default.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>
const DEFAULT_FORMAT: &str = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} \
     ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}";

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FlowLog {
    pub resource_id: String,
    /// `VPC`.
    pub resource_type: String,
    /// `ACCEPT`, `REJECT` or `ALL`.
    pub traffic_type: String,
    /// `s3`.
    pub log_destination_type: String,
    /// The bucket's ARN, optionally with a folder.
    pub log_destination: String,
    /// Seconds: 60 or 600.
    pub max_aggregation_interval: i32,
    /// Absent: AWS's default format, which a spec never contains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_format: Option<String>,
    pub tags: Tags,
}

impl Spec for FlowLog {
    const INFO: KindInfo = KindInfo {
        name: "flow-log",
        type_name: "AWS::EC2::FlowLog",
        create_only: &[
            "ResourceId",
            "ResourceType",
            "TrafficType",
            "LogDestinationType",
            "LogDestination",
            "MaxAggregationInterval",
            "LogFormat",
        ],
        // AWS rejects a second flow log with the same network and destination, and does not
        // document which other properties may distinguish them.
        replace: Replace::DeleteFirst,
        times: Times { create_s: 2, update_s: 1, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.id("id", "fl"))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
