//! The pure half of a resource kind: its spec, and what the core knows about it.
mod mint;

pub use mint::Mint;

use crate::resource::{Id, Live, Outputs};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, from_value, json, to_value};
use std::marker::PhantomData;

/// How a plan handles a change of a create-only property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// Create the successor, switch its dependents to it, then delete the old resource. Both exist
    /// at once, so the kind's names must not be unique or must contain a hash of the create-only
    /// properties.
    Successor,
    /// Delete the old resource, then create the new one: AWS allows only one at a time, and the
    /// resource holds no data.
    DeleteFirst,
    /// Refuse the plan: the resource holds data, or much of the stack depends on it.
    Refuse,
}

/// What the core knows about a kind, as plain data.
#[derive(Debug)]
pub struct KindInfo {
    /// The kind's part of an address: `load-balancer` in `load-balancer.main`.
    pub name: &'static str,
    /// Its CloudFormation type, `AWS::ElasticLoadBalancingV2::LoadBalancer`.
    pub type_name: &'static str,
    /// The property that contains the physical name, where AWS requires unique names. A plan that
    /// creates a name which another owner already uses is refused. Empty for kinds that tenfold
    /// recognises by their tags or their parent.
    pub name_property: &'static str,
    /// Whether AWS takes `Shop` and `shop` for the same name of this kind.
    pub names_ignore_case: bool,
    /// For kinds without such a name: the properties whose combination AWS requires to be unique.
    /// If this and `name_property` are both empty, a run re-lists the kind before it creates one.
    pub unique: &'static [&'static str],
    /// Top-level properties that AWS cannot change in place. `replace` says what a plan does when
    /// one of them differs.
    pub create_only: &'static [&'static str],
    pub replace: Replace,
    /// The resource holds data. A plan keeps it unless `--allow-data-loss` names it, and never
    /// replaces it.
    pub stateful: bool,
    /// Update the resources of one component one after the other, ordered by name, so that a
    /// failing change stops at the first resource. Otherwise updates run in parallel.
    pub serial_updates: bool,
    /// Top-level properties that say how to apply a change, such as rollout settings. A diff
    /// ignores them, and so does [`Spec::template`].
    pub directives: &'static [&'static str],
    /// Outputs that an update in place changes, such as a version number. Until the update is
    /// done, references to them are not known.
    pub volatile_outputs: &'static [&'static str],
    /// Kinds of the same stack that must exist before a resource of this kind works, although none
    /// of its properties refers to them. They are created first and deleted last.
    pub depends_on_kinds: &'static [&'static str],
    /// The quota on resources of this kind per account and region, where AWS has one.
    pub quota: Option<Quota>,
    /// Controls of common security benchmarks that the kind's defaults deliberately do not satisfy.
    pub waivers: &'static [Waiver],
    /// Top-level properties that refer to resources which depend on this one. They do not affect
    /// the order of deletions.
    pub back_references: &'static [&'static str],
    /// API calls that one listing of a stack's resources of this kind takes.
    pub reads: Reads,
    /// Typical durations on AWS. The sandbox simulates them.
    pub times: Times,
    /// The minimum interval that AWS requires between two changes of this kind. The plan estimates
    /// the added time from it.
    pub change_interval: ChangeInterval,
}

impl KindInfo {
    /// Defaults that suit most kinds; each kind states what differs.
    pub const PLAIN: KindInfo = KindInfo {
        name: "",
        type_name: "",
        name_property: "",
        names_ignore_case: false,
        unique: &[],
        create_only: &[],
        replace: Replace::DeleteFirst,
        stateful: false,
        serial_updates: false,
        directives: &[],
        volatile_outputs: &[],
        depends_on_kinds: &[],
        quota: None,
        waivers: &[],
        back_references: &[],
        reads: Reads { fixed: 1, each: 0 },
        times: Times { create_s: 1, update_s: 1, delete_s: 1 },
        change_interval: ChangeInterval::NONE,
    };
}

/// API calls of one listing: `fixed + each × n` for `n` resources found. Extra calls for further
/// pages are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reads {
    pub fixed: u32,
    pub each: u32,
}

/// A quota in AWS Service Quotas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The service code, `vpc`.
    pub service: &'static str,
    /// The quota code, `L-F678F1CE`.
    pub code: &'static str,
    /// The value that applies to an account until AWS raises it.
    pub default: u32,
}

