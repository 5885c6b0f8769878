use super::{AliasTarget, DnsRecord, MARK_TTL_S, Mark, marks_of, outputs, read_mark};
use crate::aws::tags::Owner;
use crate::aws::{Aws, plain_name};
use crate::error::{CloudError, Result};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::route53::calls::plain_record;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_route53::types::{self, ChangeAction, HostedZone, ResourceRecordSet, RrType};
use futures::future::try_join_all;

impl Calls for DnsRecord {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let zones = listing.aws.public_zones().await?;
        let found = try_join_all(zones.iter().map(|zone| in_zone(zone, listing))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Route 53 rejects the change if the record exists, also if another owner created it. The mark
    /// is upserted, because an earlier mark of the stack may still exist.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let changes =
            vec![(ChangeAction::Create, self.alias()?), (ChangeAction::Upsert, self.mark()?)];
        aws.change_records(&self.hosted_zone_id, changes).await?;
        Ok(outputs(&self.name))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let changes = vec![(ChangeAction::Upsert, self.alias()?)];
        aws.change_records(&self.hosted_zone_id, changes).await?;
        Ok(live.outputs.clone())
    }

    /// Deletes only the mark if another owner has replaced the alias with an ordinary record.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let (zone, spec) = (&live.spec.hosted_zone_id, &live.spec);
        let record = aws.record(zone, &spec.name, spec.sort.as_str().into()).await?;
        let record = record.filter(|record| record.alias_target.is_some());
        let mark = aws.record(zone, &spec.mark.name, RrType::Txt).await?;
        let removed = record.into_iter().chain(mark);
        let changes: Vec<_> = removed.map(|record| (ChangeAction::Delete, record)).collect();
        if !changes.is_empty() {
            aws.change_records(zone, changes).await?;
        }
        Ok(Progress::Done)
    }
}

impl DnsRecord {
    fn alias(&self) -> Result<ResourceRecordSet> {
        let target = types::AliasTarget::builder()
            .dns_name(&self.alias_target.dns_name)
            .hosted_zone_id(&self.alias_target.hosted_zone_id)
            .evaluate_target_health(self.alias_target.evaluate_target_health)
            .build();
        let record = target.and_then(|target| {
            let to = ResourceRecordSet::builder().name(&self.name);
            to.r#type(self.sort.as_str().into()).alias_target(target).build()
        });
        record.map_err(|error| CloudError::internal(error.to_string()))
    }

    fn mark(&self) -> Result<ResourceRecordSet> {
        plain_record(&self.mark.name, RrType::Txt, MARK_TTL_S, &[self.mark_text()])
    }
}

async fn in_zone(zone: &HostedZone, listing: &Listing<'_>) -> Result<Vec<Live<DnsRecord>>> {
    let zone_id = zone.id.trim_start_matches("/hostedzone/");
    let below = marks_of(listing.stack, &plain_name(&zone.name));
    let marks = listing.aws.records_below(zone_id, &below, RrType::Txt).await?;
    let found = marks.iter().map(|mark| read(zone_id, &below, mark, listing.aws));
    Ok(try_join_all(found).await?.into_iter().flatten().collect())
}

async fn read(
    zone_id: &str,
    below: &str,
    mark: &ResourceRecordSet,
    aws: &Aws,
) -> Result<Option<Live<DnsRecord>>> {
    let mark_name = plain_name(&mark.name);
    let own_name = mark_name.strip_suffix(below).and_then(|own| own.strip_suffix('.'));
    let text = mark.resource_records.iter().flatten().next();
    let marked = text.and_then(|text| read_mark(&text.value));
    let (Some(own_name), Some((component, sort, name))) = (own_name, marked) else {
        return Ok(None);
    };
    let record = aws.record(zone_id, &name, sort.as_str().into()).await?;
    let Some(record) = record else { return Ok(None) };
    let id = Id::new(DnsRecord::INFO.name, own_name);
    let owner = Owner { id, component: Some(component.clone()) };
    let (handle, outputs) = (format!("{zone_id}/{name}/{sort}"), outputs(&name));
    let spec = DnsRecord {
        hosted_zone_id: zone_id.to_string(),
        name,
        sort,
        alias_target: target(record),
        mark: Mark { name: mark_name.clone(), component },
    };
    Ok(Some(owner.live(handle, spec, outputs)))
}

/// The target of an alias. For a record that is not an alias any more, its values as the DNS name.
fn target(record: ResourceRecordSet) -> AliasTarget {
    match record.alias_target {
        Some(target) => AliasTarget {
            dns_name: plain_name(&target.dns_name),
            hosted_zone_id: target.hosted_zone_id,
            evaluate_target_health: target.evaluate_target_health,
        },
        None => {
            let values = record.resource_records.unwrap_or_default();
            let values: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
            AliasTarget {
                dns_name: values.join(" "),
                hosted_zone_id: String::new(),
                evaluate_target_health: false,
            }
        }
    }
}
