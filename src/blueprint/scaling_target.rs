//! The target value of a target-tracking policy, which services and caches share.

use serde::Serialize;

use super::language::decode::Value;

/// The value at which a target-tracking policy keeps its metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target<T> {
    /// In the unit of the metric.
    pub target: T,
    /// Whether the policy may also reduce capacity. Default: true.
    pub scale_in: bool,
}

/// `55%`, or `{ target: 55%, scale_in: false }`.
pub(super) fn decode<'a, T>(
    value: Value<'a>,
    decode: fn(Value<'a>) -> Option<T>,
) -> Option<Target<T>> {
    if value.node.map().is_none() {
        return decode(value).map(|target| Target { target, scale_in: true });
    }
    value.fields(|fields| {
        let target = fields.required("target", "target: …", decode);
        let scale_in = fields.or("scale_in", true, Value::boolean);
        Some(Target { target: target?, scale_in })
    })?
}
