//! The launch template of a service.
use super::grants::Grants;
use super::user_data;
use crate::blueprint::Service;
use crate::blueprint::service::SubnetRole;
use crate::blueprint::service::image::Image;
use crate::blueprint::service::volume::{ROOT, Volume, VolumeType};
use crate::desired::build::{Build, Handle};
use crate::desired::property::pointer;
use crate::desired::query::image_parameter;
use crate::desired::{code, monitoring};
use crate::kinds::ec2::launch_template::{
    BlockDeviceMapping, Data, Ebs, InstanceProfile, LaunchTemplate, MetadataOptions, Monitoring,
    NetworkInterface, TagSpecifications,
};
use crate::reference::literal;
use crate::resource::Pin;
use std::collections::BTreeSet;

/// The limit of EC2 for the name of a template.
const TEMPLATE_NAME: usize = 128;
/// The tag with the source of a template's image. While the source is the same, a newer image is
/// only used with `--upgrade`.
const IMAGE_TAG: &str = "tenfold:image";
/// The device of the root volume if the image is not known.
const ROOT_DEVICE: &str = "/dev/xvda";

/// The resources that a launch template refers to.
pub struct Inputs<'a> {
    pub group: &'a Handle,
    pub profile: &'a Handle,
    pub grants: &'a Grants,
}

pub fn expand(
    build: &mut Build,
    component: &str,
    name: &str,
    service: &Service,
    inputs: &Inputs,
) -> Handle {
    let (image, source) = image(build, name, service);
    let mut tags = build.tags(component, name);
    tags.set(IMAGE_TAG, &literal(&source));
    let data = Data {
        block_device_mappings: volumes(build, &image, service),
        image_id: image,
        instance_type: service.instances.first().cloned(),
        iam_instance_profile: Some(InstanceProfile {
            arn: Some(inputs.profile.output("arn")),
            name: None,
        }),
        security_group_ids: BTreeSet::new(),
        network_interfaces: [interface(service, inputs.group)].into(),
        user_data: user_data(build, name, service, inputs.grants),
        metadata_options: MetadataOptions {
            http_endpoint: "enabled".into(),
            http_tokens: "required".into(),
            http_put_response_hop_limit: i32::try_from(service.metadata_hop_limit).unwrap_or(1),
            instance_metadata_tags: "disabled".into(),
        },
        monitoring: Monitoring { enabled: service.detailed_monitoring },
        ebs_optimized: None,
        key_name: service.key_name.as_deref().map(literal),
        credit_specification: None,
        tag_specifications: tagged(build, component, name),
    };
    let spec = LaunchTemplate {
        launch_template_name: build.name(name, TEMPLATE_NAME),
        launch_template_data: data,
        tags,
    };
    let pins = match service.image {
        Image::Id(_) => Vec::new(),
        _ => vec![Pin {
            property: pointer(&spec, |spec| spec.launch_template_data.image_id.clear()),
            source: Some(pointer(&spec, |spec| spec.tags.set(IMAGE_TAG, ""))),
        }],
    };
    build.add_pinned(component, name, &spec, pins)
}

/// The ID of the image, and its source: an ID or a public parameter.
fn image(build: &mut Build, name: &str, service: &Service) -> (String, String) {
    let (image, source) = match (&service.image, image_parameter(service)) {
        (Image::Id(id), _) => (Some(id.clone()), id.clone()),
        (_, parameter) => {
            let parameter = parameter.unwrap_or_default();
            (build.facts.image_parameters.get(&parameter).cloned(), parameter)
        }
    };
    if let Some((problem, help)) = unfit(build, service, image.as_deref(), &source) {
        let path = format!("services.{name}.image");
        build.report(build.blueprint.at(&path, code::IMAGE, problem, help));
    }
    (image.unwrap_or_default(), source)
}

/// Why the instances cannot run an image, and what to do about it; none if they can.
fn unfit(
    build: &Build,
    service: &Service,
    image: Option<&str>,
    source: &str,
) -> Option<(String, &'static str)> {
    let wanted = service.architecture.name();
    let found = image.and_then(|image| build.facts.images.get(image));
    match found {
        None => Some((
            format!("{source} is not an image that this account can use in this region"),
            "set the ID of an image of this region, or a parameter that contains one",
        )),
        Some(found) if found.architecture != wanted => Some((
            format!("{source} is for {}, the instance types are {wanted}", found.architecture),
            "choose an image and instance types of one architecture",
        )),
        Some(_) => None,
    }
}

fn interface(service: &Service, group: &Handle) -> NetworkInterface {
    let extra = service.security_groups.iter().cloned();
    NetworkInterface {
        device_index: 0,
        associate_public_ip_address: service.subnets == SubnetRole::Public && service.public_ip,
        delete_on_termination: true,
        groups: extra.chain([group.output("id")]).collect(),
    }
}

fn volumes(build: &Build, image: &str, service: &Service) -> BTreeSet<BlockDeviceMapping> {
    let root = build.facts.images.get(image).map_or(ROOT_DEVICE, |image| &image.root_device);
    let volume = |(name, volume): (&String, &Volume)| {
        let own = if name == ROOT { Some(root.to_string()) } else { volume.device.clone() };
        Some(BlockDeviceMapping { device_name: own?, ebs: ebs(volume) })
    };
    service.volumes.iter().filter_map(volume).collect()
}

fn ebs(volume: &Volume) -> Ebs {
    let number = |value: Option<u32>| value.and_then(|value| i32::try_from(value).ok());
    Ebs {
        volume_type: match volume.volume_type {
            VolumeType::Gp3 => "gp3",
            VolumeType::Gp2 => "gp2",
            VolumeType::Io1 => "io1",
            VolumeType::Io2 => "io2",
            VolumeType::St1 => "st1",
            VolumeType::Sc1 => "sc1",
        }
        .into(),
        volume_size: number(volume.size_gib),
        encrypted: volume.encrypted,
        delete_on_termination: volume.delete_on_termination,
        iops: number(volume.iops),
        throughput: number(volume.throughput_mib_s),
        kms_key_id: volume.kms_key.as_deref().map(literal),
    }
}

fn user_data(build: &mut Build, name: &str, service: &Service, grants: &Grants) -> Option<String> {
    let Grants { environment, fetched, .. } = grants;
    let mut all = monitoring::environment(build, name);
    all.extend(environment.clone());
    let region = &build.facts.region;
    let text = user_data::text(service.user_data.as_deref(), &all, fetched, region)?;
    if text.len() > user_data::LIMIT_BYTES {
        let path = format!("services.{name}.user_data");
        let problem = format!(
            "with the environment the user data has {} bytes, and EC2 allows {}",
            text.len(),
            user_data::LIMIT_BYTES
        );
        let help = "fetch large files at boot, or put them into the image";
        build.report(build.blueprint.at(&path, code::LARGE_USER_DATA, problem, help));
    }
    Some(user_data::encode(&text))
}

/// Tags of instances, network interfaces and volumes, for people and for cost allocation. These
/// belong to the auto scaling group, so they have no tag with the name by which `tenfold` finds
/// resources.
fn tagged(build: &Build, component: &str, name: &str) -> TagSpecifications {
    let mut tags = build.tags(component, name);
    tags.remove(crate::tags::NAME);
    let kinds = ["instance", "network-interface", "volume"];
    TagSpecifications(kinds.into_iter().map(|kind| (kind.to_string(), tags.clone())).collect())
}
