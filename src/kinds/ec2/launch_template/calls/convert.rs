//! Conversions between the SDK's shapes and the spec's. Data that was sent reads back equal.
use crate::kinds::ec2::calls::{from_ec2, non_empty, to_ec2};
use crate::kinds::ec2::launch_template::{
    BlockDeviceMapping, CreditSpecification, Data, Ebs, InstanceProfile, MetadataOptions,
    Monitoring, NetworkInterface, TagSpecifications,
};
use aws_sdk_ec2::types::{
    self, CreditSpecificationRequest, InstanceType, LaunchTemplateBlockDeviceMappingRequest,
    LaunchTemplateEbsBlockDeviceRequest, LaunchTemplateIamInstanceProfileSpecificationRequest,
    LaunchTemplateInstanceMetadataOptionsRequest,
    LaunchTemplateInstanceNetworkInterfaceSpecificationRequest,
    LaunchTemplateTagSpecificationRequest, LaunchTemplatesMonitoringRequest,
    RequestLaunchTemplateData, ResponseLaunchTemplateData,
};

/// The data of a version in the shape that create calls take.
pub fn request(data: &Data) -> RequestLaunchTemplateData {
    let tagged = data.tag_specifications.0.iter().map(|(resource_type, tags)| {
        LaunchTemplateTagSpecificationRequest::builder()
            .resource_type(resource_type.as_str().into())
            .set_tags(Some(to_ec2(tags)))
            .build()
    });
    let monitoring = LaunchTemplatesMonitoringRequest::builder();
    let credits = data.credit_specification.as_ref().map(|credits| {
        CreditSpecificationRequest::builder().cpu_credits(&credits.cpu_credits).build()
    });
    RequestLaunchTemplateData::builder()
        .image_id(&data.image_id)
        .set_instance_type(data.instance_type.as_deref().map(InstanceType::from))
        .set_iam_instance_profile(data.iam_instance_profile.as_ref().map(profile))
        .set_security_group_ids(non_empty(data.security_group_ids.iter().cloned()))
        .set_network_interfaces(non_empty(data.network_interfaces.iter().map(interface)))
        .set_user_data(data.user_data.clone())
        .set_block_device_mappings(non_empty(data.block_device_mappings.iter().map(device)))
        .metadata_options(metadata(&data.metadata_options))
        .monitoring(monitoring.enabled(data.monitoring.enabled).build())
        .set_ebs_optimized(data.ebs_optimized)
        .set_key_name(data.key_name.clone())
        .set_credit_specification(credits)
        .set_tag_specifications(non_empty(tagged))
        .build()
}

fn profile(profile: &InstanceProfile) -> LaunchTemplateIamInstanceProfileSpecificationRequest {
    LaunchTemplateIamInstanceProfileSpecificationRequest::builder()
        .set_arn(profile.arn.clone())
        .set_name(profile.name.clone())
        .build()
}

fn interface(
    interface: &NetworkInterface,
) -> LaunchTemplateInstanceNetworkInterfaceSpecificationRequest {
    LaunchTemplateInstanceNetworkInterfaceSpecificationRequest::builder()
        .device_index(interface.device_index)
        .associate_public_ip_address(interface.associate_public_ip_address)
        .delete_on_termination(interface.delete_on_termination)
        .set_groups(non_empty(interface.groups.iter().cloned()))
        .build()
}

fn device(mapping: &BlockDeviceMapping) -> LaunchTemplateBlockDeviceMappingRequest {
    let ebs = &mapping.ebs;
    let ebs = LaunchTemplateEbsBlockDeviceRequest::builder()
        .volume_type(ebs.volume_type.as_str().into())
        .set_volume_size(ebs.volume_size)
        .encrypted(ebs.encrypted)
        .delete_on_termination(ebs.delete_on_termination)
        .set_iops(ebs.iops)
        .set_throughput(ebs.throughput)
        .set_kms_key_id(ebs.kms_key_id.clone())
        .build();
    LaunchTemplateBlockDeviceMappingRequest::builder()
        .device_name(&mapping.device_name)
        .ebs(ebs)
        .build()
}

