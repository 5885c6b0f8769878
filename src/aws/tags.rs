//! Ownership: a resource is the stack's when its tags say so, and ours to touch only then.
use crate::resource::Id;
use crate::spec::Spec;
use crate::tags::{COMPONENT, NAME, STACK, Tags};

/// Whose a resource is, read off its tags.
pub struct Owner {
    pub id: Id,
    pub component: Option<String>,
}

/// The address of a resource of kind `K`, if its tags name this stack and a resource of it.
pub fn owner<K: Spec>(tags: &Tags, stack: &str) -> Option<Owner> {
    (tags.get(STACK)? == stack).then_some(())?;
    let id = Id::new(K::INFO.name, tags.get(NAME)?);
    Some(Owner { id, component: tags.get(COMPONENT).map(str::to_string) })
}

/// The filter that EC2 calls find a stack's resources by.
pub fn ec2_filter(stack: &str) -> aws_sdk_ec2::types::Filter {
    aws_sdk_ec2::types::Filter::builder().name(format!("tag:{STACK}")).values(stack).build()
}

/// EC2's shape of tags, read.
pub fn from_ec2(tags: Option<&[aws_sdk_ec2::types::Tag]>) -> Tags {
    let pair = |tag: &aws_sdk_ec2::types::Tag| Some((tag.key.clone()?, tag.value.clone()?));
    tags.unwrap_or_default().iter().filter_map(pair).collect()
}

/// EC2's shape of tags, to be given to a create call.
pub fn to_ec2(
    tags: &Tags,
    resource: aws_sdk_ec2::types::ResourceType,
) -> aws_sdk_ec2::types::TagSpecification {
    aws_sdk_ec2::types::TagSpecification::builder()
        .resource_type(resource)
        .set_tags(Some(ec2_list(tags)))
        .build()
}

pub fn ec2_list(tags: &Tags) -> Vec<aws_sdk_ec2::types::Tag> {
    let tag = |(key, value): (&str, &str)| {
        aws_sdk_ec2::types::Tag::builder().key(key).value(value).build()
    };
    tags.iter().map(tag).collect()
}

impl super::Aws {
    /// Brings the tags of an EC2 resource from `live` to `desired`.
    pub async fn retag_ec2(
        &self,
        id: &str,
        live: &Tags,
        desired: &Tags,
    ) -> crate::error::Result<()> {
        let changed = desired.missing_in(live);
        if !changed.is_empty() {
            let tags = || Some(ec2_list(&changed));
            self.safe("ec2:CreateTags", || {
                self.ec2.create_tags().resources(id).set_tags(tags()).send()
            })
            .await?;
        }
        let gone = live.keys_not_in(desired);
        if !gone.is_empty() {
            let key = |key: &String| aws_sdk_ec2::types::Tag::builder().key(key).build();
            let tags = || Some(gone.iter().map(key).collect());
            self.safe("ec2:DeleteTags", || {
                self.ec2.delete_tags().resources(id).set_tags(tags()).send()
            })
            .await?;
        }
        Ok(())
    }
}
