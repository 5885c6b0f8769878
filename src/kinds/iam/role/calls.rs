use super::{Policies, Role, outputs, path};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::policy::Policy;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_iam::types::{self, EntityType, RoleDetail};
use std::collections::{BTreeMap, BTreeSet};

impl Calls for Role {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let path = path(listing.stack);
        let (details, roles) =
            futures::try_join!(details(&path, listing.aws), roles(&path, listing.aws))?;
        let roles: BTreeMap<String, types::Role> =
            roles.into_iter().map(|role| (role.role_name.clone(), role)).collect();
        let mut live = Vec::new();
        for detail in details {
            live.extend(read(detail, &roles, listing.stack)?);
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
                .set_tags(Some(tags::to_iam(&self.tags)))
                .send()
        };
        let made = aws.once("iam:CreateRole", call).await?;
        let arn = made.role.map(|role| role.arn).unwrap_or_default();
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
        self.retag(&was.tags, aws).await?;
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
        let call = || aws.iam.delete_role().role_name(&role.role_name).send();
        aws.safe("iam:DeleteRole", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl Role {
    /// New ones first, so that a right which moves from one policy to another is never missing.
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

    async fn retag(&self, was: &Tags, aws: &Aws) -> Result<()> {
        let name = &self.role_name;
        let tag = |tags: &Tags| {
            aws.iam.tag_role().role_name(name).set_tags(Some(tags::to_iam(tags))).send()
        };
        let untag = |keys| aws.iam.untag_role().role_name(name).set_tag_keys(Some(keys)).send();
        let (tag, untag) = (("iam:TagRole", tag), ("iam:UntagRole", untag));
        aws.retag((was, &self.tags), tag, untag).await
    }
}

/// All roles with policies and tags; the account's others are left out here, as IAM cannot.
async fn details(path: &str, aws: &Aws) -> Result<Vec<RoleDetail>> {
    let call = |marker| {
        let call = aws.iam.get_account_authorization_details().filter(EntityType::Role);
        call.max_items(1000).set_marker(marker).send()
    };
    let mut found = aws
        .pages("iam:GetAccountAuthorizationDetails", call, |page| {
            (page.marker, page.role_detail_list)
        })
        .await?;
    found.retain(|role| role.path.as_deref() == Some(path));
    Ok(found)
}

/// The roles under a path, for what the details lack: description and longest session.
async fn roles(path: &str, aws: &Aws) -> Result<Vec<types::Role>> {
    let call =
        |marker| aws.iam.list_roles().path_prefix(path).max_items(1000).set_marker(marker).send();
    aws.pages("iam:ListRoles", call, |page| (page.marker, Some(page.roles))).await
}

fn read(
    detail: RoleDetail,
    roles: &BTreeMap<String, types::Role>,
    stack: &str,
) -> Result<Option<Live<Role>>> {
    let tags = tags::from_iam(detail.tags.as_deref());
    let name = detail.role_name.unwrap_or_default();
    // A role made or deleted between the two reads is not in both.
    let (Some(owner), Some(role)) = (tags::owner::<Role>(&tags, stack), roles.get(&name)) else {
        return Ok(None);
    };
    let policy = |text: Option<String>| {
        let explain = |error| CloudError::refused(format!("a policy of role {name}: {error}"));
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
    Ok(Some(Live {
        id: owner.id,
        handle: arn.clone(),
        component: owner.component,
        spec,
        outputs: outputs(arn, name),
        condition: Condition::Ready,
    }))
}
