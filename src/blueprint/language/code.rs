//! The stable code of every diagnostic about a blueprint. Codes of errors start with `E`, codes of
//! warnings with `W`.

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

// Overlays.
pub const EMPTY_VALUE: &str = "E0201";
pub const RESET_WITHOUT_EFFECT: &str = "E0202";
pub const BAD_SET: &str = "E0203";
pub const PRESET_WITHOUT_STACK: &str = "E0204";
pub const RESET_WITH_VALUE: &str = "E0205";
pub const SETS_NEW_COMPONENT: &str = "E0206";

// Variables.
pub const UNKNOWN_VARIABLE: &str = "E0301";
pub const UNSET_VARIABLE: &str = "E0302";
pub const UNSET_ENV: &str = "E0303";
pub const BAD_REFERENCE: &str = "E0304";
pub const UNQUOTED_REFERENCE: &str = "E0305";

// The types and formats of values.
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
pub const UNCERTAIN_WORD: &str = "W0419";
pub const NOT_NEEDED: &str = "W0420";

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
pub const PLAIN_HTTP: &str = "E0522";
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

// Caches.
pub const ZONES_WITHOUT_REPLICA: &str = "E0710";
pub const MANY_NODES: &str = "E0711";
pub const UNSCALED_SIZE: &str = "E0712";
pub const OUTSIDE_SCALE: &str = "E0713";
pub const OWN_PARAMETER: &str = "E0714";

// Databases.
pub const NO_SHARD_KEY: &str = "E0720";
pub const NO_SHARD_LEFT: &str = "E0721";
pub const WINDOWS_OVERLAP: &str = "E0722";
pub const NO_ROOM_TO_GROW: &str = "E0723";
pub const SMALL_VOLUME: &str = "E0724";
pub const SLOW_VOLUME: &str = "E0725";

// The CDN and buckets.
pub const UNKNOWN_ORIGIN: &str = "E0740";
pub const PATH_TWICE: &str = "E0741";
pub const NO_DEFAULT_ROUTE: &str = "E0742";
pub const PATH_NOT_COVERED: &str = "E0743";
pub const KEYS_BYPASSED: &str = "E0744";
pub const TOO_MANY_BEHAVIORS: &str = "E0745";
pub const SHARED_ORIGIN: &str = "E0746";
pub const UNKNOWN_FUNCTION: &str = "E0747";
pub const TWO_FUNCTIONS: &str = "E0748";
pub const BUCKET_NAMED_LOGS: &str = "E0749";
pub const FOREIGN_BUCKET: &str = "W0750";
pub const CACHE_TIMES: &str = "E0751";
pub const ORIGIN_WITHOUT_DOMAIN: &str = "E0752";
pub const MANY_SOURCES: &str = "E0753";
pub const SECRET_HEADER: &str = "E0754";

// Rate limits.
pub const API_WITHOUT_BACKEND: &str = "E0755";
pub const EDGE_API: &str = "E0756";
pub const UNKNOWN_TIER: &str = "E0757";
pub const LIMIT_ABOVE: &str = "E0758";
pub const PATH_NOT_SERVED: &str = "E0759";
pub const API_PATH_TWICE: &str = "E0760";
pub const HOSTS_BEHIND_API: &str = "E0761";
pub const KEYS_WITHOUT_EFFECT: &str = "E0762";
pub const NOT_OPENAPI: &str = "E0763";
pub const BACKEND_NAME: &str = "E0764";
pub const NO_API: &str = "E0765";

// Entry points: domains and firewalls.
pub const TWO_ENTRY_POINTS: &str = "E0770";
pub const NO_ENTRY_POINT: &str = "W0771";
pub const FIREWALL_WINDOW: &str = "E0772";
pub const TWO_FIREWALLS: &str = "E0773";
pub const FIREWALL_INSIDE: &str = "E0774";
pub const FIREWALL_ALONE: &str = "E0775";

// Queues, and connections of services.
pub const UNKNOWN_USE: &str = "E0785";
pub const USED_TWICE: &str = "E0786";
pub const POOL_WITHOUT_DATABASE: &str = "E0787";
pub const UNKNOWN_QUEUE: &str = "E0788";
pub const SHORT_VISIBILITY: &str = "E0789";
pub const SHORT_DRAIN: &str = "E0790";
pub const SLOW_WAKE_UP: &str = "E0791";
pub const UNKNOWN_SECRET: &str = "E0792";
pub const VARIABLE_TWICE: &str = "E0793";
pub const TOO_MANY_CONNECTIONS: &str = "E0794";
pub const SLOW_HANDLER: &str = "E0795";

// Monitoring.
pub const RETENTION: &str = "E0800";
pub const WITHOUT_MONITORING: &str = "W0801";
pub const CDN_WITHOUT_ALARMS: &str = "W0802";
