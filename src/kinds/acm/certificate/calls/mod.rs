pub mod read;

use super::{Certificate, ZONE, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::facts::EDGE_REGION;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::route53::calls::plain_record;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_acm::types::{CertificateStatus, ResourceRecord, Tag, ValidationMethod};
use aws_sdk_route53::types::{ChangeAction, RrType};
use read::Detail;

/// The tag that contains the hosted zone of a certificate's validation record, which ACM does not
/// know.
pub(super) const ZONE_TAG: &str = "tenfold:zone";
/// The TTL of the validation record, in seconds. The record never changes.
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
                .set_tags(Some(to_acm(&self.all_tags())))
                .send()
        };
        let created = aws.safe("acm:RequestCertificate", call).await?;
        Ok(outputs(created.certificate_arn.unwrap_or_default(), self.zone()))
    }

    /// Until the validation record exists, this waits only for ACM to return its text, because
    /// `finish` creates the record. After that, this waits until ACM has found the record.
    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let Some(detail) = read::describe(&outputs["arn"], aws).await? else {
            return Ok(Progress::not_visible());
        };
        match &detail.status {
            CertificateStatus::Issued => return Ok(Progress::Done),
            CertificateStatus::PendingValidation => {}
            _ => {
                let (domain, status) = (&detail.domain_name, detail.status_text());
                let message = format!("the status of the certificate for {domain} is {status}");
                return Err(CloudError::refused(message));
            }
        }
        let Some(record) = &detail.record else {
            return Ok(Progress::Waiting("no validation record yet".into()));
        };
        let zone = outputs["validation"].strip_prefix(ZONE).unwrap_or_default();
        Ok(match read::record_exists(zone, record, aws).await? {
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
        aws.retag_acm(arn, &before, &self.all_tags()).await?;
        Ok(outputs(arn.clone(), self.zone()))
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let arn = &live.handle;
        let delete = || read::client_of(arn, aws).delete_certificate();
        aws.delete("acm:DeleteCertificate", || delete().certificate_arn(arn).send()).await
    }
}

impl Certificate {
    /// The tags with that of the zone.
    fn all_tags(&self) -> Tags {
        let mut tags = self.tags.clone();
        tags.set(ZONE_TAG, self.zone());
        tags
    }

    /// Creates the record by which ACM validates the domain, if it does not exist.
    async fn validate(&self, arn: &str, aws: &Aws) -> Result<()> {
        let Some(Detail { record: Some(record), .. }) = read::describe(arn, aws).await? else {
            let message = format!("ACM returned no validation record of {arn}; apply again");
            return Err(CloudError::refused(message));
        };
        if read::record_exists(self.zone(), &record, aws).await? {
            return Ok(());
        }
        let ResourceRecord { name, value, .. } = record;
        let record = plain_record(&name, RrType::Cname, RECORD_TTL_S, &[value])?;
        aws.change_records(self.zone(), vec![(ChangeAction::Upsert, record)]).await
    }
}

/// The client for the region of a spec.
fn client<'a>(region: &str, aws: &'a Aws) -> &'a aws_sdk_acm::Client {
    if region == EDGE_REGION { &aws.edge.acm } else { &aws.acm }
}

/// Tags in ACM's shape. Building one fails only without a key.
fn to_acm(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

impl Aws {
    /// Brings the tags of a certificate from `live` to `desired`.
    async fn retag_acm(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let client = read::client_of(arn, self);
        let tag = |tags: &Tags| {
            let add = client.add_tags_to_certificate().certificate_arn(arn);
            add.set_tags(Some(to_acm(tags))).send()
        };
        // A tag without a value removes the key with any value.
        let untag = |keys: Vec<String>| {
            let keys = keys.into_iter().filter_map(|key| Tag::builder().key(key).build().ok());
            let remove = client.remove_tags_from_certificate().certificate_arn(arn);
            remove.set_tags(Some(keys.collect())).send()
        };
        let (tag, untag) =
            (("acm:AddTagsToCertificate", tag), ("acm:RemoveTagsFromCertificate", untag));
        self.retag((live, desired), tag, untag).await
    }
}
