//! A bucket, <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingBucket.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times, Waiver};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Bucket {
    pub bucket_name: String,
    pub bucket_encryption: BucketEncryption,
    pub public_access_block_configuration: PublicAccessBlock,
    pub ownership_controls: OwnershipControls,
    pub versioning_configuration: Versioning,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle_configuration: Option<Lifecycle>,
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct BucketEncryption {
    pub server_side_encryption_configuration: Vec<EncryptionRule>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct EncryptionRule {
    pub server_side_encryption_by_default: EncryptionDefault,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EncryptionDefault {
    /// `AES256`, encryption with keys that S3 manages: load balancers can write to no other bucket.
    #[serde(rename = "SSEAlgorithm")]
    pub sse_algorithm: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PublicAccessBlock {
    pub block_public_acls: bool,
    pub block_public_policy: bool,
    pub ignore_public_acls: bool,
    pub restrict_public_buckets: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct OwnershipControls {
    pub rules: Vec<OwnershipRule>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct OwnershipRule {
    pub object_ownership: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Versioning {
    /// `Enabled` or `Suspended`. A bucket that never had versioning counts as suspended.
    pub status: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Lifecycle {
    pub rules: Vec<LifecycleRule>,
}

/// Ages in days after which S3 deletes objects, old versions and incomplete uploads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LifecycleRule {
    pub id: String,
    /// `Enabled` or `Disabled`.
    pub status: String,
    /// The rule applies to object keys with this prefix; empty for all.
    pub prefix: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration_in_days: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noncurrent_version_expiration: Option<NoncurrentExpiration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abort_incomplete_multipart_upload: Option<AbortUpload>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct NoncurrentExpiration {
    pub noncurrent_days: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AbortUpload {
    pub days_after_initiation: i32,
}

impl Spec for Bucket {
    const INFO: KindInfo = KindInfo {
        name: "bucket",
        type_name: "AWS::S3::Bucket",
        name_property: "BucketName",
        create_only: &["BucketName"],
        replace: Replace::Refuse,
        stateful: true,
        // S3 returns each property by a separate call.
        reads: Reads { fixed: 1, each: 6 },
        times: Times { create_s: 3, update_s: 1, delete_s: 5 },
        waivers: &[
            Waiver {
                controls: &["CKV_AWS_144"],
                because: "a stack is in one region, so its buckets are not replicated",
            },
            Waiver { controls: &["CKV2_AWS_62"], because: "nothing receives a bucket's events" },
            Waiver {
                controls: &["CKV_AWS_143"],
                because: "objects with a limited retention are not locked",
            },
            Waiver {
                controls: &["CKV_AWS_145"],
                because: "load balancers can write logs only to a bucket encrypted with keys that S3 manages",
            },
        ],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs("aws", mint.region, &self.bucket_name)
    }
}

/// The domain name contains the region, because the one without it may lead to the wrong region for
/// hours after a bucket is created.
fn outputs(partition: &str, region: &str, name: &str) -> Outputs {
    let end = if partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    let pairs = [
        ("arn", format!("arn:{partition}:s3:::{name}")),
        ("regional_domain_name", format!("{name}.s3.{region}.{end}")),
        ("name", name.to_string()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}
