//! Where NAT gateways stand.

use std::collections::BTreeSet;

use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::{NatMode, Network, RouteVia, Subnet, Tier, Zone};

use super::{Nat, Ways, errors};

/// Adds the gateways that the tables need, and gives each route to NAT its zone.
pub fn place(network: &Network, ways: &mut Ways, out: &mut Diagnostics) {
    let needs = needs(network, ways);
    if needs.is_empty() || network.existing.is_some() {
        return;
    }
    let Some(subnet) = public_subnet(network, &needs, out) else {
        return;
    };
    let zones = network
        .subnets
        .get(subnet as usize)
        .map_or(&[][..], |it| &it.zones);
    let Some(lowest) = zones.first().copied() else {
        return;
    };
    for (zone, causes) in needs {
        let own = ways.nat == Some(NatMode::PerZone) && zone.is_none_or(|it| zones.contains(&it));
        let stands = zone.filter(|_| own).unwrap_or(lowest);
        if ways.nat == Some(NatMode::PerZone) && !own && network.existing.is_none() {
            out.push(errors::other_zone(network, &causes, zone, lowest));
        }
        match ways.gateways.iter_mut().find(|it| it.zone == stands) {
            Some(gateway) => gateway.causes.extend(causes),
            None => ways.gateways.push(Nat {
                zone: stands,
                subnet,
                causes,
            }),
        }
        for table in ways.tables.iter_mut().filter(|it| it.zone == zone) {
            for hop in table.routes.iter_mut().filter(|it| it.via == RouteVia::Nat) {
                hop.nat = Some(stands);
            }
        }
    }
    ways.gateways.sort_by_key(|it| it.zone);
}

/// The zones (`None`: all) whose tables route to NAT, each with its subnets.
fn needs(network: &Network, ways: &Ways) -> Vec<(Option<Zone>, Vec<Span>)> {
    let tables = ways
        .tables
        .iter()
        .filter(|it| it.routes.iter().any(|it| it.via == RouteVia::Nat));
    let mut needs: Vec<(Option<Zone>, Vec<Span>)> = Vec::new();
    for table in tables {
        match needs.iter_mut().find(|it| it.0 == table.zone) {
            Some(need) => need.1.extend(&table.spans),
            None => needs.push((table.zone, table.spans.clone())),
        }
    }
    for (_, spans) in &mut needs {
        let mut seen = BTreeSet::new();
        spans.retain(|it| *it != network.span && seen.insert(*it));
    }
    needs.sort_by_key(|it| it.0);
    needs
}

/// The subnet in which NAT gateways stand, if there is no doubt about it.
pub fn stands_in(network: &Network) -> Option<u32> {
    let mut public = public_subnets(network);
    match network.nat_in {
        Some((name, _)) => public.find(|(_, it)| it.name == name).map(|it| it.0),
        None => public
            .next()
            .filter(|_| public.next().is_none())
            .map(|it| it.0),
    }
}

fn public_subnets(network: &Network) -> impl Iterator<Item = (u32, &Subnet)> {
    let subnets = (0u32..).zip(&network.subnets);
    subnets.filter(|(_, it)| it.tier == Tier::Public)
}

/// The one public subnet, or the one that `nat_in` names.
fn public_subnet(
    network: &Network,
    needs: &[(Option<Zone>, Vec<Span>)],
    out: &mut Diagnostics,
) -> Option<u32> {
    let mut public = public_subnets(network);
    if let Some((name, span)) = network.nat_in {
        let found = public.find(|(_, it)| it.name == name);
        if found.is_none() {
            out.push(errors::no_such_public_subnet(network, name, span));
        }
        return found.map(|it| it.0);
    }
    let cause = needs
        .iter()
        .flat_map(|it| &it.1)
        .min()
        .copied()
        .unwrap_or(network.span);
    match (public.next(), public.next()) {
        (Some(one), None) => Some(one.0),
        (None, _) => {
            out.push(errors::no_public_subnet(network, cause));
            None
        }
        (Some(one), Some(two)) => {
            out.push(errors::several_public_subnets(
                network,
                [one.1, two.1],
                cause,
            ));
            None
        }
    }
}
