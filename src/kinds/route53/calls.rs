//! Records in hosted zones, for the kinds that create records.
use crate::aws::{Aws, plain_name};
use crate::error::{CloudError, Result, ResultExt};
use aws_sdk_route53::types::{
    Change, ChangeAction, ChangeBatch, ResourceRecord, ResourceRecordSet, RrType,
};

/// The most records in one page of ListResourceRecordSets.
const PAGE: i32 = 300;

impl Aws {
    /// The record with a name and type; the first one, if several records have both.
    pub async fn record(
        &self,
        zone: &str,
        name: &str,
        sort: RrType,
    ) -> Result<Option<ResourceRecordSet>> {
        let call = || {
            let list = self.route53.list_resource_record_sets().hosted_zone_id(zone);
            list.start_record_name(name).start_record_type(sort.clone()).max_items(1).send()
        };
        let found = self.safe("route53:ListResourceRecordSets", call).await.found()?;
        let found = found.and_then(|page| page.resource_record_sets.into_iter().next());
        Ok(found
            .filter(|record| plain_name(&record.name) == plain_name(name) && record.r#type == sort))
    }

    /// The records of one type below a name, without the name's own record.
    pub async fn records_below(
        &self,
        zone: &str,
        name: &str,
        sort: RrType,
    ) -> Result<Vec<ResourceRecordSet>> {
        let end = format!(".{}", plain_name(name));
        let (mut all, mut start) = (Vec::new(), (name.to_string(), None));
        loop {
            let call = || {
                let list = self.route53.list_resource_record_sets().hosted_zone_id(zone);
                let list = list.start_record_name(&start.0).set_start_record_type(start.1.clone());
                list.max_items(PAGE).send()
            };
            let found = self.safe("route53:ListResourceRecordSets", call).await.found()?;
            let Some(page) = found else { return Ok(all) };
            let below = |record: &ResourceRecordSet| plain_name(&record.name).ends_with(&end);
            let is_last = page.resource_record_sets.last().is_none_or(|last| !below(last));
            let found = page.resource_record_sets.into_iter();
            all.extend(found.filter(|record| below(record) && record.r#type == sort));
            match page.next_record_name {
                Some(next) if page.is_truncated && !is_last => {
                    start = (next, page.next_record_type)
                }
                _ => return Ok(all),
            }
        }
    }

    /// Changes records of a zone. AWS applies all changes or none.
    pub async fn change_records(
        &self,
        zone: &str,
        changes: Vec<(ChangeAction, ResourceRecordSet)>,
    ) -> Result<()> {
        let change =
            |(action, record)| Change::builder().action(action).resource_record_set(record).build();
        let changes = changes.into_iter().map(change).collect::<std::result::Result<_, _>>();
        let batch = changes.and_then(|all| ChangeBatch::builder().set_changes(Some(all)).build());
        let batch = batch.map_err(|error| CloudError::internal(error.to_string()))?;
        let call = || {
            let change = self.route53.change_resource_record_sets().hosted_zone_id(zone);
            change.change_batch(batch.clone()).send()
        };
        self.safe("route53:ChangeResourceRecordSets", call).await.map(drop)
    }
}

/// A record with text values, such as a CNAME or TXT record. `ttl_s` is in seconds.
///
/// # Errors
/// [`CloudError::internal`] if the SDK requires a property that is missing.
pub fn plain_record(
    name: &str,
    sort: RrType,
    ttl_s: i64,
    values: &[String],
) -> Result<ResourceRecordSet> {
    let value = |value: &String| ResourceRecord::builder().value(value).build();
    let values = values.iter().map(value).collect::<std::result::Result<Vec<_>, _>>();
    let record = values.and_then(|values| {
        let to = ResourceRecordSet::builder().name(name).r#type(sort).ttl(ttl_s);
        to.set_resource_records(Some(values)).build()
    });
    record.map_err(|error| CloudError::internal(error.to_string()))
}
