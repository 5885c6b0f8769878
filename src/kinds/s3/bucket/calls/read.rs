//! Converts from S3's shapes to the spec's, with the meaning of an unset property.
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::s3::bucket::{
    AbortUpload, Bucket, BucketEncryption, EncryptionDefault, EncryptionRule, Lifecycle,
    LifecycleRule, NoncurrentExpiration, OwnershipControls, OwnershipRule, PublicAccessBlock,
    Versioning,
};
use crate::tags::Tags;
use aws_sdk_s3::types;

/// The tags of a bucket; `None` if it was deleted.
pub async fn tags(name: &str, aws: &Aws) -> Result<Option<Tags>> {
    let call = || aws.s3.get_bucket_tagging().bucket(name).send();
    match aws.safe("s3:GetBucketTagging", call).await {
        // The bucket exists, and has no tags.
        Err(error) if error.is("NoSuchTagSet") => Ok(Some(Tags::default())),
        answer => Ok(answer.found()?.map(|found| from_s3(found.tag_set))),
    }
}

fn from_s3(tags: Vec<types::Tag>) -> Tags {
    tags.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

/// The spec of a bucket. S3 returns each property by a separate call.
pub async fn bucket(name: &str, tags: Tags, aws: &Aws) -> Result<Bucket> {
    let (encryption, public, ownership, versioning, lifecycle) = futures::try_join!(
        encryption(name, aws),
        public_access(name, aws),
        ownership(name, aws),
        versioning(name, aws),
        lifecycle(name, aws),
    )?;
    Ok(Bucket {
        bucket_name: name.into(),
        bucket_encryption: encryption,
        public_access_block_configuration: public,
        ownership_controls: ownership,
        versioning_configuration: versioning,
        lifecycle_configuration: lifecycle,
        tags,
    })
}

async fn encryption(name: &str, aws: &Aws) -> Result<BucketEncryption> {
    let call = || aws.s3.get_bucket_encryption().bucket(name).send();
    let found = aws.safe("s3:GetBucketEncryption", call).await.found()?;
    let rules = found.and_then(|found| found.server_side_encryption_configuration);
    let rule = |rule: types::ServerSideEncryptionRule| {
        let default = rule.apply_server_side_encryption_by_default?;
        let sse_algorithm = default.sse_algorithm.as_str().to_string();
        let server_side_encryption_by_default = EncryptionDefault { sse_algorithm };
        Some(EncryptionRule { server_side_encryption_by_default })
    };
    let rules = rules.map(|rules| rules.rules).unwrap_or_default();
    Ok(BucketEncryption {
        server_side_encryption_configuration: rules.into_iter().filter_map(rule).collect(),
    })
}

async fn public_access(name: &str, aws: &Aws) -> Result<PublicAccessBlock> {
    let call = || aws.s3.get_public_access_block().bucket(name).send();
    let found = aws.safe("s3:GetPublicAccessBlock", call).await.found()?;
    let block = found.and_then(|found| found.public_access_block_configuration);
    let on = |value: Option<bool>| value.unwrap_or_default();
    let read = |block: types::PublicAccessBlockConfiguration| PublicAccessBlock {
        block_public_acls: on(block.block_public_acls),
        block_public_policy: on(block.block_public_policy),
        ignore_public_acls: on(block.ignore_public_acls),
        restrict_public_buckets: on(block.restrict_public_buckets),
    };
    Ok(block.map(read).unwrap_or_default())
}

async fn ownership(name: &str, aws: &Aws) -> Result<OwnershipControls> {
    let call = || aws.s3.get_bucket_ownership_controls().bucket(name).send();
    let found = aws.safe("s3:GetBucketOwnershipControls", call).await.found()?;
    let rules = found.and_then(|found| found.ownership_controls).map(|controls| controls.rules);
    let rule = |rule: types::OwnershipControlsRule| {
        let object_ownership = rule.object_ownership.as_str().to_string();
        OwnershipRule { object_ownership }
    };
    Ok(OwnershipControls { rules: rules.unwrap_or_default().into_iter().map(rule).collect() })
}

async fn versioning(name: &str, aws: &Aws) -> Result<Versioning> {
    let call = || aws.s3.get_bucket_versioning().bucket(name).send();
    let found = aws.safe("s3:GetBucketVersioning", call).await.found()?;
    let status = found.and_then(|found| found.status);
    let status = status.unwrap_or(types::BucketVersioningStatus::Suspended);
    Ok(Versioning { status: status.as_str().into() })
}

async fn lifecycle(name: &str, aws: &Aws) -> Result<Option<Lifecycle>> {
    let call = || aws.s3.get_bucket_lifecycle_configuration().bucket(name).send();
    let found = aws.safe("s3:GetBucketLifecycleConfiguration", call).await.found()?;
    let rules = found.and_then(|found| found.rules).filter(|rules| !rules.is_empty());
    Ok(rules.map(|rules| Lifecycle { rules: rules.into_iter().map(rule).collect() }))
}

fn rule(rule: types::LifecycleRule) -> LifecycleRule {
    let noncurrent = rule.noncurrent_version_expiration.and_then(|e| e.noncurrent_days);
    let abort = rule.abort_incomplete_multipart_upload.and_then(|a| a.days_after_initiation);
    LifecycleRule {
        id: rule.id.unwrap_or_default(),
        status: rule.status.as_str().into(),
        prefix: rule.filter.and_then(|filter| filter.prefix).unwrap_or_default(),
        expiration_in_days: rule.expiration.and_then(|expiration| expiration.days),
        noncurrent_version_expiration: noncurrent
            .map(|noncurrent_days| NoncurrentExpiration { noncurrent_days }),
        abort_incomplete_multipart_upload: abort
            .map(|days_after_initiation| AbortUpload { days_after_initiation }),
    }
}
