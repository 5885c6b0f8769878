//! Keys have no names: they are found by their aliases, and by their tags where a run ended before
//! the alias was made.
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::kms::key::{Key, alias};
use crate::policy::Policy;
use crate::tags::Tags;
use aws_sdk_kms::types::{self, KeyState};
use std::collections::BTreeSet;

/// A key that may be the stack's.
pub struct Candidate {
    id: String,
    alias_name: String,
}

/// A key as AWS has it.
pub struct Found {
    pub id: String,
    pub arn: String,
    pub spec: Key,
    /// Whether its deletion has been asked for.
    pub pending: bool,
}

/// Keys with an alias of the stack's, and those without any alias.
pub async fn candidates(stack: &str, aws: &Aws) -> Result<Vec<Candidate>> {
    let call = |marker| aws.kms.list_aliases().limit(100).set_marker(marker).send();
    let aliases = aws.pages("kms:ListAliases", call, |page| (page.next_marker, page.aliases));
    let call = |marker| aws.kms.list_keys().limit(1000).set_marker(marker).send();
    let keys = aws.pages("kms:ListKeys", call, |page| (page.next_marker, page.keys));
    let (aliases, keys) = futures::try_join!(aliases, keys)?;
    let prefix = alias(stack, "");
    let mut found = Vec::new();
    let mut named = BTreeSet::new();
    for alias in aliases {
        let (Some(alias_name), Some(id)) = (alias.alias_name, alias.target_key_id) else {
            continue;
        };
        if alias_name.starts_with(&prefix) {
            found.push(Candidate { id: id.clone(), alias_name });
        }
        named.insert(id);
    }
    let unnamed = keys.into_iter().filter_map(|key| key.key_id).filter(|id| !named.contains(id));
    found.extend(unnamed.map(|id| Candidate { id, alias_name: String::new() }));
    Ok(found)
}

/// What a candidate is; nothing where it bears no tags of ours, or is closed to us.
pub async fn read(candidate: Candidate, aws: &Aws) -> Result<Option<Found>> {
    let Candidate { id, alias_name } = candidate;
    let Some(tags) = tags_of(&id, aws).await? else { return Ok(None) };
    if tags.get(crate::tags::STACK).is_none() {
        return Ok(None);
    }
    let describe = || aws.kms.describe_key().key_id(&id).send();
    let policy = || aws.kms.get_key_policy().key_id(&id).send();
    let (described, policy) =
        futures::try_join!(async { aws.safe("kms:DescribeKey", describe).await.found() }, async {
            aws.safe("kms:GetKeyPolicy", policy).await.found()
        },)?;
    let Some(key) = described.and_then(|found| found.key_metadata) else { return Ok(None) };
    let Some(policy) = policy.and_then(|found| found.policy) else { return Ok(None) };
    let explain = |error| CloudError::refused(format!("the policy of key {id}: {error}"));
    let key_policy = Policy::parse(&policy).map_err(explain)?;
    let pending = key.key_state == Some(KeyState::PendingDeletion);
    Ok(Some(Found {
        arn: key.arn.unwrap_or_default(),
        spec: Key {
            alias_name,
            description: key.description.unwrap_or_default(),
            enable_key_rotation: !pending && rotates(&id, aws).await?,
            key_policy,
            tags,
        },
        id,
        pending,
    }))
}

async fn rotates(id: &str, aws: &Aws) -> Result<bool> {
    let call = || aws.kms.get_key_rotation_status().key_id(id).send();
    let found = aws.safe("kms:GetKeyRotationStatus", call).await.found()?;
    Ok(found.is_some_and(|found| found.key_rotation_enabled))
}

/// Nothing for a key of others that its policy keeps to itself.
async fn tags_of(id: &str, aws: &Aws) -> Result<Option<Tags>> {
    let call = |marker| aws.kms.list_resource_tags().key_id(id).set_marker(marker).send();
    let take = |page: aws_sdk_kms::operation::list_resource_tags::ListResourceTagsOutput| {
        (page.next_marker, page.tags)
    };
    match aws.pages("kms:ListResourceTags", call, take).await {
        Err(error) if error.class == Class::Denied => Ok(None),
        Err(error) if error.class == Class::NotFound => Ok(None),
        found => Ok(Some(found?.into_iter().map(|tag| (tag.tag_key, tag.tag_value)).collect())),
    }
}

/// Building one fails without a key or a value only.
pub fn tag_list(tags: &Tags) -> Vec<types::Tag> {
    let tag = |(key, value)| types::Tag::builder().tag_key(key).tag_value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}
