//! The stable code of every diagnostic that needs the account, or the expanded blueprint.

pub const ZONES: &str = "E0601";
pub const SUBNET: &str = "E0602";
pub const TWO_SUBNETS: &str = "E0603";
pub const ADDRESSES: &str = "E0604";
pub const IMAGE: &str = "E0605";
pub const LARGE_USER_DATA: &str = "E0606";
pub const UNKNOWN_OVERRIDE: &str = "E0607";
pub const UNFIT_OVERRIDE: &str = "E0608";

// Rate limits.
pub const ABOVE_ACCOUNT: &str = "E0655";
pub const MANY_PATHS: &str = "E0656";
