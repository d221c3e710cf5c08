//! Who refers to whom: dangling references, cycles, and order that references already imply.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::VecDeque;

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_shares as shares;
use ustr::Ustr;

use super::{MANY, Uses};
use crate::doc::{Doc, LateDoc};
use crate::ids::{Ids, Place};
use crate::resource::{Origin, ResourceId};
use crate::spelled::{Spelled, SpelledResource};

/// How many steps the search for implied order takes before it gives up and keeps the rest of `after`.
const PATIENCE: usize = 64;

/// The resources (first) and lookups (behind them) with an edge to each one that must exist before.
pub struct References {
    graph: DiGraph<(), Because>,
    resources: usize,
}

/// A path that is not there, and the report of it. No program leads here, since `spell` refers to nothing that it does
/// not spell; that this is so is part of the proof.
pub type Dangling = (ResourceId, Diagnostic);

/// Why one exists before the other.
#[derive(Clone, Copy, PartialEq)]
enum Because {
    /// A property or argument mentions it.
    Reference,
    /// `after` says so.
    After,
}

impl References {
    /// Collects all references, and what of the account is used; reports references to paths that are not there.
    pub fn new(spelled: &Spelled, ids: &Ids) -> (Self, Uses, Vec<Dangling>) {
        let mut found = shares::map(&spelled.resources, MANY, |share| {
            let mut found = Collector::new(spelled, ids);
            share.iter().for_each(|it| found.resource(it));
            vec![found]
        });
        let mut rest = Collector::new(spelled, ids);
        for (at, it) in spelled.lookups.iter().enumerate() {
            let at = spelled.resources.len() + at;
            rest.documents(at, it.id, it.origin.span, &it.arguments);
        }
        for it in &spelled.outputs {
            rest.output(it.name, it.span, &it.value);
        }
        found.push(rest);
        let edges = found.iter().map(|it| it.edges.len()).sum();
        let nodes = spelled.resources.len() + spelled.lookups.len();
        let mut graph = DiGraph::with_capacity(nodes, edges);
        for _ in 0..nodes {
            graph.add_node(());
        }
        let (mut uses, mut dangling) = (Uses::default(), Vec::new());
        for share in found {
            for (from, to, because) in share.edges {
                graph.add_edge(from, to, because);
            }
            uses.account |= share.uses.account;
            uses.zones |= share.uses.zones;
            dangling.extend(share.dangling);
        }
        let references = Self {
            graph,
            resources: spelled.resources.len(),
        };
        (references, uses, dangling)
    }

    /// One report for each knot of resources that wait for each other: its shortest cycle, every line of it.
    pub fn cycles(&self, spelled: &Spelled) -> Vec<Diagnostic> {
        let mut knots: Vec<Vec<NodeIndex>> = kosaraju_scc(&self.graph)
            .into_iter()
            .filter(|knot| self.is_knot(knot))
            .collect();
        for knot in &mut knots {
            knot.sort();
        }
        knots.sort();
        knots
            .iter()
            .filter_map(|knot| self.report(&self.shortest_cycle(knot), spelled))
            .collect()
    }

    fn is_knot(&self, knot: &[NodeIndex]) -> bool {
        match knot {
            [one] => self.graph.contains_edge(*one, *one),
            more => more.len() > 1,
        }
    }

