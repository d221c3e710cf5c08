//! Openings → rule pairs; each is checked for a way its traffic could take.

use rustc_hash::FxHashMap as HashMap;

use ipnet::IpNet;
use topoc_diagnostics::Diagnostics;
use topoc_ir::{NodeId, Opening, Peer, Protocol, Topology};
use ustr::Ustr;

use super::ends::{internet, key, late_ends, name, same_network};
use super::{End, Reason, Rules, What, reason};
use crate::groups::{Groups, Stand, Wearing, stands_of};
use crate::plan::Plan;
use crate::resolve::Known;
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
pub(super) enum Stands<'a> {
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
    pub(super) open: HashMap<NodeId, Vec<Protocol>>,
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
                declared: true,
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
        let mut open: HashMap<NodeId, Vec<Protocol>> = HashMap::default();
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
                self.check_links(opening, [(&from, &at), (&to, &there)], out);
                for from in &from {
                    for to in to.iter().filter(|to| same_network(from, to)) {
                        rules.pair(*from, *to, protocol, reason);
                    }
                }
                self.to_gateways(opening, &from, reason, rules);
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

    /// An edge to a block of endpoints means its gateways too.
    fn to_gateways(&self, opening: &Opening, from: &[Wearing], reason: Reason, rules: &mut Rules) {
        let Peer::Endpoints(network, name) = &opening.to else {
            return;
        };
        let here = |it: &&Wearing| it.network.is_none_or(|it| it == *network);
        for list in self.services.lists(self.topology, *network, *name) {
            for from in from.iter().filter(here) {
                rules.egress(*from, list.clone(), opening.protocol, reason);
            }
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
        let six = matches!(end.what, What::Range(IpNet::V6(_)));
        let network = worn
            .network
            .and_then(|it| self.topology.networks.get(it as usize));
        !six || network.is_none_or(|it| it.ipv6)
    }

    pub(super) fn stands(&self, stands: &Stands<'a>) -> Vec<Stand> {
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
