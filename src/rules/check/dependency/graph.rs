//! A graph of what depends on what: layers where there is an order, circles where there is none.
//!
//! It knows no rules, only nodes and edges. Every algorithm is iterative, so that a long chain takes no stack, and every answer
//! depends on the order in which nodes were added and on nothing else.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::algo::toposort;
use petgraph::graph::DiGraph;
use petgraph::graph::EdgeIndex;
pub(super) use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

/// Edges that the search for a shortest circle may follow before it is content with what it has.
const MOST_EDGES_FOLLOWED: usize = 1_000_000;

/// Nodes, and edges from what is read to what reads it.
pub(super) struct Graph<N, E> {
    directed: DiGraph<N, E>,
    nodes: BTreeMap<N, NodeIndex>,
    edges: BTreeMap<(NodeIndex, NodeIndex), EdgeIndex>,
}

impl<N: Clone + Ord, E> Graph<N, E> {
    pub(super) fn new() -> Self {
        Self {
            directed: DiGraph::new(),
            nodes: BTreeMap::new(),
            edges: BTreeMap::new(),
        }
    }

    /// Adds a node, if it is not there.
    pub(super) fn node(&mut self, node: &N) -> NodeIndex {
        if let Some(known) = self.nodes.get(node) {
            return *known;
        }
        let index = self.directed.add_node(node.clone());
        self.nodes.insert(node.clone(), index);
        index
    }

    /// Adds a node that is reached by its index only.
    pub(super) fn add(&mut self, node: N) -> NodeIndex {
        self.directed.add_node(node)
    }

    /// Adds an edge. Of several between the same two nodes the first stays, but for one that counts more.
    pub(super) fn edge(
        &mut self,
        from: NodeIndex,
        to: NodeIndex,
        edge: E,
        counts_more: impl Fn(&E, &E) -> bool,
    ) {
        match self.edges.get(&(from, to)) {
            None => {
                let index = self.directed.add_edge(from, to, edge);
                self.edges.insert((from, to), index);
            }
            Some(known) => {
                if let Some(known) = self.directed.edge_weight_mut(*known)
                    && counts_more(&edge, known)
                {
                    *known = edge;
                }
            }
        }
    }

    /// The nodes in layers: each stands in a later layer than what it depends on and is `settled` between two layers, and after
    /// it in the same layer otherwise. What nothing puts in order stands in the order of the nodes. `None` where nodes depend
    /// on each other in a circle.
    pub(super) fn layers(&self, settled: impl Fn(&N) -> bool) -> Option<Vec<Vec<N>>> {
        let order = toposort(&self.directed, None).ok()?;
        // The layer of a node, and how many others of that layer must come before it.
        let mut levels = alloc::vec![(0_usize, 0_usize); self.directed.node_count()];
        let mut placed: BTreeSet<((usize, usize), &N)> = BTreeSet::new();
        for node in &order {
            let mut own = (0, 0);
            for edge in self.directed.edges_directed(*node, Direction::Incoming) {
                let before = levels.get(edge.source().index()).copied();
                let between = self
                    .directed
                    .node_weight(edge.source())
                    .is_some_and(&settled);
                let (layer, within) = before.unwrap_or_default();
                own = own.max(if between {
                    (layer.saturating_add(1), 0)
                } else {
                    (layer, within.saturating_add(1))
                });
            }
            if let Some(level) = levels.get_mut(node.index()) {
                *level = own;
            }
            if let Some(node) = self.directed.node_weight(*node) {
                placed.insert((own, node));
            }
        }
        let mut layers: Vec<Vec<N>> = Vec::new();
        for ((layer, _), node) in placed {
            if layers.len() <= layer {
                layers.resize_with(layer.saturating_add(1), Vec::new);
            }
            if let Some(layer) = layers.get_mut(layer) {
                layer.push(node.clone());
            }
        }
        Some(layers)
    }

    /// A circle for each set of nodes that depend on each other: the shortest one, as far as it can be found in bounded time.
    /// Each is the list of its edges, with the nodes that they lead from and to, beginning at its least node.
    pub(super) fn circles(&self) -> Vec<Vec<(&N, &N, &E)>> {
        let mut components: Vec<Vec<NodeIndex>> = kosaraju_scc(&self.directed)
            .into_iter()
            .filter(|component| match component.as_slice() {
                [alone] => self.edges.contains_key(&(*alone, *alone)),
                _ => true,
            })
            .collect();
        for component in &mut components {
            component.sort_by_key(|node| self.directed.node_weight(*node));
        }
        components.sort_by_key(|component| {
            component
                .first()
                .and_then(|node| self.directed.node_weight(*node))
        });
        components
            .iter()
            .map(|component| self.circle(component))
            .collect()
    }

