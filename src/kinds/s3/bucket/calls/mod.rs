mod emptying;
mod read;

use super::{Bucket, LifecycleRule, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::resource::{Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_s3::error::BuildError;
use aws_sdk_s3::types::{self, BucketLocationConstraint, CreateBucketConfiguration};
use emptying::{Step, step};

/// The default region of CreateBucket, which accepts the name of every region except this one.
const HOME: &str = "us-east-1";

impl RegularKind for Bucket {
    /// The name, which is all that the listing returns.
    type Item = String;

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        names(&listing.prefix(), listing.aws).await
    }

    fn physical_name(name: &Self::Item) -> Option<&str> {
        Some(name)
    }

    async fn read_tags(name: &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        read::tags(name, aws).await
    }

    async fn read(name: Self::Item, tags: Tags, aws: &Aws) -> Result<Option<Found<Self>>> {
        let spec = read::bucket(&name, tags, aws).await?;
        let outputs = outputs(&aws.partition, &aws.place.region, &name);
        Ok(Some(Found::ready(name, spec, outputs)))
    }

    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        let name = &self.bucket_name;
        // In this region S3 may report success for a bucket that the account already has.
        if aws.place.region == HOME && names(name, aws).await?.contains(name) {
            let code = "BucketAlreadyOwnedByYou";
            return Err(CloudError::namesake("s3:CreateBucket", code, "bucket", name));
        }
        let region = Some(aws.place.region.as_str()).filter(|region| *region != HOME);
        let configuration = CreateBucketConfiguration::builder()
            .set_location_constraint(region.map(BucketLocationConstraint::from))
            .set_tags(Some(to_s3(&self.tags)))
            .build();
        let call = || {
            let call = aws.s3.create_bucket().bucket(name);
            call.create_bucket_configuration(configuration.clone()).send()
        };
        aws.once("s3:CreateBucket", call).await?;
        Ok(outputs(&aws.partition, &aws.place.region, name))
    }

    async fn complete(&self, _outputs: &Outputs, aws: &Aws) -> Result<()> {
        self.set_changed(None, aws).await
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        self.set_changed(Some(&live.spec), aws).await
    }

    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.bucket_name;
        if let Step::Deleted(count) = step(name, aws).await? {
            return Ok(Progress::Waiting(format!("emptying the bucket: {count} objects deleted")));
        }
        let call = || aws.s3.delete_bucket().bucket(name).send();
        match aws.safe("s3:DeleteBucket", call).await.found() {
            // Services deliver logs for some minutes after their logging was switched off.
            Err(error) if error.is("BucketNotEmpty") => {
                Ok(Progress::Waiting("objects were written to the bucket meanwhile".into()))
            }
            other => other.map(|_| Progress::Done),
        }
    }
}

/// The account's buckets in this region whose name begins with `prefix`.
async fn names(prefix: &str, aws: &Aws) -> Result<Vec<String>> {
    let region = &aws.place.region;
    let call = |token| {
        let call = aws.s3.list_buckets().prefix(prefix).bucket_region(region);
        call.max_buckets(1000).set_continuation_token(token).send()
    };
    let found =
        aws.pages("s3:ListBuckets", call, |page| (page.continuation_token, page.buckets)).await?;
    Ok(found.into_iter().filter_map(|bucket| bucket.name).collect())
}

impl Bucket {
    /// Sets the properties that differ from `was`; all of them without it.
    async fn set_changed(&self, was: Option<&Bucket>, aws: &Aws) -> Result<()> {
        if was.is_none_or(|was| was.tags != self.tags) {
            self.set_tags(aws).await?;
        }
        if was.is_none_or(|was| was.ownership_controls != self.ownership_controls) {
            self.set_ownership(aws).await?;
        }
        let public = |of: &Bucket| of.public_access_block_configuration.clone();
        if was.is_none_or(|was| public(was) != public(self)) {
            self.set_public_access(aws).await?;
        }
        if was.is_none_or(|was| was.bucket_encryption != self.bucket_encryption) {
            self.set_encryption(aws).await?;
        }
        if was.is_none_or(|was| was.versioning_configuration != self.versioning_configuration) {
            self.set_versioning(aws).await?;
        }
        let lifecycle = |of: &Bucket| of.lifecycle_configuration.clone();
        if was.map(lifecycle).unwrap_or_default() != lifecycle(self) {
            self.set_lifecycle(aws).await?;
        }
        Ok(())
    }

    /// Replaces all tags except those that AWS itself set.
    async fn set_tags(&self, aws: &Aws) -> Result<()> {
        let tagging = types::Tagging::builder().set_tag_set(Some(to_s3(&self.tags)));
        let tagging = tagging.build().map_err(incomplete)?;
        let put = || aws.s3.put_bucket_tagging().bucket(&self.bucket_name);
        aws.safe("s3:PutBucketTagging", || put().tagging(tagging.clone()).send()).await?;
        Ok(())
    }

