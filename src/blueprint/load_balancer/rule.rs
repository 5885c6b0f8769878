//! The listener rules that routes become: split to fit AWS's limits of a rule, in order of
//! precedence.

use ipnet::IpNet;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::route::Route;
use crate::blueprint::language::serialize::as_texts;

/// The values that the conditions of one rule may contain in total.
const MAX_VALUES: usize = 5;
/// How many of these values the origin secret of a CDN takes: its current and its previous value.
const ORIGIN_SECRET_VALUES: usize = 2;
/// The wildcards (`*` and `?`) that these values may contain in total.
const MAX_WILDCARDS: usize = 6;

/// A rule of a listener. A request must meet all conditions; an empty condition matches every
/// request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListenerRule {
    pub load_balancer: String,
    pub service: String,
    /// Index in the service's `routes`.
    pub route: usize,
    /// Index among the rules of the same route.
    pub part: usize,
    /// From 1, without gaps on each load balancer; the most specific rule has priority 1.
    pub priority: u32,
    pub paths: Vec<String>,
    pub methods: Vec<String>,
    pub hosts: Vec<String>,
    pub headers: BTreeMap<String, Vec<String>>,
    pub query: BTreeMap<String, Vec<String>>,
    #[serde(serialize_with = "as_texts")]
    pub sources: Vec<IpNet>,
}

/// The number of condition values that a route may use in one rule of a load balancer that `cdns`
/// CDNs reach over the internet.
pub(in crate::blueprint) fn value_limit(cdns: usize) -> usize {
    MAX_VALUES.saturating_sub(ORIGIN_SECRET_VALUES * cdns)
}

/// Sorts rules by load balancer and precedence and numbers them from 1 on each load balancer.
/// Each item of `rules` is the priority that the user gave the route, and a rule of the route.
pub(in crate::blueprint) fn prioritized(
    rules: impl Iterator<Item = (Option<u32>, ListenerRule)>,
) -> Vec<ListenerRule> {
    let mut ranked: Vec<(Precedence, ListenerRule)> =
        rules.map(|(priority, rule)| (precedence(&rule, priority), rule)).collect();
    ranked.sort_by(|(rank_a, a), (rank_b, b)| {
        (&a.load_balancer, rank_a).cmp(&(&b.load_balancer, rank_b))
    });
    let mut rules: Vec<ListenerRule> = ranked.into_iter().map(|(_, rule)| rule).collect();
    for group in rules.chunk_by_mut(|a, b| a.load_balancer == b.load_balancer) {
        for (rule, priority) in group.iter_mut().zip(1..) {
            rule.priority = priority;
        }
    }
    rules
}

/// Sorts the most specific rule first: by path, then by the other conditions. The user's priority
/// breaks ties, and then the position in the blueprint.
type Precedence = (Reverse<PathRank>, Reverse<usize>, Reverse<usize>, u32, String, usize, usize);

fn precedence(rule: &ListenerRule, priority: Option<u32>) -> Precedence {
    // A rule with other conditions omits the path `/*`.
    let path = rule.paths.iter().map(|path| path_rank(path)).max().unwrap_or(path_rank("/*"));
    let conditions = [!rule.hosts.is_empty(), !rule.methods.is_empty(), !rule.sources.is_empty()];
    let conditions = conditions.into_iter().filter(|is_given| *is_given).count()
        + rule.headers.len()
        + rule.query.len();
    let host = rule.hosts.iter().map(|host| literals(host)).max().unwrap_or_default();
    (
        Reverse(path),
        Reverse(conditions),
        Reverse(host),
        priority.unwrap_or(u32::MAX),
        rule.service.clone(),
        rule.route,
        rule.part,
    )
}

/// How specific a path is: literal characters before the first wildcard, whether there is no
/// wildcard, literal characters in total.
pub(in crate::blueprint) type PathRank = (usize, bool, usize);

/// How specific a path pattern is; the larger the rank, the more specific.
pub(in crate::blueprint) fn path_rank(path: &str) -> PathRank {
    let wildcard = path.find(['*', '?']);
    (wildcard.unwrap_or(path.len()), wildcard.is_none(), literals(path))
}

fn literals(pattern: &str) -> usize {
    pattern.len() - wildcards(pattern)
}

fn wildcards(pattern: &str) -> usize {
    pattern.matches(['*', '?']).count()
}

/// A condition and its values.
#[derive(Clone, PartialEq)]
enum Condition {
    Paths(Vec<String>),
    Methods(Vec<String>),
    Hosts(Vec<String>),
    Header(String, Vec<String>),
    Query(String, Vec<String>),
    Sources(Vec<IpNet>),
}

impl Condition {
    fn len(&self) -> usize {
        match self {
            Condition::Sources(blocks) => blocks.len(),
            Condition::Paths(values)
            | Condition::Methods(values)
            | Condition::Hosts(values)
            | Condition::Header(_, values)
            | Condition::Query(_, values) => values.len(),
        }
    }

    /// The largest number of wildcards in any chunk of `size` values.
    fn wildcards(&self, size: usize) -> usize {
        match self {
            Condition::Sources(_) | Condition::Methods(_) => 0,
            Condition::Paths(values)
            | Condition::Hosts(values)
            | Condition::Header(_, values)
            | Condition::Query(_, values) => {
                let count = |chunk: &[String]| chunk.iter().map(|text| wildcards(text)).sum();
                values.chunks(size).map(count).max().unwrap_or_default()
            }
        }
    }

