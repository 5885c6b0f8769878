//! The security group that CloudFront makes in a VPC for all its origins there.
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use aws_sdk_ec2::types::Filter;
use std::collections::BTreeMap;

/// Its name, the same in every VPC.
const GROUP: &str = "CloudFront-VPCOrigins-Service-SG";

/// The group of each load balancer's VPC, by the balancer's ARN; where there is none yet, or the
/// balancer has gone, nothing.
pub async fn groups(balancers: &[String], aws: &Aws) -> Result<BTreeMap<String, String>> {
    let (vpcs, groups) = futures::try_join!(vpcs(balancers, aws), by_vpc(aws))?;
    let group = |(arn, vpc): (String, String)| Some((arn, groups.get(&vpc)?.clone()));
    Ok(vpcs.into_iter().filter_map(group).collect())
}

/// How many load balancers are asked for by name at once, at most.
const AT_ONCE: usize = 20;

async fn vpcs(balancers: &[String], aws: &Aws) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for arns in balancers.chunks(AT_ONCE) {
        found.extend(vpcs_of(arns, aws).await?);
    }
    Ok(found)
}

/// One that has gone spoils the call for all: they are then asked for one by one.
async fn vpcs_of(arns: &[String], aws: &Aws) -> Result<Vec<(String, String)>> {
    let call = || {
        let call = aws.elb.describe_load_balancers();
        call.set_load_balancer_arns(Some(arns.to_vec())).send()
    };
    let found = aws.safe("elasticloadbalancing:DescribeLoadBalancers", call).await.found()?;
    if let Some(page) = found {
        let balancers = page.load_balancers.unwrap_or_default().into_iter();
        return Ok(balancers.filter_map(|of| Some((of.load_balancer_arn?, of.vpc_id?))).collect());
    }
    let mut all = Vec::new();
    if arns.len() > 1 {
        for arn in arns {
            all.extend(Box::pin(vpcs_of(std::slice::from_ref(arn), aws)).await?);
        }
    }
    Ok(all)
}

async fn by_vpc(aws: &Aws) -> Result<BTreeMap<String, String>> {
    let name = Filter::builder().name("group-name").values(GROUP).build();
    let call = |token| {
        let call = aws.ec2.describe_security_groups().filters(name.clone());
        call.set_next_token(token).send()
    };
    let found = aws
        .pages("ec2:DescribeSecurityGroups", call, |page| (page.next_token, page.security_groups))
        .await?;
    Ok(found.into_iter().filter_map(|group| Some((group.vpc_id?, group.group_id?))).collect())
}
