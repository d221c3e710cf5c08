//! Openings → rule pairs; each is checked for a way its traffic could take.

use std::collections::HashMap;

use ipnet::IpNet;
use topoc_diagnostics::Diagnostics;
use topoc_ir::{Late, NodeId, Opening, Peer, Protocol, RouteVia, Topology, Value};
use ustr::Ustr;

use super::merge::covers;
use super::{End, Reason, Rules, reason};
use crate::errors;
use crate::groups::{Groups, Stand, Wearing, stands_of};
use crate::plan::Plan;
use crate::resolve::Known;
use crate::routes::{everything, everything6};
use crate::services::Services;
use crate::text::label;

/// An end of an opening, as rules see it.
enum Side<'a> {
    /// Groups, and where their wearers stand.
    Inside(Vec<Wearing>, Stands<'a>),
    /// Ranges and lists; whether the internet is behind them.
    Outside(Vec<End>, bool),
    /// A node that stands nowhere: next to the internet, without an address of its own that we know.
    Unplaced(NodeId),
}

/// Where an end stands.
enum Stands<'a> {
    Node(NodeId),
    Group(&'a [Stand]),
    Nowhere,
}

/// What is known when rules are drafted.
pub struct Scene<'a> {
    /// The program.
    pub topology: &'a Topology,
    /// Blocks and ways of each network.
    pub plans: &'a [Plan],
    /// Who wears what.
    pub groups: &'a Groups<'a>,
    /// The endpoints.
    pub services: &'a Services,
    /// Blocks and ids.
    pub known: &'a Known<'a>,
    /// What the internet may say to a node.
    open: HashMap<NodeId, Vec<Protocol>>,
}

/// Drafts the rules of every opening.
pub fn openings(scene: &Scene<'_>, rules: &mut Rules, out: &mut Diagnostics) {
    let texts: Vec<Ustr> = scene
        .topology
        .edges
        .iter()
        .map(|it| Ustr::from(&crate::text::plain(&it.text)))
        .collect();
    for opening in &scene.topology.openings {
        let edge = opening.edge.and_then(|it| texts.get(it as usize));
        let reason = match edge {
            Some(text) => Reason {
                text: *text,
                span: opening.span,
                rank: opening.rank,
            },
            None => reason(&scene.words(opening), opening.span, opening.rank),
        };
        scene.opening(opening, reason, rules, out);
    }
}

impl<'a> Scene<'a> {
    /// Everything that rules depend on.
    pub fn new(
        topology: &'a Topology,
        plans: &'a [Plan],
        groups: &'a Groups<'a>,
        services: &'a Services,
        known: &'a Known<'a>,
    ) -> Self {
        let mut open: HashMap<NodeId, Vec<Protocol>> = HashMap::new();
        for opening in &topology.openings {
            if let (Peer::Internet { .. }, Peer::Node(to)) = (&opening.from, &opening.to) {
                open.entry(*to).or_default().push(opening.protocol);
            }
        }
        Self {
            topology,
            plans,
            groups,
            services,
            known,
            open,
        }
    }

    fn opening(&self, opening: &Opening, reason: Reason, rules: &mut Rules, out: &mut Diagnostics) {
        let protocol = opening.protocol;
        match (self.side(&opening.from), self.side(&opening.to)) {
            (Side::Inside(from, at), Side::Inside(to, there)) => {
                let mut linked = from.is_empty() || to.is_empty();
                for from in &from {
                    for to in to.iter().filter(|to| same_network(from, to)) {
                        linked = true;
                        rules.pair(*from, *to, protocol, reason);
                    }
                }
                if !linked {
                    out.push(errors::no_link(
                        self.topology,
                        opening,
                        [self.stand(&at), self.stand(&there)],
                    ));
                }
            }
            (Side::Inside(from, at), Side::Outside(ends, internet)) => {
                self.check_way_out(opening, &at, &ends, internet, out);
                for from in &from {
                    for end in ends.iter().filter(|it| self.speaks(from, it)) {
                        rules.egress(*from, end.clone(), protocol, reason);
                    }
                }
            }
            (Side::Inside(from, at), Side::Unplaced(_)) => {
                let ends = internet(true, true);
                self.check_way_out(opening, &at, &ends, true, out);
                for from in &from {
                    for end in ends.iter().filter(|it| self.speaks(from, it)) {
                        rules.egress(*from, end.clone(), protocol, reason);
                    }
                }
            }
            (Side::Outside(ends, internet), Side::Inside(to, there)) => {
                self.check_way_in(opening, &there, &ends, internet, out);
                for to in &to {
                    for end in ends.iter().filter(|it| self.speaks(to, it)) {
                        rules.ingress(*to, end.clone(), protocol, reason);
                    }
                }
            }
            (Side::Unplaced(node), Side::Inside(_, there)) => {
                self.check_unplaced(opening, node, &there, out)
            }
            (Side::Outside(..) | Side::Unplaced(_), Side::Outside(..) | Side::Unplaced(_)) => {}
        }
    }

