use super::{Topic, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::policy::Policy;
use crate::resource::{Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_sns::types;
use std::collections::HashMap;

impl RegularKind for Topic {
    /// The ARN, which is all that the listing returns.
    type Item = String;

    /// SNS has no filter by name, and its names are case-sensitive: a name without the stack's prefix
    /// cannot be in the way.
    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        let aws = listing.aws;
        let call = |token| aws.sns.list_topics().set_next_token(token).send();
        let found =
            aws.pages("sns:ListTopics", call, |page| (page.next_token, page.topics)).await?;
        let prefix = listing.prefix();
        let arns = found.into_iter().filter_map(|topic| topic.topic_arn);
        Ok(arns.filter(|arn| name_of(arn).starts_with(&prefix)).collect())
    }

    fn physical_name(arn: &Self::Item) -> Option<&str> {
        Some(name_of(arn))
    }

    async fn read_tags(arn: &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        let call = || aws.sns.list_tags_for_resource().resource_arn(arn).send();
        let found = aws.safe("sns:ListTagsForResource", call).await.found()?;
        let pairs = found.map(|found| found.tags.unwrap_or_default().into_iter());
        Ok(pairs.map(|tags| tags.map(|tag| (tag.key, tag.value)).collect()))
    }

    async fn read(arn: Self::Item, tags: Tags, aws: &Aws) -> Result<Option<Found<Self>>> {
        let Some(mut attributes) = attributes_of(&arn, aws).await? else { return Ok(None) };
        let topic_name = name_of(&arn).to_string();
        let policy = attributes.remove("Policy").unwrap_or_else(|| "{}".into());
        let explain =
            |error| CloudError::refused(format!("the policy of topic {topic_name}: {error}"));
        let policy_document = Policy::parse(&policy).map_err(explain)?;
        let outputs = outputs(arn.clone(), &topic_name);
        let spec = Topic {
            topic_name,
            display_name: attributes.remove("DisplayName").unwrap_or_default(),
            kms_master_key_id: attributes.remove("KmsMasterKeyId").filter(|key| !key.is_empty()),
            policy_document,
            tags,
        };
        Ok(Some(Found::ready(arn, spec, outputs)))
    }

    /// CreateTopic returns an existing topic of the same name, even another stack's, so this checks first.
    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        let arn = aws.arn("sns", &self.topic_name);
        if attributes_of(&arn, aws).await?.is_some() {
            return Err(CloudError::namesake("sns:CreateTopic", "", "topic", &self.topic_name));
        }
        let call = || {
            let attributes = self.attributes().into_iter();
            let attributes = attributes.filter(|(_, value)| !value.is_empty());
            aws.sns
                .create_topic()
                .name(&self.topic_name)
                .set_attributes(Some(attributes.map(|(k, v)| (k.to_string(), v)).collect()))
                .set_tags(Some(to_sns(&self.tags)))
                .send()
        };
        aws.safe("sns:CreateTopic", call).await?;
        Ok(outputs(arn, &self.topic_name))
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        let before = live.spec.attributes();
        for (name, value) in self.attributes() {
            if before.get(name) == Some(&value) {
                continue;
            }
            let call = || {
                let set = aws.sns.set_topic_attributes().topic_arn(&live.handle);
                set.attribute_name(name).attribute_value(&value).send()
            };
            aws.safe("sns:SetTopicAttributes", call).await?;
        }
        aws.retag_sns(&live.handle, &live.spec.tags, &self.tags).await
    }

    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        aws.delete("sns:DeleteTopic", || aws.sns.delete_topic().topic_arn(&live.handle).send())
            .await
    }
}

impl Topic {
    /// The attributes by AWS's names. An empty value removes an attribute.
    fn attributes(&self) -> HashMap<&'static str, String> {
        HashMap::from([
            ("DisplayName", self.display_name.clone()),
            ("KmsMasterKeyId", self.kms_master_key_id.clone().unwrap_or_default()),
            ("Policy", self.policy_document.to_string()),
        ])
    }
}

impl Aws {
    /// Brings the tags of a topic from `live` to `desired`.
    async fn retag_sns(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            self.sns.tag_resource().resource_arn(arn).set_tags(Some(to_sns(tags))).send()
        };
        let untag =
            |keys| self.sns.untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("sns:TagResource", tag), ("sns:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}

fn name_of(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or_default()
}

/// Tags in SNS's shape. Building one fails only without a key or a value.
fn to_sns(tags: &Tags) -> Vec<types::Tag> {
    let tag = |(key, value)| types::Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

/// The attributes of a topic. `None` if it does not exist.
async fn attributes_of(arn: &str, aws: &Aws) -> Result<Option<HashMap<String, String>>> {
    let call = || aws.sns.get_topic_attributes().topic_arn(arn).send();
    let found = aws.safe("sns:GetTopicAttributes", call).await.found()?;
    Ok(found.map(|found| found.attributes.unwrap_or_default()))
}
