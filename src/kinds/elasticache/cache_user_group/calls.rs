use super::{CacheUserGroup, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::kinds::elasticache::calls::{DELETING, condition, progress, to_elasticache};
use crate::resource::{Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_elasticache::types;
use std::collections::BTreeSet;

impl RegularKind for CacheUserGroup {
    type Item = types::UserGroup;

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        let aws = listing.aws;
        let call = |marker| {
            aws.elasticache.describe_user_groups().max_records(100).set_marker(marker).send()
        };
        let mut found = aws
            .pages("elasticache:DescribeUserGroups", call, |page| (page.marker, page.user_groups))
            .await?;
        found.retain(|group| group.status() != Some(DELETING));
        Ok(found)
    }

    fn physical_name(item: &Self::Item) -> Option<&str> {
        item.user_group_id()
    }

    async fn read_tags(item: &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        let Some(arn) = item.arn() else { return Ok(None) };
        aws.elasticache_tags(arn).await
    }

    async fn read(item: Self::Item, tags: Tags, _aws: &Aws) -> Result<Option<Found<Self>>> {
        let mut user_ids: BTreeSet<String> =
            item.user_ids.unwrap_or_default().into_iter().collect();
        // Pending changes count as made.
        if let Some(pending) = item.pending_changes {
            user_ids.extend(pending.user_ids_to_add.unwrap_or_default());
            for id in pending.user_ids_to_remove.unwrap_or_default() {
                user_ids.remove(&id);
            }
        }
        let handle = item.arn.unwrap_or_default();
        let user_group_id = item.user_group_id.unwrap_or_default();
        let outputs = outputs(&user_group_id, handle.clone());
        let engine = item.engine.unwrap_or_default().to_lowercase();
        let spec = CacheUserGroup { user_group_id, engine, user_ids, tags };
        Ok(Some(Found { handle, spec, outputs, condition: condition(item.status) }))
    }

    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.elasticache
                .create_user_group()
                .user_group_id(&self.user_group_id)
                .engine(&self.engine)
                .set_user_ids(Some(self.user_ids.iter().cloned().collect()))
                .set_tags(Some(to_elasticache(&self.tags)))
                .send()
        };
        let created = aws.once("elasticache:CreateUserGroup", call).await?;
        Ok(outputs(&self.user_group_id, created.arn.unwrap_or_default()))
    }

    async fn is_ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let found = find(&outputs["id"], aws).await?;
        Ok(progress(found.map(|group| group.status.unwrap_or_default())))
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        let was = &live.spec;
        if self.user_ids != was.user_ids {
            let only_in = |of: &BTreeSet<String>, other: &BTreeSet<String>| {
                let ids: Vec<String> = of.difference(other).cloned().collect();
                (!ids.is_empty()).then_some(ids)
            };
            let call = || {
                aws.elasticache
                    .modify_user_group()
                    .user_group_id(&self.user_group_id)
                    .set_user_ids_to_add(only_in(&self.user_ids, &was.user_ids))
                    .set_user_ids_to_remove(only_in(&was.user_ids, &self.user_ids))
                    .send()
            };
            // Not idempotent: adding a user that the group contains already is an error.
            aws.once("elasticache:ModifyUserGroup", call).await?;
        }
        aws.retag_elasticache(&live.handle, &was.tags, &self.tags).await
    }

    /// Absence from a listing does not prove deletion, so the delete call itself has to report it.
    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let id = &live.spec.user_group_id;
        match find(id, aws).await? {
            Some(group) if group.status.as_deref() == Some(DELETING) => {}
            _ => {
                let call = || aws.elasticache.delete_user_group().user_group_id(id).send();
                if aws.safe("elasticache:DeleteUserGroup", call).await.found()?.is_none() {
                    return Ok(Progress::Done);
                }
            }
        }
        Ok(Progress::Waiting(DELETING.into()))
    }
}

async fn find(id: &str, aws: &Aws) -> Result<Option<types::UserGroup>> {
    let call = || aws.elasticache.describe_user_groups().user_group_id(id).send();
    let found = aws.safe("elasticache:DescribeUserGroups", call).await.found()?;
    Ok(found.and_then(|page| page.user_groups?.pop()))
}
