use super::{Policies, Role, outputs, path};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::policy::Policy;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_iam::types::{self, EntityType, RoleDetail, Tag};
use std::collections::{BTreeMap, BTreeSet};

impl Calls for Role {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let path = path(listing.stack);
        let (mut details, roles) =
            futures::try_join!(details(listing.aws), roles(&path, listing.aws))?;
        // IAM returns the details of all roles of the account. A name is unique across all paths.
        details.retain(|role| {
            let in_path = role.path() == Some(path.as_str());
            if !in_path {
                listing.foreign::<Self>(role.role_name());
            }
            in_path
        });
        let roles: BTreeMap<String, types::Role> =
            roles.into_iter().map(|role| (role.role_name.clone(), role)).collect();
        let mut live = Vec::new();
        for detail in details {
            live.extend(read(detail, &roles, listing)?);
        }
        Ok(live)
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.iam
                .create_role()
                .role_name(&self.role_name)
                .path(&self.path)
                .description(&self.description)
                .assume_role_policy_document(self.assume_role_policy_document.to_string())
                .max_session_duration(self.max_session_duration)
                .set_permissions_boundary(self.permissions_boundary.clone())
                .set_tags(Some(to_iam(&self.tags)))
                .send()
        };
        let created = aws.once("iam:CreateRole", call).await?;
        let arn = created.role.map(|role| role.arn).unwrap_or_default();
        Ok(outputs(arn, self.role_name.clone()))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.set_managed_policies(&BTreeSet::new(), aws).await?;
        self.set_inline_policies(&Policies::default(), aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let was = &live.spec;
        if self.assume_role_policy_document != was.assume_role_policy_document {
            let document = self.assume_role_policy_document.to_string();
            let call = || {
                let call = aws.iam.update_assume_role_policy().role_name(&self.role_name);
                call.policy_document(&document).send()
            };
            aws.safe("iam:UpdateAssumeRolePolicy", call).await?;
        }
        let settings = |role: &Role| (role.description.clone(), role.max_session_duration);
        if settings(self) != settings(was) {
            let call = || {
                let call = aws.iam.update_role().role_name(&self.role_name);
                let call = call.description(&self.description);
                call.max_session_duration(self.max_session_duration).send()
            };
            aws.safe("iam:UpdateRole", call).await?;
        }
        if self.permissions_boundary != was.permissions_boundary {
            self.set_boundary(aws).await?;
        }
        self.set_managed_policies(&was.managed_policy_arns, aws).await?;
        self.set_inline_policies(&was.policies, aws).await?;
        aws.retag_role(&self.role_name, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let role = Role {
            managed_policy_arns: BTreeSet::new(),
            policies: Policies::default(),
            ..live.spec.clone()
        };
        role.set_managed_policies(&live.spec.managed_policy_arns, aws).await?;
        role.set_inline_policies(&live.spec.policies, aws).await?;
        aws.delete("iam:DeleteRole", || aws.iam.delete_role().role_name(&role.role_name).send())
            .await
    }
}

impl Role {
    /// Attaches before it detaches, so that a permission that moves to another policy is never
    /// missing.
    async fn set_managed_policies(&self, was: &BTreeSet<String>, aws: &Aws) -> Result<()> {
        let name = &self.role_name;
        for arn in self.managed_policy_arns.difference(was) {
            let call = || aws.iam.attach_role_policy().role_name(name).policy_arn(arn).send();
            aws.safe("iam:AttachRolePolicy", call).await?;
        }
        for arn in was.difference(&self.managed_policy_arns) {
            let call = || aws.iam.detach_role_policy().role_name(name).policy_arn(arn).send();
            aws.safe("iam:DetachRolePolicy", call).await.found()?;
        }
        Ok(())
    }

    async fn set_inline_policies(&self, was: &Policies, aws: &Aws) -> Result<()> {
        let role = &self.role_name;
        for (name, policy) in &self.policies.0 {
            if was.0.get(name) != Some(policy) {
                let text = policy.to_string();
                let call = || {
                    let call = aws.iam.put_role_policy().role_name(role).policy_name(name);
                    call.policy_document(&text).send()
                };
                aws.safe("iam:PutRolePolicy", call).await?;
            }
        }
        for name in was.0.keys().filter(|name| !self.policies.0.contains_key(*name)) {
            let call = || aws.iam.delete_role_policy().role_name(role).policy_name(name).send();
            aws.safe("iam:DeleteRolePolicy", call).await.found()?;
        }
        Ok(())
    }

