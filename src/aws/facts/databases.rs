//! What RDS offers.
use crate::aws::Aws;
use crate::error::Result;
use crate::facts::{DatabaseClass, DatabaseOffer};
use futures::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet};

impl Aws {
    pub(super) async fn database_offers(
        &self,
        classes: &BTreeSet<DatabaseClass>,
    ) -> Result<BTreeMap<DatabaseClass, DatabaseOffer>> {
        let offers = classes.iter().map(async |class| {
            let offer = self.database_offer(class).await?;
            Ok((class.clone(), offer))
        });
        let found = try_join_all(offers).await?.into_iter();
        Ok(found.filter_map(|(class, offer)| Some((class, offer?))).collect())
    }

    /// Nothing where RDS has no such class for the engine.
    async fn database_offer(&self, wanted: &DatabaseClass) -> Result<Option<DatabaseOffer>> {
        let call = |marker| {
            self.rds
                .describe_orderable_db_instance_options()
                .engine(&wanted.engine)
                .db_instance_class(&wanted.class)
                .vpc(true)
                .set_marker(marker)
                .send()
        };
        let found = self
            .pages("rds:DescribeOrderableDBInstanceOptions", call, |page| {
                (page.marker, page.orderable_db_instance_options)
            })
            .await?;
        let usable = found.into_iter().filter(|one| one.storage_type.as_deref() == Some("gp3"));
        let mut offer = DatabaseOffer::default();
        for one in usable {
            offer.versions.extend(one.engine_version);
            let zones = one.availability_zones.unwrap_or_default();
            offer.zones.extend(zones.into_iter().filter_map(|zone| zone.name));
        }
        Ok(Some(offer).filter(|offer| !offer.versions.is_empty()))
    }
}
