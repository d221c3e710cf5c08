//! Tables and their routes: the defaults of a tier, overridden by the network's routes, overridden by the subnet's.

use rustc_hash::FxHashMap as HashMap;

use indexmap::IndexMap;
use ipnet::IpNet;
use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::{NatMode, Network, ResourceId, Route, RouteVia, Subnet, TableChoice, Tier, Zone};
use ustr::Ustr;

use super::{Hop, Table, Ways, errors, everything, everything6, nat};

/// What a table can hold of one family of addresses (Amazon VPC quotas, "Routes per route table"), and what it can
/// hold once AWS has raised that quota as far as it goes.
const USUAL_ROUTES: usize = 50;
const MOST_ROUTES: usize = 1000;

/// The subnets that share a table (or one table a zone).
pub struct Family {
    of: Of,
    members: Vec<u32>,
    routes: Vec<Hop>,
    by_zone: bool,
}

/// What a family is named after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Tier(Tier),
    Named(u32),
    Subnet(u32),
}

/// The families in order of output: tiers, named tables, own tables.
pub fn families(network: &Network, out: &mut Diagnostics) -> Vec<Family> {
    let choices: Vec<Option<Of>> = (0u32..)
        .zip(&network.subnets)
        .map(|(index, subnet)| choice(network, index, subnet, out))
        .collect();
    let tiers = [Tier::Public, Tier::Private, Tier::Isolated].map(Of::Tier);
    let named = (0..network.tables.len() as u32).map(Of::Named);
    let own = (0..network.subnets.len() as u32).map(Of::Subnet);
    let mut families = Vec::new();
    let mut members: Vec<(Of, Vec<u32>)> = tiers
        .into_iter()
        .chain(named)
        .map(|of| (of, Vec::new()))
        .collect();
    let mut owners: Vec<Vec<u32>> = vec![Vec::new(); network.subnets.len()];
    for (index, of) in (0u32..).zip(&choices) {
        match of {
            Some(Of::Subnet(it)) => owners
                .get_mut(*it as usize)
                .into_iter()
                .for_each(|it| it.push(index)),
            Some(of) => members
                .iter_mut()
                .filter(|it| it.0 == *of)
                .for_each(|it| it.1.push(index)),
            None => {}
        }
    }
    members.extend(own.zip(owners));
    for (of, members) in members {
        if !members.is_empty() {
            families.push(family(network, of, members, out));
        }
    }
    families
}

fn choice(network: &Network, index: u32, subnet: &Subnet, out: &mut Diagnostics) -> Option<Of> {
    match &subnet.table {
        TableChoice::Tier if subnet.routes.is_empty() => Some(Of::Tier(subnet.tier)),
        TableChoice::Tier | TableChoice::Own | TableChoice::PerZone => Some(Of::Subnet(index)),
        TableChoice::Named(name, span) => {
            let found = network.tables.iter().position(|it| it.name == *name);
            match found {
                None => out.push(errors::unknown_table(network, *name, *span)),
                Some(_) => {
                    if let Some(route) = subnet.routes.first() {
                        out.push(errors::route_beside_table(subnet, *name, *span, route));
                    }
                }
            }
            found.map(|it| Of::Named(it as u32))
        }
    }
}

fn family(network: &Network, of: Of, members: Vec<u32>, out: &mut Diagnostics) -> Family {
    let subnets = || {
        members
            .iter()
            .filter_map(|it| network.subnets.get(*it as usize))
    };
    let own: &[Route] = match of {
        Of::Tier(_) => &[],
        Of::Named(index) => network
            .tables
            .get(index as usize)
            .map_or(&[], |it| &it.routes),
        Of::Subnet(index) => network
            .subnets
            .get(index as usize)
            .map_or(&[], |it| &it.routes),
    };
    let mut written = Written::new();
    for level in [&network.routes[..], own] {
        lay(&mut written, level, out);
    }
    let mut routes = Vec::new();
    for destination in [everything(), everything6()] {
        if !written.contains_key(&destination) {
            routes.extend(default_route(network, destination, subnets(), out));
        }
    }
    routes.extend(written.into_values());
    routes.retain(|it| it.via != RouteVia::None);
    let span = subnets().next().map_or(network.span, |it| it.span);
    count(&table_path(network, of), span, &routes, out);
    let asked = subnets().any(|it| it.table == TableChoice::PerZone);
    Family {
        of,
        members,
        routes,
        by_zone: asked,
    }
}

