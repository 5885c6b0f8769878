#[cfg(feature = "aws")]
pub mod find;

use super::{Key, PENDING_DAYS, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::{NAME, STACK, Tags};
use find::{Found, candidates, read, tag_list};
use futures::future::try_join_all;

impl Calls for Key {
    /// One whose deletion has been asked for counts as gone.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let found = candidates(listing.stack, aws).await?;
        let found = found.into_iter().map(|candidate| read(candidate, aws));
        let found = try_join_all(found).await?.into_iter().flatten();
        let live = found.filter(|found| !found.pending).filter_map(|found| {
            let owner = tags::owner::<Key>(&found.spec.tags, listing.stack)?;
            Some(Live {
                id: owner.id,
                handle: found.id.clone(),
                component: owner.component,
                spec: found.spec,
                outputs: outputs(found.id, found.arn),
                condition: Condition::Ready,
            })
        });
        Ok(live.collect())
    }

    /// A key cannot be made again, and what it has encrypted is lost with it. So one of this name
    /// whose deletion has been asked for is taken back; it may still have its alias.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        if let Some(found) = self.earlier(aws).await? {
            self.take_back(&found, aws).await?;
            return Ok(outputs(found.id, found.arn));
        }
        let policy = self.key_policy.to_string();
        let call = || {
            aws.kms
                .create_key()
                .description(&self.description)
                .policy(&policy)
                .set_tags(Some(tag_list(&self.tags)))
                .send()
        };
        let made = aws.once("kms:CreateKey", call).await?.key_metadata;
        let made = made.ok_or_else(|| CloudError::internal("kms:CreateKey told no key"))?;
        Ok(outputs(made.key_id, made.arn.unwrap_or_default()))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        let id = &outputs["id"];
        self.name(id, aws).await?;
        self.rotate(id, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.bring_up(&live.handle, &live.spec, aws).await?;
        Ok(live.outputs.clone())
    }

    /// The alias stays: by it the key is found again while it can still be taken back.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || {
            let delete = aws.kms.schedule_key_deletion().key_id(&live.handle);
            delete.pending_window_in_days(PENDING_DAYS).send()
        };
        let deleted = aws.safe("kms:ScheduleKeyDeletion", call).await.found();
        // Asked for already.
        deleted.allow(&["KMSInvalidStateException"])?;
        Ok(Progress::Done)
    }
}

impl Key {
    /// A key of this stack and name, even one on its way out.
    async fn earlier(&self, aws: &Aws) -> Result<Option<Found>> {
        let stack = self.tags.get(STACK).unwrap_or_default();
        for candidate in candidates(stack, aws).await? {
            let Some(found) = read(candidate, aws).await? else { continue };
            let same = |tag| found.spec.tags.get(tag) == self.tags.get(tag);
            if same(STACK) && same(NAME) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn take_back(&self, found: &Found, aws: &Aws) -> Result<()> {
        if found.pending {
            let call = || aws.kms.cancel_key_deletion().key_id(&found.id).send();
            aws.safe("kms:CancelKeyDeletion", call).await?;
            let call = || aws.kms.enable_key().key_id(&found.id).send();
            aws.safe("kms:EnableKey", call).await?;
        }
        self.bring_up(&found.id, &found.spec, aws).await
    }

    async fn bring_up(&self, id: &str, live: &Key, aws: &Aws) -> Result<()> {
        if live.alias_name != self.alias_name {
            self.name(id, aws).await?;
            if !live.alias_name.is_empty() {
                let call = || aws.kms.delete_alias().alias_name(&live.alias_name).send();
                aws.safe("kms:DeleteAlias", call).await.found()?;
            }
        }
        if live.description != self.description {
            let call = || {
                let update = aws.kms.update_key_description().key_id(id);
                update.description(&self.description).send()
            };
            aws.safe("kms:UpdateKeyDescription", call).await?;
        }
        if live.key_policy != self.key_policy {
            let policy = self.key_policy.to_string();
            let call = || aws.kms.put_key_policy().key_id(id).policy(&policy).send();
            aws.safe("kms:PutKeyPolicy", call).await?;
        }
        if live.enable_key_rotation != self.enable_key_rotation {
            self.rotate(id, aws).await?;
        }
        self.retag(id, live, aws).await
    }

    /// An alias of the stack's that points elsewhere is turned to this key.
    async fn name(&self, id: &str, aws: &Aws) -> Result<()> {
        let name = &self.alias_name;
        let create = || aws.kms.create_alias().alias_name(name).target_key_id(id).send();
        let Err(error) = aws.safe("kms:CreateAlias", create).await else { return Ok(()) };
        if error.class != crate::error::Class::Exists {
            return Err(error);
        }
        let update = || aws.kms.update_alias().alias_name(name).target_key_id(id).send();
        aws.safe("kms:UpdateAlias", update).await.map(drop)
    }

    /// Rotation once a year.
    async fn rotate(&self, id: &str, aws: &Aws) -> Result<()> {
        if self.enable_key_rotation {
            let call = || aws.kms.enable_key_rotation().key_id(id).send();
            aws.safe("kms:EnableKeyRotation", call).await.map(drop)
        } else {
            let call = || aws.kms.disable_key_rotation().key_id(id).send();
            aws.safe("kms:DisableKeyRotation", call).await.map(drop)
        }
    }

    async fn retag(&self, id: &str, live: &Key, aws: &Aws) -> Result<()> {
        let tag =
            |tags: &Tags| aws.kms.tag_resource().key_id(id).set_tags(Some(tag_list(tags))).send();
        let untag = |keys| aws.kms.untag_resource().key_id(id).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("kms:TagResource", tag), ("kms:UntagResource", untag));
        aws.retag((&live.tags, &self.tags), tag, untag).await
    }
}
