//! `storage` of a database: the gp3 volume of each instance.

use serde::Serialize;

use crate::blueprint::language::code;
use crate::blueprint::language::fields::Fields;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Storage {
    /// What it starts with; it grows and never shrinks.
    pub size_gib: u32,
    /// Up to where RDS makes it larger when it fills up; none if it does not.
    pub max_gib: Option<u32>,
    /// None: what the size brings.
    pub iops: Option<u32>,
    /// None: what the size brings.
    pub throughput_mib_s: Option<u32>,
}

/// From this size on a volume is striped, and its performance can be chosen:
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage>.
pub const STRIPED_GIB: u32 = 400;
/// What a striped volume brings.
pub const STRIPED_IOPS: u32 = 12_000;
pub const STRIPED_MIB_S: u32 = 500;
const LARGEST_GIB: u32 = 65_536;

/// `storage`, `storage_max`, `iops` and `throughput` among the keys of a database.
pub(crate) fn decode(fields: &mut Fields<'_>) -> Storage {
    let usual = fields.value.decoder.preset(STRIPED_GIB, 20);
    let size_gib = fields.or("storage", usual, |value| value.gib(20..=LARGEST_GIB));
    let max_gib = fields.switch("storage_max", Some((2 * size_gib).min(LARGEST_GIB)), |value| {
        value.gib(20..=LARGEST_GIB)
    });
    let iops = fields.optional("iops", |value| value.count(STRIPED_IOPS..=64_000));
    let throughput_mib_s =
        fields.optional("throughput", |value| value.mib_per_second(STRIPED_MIB_S..=4000));
    let storage = Storage { size_gib, max_gib, iops, throughput_mib_s };
    check_max(fields, storage);
    check_performance(fields, storage);
    storage
}

/// RDS wants room for growth of at least a tenth.
fn check_max(fields: &Fields<'_>, storage: Storage) {
    let least = storage.size_gib + storage.size_gib.div_ceil(10);
    if fields.has("storage_max") && storage.max_gib.is_some_and(|max_gib| max_gib < least) {
        fields.clash(
            code::NO_ROOM_TO_GROW,
            "`storage_max` leaves no room to grow",
            ("storage_max", "must be a tenth more"),
            ("storage", "than this"),
            format!("write `storage_max: {least}GiB` or more, or `storage_max: false`"),
        );
    }
}

fn check_performance(fields: &Fields<'_>, storage: Storage) {
    for key in ["iops", "throughput"] {
        if fields.has(key) && storage.size_gib < STRIPED_GIB {
            fields.clash(
                code::SMALL_VOLUME,
                format!("`{key}` can be chosen from {STRIPED_GIB} GiB on"),
                (key, "is fixed at this size"),
                ("storage", "too small"),
                format!("write `storage: {STRIPED_GIB}GiB`, or leave `{key}` out"),
            );
        }
    }
    let iops = storage.iops.unwrap_or(STRIPED_IOPS);
    if storage.throughput_mib_s.is_some_and(|throughput| throughput > iops / 4) {
        let needed = storage.throughput_mib_s.unwrap_or_default() * 4;
        fields.clash(
            code::SLOW_VOLUME,
            "four IOPS are needed for each MiB/s",
            ("throughput", "is more"),
            ("iops", "than these carry"),
            format!("write `iops: {needed}`"),
        );
    }
}
