//! Who wears which group, and the groups themselves.

use rustc_hash::FxHashMap as HashMap;

use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::topology::{named_group_id, network_id, own_group_id};
use topoc_ir::{Group, Node, NodeId, Peer, ResourceId, Topology, Value, Zone};
use ustr::Ustr;

use crate::errors;
use crate::make::{Class, Frame, Maker, reference};

/// Most groups that one interface may wear.
const MOST: usize = 5;

/// A subnet of some network: network, subnet declaration, zone.
pub type Stand = (u32, u32, Zone);

/// One group of one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Wearing {
    /// The group.
    pub id: ResourceId,
    /// What it is called in the ids of rules: `web`, `clients/main`.
    pub label: Ustr,
    /// Its network; an existing group has none that we know.
    pub network: Option<u32>,
    /// The node, group or block that wears it.
    pub span: Span,
    /// Whoever owns it makes its rules.
    pub assumed: bool,
}

/// The members of the groups.
pub struct Groups<'a> {
    topology: &'a Topology,
    /// For each named group, where its members stand, without repetition.
    stands: Vec<Vec<Stand>>,
    named: Vec<Vec<Wearing>>,
}

impl<'a> Groups<'a> {
    /// Finds the members of every group.
    pub fn new(topology: &'a Topology) -> Self {
        let mut stands: Vec<Vec<Stand>> = vec![Vec::new(); topology.groups.len()];
        for node in topology.nodes.iter().filter(|it| !it.groups.is_empty()) {
            for group in &node.groups {
                if let Some(stands) = stands.get_mut(*group as usize) {
                    stands.extend(stands_of(node));
                }
            }
        }
        for stands in &mut stands {
            stands.sort();
            stands.dedup();
        }
        let named = topology.groups.iter().zip(&stands);
        let named = named.map(|(group, stands)| wearings(topology, group, stands));
        Self {
            named: named.collect(),
            topology,
            stands,
        }
    }

    /// The group of a node that rules about the node itself go to.
    pub fn of_node(&self, id: NodeId) -> Option<Wearing> {
        let node = self.topology.node(id)?;
        let network = node.placement.as_ref()?.network;
        if node.own_group {
            return Some(Wearing {
                id: own_group_id(node.path),
                label: node.path,
                network: Some(network),
                span: node.span,
                assumed: false,
            });
        }
        let first = self.named_of(*node.groups.first()?);
        first
            .iter()
            .find(|it| it.network.is_none_or(|it| it == network))
            .copied()
    }

    /// A named group, once for each network in which it has members.
    pub fn named_of(&self, group: u32) -> &[Wearing] {
        self.named.get(group as usize).map_or(&[], Vec::as_slice)
    }

    /// Where the members of a named group stand.
    pub fn stands_of_group(&self, group: u32) -> &[Stand] {
        self.stands.get(group as usize).map_or(&[], Vec::as_slice)
    }

    /// Where a node or the members of a group stand; nobody else stands anywhere.
    pub fn stands_of_peer(&self, peer: &Peer) -> Vec<Stand> {
        match peer {
            Peer::Node(id) => self
                .topology
                .node(*id)
                .into_iter()
                .flat_map(stands_of)
                .collect(),
            Peer::Group(index) => self.stands_of_group(*index).to_vec(),
            Peer::Cidrs(_)
            | Peer::PrefixList { .. }
            | Peer::LateCidr(_)
            | Peer::Internet { .. }
            | Peer::Endpoints(..) => Vec::new(),
        }
    }

    /// Own group → the named groups that its node wears as well, for nodes that wear both.
    pub fn also_worn(&self) -> HashMap<ResourceId, Vec<ResourceId>> {
        let both = self
            .topology
            .nodes
            .iter()
            .filter(|it| it.own_group && !it.groups.is_empty());
        both.filter_map(|node| {
            let network = node.placement.as_ref()?.network;
            let named = node.groups.iter().flat_map(|it| self.named_of(*it));
            let here = named.filter(|it| it.network.is_none_or(|it| it == network));
            Some((own_group_id(node.path), here.map(|it| it.id).collect()))
        })
        .collect()
    }

    /// What the ids of existing groups stand for.
    pub fn existing(&self) -> Vec<(ResourceId, Value)> {
        let mut ids = Vec::new();
        for (group, stands) in self.topology.groups.iter().zip(&self.stands) {
            let Some(id) = &group.existing else { continue };
            ids.push((ResourceId(group.path), id.clone()));
            for network in networks(stands).filter_map(|it| self.topology.networks.get(it as usize))
            {
                ids.push((named_group_id(group.path, network.path), id.clone()));
            }
        }
        ids
    }
}

/// Where a node stands.
pub fn stands_of(node: &Node) -> impl Iterator<Item = Stand> + '_ {
    let placement = node.placement.iter();
    placement.flat_map(|it| {
        it.subnets
            .iter()
            .map(|(subnet, zone)| (it.network, *subnet, *zone))
    })
}

fn networks(stands: &[Stand]) -> impl Iterator<Item = u32> {
    let mut networks: Vec<u32> = stands.iter().map(|it| it.0).collect();
    networks.dedup(); // stands are sorted
    networks.into_iter()
}

fn wearings(topology: &Topology, group: &Group, stands: &[Stand]) -> Vec<Wearing> {
    if group.existing.is_some() {
        return vec![Wearing {
            id: ResourceId(group.path),
            label: group.path,
            network: None,
            span: group.span,
            assumed: group.assumed,
        }];
    }
    let here = networks(stands).filter_map(|index| {
        let network = topology.networks.get(index as usize)?;
        let id = named_group_id(group.path, network.path);
        Some(Wearing {
            id,
            label: id.0,
            network: Some(index),
            span: group.span,
            assumed: false,
        })
    });
    here.collect()
}

/// Makes the groups: named ones where they have members, own ones before their nodes.
pub fn groups(maker: &mut Maker<'_>, groups: &Groups<'_>, out: &mut Diagnostics) {
    let topology = groups.topology;
    for (index, group) in (0u32..).zip(&topology.groups) {
        for worn in groups
            .named_of(index)
            .iter()
            .filter(|_| group.existing.is_none())
        {
            let mut frame =
                Frame::new(worn.id, Class::Group, group.rank, group.span).tags(group.tags.clone());
            frame.docs = group.docs;
            make(maker, worn, frame, group.path);
        }
    }
    for (id, node) in (0u32..).zip(&topology.nodes) {
        if node.groups.len() + usize::from(node.own_group) > MOST {
            out.push(errors::too_many_groups(topology, node, MOST));
        }
        if let Some(worn) = groups.of_node(NodeId(id)).filter(|_| node.own_group) {
            let frame =
                Frame::new(worn.id, Class::Group, node.rank, node.span).tags(node.tags.clone());
            make(maker, &worn, frame, node.path);
        }
    }
}

fn make(maker: &mut Maker<'_>, worn: &Wearing, frame: Frame, path: Ustr) {
    let network = worn
        .network
        .and_then(|it| maker.topology().networks.get(it as usize));
    let Some(network) = network else { return };
    let roles = [
        ("network", reference(network_id(network.path))),
        (
            "description",
            Value::text(&crate::text::plain(&format!("group of {path}"))),
        ),
    ];
    maker.make(("group", None), frame, &roles);
}
