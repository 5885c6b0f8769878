//! The pure half of a resource kind: its spec, and what the core knows of it.
use crate::resource::{Id, Live, Outputs};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, from_value, json, to_value};
use std::marker::PhantomData;

/// How a change of a create-only property comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// A successor is made, dependents are switched to it, then the old one goes. AWS must be
    /// able to hold both at once: names are not unique, or hold a hash of these properties.
    Successor,
    /// The old one goes first: there is room for one only, and it holds no data.
    DeleteFirst,
    /// Never by a plan: it holds data, or half the stack stands on it.
    Refuse,
}

/// What the core knows of a kind: plain data.
#[derive(Debug)]
pub struct KindInfo {
    /// Its name in addresses, `load-balancer`.
    pub name: &'static str,
    /// Its CloudFormation type, `AWS::ElasticLoadBalancingV2::LoadBalancer`.
    pub type_name: &'static str,
    /// The property that is its physical name, where AWS keeps names unique; empty where it is
    /// told from others by its tags or its parent.
    pub name_property: &'static str,
    /// Properties that together are unique where there is no such name.
    pub unique: &'static [&'static str],
    /// Top-level properties that AWS cannot change in place.
    pub create_only: &'static [&'static str],
    pub replace: Replace,
    /// Holds data: deleted only when told to by name.
    pub stateful: bool,
    /// Those of one component are updated one after the other, by name: a change that goes wrong
    /// stops at the first.
    pub serial_updates: bool,
    /// Top-level properties that say how to act; they are never compared.
    pub directives: &'static [&'static str],
    /// Outputs that an update in place changes, so that they are unknown until it is done.
    pub volatile_outputs: &'static [&'static str],
    /// Kinds of the same stack that must stand before this one works, though no property names
    /// them; on the way down this one goes first.
    pub depends_on_kinds: &'static [&'static str],
    /// How many of them an account may have in a region, where AWS counts them.
    pub quota: Option<Quota>,
    /// Controls of the common benchmarks that it does not satisfy, on purpose.
    pub waivers: &'static [Waiver],
    /// Top-level properties that name what stands on this one rather than what it stands on: they
    /// say nothing about which goes first.
    pub back_references: &'static [&'static str],
    /// Reads that a listing takes: a fixed number, and a number for each resource found.
    pub reads: Reads,
    /// What AWS typically takes, in seconds.
    pub times: Times,
    /// How seldom AWS lets such changes be made.
    pub change_interval: ChangeInterval,
}

impl KindInfo {
    /// What holds of most kinds; each says what differs.
    pub const PLAIN: KindInfo = KindInfo {
        name: "",
        type_name: "",
        name_property: "",
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

/// Reads of one listing as `fixed + each × n`. Paging is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reads {
    pub fixed: u32,
    pub each: u32,
}

/// A quota of Service Quotas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// `vpc`
    pub service: &'static str,
    /// `L-F678F1CE`
    pub code: &'static str,
    /// What every account has before it asks for more.
    pub default: u32,
}

/// A control of Security Hub's AWS Foundational Security Best Practices, or of Checkov, that the
/// defaults do not satisfy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// `CloudFront.4`, `CKV_AWS_310`
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

/// Milliseconds between two changes of a kind, where AWS grants an account and region so few that
/// a plan with many of them takes long for no other reason; 0 where it does not matter.
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
/// names and shapes, total over what we model, no nulls.
pub trait Spec: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    const INFO: KindInfo;

    /// The CloudFormation resources that a spec stands for: one, or several where the kind folds
    /// children in, each as its type and properties.
    fn template(&self) -> Vec<(&'static str, Value)> {
        let mut properties = to_value(self).unwrap_or_default();
        if let Some(fields) = properties.as_object_mut() {
            fields.retain(|name, _| !Self::INFO.directives.contains(&name.as_str()));
        }
        vec![(Self::INFO.type_name, properties)]
    }

    /// The same spec with the deletion protection lifted that it asks for, if it asks for any.
    fn unprotected(&self) -> Option<Self> {
        None
    }

    /// Whether it holds nothing that another does not hold too, though its kind holds data: then it
    /// is deleted like anything else.
    fn is_copy(&self) -> bool {
        false
    }

    /// Why a live resource must not be brought to this spec, where that would lose something; the
    /// plan is refused with it. It says what to do instead.
    fn refuse(&self, _live: &Self, _outputs: &Outputs) -> Option<String> {
        None
    }

    /// What remains to be done once the spec holds, by people or by another verb: shown by the
    /// plan, and no difference. The first line sums it up, the others say it one by one. `live`,
    /// with its outputs, is absent where the resource is new.
    fn remaining_work(&self, _live: Option<(&Self, &Outputs)>) -> Vec<String> {
        Vec::new()
    }

    /// What a cloud in memory answers to an action, see [`crate::kinds::contract::Calls::act`]. `mint` has the
    /// resource's outputs as those before.
    fn simulate(&self, _action: &str, _arguments: &Value, _mint: &mut Mint) -> Option<Value> {
        None
    }

    /// The text in others' specs that no longer stands for what they hold once an action is done,
    /// for a cloud in memory.
    fn invalidates(&self, _action: &str, _outputs: &Outputs) -> Option<String> {
        None
    }

    /// The outputs that AWS would give, for a cloud in memory: identifiers of the real shape.
    /// Called again after each update, with what was given before.
    fn outputs(&self, id: &Id, mint: &mut Mint) -> Outputs;
}

