//! What is certain of a topology that has errors.

use rustc_hash::FxHashSet as HashSet;
use topoc_diagnostics::{Diagnostic, Diagnostics, Severity, Span};
use topoc_ir::{Lock, Network, NodeId, Peer, Route, RouteVia, Topology};

use crate::Lowered;

/// Reports what is certain, and gives what was made. `doubted` are the networks that may be others than they seem to.
///
/// INVARIANT (one cause): what is missing may be what was wrong. So a network is looked at if all of it is known, and
/// ways between nodes if both stand in such networks; none where something leads through nodes. What speaks of a place
/// that was reported says nothing new.
pub fn look(topology: Topology, doubted: &[u32], lock: &Lock, out: &mut Diagnostics) -> Lowered {
    let (mut found, mut unsure) = (Diagnostics::default(), Diagnostics::default());
    let is_known = !topology.networks.iter().any(leads_through_nodes);
    let (plans, _) = crate::plans(&topology, doubted, lock, &mut found);
    let lines = about(&topology, doubted);
    let mut lowered = crate::derived(topology, plans, &mut unsure, || {});
    if is_known {
        let is_sure = |it: &Diagnostic| {
            let mut places = it.primary.iter().chain(&it.others);
            let is_error = it.severity() != Severity::Warning;
            // what the library lacks may never have been loaded
            is_error && it.primary.is_some() && !places.any(|it| lines.contains(&it.span))
        };
        let sure = unsure.in_order().into_iter().filter(is_sure);
        sure.for_each(|it| found.push(it));
    }
    let told = out.told();
    let certain = found.in_order().into_iter();
    let certain = certain.filter(|it| it.is_news(&told));
    certain.for_each(|it| out.push(it));
    forget_subnets(&mut lowered.topology, doubted);
    lowered
}

/// The lines about what stands in doubted networks, and about members of groups.
fn about(topology: &Topology, doubted: &[u32]) -> HashSet<Span> {
    let in_doubt = |it: u32| doubted.contains(&it);
    let node = |id: NodeId| {
        let node = topology.node(id);
        let place = node.and_then(|it| it.placement.as_ref());
        place.is_some_and(|it| in_doubt(it.network))
    };
    let peer = |peer: &Peer| match peer {
        Peer::Node(id) => node(*id),
        Peer::Endpoints(network, _) => in_doubt(*network),
        // who is a member is not certain
        Peer::Group(_) => true,
        Peer::PrefixList { .. } | Peer::Cidrs(_) | Peer::LateCidr(_) | Peer::Internet { .. } => {
            false
        }
    };
    let nodes = (0..).zip(&topology.nodes);
    let nodes = nodes.filter(|it| node(NodeId(it.0))).map(|it| it.1.span);
    let openings = topology.openings.iter();
    let openings = openings.filter(|it| peer(&it.from) || peer(&it.to));
    let needs = topology.needs.iter().filter(|it| it.from.is_some_and(node));
    let lines = openings.map(|it| it.span).chain(needs.map(|it| it.span));
    let networks = (0..).zip(&topology.networks);
    let networks = networks.filter(|it| in_doubt(it.0));
    nodes
        .chain(lines)
        .chain(networks.flat_map(|it| inside(it.1)))
        .collect()
}

/// The lines of a network that reports about ways and room speak of.
fn inside(network: &Network) -> impl Iterator<Item = Span> {
    let sizes = network.subnets.iter().filter_map(|it| it.size);
    let subnets = network.subnets.iter().map(|it| it.span);
    let blocks = network.endpoints.iter().map(|it| it.span);
    let services = network.endpoints.iter().flat_map(|it| &it.services);
    let services = services.flatten().map(|it| it.1);
    let own = subnets.chain(sizes.map(|it| it.1)).chain(blocks);
    own.chain(services).chain([network.span])
}

/// How many subnets a doubted network has is not known, so nobody can say that some of them are missing.
fn forget_subnets(topology: &mut Topology, doubted: &[u32]) {
    let networks = (0..).zip(&mut topology.networks);
    let doubted = networks.filter(|it| doubted.contains(&it.0));
    let existing = doubted.filter_map(|it| it.1.existing.as_mut());
    existing.for_each(|it| it.subnet_ids.clear());
}

fn leads_through_nodes(network: &Network) -> bool {
    let subnets = network.subnets.iter().map(|it| &it.routes);
    let tables = network.tables.iter().map(|it| &it.routes);
    let lists = [&network.routes].into_iter().chain(subnets).chain(tables);
    let leads = |it: &Route| matches!(it.via, RouteVia::Gateway(_));
    lists.flatten().any(leads)
}
