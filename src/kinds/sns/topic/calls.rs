use super::{Topic, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::policy::Policy;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_sns::types;
use futures::future::try_join_all;
use std::collections::HashMap;

impl Calls for Topic {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| aws.sns.list_topics().set_next_token(token).send();
        let found =
            aws.pages("sns:ListTopics", call, |page| (page.next_token, page.topics)).await?;
        let prefix = format!("{}-", listing.stack);
        let arns = found.into_iter().filter_map(|topic| topic.topic_arn);
        let arns = arns.filter(|arn| name_of(arn).starts_with(&prefix));
        let found = arns.map(|arn| read(arn, listing));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    /// To create a topic of a name that is taken gives back the one there is, whosever it is: so
    /// one is looked for first.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let arn = aws.arn("sns", &self.topic_name);
        if attributes_of(&arn, aws).await?.is_some() {
            let message = format!("there is a topic named {} already", self.topic_name);
            return Err(CloudError::taken("sns:CreateTopic", "", message));
        }
        let call = || {
            let attributes = self.attributes().into_iter();
            let attributes = attributes.filter(|(_, value)| !value.is_empty());
            aws.sns
                .create_topic()
                .name(&self.topic_name)
                .set_attributes(Some(attributes.map(|(k, v)| (k.to_string(), v)).collect()))
                .set_tags(Some(tag_list(&self.tags)))
                .send()
        };
        aws.safe("sns:CreateTopic", call).await?;
        Ok(outputs(arn, &self.topic_name))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
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
        self.retag(live, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.sns.delete_topic().topic_arn(&live.handle).send();
        aws.safe("sns:DeleteTopic", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl Topic {
    /// By AWS's names; empty is none.
    fn attributes(&self) -> HashMap<&'static str, String> {
        HashMap::from([
            ("DisplayName", self.display_name.clone()),
            ("KmsMasterKeyId", self.kms_master_key_id.clone().unwrap_or_default()),
            ("Policy", self.policy_document.to_string()),
        ])
    }

    async fn retag(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        let arn = &live.handle;
        let tag = |tags: &Tags| {
            aws.sns.tag_resource().resource_arn(arn).set_tags(Some(tag_list(tags))).send()
        };
        let untag =
            |keys| aws.sns.untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("sns:TagResource", tag), ("sns:UntagResource", untag));
        aws.retag((&live.spec.tags, &self.tags), tag, untag).await
    }
}

fn name_of(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or_default()
}

/// Building one fails without a key or a value only.
fn tag_list(tags: &Tags) -> Vec<types::Tag> {
    let tag = |(key, value)| types::Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

async fn attributes_of(arn: &str, aws: &Aws) -> Result<Option<HashMap<String, String>>> {
    let call = || aws.sns.get_topic_attributes().topic_arn(arn).send();
    let found = aws.safe("sns:GetTopicAttributes", call).await.found()?;
    Ok(found.map(|found| found.attributes.unwrap_or_default()))
}

async fn read(arn: String, listing: &Listing<'_>) -> Result<Option<Live<Topic>>> {
    let aws = listing.aws;
    let call = || aws.sns.list_tags_for_resource().resource_arn(&arn).send();
    let tagged = async { aws.safe("sns:ListTagsForResource", call).await.found() };
    let (attributes, tagged) = futures::try_join!(attributes_of(&arn, aws), tagged)?;
    let (Some(mut attributes), Some(tagged)) = (attributes, tagged) else { return Ok(None) };
    let tags = tagged.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
    let tags: Tags = tags.collect();
    let Some(owner) = tags::owner::<Topic>(&tags, listing.stack) else { return Ok(None) };
    let topic_name = name_of(&arn).to_string();
    let policy = attributes.remove("Policy").unwrap_or_else(|| "{}".into());
    let explain = |error| CloudError::refused(format!("the policy of topic {topic_name}: {error}"));
    let policy_document = Policy::parse(&policy).map_err(explain)?;
    Ok(Some(Live {
        id: owner.id,
        component: owner.component,
        outputs: outputs(arn.clone(), &topic_name),
        handle: arn,
        spec: Topic {
            topic_name,
            display_name: attributes.remove("DisplayName").unwrap_or_default(),
            kms_master_key_id: attributes.remove("KmsMasterKeyId").filter(|key| !key.is_empty()),
            policy_document,
            tags,
        },
        condition: Condition::Ready,
    }))
}
