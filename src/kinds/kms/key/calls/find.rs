//! Finds keys. A key has no name: the stack recognises it by its alias, and by its tags if a run
//! ended before it created the alias.
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::kms::key::{Key, alias};
use crate::policy::Policy;
use crate::tags::Tags;
use aws_sdk_kms::operation::list_resource_tags::ListResourceTagsOutput;
use aws_sdk_kms::types::KeyState;
use std::collections::BTreeSet;

/// A key that may be the stack's.
pub struct Candidate {
    id: String,
    /// Empty if the key has no alias.
    alias_name: String,
}

/// A live key.
pub struct Described {
    pub id: String,
    pub arn: String,
    pub spec: Key,
    pub pending_deletion: bool,
}

/// The keys with an alias of the stack, and all keys without any alias.
pub async fn candidates(stack: &str, aws: &Aws) -> Result<Vec<Candidate>> {
    let call = |marker| aws.kms.list_aliases().limit(100).set_marker(marker).send();
    let aliases = aws.pages("kms:ListAliases", call, |page| (page.next_marker, page.aliases));
    let call = |marker| aws.kms.list_keys().limit(1000).set_marker(marker).send();
    let keys = aws.pages("kms:ListKeys", call, |page| (page.next_marker, page.keys));
    let (aliases, keys) = futures::try_join!(aliases, keys)?;
    let prefix = alias(stack, "");
    let mut found = Vec::new();
    let mut with_alias = BTreeSet::new();
    for alias in aliases {
        let (Some(alias_name), Some(id)) = (alias.alias_name, alias.target_key_id) else {
            continue;
        };
        if alias_name.starts_with(&prefix) {
            found.push(Candidate { id: id.clone(), alias_name });
        }
        with_alias.insert(id);
    }
    let ids = keys.into_iter().filter_map(|key| key.key_id);
    let without_alias = ids.filter(|id| !with_alias.contains(id));
    found.extend(without_alias.map(|id| Candidate { id, alias_name: String::new() }));
    Ok(found)
}

/// The properties of a candidate. `None` if it was deleted in the meantime.
pub async fn describe(candidate: Candidate, tags: Tags, aws: &Aws) -> Result<Option<Described>> {
    let Candidate { id, alias_name } = candidate;
    let describe = || aws.kms.describe_key().key_id(&id).send();
    let policy = || aws.kms.get_key_policy().key_id(&id).send();
    let (described, policy) =
        futures::try_join!(async { aws.safe("kms:DescribeKey", describe).await.found() }, async {
            aws.safe("kms:GetKeyPolicy", policy).await.found()
        },)?;
    let Some(key) = described.and_then(|found| found.key_metadata) else { return Ok(None) };
    let Some(policy) = policy.and_then(|found| found.policy) else { return Ok(None) };
    let explain =
        |error| CloudError::refused(format!("the policy of the key {id} is not valid: {error}"));
    let key_policy = Policy::parse(&policy).map_err(explain)?;
    let pending_deletion = key.key_state == Some(KeyState::PendingDeletion);
    Ok(Some(Described {
        arn: key.arn.unwrap_or_default(),
        spec: Key {
            alias_name,
            description: key.description.unwrap_or_default(),
            enable_key_rotation: !pending_deletion && rotates(&id, aws).await?,
            key_policy,
            tags,
        },
        id,
        pending_deletion,
    }))
}

async fn rotates(id: &str, aws: &Aws) -> Result<bool> {
    let call = || aws.kms.get_key_rotation_status().key_id(id).send();
    let found = aws.safe("kms:GetKeyRotationStatus", call).await.found()?;
    Ok(found.is_some_and(|found| found.key_rotation_enabled))
}

/// The tags of a candidate. `None` if it was deleted in the meantime, or if the policy of another
/// owner's key denies access.
pub async fn tags_of(candidate: &Candidate, aws: &Aws) -> Result<Option<Tags>> {
    let id = &candidate.id;
    let call = |marker| aws.kms.list_resource_tags().key_id(id).set_marker(marker).send();
    let take = |page: ListResourceTagsOutput| (page.next_marker, page.tags);
    match aws.pages("kms:ListResourceTags", call, take).await {
        Err(error) if matches!(error.class, Class::Denied | Class::NotFound) => Ok(None),
        found => Ok(Some(found?.into_iter().map(|tag| (tag.tag_key, tag.tag_value)).collect())),
    }
}
