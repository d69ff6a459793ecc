//! Puts what was gathered in order: what belongs to others goes, each thing knows how deep it stands and which feeds come by.

use super::draft::{Draft, Id};
use super::{Edge, Graph, Kind, Node};
use std::collections::{BTreeMap, BTreeSet};

/// Views that read views are told apart this deep.
const MAX_DEPTH: usize = 6;

impl Draft {
    pub(super) fn finish(mut self) -> Graph {
        self.drop_strangers();
        self.tell_queries_apart();
        let depths = self.depths();
        for (id, depth) in depths {
            if let Some(node) = self.nodes.get_mut(&id) {
                node.depth = depth;
            }
        }
        self.hand_down_feeds();
        let mut nodes: Vec<Node> = self.nodes.into_values().collect();
        nodes.sort_by(|a, b| (a.kind.stage(), a.depth, a.kind, &a.key).cmp(&(b.kind.stage(), b.depth, b.kind, &b.key)));
        let places: BTreeMap<Id, usize> = nodes.iter().map(|node| (node.kind, node.key.clone())).zip(0..).collect();
        let edge = |((from, to), is_declared): ((Id, Id), bool)| {
            Some(Edge { from: *places.get(&from)?, to: *places.get(&to)?, is_declared })
        };
        let mut edges: Vec<Edge> = self.edges.into_iter().filter_map(edge).collect();
        edges.sort_unstable();
        Graph { nodes, edges }
    }

    /// Files of many folders may all be called `query.sql`.
    fn tell_queries_apart(&mut self) {
        let queries = || self.nodes.values().filter(|node| node.kind == Kind::Query);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        queries().for_each(|node| *counts.entry(node.name.clone()).or_default() += 1);
        for node in self.nodes.values_mut().filter(|node| node.kind == Kind::Query) {
            if counts.get(&node.name).is_some_and(|count| *count > 1) {
                let start = node.key.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
                node.name = node.key.get(start..).unwrap_or(&node.key).to_owned();
            }
        }
    }

    /// Tables that only statistics know and that nothing here reads belong to others.
    fn drop_strangers(&mut self) {
        let linked: BTreeSet<Id> = self.edges.keys().flat_map(|(from, to)| [from.clone(), to.clone()]).collect();
        self.nodes.retain(|id, node| node.span.is_some() || linked.contains(id));
    }

    /// How many nodes of the same stage lead to each, one behind the other.
    fn depths(&self) -> BTreeMap<Id, usize> {
        let mut depths: BTreeMap<Id, usize> = BTreeMap::new();
        let within = |((from, to), _): &(&(Id, Id), &bool)| from.0.stage() == to.0.stage();
        let edges: Vec<&(Id, Id)> = self.edges.iter().filter(within).map(|(edge, _)| edge).collect();
        for _ in 0..MAX_DEPTH {
            for (from, to) in &edges {
                let behind = depths.get(from).map_or(1, |depth| depth + 1).min(MAX_DEPTH);
                let depth = depths.entry(to.clone()).or_default();
                *depth = behind.max(*depth);
            }
        }
        depths
    }

    /// What is made of a feed's table is on the way of the feed.
    fn hand_down_feeds(&mut self) {
        let mut open: Vec<Id> = self.nodes.iter().filter(|(_, node)| !node.feeds.is_empty()).map(|(id, _)| id.clone()).collect();
        while let Some(id) = open.pop() {
            let Some(feeds) = self.nodes.get(&id).map(|node| node.feeds.clone()) else { continue };
            let next: Vec<Id> = self.after(&id).cloned().collect();
            for to in next {
                // A loader serves many feeds, and each of its tables one of them.
                let is_downstream = id.0 >= Kind::Table || to.0 < Kind::Table;
                let Some(node) = self.nodes.get_mut(&to).filter(|_| is_downstream) else { continue };
                let n_before = node.feeds.len();
                node.feeds.extend(feeds.iter().cloned());
                if node.feeds.len() > n_before {
                    open.push(to);
                }
            }
        }
    }
}
