use super::*;
use proptest::prelude::*;
use serde_yaml::Value as Yaml;

fn read(text: &str) -> Node {
    let source = Arc::new(Source::new("test", text, 0));
    let mut reports = Vec::new();
    let node = parse(&source, 0, &mut reports);
    assert!(reports.is_empty(), "{reports:?}");
    node.unwrap_or_else(|report| panic!("{report:?}\n{text}"))
}

#[test]
fn agrees_with_serde_yaml() {
    for text in [
        "a: 1\nb: -2\nc: 1.5\nd: true\ne: ~\nf: text\ng: 'it''s'\nh: \"tab\\t\\u00e9\"\n",
        "literal: |\n  two\n   lines\nfolded: >-\n  two\n  lines\nkept: |+\n  end\n\n",
        "- [a, {b: c}]\n- - nested\n- {}\n- []\n",
        "base: &base { a: 1, b: 2 }\nuse: { <<: *base, b: 3 }\nlist: [*base]\n",
        "many: { <<: [{ a: 1 }, { a: 2, b: 2 }], c: 3 }\n",
        "no: no\non: on\nyes: yes\n",
    ] {
        let mut expected: Yaml = serde_yaml::from_str(text).expect("valid");
        expected.apply_merge().expect("merges");
        assert_eq!(read(text).to_yaml(), expected, "{text}");
    }
}

#[test]
fn spans_cover_the_source_text() {
    let node = read("a: { b: [one, \"two\"] }\nc: &x |\n  block\nd: *x\n");
    let text = |path: &str| node.find(path).value.position.span.text().to_string();
    assert_eq!(text("a"), "{ b: [one, \"two\"] }");
    assert_eq!(text("a.b"), "[one, \"two\"]");
    assert_eq!((text("a.b.0"), text("a.b.1")), ("one".to_string(), "\"two\"".to_string()));
    let position = &node.find("d").value.position;
    assert!(position.span.text().contains("block"));
    assert_eq!(position.via.as_ref().map(Span::text), Some("*x"));
    let key = node.find("a.b").key.map(|key| key.span.text());
    assert_eq!(key, Some("b"));
}

fn value() -> impl Strategy<Value = Yaml> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(|number| Yaml::Number(number.into())),
        any::<bool>().prop_map(Yaml::Bool),
        // Excludes Unicode line separators, which YAML 1.1 and 1.2 read differently.
        "[ -~é€\\n\\t]{0,20}".prop_map(Yaml::String),
        "[0-9x.e+_~-]{0,6}".prop_map(Yaml::String),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Yaml::Sequence),
            prop::collection::btree_map("[a-z]{1,8}", inner, 0..4).prop_map(|map| {
                let pairs = map.into_iter().map(|(key, value)| (Yaml::String(key), value));
                Yaml::Mapping(pairs.collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(crate::testing::property_test(256))]

    #[test]
    fn parses_what_serde_yaml_writes(value in value()) {
        let text = serde_yaml::to_string(&value).expect("writable");
        prop_assert_eq!(read(&text).to_yaml(), value, "{}", text);
    }
}
