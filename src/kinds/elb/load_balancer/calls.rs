use super::{Attributes, LoadBalancer, OfLoadBalancer, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elb::calls::to_elb;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_elasticloadbalancingv2::types::{
    self, IpAddressType, LoadBalancerAttribute, LoadBalancerStateEnum, LoadBalancerTypeEnum,
};
use futures::future::try_join_all;
use std::collections::BTreeSet;

impl Calls for LoadBalancer {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| aws.elb.describe_load_balancers().set_marker(marker).send();
        let mut found = aws
            .pages("elasticloadbalancing:DescribeLoadBalancers", call, |page| {
                (page.next_marker, page.load_balancers)
            })
            .await?;
        // The quota counts application load balancers only.
        found.retain(|balancer| {
            balancer.r#type == Some(LoadBalancerTypeEnum::Application)
                && listing.is_ours::<Self>(balancer.load_balancer_name().unwrap_or_default())
        });
        let arns: Vec<String> = found.iter().filter_map(|b| b.load_balancer_arn.clone()).collect();
        let mut tags = aws.elb_tags(&arns).await?;
        let live = found.into_iter().filter_map(|balancer| {
            let tags = tags.remove(balancer.load_balancer_arn()?)?;
            Some(read(tags, balancer, listing))
        });
        Ok(try_join_all(live.collect::<Vec<_>>()).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.refuse_namesake(aws).await?;
        let call = || {
            aws.elb
                .create_load_balancer()
                .name(&self.name)
                .r#type(self.type_name.as_str().into())
                .scheme(self.scheme.as_str().into())
                .ip_address_type(self.ip_address_type.as_str().into())
                .set_subnets(Some(self.subnets.iter().cloned().collect()))
                .set_security_groups(Some(self.security_groups.iter().cloned().collect()))
                .set_tags(Some(to_elb(&self.tags)))
                .send()
        };
        let created = aws.once("elasticloadbalancing:CreateLoadBalancer", call).await?;
        let created = created.load_balancers.and_then(|mut balancers| balancers.pop());
        Ok(created.map(|balancer| outputs_of(&balancer)).unwrap_or_default())
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let call = || aws.elb.describe_load_balancers().load_balancer_arns(&outputs["arn"]).send();
        let found = aws.safe("elasticloadbalancing:DescribeLoadBalancers", call).await.found()?;
        let found = found.and_then(|page| page.load_balancers?.pop()?.state);
        let Some(state) = found else { return Ok(Progress::not_visible()) };
        match state.code {
            Some(LoadBalancerStateEnum::Active | LoadBalancerStateEnum::ActiveImpaired) => {
                Ok(Progress::Done)
            }
            Some(LoadBalancerStateEnum::Failed) => {
                let reason = state.reason.unwrap_or_default();
                Err(CloudError::refused(format!("the load balancer failed: {reason}")))
            }
            state => Ok(Progress::Waiting(state.map_or_else(String::new, |s| s.to_string()))),
        }
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        let arn = &outputs["arn"];
        let live = attributes(arn, aws).await?;
        self.set_attributes(arn, &live, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (arn, was) = (&live.handle, &live.spec);
        let ip_address_type = IpAddressType::from(self.ip_address_type.as_str());
        if self.subnets != was.subnets {
            // One call sets both if both change: dual stack requires subnets with IPv6.
            let subnets = || Some(self.subnets.iter().cloned().collect());
            let set = || aws.elb.set_subnets().load_balancer_arn(arn).set_subnets(subnets());
            let call = || set().ip_address_type(ip_address_type.clone()).send();
            aws.safe("elasticloadbalancing:SetSubnets", call).await?;
        } else if self.ip_address_type != was.ip_address_type {
            let set = || aws.elb.set_ip_address_type().load_balancer_arn(arn);
            let call = || set().ip_address_type(ip_address_type.clone()).send();
            aws.safe("elasticloadbalancing:SetIpAddressType", call).await?;
        }
        if self.security_groups != was.security_groups {
            let groups = || Some(self.security_groups.iter().cloned().collect());
            let set = || aws.elb.set_security_groups().load_balancer_arn(arn);
            let call = || set().set_security_groups(groups()).send();
            aws.safe("elasticloadbalancing:SetSecurityGroups", call).await?;
        }
        self.set_attributes(arn, &was.load_balancer_attributes, aws).await?;
        aws.retag_elb(arn, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.elb.delete_load_balancer().load_balancer_arn(&live.handle).send();
        aws.delete("elasticloadbalancing:DeleteLoadBalancer", call).await
    }
}

impl LoadBalancer {
    /// CreateLoadBalancer returns an existing load balancer of the same name and settings, whatever stack
    /// owns it, so this checks first.
    async fn refuse_namesake(&self, aws: &Aws) -> Result<()> {
        let call = || aws.elb.describe_load_balancers().names(&self.name).send();
        let found = aws.safe("elasticloadbalancing:DescribeLoadBalancers", call).await.found()?;
        let found = found.and_then(|page| page.load_balancers).unwrap_or_default();
        if found.is_empty() {
            return Ok(());
        }
        let (operation, code) =
            ("elasticloadbalancing:CreateLoadBalancer", "DuplicateLoadBalancerName");
        Err(CloudError::namesake(operation, code, "load balancer", &self.name))
    }

    async fn set_attributes(
        &self,
        arn: &str,
        live: &Attributes<OfLoadBalancer>,
        aws: &Aws,
    ) -> Result<()> {
        let changed = self.load_balancer_attributes.changed_from(live);
        if changed.is_empty() {
            return Ok(());
        }
        let attribute = |(key, value): &(String, String)| {
            LoadBalancerAttribute::builder().key(key).value(value).build()
        };
        let attributes = || Some(changed.iter().map(attribute).collect());
        let modify = || aws.elb.modify_load_balancer_attributes().load_balancer_arn(arn);
        let call = || modify().set_attributes(attributes()).send();
        aws.safe("elasticloadbalancing:ModifyLoadBalancerAttributes", call).await?;
        Ok(())
    }
}

async fn attributes(arn: &str, aws: &Aws) -> Result<Attributes<OfLoadBalancer>> {
    let call = || aws.elb.describe_load_balancer_attributes().load_balancer_arn(arn).send();
    let found =
        aws.safe("elasticloadbalancing:DescribeLoadBalancerAttributes", call).await.found()?;
    let found = found.and_then(|found| found.attributes).unwrap_or_default();
    let pair = |attribute: LoadBalancerAttribute| Some((attribute.key?, attribute.value?));
    Ok(Attributes::new(found.into_iter().filter_map(pair)))
}

fn outputs_of(balancer: &types::LoadBalancer) -> Outputs {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    outputs(
        text(&balancer.load_balancer_arn),
        text(&balancer.load_balancer_name),
        text(&balancer.dns_name),
        text(&balancer.canonical_hosted_zone_id),
    )
}

async fn read(
    tags: Tags,
    balancer: types::LoadBalancer,
    listing: &Listing<'_>,
) -> Result<Option<Live<LoadBalancer>>> {
    let owner = listing.owner::<LoadBalancer>(balancer.load_balancer_name(), &tags);
    let (Some(owner), Some(arn)) = (owner, balancer.load_balancer_arn()) else { return Ok(None) };
    let zones = balancer.availability_zones.as_deref().unwrap_or_default();
    let text = |value: Option<&str>| value.unwrap_or_default().to_string();
    let spec = LoadBalancer {
        name: text(balancer.load_balancer_name.as_deref()),
        type_name: text(balancer.r#type.as_ref().map(|t| t.as_str())),
        scheme: text(balancer.scheme.as_ref().map(|s| s.as_str())),
        ip_address_type: text(balancer.ip_address_type.as_ref().map(|t| t.as_str())),
        subnets: zones.iter().filter_map(|zone| zone.subnet_id.clone()).collect(),
        security_groups: BTreeSet::from_iter(balancer.security_groups.clone().unwrap_or_default()),
        load_balancer_attributes: attributes(arn, listing.aws).await?,
        tags,
    };
    let condition = match balancer.state.clone().map(|state| (state.code, state.reason)) {
        Some((Some(LoadBalancerStateEnum::Provisioning), _)) => {
            Condition::Converging("provisioning".into())
        }
        Some((Some(LoadBalancerStateEnum::Failed), reason)) => {
            Condition::Failed(reason.unwrap_or_default())
        }
        _ => Condition::Ready,
    };
    Ok(Some(Live { condition, ..owner.live(arn, spec, outputs_of(&balancer)) }))
}
