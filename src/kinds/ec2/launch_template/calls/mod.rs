mod convert;

use super::{LaunchTemplate, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_autoscaling::types::AutoScalingGroup;
use aws_sdk_ec2::types::{self, ResourceType};
use std::collections::{BTreeMap, BTreeSet};

/// How many versions are kept; older ones go, unless a group or an instance still runs them.
const KEPT: i64 = 10;

impl Calls for LaunchTemplate {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let templates = |token| {
            let filter = tags::ec2_filter(listing.stack);
            aws.ec2.describe_launch_templates().filters(filter).set_next_token(token).send()
        };
        // Without an id, the latest version of every template in one listing.
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
        Ok(templates.into_iter().filter_map(read).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        // No token: the name alone keeps a second one away, whereas a token would be answered
        // with the template of the same making that has been deleted meanwhile.
        let call = || {
            aws.ec2
                .create_launch_template()
                .launch_template_name(&self.launch_template_name)
                .launch_template_data(convert::request(&self.launch_template_data))
                .tag_specifications(tags::to_ec2(&self.tags, ResourceType::LaunchTemplate))
                .send()
        };
        let made = aws.once("ec2:CreateLaunchTemplate", call).await?.launch_template;
        let id = made.and_then(|template| template.launch_template_id).unwrap_or_default();
        Ok(outputs(id, &self.launch_template_name, 1))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let id = live.handle.as_str();
        let mut known = live.outputs.clone();
        if self.launch_template_data != live.spec.launch_template_data {
            let version = self.add_version(live, aws).await?;
            known = outputs(id.into(), &self.launch_template_name, version);
            let call = || {
                let modify = aws.ec2.modify_launch_template().launch_template_id(id);
                modify.default_version(version.to_string()).send()
            };
            aws.safe("ec2:ModifyLaunchTemplate", call).await?;
            prune(id, version, aws).await?;
        }
        aws.retag_ec2(id, &live.spec.tags, &self.tags).await?;
        Ok(known)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.delete_launch_template().launch_template_id(&live.handle).send();
        aws.safe("ec2:DeleteLaunchTemplate", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl LaunchTemplate {
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
        let made = aws.safe("ec2:CreateLaunchTemplateVersion", call).await?;
        let version = made.launch_template_version.and_then(|version| version.version_number);
        Ok(version.unwrap_or_default())
    }
}

fn read(
    template: types::LaunchTemplate,
    latest: &mut BTreeMap<String, types::LaunchTemplateVersion>,
    stack: &str,
) -> Option<Live<LaunchTemplate>> {
    let tags = tags::from_ec2(template.tags.as_deref());
    let owner = tags::owner::<LaunchTemplate>(&tags, stack)?;
    let handle = template.launch_template_id?;
    // Deleted between the two reads, if it has none.
    let version = latest.remove(&handle)?;
    let name = template.launch_template_name.unwrap_or_default();
    let outputs = outputs(handle.clone(), &name, version.version_number.unwrap_or_default());
    let spec = LaunchTemplate {
        launch_template_name: name,
        launch_template_data: convert::read(version.launch_template_data?),
        tags,
    };
    let (id, component) = (owner.id, owner.component);
    Some(Live { id, handle, component, spec, outputs, condition: Condition::Ready })
}

/// Deletes what is older than the versions kept. The default version is the newest by now, and
/// AWS would refuse to delete it.
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
    let gone = old.into_iter().filter(|version| *version <= latest - KEPT);
    let gone: Vec<String> =
        gone.map(|version| version.to_string()).filter(|version| !used.contains(version)).collect();
    // AWS takes up to 200 versions a call.
    for versions in gone.chunks(200) {
        let call = || {
            let delete = aws.ec2.delete_launch_template_versions().launch_template_id(id);
            delete.set_versions(Some(versions.to_vec())).send()
        };
        aws.safe("ec2:DeleteLaunchTemplateVersions", call).await.found()?;
    }
    Ok(())
}

/// The versions of a template that groups ask for or instances of groups run. All groups of the
/// region are looked at: one that is not the stack's may use the template as well.
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
    fn a_version_is_in_use_by_groups_and_by_their_instances() {
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
