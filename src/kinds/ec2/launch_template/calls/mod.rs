mod convert;

use super::{LaunchTemplate, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, stack_filter, tag_specification};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_autoscaling::types::AutoScalingGroup;
use aws_sdk_ec2::types::{self, ResourceType};
use std::collections::{BTreeMap, BTreeSet};

/// The number of versions to keep. Older ones are deleted, unless a group or an instance uses them.
const KEPT: i64 = 10;

impl Calls for LaunchTemplate {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let templates = |token| {
            let filter = stack_filter(listing.stack);
            aws.ec2.describe_launch_templates().filters(filter).set_next_token(token).send()
        };
        // Without a template ID: the latest version of every template of the account.
        let versions = |token| {
            let call = aws.ec2.describe_launch_template_versions().versions("$Latest");
            call.set_next_token(token).send()
        };
        let templates = aws.pages("ec2:DescribeLaunchTemplates", templates, |page| {
            (page.next_token, page.launch_templates)
        });
        let versions = aws.pages("ec2:DescribeLaunchTemplateVersions", versions, |page| {
            (page.next_token, page.launch_template_versions)
        });
        let (templates, versions) = futures::try_join!(templates, versions)?;
        let mut latest: BTreeMap<String, types::LaunchTemplateVersion> = versions
            .into_iter()
            .filter_map(|version| Some((version.launch_template_id.clone()?, version)))
            .collect();
        let read = |template| read(template, &mut latest, listing.stack);
        let live = templates.into_iter().filter_map(read).collect();
        // The remaining versions are those of other owners' templates.
        let prefix = listing.prefix();
        let names = latest.values().filter_map(|version| version.launch_template_name());
        for name in names.filter(|name| name.starts_with(&prefix)) {
            listing.foreign::<Self>(Some(name));
        }
        Ok(live)
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        // No client token: AWS rejects a second template of the same name anyway. For a token, AWS
        // would return the template of an identical earlier request, even if it is deleted by now.
        let call = || {
            aws.ec2
                .create_launch_template()
                .launch_template_name(&self.launch_template_name)
                .launch_template_data(convert::request(&self.launch_template_data))
                .tag_specifications(tag_specification(&self.tags, ResourceType::LaunchTemplate))
                .send()
        };
        let created = aws.once("ec2:CreateLaunchTemplate", call).await?.launch_template;
        let id = created.and_then(|template| template.launch_template_id).unwrap_or_default();
        Ok(outputs(id, &self.launch_template_name, 1))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let id = live.handle.as_str();
        let mut new_outputs = live.outputs.clone();
        if self.launch_template_data != live.spec.launch_template_data {
            let version = self.add_version(live, aws).await?;
            new_outputs = outputs(id.into(), &self.launch_template_name, version);
            let call = || {
                let modify = aws.ec2.modify_launch_template().launch_template_id(id);
                modify.default_version(version.to_string()).send()
            };
            aws.safe("ec2:ModifyLaunchTemplate", call).await?;
            prune(id, version, aws).await?;
        }
        aws.retag_ec2(id, &live.spec.tags, &self.tags).await?;
        Ok(new_outputs)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.delete_launch_template().launch_template_id(&live.handle).send();
        aws.delete("ec2:DeleteLaunchTemplate", call).await
    }
}

impl LaunchTemplate {
    /// Creates a version, and returns its number.
    async fn add_version(&self, live: &Live<Self>, aws: &Aws) -> Result<i64> {
        let data = &self.launch_template_data;
        let token = aws.token();
        let call = || {
            aws.ec2
                .create_launch_template_version()
                .launch_template_id(&live.handle)
                .launch_template_data(convert::request(data))
                .client_token(&token)
                .send()
        };
        let created = aws.safe("ec2:CreateLaunchTemplateVersion", call).await?;
        let version = created.launch_template_version.and_then(|version| version.version_number);
        Ok(version.unwrap_or_default())
    }
}

