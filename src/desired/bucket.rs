//! `buckets`, and the properties that every bucket of a stack has in common.
use super::build::{Build, Handle};
use crate::blueprint::Bucket as Wanted;
use crate::blueprint::cdn::Origin;
use crate::kinds::cloudfront::distribution::Distribution;
use crate::kinds::s3::bucket::{
    AbortUpload, Bucket, BucketEncryption, EncryptionDefault, EncryptionRule, Lifecycle,
    LifecycleRule, NoncurrentExpiration, OwnershipControls, OwnershipRule, PublicAccessBlock,
    Versioning,
};
use crate::kinds::s3::bucket_policy::BucketPolicy;
use crate::policy::Policy;
use crate::reference::literal;
use serde_json::{Value, json};

/// Age in days at which S3 deletes the parts of incomplete uploads.
const UNFINISHED_DAYS: i32 = 7;

/// The domain name of a bucket of the section, whether the stack creates it or uses an existing
/// one.
pub fn domain_name(build: &Build, name: &str) -> Option<String> {
    let wanted = build.blueprint.buckets.get(name)?;
    Some(match &wanted.existing {
        None => Handle::of::<Bucket>(name).output("regional_domain_name"),
        Some(existing) => {
            format!("{}.s3.{}.amazonaws.com", literal(existing), build.facts.region)
        }
    })
}

pub fn expand(build: &mut Build, name: &str, wanted: &Wanted) {
    if wanted.existing.is_some() {
        return;
    }
    let component = format!("buckets.{name}");
    let mut spec = private(build, &component, name);
    if wanted.versioning {
        spec.versioning_configuration.status = "Enabled".into();
    }
    spec.lifecycle_configuration = Some(Lifecycle { rules: vec![rule(wanted)] });
    let bucket = build.add(&component, name, &spec);
    let arn = bucket.output("arn");
    let mut statements = vec![tls_only(&arn)];
    statements.extend(readers(build, name).map(|cdn| read_by(cdn, &arn)));
    let spec = BucketPolicy {
        bucket: bucket.output("name"),
        policy_document: Policy::new(json!({ "Version": "2012-10-17", "Statement": statements })),
    };
    build.add(&component, name, &spec);
}

/// Adds a bucket that only this account can read, and returns a reference to the bucket's name. The
/// policy cannot give the name: it has an output `bucket` only if it lets other services write.
pub fn expand_private(build: &mut Build, component: &str, name: &str) -> String {
    let spec = private(build, component, name);
    let bucket = build.add(component, name, &spec);
    let statements = [tls_only(&bucket.output("arn"))];
    let spec = BucketPolicy {
        bucket: bucket.output("name"),
        policy_document: Policy::new(json!({ "Version": "2012-10-17", "Statement": statements })),
    };
    build.add(component, name, &spec);
    bucket.output("name")
}

fn rule(wanted: &Wanted) -> LifecycleRule {
    let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
    LifecycleRule {
        id: "expire".into(),
        status: "Enabled".into(),
        prefix: String::new(),
        expiration_in_days: wanted.expire_days.map(days),
        noncurrent_version_expiration: wanted
            .versioning
            .then(|| NoncurrentExpiration { noncurrent_days: days(wanted.keep_versions_days) }),
        abort_incomplete_multipart_upload: Some(AbortUpload {
            days_after_initiation: UNFINISHED_DAYS,
        }),
    }
}

/// The CDNs with a route to a bucket.
fn readers<'a>(build: &Build<'a>, name: &'a str) -> impl Iterator<Item = &'a str> {
    let reads = move |to: &Origin| matches!(to, Origin::Bucket(bucket) if bucket == name);
    let all = build.blueprint.cdn.iter();
    all.filter(move |(_, cdn)| cdn.routes.iter().any(|route| reads(&route.to)))
        .map(|(cdn, _)| cdn.as_str())
}

/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html>
fn read_by(cdn: &str, bucket: &str) -> Value {
    let distribution = Handle::of::<Distribution>(cdn).output("arn");
    json!({
        "Sid": format!("ReadBy{}", cdn.replace('-', "")), "Effect": "Allow",
        "Principal": { "Service": "cloudfront.amazonaws.com" },
        "Action": "s3:GetObject", "Resource": format!("{bucket}/*"),
        "Condition": { "StringEquals": { "AWS:SourceArn": distribution } },
    })
}

/// The spec of a bucket that only this account can read, with encrypted objects.
pub fn private(build: &Build, component: &str, name: &str) -> Bucket {
    // All accounts share one namespace: account and region in the name keep it unique.
    let bucket_name =
        format!("{}-{name}-{}-{}", build.blueprint.stack, build.facts.account, build.facts.region);
    let encryption = EncryptionRule {
        server_side_encryption_by_default: EncryptionDefault { sse_algorithm: "AES256".into() },
    };
    Bucket {
        bucket_name,
        bucket_encryption: BucketEncryption {
            server_side_encryption_configuration: vec![encryption],
        },
        public_access_block_configuration: PublicAccessBlock {
            block_public_acls: true,
            block_public_policy: true,
            ignore_public_acls: true,
            restrict_public_buckets: true,
        },
        ownership_controls: OwnershipControls {
            rules: vec![OwnershipRule { object_ownership: "BucketOwnerEnforced".into() }],
        },
        versioning_configuration: Versioning { status: "Suspended".into() },
        lifecycle_configuration: None,
        tags: build.tags(component, name),
    }
}

/// A statement that denies requests without TLS.
pub fn tls_only(arn: &str) -> Value {
    json!({
        "Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": [arn, format!("{arn}/*")],
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    })
}