/// Controls of Security Hub's AWS Foundational Security Best Practices, or of Checkov, that the
/// defaults do not satisfy, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Control IDs: `CloudFront.4`, `CKV_AWS_310`.
    pub controls: &'static [&'static str],
    pub because: &'static str,
}

/// Typical durations on AWS, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub create_s: u32,
    pub update_s: u32,
    pub delete_s: u32,
}

/// The minimum milliseconds between two changes of a kind in an account and region, where AWS
/// limits their rate so much that it dominates the duration of a plan with many such changes.
/// 0: no limit that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeInterval {
    pub create_ms: u32,
    pub update_ms: u32,
    pub delete_ms: u32,
}

impl ChangeInterval {
    pub const NONE: ChangeInterval = ChangeInterval { create_ms: 0, update_ms: 0, delete_ms: 0 };
}

/// The pure half of a kind. The struct that implements it is the spec: CloudFormation's property
/// names and shapes, every modelled property present, no nulls.
pub trait Spec: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    const INFO: KindInfo;

    /// The CloudFormation resources that a spec describes, each as its type and properties: one,
    /// or several if the kind includes child resources.
    fn template(&self) -> Vec<(&'static str, Value)> {
        let mut properties = to_value(self).unwrap_or_default();
        if let Some(fields) = properties.as_object_mut() {
            fields.retain(|name, _| !Self::INFO.directives.contains(&name.as_str()));
        }
        vec![(Self::INFO.type_name, properties)]
    }

    /// The same spec without deletion protection; `None` if the spec sets no such protection.
    fn unprotected(&self) -> Option<Self> {
        None
    }

    /// Whether another resource contains the same data, although the kind is stateful. A copy is
    /// deleted like a stateless resource.
    fn is_copy(&self) -> bool {
        false
    }

    /// Why the live resource must not be updated to this spec: what would be lost, and what to do
    /// instead. The plan is refused with this text.
    fn refusal(&self, _live: &Self, _outputs: &Outputs) -> Option<String> {
        None
    }

    /// Configurations of the spec that are allowed but risky. The plan shows them as warnings.
    fn warnings(&self) -> Vec<Warning> {
        Vec::new()
    }

    /// Work that remains after the spec is applied, for people or for another command. The plan
    /// shows it, but it does not count as a change. The first line is the summary, each further
    /// line one item. `live` is the live spec and its outputs; `None` if the resource is new.
    fn remaining_work(&self, _live: Option<(&Self, &Outputs)>) -> Vec<String> {
        Vec::new()
    }

    /// The sandbox's response to an action (`Calls::act` in `kinds/contract.rs`); `None` if the kind
    /// has no such action. `mint.before` contains the resource's outputs.
    fn simulate(&self, _action: &str, _arguments: &Value, _mint: &mut Mint) -> Option<Value> {
        None
    }

    /// For the sandbox: a text in the specs of other resources that an action makes out of date,
    /// such as the reference to a secret whose value has changed.
    fn invalidates(&self, _action: &str, _outputs: &Outputs) -> Option<String> {
        None
    }

    /// For the sandbox: the outputs that AWS would return, with identifiers in AWS's format. Called
    /// after the create and after each update; `mint.before` contains the previous outputs.
    fn outputs(&self, id: &Id, mint: &mut Mint) -> Outputs;
}

/// Something risky in a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub message: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

/// The pure half of a kind as the core stores it: without the kind's type, specs as JSON values.
pub trait DynSpec: Send + Sync {
    fn info(&self) -> &'static KindInfo;
    /// Checks that a spec has this kind's properties. References are strings and pass.
    ///
    /// # Errors
    /// Says which property is missing, unknown or of another type.
    fn check(&self, spec: &Value) -> std::result::Result<(), String>;
    /// The spec in canonical form. Unordered lists are sorted, because resolving references may
    /// have changed their order.
    fn canonical(&self, spec: &Value) -> Value;
    fn template(&self, spec: &Value) -> Vec<Value>;
    fn unprotected(&self, spec: &Value) -> Option<Value>;
    /// Whether a live resource is kept unless `--allow-data-loss` names it.
    fn holds_data(&self, _spec: &Value) -> bool {
        self.info().stateful
    }
    fn refusal(&self, spec: &Value, live: &Live) -> Option<String>;
    fn warnings(&self, _spec: &Value) -> Vec<Warning> {
        Vec::new()
    }
    fn remaining_work(&self, spec: &Value, live: Option<&Live>) -> Vec<String>;
    fn simulate(
        &self,
        action: &str,
        spec: &Value,
        arguments: &Value,
        mint: &mut Mint,
    ) -> Option<Value>;
    fn invalidates(&self, action: &str, spec: &Value, outputs: &Outputs) -> Option<String>;
    fn outputs(&self, spec: &Value, id: &Id, mint: &mut Mint) -> Outputs;
}

