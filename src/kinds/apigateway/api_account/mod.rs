//! By which role API Gateway writes logs, one for all APIs of an account and region,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html>.
//!
//! It belongs to everybody's APIs, so it is set where nothing was set before, and never again.
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

/// The role that is made where an account has none, in IAM's path for what is tenfold's own.
pub const ROLE: &str = "tenfold-api-gateway-logs";
pub const ROLE_PATH: &str = "/tenfold/";

impl Spec for ApiAccount {
    const INFO: KindInfo = KindInfo {
        name: "api-account",
        type_name: "AWS::ApiGateway::Account",
        // One for an account and region, which other stacks use too.
        create_only: &["CloudWatchRoleArn"],
        replace: Replace::Refuse,
        // The role is no stack's own, so two stacks that name it do not stand on each other.
        back_references: &["CloudWatchRoleArn"],
        reads: Reads { fixed: 1, each: 0 },
        // A fresh role is not known everywhere at once.
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
