//! What is certain of a topology that has errors.

use topoc_diagnostics::{Code, Diagnostic, Diagnostics};
use topoc_ir::{Lock, Network, Route, RouteVia, Topology};

use crate::Lowered;

/// Reports what is certain, and gives what was made. `doubted` are the networks that may be others than they seem to.
///
/// INVARIANT (one cause): what is missing may be what was wrong. So a network is looked at if all of it is known, and
/// ways between nodes if all networks are, and what leads through nodes. What speaks of a place that was reported says
/// nothing new.
pub fn look(topology: Topology, doubted: &[u32], lock: &Lock, out: &mut Diagnostics) -> Lowered {
    let (mut found, mut unsure) = (Diagnostics::default(), Diagnostics::default());
    let has_groups = !topology.groups.is_empty();
    let is_known = doubted.is_empty() && !topology.networks.iter().any(leads_through_nodes);
    let (plans, _) = crate::plans(&topology, doubted, lock, &mut found);
    let derives = if is_known { &mut found } else { &mut unsure };
    let mut lowered = crate::derived(topology, plans, derives, || {});
    let told = out.told();
    // who is a member of a group is not certain
    let is_certain = |it: &Diagnostic| it.is_news(&told) && !(has_groups && it.code == Code::E0514);
    let certain = found.in_order().into_iter().filter(is_certain);
    certain.for_each(|it| out.push(it));
    forget_subnets(&mut lowered.topology, doubted);
    lowered
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
