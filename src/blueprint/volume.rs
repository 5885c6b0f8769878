//! `volumes` of a service: the disks of an instance.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// `/dev/sdf`; none for `root`, whose device the image decides.
    pub device: Option<String>,
    /// None: as large as the image asks (only `root`).
    pub size_gib: Option<u32>,
    pub volume_type: VolumeType,
    pub iops: Option<u32>,
    pub throughput_mib_s: Option<u32>,
    pub encrypted: bool,
    /// Id, ARN or alias of a KMS key; the account's default key if none.
    pub kms_key: Option<String>,
    pub delete_on_termination: bool,
}

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
