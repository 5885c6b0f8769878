//! A launch template: the configuration of a group's instances,
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html>.
//!
//! A version never changes: each change of the data creates a new version, and a group refers to
//! the version that it runs.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LaunchTemplate {
    pub launch_template_name: String,
    pub launch_template_data: Data,
    /// The tags of the template itself; `TagSpecifications` in CloudFormation.
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Data {
    pub image_id: String,
    /// Absent where the group overrides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iam_instance_profile: Option<InstanceProfile>,
    /// Either here or in the network interfaces, not both.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub security_group_ids: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub network_interfaces: BTreeSet<NetworkInterface>,
    /// In Base64, as AWS stores it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_data: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub block_device_mappings: BTreeSet<BlockDeviceMapping>,
    pub metadata_options: MetadataOptions,
    pub monitoring: Monitoring,
    /// Absent: the default of the instance type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ebs_optimized: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_name: Option<String>,
    /// For burstable instance types only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_specification: Option<CreditSpecification>,
    #[serde(default, skip_serializing_if = "TagSpecifications::is_empty")]
    pub tag_specifications: TagSpecifications,
}

/// Either the ARN or the name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct InstanceProfile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct NetworkInterface {
    pub device_index: i32,
    pub associate_public_ip_address: bool,
    pub delete_on_termination: bool,
    pub groups: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct BlockDeviceMapping {
    pub device_name: String,
    pub ebs: Ebs,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Ebs {
    pub volume_type: String,
    /// In GiB. Absent: the size in the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_size: Option<i32>,
    pub encrypted: bool,
    pub delete_on_termination: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iops: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throughput: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MetadataOptions {
    pub http_endpoint: String,
    /// `required`: instances accept only version 2 of the metadata service.
    pub http_tokens: String,
    pub http_put_response_hop_limit: i32,
    pub instance_metadata_tags: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Monitoring {
    pub enabled: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CreditSpecification {
    pub cpu_credits: String,
}

/// The tags of an instance and of the resources created with it, by resource type. Serialized as
/// CloudFormation's list, ordered by resource type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagSpecifications(pub BTreeMap<String, Tags>);

impl TagSpecifications {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct TagSpecification {
    resource_type: String,
    tags: Tags,
}

impl Serialize for TagSpecifications {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(resource_type, tags)| TagSpecification {
            resource_type: resource_type.clone(),
            tags: tags.clone(),
        }))
    }
}

impl<'de> Deserialize<'de> for TagSpecifications {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<TagSpecification>::deserialize(deserializer)?;
        Ok(TagSpecifications(list.into_iter().map(|one| (one.resource_type, one.tags)).collect()))
    }
}

impl Spec for LaunchTemplate {
    const INFO: KindInfo = KindInfo {
        name: "launch-template",
        type_name: "AWS::EC2::LaunchTemplate",
        name_property: "LaunchTemplateName",
        create_only: &["LaunchTemplateName"],
        replace: Replace::Successor,
        volatile_outputs: &["version"],
        // The templates with their tags, and the latest data of all templates of the account.
        reads: Reads { fixed: 2, each: 0 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let properties = json!({
            "LaunchTemplateName": self.launch_template_name,
            "LaunchTemplateData": self.launch_template_data,
            "TagSpecifications": [{ "ResourceType": "launch-template", "Tags": self.tags }],
        });
        vec![(Self::INFO.type_name, properties)]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        // The sandbox does not know which property an update changed, so every update counts as a
        // new version.
        let before = mint.before.get("version").and_then(|text| text.parse().ok()).unwrap_or(0);
        outputs(mint.id("id", "lt"), &self.launch_template_name, before + 1)
    }
}

fn outputs(id: String, name: &str, version: i64) -> Outputs {
    Outputs::from([
        ("id".into(), id),
        ("name".into(), name.into()),
        ("version".into(), version.to_string()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn spec() -> Value {
        json!({
            "LaunchTemplateName": "shop-api",
            "LaunchTemplateData": {
                "ImageId": "ami-0a1b2c3d4e5f60718",
                "InstanceType": "c7g.large",
                "IamInstanceProfile": { "Arn": "arn:aws:iam::000000000000:instance-profile/x" },
                "NetworkInterfaces": [{
                    "DeviceIndex": 0, "AssociatePublicIpAddress": false,
                    "DeleteOnTermination": true, "Groups": ["sg-1", "sg-2"],
                }],
                "UserData": "IyEvYmluL3NoCg==",
                "BlockDeviceMappings": [{ "DeviceName": "/dev/xvda", "Ebs": {
                    "VolumeType": "gp3", "VolumeSize": 20, "Encrypted": true,
                    "DeleteOnTermination": true, "Iops": 3000, "Throughput": 125,
                } }],
                "MetadataOptions": {
                    "HttpEndpoint": "enabled", "HttpTokens": "required",
                    "HttpPutResponseHopLimit": 1, "InstanceMetadataTags": "enabled",
                },
                "Monitoring": { "Enabled": true },
                "EbsOptimized": true,
                "TagSpecifications": [
                    { "ResourceType": "instance", "Tags": [{ "Key": "Name", "Value": "api" }] },
                    { "ResourceType": "volume", "Tags": [{ "Key": "Name", "Value": "api" }] },
                ],
            },
            "Tags": [{ "Key": "Name", "Value": "shop-api" }],
        })
    }

    #[test]
    fn serializes_lists_in_a_fixed_order() {
        let mut shuffled = spec();
        let data = &mut shuffled["LaunchTemplateData"];
        data["NetworkInterfaces"][0]["Groups"] = json!(["sg-2", "sg-1"]);
        data["TagSpecifications"].as_array_mut().into_iter().for_each(|list| list.reverse());
        let typed: LaunchTemplate = serde_json::from_value(shuffled).expect("a spec");
        assert_eq!(serde_json::to_value(&typed).expect("JSON"), spec());
    }

    #[test]
    fn template_puts_tags_into_tag_specifications() {
        let typed: LaunchTemplate = serde_json::from_value(spec()).expect("a spec");
        let (kind, properties) = typed.template().remove(0);
        assert_eq!(kind, "AWS::EC2::LaunchTemplate");
        assert_eq!(properties.get("Tags"), None);
        assert_eq!(properties["TagSpecifications"][0]["Tags"][0]["Value"], "shop-api");
    }
}