/// Written routes by destination, in source order.
type Written = IndexMap<IpNet, Hop>;

/// Lays the routes of one level over those below; two targets for one destination in one level are an error.
fn lay(routes: &mut Written, level: &[Route], out: &mut Diagnostics) {
    let mut here: HashMap<IpNet, &Route> = HashMap::default();
    for route in level {
        if let Some(other) = here.get(&route.destination) {
            if other.via != route.via {
                out.push(errors::two_routes(route, other));
            }
            continue;
        }
        here.insert(route.destination, route);
        let hop = Hop {
            destination: route.destination,
            via: route.via.clone(),
            nat: None,
            written: true,
            span: route.span,
        };
        routes.insert(route.destination, hop);
    }
}

/// IPv4 and IPv6 count apart.
fn count(table: &str, span: Span, routes: &[Hop], out: &mut Diagnostics) {
    for six in [false, true] {
        let family = || {
            routes
                .iter()
                .filter(|it| matches!(it.destination, IpNet::V6(_)) == six)
        };
        let count = family().count();
        let beyond = |most: usize| family().nth(most).map(|it| it.span);
        if let Some(first) = beyond(MOST_ROUTES) {
            out.push(errors::too_many_routes(
                table,
                span,
                (count, MOST_ROUTES),
                first,
            ));
        } else if let Some(first) = beyond(USUAL_ROUTES) {
            out.push(errors::many_routes(
                table,
                span,
                (count, USUAL_ROUTES),
                first,
            ));
        }
    }
}

/// The default that the tier of all these subnets sets.
fn default_route<'a>(
    network: &Network,
    destination: IpNet,
    subnets: impl Iterator<Item = &'a Subnet>,
    out: &mut Diagnostics,
) -> Option<Hop> {
    let six = matches!(destination, IpNet::V6(_));
    if six && !network.ipv6 {
        return None;
    }
    let mut first: Option<&Subnet> = None;
    for subnet in subnets.filter(|it| !six || it.ipv6 != Some(false)) {
        match first {
            Some(other) if other.tier != subnet.tier => {
                out.push(errors::two_tiers(subnet, other, destination));
                return None;
            }
            _ => first = first.or(Some(subnet)),
        }
    }
    let via = match (first?.tier, six) {
        (Tier::Public, _) => RouteVia::InternetGateway,
        (Tier::Private, false) => RouteVia::Nat,
        (Tier::Private, true) => RouteVia::EgressOnly,
        (Tier::Isolated, _) => return None,
    };
    Some(Hop {
        destination,
        via,
        nat: None,
        written: false,
        span: first?.span,
    })
}

/// The tables of the families, one a zone where a next hop is zonal.
pub fn tables(network: &Network, mut families: Vec<Family>, out: &mut Diagnostics) -> Ways {
    without_loops(network, &mut families, out);
    let mode = mode(network, &families);
    let mut ways = Ways {
        nat: Some(mode),
        by_subnet: vec![[None; 8]; network.subnets.len()],
        ..Ways::default()
    };
    for mut family in families {
        if mode == NatMode::Off {
            close(network, &mut family, out);
        }
        let zonal = mode == NatMode::PerZone
            && (family.of == Of::Tier(Tier::Private)
                || family.routes.iter().any(|it| it.via == RouteVia::Nat));
        family.by_zone |= zonal;
        add_tables(network, &family, &mut ways);
    }
    ways
}

/// Routes via NAT stay out of the table of the subnet in which the NAT gateways stand: packets would come back for ever. A
/// route for every table of the network just skips that one; a route that is written for it is an error.
fn without_loops(network: &Network, families: &mut [Family], out: &mut Diagnostics) {
    let Some(subnet) = nat::stands_in(network) else {
        return;
    };
    let home = families.iter_mut().find(|it| it.members.contains(&subnet));
    let Some(family) = home else { return };
    for hop in family.routes.iter().filter(|it| it.via == RouteVia::Nat) {
        let own = network.routes.iter().all(|it| it.span != hop.span);
        if let (true, Some(subnet)) = (own, network.subnets.get(subnet as usize)) {
            out.push(errors::route_in_circles(network, subnet, hop));
        }
    }
    family.routes.retain(|it| it.via != RouteVia::Nat);
}

