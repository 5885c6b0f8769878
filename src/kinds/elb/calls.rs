//! Elastic Load Balancing's shape of tags, and its calls about tags.
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::tags::Tags;
use aws_sdk_elasticloadbalancingv2::types::Tag;
use futures::future::try_join_all;
use std::collections::BTreeMap;

/// The maximum number of ARNs in one elasticloadbalancing:DescribeTags call.
const TAGS_AT_ONCE: usize = 20;

/// Tags in Elastic Load Balancing's shape.
pub fn to_elb(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

fn from_elb(tags: Option<Vec<Tag>>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value?));
    tags.unwrap_or_default().into_iter().filter_map(pair).collect()
}

impl Aws {
    /// The tags of load balancers, target groups, listeners or rules, by ARN. Resources deleted in
    /// the meantime are left out.
    pub async fn elb_tags(&self, arns: &[String]) -> Result<BTreeMap<String, Tags>> {
        let chunks = arns.chunks(TAGS_AT_ONCE).map(|arns| self.elb_tags_of(arns));
        Ok(try_join_all(chunks).await?.into_iter().flatten().collect())
    }

    async fn elb_tags_of(&self, arns: &[String]) -> Result<Vec<(String, Tags)>> {
        let call = || self.elb.describe_tags().set_resource_arns(Some(arns.to_vec())).send();
        let found = match self.safe("elasticloadbalancing:DescribeTags", call).await.found()? {
            Some(page) => page.tag_descriptions.unwrap_or_default(),
            // One deleted resource fails the call for all.
            None if arns.len() > 1 => {
                let alone = arns.chunks(1).map(|arn| Box::pin(self.elb_tags_of(arn)));
                return Ok(try_join_all(alone).await?.into_iter().flatten().collect());
            }
            None => Vec::new(),
        };
        let tags = found.into_iter().filter_map(|of| Some((of.resource_arn?, from_elb(of.tags))));
        Ok(tags.collect())
    }

    /// Brings the tags of a load balancer, target group, listener or rule from `live` to `desired`.
    pub async fn retag_elb(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            self.elb.add_tags().resource_arns(arn).set_tags(Some(to_elb(tags))).send()
        };
        let untag =
            |keys| self.elb.remove_tags().resource_arns(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) =
            (("elasticloadbalancing:AddTags", tag), ("elasticloadbalancing:RemoveTags", untag));
        self.retag((live, desired), tag, untag).await
    }
}