    fn chunks(&self, size: usize) -> Vec<Condition> {
        let texts = |values: &[String]| -> Vec<Vec<String>> {
            values.chunks(size).map(<[String]>::to_vec).collect()
        };
        match self {
            Condition::Paths(values) => texts(values).into_iter().map(Condition::Paths).collect(),
            Condition::Methods(values) => {
                texts(values).into_iter().map(Condition::Methods).collect()
            }
            Condition::Hosts(values) => texts(values).into_iter().map(Condition::Hosts).collect(),
            Condition::Header(name, values) => {
                let header = |chunk| Condition::Header(name.clone(), chunk);
                texts(values).into_iter().map(header).collect()
            }
            Condition::Query(name, values) => {
                let query = |chunk| Condition::Query(name.clone(), chunk);
                texts(values).into_iter().map(query).collect()
            }
            Condition::Sources(blocks) => {
                blocks.chunks(size).map(|chunk| Condition::Sources(chunk.to_vec())).collect()
            }
        }
    }
}

/// The conditions of a route, once for each path rank, because all paths of a rule have the same
/// precedence.
fn conditions(route: &Route) -> Vec<Vec<Condition>> {
    let mut others = Vec::new();
    if !route.hosts.is_empty() {
        others.push(Condition::Hosts(route.hosts.clone()));
    }
    if !route.methods.is_empty() {
        others.push(Condition::Methods(route.methods.clone()));
    }
    if !route.sources.is_empty() {
        others.push(Condition::Sources(route.sources.clone()));
    }
    let header =
        |(name, values): (&String, &Vec<String>)| Condition::Header(name.clone(), values.clone());
    others.extend(route.headers.iter().map(header));
    let query =
        |(name, values): (&String, &Vec<String>)| Condition::Query(name.clone(), values.clone());
    others.extend(route.query.iter().map(query));
    let mut by_rank: BTreeMap<Reverse<PathRank>, Vec<String>> = BTreeMap::new();
    for path in &route.paths {
        by_rank.entry(Reverse(path_rank(path))).or_default().push(path.clone());
    }
    let with_paths = |paths: Vec<String>| {
        let is_redundant = paths == ["/*"] && !others.is_empty();
        let path = (!is_redundant).then_some(Condition::Paths(paths));
        path.into_iter().chain(others.iter().cloned()).collect()
    };
    by_rank.into_values().map(with_paths).collect()
}

/// The number of values of each condition in one rule; none if even one value of each exceeds AWS's
/// limits.
fn sizes(conditions: &[Condition], limit: usize) -> Option<Vec<usize>> {
    let mut sizes = vec![1; conditions.len()];
    let fits = |sizes: &[usize]| {
        let wildcards =
            conditions.iter().zip(sizes).map(|(condition, size)| condition.wildcards(*size));
        sizes.iter().sum::<usize>() <= limit && wildcards.sum::<usize>() <= MAX_WILDCARDS
    };
    if !fits(&sizes) {
        return None;
    }
    loop {
        let larger = |at: usize| {
            let mut sizes = sizes.clone();
            sizes[at] += 1;
            sizes
        };
        let growing = (0..sizes.len())
            .filter(|at| sizes[*at] < conditions[*at].len() && fits(&larger(*at)))
            .max_by_key(|at| (conditions[*at].len().div_ceil(sizes[*at]), Reverse(*at)));
        match growing {
            Some(at) => sizes = larger(at),
            None => return Some(sizes),
        }
    }
}

/// Whether the conditions of a route fit into rules of at most `limit` values.
pub(in crate::blueprint) fn fits(route: &Route, limit: usize) -> bool {
    conditions(route).iter().all(|conditions| sizes(conditions, limit).is_some())
}

/// The rules that a route becomes, each with at most `limit` condition values.
pub(in crate::blueprint) fn split(
    service: &str,
    index: usize,
    route: &Route,
    limit: usize,
) -> Vec<ListenerRule> {
    let mut rules = Vec::new();
    for conditions in conditions(route) {
        let Some(sizes) = sizes(&conditions, limit) else {
            continue;
        };
        let mut combinations = vec![Vec::new()];
        for (condition, size) in conditions.iter().zip(sizes) {
            let chunks = condition.chunks(size);
            let extended = combinations.iter().flat_map(|combination: &Vec<Condition>| {
                chunks
                    .iter()
                    .map(move |chunk| combination.iter().cloned().chain([chunk.clone()]).collect())
            });
            combinations = extended.collect();
        }
        rules.extend(combinations);
    }
    let rule = |(part, conditions)| rule(service, index, route, part, conditions);
    rules.into_iter().enumerate().map(rule).collect()
}

fn rule(
    service: &str,
    index: usize,
    route: &Route,
    part: usize,
    conditions: Vec<Condition>,
) -> ListenerRule {
    let mut rule = ListenerRule {
        load_balancer: route.load_balancer.clone(),
        service: service.to_string(),
        route: index,
        part,
        priority: 0,
        paths: Vec::new(),
        methods: Vec::new(),
        hosts: Vec::new(),
        headers: BTreeMap::new(),
        query: BTreeMap::new(),
        sources: Vec::new(),
    };
    for condition in conditions {
        match condition {
            Condition::Paths(values) => rule.paths = values,
            Condition::Methods(values) => rule.methods = values,
            Condition::Hosts(values) => rule.hosts = values,
            Condition::Sources(blocks) => rule.sources = blocks,
            Condition::Header(name, values) => {
                rule.headers.insert(name, values);
            }
            Condition::Query(name, values) => {
                rule.query.insert(name, values);
            }
        }
    }
    rule
}
