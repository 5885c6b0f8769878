//! A pause at launch or termination, in which an instance starts up or finishes its work,
//! <https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LifecycleHook {
    pub lifecycle_hook_name: String,
    pub auto_scaling_group_name: String,
    pub lifecycle_transition: String,
    /// In seconds.
    pub heartbeat_timeout: i32,
    /// What AWS does with an instance that does not report back in time.
    pub default_result: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_metadata: Option<String>,
}

impl Spec for LifecycleHook {
    const INFO: KindInfo = KindInfo {
        name: "lifecycle-hook",
        type_name: "AWS::AutoScaling::LifecycleHook",
        name_property: "LifecycleHookName",
        create_only: &["LifecycleHookName", "AutoScalingGroupName"],
        // AWS lists hooks by group only: one read for each group of the stack.
        reads: Reads { fixed: 0, each: 1 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.lifecycle_hook_name)
    }
}

fn outputs(name: &str) -> Outputs {
    Outputs::from([("name".into(), name.into())])
}