    fn circle(&self, component: &[NodeIndex]) -> Vec<(&N, &N, &E)> {
        let place: BTreeMap<NodeIndex, usize> = component
            .iter()
            .enumerate()
            .map(|(position, node)| (*node, position))
            .collect();
        let mut followed = 0_usize;
        let mut best: Vec<NodeIndex> = Vec::new();
        for start in component {
            let most = if best.is_empty() {
                usize::MAX
            } else {
                best.len()
            };
            if let Some(found) = self.way_back(*start, &place, most, &mut followed) {
                best = found;
            }
            if followed > MOST_EDGES_FOLLOWED || best.len() == 1 {
                break;
            }
        }
        // The first start that has a shortest circle is its least node, since every start before it has none as short.
        let ends = best.iter().skip(1).chain(best.first());
        best.iter()
            .zip(ends)
            .filter_map(|(from, to)| {
                let edge = self.edges.get(&(*from, *to))?;
                Some((
                    self.directed.node_weight(*from)?,
                    self.directed.node_weight(*to)?,
                    self.directed.edge_weight(*edge)?,
                ))
            })
            .collect()
    }

    /// The shortest way from a node back to itself inside a component, if it has fewer than `most` nodes. Level by level.
    fn way_back(
        &self,
        start: NodeIndex,
        place: &BTreeMap<NodeIndex, usize>,
        most: usize,
        followed: &mut usize,
    ) -> Option<Vec<NodeIndex>> {
        let mut came_from: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
        let mut level = alloc::vec![start];
        let mut length = 1_usize;
        while !level.is_empty() && length < most {
            let mut next = Vec::new();
            for node in &level {
                let mut targets: Vec<(usize, NodeIndex)> = self
                    .directed
                    .neighbors_directed(*node, Direction::Outgoing)
                    .filter_map(|target| Some((*place.get(&target)?, target)))
                    .collect();
                targets.sort_unstable();
                *followed = followed.saturating_add(targets.len());
                for (_, target) in targets {
                    if target == start {
                        return Some(way(start, *node, &came_from));
                    }
                    if let Entry::Vacant(first) = came_from.entry(target) {
                        first.insert(*node);
                        next.push(target);
                    }
                }
            }
            level = next;
            length = length.saturating_add(1);
        }
        None
    }
}

