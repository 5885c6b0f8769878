//! `volumes` of a service: the EBS volumes of an instance.

use serde::Serialize;
use std::collections::BTreeMap;

use super::Image;
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::fields::Fields;
use crate::blueprint::language::node::LabelPosition;
use crate::diagnostic::Diagnostic;

/// An EBS volume of each instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Device name such as `/dev/sdf`; none for `root`, whose device name the image determines.
    pub device: Option<String>,
    /// Size in GiB, 1 to 65,536; none: the size in the image (only `root`).
    pub size_gib: Option<u32>,
    /// Default: gp3.
    pub volume_type: VolumeType,
    /// I/O operations per second, 100 to 256,000; required for io1 and io2, optional for gp3.
    pub iops: Option<u32>,
    /// Throughput in MiB/s, 125 to 2000; only for gp3.
    pub throughput_mib_s: Option<u32>,
    /// Default: true.
    pub encrypted: bool,
    /// ID, ARN or alias of a KMS key; none: the account's default key.
    pub kms_key: Option<String>,
    /// Whether the volume is deleted with its instance. Default: true.
    pub delete_on_termination: bool,
}

/// EBS volume types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VolumeType {
    Gp3,
    Gp2,
    Io1,
    Io2,
    St1,
    Sc1,
}

/// The name of the volume that the instance boots from.
pub const ROOT: &str = "root";

/// Enough for Amazon Linux and some logs, in GiB.
const ROOT_GIB: u32 = 20;

/// The volumes of a service that configures none. Any image but the newest Amazon Linux determines
/// the size of its root volume.
pub(super) fn default(image: &Image) -> BTreeMap<String, Volume> {
    let root = Volume {
        device: None,
        size_gib: (*image == Image::Newest).then_some(ROOT_GIB),
        volume_type: VolumeType::Gp3,
        iops: None,
        throughput_mib_s: None,
        encrypted: true,
        kms_key: None,
        delete_on_termination: true,
    };
    BTreeMap::from([(ROOT.to_string(), root)])
}

pub(super) fn decode(value: Value<'_>, image: &Image) -> Option<BTreeMap<String, Volume>> {
    let mut volumes = default(image);
    let written = value.named(|value| volume(value, &volumes[ROOT]))?;
    refuse_shared_devices(value, &written);
    volumes.extend(written);
    Some(volumes)
}

fn volume(value: Value<'_>, root: &Volume) -> Option<Volume> {
    let is_root = value.key == ROOT;
    value.fields(|fields| {
        let device = match is_root {
            true => fields.optional("device", device),
            false => fields.required("device", "device: /dev/sdf", device),
        };
        let size_gib = match is_root {
            true => fields.optional("size", size).or(root.size_gib),
            false => fields.required("size", "size: 100GiB", size),
        };
        let volume_type = fields.or("type", VolumeType::Gp3, volume_type);
        let iops = fields.optional("iops", |value| value.count(100..=256_000));
        let throughput_mib_s =
            fields.optional("throughput", |value| value.mib_per_second(125..=2000));
        check_performance(fields, volume_type, iops, throughput_mib_s);
        let encrypted = fields.or("encrypted", true, Value::boolean);
        let kms_key = fields.optional("kms_key", |value| value.text().map(str::to_string));
        if !encrypted && kms_key.is_some() {
            fields.clash(
                code::EITHER_OR,
                "`kms_key` on a volume that is not encrypted",
                ("kms_key", "the key to encrypt with"),
                ("encrypted", "encryption is off"),
                "remove `kms_key`, or remove `encrypted: false`",
            );
        }
        Volume {
            device,
            size_gib,
            volume_type,
            iops,
            throughput_mib_s,
            encrypted,
            kms_key,
            delete_on_termination: fields.or("delete_on_termination", true, Value::boolean),
        }
    })
}

fn size(value: Value<'_>) -> Option<u32> {
    value.gib(1..=65_536)
}

fn device(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| text.strip_prefix("/dev/").is_some_and(|name| !name.is_empty());
    value.shaped(fits, "a device name", "/dev/sdf")
}

fn volume_type(value: Value<'_>) -> Option<VolumeType> {
    value.word(&[
        ("gp3", VolumeType::Gp3),
        ("gp2", VolumeType::Gp2),
        ("io1", VolumeType::Io1),
        ("io2", VolumeType::Io2),
        ("st1", VolumeType::St1),
        ("sc1", VolumeType::Sc1),
    ])
}

/// Checks which volume types support `iops` and `throughput`, and which require `iops`.
fn check_performance(
    fields: &mut Fields<'_>,
    volume_type: VolumeType,
    iops: Option<u32>,
    throughput_mib_s: Option<u32>,
) {
    let is_io = matches!(volume_type, VolumeType::Io1 | VolumeType::Io2);
    let is_gp3 = volume_type == VolumeType::Gp3;
    if is_io && iops.is_none() && !fields.has("iops") {
        fields.required("iops", "iops: 3000", |_| Some(()));
    }
    for (key, value, is_supported) in
        [("iops", iops, is_io || is_gp3), ("throughput", throughput_mib_s, is_gp3)]
    {
        if value.is_some() && !is_supported {
            fields.clash(
                code::EITHER_OR,
                format!("`{key}` cannot be set for this volume type"),
                (key, "not supported"),
                ("type", "by this type"),
                format!("remove `{key}`, or write `type: gp3`"),
            );
        }
    }
}

fn refuse_shared_devices(value: Value<'_>, volumes: &BTreeMap<String, Volume>) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, volume) in volumes {
        let Some(device) = volume.device.as_deref() else {
            continue;
        };
        let Some(first) = seen.insert(device, name) else {
            continue;
        };
        let at = |name: &str| value.node.find(&format!("{name}.device")).value.position.clone();
        value.report(
            Diagnostic::error(
                code::SHARED_DEVICE,
                format!("two volumes use the device name `{device}`"),
            )
            .label_at(&at(name), "used again here")
            .label_at(&at(first), "used first here")
            .help("give one of them another device name, such as /dev/sdg"),
        );
    }
}
