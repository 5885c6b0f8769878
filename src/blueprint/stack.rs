//! The top level of a blueprint: which stack it is, and its sections.

use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::language::code;
use super::language::decode::{Decoder, Value};
use super::language::fields::Fields;
use super::language::names::{is_account, is_region, is_stack, to_kebab_case};
use super::language::node::{LabelPlace, Node};
use super::language::variables::Variables;
use super::load_balancer::domain;
use super::{
    Blueprint, Options, bucket, cache, cdn, check, database, domain as doors, load_balancer,
    monitoring, network, overrides, queue, rate_limit, secret, service, tags, workload,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::suggest;

/// Which defaults hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    Prod,
    Dev,
}

/// What an overlay must not change by half.
pub struct Identity {
    stack: Option<Node>,
    preset: Option<String>,
}

pub fn identity(document: &Node) -> Identity {
    Identity { stack: document.get("stack").cloned(), preset: text(document, "preset") }
}

fn text(document: &Node, key: &str) -> Option<String> {
    document.get(key)?.scalar().map(|scalar| scalar.text.clone())
}

/// `preset: dev` laid over a production blueprint whose `stack` stays would strip production of its
/// protection.
pub fn refuse_silent_dev(first: &Identity, document: &Node, reports: &mut Vec<Diagnostic>) {
    let was_dev = first.preset.as_deref() == Some("dev");
    let (Some(preset), Some(stack)) = (document.get("preset"), &first.stack) else {
        return;
    };
    let name = stack.scalar().map(|scalar| scalar.text.clone());
    let same = text(document, "stack") == name;
    if text(document, "preset").as_deref() != Some("dev") || was_dev || !same {
        return;
    }
    if preset.place.span.source.rank == stack.place.span.source.rank {
        return;
    }
    let name = name.unwrap_or_default();
    reports.push(
        Diagnostic::error(code::PRESET_WITHOUT_STACK, "`preset: dev` laid over the same stack")
            .place(&preset.place, "would take the protection off")
            .place(&stack.place, "this stack")
            .help(format!("write another `stack` beside it, such as `stack: {name}-dev`")),
    );
}

/// Replaces variables, decodes every section and checks them against each other.
pub fn decode(
    mut document: Node,
    options: &Options<'_>,
    reports: &mut Vec<Diagnostic>,
) -> Option<Blueprint> {
    let preset = match text(&document, "preset").as_deref() {
        Some("dev") => Preset::Dev,
        _ => Preset::Prod,
    };
    let decoder = Decoder { preset, read: options.read, reports: RefCell::default() };
    let declared = declared_variables(&document, &decoder, &options.vars);
    let variables = Variables::new(declared, &options.vars, &options.env);
    variables.replace(&mut document, reports);
    let root = Value { key: "", key_place: &document.place, node: &document, decoder: &decoder };
    let mut blueprint = root.fields(|fields| sections(fields, options));
    if let Some(blueprint) = &mut blueprint {
        doors::settle(blueprint);
        check::check(blueprint, &document, &decoder);
    }
    reports.append(&mut decoder.reports.borrow_mut());
    blueprint
}

/// `variables`: name to default.
fn declared_variables(
    document: &Node,
    decoder: &Decoder<'_>,
    given: &BTreeMap<String, String>,
) -> BTreeMap<String, Option<String>> {
    let written = document.map().and_then(|map| map.get_key_value("variables"));
    let declared = written.and_then(|(key, entry)| {
        let value = Value { key, key_place: &entry.key, node: &entry.value, decoder };
        value.entries(|value| {
            check_variable_name(value);
            value.fields(|fields| {
                fields.optional("help", Value::text);
                fields.optional("default", Value::any_text)
            })
        })
    });
    let declared = declared.unwrap_or_default();
    for (name, value) in given.iter().filter(|(name, _)| !declared.contains_key(*name)) {
        let known: Vec<&str> = declared.keys().map(String::as_str).collect();
        let help = suggest::nearest(name, known)
            .map_or(format!("declare it: `variables: {{ {name}: {{ default: … }} }}`"), |near| {
                format!("did you mean `{near}`?")
            });
        let span = argument("--var", &format!("{name}={value}"), name.len());
        decoder.report(
            Diagnostic::error(code::UNKNOWN_VARIABLE, format!("unknown variable `{name}`"))
                .label(span, "not in `variables`")
                .help(help),
        );
    }
    declared
}

fn check_variable_name(value: Value<'_>) {
    let name = value.key;
    let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase());
    let fits = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_';
    if !starts_well || !name.chars().all(fits) {
        let better = to_kebab_case(name).replace('-', "_");
        let report = Diagnostic::error(code::BAD_NAME, format!("`{name}` is no variable's name"))
            .place(value.key_place, "variables are snake_case");
        value.report(report.help(format!("write `{better}`")));
    }
}

