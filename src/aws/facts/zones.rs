//! The hosted zones that a blueprint's domains may belong to.
use crate::aws::Aws;
use crate::error::Result;
use crate::facts::HostedZone;
use aws_sdk_route53::operation::list_hosted_zones::ListHostedZonesOutput;
use aws_sdk_route53::types;
use std::collections::BTreeSet;

impl Aws {
    /// The account's public hosted zones; private ones are left out.
    pub async fn public_zones(&self) -> Result<Vec<types::HostedZone>> {
        let call = |marker| self.route53.list_hosted_zones().set_marker(marker).send();
        let take = |page: ListHostedZonesOutput| (page.next_marker, Some(page.hosted_zones));
        let mut zones = self.pages("route53:ListHostedZones", call, take).await?;
        zones.retain(|zone| !zone.config.as_ref().is_some_and(|config| config.private_zone));
        Ok(zones)
    }

    /// The account's public zones that are named in `wanted`, or that contain a domain in it. Other
    /// zones are left out: a plan would look outdated when one of them is created or deleted.
    pub(super) async fn hosted_zones(&self, wanted: &BTreeSet<String>) -> Result<Vec<HostedZone>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let zone = |zone: types::HostedZone| HostedZone {
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

/// A DNS name in lower case, without the final dot that Route 53 adds.
pub fn plain_name(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}