/// All kinds of a run. User input is checked where it enters, so after that every kind name is in
/// the registry.
#[derive(Clone, Copy)]
pub struct Registry(&'static [&'static dyn DynSpec]);

impl Registry {
    pub const fn new(kinds: &'static [&'static dyn DynSpec]) -> Self {
        Registry(kinds)
    }

    /// The kind with a name, such as `load-balancer`.
    pub fn find(self, name: &str) -> Option<&'static dyn DynSpec> {
        self.0.iter().find(|kind| kind.info().name == name).copied()
    }

    /// The kind with a name that has been checked already.
    ///
    /// # Panics
    /// If no kind has this name.
    pub fn get(self, name: &str) -> &'static dyn DynSpec {
        match self.find(name) {
            Some(kind) => kind,
            None => unreachable!("`{name}` is not a kind, and input checks must reject it"),
        }
    }

    /// All names, roughly in the order in which a stack is created.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|kind| kind.info().name)
    }

    /// The name most similar to a misspelled one, if any is similar.
    pub fn nearest(self, name: &str) -> Option<&'static str> {
        crate::suggest::nearest(name, self.names())
    }
}

/// Adapts a typed kind to [`DynSpec`].
pub struct Erased<K>(pub PhantomData<fn() -> K>);

impl<K: Spec> DynSpec for Erased<K> {
    fn info(&self) -> &'static KindInfo {
        const { &K::INFO }
    }

    fn check(&self, spec: &Value) -> std::result::Result<(), String> {
        from_value::<K>(spec.clone()).map(drop).map_err(|error| error.to_string())
    }

    fn canonical(&self, spec: &Value) -> Value {
        let typed = from_value::<K>(spec.clone());
        typed.and_then(to_value).unwrap_or_else(|_| spec.clone())
    }

    fn template(&self, spec: &Value) -> Vec<Value> {
        let Ok(typed) = from_value::<K>(spec.clone()) else { return Vec::new() };
        let resource = |(kind, properties)| json!({ "Type": kind, "Properties": properties });
        typed.template().into_iter().map(resource).collect()
    }

    fn unprotected(&self, spec: &Value) -> Option<Value> {
        let typed = from_value::<K>(spec.clone()).ok()?;
        to_value(typed.unprotected()?).ok()
    }

    fn holds_data(&self, spec: &Value) -> bool {
        let is_copy = from_value::<K>(spec.clone()).is_ok_and(|typed| typed.is_copy());
        K::INFO.stateful && !is_copy
    }

    fn refusal(&self, spec: &Value, live: &Live) -> Option<String> {
        let typed = from_value::<K>(spec.clone()).ok()?;
        typed.refusal(&from_value::<K>(live.spec.clone()).ok()?, &live.outputs)
    }

    fn warnings(&self, spec: &Value) -> Vec<Warning> {
        from_value::<K>(spec.clone()).map(|typed| typed.warnings()).unwrap_or_default()
    }

    fn remaining_work(&self, spec: &Value, live: Option<&Live>) -> Vec<String> {
        let Ok(typed) = from_value::<K>(spec.clone()) else { return Vec::new() };
        let Some(live) = live else { return typed.remaining_work(None) };
        let Ok(was) = from_value::<K>(live.spec.clone()) else { return Vec::new() };
        typed.remaining_work(Some((&was, &live.outputs)))
    }

    fn simulate(
        &self,
        action: &str,
        spec: &Value,
        arguments: &Value,
        mint: &mut Mint,
    ) -> Option<Value> {
        from_value::<K>(spec.clone()).ok()?.simulate(action, arguments, mint)
    }

    fn invalidates(&self, action: &str, spec: &Value, outputs: &Outputs) -> Option<String> {
        from_value::<K>(spec.clone()).ok()?.invalidates(action, outputs)
    }

    fn outputs(&self, spec: &Value, id: &Id, mint: &mut Mint) -> Outputs {
        let typed = from_value::<K>(spec.clone());
        typed.map(|typed| typed.outputs(id, mint)).unwrap_or_default()
    }
}
