//! Dependencies between the top-level modules point one way.
use super::tree::{Import, Tree};
use super::{refused, tree};

/// The vocabulary, which every module may use. These modules use each other and nothing else;
/// `cycles` checks that they form no cycle.
const WORDS: &[&str] = &[
    "cloud",
    "diagnostic",
    "error",
    "facts",
    "graph",
    "names",
    "policy",
    "reference",
    "resource",
    "spec",
    "suggest",
    "tags",
];

/// The other modules from the bottom to the top, each with the earlier modules that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("shards", &[]),
    ("blueprint", &[]),
    ("plan", &[]),
    ("exec", &["plan"]),
    ("render", &["shards", "plan", "exec"]),
    ("aws", &[]),
    ("kinds", &["shards", "aws"]),
    ("sandbox", &["plan", "kinds"]),
    ("desired", &["shards", "blueprint", "kinds"]),
    ("engine", &["blueprint", "plan", "exec", "kinds", "desired"]),
    ("actions", &["shards", "plan", "exec", "kinds", "engine"]),
    (
        "cli",
        &[
            "shards",
            "blueprint",
            "plan",
            "exec",
            "render",
            "aws",
            "kinds",
            "sandbox",
            "desired",
            "engine",
            "actions",
        ],
    ),
    ("main", &["cli"]),
];

/// What a module may use besides the words; None if no layer has it.
fn allowed(module: &str) -> Option<&'static [&'static str]> {
    let layer = LAYERS.iter().find(|(name, _)| *name == module);
    layer.map(|(_, uses)| *uses).or_else(|| WORDS.contains(&module).then_some(&[]))
}

fn offences(tree: &Tree) -> Vec<String> {
    let inner = tree.product().filter(|file| !file.module.is_empty());
    let unknown = inner.filter(|file| allowed(&file.module[0]).is_none()).map(|file| {
        format!("{}: no layer has `{}`; add it to {}", file.path, file.module[0], file!())
    });
    unknown.chain(tree.imports().iter().filter_map(upward)).collect()
}

fn upward(Import { from, to, written }: &Import) -> Option<String> {
    let (module, used) = (from.module.first()?, to.module.first()?);
    let uses = allowed(module)?;
    let fits = module == used || uses.contains(&used.as_str()) || WORDS.contains(&used.as_str());
    let uses = ["the words"].iter().chain(uses).copied().collect::<Vec<_>>().join(", ");
    (!fits).then(|| {
        format!(
            "{}:{}: `{}`: {module} may use {uses}; take the value as an argument, or move the code",
            from.path,
            written.line,
            written.segments.join("::")
        )
    })
}

#[test]
fn modules_use_lower_layers_only() {
    refused(offences(tree()));
}

#[test]
fn layers_name_earlier_layers_only() {
    for (at, (name, uses)) in LAYERS.iter().enumerate() {
        let earlier: Vec<&str> = LAYERS[..at].iter().map(|(name, _)| *name).collect();
        let later = uses.iter().find(|used| !earlier.contains(used));
        assert_eq!(later, None, "`{name}` may not use a module that comes later in LAYERS");
    }
}

#[test]
fn refuses_planted_import_of_a_higher_layer() {
    let files = |text: &'static str| {
        Tree::planted(&[
            ("src/lib.rs", "mod plan; mod kinds; mod names;"),
            ("src/plan.rs", text),
            ("src/names.rs", ""),
            ("src/kinds/mod.rs", "pub fn registry() {}"),
        ])
    };
    let planted = [
        "use crate::{names, kinds::registry};",
        "#[cfg(test)] mod tests {}\nfn f() { crate::kinds::registry() }",
        "fn f() { assert!(super::kinds::registry()) }",
        "use crate::kinds as k;",
    ];
    for text in planted {
        let found = offences(&files(text));
        assert!(found.len() == 1 && found[0].contains("plan may use the words"), "{text}");
    }
    let innocent = "use crate::names;\n/// [`crate::kinds`]\nconst A: &str = \"crate::kinds::a\";\n\
        #[cfg(test)] use crate::kinds;";
    assert_eq!(offences(&files(innocent)), Vec::<String>::new());
    assert_eq!(offences(&Tree::planted(&[("src/lib.rs", ""), ("src/other.rs", "")])).len(), 1);
}