    fn side(&self, peer: &Peer) -> Side<'a> {
        match peer {
            Peer::Node(id) => match self.groups.of_node(*id) {
                Some(worn) => Side::Inside(vec![worn], Stands::Node(*id)),
                None => Side::Unplaced(*id),
            },
            Peer::Group(index) => Side::Inside(
                self.groups.named_of(*index).to_vec(),
                Stands::Group(self.groups.stands_of_group(*index)),
            ),
            Peer::Cidrs(ranges) => {
                Side::Outside(ranges.iter().map(|it| End::range(*it)).collect(), false)
            }
            Peer::PrefixList { node, id, weight } => {
                let name = node.and_then(|it| self.topology.node(it)).map(|it| it.path);
                let label = key(id).or(name).unwrap_or_default();
                let outside = name.is_some();
                Side::Outside(
                    vec![End::list(label, id.clone(), (*weight).max(1))],
                    outside,
                )
            }
            Peer::LateCidr(value) => {
                let resolved = self.known.value(value);
                Side::Outside(late_ends(resolved.as_ref().unwrap_or(value)), false)
            }
            Peer::Internet { v4, v6 } => Side::Outside(internet(*v4, *v6), true),
            Peer::Endpoints(network, name) => {
                let worn = self.services.group(self.topology, *network, *name);
                Side::Inside(worn.into_iter().collect(), Stands::Nowhere)
            }
        }
    }

    /// IPv6 ranges only where the network has IPv6.
    fn speaks(&self, worn: &Wearing, end: &End) -> bool {
        let six = matches!(end.what, super::What::Range(IpNet::V6(_)));
        let network = worn
            .network
            .and_then(|it| self.topology.networks.get(it as usize));
        !six || network.is_none_or(|it| it.ipv6)
    }

    fn stands(&self, stands: &Stands<'a>) -> Vec<Stand> {
        match stands {
            Stands::Node(id) => self
                .topology
                .node(*id)
                .into_iter()
                .flat_map(stands_of)
                .collect(),
            Stands::Group(stands) => stands.to_vec(),
            Stands::Nowhere => Vec::new(),
        }
    }

    fn stand(&self, stands: &Stands<'a>) -> Option<Stand> {
        self.stands(stands).first().copied()
    }

    /// From every subnet of the source there must be a route to what the ends name.
    fn check_way_out(
        &self,
        opening: &Opening,
        at: &Stands<'a>,
        ends: &[End],
        internet: bool,
        out: &mut Diagnostics,
    ) {
        let ranges = ranges(ends);
        if ranges.is_empty() && !internet {
            return;
        }
        for stand in self.stands(at) {
            let Some(plan) = self.plans.get(stand.0 as usize) else {
                continue;
            };
            let table = plan.ways.table(stand.1, stand.2);
            let reaches = |range: IpNet| {
                plan.holds(range) || table.is_some_and(|it| it.way_to(range).is_some())
            };
            let blocked = if internet {
                !reaches(everything()) && !reaches(everything6())
            } else {
                !ranges.iter().all(|it| reaches(*it))
            };
            if blocked {
                out.push(errors::no_way_out(self.topology, opening, stand));
                return;
            }
        }
    }

    /// To every subnet of the target there must be a route inwards, not one that only leads out.
    fn check_way_in(
        &self,
        opening: &Opening,
        at: &Stands<'a>,
        ends: &[End],
        internet: bool,
        out: &mut Diagnostics,
    ) {
        let ranges = ranges(ends);
        if ranges.is_empty() && !internet {
            return;
        }
        for stand in self.stands(at) {
            let Some(plan) = self.plans.get(stand.0 as usize) else {
                continue;
            };
            let table = plan.ways.table(stand.1, stand.2);
            let inwards = |range: IpNet| {
                let hop = table.and_then(|it| it.way_to(range));
                hop.is_some_and(|it| {
                    matches!(it.via, RouteVia::InternetGateway | RouteVia::Gateway(_))
                })
            };
            let open = if internet {
                inwards(everything()) || inwards(everything6())
            } else {
                ranges.iter().all(|it| plan.holds(*it) || inwards(*it))
            };
            if !open {
                out.push(errors::no_way_in(self.topology, opening, stand));
                return;
            }
        }
    }

    /// What stands nowhere comes from the internet: the target must be public and open to it.
    fn check_unplaced(
        &self,
        opening: &Opening,
        node: NodeId,
        there: &Stands<'a>,
        out: &mut Diagnostics,
    ) {
        let stands = self.stands(there);
        let private = stands.iter().find(|stand| {
            let plan = self.plans.get(stand.0 as usize);
            !plan
                .and_then(|it| it.ways.table(stand.1, stand.2))
                .is_some_and(|it| it.is_public())
        });
        if let Some(stand) = private {
            out.push(errors::unplaced_source(
                self.topology,
                opening,
                node,
                *stand,
            ));
        } else if !self.open_to_internet(&opening.to, opening.protocol) {
            out.push(errors::closed_to_unplaced(self.topology, opening, node));
        }
    }

    fn open_to_internet(&self, peer: &Peer, protocol: Protocol) -> bool {
        match peer {
            Peer::Node(id) => self
                .open
                .get(id)
                .into_iter()
                .flatten()
                .any(|it| covers(*it, protocol)),
            Peer::Group(_)
            | Peer::Cidrs(_)
            | Peer::PrefixList { .. }
            | Peer::LateCidr(_)
            | Peer::Internet { .. }
            | Peer::Endpoints(..) => false,
        }
    }

    /// What a kind itself opens, in words.
    fn words(&self, opening: &Opening) -> String {
        let verb = opening
            .name
            .map_or_else(|| label(opening.protocol), |it| it.to_string());
        let (from, to) = (
            name(self.topology, &opening.from),
            name(self.topology, &opening.to),
        );
        format!("{from} to {to}: {verb}")
    }
}

