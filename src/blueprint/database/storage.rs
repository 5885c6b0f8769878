//! `storage` of a database: the gp3 volume of each instance.

use serde::Serialize;

use crate::blueprint::language::code;
use crate::blueprint::language::fields::Fields;

/// The gp3 volume of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Storage {
    /// Initial size in GiB, 20 to 65,536; it can grow, but never shrink. Default: 400, with the
    /// `dev` preset 20.
    pub size_gib: u32,
    /// Size in GiB up to which RDS enlarges a volume that fills up; none: RDS does not enlarge it.
    /// Default: twice `size_gib`.
    pub max_gib: Option<u32>,
    /// I/O operations per second, 12,000 to 64,000; none: the default for the size.
    pub iops: Option<u32>,
    /// Throughput in MiB/s, 500 to 4000; none: the default for the size.
    pub throughput_mib_s: Option<u32>,
}

/// Volumes of at least this size are striped, and their performance can be configured:
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage>.
pub const STRIPED_GIB: u32 = 400;
/// The default IOPS of a striped volume.
pub const STRIPED_IOPS: u32 = 12_000;
/// The default throughput of a striped volume, in MiB/s.
pub const STRIPED_MIB_S: u32 = 500;
const MAX_GIB: u32 = 65_536;

/// `storage`, `storage_max`, `iops` and `throughput` among the keys of a database.
pub(super) fn decode(fields: &mut Fields<'_>) -> Storage {
    let default = fields.value.decoder.preset(STRIPED_GIB, 20);
    let size_gib = fields.or("storage", default, |value| value.gib(20..=MAX_GIB));
    let max_gib = fields
        .switch("storage_max", Some((2 * size_gib).min(MAX_GIB)), |value| value.gib(20..=MAX_GIB));
    let iops = fields.optional("iops", |value| value.count(STRIPED_IOPS..=64_000));
    let throughput_mib_s =
        fields.optional("throughput", |value| value.mib_per_second(STRIPED_MIB_S..=4000));
    let storage = Storage { size_gib, max_gib, iops, throughput_mib_s };
    check_max(fields, storage);
    check_performance(fields, storage);
    storage
}

/// RDS requires that a volume can grow by at least 10%.
fn check_max(fields: &Fields<'_>, storage: Storage) {
    let least = storage.size_gib + storage.size_gib.div_ceil(10);
    if fields.has("storage_max") && storage.max_gib.is_some_and(|max_gib| max_gib < least) {
        fields.clash(
            code::NO_ROOM_TO_GROW,
            "`storage_max` is too close to `storage`",
            ("storage_max", "must be at least 10% larger"),
            ("storage", "the initial size"),
            format!("write `storage_max: {least}GiB` or more, or `storage_max: false`"),
        );
    }
}

fn check_performance(fields: &Fields<'_>, storage: Storage) {
    for key in ["iops", "throughput"] {
        if fields.has(key) && storage.size_gib < STRIPED_GIB {
            fields.clash(
                code::SMALL_VOLUME,
                format!("`{key}` can be set only for at least {STRIPED_GIB} GiB"),
                (key, "cannot be set for this size"),
                ("storage", "is too small"),
                format!("write `storage: {STRIPED_GIB}GiB`, or remove `{key}`"),
            );
        }
    }
    let iops = storage.iops.unwrap_or(STRIPED_IOPS);
    if storage.throughput_mib_s.is_some_and(|throughput| throughput > iops / 4) {
        let needed = storage.throughput_mib_s.unwrap_or_default() * 4;
        fields.clash(
            code::SLOW_VOLUME,
            "the volume needs four IOPS for each MiB/s",
            ("throughput", "needs more IOPS"),
            ("iops", "too few for the throughput"),
            format!("write `iops: {needed}`"),
        );
    }
}