/// The nodes from a start to an end, both included.
fn way(
    start: NodeIndex,
    end: NodeIndex,
    came_from: &BTreeMap<NodeIndex, NodeIndex>,
) -> Vec<NodeIndex> {
    let mut way = alloc::vec![end];
    let mut node = end;
    while node != start {
        let Some(before) = came_from.get(&node) else {
            break;
        };
        node = *before;
        way.push(node);
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::trials_of;
    extern crate std;

    fn graph(edges: &[(u32, u32)]) -> Graph<u32, (u32, u32)> {
        let mut graph = Graph::new();
        for edge in edges {
            let (from, to) = (graph.node(&edge.0), graph.node(&edge.1));
            graph.edge(from, to, *edge, |_, _| false);
        }
        graph
    }

    fn circles(edges: &[(u32, u32)]) -> Vec<Vec<(u32, u32)>> {
        let graph = graph(edges);
        let circles = graph.circles();
        circles
            .iter()
            .map(|circle| circle.iter().map(|(.., edge)| **edge).collect())
            .collect()
    }

    #[test]
    fn the_shortest_circle_of_each_component_is_shown_from_its_least_node() {
        // One component with circles of four and of two nodes, one with a node that depends on itself, one without a circle.
        let edges = [
            (1, 2),
            (2, 3),
            (3, 4),
            (4, 1),
            (4, 3),
            (7, 7),
            (7, 8),
            (9, 1),
        ];
        let expected = [alloc::vec![(3, 4), (4, 3)], alloc::vec![(7, 7)]];
        assert_eq!(circles(&edges), expected);
        let mut turned = edges;
        turned.reverse();
        assert_eq!(circles(&turned), expected);
    }

    #[test]
    fn what_is_settled_between_layers_comes_a_layer_before() {
        let layers = graph(&[(10, 1), (1, 2), (10, 3)]).layers(|node| *node >= 10);
        assert_eq!(
            layers,
            Some(alloc::vec![alloc::vec![10], alloc::vec![1, 3, 2]])
        );
        assert_eq!(graph(&[(1, 2), (2, 1)]).layers(|_| true), None);
    }

    #[test]
    fn of_two_edges_the_one_that_counts_more_stays() {
        let mut graph: Graph<u32, u32> = Graph::new();
        let node = graph.node(&1);
        for weight in [1, 3, 2] {
            graph.edge(node, node, weight, |new, known| new > known);
        }
        assert_eq!(graph.circles(), [[(&1, &1, &3)]]);
    }

    /// The length of a shortest way from each node to each, by trying every node between.
    fn distances(edges: &[(u32, u32)]) -> BTreeMap<(u32, u32), usize> {
        let mut ways: BTreeMap<(u32, u32), usize> = edges.iter().map(|edge| (*edge, 1)).collect();
        for between in 0..8 {
            for from in 0..8 {
                for to in 0..8 {
                    let (Some(first), Some(second)) =
                        (ways.get(&(from, between)), ways.get(&(between, to)))
                    else {
                        continue;
                    };
                    let length = first.saturating_add(*second);
                    let known = ways.entry((from, to)).or_insert(length);
                    *known = length.min(*known);
                }
            }
        }
        ways
    }

    proptest! {
        #![proptest_config(trials_of(256))]

        #[test]
        fn there_are_layers_or_shortest_circles(
            edges in prop::collection::vec((0..8_u32, 0..8_u32), 0..14)
        ) {
            let ways = distances(&edges);
            let found = circles(&edges);
            let on_circles: Vec<u32> = (0..8).filter(|node| ways.contains_key(&(*node, *node))).collect();
            prop_assert_eq!(found.is_empty(), on_circles.is_empty());
            prop_assert_eq!(graph(&edges).layers(|_| false).is_some(), on_circles.is_empty());
            for circle in &found {
                let start = circle[0].0;
                prop_assert_eq!(circle.last().map(|edge| edge.1), Some(start));
                for (edge, next) in circle.iter().zip(circle.iter().skip(1)) {
                    prop_assert_eq!(edge.1, next.0);
                }
                prop_assert!(circle.iter().all(|edge| edges.contains(edge)));
                prop_assert!(circle.iter().all(|edge| edge.0 >= start));
                // Of all nodes that depend on each other with these, none lies on a shorter circle.
                let shortest = on_circles
                    .iter()
                    .filter(|node| ways.contains_key(&(**node, start)) && ways.contains_key(&(start, **node)))
                    .filter_map(|node| ways.get(&(*node, *node)))
                    .min();
                prop_assert_eq!(shortest, Some(&circle.len()));
            }
            // Each set of nodes that depend on each other has one circle.
            for node in &on_circles {
                let of_node = found
                    .iter()
                    .filter(|circle| {
                        let start = circle[0].0;
                        ways.contains_key(&(*node, start)) && ways.contains_key(&(start, *node))
                    })
                    .count();
                prop_assert_eq!(of_node, 1);
            }
        }
    }

    /// Runs on a stack of 128 KiB.
    fn on_a_small_stack(run: fn()) {
        std::thread::Builder::new()
            .stack_size(131_072)
            .spawn(run)
            .unwrap()
            .join()
            .unwrap();
    }

    fn chain(length: u32) -> Vec<(u32, u32)> {
        (0..length).zip(1..length).collect()
    }

    #[test]
    fn a_long_chain_takes_no_stack() {
        on_a_small_stack(|| {
            let layers = graph(&chain(200_000)).layers(|_| true);
            assert_eq!(layers.map(|layers| layers.len()), Some(200_000));
        });
    }

    #[test]
    fn a_long_circle_takes_no_stack() {
        on_a_small_stack(|| {
            let mut edges = chain(200_000);
            edges.push((199_999, 0));
            let circles = circles(&edges);
            assert_eq!(circles.len(), 1);
            assert!(circles.iter().all(|circle| circle.len() == 200_000));
        });
    }
}
