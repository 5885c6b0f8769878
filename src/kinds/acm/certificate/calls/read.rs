//! Certificates as ACM has them, and whether their records stand.
use super::ZONE_TAG;
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::facts::EDGE_REGION;
use crate::kinds::acm::certificate::{Certificate, Validation, outputs};
use crate::kinds::contract::Listing;
use crate::kinds::route53::calls::plain_name;
use crate::resource::{Condition, Live};
use crate::tags::Tags;
use aws_sdk_acm::types::{
    CertificateDetail, CertificateStatus, CertificateSummary, CertificateType, ResourceRecord,
};
use aws_sdk_route53::types::RrType;
use futures::future::try_join_all;

/// What matters of a certificate.
pub struct Detail {
    pub domain_name: String,
    pub status: CertificateStatus,
    pub failure: Option<String>,
    pub method: String,
    /// Absent for the first seconds.
    pub record: Option<ResourceRecord>,
}

/// The client of the region that an ARN tells.
pub fn client_of<'a>(arn: &str, aws: &'a Aws) -> &'a aws_sdk_acm::Client {
    if region_of(arn) == EDGE_REGION { &aws.edge.acm } else { &aws.acm }
}

fn region_of(arn: &str) -> &str {
    arn.split(':').nth(3).unwrap_or_default()
}

pub async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Certificate>>> {
    let aws = listing.aws;
    let edge = aws.edge_is_elsewhere().then_some(&aws.edge.acm);
    let clients = [&aws.acm].into_iter().chain(edge);
    let found = try_join_all(clients.map(|client| of_client(client, listing))).await?;
    Ok(found.into_iter().flatten().collect())
}

async fn of_client(
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
    let ours = |found: &CertificateSummary| found.r#type == Some(CertificateType::AmazonIssued);
    let arns = found.into_iter().filter(ours).filter_map(|found| found.certificate_arn);
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
        Some(record) => stands(&zone, record, aws).await?,
        None => false,
    };
    let condition = match &detail.status {
        CertificateStatus::Issued => Condition::Ready,
        CertificateStatus::PendingValidation => {
            Condition::Converging(detail.status.as_str().to_string())
        }
        status => {
            Condition::Failed(format!("{status} {}", detail.failure.clone().unwrap_or_default()))
        }
    };
    let option = Validation {
        domain_name: detail.domain_name.clone(),
        hosted_zone_id: validated.then(|| zone.clone()),
    };
    Ok(Some(Live {
        id: owner.id,
        component: owner.component,
        spec: Certificate {
            domain_name: detail.domain_name,
            validation_method: detail.method,
            domain_validation_options: vec![option],
            region: region_of(&arn).to_string(),
            tags,
        },
        outputs: outputs(arn.clone(), &zone),
        handle: arn,
        condition,
    }))
}

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

/// Whether the record is in a zone as ACM wants it.
pub async fn stands(zone: &str, record: &ResourceRecord, aws: &Aws) -> Result<bool> {
    if zone.is_empty() {
        return Ok(false);
    }
    let found = aws.record(zone, &record.name, RrType::Cname).await?;
    let values = found.and_then(|found| found.resource_records).unwrap_or_default();
    Ok(values.iter().any(|value| plain_name(&value.value) == plain_name(&record.value)))
}
