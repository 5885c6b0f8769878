//! What keeps a part of a network from being deleted. The interfaces of load balancers, NAT
//! gateways and endpoints outlive these by minutes, and AWS says no more than "has dependencies".
use crate::aws::Aws;
use crate::error::{Class, Result};
use crate::resource::Progress;
use aws_sdk_ec2::types::{Filter, NetworkInterface};

impl Aws {
    /// How a deletion went: gone is done, and where AWS says "in use" the network interfaces that
    /// the filters of DescribeNetworkInterfaces find are named as what it waits for.
    pub async fn deleted_or_held<T>(
        &self,
        deletion: Result<T>,
        filters: &[(&str, &str)],
    ) -> Result<Progress> {
        match deletion {
            Ok(_) => Ok(Progress::Done),
            Err(error) => match error.class {
                Class::NotFound => Ok(Progress::Done),
                Class::InUse => match self.holder(filters).await {
                    Some(holder) => Ok(Progress::Waiting(holder)),
                    None => Err(error),
                },
                _ => Err(error),
            },
        }
    }

    /// What holds it, if an interface does. That it cannot be told is no reason to fail.
    async fn holder(&self, filters: &[(&str, &str)]) -> Option<String> {
        let filter =
            |&(name, value): &(&str, &str)| Filter::builder().name(name).values(value).build();
        let call = |token| {
            let filters = Some(filters.iter().map(filter).collect());
            self.ec2.describe_network_interfaces().set_filters(filters).set_next_token(token).send()
        };
        let found = self
            .pages("ec2:DescribeNetworkInterfaces", call, |page| {
                (page.next_token, page.network_interfaces)
            })
            .await;
        held_by(&found.ok()?)
    }
}

fn held_by(interfaces: &[NetworkInterface]) -> Option<String> {
    let first = interfaces.first()?;
    let more = match interfaces.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("held by {}{more}", name(first)))
}

/// AWS's services describe their interfaces (`ELB app/shop-main/0123456789abcdef`); those of
/// instances have no description.
fn name(interface: &NetworkInterface) -> String {
    let instance = interface.attachment().and_then(|attachment| attachment.instance_id());
    let described = interface.description().filter(|text| !text.is_empty());
    let owner = match (instance, described.or(interface.requester_id())) {
        (Some(instance), _) => format!("instance {instance}"),
        (None, Some(words)) => words.to_string(),
        (None, None) => "a network interface".to_string(),
    };
    let id = interface.network_interface_id().unwrap_or_default();
    match interface.interface_type() {
        Some(kind) if kind.as_str() != "interface" => format!("{owner} ({kind} {id})"),
        _ => format!("{owner} ({id})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ec2::types::{NetworkInterfaceAttachment, NetworkInterfaceType};

    #[test]
    fn who_holds_it_is_told_in_their_own_words() {
        let interface = || NetworkInterface::builder().network_interface_id("eni-1");
        let balancer = interface()
            .description("ELB app/shop-main/1")
            .interface_type(NetworkInterfaceType::Interface)
            .build();
        let nat = interface()
            .description("Interface for NAT Gateway nat-1")
            .interface_type(NetworkInterfaceType::NatGateway)
            .build();
        let attachment = NetworkInterfaceAttachment::builder().instance_id("i-1").build();
        let instance = interface().description("").attachment(attachment).build();
        assert_eq!(held_by(&[]), None);
        assert_eq!(held_by(&[balancer]).unwrap(), "held by ELB app/shop-main/1 (eni-1)");
        assert_eq!(
            held_by(&[nat, instance.clone()]).unwrap(),
            "held by Interface for NAT Gateway nat-1 (natGateway eni-1) and 1 more"
        );
        assert_eq!(held_by(&[instance]).unwrap(), "held by instance i-1 (eni-1)");
    }
}
