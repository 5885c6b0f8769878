//! The stable code of every diagnostic that depends on the account or on the expanded blueprint.

// Zones, subnets, images and addresses.
pub const ZONES: &str = "E0601";
pub const SUBNET: &str = "E0602";
pub const TWO_SUBNETS: &str = "E0603";
pub const ADDRESSES: &str = "E0604";
pub const IMAGE: &str = "E0605";
pub const LARGE_USER_DATA: &str = "E0606";
pub const UNKNOWN_OVERRIDE: &str = "E0607";
pub const UNFIT_OVERRIDE: &str = "E0608";

// The section `resources`.
pub const UNKNOWN_KIND: &str = "E0609";
pub const UNFIT_RESOURCE: &str = "E0610";
pub const NOT_FOUND_AGAIN: &str = "E0611";
pub const UNKNOWN_OUTPUT: &str = "E0612";

// Caches.
pub const CACHE_VERSION: &str = "E0620";

// Databases.
pub const DATABASE_CLASS: &str = "E0630";
pub const DATABASE_VERSION: &str = "E0631";
pub const DATABASE_ZONES: &str = "E0632";

// Rate limits.
pub const ABOVE_ACCOUNT: &str = "E0655";
pub const MANY_PATHS: &str = "E0656";

// Domains.
pub const NO_ZONE: &str = "E0665";
pub const UNKNOWN_ZONE: &str = "E0666";

// Monitoring.
pub const NO_LOGS: &str = "E0685";