fn metadata(options: &MetadataOptions) -> LaunchTemplateInstanceMetadataOptionsRequest {
    LaunchTemplateInstanceMetadataOptionsRequest::builder()
        .http_endpoint(options.http_endpoint.as_str().into())
        .http_tokens(options.http_tokens.as_str().into())
        .http_put_response_hop_limit(options.http_put_response_hop_limit)
        .instance_metadata_tags(options.instance_metadata_tags.as_str().into())
        .build()
}

/// The data of a version. An absent property is read as the value that AWS gives an instance,
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html>.
pub fn read(data: ResponseLaunchTemplateData) -> Data {
    let metadata = data
        .metadata_options
        .unwrap_or_else(|| types::LaunchTemplateInstanceMetadataOptions::builder().build());
    let tag_specifications = data.tag_specifications.unwrap_or_default().into_iter();
    let tag_specifications = tag_specifications.filter_map(|one| {
        let tags = from_ec2(one.tags.as_deref());
        Some((one.resource_type?.as_str().to_string(), tags))
    });
    let interfaces = data.network_interfaces.unwrap_or_default().into_iter();
    let devices = data.block_device_mappings.unwrap_or_default().into_iter();
    let or = |text: Option<&str>, default: &str| text.unwrap_or(default).to_string();
    Data {
        image_id: data.image_id.unwrap_or_default(),
        instance_type: data.instance_type.map(|kind| kind.as_str().to_string()),
        iam_instance_profile: data
            .iam_instance_profile
            .map(|profile| InstanceProfile { arn: profile.arn, name: profile.name }),
        security_group_ids: data.security_group_ids.unwrap_or_default().into_iter().collect(),
        network_interfaces: interfaces.map(read_interface).collect(),
        user_data: data.user_data.filter(|text| !text.is_empty()),
        block_device_mappings: devices.filter_map(read_device).collect(),
        metadata_options: MetadataOptions {
            http_endpoint: or(metadata.http_endpoint.as_ref().map(|v| v.as_str()), "enabled"),
            http_tokens: or(metadata.http_tokens.as_ref().map(|v| v.as_str()), "optional"),
            http_put_response_hop_limit: metadata.http_put_response_hop_limit.unwrap_or(1),
            instance_metadata_tags: or(
                metadata.instance_metadata_tags.as_ref().map(|v| v.as_str()),
                "disabled",
            ),
        },
        monitoring: Monitoring {
            enabled: data.monitoring.and_then(|monitoring| monitoring.enabled) == Some(true),
        },
        ebs_optimized: data.ebs_optimized,
        key_name: data.key_name,
        credit_specification: data
            .credit_specification
            .and_then(|credits| credits.cpu_credits)
            .map(|cpu_credits| CreditSpecification { cpu_credits }),
        tag_specifications: TagSpecifications(tag_specifications.collect()),
    }
}

fn read_interface(
    interface: types::LaunchTemplateInstanceNetworkInterfaceSpecification,
) -> NetworkInterface {
    NetworkInterface {
        device_index: interface.device_index.unwrap_or(0),
        associate_public_ip_address: interface.associate_public_ip_address == Some(true),
        delete_on_termination: interface.delete_on_termination.unwrap_or(true),
        groups: interface.groups.unwrap_or_default().into_iter().collect(),
    }
}

fn read_device(mapping: types::LaunchTemplateBlockDeviceMapping) -> Option<BlockDeviceMapping> {
    let ebs = mapping.ebs?;
    let ebs = Ebs {
        volume_type: ebs.volume_type.map_or("gp2".into(), |kind| kind.as_str().to_string()),
        volume_size: ebs.volume_size,
        encrypted: ebs.encrypted == Some(true),
        delete_on_termination: ebs.delete_on_termination.unwrap_or(true),
        iops: ebs.iops,
        throughput: ebs.throughput,
        kms_key_id: ebs.kms_key_id,
    };
    Some(BlockDeviceMapping { device_name: mapping.device_name.unwrap_or_default(), ebs })
}
