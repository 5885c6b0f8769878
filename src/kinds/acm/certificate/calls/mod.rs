#[cfg(feature = "aws")]
pub mod read;

use super::{Certificate, ZONE, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::facts::EDGE_REGION;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::route53::calls;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_acm::types::{CertificateStatus, ResourceRecord, Tag, ValidationMethod};
use aws_sdk_route53::types::{ChangeAction, RrType};
use read::Detail;

/// Says, on a certificate, which zone its record is in: ACM does not know.
pub(super) const ZONE_TAG: &str = "tenfold:zone";
/// How long resolvers may keep the record, in seconds; it never changes.
const RECORD_TTL_S: i64 = 300;

impl Calls for Certificate {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        read::list(listing).await
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let token = aws.token();
        let call = || {
            client(&self.region, aws)
                .request_certificate()
                .domain_name(&self.domain_name)
                .validation_method(ValidationMethod::from(self.validation_method.as_str()))
                .idempotency_token(&token)
                .set_tags(Some(to_tags(&self.all_tags())))
                .send()
        };
        let made = aws.safe("acm:RequestCertificate", call).await?;
        Ok(outputs(made.certificate_arn.unwrap_or_default(), self.zone()))
    }

    /// Before the record stands there is nothing to wait for but its text; after that, for ACM to
    /// find it.
    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let Some(detail) = read::describe(&outputs["arn"], aws).await? else {
            return Ok(Progress::Waiting("not visible yet".into()));
        };
        match &detail.status {
            CertificateStatus::Issued => return Ok(Progress::Done),
            CertificateStatus::PendingValidation => {}
            status => {
                let why = detail.failure.unwrap_or_default();
                return Err(CloudError::refused(format!("the certificate is {status} {why}")));
            }
        }
        let Some(record) = &detail.record else {
            return Ok(Progress::Waiting("no validation record yet".into()));
        };
        let zone = outputs["validation"].strip_prefix(ZONE).unwrap_or_default();
        Ok(match read::stands(zone, record, aws).await? {
            true => Progress::Waiting(detail.status.as_str().to_string()),
            false => Progress::Done,
        })
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.validate(&outputs["arn"], aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (arn, was) = (&live.handle, &live.spec);
        if self.domain_validation_options != was.domain_validation_options {
            self.validate(arn, aws).await?;
        }
        let mut before = was.tags.clone();
        before.set(ZONE_TAG, live.outputs["validation"].strip_prefix(ZONE).unwrap_or_default());
        retag(arn, &before, &self.all_tags(), aws).await?;
        Ok(outputs(arn.clone(), self.zone()))
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let arn = &live.handle;
        let delete = || read::client_of(arn, aws).delete_certificate();
        aws.safe("acm:DeleteCertificate", || delete().certificate_arn(arn).send()).await.found()?;
        Ok(Progress::Done)
    }
}

impl Certificate {
    fn all_tags(&self) -> Tags {
        let mut tags = self.tags.clone();
        tags.set(ZONE_TAG, self.zone());
        tags
    }

    /// Writes the record that ACM looks for.
    async fn validate(&self, arn: &str, aws: &Aws) -> Result<()> {
        let Some(Detail { record: Some(record), .. }) = read::describe(arn, aws).await? else {
            return Err(CloudError::refused("ACM does not say by which record it validates"));
        };
        if read::stands(self.zone(), &record, aws).await? {
            return Ok(());
        }
        let ResourceRecord { name, value, .. } = record;
        let record = calls::plain_record(&name, RrType::Cname, RECORD_TTL_S, &[value])?;
        aws.change_records(self.zone(), vec![(ChangeAction::Upsert, record)]).await
    }
}

fn client<'a>(region: &str, aws: &'a Aws) -> &'a aws_sdk_acm::Client {
    if region == EDGE_REGION { &aws.edge.acm } else { &aws.acm }
}

/// ACM's shape of tags; building one fails without a key only.
fn to_tags(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

async fn retag(arn: &str, live: &Tags, desired: &Tags, aws: &Aws) -> Result<()> {
    let client = read::client_of(arn, aws);
    let tag = |tags: &Tags| {
        let add = client.add_tags_to_certificate().certificate_arn(arn);
        add.set_tags(Some(to_tags(tags))).send()
    };
    // Without values: those that a key has, whatever they are.
    let untag = |keys: Vec<String>| {
        let keys = keys.into_iter().filter_map(|key| Tag::builder().key(key).build().ok());
        let remove = client.remove_tags_from_certificate().certificate_arn(arn);
        remove.set_tags(Some(keys.collect())).send()
    };
    let (tag, untag) =
        (("acm:AddTagsToCertificate", tag), ("acm:RemoveTagsFromCertificate", untag));
    aws.retag((live, desired), tag, untag).await
}