    async fn set_boundary(&self, aws: &Aws) -> Result<()> {
        let name = &self.role_name;
        match &self.permissions_boundary {
            Some(arn) => {
                let call = || {
                    let call = aws.iam.put_role_permissions_boundary().role_name(name);
                    call.permissions_boundary(arn).send()
                };
                aws.safe("iam:PutRolePermissionsBoundary", call).await?;
            }
            None => {
                let call = || aws.iam.delete_role_permissions_boundary().role_name(name).send();
                aws.safe("iam:DeleteRolePermissionsBoundary", call).await.found()?;
            }
        }
        Ok(())
    }
}

impl Aws {
    /// Brings the tags of a role from `live` to `desired`.
    async fn retag_role(&self, name: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag =
            |tags: &Tags| self.iam.tag_role().role_name(name).set_tags(Some(to_iam(tags))).send();
        let untag = |keys| self.iam.untag_role().role_name(name).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("iam:TagRole", tag), ("iam:UntagRole", untag));
        self.retag((live, desired), tag, untag).await
    }
}

/// Tags in IAM's shape. Building one fails only without a key or a value.
fn to_iam(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build().ok();
    tags.iter().filter_map(tag).collect()
}

fn from_iam(tags: Option<Vec<Tag>>) -> Tags {
    tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect()
}

/// All roles of the account, with policies and tags. IAM cannot filter them by path.
async fn details(aws: &Aws) -> Result<Vec<RoleDetail>> {
    let call = |marker| {
        let call = aws.iam.get_account_authorization_details().filter(EntityType::Role);
        call.max_items(1000).set_marker(marker).send()
    };
    aws.pages("iam:GetAccountAuthorizationDetails", call, |page| {
        (page.marker, page.role_detail_list)
    })
    .await
}

/// The roles under a path. They have what the details lack: description and maximum session.
async fn roles(path: &str, aws: &Aws) -> Result<Vec<types::Role>> {
    let call =
        |marker| aws.iam.list_roles().path_prefix(path).max_items(1000).set_marker(marker).send();
    aws.pages("iam:ListRoles", call, |page| (page.marker, Some(page.roles))).await
}

fn read(
    detail: RoleDetail,
    roles: &BTreeMap<String, types::Role>,
    listing: &Listing<'_>,
) -> Result<Option<Live<Role>>> {
    let tags = from_iam(detail.tags);
    let name = detail.role_name.unwrap_or_default();
    let Some(owner) = listing.owner::<Role>(Some(&name), &tags) else { return Ok(None) };
    // A role created or deleted between the two reads is not in both.
    let Some(role) = roles.get(&name) else { return Ok(None) };
    let policy = |text: Option<String>| {
        let explain =
            |error| CloudError::refused(format!("a policy of role {name} is not valid: {error}"));
        Policy::parse_encoded(&text.unwrap_or_default()).map_err(explain)
    };
    let mut policies = BTreeMap::new();
    for inline in detail.role_policy_list.unwrap_or_default() {
        policies.insert(inline.policy_name.unwrap_or_default(), policy(inline.policy_document)?);
    }
    let attached = detail.attached_managed_policies.unwrap_or_default();
    let spec = Role {
        role_name: name.clone(),
        path: detail.path.unwrap_or_default(),
        description: role.description.clone().unwrap_or_default(),
        assume_role_policy_document: policy(detail.assume_role_policy_document)?,
        managed_policy_arns: attached.into_iter().filter_map(|policy| policy.policy_arn).collect(),
        policies: Policies(policies),
        max_session_duration: role.max_session_duration.unwrap_or(3600),
        permissions_boundary: detail.permissions_boundary.and_then(|b| b.permissions_boundary_arn),
        tags,
    };
    let arn = detail.arn.unwrap_or_default();
    Ok(Some(owner.live(arn.clone(), spec, outputs(arn, name))))
}
