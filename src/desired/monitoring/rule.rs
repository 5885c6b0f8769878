//! What an alarm watches, as data: a rule, and the subject that it is applied to.
use crate::blueprint::monitoring::alarms::Severity;
use std::collections::BTreeMap;

/// One alarm that every subject of a sort gets.
#[derive(Clone, Copy)]
pub struct Rule {
    /// As blueprints name it; empty where they name the subject itself.
    pub name: &'static str,
    /// What it says about its subject, as a sentence.
    pub about: &'static str,
    pub measure: Measure,
    /// From where on, in the unit that blueprints write it in.
    pub threshold: f64,
    /// What that unit is in the metric's; none where the subject tells it, and then there is no
    /// such alarm if it does not.
    pub scale: Option<f64>,
    pub when: When,
    pub period_s: i32,
    /// So many of the last periods.
    pub need: i32,
    pub of: i32,
    /// What no data means: `notBreaching`, `breaching`, `missing`.
    pub missing: &'static str,
    pub severity: Severity,
}

#[derive(Clone, Copy)]
pub enum Measure {
    /// A metric, and the statistic of a period.
    Plain(&'static str, &'static str),
    /// An expression over metrics: the id of each, its name and statistic.
    Math(&'static str, &'static [(&'static str, &'static str, &'static str)]),
}

#[derive(Clone, Copy)]
pub enum When {
    Above,
    AtLeast,
    Below,
}

impl When {
    pub fn operator(self) -> &'static str {
        match self {
            When::Above => "GreaterThanThreshold",
            When::AtLeast => "GreaterThanOrEqualToThreshold",
            When::Below => "LessThanThreshold",
        }
    }

    /// The worst of what several nodes say.
    pub fn worst(self) -> &'static str {
        match self {
            When::Above | When::AtLeast => "MAX",
            When::Below => "MIN",
        }
    }
}

impl Rule {
    /// What holds of most rules: five minutes, and no news is good news.
    pub const USUAL: Rule = Rule {
        name: "",
        about: "",
        measure: Measure::Plain("", ""),
        threshold: 0.0,
        scale: Some(1.0),
        when: When::Above,
        period_s: 60,
        need: 5,
        of: 5,
        missing: "notBreaching",
        severity: Severity::Ticket,
    };
}

/// The name of a component within its section: `hot` of `caches.hot`.
pub fn component_name(component: &str) -> &str {
    component.split_once('.').map_or(component, |(_, name)| name)
}

/// Names and values by which CloudWatch knows a thing.
pub type Dimensions = Vec<(&'static str, String)>;

/// What rules are applied to.
#[derive(Clone, Default)]
pub struct Subject {
    /// The component whose `alarms` have the last word.
    pub component: String,
    /// What the names of its alarms begin with.
    pub prefix: String,
    /// What people call it: `cache hot`.
    pub title: String,
    pub namespace: String,
    /// A metric that the stack makes itself, in place of the rule's.
    pub metric: Option<String>,
    /// The dimensions of each of its nodes; most things are one.
    pub nodes: Vec<Dimensions>,
    /// Thresholds of its own, by the name of a rule.
    pub thresholds: BTreeMap<&'static str, f64>,
    pub scales: BTreeMap<&'static str, f64>,
}

impl Subject {
    pub fn new(component: &str, prefix: String, title: String, namespace: &str) -> Self {
        let (component, namespace) = (component.into(), namespace.into());
        Subject { component, prefix, title, namespace, ..Subject::default() }
    }

    pub fn node(mut self, dimensions: Dimensions) -> Self {
        self.nodes.push(dimensions);
        self
    }
}

/// A rule and what it is applied to.
pub type Signal = (Subject, Rule);
