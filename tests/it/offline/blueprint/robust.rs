//! No input makes the reader panic, and every diagnostic has a position.

use proptest::prelude::*;
use tenfold::blueprint::{SourceFile, load};
use tenfold::diagnostic::Diagnostics;

use super::options;
use crate::support::testing::property_test;

const EXAMPLE: &str = include_str!("../../../../blueprints/million-calls.yaml");

fn read(_: &str, path: &str) -> Result<Vec<u8>, String> {
    Ok(format!("#!/bin/sh\n# {path}\n").into_bytes())
}

/// Every diagnostic points into its source and can be shown.
fn check(files: &[Vec<u8>]) -> Result<(), TestCaseError> {
    let names = ["one.yaml", "two.yaml"];
    let files: Vec<SourceFile> = names
        .iter()
        .zip(files)
        .map(|(name, bytes)| SourceFile::new(*name, bytes.clone()))
        .collect();
    let diagnostics = match load(&files, &options(&read)) {
        Ok(blueprint) => {
            let rules = blueprint.listener_rules();
            prop_assert!(rules.iter().all(|rule| rule.priority > 0));
            blueprint.warnings
        }
        Err(diagnostics) => {
            prop_assert!(diagnostics.has_errors());
            diagnostics
        }
    };
    places(&diagnostics)
}

fn places(diagnostics: &Diagnostics) -> Result<(), TestCaseError> {
    for diagnostic in diagnostics.iter() {
        prop_assert!(!diagnostic.labels.is_empty(), "{diagnostic:?}");
        for label in &diagnostic.labels {
            let text = &label.span.source.text;
            prop_assert!(text.get(label.span.range.clone()).is_some(), "{diagnostic:?}");
        }
        prop_assert!(diagnostic.help.as_ref().is_some_and(|help| !help.is_empty()));
    }
    let _ = diagnostics.to_text(false);
    let _ = diagnostics.to_json();
    Ok(())
}

/// Text made of characters that have a meaning in YAML.
fn yamlish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ":",
            ": ",
            ", ",
            "- ",
            "\n",
            "\n  ",
            "\n    ",
            "#",
            " #",
            "&a ",
            "*a",
            "<<: ",
            "!reset",
            "!override",
            "!!str ",
            "|\n",
            ">\n",
            "\"",
            "'",
            "---\n",
            "...\n",
            "~",
            "null",
            "${var.x}",
            "$${",
            "${",
            "%",
            "@",
            "\t",
            "\r\n",
            "\u{feff}",
            "? ",
            "é",
            "stack: shop\n",
            "region: us-east-1\n",
            "services:\n  api:\n",
            "    scale: ",
            "load_balancers:\n  main: {}\n",
            "network: { cidr: ",
            "10.0.0.0/16",
            "variables: { x: {} }\n",
        ])
        .prop_map(str::to_string),
        "[a-z0-9_.%/]{1,6}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// The large example with a few places changed.
fn damaged() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..12_usize, yamlish());
    prop::collection::vec(change, 1..4).prop_map(|changes| {
        let mut text: Vec<char> = EXAMPLE.chars().collect();
        for (at, length, replacement) in changes {
            let start = at.index(text.len());
            let end = (start + length).min(text.len());
            text.splice(start..end, replacement.chars());
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(property_test(256))]

    #[test]
    fn any_bytes(one in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&[one])?;
    }

    #[test]
    fn any_yaml(one in yamlish(), two in yamlish()) {
        check(&[one.into_bytes(), two.into_bytes()])?;
    }

    #[test]
    fn any_damage(text in damaged()) {
        check(&[text.into_bytes()])?;
    }
}
