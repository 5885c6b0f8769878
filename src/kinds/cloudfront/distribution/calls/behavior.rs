//! Converts cache behaviors between the spec's type and the SDK's two types: one for a path
//! pattern, and one without a pattern for the default behavior. Settings that the spec does not
//! model keep their live values.
use crate::error::Result;
use crate::kinds::cloudfront::calls::{counted, unbuilt};
use crate::kinds::cloudfront::distribution::{Behavior, FunctionAssociation};
use aws_sdk_cloudfront::types::{
    self, AllowedMethods, CacheBehavior, CachedMethods, DefaultCacheBehavior, FunctionAssociations,
    Method,
};
use std::collections::BTreeSet;

/// Sets the spec's values in one of the SDK's two types. The legacy cache settings must be unset:
/// CloudFront does not accept them together with a cache policy.
macro_rules! set_values {
    ($live:ident, $spec:ident) => {{
        let mut to = $live;
        to.target_origin_id = $spec.target_origin_id.clone();
        to.viewer_protocol_policy = $spec.viewer_protocol_policy.as_str().into();
        to.allowed_methods = Some(methods($spec)?);
        to.compress = Some($spec.compress);
        to.function_associations = Some(functions($spec)?);
        to.cache_policy_id = $spec.cache_policy_id.clone();
        to.origin_request_policy_id = $spec.origin_request_policy_id.clone();
        to.response_headers_policy_id = $spec.response_headers_policy_id.clone();
        #[expect(deprecated, reason = "a live distribution may still have them")]
        {
            to.forwarded_values = None;
            to.min_ttl = None;
            to.default_ttl = None;
            to.max_ttl = None;
        }
        Ok(to)
    }};
}

/// The default behavior. `live` is `None` for a new distribution.
pub fn default_to_sdk(
    spec: &Behavior,
    live: Option<DefaultCacheBehavior>,
) -> Result<DefaultCacheBehavior> {
    let minimal = || {
        DefaultCacheBehavior::builder()
            .target_origin_id(&spec.target_origin_id)
            .viewer_protocol_policy(spec.viewer_protocol_policy.as_str().into())
            .build()
            .map_err(unbuilt)
    };
    let live = live.map_or_else(minimal, Ok)?;
    set_values!(live, spec)
}

/// The behavior for a path pattern. `live` is `None` if the pattern is new.
pub fn path_to_sdk(spec: &Behavior, live: Option<&CacheBehavior>) -> Result<CacheBehavior> {
    let minimal = || {
        CacheBehavior::builder()
            .path_pattern(spec.path_pattern.clone().unwrap_or_default())
            .target_origin_id(&spec.target_origin_id)
            .viewer_protocol_policy(spec.viewer_protocol_policy.as_str().into())
            .build()
            .map_err(unbuilt)
    };
    let live = live.cloned().map_or_else(minimal, Ok)?;
    set_values!(live, spec)
}

fn methods(spec: &Behavior) -> Result<AllowedMethods> {
    let list = |names: &BTreeSet<String>| {
        let methods: Vec<Method> = names.iter().map(|method| method.as_str().into()).collect();
        counted(methods)
    };
    let (quantity, items) = list(&spec.cached_methods);
    let cached = CachedMethods::builder().quantity(quantity).set_items(items);
    let (quantity, items) = list(&spec.allowed_methods);
    let allowed = AllowedMethods::builder().quantity(quantity).set_items(items);
    allowed.cached_methods(cached.build().map_err(unbuilt)?).build().map_err(unbuilt)
}

fn functions(spec: &Behavior) -> Result<FunctionAssociations> {
    let function = |association: &FunctionAssociation| {
        types::FunctionAssociation::builder()
            .event_type(association.event_type.as_str().into())
            .function_arn(&association.function_arn)
            .build()
            .map_err(unbuilt)
    };
    let all: Result<Vec<_>> = spec.function_associations.iter().map(function).collect();
    let (quantity, items) = counted(all?);
    let all = FunctionAssociations::builder().quantity(quantity).set_items(items);
    all.build().map_err(unbuilt)
}

/// The spec's type from one of the SDK's two types.
macro_rules! from_sdk {
    ($live:ident, $path:expr) => {{
        let (allowed_methods, cached_methods) = from_methods($live.allowed_methods);
        Behavior {
            path_pattern: $path,
            target_origin_id: $live.target_origin_id,
            viewer_protocol_policy: $live.viewer_protocol_policy.as_str().into(),
            allowed_methods,
            cached_methods,
            compress: $live.compress.unwrap_or_default(),
            cache_policy_id: non_empty($live.cache_policy_id),
            origin_request_policy_id: non_empty($live.origin_request_policy_id),
            response_headers_policy_id: non_empty($live.response_headers_policy_id),
            function_associations: from_functions($live.function_associations),
        }
    }};
}

pub fn default_from_sdk(live: DefaultCacheBehavior) -> Behavior {
    from_sdk!(live, None)
}

pub fn path_from_sdk(live: CacheBehavior) -> Behavior {
    from_sdk!(live, Some(live.path_pattern))
}

/// The ID, or `None` if it is empty: CloudFront returns an empty string for an ID that is not set.
fn non_empty(id: Option<String>) -> Option<String> {
    id.filter(|id| !id.is_empty())
}

/// The allowed methods and the cached ones.
fn from_methods(allowed: Option<AllowedMethods>) -> (BTreeSet<String>, BTreeSet<String>) {
    let names =
        |methods: Vec<Method>| methods.iter().map(|method| method.as_str().to_string()).collect();
    let Some(allowed) = allowed else { return Default::default() };
    let cached = allowed.cached_methods.map(|cached| cached.items).unwrap_or_default();
    (names(allowed.items), names(cached))
}

fn from_functions(live: Option<FunctionAssociations>) -> BTreeSet<FunctionAssociation> {
    let items = live.and_then(|list| list.items).unwrap_or_default().into_iter();
    let function = |association: types::FunctionAssociation| FunctionAssociation {
        event_type: association.event_type.as_str().into(),
        function_arn: association.function_arn,
    };
    items.map(function).collect()
}
