use super::{CacheUserGroup, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elasticache::calls::to_elasticache;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_elasticache::types;
use futures::future::try_join_all;
use std::collections::BTreeSet;

const ACTIVE: &str = "active";
const DELETING: &str = "deleting";

impl Calls for CacheUserGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| {
            aws.elasticache.describe_user_groups().max_records(100).set_marker(marker).send()
        };
        let mut found = aws
            .pages("elasticache:DescribeUserGroups", call, |page| (page.marker, page.user_groups))
            .await?;
        let prefix = format!("{}-", listing.stack);
        found.retain(|group| {
            let ours = group.user_group_id.as_deref().is_some_and(|id| id.starts_with(&prefix));
            ours && group.status.as_deref() != Some(DELETING)
        });
        let live = found.into_iter().map(|group| read(group, listing));
        Ok(try_join_all(live).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.elasticache
                .create_user_group()
                .user_group_id(&self.user_group_id)
                .engine(&self.engine)
                .set_user_ids(Some(self.user_ids.iter().cloned().collect()))
                .set_tags(Some(to_elasticache(&self.tags)))
                .send()
        };
        let made = aws.once("elasticache:CreateUserGroup", call).await?;
        Ok(outputs(&self.user_group_id, made.arn.unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        Ok(match find(&outputs["id"], aws).await? {
            None => Progress::Waiting("not visible yet".into()),
            Some(group) if group.status.as_deref() == Some(ACTIVE) => Progress::Done,
            Some(group) => Progress::Waiting(group.status.unwrap_or_default()),
        })
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let was = &live.spec;
        if self.user_ids != was.user_ids {
            let lacking = |of: &BTreeSet<String>, other: &BTreeSet<String>| {
                let ids: Vec<String> = of.difference(other).cloned().collect();
                (!ids.is_empty()).then_some(ids)
            };
            let call = || {
                aws.elasticache
                    .modify_user_group()
                    .user_group_id(&self.user_group_id)
                    .set_user_ids_to_add(lacking(&self.user_ids, &was.user_ids))
                    .set_user_ids_to_remove(lacking(&was.user_ids, &self.user_ids))
                    .send()
            };
            // To add one that is there is an error, so it is not repeated blindly.
            aws.once("elasticache:ModifyUserGroup", call).await?;
        }
        aws.retag_elasticache(&live.handle, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    /// That it is not told is no proof that it has gone: the deletion itself says so.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
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

async fn read(
    group: types::UserGroup,
    listing: &Listing<'_>,
) -> Result<Option<Live<CacheUserGroup>>> {
    let (Some(arn), Some(name)) = (group.arn, group.user_group_id) else { return Ok(None) };
    let tags = listing.aws.elasticache_tags(&arn).await?.unwrap_or_default();
    let Some(owner) = tags::owner::<CacheUserGroup>(&tags, listing.stack) else {
        return Ok(None);
    };
    let mut user_ids: BTreeSet<String> = group.user_ids.unwrap_or_default().into_iter().collect();
    // What is about to change is reported as it will be.
    if let Some(pending) = group.pending_changes {
        user_ids.extend(pending.user_ids_to_add.unwrap_or_default());
        for id in pending.user_ids_to_remove.unwrap_or_default() {
            user_ids.remove(&id);
        }
    }
    let status = group.status.unwrap_or_default();
    let condition = match status.as_str() {
        ACTIVE => Condition::Ready,
        _ => Condition::Converging(status),
    };
    let outputs = outputs(&name, arn.clone());
    let engine = group.engine.unwrap_or_default().to_lowercase();
    let spec = CacheUserGroup { user_group_id: name, engine, user_ids, tags };
    let (id, component) = (owner.id, owner.component);
    Ok(Some(Live { id, handle: arn, component, spec, outputs, condition }))
}
