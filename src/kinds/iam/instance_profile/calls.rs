use super::{InstanceProfile, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::iam::role::path;
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_iam::types;
use std::collections::BTreeSet;

impl Calls for InstanceProfile {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call =
            |marker| aws.iam.list_instance_profiles().max_items(1000).set_marker(marker).send();
        let found = aws
            .pages("iam:ListInstanceProfiles", call, |page| {
                (page.marker, Some(page.instance_profiles))
            })
            .await?;
        Ok(found.into_iter().filter_map(|profile| read(profile, listing)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let name = &self.instance_profile_name;
        let call = || {
            let call = aws.iam.create_instance_profile().instance_profile_name(name);
            call.path(&self.path).send()
        };
        let created = aws.once("iam:CreateInstanceProfile", call).await?;
        let arn = created.instance_profile.map(|profile| profile.arn).unwrap_or_default();
        Ok(outputs(arn, name.clone()))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.set_roles(&BTreeSet::new(), aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.set_roles(&live.spec.roles, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let empty = InstanceProfile { roles: BTreeSet::new(), ..live.spec.clone() };
        empty.set_roles(&live.spec.roles, aws).await?;
        let name = &empty.instance_profile_name;
        let call = || aws.iam.delete_instance_profile().instance_profile_name(name).send();
        aws.delete("iam:DeleteInstanceProfile", call).await
    }
}

impl InstanceProfile {
    /// Sets the roles. IAM allows one per profile, so the old one is removed first.
    async fn set_roles(&self, was: &BTreeSet<String>, aws: &Aws) -> Result<()> {
        let name = &self.instance_profile_name;
        for role in was.difference(&self.roles) {
            let call = || {
                let call = aws.iam.remove_role_from_instance_profile();
                call.instance_profile_name(name).role_name(role).send()
            };
            aws.safe("iam:RemoveRoleFromInstanceProfile", call).await.found()?;
        }
        for role in self.roles.difference(was) {
            let call = || {
                let call = aws.iam.add_role_to_instance_profile();
                call.instance_profile_name(name).role_name(role).send()
            };
            match aws.safe("iam:AddRoleToInstanceProfile", call).await {
                // The profile has a role: this one, if a response was lost and the call repeated.
                Err(error) if error.is("LimitExceeded") && self.has_role(role, aws).await? => {}
                other => drop(other?),
            }
        }
        Ok(())
    }

    /// Whether the live profile has a role.
    async fn has_role(&self, role: &str, aws: &Aws) -> Result<bool> {
        let name = &self.instance_profile_name;
        let call = || aws.iam.get_instance_profile().instance_profile_name(name).send();
        let found = aws.safe("iam:GetInstanceProfile", call).await?;
        let roles = found.instance_profile.map(|profile| profile.roles).unwrap_or_default();
        Ok(roles.iter().any(|found| found.role_name == role))
    }
}

/// The stack's profiles are in its path; any other is recorded as foreign.
fn read(profile: types::InstanceProfile, listing: &Listing<'_>) -> Option<Live<InstanceProfile>> {
    let name = profile.instance_profile_name;
    if profile.path != path(listing.stack) {
        listing.foreign::<InstanceProfile>(Some(&name));
        return None;
    }
    let owner = tags::owner_by_name::<InstanceProfile>(&name, listing.stack)?;
    let outputs = outputs(profile.arn.clone(), name.clone());
    let spec = InstanceProfile {
        instance_profile_name: name,
        path: profile.path,
        roles: profile.roles.into_iter().map(|role| role.role_name).collect(),
    };
    Some(owner.live(profile.arn, spec, outputs))
}
