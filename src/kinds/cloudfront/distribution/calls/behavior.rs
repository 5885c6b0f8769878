//! Behaviors between the spec's shapes and the SDK's, which has one for a path and another, alike
//! but for that, for all the rest. What is not modelled stays as it is.
use crate::error::Result;
use crate::kinds::cloudfront::calls::{counted, unbuilt};
use crate::kinds::cloudfront::distribution::{Behavior, FunctionAssociation};
use aws_sdk_cloudfront::types::{
    self, AllowedMethods, CacheBehavior, CachedMethods, DefaultCacheBehavior, FunctionAssociations,
    Method,
};
use std::collections::BTreeSet;

/// Lays the spec over one of the SDK's two shapes. What came before cache policies cannot stand
/// beside them.
macro_rules! laid_over {
    ($was:ident, $of:ident) => {{
        let mut to = $was;
        to.target_origin_id = $of.target_origin_id.clone();
        to.viewer_protocol_policy = $of.viewer_protocol_policy.as_str().into();
        to.allowed_methods = Some(methods($of)?);
        to.compress = Some($of.compress);
        to.function_associations = Some(functions($of)?);
        to.cache_policy_id = $of.cache_policy_id.clone();
        to.origin_request_policy_id = $of.origin_request_policy_id.clone();
        to.response_headers_policy_id = $of.response_headers_policy_id.clone();
        #[expect(deprecated, reason = "a distribution that others made may still have them")]
        {
            to.forwarded_values = None;
            to.min_ttl = None;
            to.default_ttl = None;
            to.max_ttl = None;
        }
        Ok(to)
    }};
}

pub fn default(of: &Behavior, was: Option<DefaultCacheBehavior>) -> Result<DefaultCacheBehavior> {
    let bare = || {
        DefaultCacheBehavior::builder()
            .target_origin_id(&of.target_origin_id)
            .viewer_protocol_policy(of.viewer_protocol_policy.as_str().into())
            .build()
            .map_err(unbuilt)
    };
    let was = was.map_or_else(bare, Ok)?;
    laid_over!(was, of)
}

pub fn at_path(of: &Behavior, was: Option<&CacheBehavior>) -> Result<CacheBehavior> {
    let bare = || {
        CacheBehavior::builder()
            .path_pattern(of.path_pattern.clone().unwrap_or_default())
            .target_origin_id(&of.target_origin_id)
            .viewer_protocol_policy(of.viewer_protocol_policy.as_str().into())
            .build()
            .map_err(unbuilt)
    };
    let was = was.cloned().map_or_else(bare, Ok)?;
    laid_over!(was, of)
}

fn methods(of: &Behavior) -> Result<AllowedMethods> {
    let list = |of: &BTreeSet<String>| {
        let methods: Vec<Method> = of.iter().map(|method| method.as_str().into()).collect();
        counted(methods)
    };
    let (quantity, items) = list(&of.cached_methods);
    let cached = CachedMethods::builder().quantity(quantity).set_items(items);
    let (quantity, items) = list(&of.allowed_methods);
    let allowed = AllowedMethods::builder().quantity(quantity).set_items(items);
    allowed.cached_methods(cached.build().map_err(unbuilt)?).build().map_err(unbuilt)
}

fn functions(of: &Behavior) -> Result<FunctionAssociations> {
    let function = |of: &FunctionAssociation| {
        types::FunctionAssociation::builder()
            .event_type(of.event_type.as_str().into())
            .function_arn(&of.function_arn)
            .build()
            .map_err(unbuilt)
    };
    let all: Result<Vec<_>> = of.function_associations.iter().map(function).collect();
    let (quantity, items) = counted(all?);
    let all = FunctionAssociations::builder().quantity(quantity).set_items(items);
    all.build().map_err(unbuilt)
}

/// One of the SDK's two shapes, read.
macro_rules! read {
    ($of:ident, $path:expr) => {{
        let (allowed_methods, cached_methods) = from_methods($of.allowed_methods);
        Behavior {
            path_pattern: $path,
            target_origin_id: $of.target_origin_id,
            viewer_protocol_policy: $of.viewer_protocol_policy.as_str().into(),
            allowed_methods,
            cached_methods,
            compress: $of.compress.unwrap_or_default(),
            cache_policy_id: given($of.cache_policy_id),
            origin_request_policy_id: given($of.origin_request_policy_id),
            response_headers_policy_id: given($of.response_headers_policy_id),
            function_associations: from_functions($of.function_associations),
        }
    }};
}

pub fn from_default(of: DefaultCacheBehavior) -> Behavior {
    read!(of, None)
}

pub fn from_path(of: CacheBehavior) -> Behavior {
    read!(of, Some(of.path_pattern))
}

/// CloudFront says of what is not there that it is empty.
fn given(id: Option<String>) -> Option<String> {
    id.filter(|id| !id.is_empty())
}

fn from_methods(of: Option<AllowedMethods>) -> (BTreeSet<String>, BTreeSet<String>) {
    let set = |of: Vec<Method>| of.iter().map(|method| method.as_str().to_string()).collect();
    let Some(of) = of else { return Default::default() };
    (set(of.items), set(of.cached_methods.map(|of| of.items).unwrap_or_default()))
}

fn from_functions(of: Option<FunctionAssociations>) -> BTreeSet<FunctionAssociation> {
    let items = of.and_then(|of| of.items).unwrap_or_default().into_iter();
    let function = |of: types::FunctionAssociation| FunctionAssociation {
        event_type: of.event_type.as_str().into(),
        function_arn: of.function_arn,
    };
    items.map(function).collect()
}
