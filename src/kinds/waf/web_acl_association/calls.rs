use super::{WebAclAssociation, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elb::load_balancer::LoadBalancer;
use crate::kinds::waf::web_acl::{REGIONAL, WebAcl};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_wafv2::types::ResourceType;
use futures::future::{try_join, try_join_all};

impl Calls for WebAclAssociation {
    /// The resources that the stack's ACLs protect. A load balancer of another owner is left out:
    /// another owner associated it with the stack's ACL.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let acls = listing.of::<WebAcl>().await?;
        let regional = acls.iter().filter(|acl| acl.spec.scope == REGIONAL);
        let found = try_join_all(regional.map(|acl| of_acl(acl, listing))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    async fn update(&self, _live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let arn = &live.spec.resource_arn;
        // Another ACL may have replaced this one in the meantime.
        let call = || aws.waf.get_web_acl_for_resource().resource_arn(arn).send();
        let found = aws.safe("wafv2:GetWebACLForResource", call).await.found()?;
        let acl = found.and_then(|found| found.web_acl);
        if acl.is_some_and(|acl| acl.arn == live.spec.web_acl_arn) {
            let call = || aws.waf.disassociate_web_acl().resource_arn(arn).send();
            return aws.delete("wafv2:DisassociateWebACL", call).await;
        }
        Ok(Progress::Done)
    }
}

impl WebAclAssociation {
    async fn put(&self, aws: &Aws) -> Result<Outputs> {
        let associate = || aws.waf.associate_web_acl().web_acl_arn(&self.web_acl_arn);
        let call = || associate().resource_arn(&self.resource_arn).send();
        aws.safe("wafv2:AssociateWebACL", call).await?;
        Ok(outputs(self.web_acl_arn.clone()))
    }
}

async fn of_acl(acl: &Live<WebAcl>, listing: &Listing<'_>) -> Result<Vec<Live<WebAclAssociation>>> {
    let balancers = protected(acl, ResourceType::ApplicationLoadBalancer, listing.aws);
    let stages = protected(acl, ResourceType::ApiGateway, listing.aws);
    let (balancers, stages) = try_join(balancers, stages).await?;
    let mut found: Vec<_> =
        stages.into_iter().map(|arn| association(acl, acl.id.name.clone(), arn)).collect();
    if !balancers.is_empty() {
        let owned = listing.of::<LoadBalancer>().await?;
        found.extend(balancers.into_iter().filter_map(|arn| {
            let balancer = owned.iter().find(|balancer| balancer.handle == arn)?;
            Some(association(acl, format!("{}-{}", acl.id.name, balancer.id.name), arn))
        }));
    }
    Ok(found)
}

/// The ARNs of the resources of one type that an ACL protects.
async fn protected(
    acl: &Live<WebAcl>,
    resource_type: ResourceType,
    aws: &Aws,
) -> Result<Vec<String>> {
    let list = || aws.waf.list_resources_for_web_acl().web_acl_arn(&acl.handle);
    let call = || list().resource_type(resource_type.clone()).send();
    let found = aws.safe("wafv2:ListResourcesForWebACL", call).await.found()?;
    Ok(found.and_then(|found| found.resource_arns).unwrap_or_default())
}

fn association(acl: &Live<WebAcl>, name: String, resource_arn: String) -> Live<WebAclAssociation> {
    let id = Id::new(WebAclAssociation::INFO.name, &name);
    let handle = resource_arn.clone();
    let spec = WebAclAssociation { resource_arn, web_acl_arn: acl.handle.clone() };
    Owner { id, component: acl.component.clone() }.live(handle, spec, outputs(acl.handle.clone()))
}