    /// The shortest cycle through the first resource of a knot, which is its first line of output.
    fn shortest_cycle(&self, knot: &[NodeIndex]) -> Vec<NodeIndex> {
        let Some(&start) = knot.first() else {
            return Vec::new();
        };
        let mut came_from: Vec<Option<NodeIndex>> = vec![None; self.graph.node_count()];
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for next in self.neighbours(at) {
                if next == start {
                    return path_back(&came_from, at);
                }
                if let Some(slot @ None) = came_from.get_mut(next.index())
                    && knot.binary_search(&next).is_ok()
                {
                    *slot = Some(at);
                    queue.push_back(next);
                }
            }
        }
        Vec::new()
    }

    /// In the order in which they were said.
    fn neighbours(&self, at: NodeIndex) -> Vec<NodeIndex> {
        let mut all: Vec<NodeIndex> = self.graph.neighbors(at).collect();
        all.reverse();
        all
    }

    /// The report names no property, so that it is the same in every target.
    fn report(&self, cycle: &[NodeIndex], spelled: &Spelled) -> Option<Diagnostic> {
        let (&first, _) = cycle.split_first()?;
        let mut names: Vec<String> = cycle
            .iter()
            .map(|&it| format!("`{}`", path_of(it, spelled).0))
            .collect();
        names.push(format!("`{}`", path_of(first, spelled).0));
        let message = format!("resources wait for each other: {}", names.join(" → "));
        let mut report = Diagnostic::new(Code::E0603, message);
        for (at, &one) in cycle.iter().enumerate() {
            let next = cycle.get(at + 1).copied().unwrap_or(first);
            let text = self.why(one, next, spelled);
            let inner = origin_of(one, spelled).and_then(|it| it.others.first());
            report = match (at, inner) {
                (0, None) => report.at(span_of(one, spelled), text),
                (0, Some(line)) => report
                    .at(span_of(one, spelled), "makes these resources")
                    .because(*line, text),
                (_, Some(line)) => report.because(*line, text),
                (_, None) => report.because(span_of(one, spelled), text),
            };
        }
        Some(report.help("take one of these references away"))
    }

    fn why(&self, one: NodeIndex, next: NodeIndex, spelled: &Spelled) -> String {
        let (from, to) = (path_of(one, spelled), path_of(next, spelled));
        let refers = self
            .graph
            .edges_connecting(one, next)
            .any(|it| *it.weight() == Because::Reference);
        match refers {
            true => format!("`{from}` needs `{to}`"),
            false => format!("`{from}` stands after `{to}`"),
        }
    }

    /// Takes what references imply, and what is named twice, out of each `after`.
    pub fn drop_implied_order(&self, spelled: &mut Spelled) {
        let mut seen = Seen::new(self.graph.node_count());
        for (at, it) in spelled.resources.iter_mut().enumerate() {
            if it.after.is_empty() {
                continue;
            }
            let one = NodeIndex::new(at);
            let named = self
                .graph
                .edges(one)
                .filter(|edge| *edge.weight() == Because::After);
            let mut targets: Vec<NodeIndex> = named
                .map(|edge| petgraph::visit::EdgeRef::target(&edge))
                .collect();
            targets.reverse();
            it.after = self.bare(one, &targets, &mut seen, &it.after);
        }
    }

    /// The entries of `after` (whose nodes are `targets`) that nothing else puts first.
    fn bare(
        &self,
        one: NodeIndex,
        targets: &[NodeIndex],
        seen: &mut Seen,
        after: &[ResourceId],
    ) -> Vec<ResourceId> {
        self.mark_implied(one, targets, seen);
        let mut kept = Vec::new();
        for (&id, &target) in after.iter().zip(targets) {
            if target.index() < self.resources && seen.add(target) {
                kept.push(id);
            }
        }
        kept
    }

    /// Marks what `one` refers to, what the `targets` need, and what those need in turn, until all `targets` are marked.
    fn mark_implied(&self, one: NodeIndex, targets: &[NodeIndex], seen: &mut Seen) {
        seen.begin();
        let mut queue = VecDeque::new();
        for edge in self.graph.edges(one) {
            let target = petgraph::visit::EdgeRef::target(&edge);
            if *edge.weight() != Because::After && seen.add(target) {
                queue.push_back(target);
            }
        }
        // by (acyclic) no target implies itself through another one
        for next in targets.iter().flat_map(|it| self.graph.neighbors(*it)) {
            if seen.add(next) {
                queue.push_back(next);
            }
        }
        for _ in 0..PATIENCE {
            let done = targets.iter().all(|it| seen.has(*it));
            let Some(at) = queue.pop_front().filter(|_| !done) else {
                return;
            };
            for next in self.graph.neighbors(at) {
                if seen.add(next) {
                    queue.push_back(next);
                }
            }
        }
    }
}

/// A set of nodes that is emptied at no cost.
struct Seen {
    marks: Vec<u32>,
    round: u32,
}

impl Seen {
    fn new(nodes: usize) -> Self {
        Self {
            marks: vec![0; nodes],
            round: 0,
        }
    }

    fn begin(&mut self) {
        self.round += 1;
    }

    fn has(&self, node: NodeIndex) -> bool {
        self.marks.get(node.index()) == Some(&self.round)
    }

