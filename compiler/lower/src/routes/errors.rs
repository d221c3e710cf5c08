//! What can be wrong with routes and NAT.

use ipnet::IpNet;
use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_ir::{Network, Route, RouteVia, Subnet, Tier, Zone};
use ustr::Ustr;

use super::Hop;

/// A subnet names a table that the network does not have.
pub fn unknown_table(network: &Network, name: Ustr, span: Span) -> Diagnostic {
    let known: Vec<&str> = network.tables.iter().map(|it| it.name.as_str()).collect();
    let help = match known.as_slice() {
        [] => format!("add `table {name} {{ … }}` to the network, or say `table = own`"),
        known => format!("the network has `{}`", known.join("`, `")),
    };
    Diagnostic::new(
        Code::E0201,
        format!("`{}` has no table `{name}`", network.path),
    )
    .at(span, "used here")
    .help(help)
}

/// A subnet on a shared table has a route of its own.
pub fn route_beside_table(subnet: &Subnet, table: Ustr, span: Span, route: &Route) -> Diagnostic {
    let message = format!(
        "`{}` shares the table `{table}` and has a route of its own",
        subnet.name
    );
    Diagnostic::new(Code::E0511, message)
        .at(route.span, "would hold for every subnet of that table")
        .because(span, "the shared table")
        .help(format!(
            "move the route into `table {table}`, or say `table = own`"
        ))
}

/// One destination, two next hops.
pub fn two_routes(route: &Route, other: &Route) -> Diagnostic {
    Diagnostic::new(Code::E0511, format!("two routes to {}", route.destination))
        .at(route.span, format!("this one {}", hop(&route.via)))
        .because(other.span, format!("this one {}", hop(&other.via)))
        .help("keep one of them")
}

/// More routes than a table holds without a raised quota.
pub fn many_routes(
    table: &str,
    span: Span,
    (count, usual): (usize, usize),
    first: Span,
) -> Diagnostic {
    let message = format!(
        "the table `{table}` has {count} routes of one kind, and AWS allows {usual} unless asked for more"
    );
    Diagnostic::new(Code::W0711, message)
        .at(first, format!("the first beyond {usual}"))
        .because(span, "its table")
        .help("join neighbouring ranges into one, or ask AWS to raise \"Routes per route table\"")
}

/// More routes than any table can hold.
pub fn too_many_routes(
    table: &str,
    span: Span,
    (count, most): (usize, usize),
    first: Span,
) -> Diagnostic {
    let message =
        format!("the table `{table}` has {count} routes, and no table can hold more than {most}");
    Diagnostic::new(Code::E0518, message)
        .at(first, format!("the first beyond {most}"))
        .because(span, "its table")
        .help("join neighbouring ranges into one")
}

/// One table for subnets whose tiers set different defaults.
pub fn two_tiers(subnet: &Subnet, other: &Subnet, destination: IpNet) -> Diagnostic {
    let message = format!(
        "`{}` and `{}` share a table, but their tiers route {destination} differently",
        other.name, subnet.name
    );
    Diagnostic::new(Code::E0511, message)
        .at(subnet.span, format!("a {} subnet", tier(subnet.tier)))
        .because(other.span, format!("a {} subnet", tier(other.tier)))
        .help(format!(
            "say it in the table: `route {destination} via …`, or `via none`"
        ))
}

/// `route … via nat` where `nat = off`.
pub fn route_without_nat(network: &Network, span: Span) -> Diagnostic {
    let report = Diagnostic::new(
        Code::E0511,
        format!("a route via `nat`, but `{}` has none", network.path),
    )
    .at(span, "leads nowhere")
    .help("`nat = per_zone` gives it one in each zone");
    match network.nat {
        Some((_, span)) => report.because(span, "NAT is off"),
        None => report,
    }
}

/// `route … via nat` in the table of the subnet in which the NAT gateways stand.
pub fn route_in_circles(network: &Network, subnet: &Subnet, hop: &Hop) -> Diagnostic {
    let (name, to) = (subnet.name, hop.destination);
    let message = format!(
        "a route via `nat` from where the NAT gateway of `{}` stands",
        network.path
    );
    Diagnostic::new(Code::E0511, message)
        .at(hop.span, "comes back to where it starts")
        .because(subnet.span, format!("the NAT gateway stands in `{name}`"))
        .help(format!(
            "write `route {to} via nat` in the subnets that need it"
        ))
}

/// A private subnet, and `nat = off`.
pub fn no_way_out(network: &Network, subnet: &Subnet) -> Diagnostic {
    let message = format!(
        "`{}.{}` is private but has no way out",
        network.path, subnet.name
    );
    let report = Diagnostic::new(Code::W0702, message)
        .at(subnet.span, "has no default route")
        .help("say `tier = isolated` if that is meant, or `nat = single`");
    match network.nat {
        Some((_, span)) => report.because(span, "NAT is off"),
        None => report,
    }
}

/// A zone without a public subnet uses the NAT gateway of another one.
pub fn other_zone(
    network: &Network,
    causes: &[Span],
    zone: Option<Zone>,
    stands: Zone,
) -> Diagnostic {
    let zone = zone.map(Zone::name).unwrap_or_default();
    let stands = stands.name();
    let message = format!(
        "zone `{zone}` of `{}` depends on zone `{stands}`",
        network.path
    );
    Diagnostic::new(Code::W0701, message)
        .at(
            causes.first().copied().unwrap_or(network.span),
            format!("leaves by the NAT gateway of zone `{stands}`, since no public subnet stands in `{zone}`"),
        )
        .help(format!("give the public subnet zone `{zone}` too"))
}

/// NAT without a public subnet.
pub fn no_public_subnet(network: &Network, cause: Span) -> Diagnostic {
    let message = format!(
        "`{}` has no public subnet for the NAT gateway of its private ones",
        network.path
    );
    Diagnostic::new(Code::E0510, message)
        .at(cause, "leaves through NAT")
        .because(network.span, "no subnet here has `tier = public`")
        .help("add `subnet web { tier = public }`, or say `tier = isolated` here")
}

/// NAT could stand in several public subnets.
pub fn several_public_subnets(network: &Network, two: [&Subnet; 2], cause: Span) -> Diagnostic {
    let [one, two] = two;
    let message = format!(
        "the NAT gateways of `{}` could stand in several subnets",
        network.path
    );
    Diagnostic::new(Code::E0510, message)
        .at(cause, "leaves through NAT")
        .because(one.span, "could be here")
        .because(two.span, "or here")
        .help(format!(
            "say `nat_in = {}` or `nat_in = {}`",
            one.name, two.name
        ))
}

/// `nat_in` names no public subnet.
pub fn no_such_public_subnet(network: &Network, name: Ustr, span: Span) -> Diagnostic {
    let report = Diagnostic::new(
        Code::E0510,
        format!("`{name}` is no public subnet of `{}`", network.path),
    )
    .at(span, "NAT gateways stand in a public subnet");
    let public = network.subnets.iter().find(|it| it.tier == Tier::Public);
    report.help_opt(public.map(|it| format!("`nat_in = {}`", it.name)))
}

fn hop(via: &RouteVia) -> String {
    match via {
        RouteVia::None => "takes the route away".to_owned(),
        RouteVia::InternetGateway => "goes via the internet gateway".to_owned(),
        RouteVia::Nat => "goes via NAT".to_owned(),
        RouteVia::EgressOnly => "goes via the egress-only gateway".to_owned(),
        RouteVia::Gateway(id) => format!("goes via `{}`", id.0),
    }
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Public => "public",
        Tier::Private => "private",
        Tier::Isolated => "isolated",
    }
}
