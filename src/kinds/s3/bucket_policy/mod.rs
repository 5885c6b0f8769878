//! The permissions of a bucket,
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::policy::Policy;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec, Times};
use serde::{Deserialize, Serialize};

/// A bucket has at most one policy, which therefore has the bucket's name: `bucket-policy.logs` is
/// the policy of `bucket.logs`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct BucketPolicy {
    pub bucket: String,
    pub policy_document: Policy,
}

impl Spec for BucketPolicy {
    const INFO: KindInfo = KindInfo {
        name: "bucket-policy",
        type_name: "AWS::S3::BucketPolicy",
        create_only: &["Bucket"],
        // One read for each bucket of the stack.
        reads: Reads { fixed: 0, each: 1 },
        times: Times { create_s: 1, update_s: 1, delete_s: 1 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(self)
    }
}

/// The bucket's name, if the policy allows others to write: a resource that needs this permission
/// refers to the output. Nothing depends on a policy that allows others to read.
fn outputs(policy: &BucketPolicy) -> Outputs {
    let writes = policy.policy_document.to_string().contains("s3:PutObject");
    let bucket = writes.then(|| ("bucket".to_string(), policy.bucket.clone()));
    bucket.into_iter().collect()
}
