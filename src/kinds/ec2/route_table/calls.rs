use super::{Route, RouteTable, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, stack_filter, tag_specification};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::{STACK, Tags};
use aws_sdk_ec2::types::{self, Filter, ResourceType, RouteOrigin};
use std::collections::BTreeSet;

impl Calls for RouteTable {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let found = list_tables(&stack_filter(listing.stack), listing.aws).await?;
        Ok(found.into_iter().filter_map(|table| read(table, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let token = aws.token();
        let call = || {
            aws.ec2
                .create_route_table()
                .vpc_id(&self.vpc_id)
                .client_token(&token)
                .tag_specifications(tag_specification(&self.tags, ResourceType::RouteTable))
                .send()
        };
        let created = aws.safe("ec2:CreateRouteTable", call).await?.route_table;
        Ok(outputs(created.and_then(|table| table.route_table_id).unwrap_or_default()))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.arrange(&outputs["id"], &BTreeSet::new(), &BTreeSet::new(), aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.arrange(&live.handle, &live.spec.routes, &live.spec.subnet_ids, aws).await?;
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        disassociate(&live.handle, &live.spec.tags, |_| true, aws).await?;
        let call = || aws.ec2.delete_route_table().route_table_id(&live.handle).send();
        aws.delete("ec2:DeleteRouteTable", call).await
    }
}

impl RouteTable {
    /// Brings routes and associations to this spec. Routes come first, so that a subnet that moves
    /// to this table has them at once.
    async fn arrange(
        &self,
        id: &str,
        live_routes: &BTreeSet<Route>,
        live_subnets: &BTreeSet<String>,
        aws: &Aws,
    ) -> Result<()> {
        let has_destination = |routes: &BTreeSet<Route>, route: &Route| {
            let same = |r: &Route| r.destination_cidr_block == route.destination_cidr_block;
            routes.iter().any(same)
        };
        for route in self.routes.difference(live_routes) {
            route.set(id, has_destination(live_routes, route), aws).await?;
        }
        for route in live_routes.iter().filter(|route| !has_destination(&self.routes, route)) {
            let to = &route.destination_cidr_block;
            let call =
                || aws.ec2.delete_route().route_table_id(id).destination_cidr_block(to).send();
            aws.safe("ec2:DeleteRoute", call).await.found()?;
        }
        for subnet in self.subnet_ids.difference(live_subnets) {
            associate(id, subnet, aws).await?;
        }
        if live_subnets.difference(&self.subnet_ids).next().is_some() {
            disassociate(id, &self.tags, |subnet| !self.subnet_ids.contains(subnet), aws).await?;
        }
        Ok(())
    }
}

impl Route {
    /// Creates the route, or replaces the route with the same destination.
    async fn set(&self, table: &str, exists: bool, aws: &Aws) -> Result<()> {
        if !exists {
            let call = || {
                aws.ec2
                    .create_route()
                    .route_table_id(table)
                    .destination_cidr_block(&self.destination_cidr_block)
                    .set_gateway_id(self.gateway_id.clone())
                    .set_nat_gateway_id(self.nat_gateway_id.clone())
                    .send()
            };
            match aws.safe("ec2:CreateRoute", call).await {
                // Created by a call whose response was lost, or just now by another client.
                Err(error) if error.class == Class::Exists => {}
                result => return result.map(drop),
            }
        }
        let call = || {
            aws.ec2
                .replace_route()
                .route_table_id(table)
                .destination_cidr_block(&self.destination_cidr_block)
                .set_gateway_id(self.gateway_id.clone())
                .set_nat_gateway_id(self.nat_gateway_id.clone())
                .send()
        };
        aws.safe("ec2:ReplaceRoute", call).await.map(drop)
    }
}

/// Associates a subnet with a table. A subnet has one table, so an association with another table
/// is replaced in one call, without an interruption.
async fn associate(table: &str, subnet: &str, aws: &Aws) -> Result<()> {
    let call = || aws.ec2.associate_route_table().route_table_id(table).subnet_id(subnet).send();
    match aws.safe("ec2:AssociateRouteTable", call).await {
        Err(error) if error.is("Resource.AlreadyAssociated") => {
            replace_association(table, subnet, aws, error).await
        }
        result => result.map(drop),
    }
}

/// Replaces a subnet's association with another table. Returns `error` if no association is
/// visible.
async fn replace_association(
    table: &str,
    subnet: &str,
    aws: &Aws,
    error: CloudError,
) -> Result<()> {
    let filter = Filter::builder().name("association.subnet-id").values(subnet).build();
    let of_subnet = |table: types::RouteTable| {
        let mut associations = table.associations.unwrap_or_default().into_iter();
        associations.find(|association| association.subnet_id.as_deref() == Some(subnet))
    };
    let found = list_tables(&filter, aws).await?.into_iter().find_map(of_subnet);
    let Some(association) = found else { return Err(error) };
    if association.route_table_id.as_deref() == Some(table) {
        return Ok(());
    }
    let id = association.route_table_association_id.unwrap_or_default();
    let call = || {
        aws.ec2.replace_route_table_association().association_id(&id).route_table_id(table).send()
    };
    aws.safe("ec2:ReplaceRouteTableAssociation", call).await.map(drop)
}

/// Deletes the table's associations with some subnets. Reads the associations again, because
/// another table may have replaced some of them since the plan. The filter is the plan's own, so
/// that AWS returns the table as the plan saw it, or a later state.
async fn disassociate(
    table: &str,
    tags: &Tags,
    is_removed: impl Fn(&str) -> bool,
    aws: &Aws,
) -> Result<()> {
    let filter = stack_filter(tags.get(STACK).unwrap_or_default());
    let found = list_tables(&filter, aws).await?.into_iter();
    let own = found.filter(|found| found.route_table_id.as_deref() == Some(table));
    for association in own.flat_map(|table| table.associations.unwrap_or_default()) {
        if !association.subnet_id.as_deref().is_some_and(&is_removed) {
            continue;
        }
        let id = association.route_table_association_id.unwrap_or_default();
        let call = || aws.ec2.disassociate_route_table().association_id(&id).send();
        aws.safe("ec2:DisassociateRouteTable", call).await.found()?;
    }
    Ok(())
}

async fn list_tables(filter: &Filter, aws: &Aws) -> Result<Vec<types::RouteTable>> {
    let call = |token| {
        aws.ec2.describe_route_tables().filters(filter.clone()).set_next_token(token).send()
    };
    aws.pages("ec2:DescribeRouteTables", call, |page| (page.next_token, page.route_tables)).await
}

fn read(table: types::RouteTable, stack: &str) -> Option<Live<RouteTable>> {
    let tags = from_ec2(table.tags.as_deref());
    let owner = tags::owner::<RouteTable>(&tags, stack)?;
    let handle = table.route_table_id?;
    let outputs = outputs(handle.clone());
    let associations = table.associations.unwrap_or_default().into_iter();
    let spec = RouteTable {
        vpc_id: table.vpc_id.unwrap_or_default(),
        routes: table.routes.unwrap_or_default().into_iter().filter_map(read_route).collect(),
        subnet_ids: associations.filter_map(|association| association.subnet_id).collect(),
        tags,
    };
    Some(owner.live(handle, spec, outputs))
}

/// A route that a user created. `None` for the local route and for a route of an endpoint or a VPN.
fn read_route(route: types::Route) -> Option<Route> {
    let created = route.origin == Some(RouteOrigin::CreateRoute);
    let local = route.gateway_id.as_deref() == Some("local");
    (created && !local && route.destination_prefix_list_id.is_none()).then_some(())?;
    Some(Route {
        destination_cidr_block: route.destination_cidr_block?,
        gateway_id: route.gateway_id,
        nat_gateway_id: route.nat_gateway_id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn omits_routes_that_aws_created() {
        let builder = || types::Route::builder().origin(RouteOrigin::CreateRoute);
        let local = types::Route::builder()
            .origin(RouteOrigin::CreateRouteTable)
            .destination_cidr_block("10.0.0.0/16")
            .gateway_id("local")
            .build();
        let endpoint = builder().destination_prefix_list_id("pl-1").gateway_id("vpce-1").build();
        let vpn = types::Route::builder()
            .origin(RouteOrigin::EnableVgwRoutePropagation)
            .destination_cidr_block("10.8.0.0/16")
            .gateway_id("vgw-1")
            .build();
        for aws_route in [local, endpoint, vpn] {
            assert_eq!(read_route(aws_route), None);
        }
        let peering = builder().destination_cidr_block("10.7.0.0/16").build();
        let read = read_route(peering).unwrap();
        assert_eq!((read.gateway_id, read.nat_gateway_id), (None, None));
        let out = builder().destination_cidr_block("0.0.0.0/0").nat_gateway_id("nat-1").build();
        assert_eq!(read_route(out).unwrap().nat_gateway_id.as_deref(), Some("nat-1"));
    }
}