    async fn set_ownership(&self, aws: &Aws) -> Result<()> {
        let mut controls = types::OwnershipControls::builder();
        for rule in &self.ownership_controls.rules {
            let rule = types::OwnershipControlsRule::builder()
                .object_ownership(rule.object_ownership.as_str().into());
            controls = controls.rules(rule.build().map_err(incomplete)?);
        }
        let controls = controls.build().map_err(incomplete)?;
        let put = || aws.s3.put_bucket_ownership_controls().bucket(&self.bucket_name);
        let call = || put().ownership_controls(controls.clone()).send();
        aws.safe("s3:PutBucketOwnershipControls", call).await?;
        Ok(())
    }

    async fn set_public_access(&self, aws: &Aws) -> Result<()> {
        let block = &self.public_access_block_configuration;
        let block = types::PublicAccessBlockConfiguration::builder()
            .block_public_acls(block.block_public_acls)
            .block_public_policy(block.block_public_policy)
            .ignore_public_acls(block.ignore_public_acls)
            .restrict_public_buckets(block.restrict_public_buckets)
            .build();
        let put = || aws.s3.put_public_access_block().bucket(&self.bucket_name);
        let call = || put().public_access_block_configuration(block.clone()).send();
        aws.safe("s3:PutPublicAccessBlock", call).await?;
        Ok(())
    }

    async fn set_encryption(&self, aws: &Aws) -> Result<()> {
        let mut configuration = types::ServerSideEncryptionConfiguration::builder();
        for rule in &self.bucket_encryption.server_side_encryption_configuration {
            let default = types::ServerSideEncryptionByDefault::builder().sse_algorithm(
                rule.server_side_encryption_by_default.sse_algorithm.as_str().into(),
            );
            let rule = types::ServerSideEncryptionRule::builder()
                .apply_server_side_encryption_by_default(default.build().map_err(incomplete)?);
            configuration = configuration.rules(rule.build());
        }
        let configuration = configuration.build().map_err(incomplete)?;
        let put = || aws.s3.put_bucket_encryption().bucket(&self.bucket_name);
        let call = || put().server_side_encryption_configuration(configuration.clone()).send();
        aws.safe("s3:PutBucketEncryption", call).await?;
        Ok(())
    }

    async fn set_versioning(&self, aws: &Aws) -> Result<()> {
        let status = self.versioning_configuration.status.as_str();
        let versioning = types::VersioningConfiguration::builder().status(status.into()).build();
        let put = || aws.s3.put_bucket_versioning().bucket(&self.bucket_name);
        let call = || put().versioning_configuration(versioning.clone()).send();
        aws.safe("s3:PutBucketVersioning", call).await?;
        Ok(())
    }

    async fn set_lifecycle(&self, aws: &Aws) -> Result<()> {
        let name = &self.bucket_name;
        let Some(lifecycle) = &self.lifecycle_configuration else {
            let call = || aws.s3.delete_bucket_lifecycle().bucket(name).send();
            aws.safe("s3:DeleteBucketLifecycle", call).await.found()?;
            return Ok(());
        };
        let rules: Result<Vec<_>> = lifecycle.rules.iter().map(rule).collect();
        let configuration = types::BucketLifecycleConfiguration::builder().set_rules(Some(rules?));
        let configuration = configuration.build().map_err(incomplete)?;
        let put = || aws.s3.put_bucket_lifecycle_configuration().bucket(name);
        let call = || put().lifecycle_configuration(configuration.clone()).send();
        aws.safe("s3:PutBucketLifecycleConfiguration", call).await?;
        Ok(())
    }
}

fn rule(rule: &LifecycleRule) -> Result<types::LifecycleRule> {
    let expiration = |days| types::LifecycleExpiration::builder().days(days).build();
    let noncurrent = rule.noncurrent_version_expiration.as_ref().map(|expiration| {
        let days = expiration.noncurrent_days;
        types::NoncurrentVersionExpiration::builder().noncurrent_days(days).build()
    });
    let abort = rule.abort_incomplete_multipart_upload.as_ref().map(|abort| {
        let days = abort.days_after_initiation;
        types::AbortIncompleteMultipartUpload::builder().days_after_initiation(days).build()
    });
    types::LifecycleRule::builder()
        .id(&rule.id)
        .status(rule.status.as_str().into())
        .filter(types::LifecycleRuleFilter::builder().prefix(&rule.prefix).build())
        .set_expiration(rule.expiration_in_days.map(expiration))
        .set_noncurrent_version_expiration(noncurrent)
        .set_abort_incomplete_multipart_upload(abort)
        .build()
        .map_err(incomplete)
}

/// Tags in S3's shape. Building one fails only without a key or a value.
fn to_s3(tags: &Tags) -> Vec<types::Tag> {
    let tag = |(key, value)| types::Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

/// The SDK's builders fail only if a required field is missing.
fn incomplete(error: BuildError) -> CloudError {
    CloudError::internal(error.to_string())
}
