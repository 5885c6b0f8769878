//! The security group that CloudFront creates in a VPC for all VPC origins there.
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use aws_sdk_ec2::types::Filter;
use aws_sdk_elasticloadbalancingv2::types::LoadBalancer;
use std::collections::BTreeMap;

/// Its name, the same in every VPC.
pub const NAME: &str = "CloudFront-VPCOrigins-Service-SG";

/// The security group ID for each load balancer, by the load balancer's ARN. A load balancer that
/// was deleted, or whose VPC does not have the group yet, is left out.
pub async fn groups(balancers: &[String], aws: &Aws) -> Result<BTreeMap<String, String>> {
    let (vpcs, groups) = futures::try_join!(vpcs(balancers, aws), by_vpc(aws))?;
    let group = |(arn, vpc): (String, String)| Some((arn, groups.get(&vpc)?.clone()));
    Ok(vpcs.into_iter().filter_map(group).collect())
}

/// The maximum number of ARNs in one DescribeLoadBalancers call.
const AT_ONCE: usize = 20;

/// The load balancers' ARNs, each with the ID of its VPC.
async fn vpcs(balancers: &[String], aws: &Aws) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for arns in balancers.chunks(AT_ONCE) {
        found.extend(vpcs_of(arns, aws).await?);
    }
    Ok(found)
}

/// One deleted load balancer fails the call for all, so they are then read one by one.
async fn vpcs_of(arns: &[String], aws: &Aws) -> Result<Vec<(String, String)>> {
    let call = || {
        let describe = aws.elb.describe_load_balancers();
        describe.set_load_balancer_arns(Some(arns.to_vec())).send()
    };
    let found = aws.safe("elasticloadbalancing:DescribeLoadBalancers", call).await.found()?;
    if let Some(page) = found {
        let balancers = page.load_balancers.unwrap_or_default().into_iter();
        let vpc = |balancer: LoadBalancer| Some((balancer.load_balancer_arn?, balancer.vpc_id?));
        return Ok(balancers.filter_map(vpc).collect());
    }
    let mut all = Vec::new();
    if arns.len() > 1 {
        for arn in arns {
            all.extend(Box::pin(vpcs_of(std::slice::from_ref(arn), aws)).await?);
        }
    }
    Ok(all)
}

/// The IDs of the groups in the region, by VPC ID.
async fn by_vpc(aws: &Aws) -> Result<BTreeMap<String, String>> {
    let name = Filter::builder().name("group-name").values(NAME).build();
    let call = |token| {
        let describe = aws.ec2.describe_security_groups().filters(name.clone());
        describe.set_next_token(token).send()
    };
    let found = aws
        .pages("ec2:DescribeSecurityGroups", call, |page| (page.next_token, page.security_groups))
        .await?;
    Ok(found.into_iter().filter_map(|group| Some((group.vpc_id?, group.group_id?))).collect())
}
