//! The endpoints of a network: which there are, where they stand, and the resources they become.

use rustc_hash::FxHashSet as HashSet;

use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::topology::{endpoint_group_id, endpoint_id, network_id, prefix_list_id, subnet_id};
use topoc_ir::{Endpoints, Network, Resource, Value};
use ustr::Ustr;

use super::closure::Closures;
use super::{Offer, Services, Want};
use crate::errors;
use crate::make::{Class, Frame, Maker, reference, references};

/// What the blocks offer: what they say, and what the needs of enclosed nodes call for.
pub fn offers(
    network: &Network,
    wants: &[&Want],
    closures: &mut Closures<'_>,
    out: &mut Diagnostics,
) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    for (block, endpoints) in network.endpoints.iter().enumerate() {
        let mut here = HashSet::default();
        for (name, span) in endpoints.services.iter().flatten() {
            let closure = closures.of(*name);
            if closure.services.is_empty() {
                out.push(errors::no_endpoint(*name, *span, closures.has(*name)));
            }
            for service in &closure.services {
                if !here.insert(service.name) {
                    continue;
                }
                match offers.iter().find(|it| it.service == service.name) {
                    Some(other) => {
                        let first = network
                            .endpoints
                            .get(other.block)
                            .map_or(network.span, |it| it.span);
                        out.push(errors::endpoint_twice(network, service.name, *span, first));
                    }
                    None => offers.push(offer(block, service.name, service.gateway, *span)),
                }
            }
        }
    }
    let derived = network
        .endpoints
        .iter()
        .position(|it| it.services.is_none());
    if let Some(block) = derived {
        for want in wants.iter().filter(|it| it.enclosed) {
            for service in &closures.of(want.service).services {
                if !offers.iter().any(|it| it.service == service.name) {
                    offers.push(offer(block, service.name, service.gateway, want.span));
                }
            }
        }
    }
    // by (stable order): not in the order of the edges that need them
    offers.sort_by_key(|it| (it.block, it.service.as_str()));
    offers
}

fn offer(block: usize, service: Ustr, gateway: bool, span: Span) -> Offer {
    Offer {
        block,
        service,
        gateway,
        subnets: Vec::new(),
        tables: Vec::new(),
        causes: vec![span],
        listed: false,
        clients: Vec::new(),
    }
}

/// Makes endpoints and the groups of their interfaces; gives back the lookups of prefix lists.
pub fn make(maker: &mut Maker<'_>, services: &Services) -> Vec<Resource> {
    let topology = maker.topology();
    let mut lookups = Vec::new();
    for (index, network) in (0u32..).zip(&topology.networks) {
        let offers = services.of(index);
        for (number, block) in network.endpoints.iter().enumerate() {
            if offers.iter().any(|it| it.block == number && !it.gateway) {
                group(maker, network, block);
            }
        }
        for offer in offers {
            if let Some(block) = network.endpoints.get(offer.block) {
                endpoint(maker, network, block, offer);
            }
            if offer.gateway && offer.listed {
                let frame = Frame::new(
                    prefix_list_id(offer.service),
                    Class::Network,
                    network.rank,
                    network.span,
                );
                let role = [("service", Value::Text(offer.service))];
                lookups.extend(maker.resource(("prefix_list", None), frame, &role));
            }
        }
    }
    let mut seen = HashSet::default();
    lookups.retain(|it| seen.insert(it.id));
    lookups
}

fn frame(network: &Network, block: &Endpoints) -> Frame {
    let id = endpoint_group_id(network.path, block.name);
    Frame::new(id, Class::Network, network.rank, block.span).tags(network.tags.iter().cloned())
}

fn group(maker: &mut Maker<'_>, network: &Network, block: &Endpoints) {
    let text = format!("group of {}.{}", network.path, block.name);
    let roles = [
        ("network", reference(network_id(network.path))),
        ("description", Value::text(&crate::text::plain(&text))),
    ];
    maker.make(("group", None), frame(network, block), &roles);
}

fn endpoint(maker: &mut Maker<'_>, network: &Network, block: &Endpoints, offer: &Offer) {
    let mut frame = frame(network, block);
    frame.id = endpoint_id(network.path, block.name, offer.service);
    frame.origin.others.clone_from(&offer.causes);
    let mut roles = vec![
        ("network", reference(network_id(network.path))),
        ("service", Value::Text(offer.service)),
        ("policy", block.policy.clone().unwrap_or(Value::None)),
    ];
    if offer.gateway {
        roles.push(("tables", references(offer.tables.iter().copied())));
        maker.make(("endpoint", Some("gateway")), frame, &roles);
        return;
    }
    let subnets = offer.subnets.iter().filter_map(|(subnet, zone)| {
        let subnet = network.subnets.get(*subnet as usize)?;
        Some(subnet_id(network.path, subnet.name, *zone))
    });
    roles.push(("subnets", references(subnets)));
    roles.push((
        "groups",
        references([endpoint_group_id(network.path, block.name)]),
    ));
    roles.push(("private_dns", Value::Bool(block.private_dns)));
    maker.make(("endpoint", Some("interface")), frame, &roles);
}