fn same_network(from: &Wearing, to: &Wearing) -> bool {
    from.network.is_none() || to.network.is_none() || from.network == to.network
}

fn internet(v4: bool, v6: bool) -> Vec<End> {
    let four = v4.then(|| End::range(everything()));
    four.into_iter()
        .chain(v6.then(|| End::range(everything6())))
        .collect()
}

fn ranges(ends: &[End]) -> Vec<IpNet> {
    let ranges = ends.iter().filter_map(|it| match it.what {
        super::What::Range(range) => Some(range),
        super::What::Group(_) | super::What::List(..) | super::What::Late(_) => None,
    });
    ranges.collect()
}

/// One end for each range that deployment fills in.
fn late_ends(value: &Value) -> Vec<End> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every other value is one range"
    )]
    match value {
        Value::List(items) => items.iter().flat_map(late_ends).collect(),
        Value::Cidr(range) => vec![End::range(*range)],
        value => vec![End::late(key(value).unwrap_or_default(), value.clone())],
    }
}

/// What a value is called in an id.
fn key(value: &Value) -> Option<Ustr> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "other values have no short name"
    )]
    match value {
        Value::Late(Late::Input(name)) => Some(*name),
        Value::Late(Late::Output(id, output)) if output.as_str() == "id" => Some(id.0),
        Value::Late(Late::Output(id, output)) => Some(Ustr::from(&format!("{}.{output}", id.0))),
        Value::Resource(id) => Some(id.0),
        Value::Text(text) => Some(*text),
        Value::Template(parts) => Some(template_key(parts)),
        _ => None,
    }
}

fn template_key(parts: &[topoc_ir::Part]) -> Ustr {
    let words = parts.iter().map(|it| match it {
        topoc_ir::Part::Text(text) => *text,
        topoc_ir::Part::Late(late) => key(&Value::Late(late.clone())).unwrap_or_default(),
    });
    let words: Vec<&str> = words.map(|it| it.as_str()).collect();
    Ustr::from(&words.concat())
}

/// A peer as the program calls it.
pub fn name(topology: &Topology, peer: &Peer) -> String {
    match peer {
        Peer::Node(id) => topology
            .node(*id)
            .map(|it| it.path.to_string())
            .unwrap_or_default(),
        Peer::Group(index) => {
            let group = topology.groups.get(*index as usize);
            group.map(|it| it.path.to_string()).unwrap_or_default()
        }
        Peer::Cidrs(ranges) => {
            let ranges: Vec<String> = ranges.iter().map(IpNet::to_string).collect();
            ranges.join(", ")
        }
        Peer::PrefixList { node, id, .. } => {
            let node = node.and_then(|it| topology.node(it)).map(|it| it.path);
            node.or(key(id))
                .map(|it| it.to_string())
                .unwrap_or_default()
        }
        Peer::LateCidr(value) => key(value).map(|it| it.to_string()).unwrap_or_default(),
        Peer::Internet { .. } => "internet".to_owned(),
        Peer::Endpoints(network, name) => {
            let network = topology.networks.get(*network as usize).map(|it| it.path);
            format!("{}.{name}", network.unwrap_or_default())
        }
    }
}
