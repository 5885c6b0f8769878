use super::{Attributes, Matcher, OfTargetGroup, TargetGroup, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elb::calls::to_elb;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_elasticloadbalancingv2::types::{self, TargetGroupAttribute};
use futures::future::try_join_all;

impl Calls for TargetGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| aws.elb.describe_target_groups().set_marker(marker).send();
        let mut found = aws
            .pages("elasticloadbalancing:DescribeTargetGroups", call, |page| {
                (page.next_marker, page.target_groups)
            })
            .await?;
        found
            .retain(|group| listing.is_ours::<Self>(group.target_group_name().unwrap_or_default()));
        let arns: Vec<String> = found.iter().filter_map(|g| g.target_group_arn.clone()).collect();
        let mut tags = aws.elb_tags(&arns).await?;
        let live = found.into_iter().filter_map(|group| {
            let tags = tags.remove(group.target_group_arn()?)?;
            Some(read(tags, group, listing))
        });
        Ok(try_join_all(live.collect::<Vec<_>>()).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.refuse_namesake(aws).await?;
        let call = || {
            aws.elb
                .create_target_group()
                .name(&self.name)
                .port(self.port)
                .protocol(self.protocol.as_str().into())
                .protocol_version(&self.protocol_version)
                .vpc_id(&self.vpc_id)
                .target_type(self.target_type.as_str().into())
                .ip_address_type(self.ip_address_type.as_str().into())
                .health_check_enabled(self.health_check_enabled)
                .health_check_path(&self.health_check_path)
                .health_check_port(&self.health_check_port)
                .health_check_protocol(self.health_check_protocol.as_str().into())
                .health_check_interval_seconds(self.health_check_interval_seconds)
                .health_check_timeout_seconds(self.health_check_timeout_seconds)
                .healthy_threshold_count(self.healthy_threshold_count)
                .unhealthy_threshold_count(self.unhealthy_threshold_count)
                .matcher(matcher(&self.matcher))
                .set_tags(Some(to_elb(&self.tags)))
                .send()
        };
        let created = aws.once("elasticloadbalancing:CreateTargetGroup", call).await?;
        let created = created.target_groups.and_then(|mut groups| groups.pop());
        let arn = created.and_then(|group| group.target_group_arn).unwrap_or_default();
        Ok(outputs(arn, self.name.clone()))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        let arn = &outputs["arn"];
        let live = attributes(arn, aws).await?;
        self.set_attributes(arn, &live, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (arn, was) = (&live.handle, &live.spec);
        if self.differs_in_health_check(was) {
            let call = || {
                aws.elb
                    .modify_target_group()
                    .target_group_arn(arn)
                    .health_check_enabled(self.health_check_enabled)
                    .health_check_path(&self.health_check_path)
                    .health_check_port(&self.health_check_port)
                    .health_check_protocol(self.health_check_protocol.as_str().into())
                    .health_check_interval_seconds(self.health_check_interval_seconds)
                    .health_check_timeout_seconds(self.health_check_timeout_seconds)
                    .healthy_threshold_count(self.healthy_threshold_count)
                    .unhealthy_threshold_count(self.unhealthy_threshold_count)
                    .matcher(matcher(&self.matcher))
                    .send()
            };
            aws.safe("elasticloadbalancing:ModifyTargetGroup", call).await?;
        }
        self.set_attributes(arn, &was.target_group_attributes, aws).await?;
        aws.retag_elb(arn, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.elb.delete_target_group().target_group_arn(&live.handle).send();
        aws.delete("elasticloadbalancing:DeleteTargetGroup", call).await
    }
}

impl TargetGroup {
    /// CreateTargetGroup returns an existing target group of the same name and settings, whatever stack
    /// owns it, so this checks first.
    async fn refuse_namesake(&self, aws: &Aws) -> Result<()> {
        let call = || aws.elb.describe_target_groups().names(&self.name).send();
        let found = aws.safe("elasticloadbalancing:DescribeTargetGroups", call).await.found()?;
        if found.and_then(|page| page.target_groups).unwrap_or_default().is_empty() {
            return Ok(());
        }
        let (operation, code) =
            ("elasticloadbalancing:CreateTargetGroup", "DuplicateTargetGroupName");
        Err(CloudError::namesake(operation, code, "target group", &self.name))
    }

    fn differs_in_health_check(&self, was: &TargetGroup) -> bool {
        let numbers = |of: &TargetGroup| {
            [
                of.health_check_interval_seconds,
                of.health_check_timeout_seconds,
                of.healthy_threshold_count,
                of.unhealthy_threshold_count,
            ]
        };
        self.health_check_enabled != was.health_check_enabled
            || self.health_check_path != was.health_check_path
            || self.health_check_port != was.health_check_port
            || self.health_check_protocol != was.health_check_protocol
            || numbers(self) != numbers(was)
            || self.matcher != was.matcher
    }

    async fn set_attributes(
        &self,
        arn: &str,
        live: &Attributes<OfTargetGroup>,
        aws: &Aws,
    ) -> Result<()> {
        let changed = self.target_group_attributes.changed_from(live);
        if changed.is_empty() {
            return Ok(());
        }
        let attribute = |(key, value): &(String, String)| {
            TargetGroupAttribute::builder().key(key).value(value).build()
        };
        let attributes = || Some(changed.iter().map(attribute).collect());
        let modify = || aws.elb.modify_target_group_attributes().target_group_arn(arn);
        let call = || modify().set_attributes(attributes()).send();
        aws.safe("elasticloadbalancing:ModifyTargetGroupAttributes", call).await?;
        Ok(())
    }
}

fn matcher(matcher: &Matcher) -> types::Matcher {
    types::Matcher::builder()
        .set_http_code(matcher.http_code.clone())
        .set_grpc_code(matcher.grpc_code.clone())
        .build()
}

async fn attributes(arn: &str, aws: &Aws) -> Result<Attributes<OfTargetGroup>> {
    let call = || aws.elb.describe_target_group_attributes().target_group_arn(arn).send();
    let found =
        aws.safe("elasticloadbalancing:DescribeTargetGroupAttributes", call).await.found()?;
    let found = found.and_then(|found| found.attributes).unwrap_or_default();
    let pair = |attribute: TargetGroupAttribute| Some((attribute.key?, attribute.value?));
    Ok(Attributes::new(found.into_iter().filter_map(pair)))
}

async fn read(
    tags: Tags,
    group: types::TargetGroup,
    listing: &Listing<'_>,
) -> Result<Option<Live<TargetGroup>>> {
    let owner = listing.owner::<TargetGroup>(group.target_group_name(), &tags);
    let (Some(owner), Some(arn)) = (owner, group.target_group_arn) else { return Ok(None) };
    let protocol = |protocol: Option<types::ProtocolEnum>| {
        protocol.map_or_else(String::new, |protocol| protocol.as_str().into())
    };
    let matcher = group.matcher.unwrap_or_else(|| types::Matcher::builder().build());
    let target_type = group.target_type.map_or_else(String::new, |t| t.as_str().into());
    let ip_address_type = group.ip_address_type.map_or_else(String::new, |t| t.as_str().into());
    let name = group.target_group_name.unwrap_or_default();
    let spec = TargetGroup {
        name: name.clone(),
        port: group.port.unwrap_or_default(),
        protocol: protocol(group.protocol),
        protocol_version: group.protocol_version.unwrap_or_default(),
        vpc_id: group.vpc_id.unwrap_or_default(),
        target_type,
        ip_address_type,
        health_check_enabled: group.health_check_enabled.unwrap_or_default(),
        health_check_path: group.health_check_path.unwrap_or_default(),
        health_check_port: group.health_check_port.unwrap_or_default(),
        health_check_protocol: protocol(group.health_check_protocol),
        health_check_interval_seconds: group.health_check_interval_seconds.unwrap_or_default(),
        health_check_timeout_seconds: group.health_check_timeout_seconds.unwrap_or_default(),
        healthy_threshold_count: group.healthy_threshold_count.unwrap_or_default(),
        unhealthy_threshold_count: group.unhealthy_threshold_count.unwrap_or_default(),
        matcher: Matcher { http_code: matcher.http_code, grpc_code: matcher.grpc_code },
        target_group_attributes: attributes(&arn, listing.aws).await?,
        tags,
    };
    Ok(Some(owner.live(arn.clone(), spec, outputs(arn, name))))
}