    /// Whether it was not in it.
    fn add(&mut self, node: NodeIndex) -> bool {
        match self.marks.get_mut(node.index()) {
            Some(mark) if *mark != self.round => {
                *mark = self.round;
                true
            }
            _ => false,
        }
    }
}

/// What a share of the resources mentions.
struct Collector<'a> {
    edges: Vec<(NodeIndex, NodeIndex, Because)>,
    spelled: &'a Spelled,
    ids: &'a Ids,
    uses: Uses,
    dangling: Vec<Dangling>,
}

impl<'a> Collector<'a> {
    fn new(spelled: &'a Spelled, ids: &'a Ids) -> Self {
        Self {
            edges: Vec::new(),
            spelled,
            ids,
            uses: Uses::default(),
            dangling: Vec::new(),
        }
    }

    fn resource(&mut self, it: &SpelledResource) {
        let Some(at) = self.index(it.id) else { return };
        self.documents(at, it.id, it.origin.span, &it.properties);
        for &after in &it.after {
            self.edge(at, it.id, it.origin.span, after, Because::After);
        }
    }

    fn documents(&mut self, at: usize, id: ResourceId, span: Span, documents: &[(Ustr, Doc)]) {
        for (_, doc) in documents {
            doc.each_late(&mut |late| {
                if let Some(to) = self.mentioned(late) {
                    self.edge(at, id, span, to, Because::Reference);
                }
            });
        }
    }

    fn edge(&mut self, at: usize, id: ResourceId, span: Span, to: ResourceId, because: Because) {
        match self.index(to) {
            Some(index) => {
                self.edges
                    .push((NodeIndex::new(at), NodeIndex::new(index), because));
            }
            None => self.report(&format!("`{id}`"), span, to),
        }
    }

    fn output(&mut self, name: Ustr, span: Span, value: &Doc) {
        value.each_late(&mut |late| {
            if let Some(to) = self.mentioned(late)
                && self.index(to).is_none()
            {
                self.report(&format!("output `{name}`"), span, to);
            }
        });
    }

    /// What a value of deployment is read of; notes what it takes from the account.
    fn mentioned(&mut self, late: &LateDoc) -> Option<ResourceId> {
        match late {
            LateDoc::Resource(to, _) | LateDoc::Lookup(to, _) => return Some(*to),
            LateDoc::Account => self.uses.account = true,
            LateDoc::ZoneSlot(_) => self.uses.zones = true,
            LateDoc::Input(_) | LateDoc::Resolve(_) => {}
        }
        None
    }

    fn index(&self, id: ResourceId) -> Option<usize> {
        Some(match self.ids.get(id)?.place {
            Place::Resource(index) => index,
            Place::Lookup(index) => self.spelled.resources.len() + index,
        })
    }

    fn report(&mut self, who: &str, span: Span, missing: ResourceId) {
        let target = self.spelled.target.title();
        let message = format!("{who} needs `{missing}`, which does not exist in {target}");
        let report = Diagnostic::new(Code::E0604, message).at(span, "needed here");
        self.dangling.push((missing, report));
    }
}

fn path_back(came_from: &[Option<NodeIndex>], last: NodeIndex) -> Vec<NodeIndex> {
    let mut path = vec![last];
    let mut at = last;
    while let Some(Some(before)) = came_from.get(at.index()) {
        path.push(*before);
        at = *before;
    }
    path.reverse();
    path
}

fn path_of(node: NodeIndex, spelled: &Spelled) -> ResourceId {
    match spelled.resources.get(node.index()) {
        Some(it) => it.id,
        None => lookup_of(node, spelled)
            .map(|it| it.id)
            .unwrap_or(ResourceId(ustr::name!("?"))),
    }
}

fn span_of(node: NodeIndex, spelled: &Spelled) -> Span {
    origin_of(node, spelled)
        .map(|it| it.span)
        .unwrap_or_default()
}

fn origin_of(node: NodeIndex, spelled: &Spelled) -> Option<&Origin> {
    match spelled.resources.get(node.index()) {
        Some(it) => Some(&it.origin),
        None => lookup_of(node, spelled).map(|it| &it.origin),
    }
}

fn lookup_of(node: NodeIndex, spelled: &Spelled) -> Option<&crate::spelled::SpelledLookup> {
    let index = node.index().checked_sub(spelled.resources.len())?;
    spelled.lookups.get(index)
}
