//! A directed graph of nodes and their dependencies. It knows nothing about resources.
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes by key, and for each node the keys of the nodes it needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "K: Ord + Deserialize<'de>, N: Deserialize<'de>"))]
pub struct Graph<K, N> {
    nodes: BTreeMap<K, N>,
    needs: BTreeMap<K, BTreeSet<K>>,
}

impl<K: Ord + Clone, N> Default for Graph<K, N> {
    fn default() -> Self {
        Graph { nodes: BTreeMap::new(), needs: BTreeMap::new() }
    }
}

impl<K: Ord + Clone, N> Graph<K, N> {
    /// Adds a node; returns the node that it replaces, if the key was in use.
    pub fn add(&mut self, key: K, node: N) -> Option<N> {
        self.needs.entry(key.clone()).or_default();
        self.nodes.insert(key, node)
    }

    /// Makes `key` need `other`. Does nothing unless both nodes have been added.
    pub fn connect(&mut self, key: &K, other: &K) {
        if self.nodes.contains_key(other)
            && let Some(needs) = self.needs.get_mut(key)
        {
            needs.insert(other.clone());
        }
    }

    pub fn get(&self, key: &K) -> Option<&N> {
        self.nodes.get(key)
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All nodes, ordered by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &N)> {
        self.nodes.iter()
    }

    /// What a node needs, ordered by key.
    pub fn needs(&self, key: &K) -> impl Iterator<Item = &K> {
        self.needs.get(key).into_iter().flatten()
    }

    /// All keys, each after the keys it needs; ties are ordered by key.
    ///
    /// # Errors
    /// The keys of one cycle, each before the one it needs.
    pub fn order(&self) -> Result<Vec<K>, Vec<K>> {
        let mut waits: BTreeMap<&K, usize> =
            self.needs.iter().map(|(key, needs)| (key, needs.len())).collect();
        let mut needed_by: BTreeMap<&K, Vec<&K>> = BTreeMap::new();
        for (key, needs) in &self.needs {
            for need in needs {
                needed_by.entry(need).or_default().push(key);
            }
        }
        let mut ready: BTreeSet<&K> =
            waits.iter().filter(|(_, n)| **n == 0).map(|(key, _)| *key).collect();
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(key) = ready.pop_first() {
            order.push(key.clone());
            for next in needed_by.remove(key).unwrap_or_default() {
                let left = waits.entry(next).or_default();
                *left -= 1;
                if *left == 0 {
                    ready.insert(next);
                }
            }
        }
        if order.len() == self.nodes.len() { Ok(order) } else { Err(self.cycle(&order)) }
    }

    /// Follows the needs of the nodes that could not be ordered, until a node repeats.
    fn cycle(&self, ordered: &[K]) -> Vec<K> {
        let ordered: BTreeSet<&K> = ordered.iter().collect();
        let mut path: Vec<&K> = Vec::new();
        let mut next = self.nodes.keys().find(|key| !ordered.contains(key));
        while let Some(key) = next {
            if let Some(at) = path.iter().position(|seen| *seen == key) {
                return path[at..].iter().map(|key| (*key).clone()).collect();
            }
            path.push(key);
            next = self.needs(key).find(|need| !ordered.contains(need));
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&'static str, &'static str)]) -> Graph<&'static str, ()> {
        let mut graph = Graph::default();
        for (a, b) in edges {
            graph.add(*a, ());
            graph.add(*b, ());
        }
        edges.iter().for_each(|(a, b)| graph.connect(a, b));
        graph
    }

    #[test]
    fn orders_needs_first_and_ties_by_key() {
        let graph = graph(&[("d", "b"), ("d", "a"), ("b", "c")]);
        assert_eq!(graph.order(), Ok(vec!["a", "c", "b", "d"]));
    }

    #[test]
    fn reports_the_keys_of_a_cycle() {
        let graph = graph(&[("a", "b"), ("b", "c"), ("c", "b")]);
        assert_eq!(graph.order(), Err(vec!["b", "c"]));
    }
}
