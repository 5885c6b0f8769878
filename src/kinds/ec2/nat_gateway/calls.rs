use super::{NatGateway, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, stack_filter, tag_specification};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, ConnectivityType, NatGatewayState, ResourceType};

impl Calls for NatGateway {
    /// Leaves out deleted and failed NAT gateways. AWS returns both for an hour and then removes
    /// them. <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html>
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            aws.ec2
                .describe_nat_gateways()
                .filter(stack_filter(listing.stack))
                .filter(
                    types::Filter::builder()
                        .name("state")
                        .values("pending")
                        .values("available")
                        .build(),
                )
                .set_next_token(token)
                .send()
        };
        let found = aws
            .pages("ec2:DescribeNatGateways", call, |page| (page.next_token, page.nat_gateways))
            .await?;
        Ok(found.into_iter().filter_map(|gateway| read(gateway, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let token = aws.token();
        let call = || {
            aws.ec2
                .create_nat_gateway()
                .subnet_id(&self.subnet_id)
                .set_allocation_id(self.allocation_id.clone())
                .connectivity_type(ConnectivityType::from(self.connectivity_type.as_str()))
                .client_token(&token)
                .tag_specifications(tag_specification(&self.tags, ResourceType::Natgateway))
                .send()
        };
        let created = aws.safe("ec2:CreateNatGateway", call).await?.nat_gateway;
        Ok(outputs(created.and_then(|gateway| gateway.nat_gateway_id).unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let id = &outputs["id"];
        let Some(gateway) = find(id, aws).await? else {
            return Ok(Progress::not_visible());
        };
        match gateway.state {
            Some(NatGatewayState::Available) => Ok(Progress::Done),
            Some(NatGatewayState::Failed) => Err(failure(id, &gateway)),
            Some(state @ (NatGatewayState::Deleting | NatGatewayState::Deleted)) => {
                Err(CloudError::refused(format!(
                    "NAT gateway {id} is {state} and cannot become available"
                )))
            }
            state => Ok(Progress::Waiting(text(state))),
        }
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let state = match find(&live.handle, aws).await? {
            Some(gateway) => gateway.state,
            None => return Ok(Progress::Done),
        };
        match state {
            Some(NatGatewayState::Deleted) => Ok(Progress::Done),
            Some(NatGatewayState::Deleting) => Ok(Progress::Waiting("deleting".into())),
            _ => {
                let call = || aws.ec2.delete_nat_gateway().nat_gateway_id(&live.handle).send();
                let deletion = aws.safe("ec2:DeleteNatGateway", call).await.found()?;
                Ok(match deletion {
                    Some(_) => Progress::Waiting("deleting".into()),
                    None => Progress::Done,
                })
            }
        }
    }
}

async fn find(id: &str, aws: &Aws) -> Result<Option<types::NatGateway>> {
    let call = || aws.ec2.describe_nat_gateways().nat_gateway_ids(id).send();
    let found = aws.safe("ec2:DescribeNatGateways", call).await.found()?;
    Ok(found.and_then(|page| page.nat_gateways?.pop()))
}

fn failure(id: &str, gateway: &types::NatGateway) -> CloudError {
    let reason = gateway.failure_message().unwrap_or("AWS returns no reason");
    let code = gateway.failure_code().unwrap_or_default().to_string();
    CloudError { code, ..CloudError::refused(format!("NAT gateway {id} failed: {reason}")) }
}

fn text(state: Option<NatGatewayState>) -> String {
    state.map(|state| state.as_str().to_string()).unwrap_or_default()
}

fn read(gateway: types::NatGateway, stack: &str) -> Option<Live<NatGateway>> {
    let tags = from_ec2(gateway.tags.as_deref());
    let owner = tags::owner::<NatGateway>(&tags, stack)?;
    let handle = gateway.nat_gateway_id?;
    let condition = match gateway.state {
        Some(NatGatewayState::Available) => Condition::Ready,
        Some(NatGatewayState::Pending) => Condition::Converging("pending".into()),
        _ => return None,
    };
    let connectivity = gateway.connectivity_type.unwrap_or(ConnectivityType::Public);
    let outputs = outputs(handle.clone());
    let spec = NatGateway {
        subnet_id: gateway.subnet_id.unwrap_or_default(),
        allocation_id: primary(gateway.nat_gateway_addresses),
        connectivity_type: connectivity.as_str().to_string(),
        tags,
    };
    Some(Live { condition, ..owner.live(handle, spec, outputs) })
}

/// The address that the NAT gateway was created with. tenfold does not manage addresses that were
/// added later.
fn primary(addresses: Option<Vec<types::NatGatewayAddress>>) -> Option<String> {
    let first = |address: &types::NatGatewayAddress| address.is_primary != Some(false);
    addresses?.into_iter().find(first)?.allocation_id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::ec2::calls::to_ec2;
    use crate::tags::{NAME, STACK};

    fn gateway(state: NatGatewayState) -> types::NatGateway {
        let address = |id: &str, primary| {
            types::NatGatewayAddress::builder().allocation_id(id).is_primary(primary).build()
        };
        let tags = [(STACK, "shop"), (NAME, "a")].into_iter().collect();
        types::NatGateway::builder()
            .nat_gateway_id("nat-1")
            .subnet_id("subnet-1")
            .nat_gateway_addresses(address("eipalloc-2", false))
            .nat_gateway_addresses(address("eipalloc-1", true))
            .set_tags(Some(to_ec2(&tags)))
            .failure_code("Gateway.NotAttached")
            .failure_message("Network vpc-1 has no Internet gateway attached")
            .state(state)
            .build()
    }

    #[test]
    fn omits_deleted_and_failed_gateways() {
        let live = |state| read(gateway(state), "shop");
        assert!(
            live(NatGatewayState::Deleted).is_none() && live(NatGatewayState::Failed).is_none()
        );
        assert!(read(gateway(NatGatewayState::Available), "other").is_none());
        let available = live(NatGatewayState::Available).unwrap();
        assert_eq!(available.spec.allocation_id.as_deref(), Some("eipalloc-1"));
        assert_eq!(available.spec.connectivity_type, "public");
        let pending = live(NatGatewayState::Pending).unwrap();
        assert_eq!(pending.condition, Condition::Converging("pending".into()));
    }

    #[test]
    fn error_contains_failure_code_and_reason() {
        let error = failure("nat-1", &gateway(NatGatewayState::Failed)).to_string();
        let expected = "Gateway.NotAttached: NAT gateway nat-1 failed: \
                      Network vpc-1 has no Internet gateway attached";
        assert_eq!(error, expected);
    }
}
