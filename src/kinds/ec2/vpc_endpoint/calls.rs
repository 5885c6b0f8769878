use super::{EndpointType, VpcEndpoint, outputs, policy};
use crate::aws::{Aws, all_succeeded, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, non_empty, stack_filter, tag_specification};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, ResourceType, VpcEndpointType};
use std::collections::BTreeSet;

impl Calls for VpcEndpoint {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let filter = stack_filter(listing.stack);
            aws.ec2.describe_vpc_endpoints().filters(filter).set_next_token(token).send()
        };
        let found = aws
            .pages("ec2:DescribeVpcEndpoints", call, |page| (page.next_token, page.vpc_endpoints))
            .await?;
        Ok(found.into_iter().filter_map(|endpoint| read(endpoint, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let token = aws.token();
        let call = || {
            let interface = self.vpc_endpoint_type == EndpointType::Interface;
            aws.ec2
                .create_vpc_endpoint()
                .vpc_id(&self.vpc_id)
                .service_name(&self.service_name)
                .vpc_endpoint_type(self.vpc_endpoint_type.into())
                .set_route_table_ids(non_empty(self.route_table_ids.iter().cloned()))
                .set_subnet_ids(non_empty(self.subnet_ids.iter().cloned()))
                .set_security_group_ids(non_empty(self.security_group_ids.iter().cloned()))
                .set_private_dns_enabled(interface.then_some(self.private_dns_enabled))
                .set_policy_document(self.policy_document.as_ref().map(ToString::to_string))
                .client_token(&token)
                .tag_specifications(tag_specification(&self.tags, ResourceType::VpcEndpoint))
                .send()
        };
        let created = aws.safe("ec2:CreateVpcEndpoint", call).await?.vpc_endpoint;
        Ok(outputs(created.and_then(|endpoint| endpoint.vpc_endpoint_id).unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let id = &outputs["id"];
        let Some(endpoint) = find(id, aws).await? else {
            return Ok(Progress::not_visible());
        };
        match state(&endpoint).as_str() {
            "available" => Ok(Progress::Done),
            "failed" | "rejected" | "expired" | "deleting" | "deleted" => Err(CloudError::refused(
                format!("the state of VPC endpoint {id} is {}", status(&endpoint)),
            )),
            _ => Ok(Progress::Waiting(status(&endpoint))),
        }
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.modify(live, aws).await?;
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let state = match find(&live.handle, aws).await? {
            Some(endpoint) => state(&endpoint),
            None => return Ok(Progress::Done),
        };
        match state.as_str() {
            "deleted" => return Ok(Progress::Done),
            // Its network interfaces use subnets and security groups until it is deleted.
            "deleting" => return Ok(Progress::Waiting(state)),
            _ => {}
        }
        let operation = "ec2:DeleteVpcEndpoints";
        let call = || aws.ec2.delete_vpc_endpoints().vpc_endpoint_ids(&live.handle).send();
        let response = aws.safe(operation, call).await?;
        Ok(match all_succeeded(operation, response.unsuccessful).found()? {
            Some(()) => Progress::Waiting("deleting".into()),
            None => Progress::Done,
        })
    }
}

impl VpcEndpoint {
    /// Changes all properties in one call. Makes no call if only tags differ.
    async fn modify(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        let was = &live.spec;
        let same = self.route_table_ids == was.route_table_ids
            && self.subnet_ids == was.subnet_ids
            && self.security_group_ids == was.security_group_ids
            && self.private_dns_enabled == was.private_dns_enabled
            && self.policy_document == was.policy_document;
        if same {
            return Ok(());
        }
        let added = |to: &BTreeSet<String>, from: &BTreeSet<String>| {
            non_empty(to.difference(from).cloned())
        };
        let dns = (self.private_dns_enabled != was.private_dns_enabled)
            .then_some(self.private_dns_enabled);
        let new_policy = self.policy_document != was.policy_document;
        let policy = self.policy_document.as_ref().filter(|_| new_policy);
        let call = || {
            aws.ec2
                .modify_vpc_endpoint()
                .vpc_endpoint_id(&live.handle)
                .set_add_route_table_ids(added(&self.route_table_ids, &was.route_table_ids))
                .set_remove_route_table_ids(added(&was.route_table_ids, &self.route_table_ids))
                .set_add_subnet_ids(added(&self.subnet_ids, &was.subnet_ids))
                .set_remove_subnet_ids(added(&was.subnet_ids, &self.subnet_ids))
                .set_add_security_group_ids(added(
                    &self.security_group_ids,
                    &was.security_group_ids,
                ))
                .set_remove_security_group_ids(added(
                    &was.security_group_ids,
                    &self.security_group_ids,
                ))
                .set_private_dns_enabled(dns)
                .set_policy_document(policy.map(ToString::to_string))
                .set_reset_policy((new_policy && policy.is_none()).then_some(true))
                .send()
        };
        aws.safe("ec2:ModifyVpcEndpoint", call).await.map(drop)
    }
}

impl From<EndpointType> for VpcEndpointType {
    fn from(endpoint: EndpointType) -> Self {
        match endpoint {
            EndpointType::Gateway => VpcEndpointType::Gateway,
            EndpointType::Interface => VpcEndpointType::Interface,
        }
    }
}

async fn find(id: &str, aws: &Aws) -> Result<Option<types::VpcEndpoint>> {
    let call = || aws.ec2.describe_vpc_endpoints().vpc_endpoint_ids(id).send();
    let found = aws.safe("ec2:DescribeVpcEndpoints", call).await.found()?;
    Ok(found.and_then(|page| page.vpc_endpoints?.pop()))
}

/// The state in lower case, as EC2 returns it. EC2's API model capitalises it.
fn state(endpoint: &types::VpcEndpoint) -> String {
    endpoint.state.as_ref().map(|state| state.as_str().to_lowercase()).unwrap_or_default()
}

/// The state, with the reason that AWS reports.
fn status(endpoint: &types::VpcEndpoint) -> String {
    let state = state(endpoint);
    match endpoint.last_error().and_then(|error| error.message()).or(endpoint.failure_reason()) {
        Some(reason) => format!("{state}: {reason}"),
        None => state,
    }
}

fn read(endpoint: types::VpcEndpoint, stack: &str) -> Option<Live<VpcEndpoint>> {
    let tags = from_ec2(endpoint.tags.as_deref());
    let owner = tags::owner::<VpcEndpoint>(&tags, stack)?;
    let condition = match state(&endpoint).as_str() {
        "deleting" | "deleted" => return None,
        "available" => Condition::Ready,
        "failed" | "rejected" | "expired" => Condition::Failed(status(&endpoint)),
        _ => Condition::Converging(status(&endpoint)),
    };
    let handle = endpoint.vpc_endpoint_id?;
    let set = |ids: Option<Vec<String>>| ids.unwrap_or_default().into_iter().collect();
    let groups = endpoint.groups.unwrap_or_default().into_iter();
    let outputs = outputs(handle.clone());
    let spec = VpcEndpoint {
        vpc_id: endpoint.vpc_id.unwrap_or_default(),
        service_name: endpoint.service_name.unwrap_or_default(),
        vpc_endpoint_type: match endpoint.vpc_endpoint_type {
            Some(VpcEndpointType::Interface) => EndpointType::Interface,
            _ => EndpointType::Gateway,
        },
        route_table_ids: set(endpoint.route_table_ids),
        subnet_ids: set(endpoint.subnet_ids),
        security_group_ids: groups.filter_map(|group| group.group_id).collect(),
        private_dns_enabled: endpoint.private_dns_enabled == Some(true),
        policy_document: endpoint.policy_document.as_deref().and_then(policy),
        tags,
    };
    Some(Live { condition, ..owner.live(handle, spec, outputs) })
}