/// A place on the command line.
fn argument(option: &str, text: &str, marked: usize) -> Span {
    let source = Source::new(option, text, usize::MAX);
    Span { source: Arc::new(source), range: 0..marked }
}

fn sections(fields: &mut Fields<'_>, options: &Options<'_>) -> Blueprint {
    fields.get("variables");
    let load_balancers =
        fields.optional("load_balancers", |value| value.named(load_balancer::decode));
    let services = fields.optional("services", |value| value.named(service::decode));
    let caches = fields.optional("caches", |value| value.named(cache::decode));
    let databases = fields.optional("databases", |value| value.named(database::decode));
    let services = services.unwrap_or_default();
    let slowest = service::slowest_handlers(&services);
    let queues =
        fields.optional("queues", |value| value.named(|value| queue::decode(value, &slowest)));
    let rate_limits = fields.optional("rate_limits", |value| value.named(rate_limit::decode));
    let network = fields.get("network").map(network::decode);
    let inside = ["services", "load_balancers", "caches", "databases"];
    let needs_network = inside.iter().any(|section| fields.has(section));
    let default_network = needs_network.then(|| network::default(fields.value.decoder));
    Blueprint {
        stack: fields.required("stack", "stack: shop", stack).unwrap_or_default(),
        region: region(fields, options.region.as_deref()).unwrap_or_default(),
        account: fields.optional("account", account),
        preset: fields.or("preset", Preset::Prod, |value| {
            value.word(&[("prod", Preset::Prod), ("dev", Preset::Dev)])
        }),
        domain: fields.optional("domain", domain),
        tags: fields.optional("tags", tags::decode).unwrap_or_default(),
        workload: fields.optional("workload", workload::decode),
        network: network.unwrap_or(default_network),
        cdn: fields.optional("cdn", |value| value.named(cdn::decode)).unwrap_or_default(),
        buckets: fields
            .optional("buckets", |value| value.named(bucket::decode))
            .unwrap_or_default(),
        load_balancers: load_balancers.unwrap_or_default(),
        caches: caches.unwrap_or_default(),
        databases: databases.unwrap_or_default(),
        services,
        queues: queues.unwrap_or_default(),
        secrets: fields
            .optional("secrets", |value| value.named(secret::decode))
            .unwrap_or_default(),
        monitoring: fields.optional("monitoring", monitoring::decode),
        rate_limits: rate_limits.unwrap_or_default(),
        overrides: fields.optional("overrides", overrides::decode).unwrap_or_default(),
        resources: fields.optional("resources", overrides::decode).unwrap_or_default(),
        warnings: Diagnostics::default(),
        document: fields.value.node.clone(),
    }
}

fn stack(value: Value<'_>) -> Option<String> {
    let name = value.text()?;
    if is_stack(name) {
        return Some(name.to_string());
    }
    let better: String = to_kebab_case(name).chars().take(20).collect();
    let better = better.trim_end_matches('-');
    let summary = format!("`{name}` cannot name a stack");
    let label = "2 to 20 letters and digits in kebab-case, a letter first";
    let report = value.error(code::BAD_NAME, summary, label);
    let help = if is_stack(better) { better } else { "shop" };
    value.report(report.help(format!("write it like `{help}`")));
    None
}

/// The region of the blueprint, or that of `--region`, which may not contradict it.
fn region(fields: &mut Fields<'_>, given: Option<&str>) -> Option<String> {
    let Some(given) = given else {
        return fields.required("region", "region: us-east-1", region_name);
    };
    if !is_region(given) {
        let summary = format!("`{given}` is no region");
        let report = Diagnostic::error(code::MALFORMED, summary)
            .label(argument("--region", given, given.len()), "is not one")
            .help("write it like `us-east-1`");
        fields.value.report(report);
        return None;
    }
    let value = fields.get("region");
    let written = value.and_then(region_name);
    if let (Some(value), Some(written)) = (value, &written)
        && written != given
    {
        let summary = format!("the blueprint says `{written}`, `--region` says `{given}`");
        let report = value
            .error(code::TWO_REGIONS, summary, "this is the stack's region")
            .label(argument("--region", given, given.len()), "and this another")
            .help("leave `--region` out; a second region needs a blueprint with another `stack`");
        value.report(report);
    }
    Some(given.to_string())
}

fn region_name(value: Value<'_>) -> Option<String> {
    let name = value.text()?;
    if is_region(name) {
        return Some(name.to_string());
    }
    let without_zone = name.trim_end_matches(|last: char| last.is_ascii_lowercase());
    let help = if is_region(without_zone) { without_zone } else { "us-east-1" };
    value.malformed("a region", format!("write it like `{help}`"))
}

/// In quotes: as a number it would lose a leading 0.
fn account(value: Value<'_>) -> Option<String> {
    value.shaped(is_account, "an account's twelve digits in quotes", "\"111122223333\"")
}
