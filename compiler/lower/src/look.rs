//! What is certain of a topology that has errors: only reports come out.

use topoc_diagnostics::{Code, Diagnostic, Diagnostics, Severity, Span};
use topoc_ir::{Lock, Network, Route, RouteVia, Topology};

/// Reports what is certain. `doubted` are the networks that may be others than they seem to.
///
/// INVARIANT (one cause): what is missing may be what was wrong. So a network is looked at if all of it is known, and
/// ways between nodes if all networks are, and what leads through nodes. What speaks of a place that was reported says
/// nothing new.
pub fn look(mut topology: Topology, doubted: &[u32], lock: &Lock, out: &mut Diagnostics) {
    let mut found = Diagnostics::default();
    let has_groups = !topology.groups.is_empty();
    if doubted.is_empty() && !topology.networks.iter().any(leads_through_nodes) {
        crate::lower(topology, lock, &mut found);
    } else {
        let mut index = 0;
        topology.networks.retain(|_| {
            index += 1;
            !doubted.contains(&(index - 1))
        });
        crate::plans(&topology, lock, &mut found);
    }
    let told = out.iter().filter_map(|it| it.primary.as_ref());
    let told: Vec<Span> = told.map(|it| it.span).collect();
    // who is a member of a group is not certain, and what is only a warning can wait
    let is_certain = |it: &Diagnostic| {
        let mut places = it.primary.iter().chain(&it.others).map(|it| it.span);
        it.severity() != Severity::Warning
            && !(has_groups && it.code == Code::E0514)
            && !places.any(|place| told.iter().any(|it| overlap(*it, place)))
    };
    let certain = found.in_order().into_iter().filter(is_certain);
    certain.for_each(|it| out.push(it));
}

fn overlap(a: Span, b: Span) -> bool {
    a.file == b.file && a.start < b.end && b.start < a.end
}

fn leads_through_nodes(network: &Network) -> bool {
    let subnets = network.subnets.iter().map(|it| &it.routes);
    let tables = network.tables.iter().map(|it| &it.routes);
    let lists = [&network.routes].into_iter().chain(subnets).chain(tables);
    let leads = |it: &Route| matches!(it.via, RouteVia::Gateway(_));
    lists.flatten().any(leads)
}
