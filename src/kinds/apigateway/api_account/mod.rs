//! The role with which API Gateway writes logs: one for all APIs of an account and region,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html>.
//!
//! All APIs of the account use it, of all owners. So it is set only if it was not set before,
//! and never changed.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{ChangeInterval, KindInfo, Mint, Reads, Replace, Spec, Times};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ApiAccount {
    pub cloud_watch_role_arn: String,
}

/// The name of the role that is created if the account has none.
pub const ROLE: &str = "tenfold-api-gateway-logs";
/// The IAM path of resources that belong to tenfold.
pub const ROLE_PATH: &str = "/tenfold/";

impl Spec for ApiAccount {
    const INFO: KindInfo = KindInfo {
        name: "api-account",
        type_name: "AWS::ApiGateway::Account",
        // There is one per account and region, and other stacks use it too.
        create_only: &["CloudWatchRoleArn"],
        replace: Replace::Refuse,
        // The role does not belong to a stack, so two stacks that refer to it do not depend on each
        // other.
        back_references: &["CloudWatchRoleArn"],
        reads: Reads { fixed: 1, each: 0 },
        // A new role takes time to become visible everywhere.
        times: Times { create_s: 15, update_s: 1, delete_s: 1 },
        change_interval: ChangeInterval { create_ms: 20_000, ..ChangeInterval::NONE },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.cloud_watch_role_arn)
    }
}

fn outputs(role_arn: &str) -> Outputs {
    Outputs::from([("role_arn".into(), role_arn.into())])
}