/// Where a cloud in memory takes its identifiers from: realistic, and the same every time.
pub struct Mint<'a> {
    pub region: &'a str,
    pub account: &'a str,
    /// What the resource's outputs were before this update; empty when it is new.
    pub before: &'a Outputs,
    /// Hexadecimal digits that have not been given out before.
    pub digits: &'a mut dyn FnMut() -> String,
}

impl Mint<'_> {
    /// An identifier such as `vpc-0a1b2c3d4e5f60718`; the one it had before, where it had one.
    pub fn id(&mut self, output: &str, prefix: &str) -> String {
        match self.before.get(output) {
            Some(before) => before.clone(),
            None => format!("{prefix}-{}", (self.digits)()),
        }
    }

    /// An identifier of CloudFront, such as `E2QWRUHAPOMQZL`; the one it had before, if any.
    pub fn cloudfront_id(&mut self, output: &str) -> String {
        match self.before.get(output) {
            Some(before) => before.clone(),
            None => {
                format!("E{}", (self.digits)().chars().take(13).collect::<String>()).to_uppercase()
            }
        }
    }

    /// An identifier such as `0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9`; the one it had before, where it
    /// had one.
    pub fn uuid(&mut self, output: &str) -> String {
        if let Some(before) = self.before.get(output) {
            return before.clone();
        }
        let digits = format!("{}{}", (self.digits)(), (self.digits)());
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_string();
        [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
    }

    /// An identifier of `length` such digits alone; the one it had before, where it had one.
    pub fn short(&mut self, output: &str, length: usize) -> String {
        match self.before.get(output) {
            Some(before) => before.clone(),
            None => (self.digits)().chars().rev().take(length).collect(),
        }
    }

    /// An ARN in this region and account.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }
}

/// The pure half, as the core holds it.
pub trait DynSpec: Send + Sync {
    fn info(&self) -> &'static KindInfo;
    /// Checks that a spec has this kind's shape. References are strings and pass.
    fn check(&self, spec: &Value) -> std::result::Result<(), String>;
    /// The spec in canonical form: what has no order of its own is put in order, which resolving
    /// references may have upset.
    fn canonical(&self, spec: &Value) -> Value;
    fn template(&self, spec: &Value) -> Vec<Value>;
    fn unprotected(&self, spec: &Value) -> Option<Value>;
    /// Whether a live resource is kept until somebody says that its data may go.
    fn holds_data(&self, _spec: &Value) -> bool {
        self.info().stateful
    }
    fn refuse(&self, spec: &Value, live: &Live) -> Option<String>;
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

/// All kinds that a run knows. A user's addresses are checked where they enter; from then on every
/// name is a kind's.
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

    /// The kind with a name that was checked where it entered.
    ///
    /// # Panics
    /// No kind has this name.
    pub fn get(self, name: &str) -> &'static dyn DynSpec {
        match self.find(name) {
            Some(kind) => kind,
            None => unreachable!("{name} was checked to be a kind where it entered"),
        }
    }

    /// All names, in the order in which a stack is created.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|kind| kind.info().name)
    }

    /// The name most similar to a mistyped one, if any is similar.
    pub fn nearest(self, name: &str) -> Option<&'static str> {
        crate::suggest::nearest(name, self.names())
    }
}

/// The adapter: a typed kind behind the plain traits.
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

    fn refuse(&self, spec: &Value, live: &Live) -> Option<String> {
        let typed = from_value::<K>(spec.clone()).ok()?;
        typed.refuse(&from_value::<K>(live.spec.clone()).ok()?, &live.outputs)
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
