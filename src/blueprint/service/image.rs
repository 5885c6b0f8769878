//! `instances` and `image` of a service: instance types, their architecture, and the image they
//! boot.

use serde::Serialize;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::names::{is_aws_id, is_instance_type};

/// The CPU architecture of an instance type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    Arm64,
    #[serde(rename = "x86_64")]
    X86_64,
}

/// The image that an instance boots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Image {
    /// The newest Amazon Linux 2023 for the architecture.
    Newest,
    /// `ami-…`
    Id(String),
    /// Path of an SSM parameter that contains an AMI ID.
    Parameter(String),
}

/// Instance types in order of preference, at most 40.
pub(super) fn instances(value: Value<'_>) -> Option<Vec<String>> {
    let types =
        value.items(40, |value| value.shaped(is_instance_type, "an instance type", "m7g.large"))?;
    let first = types.first()?;
    let other = types.iter().find(|other| architecture(other) != architecture(first));
    if let Some(other) = other {
        let summary = format!("`{first}` and `{other}` have different architectures");
        let (one, two) = (architecture(first).name(), architecture(other).name());
        let report = value.error(code::MIXED_ARCHITECTURES, summary, "in one service");
        value.report(report.help(format!(
            "all instances boot the same image: keep the {one} types or the {two} types"
        )));
    }
    Some(types)
}

impl Architecture {
    /// The name that AWS uses.
    pub fn name(self) -> &'static str {
        match self {
            Architecture::Arm64 => "arm64",
            Architecture::X86_64 => "x86_64",
        }
    }
}

/// Graviton types have a `g` after the generation: `m7g`, `c7gn`, `im4gn`, but not `g5` or `m7i`.
pub(super) fn architecture(instance_type: &str) -> Architecture {
    let family = instance_type.split('.').next().unwrap_or_default();
    let after_generation = family
        .find(|c: char| c.is_ascii_digit())
        .map_or("", |at| family[at..].trim_start_matches(|c: char| c.is_ascii_digit()));
    let is_apple = family.starts_with("mac") && family != "mac1";
    if after_generation.contains('g') || family == "a1" || is_apple {
        return Architecture::Arm64;
    }
    Architecture::X86_64
}

pub(super) fn decode(value: Value<'_>) -> Option<Image> {
    let text = value.text()?;
    match text {
        "newest" => Some(Image::Newest),
        _ if is_aws_id("ami")(text) => Some(Image::Id(text.to_string())),
        _ if text.starts_with('/') && text.len() > 1 => Some(Image::Parameter(text.to_string())),
        _ => value.malformed(
            "an image",
            "write `newest`, an AMI ID such as `ami-0a1b2c3d`, \
             or the path of an SSM parameter such as `/aws/service/…`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_architecture_from_instance_family() {
        for arm in [
            "m7g.large",
            "c7gn.xlarge",
            "t4g.small",
            "im4gn.large",
            "is4gen.medium",
            "x2gd.large",
            "g5g.xlarge",
            "a1.large",
            "mac2.metal",
            "c8gd.large",
        ] {
            assert_eq!(architecture(arm), Architecture::Arm64, "{arm}");
        }
        for x86 in [
            "m7i.large",
            "g5.xlarge",
            "t3.micro",
            "m7i-flex.large",
            "u-6tb1.metal",
            "g4dn.xlarge",
            "mac1.metal",
            "p6-b200.48xlarge",
            "trn1.2xlarge",
        ] {
            assert_eq!(architecture(x86), Architecture::X86_64, "{x86}");
        }
    }
}
