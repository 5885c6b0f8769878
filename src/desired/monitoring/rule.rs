//! What an alarm monitors, as data: a rule, and the subject that it applies to.
use crate::blueprint::monitoring::alarms::Severity;
use std::collections::BTreeMap;

/// An alarm that every subject of one type gets.
#[derive(Clone, Copy)]
pub struct Rule {
    /// The name in blueprints; empty if blueprints name the subject itself.
    pub name: &'static str,
    /// What the alarm says about its subject, as a sentence.
    pub description: &'static str,
    pub measure: Measure,
    /// The threshold in the unit that blueprints use.
    pub threshold: f64,
    /// How many units of the metric that unit is. None: the subject sets it; if it does not, the
    /// alarm is omitted.
    pub scale: Option<f64>,
    pub when: When,
    pub period_s: i32,
    /// How many of the last `periods` must breach the threshold.
    pub datapoints: i32,
    pub periods: i32,
    /// How missing data counts: `notBreaching`, `breaching`, `missing`.
    pub missing_data: &'static str,
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

    /// The function that gives the worst value of several nodes.
    pub fn worst(self) -> &'static str {
        match self {
            When::Above | When::AtLeast => "MAX",
            When::Below => "MIN",
        }
    }
}

impl Rule {
    /// The values of most rules: five minutes, and missing data does not breach the threshold.
    pub const DEFAULT: Rule = Rule {
        name: "",
        description: "",
        measure: Measure::Plain("", ""),
        threshold: 0.0,
        scale: Some(1.0),
        when: When::Above,
        period_s: 60,
        datapoints: 5,
        periods: 5,
        missing_data: "notBreaching",
        severity: Severity::Ticket,
    };
}

/// The name of a component within its section: `hot` of `caches.hot`.
pub fn component_name(component: &str) -> &str {
    component.split_once('.').map_or(component, |(_, name)| name)
}

/// Names and values of the dimensions of a metric.
pub type Dimensions = Vec<(&'static str, String)>;

/// What rules apply to.
#[derive(Clone, Default)]
pub struct Subject {
    /// The component whose `alarms` change or disable rules.
    pub component: String,
    /// The prefix of the names of its alarms.
    pub prefix: String,
    /// Its name for people: `cache hot`.
    pub title: String,
    pub namespace: String,
    /// A metric that the stack publishes itself, in place of the rule's.
    pub metric: Option<String>,
    /// The dimensions of each of its nodes; most subjects have one node.
    pub nodes: Vec<Dimensions>,
    /// Thresholds of this subject, by the name of a rule.
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

/// A rule and the subject that it applies to.
pub type Signal = (Subject, Rule);
