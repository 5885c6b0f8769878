mod find;

use super::{Key, PENDING_DAYS, outputs};
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::resource::{Live, Outputs, Progress};
use crate::tags::{NAME, STACK, Tags};
use aws_sdk_kms::types::Tag;
use find::{Candidate, Described, candidates, describe, tags_of};

impl RegularKind for Key {
    type Item = Candidate;

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        candidates(listing.stack, listing.aws).await
    }

    /// Keys have no names. Aliases do, but they contain the stack's name in full.
    fn physical_name(_item: &Self::Item) -> Option<&str> {
        None
    }

    async fn read_tags(item: &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        tags_of(item, aws).await
    }

    /// A key that is pending deletion counts as deleted.
    async fn read(item: Self::Item, tags: Tags, aws: &Aws) -> Result<Option<Found<Self>>> {
        let key = describe(item, tags, aws).await?.filter(|key| !key.pending_deletion);
        Ok(key.map(|key| Found::ready(key.id.clone(), key.spec, outputs(key.id, key.arn))))
    }

    /// Restores the stack's own key of this name if it is pending deletion, because a deleted key
    /// cannot be recreated, and what it encrypted is lost with it. Such a key may still have its
    /// alias.
    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        if let Some(found) = self.earlier(aws).await? {
            self.restore(&found, aws).await?;
            return Ok(outputs(found.id, found.arn));
        }
        let policy = self.key_policy.to_string();
        let call = || {
            aws.kms
                .create_key()
                .description(&self.description)
                .policy(&policy)
                .set_tags(Some(to_kms(&self.tags)))
                .send()
        };
        let created = aws.once("kms:CreateKey", call).await?.key_metadata;
        let missing = || CloudError::internal("kms:CreateKey returned no key metadata");
        let created = created.ok_or_else(missing)?;
        Ok(outputs(created.key_id, created.arn.unwrap_or_default()))
    }

    async fn complete(&self, outputs: &Outputs, aws: &Aws) -> Result<()> {
        let id = &outputs["id"];
        self.set_alias(id, aws).await?;
        self.set_rotation(id, aws).await
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        self.change_from(&live.spec, &live.handle, aws).await
    }

    /// Keeps the alias: while the key can be restored, the alias finds it.
    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || {
            let delete = aws.kms.schedule_key_deletion().key_id(&live.handle);
            delete.pending_window_in_days(PENDING_DAYS).send()
        };
        let deleted = aws.safe("kms:ScheduleKeyDeletion", call).await.found();
        // The key is pending deletion already.
        deleted.allow(&["KMSInvalidStateException"])?;
        Ok(Progress::Done)
    }
}

impl Key {
    /// A live key of this stack and name, also one that is pending deletion.
    async fn earlier(&self, aws: &Aws) -> Result<Option<Described>> {
        let stack = self.tags.get(STACK).unwrap_or_default();
        for candidate in candidates(stack, aws).await? {
            let Some(tags) = tags_of(&candidate, aws).await? else { continue };
            let same = |key| tags.get(key) == self.tags.get(key);
            if !(same(STACK) && same(NAME)) {
                continue;
            }
            if let Some(found) = describe(candidate, tags, aws).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Cancels the deletion of a key, and brings the key to this spec.
    async fn restore(&self, found: &Described, aws: &Aws) -> Result<()> {
        if found.pending_deletion {
            let call = || aws.kms.cancel_key_deletion().key_id(&found.id).send();
            aws.safe("kms:CancelKeyDeletion", call).await?;
            let call = || aws.kms.enable_key().key_id(&found.id).send();
            aws.safe("kms:EnableKey", call).await?;
        }
        self.change_from(&found.spec, &found.id, aws).await
    }

    async fn change_from(&self, was: &Key, id: &str, aws: &Aws) -> Result<()> {
        if was.alias_name != self.alias_name {
            self.set_alias(id, aws).await?;
            if !was.alias_name.is_empty() {
                let call = || aws.kms.delete_alias().alias_name(&was.alias_name).send();
                aws.delete("kms:DeleteAlias", call).await?;
            }
        }
        if was.description != self.description {
            let call = || {
                let update = aws.kms.update_key_description().key_id(id);
                update.description(&self.description).send()
            };
            aws.safe("kms:UpdateKeyDescription", call).await?;
        }
        if was.key_policy != self.key_policy {
            let policy = self.key_policy.to_string();
            let call = || aws.kms.put_key_policy().key_id(id).policy(&policy).send();
            aws.safe("kms:PutKeyPolicy", call).await?;
        }
        if was.enable_key_rotation != self.enable_key_rotation {
            self.set_rotation(id, aws).await?;
        }
        aws.retag_kms(id, &was.tags, &self.tags).await
    }

    /// Points the alias to this key, also if it exists and points to another key.
    async fn set_alias(&self, id: &str, aws: &Aws) -> Result<()> {
        let name = &self.alias_name;
        let create = || aws.kms.create_alias().alias_name(name).target_key_id(id).send();
        let Err(error) = aws.safe("kms:CreateAlias", create).await else { return Ok(()) };
        if error.class != Class::Exists {
            return Err(error);
        }
        let update = || aws.kms.update_alias().alias_name(name).target_key_id(id).send();
        aws.safe("kms:UpdateAlias", update).await.map(drop)
    }

    /// Turns yearly rotation on or off.
    async fn set_rotation(&self, id: &str, aws: &Aws) -> Result<()> {
        if self.enable_key_rotation {
            let call = || aws.kms.enable_key_rotation().key_id(id).send();
            aws.safe("kms:EnableKeyRotation", call).await.map(drop)
        } else {
            let call = || aws.kms.disable_key_rotation().key_id(id).send();
            aws.safe("kms:DisableKeyRotation", call).await.map(drop)
        }
    }
}

/// Tags in KMS's shape. Building one fails only without a key or a value.
fn to_kms(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value)| Tag::builder().tag_key(key).tag_value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

impl Aws {
    /// Brings the tags of a key from `live` to `desired`.
    async fn retag_kms(&self, id: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag =
            |tags: &Tags| self.kms.tag_resource().key_id(id).set_tags(Some(to_kms(tags))).send();
        let untag = |keys| self.kms.untag_resource().key_id(id).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("kms:TagResource", tag), ("kms:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}
