//! The facts of an account, fetched once a plan.
mod api_gateway;
mod caches;
mod compute;
mod databases;
mod edge;
mod zones;

pub use zones::plain_name;

use super::Aws;
use crate::error::Result;
use crate::facts::{Facts, Query};

impl Aws {
    /// Asks for all of it at once.
    pub async fn facts(&self, query: &Query) -> Result<Facts> {
        let (compute, edge_addresses, cache_versions, database_classes, hosted_zones, api_gateway) =
            tokio::try_join!(
                self.compute(query),
                self.edge_addresses(query.edge_addresses),
                self.cache_versions(&query.cache_engines),
                self.database_offers(&query.database_classes),
                self.hosted_zones(&query.zones),
                self.api_gateway(query.api_gateway),
            )?;
        Ok(Facts {
            account: self.place.account.clone(),
            region: self.place.region.clone(),
            partition: self.partition.clone(),
            cache_versions,
            database_classes,
            hosted_zones,
            api_gateway,
            edge_addresses,
            ..compute
        })
    }
}
