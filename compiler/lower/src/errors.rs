//! What can be wrong with ways, rules and endpoints.

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_ir::{Endpoints, Network, Node, NodeId, Opening, Subnet, Tier, Topology};
use ustr::Ustr;

use crate::groups::{Stand, Wearing};
use crate::rules::{Reason, name};
use crate::services::Missing;

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
        report = report.because(group.span, "one of them");
    }
    report
}

/// More rules than a group may have.
pub fn too_many_rules(
    own: Wearing,
    leaves: bool,
    (count, most): (u32, u32),
    reasons: &[Reason],
) -> Diagnostic {
    let direction = if leaves { "leave" } else { "enter" };
    let message = format!(
        "`{}` needs {count} rules for what may {direction}, but {most} are possible",
        own.label
    );
    let mut spans: Vec<Span> = reasons.iter().map(|it| it.span).collect();
    spans.sort();
    spans.dedup();
    let report = Diagnostic::new(Code::E0513, message)
        .at(own.span, format!("its group has room for {most} rules"))
        .help("put its peers into one group, and draw one edge to or from that: `groups = [peers]`; or, where AWS has raised the quota, `@allow(group_members, reason = \"…\")`");
    let edges = spans.into_iter().take(3);
    edges.fold(report, |report, span| {
        report.because(span, "one of its edges")
    })
}

/// Two ends in networks without a link.
pub fn no_link(topology: &Topology, opening: &Opening, networks: [Option<u32>; 2]) -> Diagnostic {
    let [from, to] = networks.map(|it| it.and_then(|it| topology.networks.get(it as usize)));
    let paths = [from, to].map(|it| it.map(|it| it.path).unwrap_or_default());
    let message = format!("nothing links `{}` with `{}`", paths[0], paths[1]);
    let mut report = Diagnostic::new(Code::E0514, message).at(opening.span, what_for(opening));
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
        .at(opening.span, what_for(opening));
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
        .at(opening.span, what_for(opening));
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
    .at(opening.span, what_for(opening));
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
    .at(opening.span, what_for(opening));
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

/// Needs without endpoint, NAT or public address.
pub fn no_way_to_services(network: &Network, node: &Node, missing: &[Missing]) -> Diagnostic {
    let path = node.path;
    let names = list(missing.iter().map(|it| it.service));
    let word = if missing.len() == 1 {
        "service"
    } else {
        "services"
    };
    let message = format!("`{path}` has no way to the AWS {word} {names}");
    let mut report = Diagnostic::new(Code::E0512, message);
    let own: Vec<Ustr> = missing
        .iter()
        .filter(|it| it.line.is_none())
        .map(|it| it.service)
        .collect();
    if !own.is_empty() {
        report = report.at(node.span, format!("needs {}", list(own.into_iter())));
    }
    for (line, service) in missing.iter().filter_map(|it| Some((it.line?, it.service))) {
        let text = format!("needs `{service}`");
        report = match report.primary {
            None => report.at(line, text),
            Some(_) => report.because(line, text),
        };
    }
    let placed = node.placement.iter().flat_map(|it| &it.subnets);
    let mut subnets = placed.filter_map(|it| network.subnets.get(it.0 as usize));
    if let Some(subnet) = subnets.next() {
        let text = format!(
            "`{}.{}` has no way out of the network",
            network.path, subnet.name
        );
        report = report.because(subnet.span, text);
    }
    ways_to_services(report, network, path, missing)
}

/// Proposes an endpoint, or NAT for what no endpoint serves.
fn ways_to_services(
    report: Diagnostic,
    network: &Network,
    path: Ustr,
    missing: &[Missing],
) -> Diagnostic {
    let unserved: Vec<Ustr> = missing
        .iter()
        .filter(|it| !it.served)
        .map(|it| it.service)
        .collect();
    if !unserved.is_empty() {
        let names = list(unserved.into_iter());
        return report.help(format!(
            "no endpoint serves {names}: place `{path}` in a private subnet, with NAT"
        ));
    }
    let Some(block) = network.endpoints.first() else {
        return report.help(format!("add `endpoints aws` to `network {}`", network.path));
    };
    let mut services: Vec<Ustr> = block.services.iter().flatten().map(|it| it.0).collect();
    let known = services.len();
    services.extend(missing.iter().map(|it| it.service));
    let mut seen = Vec::new();
    services.retain(|it| {
        !seen.contains(it) && {
            seen.push(*it);
            true
        }
    });
    let text = if services.len() == known {
        format!(
            "take `in` away from `endpoints {}`, or name that subnet there",
            block.name
        )
    } else {
        let services: Vec<&str> = services.iter().map(|it| it.as_str()).collect();
        format!("say `services = [{}]`", services.join(", "))
    };
    report
        .because(block.span, "serves other things, or elsewhere")
        .help(text)
}

/// `` `a`, `b` ``
fn list(names: impl Iterator<Item = Ustr>) -> String {
    let names: Vec<&str> = names.map(|it| it.as_str()).collect();
    format!("`{}`", names.join("`, `"))
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
        report = report.because(*cause, "needs one of them");
    }
    report.help_opt(chosen.map(|it| format!("say `endpoints {name} in [{path}.{}]`", it.name)))
}

/// What an opening is for, or what is wrong with it.
fn what_for(opening: &Opening) -> &str {
    let because = opening.because.as_ref();
    because.map_or("this could carry no traffic", |it| it.as_str())
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

/// An IPv6 slice outside of the network's 256, or one that another subnet has.
pub fn slice(slice: u16, span: Span, other: Option<&Subnet>) -> Diagnostic {
    let report = Diagnostic::new(
        Code::E0503,
        format!("the IPv6 slice {slice} cannot be given to this subnet"),
    );
    match other {
        Some(other) => report
            .at(span, "this row meets another one")
            .because(other.span, format!("`{}` has it already", other.name))
            .help("rows of 8 slices each keep apart: `ipv6_from = 8`, `16`, …"),
        None => report.at(span, "a network has the slices 0 to 255"),
    }
}
