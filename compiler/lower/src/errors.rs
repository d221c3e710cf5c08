//! What can be wrong with ways, rules and endpoints.

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_ir::{Endpoints, Network, Node, NodeId, Opening, Subnet, Tier, Topology};
use ustr::Ustr;

use crate::groups::Stand;
use crate::rules::{Reason, name};

/// More groups than an interface may wear.
pub fn too_many_groups(topology: &Topology, node: &Node, most: usize) -> Diagnostic {
    let count = node.groups.len() + usize::from(node.own_group);
    let own = if node.own_group {
        ", its own included"
    } else {
        ""
    };
    let mut report = Diagnostic::new(
        Code::E0513,
        format!("`{}` wears {count} groups{own}", node.path),
    )
    .at(node.span, format!("at most {most} are possible"))
    .help("one group can take the edges of several");
    for group in node
        .groups
        .iter()
        .filter_map(|it| topology.groups.get(*it as usize))
    {
        report = report.because(group.span, "");
    }
    report
}

/// More rules than a group may have.
pub fn too_many_rules(
    own: Ustr,
    leaves: bool,
    (count, most): (u32, u32),
    reasons: &[Reason],
) -> Diagnostic {
    let direction = if leaves { "leave" } else { "enter" };
    let message =
        format!("`{own}` needs {count} rules for what may {direction}, but {most} are possible");
    let mut spans: Vec<Span> = reasons.iter().map(|it| it.span).collect();
    spans.sort();
    spans.dedup();
    let mut report = Diagnostic::new(Code::E0513, message).help(
        "put its peers into one group, and draw one edge to or from that: `groups = [peers]`",
    );
    for (number, span) in spans.into_iter().take(4).enumerate() {
        report = match number {
            0 => report.at(span, "one of its edges"),
            _ => report.because(span, "another one"),
        };
    }
    report
}

/// Two ends in networks without a link.
pub fn no_link(topology: &Topology, opening: &Opening, stands: [Option<Stand>; 2]) -> Diagnostic {
    let [from, to] = stands.map(|it| it.and_then(|it| topology.networks.get(it.0 as usize)));
    let paths = [from, to].map(|it| it.map(|it| it.path).unwrap_or_default());
    let message = format!("nothing links `{}` with `{}`", paths[0], paths[1]);
    let mut report =
        Diagnostic::new(Code::E0514, message).at(opening.span, "this could carry no traffic");
    for (network, peer) in [(from, &opening.from), (to, &opening.to)] {
        if let Some(network) = network {
            report = report.because(
                network.span,
                format!("`{}` stands here", name(topology, peer)),
            );
        }
    }
    report.help("place both in one network")
}

/// A source whose subnet routes nowhere near the target.
pub fn no_way_out(topology: &Topology, opening: &Opening, stand: Stand) -> Diagnostic {
    let (network, subnet) = place(topology, stand);
    let (from, to) = (name(topology, &opening.from), name(topology, &opening.to));
    let report = Diagnostic::new(Code::E0514, format!("`{from}` has no way to `{to}`"))
        .at(opening.span, "this could carry no traffic");
    let Some((network, subnet)) = network.zip(subnet) else {
        return report;
    };
    let report = report.because(
        subnet.span,
        format!("`{from}` stands here, where nothing routes to `{to}`"),
    );
    match (subnet.tier, network.nat) {
        (Tier::Private, Some((_, span))) => report
            .because(span, "NAT is off")
            .help("`nat = single` gives private subnets a way out"),
        (Tier::Isolated, _) => report.help(format!(
            "make `{}` private, or add a `route` to it",
            subnet.name
        )),
        (Tier::Private | Tier::Public, _) => {
            report.help(format!("add `route … via …` to `{}`", subnet.name))
        }
    }
}

/// A target that the source cannot come in to.
pub fn no_way_in(topology: &Topology, opening: &Opening, stand: Stand) -> Diagnostic {
    let (network, subnet) = place(topology, stand);
    let (from, to) = (name(topology, &opening.from), name(topology, &opening.to));
    let report = Diagnostic::new(Code::E0514, format!("`{from}` cannot reach `{to}`"))
        .at(opening.span, "this could carry no traffic");
    let Some((network, subnet)) = network.zip(subnet) else {
        return report;
    };
    let report = report.because(
        subnet.span,
        format!("`{to}` stands here, where no route leads in from `{from}`"),
    );
    report.help(in_public(network, &to))
}

/// A node that stands nowhere, and a target that has only private addresses.
pub fn unplaced_source(
    topology: &Topology,
    opening: &Opening,
    node: NodeId,
    stand: Stand,
) -> Diagnostic {
    let (network, subnet) = place(topology, stand);
    let (from, to) = (name(topology, &opening.from), name(topology, &opening.to));
    let mut report = Diagnostic::new(
        Code::E0514,
        format!("`{from}` stands in no network and cannot reach `{to}`"),
    )
    .at(opening.span, "this could carry no traffic");
    if let Some(node) = topology.node(node) {
        report = report.because(node.span, "has no place");
    }
    let Some((network, subnet)) = network.zip(subnet) else {
        return report;
    };
    report
        .because(
            subnet.span,
            format!("`{to}` stands here, behind private addresses"),
        )
        .help(format!(
            "place it: `{from} in {}.{}`",
            network.path, subnet.name
        ))
}

