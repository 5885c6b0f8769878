//! The stable code of every diagnostic about a blueprint.

// Reading a file.
pub const NOT_UTF8: &str = "E0101";
pub const SYNTAX: &str = "E0102";
pub const EMPTY_FILE: &str = "E0103";
pub const TWO_DOCUMENTS: &str = "E0104";
pub const TOO_MANY_VALUES: &str = "E0105";
pub const TOO_DEEP: &str = "E0106";
pub const DUPLICATE_KEY: &str = "E0107";
pub const KEY_NOT_TEXT: &str = "E0108";
pub const MERGE_KEY: &str = "E0109";
pub const UNKNOWN_TAG: &str = "E0110";
pub const RECURSIVE_ALIAS: &str = "E0111";
pub const NOT_A_MAP: &str = "E0112";

// Laying files over one another.
pub const EMPTY_VALUE: &str = "E0201";
pub const RESETS_NOTHING: &str = "E0202";
pub const BAD_SET: &str = "E0203";
pub const PRESET_WITHOUT_STACK: &str = "E0204";
pub const RESET_WITH_VALUE: &str = "E0205";

// Variables.
pub const UNKNOWN_VARIABLE: &str = "E0301";
pub const UNSET_VARIABLE: &str = "E0302";
pub const UNSET_ENV: &str = "E0303";
pub const BAD_REFERENCE: &str = "E0304";
pub const UNQUOTED_REFERENCE: &str = "E0305";

// The type of a value.
pub const WRONG_TYPE: &str = "E0401";
pub const MISSING_UNIT: &str = "E0402";
pub const WRONG_UNIT: &str = "E0403";
pub const UNKNOWN_KEY: &str = "E0404";
pub const MISSING_KEY: &str = "E0405";
pub const OUT_OF_RANGE: &str = "E0406";
pub const UNKNOWN_WORD: &str = "E0407";
pub const MALFORMED: &str = "E0408";
pub const AMBIGUOUS_SCALAR: &str = "E0409";
pub const BAD_NAME: &str = "E0410";
pub const TOO_MANY: &str = "E0411";
pub const TOO_LONG: &str = "E0412";
pub const RESERVED: &str = "E0413";
pub const UNREADABLE_FILE: &str = "E0414";
pub const EITHER_OR: &str = "E0415";
pub const SCRIPT_OR_PATH: &str = "E0416";
pub const BAD_CRON: &str = "E0417";
pub const HOST_BITS: &str = "E0418";
pub const DOUBTFUL_WORD: &str = "W0419";
pub const NEEDLESS: &str = "W0420";

// The stack.
pub const TWO_REGIONS: &str = "E0501";
pub const STACK_INTERNAL: &str = "E0502";

// The network.
pub const CIDR_SIZE: &str = "E0511";
pub const PUBLIC_CIDR: &str = "E0512";
pub const EXISTING_NETWORK: &str = "E0513";
pub const NETWORK_FULL: &str = "E0514";
pub const TOO_FEW_SUBNETS: &str = "E0515";
pub const NO_IPV6: &str = "E0516";

// Load balancers and routes.
pub const NO_CERTIFICATE: &str = "E0521";
pub const IN_THE_CLEAR: &str = "E0522";
pub const UNKNOWN_LOAD_BALANCER: &str = "E0523";
pub const ROUTED_TWICE: &str = "E0524";
pub const PRIORITY_TWICE: &str = "E0525";
pub const ROUTES_WITHOUT_PORT: &str = "E0526";
pub const PORT_WITHOUT_ROUTES: &str = "E0527";
pub const TOO_MANY_CONDITIONS: &str = "E0528";
pub const NOTHING_ROUTED: &str = "W0529";
pub const NOTHING_REACHES: &str = "W0530";
pub const MANY_RULES: &str = "W0531";
pub const CERTIFICATE_ELSEWHERE: &str = "E0532";

// Services and scaling.
pub const MIXED_ARCHITECTURES: &str = "E0541";
pub const SLOW_TIMEOUT: &str = "E0542";
pub const SHARED_DEVICE: &str = "E0543";
pub const MAX_BELOW_MIN: &str = "E0544";
pub const WINDOW_OUTSIDE: &str = "E0545";
pub const EMPTY_WINDOW: &str = "E0546";
pub const NOTHING_TO_PREDICT: &str = "E0547";
pub const REQUESTS_WITHOUT_ROUTES: &str = "E0548";
pub const BASE_ABOVE_MAX: &str = "E0549";
pub const ROLLOUT_RANGE: &str = "E0550";

// The CDN and buckets.
pub const UNKNOWN_ORIGIN: &str = "E0740";
pub const PATH_TWICE: &str = "E0741";
pub const NO_DEFAULT_ROUTE: &str = "E0742";
pub const PATH_NOT_COVERED: &str = "E0743";
pub const AROUND_KEYS: &str = "E0744";
pub const TOO_MANY_BEHAVIORS: &str = "E0745";
pub const ORIGIN_SCHEME: &str = "E0746";
pub const UNKNOWN_FUNCTION: &str = "E0747";
pub const TWO_FUNCTIONS: &str = "E0748";
pub const BUCKET_NAMED_LOGS: &str = "E0749";
pub const FOREIGN_BUCKET: &str = "W0750";
pub const CACHE_TIMES: &str = "E0751";
