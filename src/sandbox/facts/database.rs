//! The DB instance classes that RDS offers to the simulated account.
use super::{instance_type, zones};
use crate::facts::{DatabaseClass, DatabaseOffer, Query};
use crate::resource::Place;
use std::collections::{BTreeMap, BTreeSet};

/// Some of the versions that RDS offers.
const POSTGRES: [&str; 6] = ["14.18", "15.13", "16.9", "17.4", "17.5", "18.1"];
const MYSQL: [&str; 3] = ["8.0.42", "8.4.5", "8.4.6"];

/// Offers every class whose name has the shape of an instance class, in three zones and with all
/// versions.
pub fn offers(place: &Place, query: &Query) -> BTreeMap<DatabaseClass, DatabaseOffer> {
    let zones = zones(&place.region).into_iter().take(3).map(|zone| zone.name);
    let zones: BTreeSet<String> = zones.collect();
    let offer = |wanted: &DatabaseClass| {
        instance_type(wanted.class.strip_prefix("db.")?)?;
        let versions = match wanted.engine.as_str() {
            "postgres" => &POSTGRES[..],
            "mysql" => &MYSQL[..],
            _ => return None,
        };
        let versions = versions.iter().map(|version| version.to_string()).collect();
        Some((wanted.clone(), DatabaseOffer { versions, zones: zones.clone() }))
    };
    query.database_classes.iter().filter_map(offer).collect()
}