/// As written; else one NAT gateway a zone if something routes there.
fn mode(network: &Network, families: &[Family]) -> NatMode {
    let used = || {
        families
            .iter()
            .flat_map(|it| &it.routes)
            .any(|it| it.via == RouteVia::Nat)
    };
    match network.nat {
        Some((mode, _)) => mode,
        None if used() => NatMode::PerZone,
        None => NatMode::Off,
    }
}

/// Without NAT, private subnets keep their tier but lose their default route; a written route is an error.
fn close(network: &Network, family: &mut Family, out: &mut Diagnostics) {
    for hop in family.routes.iter().filter(|it| it.via == RouteVia::Nat) {
        if hop.written {
            out.push(errors::route_without_nat(network, hop.span));
            continue;
        }
        for index in &family.members {
            if let Some(subnet) = network.subnets.get(*index as usize) {
                out.push(errors::no_way_out(network, subnet));
            }
        }
    }
    family.routes.retain(|it| it.via != RouteVia::Nat);
}

fn add_tables(network: &Network, family: &Family, ways: &mut Ways) {
    let mut zones: Vec<Option<Zone>> = vec![None];
    let subnets = || {
        family
            .members
            .iter()
            .filter_map(|it| Some((*it, network.subnets.get(*it as usize)?)))
    };
    if family.by_zone {
        zones = subnets()
            .flat_map(|(_, it)| it.zones.iter().copied().map(Some))
            .collect();
        zones.sort();
        zones.dedup();
    }
    for zone in zones {
        let index = ways.tables.len() as u32;
        let serves = |it: &Subnet| zone.is_none_or(|zone| it.zones.contains(&zone));
        let mut spans: Vec<Span> = subnets()
            .filter(|(_, it)| serves(it))
            .map(|(_, it)| it.span)
            .collect();
        if let Of::Named(table) = family.of {
            spans.splice(0..0, network.tables.get(table as usize).map(|it| it.span));
        }
        ways.tables.push(Table {
            id: table_id(network, family.of, zone),
            zone,
            routes: family.routes.clone(),
            spans,
            owner: match family.of {
                Of::Subnet(index) => Some(index),
                Of::Tier(_) | Of::Named(_) => None,
            },
        });
        for (subnet, it) in subnets() {
            let Some(tables) = ways.by_subnet.get_mut(subnet as usize) else {
                continue;
            };
            for slot in it
                .zones
                .iter()
                .filter(|it| zone.is_none_or(|zone| zone == **it))
            {
                if let Some(table) = tables.get_mut(usize::from(slot.slot)) {
                    *table = Some(index);
                }
            }
        }
    }
}

/// `main/routes/private[a]`
fn table_id(network: &Network, of: Of, zone: Option<Zone>) -> ResourceId {
    let zone = zone.map_or_else(String::new, |it| format!("[{}]", it.name()));
    ResourceId(Ustr::from(&format!("{}{zone}", table_path(network, of))))
}

/// `main/routes/private`, `main/table/inner`, `main.ops/routes`
fn table_path(network: &Network, of: Of) -> String {
    let path = network.path;
    match of {
        Of::Tier(tier) => format!("{path}/routes/{}", word(tier)),
        Of::Named(index) => {
            let name = network.tables.get(index as usize).map(|it| it.name);
            format!("{path}/table/{}", name.unwrap_or_default())
        }
        Of::Subnet(index) => {
            let name = network.subnets.get(index as usize).map(|it| it.name);
            format!("{path}.{}/routes", name.unwrap_or_default())
        }
    }
}

fn word(tier: Tier) -> &'static str {
    match tier {
        Tier::Public => "public",
        Tier::Private => "private",
        Tier::Isolated => "isolated",
    }
}
