//! The general modules name no kind, and `desired` names kinds by their types only.
use super::scan::Name;
use super::tree::{File, Tree};
use super::{refused, tree};
use std::collections::BTreeSet;

/// Modules that treat all kinds alike.
const GENERAL: &[&str] = &["exec", "graph", "plan", "render"];

/// Properties that general modules may name, since tags and names are the same for all kinds.
const COMMON_PROPERTIES: &[&str] = &["Name", "Tags", "Key", "Value"];

/// Where such a string means something else, with the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/desired/monitoring/widget.rs", "alarm", "a type of dashboard widgets"),
    ("src/desired/network/mod.rs", "vpc", "the scope of an Elastic IP address"),
    ("src/desired/shared/logs.rs", "bucket", "the name of an output"),
    ("src/render/shards.rs", "secret", "the label of a row"),
    ("src/render/value.rs", "secret", "hides values of any property with this name"),
    ("src/render/value.rs", "UserData", "shows what EC2 takes in base64 as text"),
];

fn kinds() -> BTreeSet<&'static str> {
    tenfold::kinds::KINDS.iter().map(|kind| kind.info().name).collect()
}

fn offences(tree: &Tree, kinds: &BTreeSet<&str>) -> Vec<String> {
    let is_kind = |file: &&File| file.module.first().is_some_and(|first| first == "kinds");
    let specs = tree.product().filter(is_kind).flat_map(|file| &file.scan.properties);
    let properties: BTreeSet<&str> = specs.map(String::as_str).collect();
    let is_property = |text: &str| {
        let mut parts = text.split(['/', '.']);
        parts.any(|part| properties.contains(part) && !COMMON_PROPERTIES.contains(&part))
    };
    let mut offences = Vec::new();
    for file in tree.product() {
        let general = file.module.first().is_some_and(|first| GENERAL.contains(&first.as_str()));
        let desired = file.module.first().is_some_and(|first| first == "desired");
        for Name { text, line, .. } in file.scan.strings.iter().filter(|name| !name.test) {
            let mut exceptions = EXCEPTIONS.iter();
            if exceptions.any(|(path, except, _)| *path == file.path && except == text) {
                continue;
            }
            let place = format!("{}:{line}: {text:?}", file.path);
            if (general || desired) && kinds.contains(text.as_str()) {
                offences.push(if general {
                    format!("{place} is a kind; let the kind answer, through its KindInfo or Spec")
                } else {
                    format!("{place} is a kind; use the type, as in `Vpc::INFO.name`")
                });
            } else if general && (text.starts_with("AWS::") || is_property(text)) {
                offences.push(format!(
                    "{place} is AWS's; let the kind answer, through its KindInfo or Spec"
                ));
            }
        }
    }
    offences
}

#[test]
fn general_modules_name_no_kind() {
    refused(offences(tree(), &kinds()));
}

#[test]
fn refuses_planted_name_of_a_kind() {
    let spec = "#[derive(Deserialize)]\n#[serde(rename_all = \"PascalCase\")]\nstruct Vpc { cidr_block: String, tags: Tags }";
    let with = |path: &str, text: &str| {
        offences(&Tree::planted(&[("src/kinds/ec2/vpc/mod.rs", spec), (path, text)]), &kinds())
    };
    for literal in ["vpc", "CidrBlock", "/CidrBlock/0", "AWS::EC2::VPC"] {
        let text = format!("fn f() {{ assert!(kind == {literal:?}) }}");
        assert_eq!(with("src/plan/check.rs", &text).len(), 1, "{literal}");
        assert_eq!(with("src/desired/a.rs", &text).len(), usize::from(literal == "vpc"));
        assert_eq!(with("src/cli/show.rs", &text).len(), 0, "{literal}");
    }
    for text in
        ["const A: &str = \"Tags vpcs\";", "#[cfg(test)] mod t { const A: &str = \"vpc\"; }"]
    {
        assert_eq!(with("src/plan/check.rs", text), Vec::<String>::new());
    }
}