fn read(
    template: types::LaunchTemplate,
    latest: &mut BTreeMap<String, types::LaunchTemplateVersion>,
    stack: &str,
) -> Option<Live<LaunchTemplate>> {
    let tags = from_ec2(template.tags.as_deref());
    let owner = tags::owner::<LaunchTemplate>(&tags, stack)?;
    let handle = template.launch_template_id?;
    // Without a version, the template was deleted between the two listings.
    let version = latest.remove(&handle)?;
    let name = template.launch_template_name.unwrap_or_default();
    let outputs = outputs(handle.clone(), &name, version.version_number.unwrap_or_default());
    let spec = LaunchTemplate {
        launch_template_name: name,
        launch_template_data: convert::read(version.launch_template_data?),
        tags,
    };
    Some(owner.live(handle, spec, outputs))
}

/// Deletes unused versions that are older than the newest [`KEPT`]. Runs after the newest version
/// became the default one, because AWS does not delete the default version.
async fn prune(id: &str, latest: i64, aws: &Aws) -> Result<()> {
    if latest <= KEPT {
        return Ok(());
    }
    let call = |token| {
        let describe = aws.ec2.describe_launch_template_versions().launch_template_id(id);
        describe.max_version((latest - KEPT).to_string()).set_next_token(token).send()
    };
    let old = aws
        .pages("ec2:DescribeLaunchTemplateVersions", call, |page| {
            (page.next_token, page.launch_template_versions)
        })
        .await?;
    let old: BTreeSet<i64> = old.into_iter().filter_map(|version| version.version_number).collect();
    if old.is_empty() {
        return Ok(());
    }
    let used = used(id, aws).await?;
    let expired = old.into_iter().filter(|version| *version <= latest - KEPT);
    let expired: Vec<String> = expired
        .map(|version| version.to_string())
        .filter(|version| !used.contains(version))
        .collect();
    // AWS accepts up to 200 versions in a call.
    for versions in expired.chunks(200) {
        let call = || {
            let delete = aws.ec2.delete_launch_template_versions().launch_template_id(id);
            delete.set_versions(Some(versions.to_vec())).send()
        };
        aws.safe("ec2:DeleteLaunchTemplateVersions", call).await.found()?;
    }
    Ok(())
}

/// The versions of a template that Auto Scaling groups or their instances use. Reads all groups of
/// the region: a group of another owner may use the template too.
async fn used(id: &str, aws: &Aws) -> Result<BTreeSet<String>> {
    let call = |token| {
        aws.autoscaling.describe_auto_scaling_groups().max_records(100).set_next_token(token).send()
    };
    let groups = aws
        .pages("autoscaling:DescribeAutoScalingGroups", call, |page| {
            (page.next_token, page.auto_scaling_groups)
        })
        .await?;
    Ok(groups.into_iter().flat_map(|group| used_by(group, id)).collect())
}

fn used_by(group: AutoScalingGroup, id: &str) -> Vec<String> {
    let policy = group.mixed_instances_policy.and_then(|policy| policy.launch_template);
    let (mixed, overrides) = policy
        .map(|template| (template.launch_template_specification, template.overrides))
        .unwrap_or_default();
    let overrides = overrides.unwrap_or_default().into_iter();
    let instances = group.instances.unwrap_or_default().into_iter();
    let templates = [group.launch_template, mixed]
        .into_iter()
        .chain(overrides.map(|one| one.launch_template_specification))
        .chain(instances.map(|instance| instance.launch_template))
        .flatten();
    templates
        .filter(|template| template.launch_template_id.as_deref() == Some(id))
        .filter_map(|template| template.version)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_autoscaling::types::{
        Instance, LaunchTemplate as MixedTemplate, LaunchTemplateSpecification,
        MixedInstancesPolicy,
    };

    #[test]
    fn finds_versions_used_by_groups_and_instances() {
        let version = |id: &str, version: &str| {
            LaunchTemplateSpecification::builder().launch_template_id(id).version(version).build()
        };
        let mixed = MixedTemplate::builder().launch_template_specification(version("lt-1", "7"));
        let group = AutoScalingGroup::builder()
            .mixed_instances_policy(
                MixedInstancesPolicy::builder().launch_template(mixed.build()).build(),
            )
            .instances(Instance::builder().launch_template(version("lt-1", "5")).build())
            .instances(Instance::builder().launch_template(version("lt-2", "4")).build())
            .build();
        assert_eq!(used_by(group, "lt-1"), ["7", "5"]);
    }
}
