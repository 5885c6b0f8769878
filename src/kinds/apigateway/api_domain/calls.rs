use super::{ApiDomain, Mapping, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::apigateway::calls::{PAGE, from_apigateway, replace, to_apigateway};
use crate::kinds::apigateway::rest_api::Endpoint;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_apigateway::types::{self, DomainNameStatus, SecurityPolicy};
use futures::future::try_join_all;

/// The base path of a mapping of all paths.
const ALL_PATHS: &str = "(none)";

impl Calls for ApiDomain {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call =
            |position| aws.apigateway.get_domain_names().limit(PAGE).set_position(position).send();
        let found = aws
            .pages("apigateway:GetDomainNames", call, |page| (page.position, page.items))
            .await?;
        let found = found.into_iter().map(|domain| read(domain, listing));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.apigateway
                .create_domain_name()
                .domain_name(&self.domain_name)
                .regional_certificate_arn(&self.regional_certificate_arn)
                .security_policy(SecurityPolicy::from(self.security_policy.as_str()))
                .endpoint_configuration(self.endpoint_configuration.to_sdk())
                .set_tags(Some(to_apigateway(&self.tags)))
                .send()
        };
        let created = aws.once("apigateway:CreateDomainName", call).await?;
        let target = created.regional_domain_name.unwrap_or_default();
        let zone = created.regional_hosted_zone_id.unwrap_or_default();
        Ok(outputs(&self.domain_name, target, zone))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let name = &outputs["domain_name"];
        let call = || aws.apigateway.get_domain_name().domain_name(name).send();
        let found = aws.safe("apigateway:GetDomainName", call).await.found()?;
        match found.and_then(|found| found.domain_name_status) {
            Some(DomainNameStatus::Available) => Ok(Progress::Done),
            Some(status @ DomainNameStatus::Failed) => {
                Err(CloudError::refused(format!("the API domain {name} is {status}")))
            }
            Some(status) => Ok(Progress::Waiting(status.as_str().to_lowercase())),
            None => Ok(Progress::not_visible()),
        }
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.set_mapping(None, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let was = &live.spec;
        let mut patches = Vec::new();
        if self.regional_certificate_arn != was.regional_certificate_arn {
            patches.push(replace("/regionalCertificateArn", &self.regional_certificate_arn));
        }
        if self.security_policy != was.security_policy {
            patches.push(replace("/securityPolicy", &self.security_policy));
        }
        let (wanted, current) = (&self.endpoint_configuration, &was.endpoint_configuration);
        if wanted.ip_address_type != current.ip_address_type {
            let path = "/endpointConfiguration/ipAddressType";
            patches.push(replace(path, &wanted.ip_address_type));
        }
        if !patches.is_empty() {
            let update = || aws.apigateway.update_domain_name().domain_name(&self.domain_name);
            let call = || update().set_patch_operations(Some(patches.clone())).send();
            aws.safe("apigateway:UpdateDomainName", call).await?;
        }
        self.set_mapping(was.mapping.as_ref(), aws).await?;
        let arn = aws.apigateway_arn(&format!("/domainnames/{}", self.domain_name));
        aws.retag_apigateway(&arn, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.domain_name;
        if live.spec.mapping.is_some() {
            delete_mapping(name, aws).await?;
        }
        let call = || aws.apigateway.delete_domain_name().domain_name(name).send();
        aws.delete("apigateway:DeleteDomainName", call).await
    }
}

async fn delete_mapping(domain: &str, aws: &Aws) -> Result<()> {
    let delete = || aws.apigateway.delete_base_path_mapping().domain_name(domain);
    let call = || delete().base_path(ALL_PATHS).send();
    aws.delete("apigateway:DeleteBasePathMapping", call).await.map(drop)
}

impl ApiDomain {
    /// Brings the mapping from `live` to the spec's.
    async fn set_mapping(&self, live: Option<&Mapping>, aws: &Aws) -> Result<()> {
        let domain = &self.domain_name;
        match (&self.mapping, live) {
            (Some(wanted), None) => {
                let call = || {
                    aws.apigateway
                        .create_base_path_mapping()
                        .domain_name(domain)
                        .rest_api_id(&wanted.rest_api_id)
                        .stage(&wanted.stage)
                        .send()
                };
                let created = aws.safe("apigateway:CreateBasePathMapping", call).await;
                created.allow(&["ConflictException"])
            }
            (Some(wanted), Some(live)) if wanted != live => {
                let patches = || {
                    let api = replace("/restapiId", &wanted.rest_api_id);
                    vec![api, replace("/stage", &wanted.stage)]
                };
                let call = || {
                    aws.apigateway
                        .update_base_path_mapping()
                        .domain_name(domain)
                        .base_path(ALL_PATHS)
                        .set_patch_operations(Some(patches()))
                        .send()
                };
                aws.safe("apigateway:UpdateBasePathMapping", call).await.map(drop)
            }
            (None, Some(_)) => delete_mapping(domain, aws).await,
            _ => Ok(()),
        }
    }
}

/// The mapping of all paths of a domain.
async fn mapping(domain: &str, aws: &Aws) -> Result<Option<Mapping>> {
    let get = || aws.apigateway.get_base_path_mappings().domain_name(domain).limit(PAGE);
    let call = || get().send();
    let found = aws.safe("apigateway:GetBasePathMappings", call).await.found()?;
    let all = found.and_then(|found| found.items).unwrap_or_default();
    let found = all.into_iter().find(|mapping| mapping.base_path() == Some(ALL_PATHS));
    Ok(found.and_then(|found| {
        Some(Mapping { rest_api_id: found.rest_api_id?, stage: found.stage.unwrap_or_default() })
    }))
}

/// A listed domain, if it is the stack's.
async fn read(domain: types::DomainName, listing: &Listing<'_>) -> Result<Option<Live<ApiDomain>>> {
    let Some(name) = domain.domain_name.clone() else { return Ok(None) };
    let tags = from_apigateway(domain.tags());
    let Some(owner) = listing.owner::<ApiDomain>(Some(&name), &tags) else { return Ok(None) };
    let condition = match domain.domain_name_status() {
        Some(DomainNameStatus::Available) | None => Condition::Ready,
        Some(DomainNameStatus::Failed) => {
            Condition::Failed(domain.domain_name_status_message().unwrap_or_default().into())
        }
        Some(status) => Condition::Converging(status.as_str().to_lowercase()),
    };
    let policy = domain.security_policy().map(|policy| policy.as_str().to_string());
    let spec = ApiDomain {
        domain_name: name.clone(),
        regional_certificate_arn: domain.regional_certificate_arn().unwrap_or_default().into(),
        security_policy: policy.unwrap_or_default(),
        endpoint_configuration: Endpoint::from_sdk(domain.endpoint_configuration()),
        mapping: mapping(&name, listing.aws).await?,
        tags,
    };
    let target = domain.regional_domain_name.unwrap_or_default();
    let zone = domain.regional_hosted_zone_id.unwrap_or_default();
    let outputs = outputs(&name, target, zone);
    Ok(Some(Live { condition, ..owner.live(name, spec, outputs) }))
}
