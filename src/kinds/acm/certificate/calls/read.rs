//! Reads certificates, and checks whether their validation records exist.
use super::ZONE_TAG;
use crate::aws::{Aws, plain_name, tags};
use crate::error::{Result, ResultExt};
use crate::facts::EDGE_REGION;
use crate::kinds::acm::certificate::{Certificate, Validation, outputs};
use crate::kinds::contract::Listing;
use crate::resource::{Condition, Live};
use crate::tags::Tags;
use aws_sdk_acm::types::{
    CertificateDetail, CertificateStatus, CertificateSummary, CertificateType, ResourceRecord,
};
use aws_sdk_route53::types::RrType;
use futures::future::try_join_all;

/// The properties of a certificate that a spec or a condition needs.
pub struct Detail {
    pub domain_name: String,
    pub status: CertificateStatus,
    pub failure: Option<String>,
    pub method: String,
    /// The validation record. ACM returns none in the first seconds.
    pub record: Option<ResourceRecord>,
}

impl Detail {
    /// The status, with the reason of a failure if ACM returns one.
    pub fn status_text(&self) -> String {
        match &self.failure {
            Some(reason) => format!("{}: {reason}", self.status),
            None => self.status.to_string(),
        }
    }
}

/// The client for the region in a certificate's ARN.
pub fn client_of<'a>(arn: &str, aws: &'a Aws) -> &'a aws_sdk_acm::Client {
    if region_of(arn) == EDGE_REGION { &aws.edge.acm } else { &aws.acm }
}

fn region_of(arn: &str) -> &str {
    arn.split(':').nth(3).unwrap_or_default()
}

/// The stack's certificates in its region and in CloudFront's.
pub async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Certificate>>> {
    let aws = listing.aws;
    let edge = aws.edge_is_elsewhere().then_some(&aws.edge.acm);
    let clients = [&aws.acm].into_iter().chain(edge);
    let found = try_join_all(clients.map(|client| list_with(client, listing))).await?;
    Ok(found.into_iter().flatten().collect())
}

async fn list_with(
    client: &aws_sdk_acm::Client,
    listing: &Listing<'_>,
) -> Result<Vec<Live<Certificate>>> {
    let call = |token| client.list_certificates().max_items(1000).set_next_token(token).send();
    let found = listing
        .aws
        .pages("acm:ListCertificates", call, |page| {
            (page.next_token, page.certificate_summary_list)
        })
        .await?;
    let is_issued_by_amazon =
        |found: &CertificateSummary| found.r#type == Some(CertificateType::AmazonIssued);
    let arns =
        found.into_iter().filter(is_issued_by_amazon).filter_map(|found| found.certificate_arn);
    let live = try_join_all(arns.map(|arn| read(arn, listing))).await?;
    Ok(live.into_iter().flatten().collect())
}

async fn read(arn: String, listing: &Listing<'_>) -> Result<Option<Live<Certificate>>> {
    let aws = listing.aws;
    let call = || client_of(&arn, aws).list_tags_for_certificate().certificate_arn(&arn).send();
    let found = aws.safe("acm:ListTagsForCertificate", call).await.found()?;
    let found = found.and_then(|found| found.tags).unwrap_or_default().into_iter();
    let mut tags: Tags = found.map(|tag| (tag.key, tag.value.unwrap_or_default())).collect();
    let Some(owner) = tags::owner::<Certificate>(&tags, listing.stack) else { return Ok(None) };
    let Some(detail) = describe(&arn, aws).await? else { return Ok(None) };
    let zone = tags.get(ZONE_TAG).unwrap_or_default().to_string();
    tags.remove(ZONE_TAG);
    let validated = match &detail.record {
        Some(record) => record_exists(&zone, record, aws).await?,
        None => false,
    };
    let condition = match &detail.status {
        CertificateStatus::Issued => Condition::Ready,
        CertificateStatus::PendingValidation => {
            Condition::Converging(detail.status.as_str().to_string())
        }
        _ => Condition::Failed(detail.status_text()),
    };
    let option = Validation {
        domain_name: detail.domain_name.clone(),
        hosted_zone_id: validated.then(|| zone.clone()),
    };
    let spec = Certificate {
        domain_name: detail.domain_name,
        validation_method: detail.method,
        domain_validation_options: vec![option],
        region: region_of(&arn).to_string(),
        tags,
    };
    let outputs = outputs(arn.clone(), &zone);
    Ok(Some(Live { condition, ..owner.live(arn, spec, outputs) }))
}

/// A certificate in detail. `None` if it does not exist.
pub async fn describe(arn: &str, aws: &Aws) -> Result<Option<Detail>> {
    let call = || client_of(arn, aws).describe_certificate().certificate_arn(arn).send();
    let found = aws.safe("acm:DescribeCertificate", call).await.found()?;
    Ok(found.and_then(|found| found.certificate).map(detail))
}

fn detail(found: CertificateDetail) -> Detail {
    let options = found.domain_validation_options.unwrap_or_default();
    let option = options.into_iter().next();
    let method = option.as_ref().and_then(|option| option.validation_method.clone());
    Detail {
        domain_name: found.domain_name.unwrap_or_default(),
        status: found.status.unwrap_or(CertificateStatus::PendingValidation),
        failure: found.failure_reason.map(|reason| reason.as_str().to_string()),
        method: method.map_or("DNS".into(), |method| method.as_str().to_string()),
        record: option.and_then(|option| option.resource_record),
    }
}

/// Whether a zone contains a validation record with the value that ACM requires.
pub async fn record_exists(zone: &str, record: &ResourceRecord, aws: &Aws) -> Result<bool> {
    if zone.is_empty() {
        return Ok(false);
    }
    let found = aws.record(zone, &record.name, RrType::Cname).await?;
    let values = found.and_then(|found| found.resource_records).unwrap_or_default();
    Ok(values.iter().any(|value| plain_name(&value.value) == plain_name(&record.value)))
}
