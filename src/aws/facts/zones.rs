//! The hosted zones that a blueprint's domains may belong to.
use crate::aws::Aws;
use crate::error::Result;
use crate::facts::HostedZone;
use crate::kinds::route53::calls::plain_name;
use std::collections::BTreeSet;

impl Aws {
    /// The account's public zones that are named, or that hold a domain which is. Foreign say
    /// nothing, and would make a plan look stale when they come and go.
    pub(super) async fn hosted_zones(&self, wanted: &BTreeSet<String>) -> Result<Vec<HostedZone>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let zone = |zone: aws_sdk_route53::types::HostedZone| HostedZone {
            id: zone.id.trim_start_matches("/hostedzone/").to_string(),
            name: plain_name(&zone.name),
        };
        let zones = self.public_zones().await?.into_iter().map(zone);
        let mut zones: Vec<HostedZone> =
            zones.filter(|zone| wanted.iter().any(|wanted| zone.may_hold(wanted))).collect();
        zones.sort();
        Ok(zones)
    }
}
