//! Kinds that no cloud has, for tests of the sandbox and the executor.
use super::{Fault, Sandbox};
use crate::resource::{Id, Outputs};
use crate::spec::{Erased, KindInfo, Mint, Registry, Spec, Times};
use crate::tags::{COMPONENT, Tags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::marker::PhantomData;
use std::path::Path;

/// A resource with an identifier that the cloud assigns.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Part {
    #[serde(default)]
    pub uses: Vec<String>,
    #[serde(default)]
    pub fixed: u32,
    #[serde(default)]
    pub size: u32,
    #[serde(default)]
    pub protected: bool,
    #[serde(default)]
    pub how: u32,
    #[serde(default)]
    pub tags: Tags,
}

impl Spec for Part {
    const INFO: KindInfo = KindInfo {
        name: "part",
        type_name: "AWS::Test::Part",
        create_only: &["Fixed"],
        directives: &["How"],
        volatile_outputs: &["version"],
        times: Times { create_s: 100, update_s: 10, delete_s: 20 },
        ..KindInfo::PLAIN
    };

    fn unprotected(&self) -> Option<Self> {
        self.protected.then(|| Part { protected: false, ..self.clone() })
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let before = mint.before.get("version").and_then(|version| version.parse().ok());
        let version: u32 = before.map_or(1, |version: u32| version + 1);
        Outputs::from([
            ("id".into(), mint.id("id", "part")),
            ("version".into(), version.to_string()),
        ])
    }
}

/// A resource with a physical name, whose kind depends on `part`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Named {
    pub name: String,
    #[serde(default)]
    pub uses: Vec<String>,
    #[serde(default)]
    pub size: u32,
}

impl Spec for Named {
    const INFO: KindInfo = KindInfo {
        name: "named",
        type_name: "AWS::Test::Named",
        name_property: "Name",
        create_only: &["Name"],
        depends_on_kinds: &["part"],
        times: Times { create_s: 1, update_s: 1, delete_s: 5 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.arn("test", &format!("named/{}", self.name));
        Outputs::from([("name".into(), self.name.clone()), ("arn".into(), arn)])
    }
}

/// The kinds of this file.
pub const KINDS: Registry =
    Registry::new(&[&Erased::<Part>(PhantomData), &Erased::<Named>(PhantomData)]);

/// Opens the sandbox stored in a folder, with these kinds and faults.
pub fn sandbox(folder: &Path, faults: &[&str]) -> Sandbox {
    let faults = faults.iter().map(|text| text.parse::<Fault>().unwrap()).collect();
    let sandbox = Sandbox::open(&folder.join("sandbox.json"), "eu-west-1").unwrap();
    Sandbox { kinds: KINDS, ..sandbox.with_faults(faults) }
}

pub fn part(uses: &[&str]) -> Value {
    json!({ "Uses": uses, "Fixed": 0, "Size": 1, "Protected": false, "How": 7,
        "Tags": [{ "Key": COMPONENT, "Value": "tests.one" }] })
}

pub fn named(name: &str, uses: &[&str]) -> Value {
    json!({ "Name": name, "Uses": uses, "Size": 1 })
}