/// A node that stands nowhere, and a public target that admits somebody else.
pub fn closed_to_unplaced(topology: &Topology, opening: &Opening, node: NodeId) -> Diagnostic {
    let (from, to) = (name(topology, &opening.from), name(topology, &opening.to));
    let verb = opening
        .name
        .map_or_else(|| crate::text::label(opening.protocol), |it| it.to_string());
    let mut report = Diagnostic::new(
        Code::E0514,
        format!("`{from}` has no address that `{to}` could admit"),
    )
    .at(opening.span, "this could carry no traffic");
    if let Some(node) = topology.node(node) {
        report = report.because(
            node.span,
            "stands in no network, so it comes from the internet",
        );
    }
    report.help(format!(
        "place `{from}` in a network, or say `internet -> {to} : {verb}`"
    ))
}

/// A need without endpoint, NAT or public address.
pub fn no_way_to_service(
    topology: &Topology,
    network: &Network,
    node: NodeId,
    (service, span): (Ustr, Span),
    has_endpoint: bool,
) -> Diagnostic {
    let node = topology.node(node);
    let path = node.map(|it| it.path).unwrap_or_default();
    let message = format!("`{path}` has no way to the AWS service `{service}`");
    let mut report = Diagnostic::new(Code::E0512, message).at(span, format!("needs `{service}`"));
    let placed = node.and_then(|it| it.placement.as_ref());
    let subnets = placed.into_iter().flat_map(|it| &it.subnets);
    let first = subnets
        .filter_map(|it| network.subnets.get(it.0 as usize))
        .next();
    if let Some(subnet) = first {
        let text = format!(
            "`{}.{}` has no way out of the network",
            network.path, subnet.name
        );
        report = report.because(subnet.span, text);
    }
    if !has_endpoint {
        return report.help(format!(
            "no endpoint serves `{service}`: place `{path}` in a private subnet, with NAT"
        ));
    }
    match network.endpoints.first() {
        None => report.help(format!("add `endpoints aws` to `network {}`", network.path)),
        Some(block) => {
            let known = block.services.iter().flatten().map(|it| it.0.to_string());
            let mut services: Vec<String> = known.collect();
            let text = if services.contains(&service.to_string()) {
                format!(
                    "take `in` away from `endpoints {}`, or name that subnet there",
                    block.name
                )
            } else {
                services.push(service.to_string());
                format!("say `services = [{}]`", services.join(", "))
            };
            report
                .because(block.span, "does not serve it there")
                .help(text)
        }
    }
}

/// `services` names something without endpoints.
pub fn no_endpoint(service: Ustr, span: Span, known: bool) -> Diagnostic {
    let label = if known {
        "is reached through NAT only"
    } else {
        "not in the library's table"
    };
    Diagnostic::new(Code::E0512, format!("no endpoint serves `{service}`")).at(span, label)
}

/// Two blocks of one network serve the same.
pub fn endpoint_twice(network: &Network, service: Ustr, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0403,
        format!("`{}` has two endpoints for `{service}`", network.path),
    )
    .at(span, "the service's name can lead to one of them only")
    .because(first, "the first one")
}

/// Interfaces that could stand in several subnets, or nowhere.
pub fn where_do_endpoints_stand(
    network: &Network,
    block: &Endpoints,
    places: &[&Subnet],
    causes: &[Span],
) -> Diagnostic {
    let path = network.path;
    let name = block.name;
    let message = match places {
        [] => format!("nothing says in which subnets `{path}.{name}` stands"),
        _ => format!("`{path}.{name}` could stand in several subnets"),
    };
    let chosen = places
        .first()
        .copied()
        .or(network.subnets.iter().find(|it| it.tier != Tier::Public));
    let mut report =
        Diagnostic::new(Code::E0501, message).at(block.span, "needs one interface in each zone");
    for place in places {
        report = report.because(place.span, "clients are here");
    }
    for cause in causes
        .iter()
        .filter(|it| **it != block.span && places.len() > 1)
        .take(2)
    {
        report = report.because(*cause, "");
    }
    report.help_opt(chosen.map(|it| format!("say `endpoints {name} in [{path}.{}]`", it.name)))
}

fn place(topology: &Topology, stand: Stand) -> (Option<&Network>, Option<&Subnet>) {
    let network = topology.networks.get(stand.0 as usize);
    (
        network,
        network.and_then(|it| it.subnets.get(stand.1 as usize)),
    )
}

fn in_public(network: &Network, node: &str) -> String {
    match network.subnets.iter().find(|it| it.tier == Tier::Public) {
        Some(public) => format!(
            "put a load balancer in `{0}.{1}` before `{node}`, or place `{node}` in `{0}.{1}`",
            network.path, public.name
        ),
        None => format!(
            "`{}` has no public subnet: add `subnet web {{ tier = public }}`",
            network.path
        ),
    }
}
