//! Whether every subnet has room for the interfaces that may stand in it.
//!
//! Each block is counted for itself and at its worst: all tasks of a service may come to stand in one zone.

use rustc_hash::FxHashMap as HashMap;

use ipnet::Ipv4Net;
use topoc_diagnostics::{Code, Diagnostic, Diagnostics, Span};
use topoc_ir::{Network, Node, Subnet, Topology, Zone};
use ustr::Ustr;

use crate::plan::Plan;
use crate::services::Services;

/// The addresses of a subnet that AWS keeps for itself.
const KEPT: u64 = 5;
/// How many of those who demand interfaces a report names.
const NAMED: usize = 5;

/// Who demands how many interfaces in one block.
struct Demand {
    who: Ustr,
    span: Span,
    count: u64,
}

/// What stands in each block, by network, subnet and slot.
type Blocks = HashMap<(u32, u32, Zone), Vec<Demand>>;

/// Reports subnets that are too small, each once, by the zone that demands most.
pub fn check(topology: &Topology, plans: &[Plan], services: &Services, out: &mut Diagnostics) {
    let mut blocks = Blocks::default();
    for node in &topology.nodes {
        of_node(node, &mut blocks);
        too_small(topology, plans, node, out);
    }
    for ((index, network), plan) in (0u32..).zip(&topology.networks).zip(plans) {
        of_network(network, index, plan, services, &mut blocks);
        for (subnet, declared) in (0u32..).zip(&network.subnets) {
            let full = |(zone, block): &(Zone, Ipv4Net)| {
                let demands = blocks.get(&(index, subnet, *zone))?;
                let count: u64 = demands.iter().map(|it| it.count).sum();
                (count > room(*block)).then_some((count, *block, demands))
            };
            let worst = plan.blocks.of(subnet as usize).iter().filter_map(full);
            if let Some((count, block, demands)) = worst.max_by_key(|it| it.0 - room(it.1)) {
                out.push(no_room(network, declared, block, count, demands));
            }
        }
    }
}

/// The addresses of a block that interfaces can have.
fn room(block: Ipv4Net) -> u64 {
    (1u64 << (32 - block.prefix_len())).saturating_sub(KEPT)
}

fn of_node(node: &Node, blocks: &mut Blocks) {
    let Some(place) = node.placement.as_ref().filter(|_| node.interfaces > 0) else {
        return;
    };
    for (subnet, zone) in &place.subnets {
        let block = blocks.entry((place.network, *subnet, *zone)).or_default();
        block.push(Demand {
            who: node.path,
            span: node.span,
            count: u64::from(node.interfaces),
        });
    }
}

/// The interfaces of endpoints, and NAT gateways.
fn of_network(
    network: &Network,
    index: u32,
    plan: &Plan,
    services: &Services,
    blocks: &mut Blocks,
) {
    let mut one = |subnet: u32, zone: Zone, who: String, span: Span| {
        let block = blocks.entry((index, subnet, zone)).or_default();
        let who = Ustr::from(&who);
        match block.last_mut().filter(|it| it.who == who) {
            Some(known) => known.count += 1,
            None => block.push(Demand {
                who,
                span,
                count: 1,
            }),
        }
    };
    for offer in services.of(index) {
        let Some(declared) = network.endpoints.get(offer.block) else {
            continue;
        };
        for (subnet, zone) in &offer.subnets {
            one(
                *subnet,
                *zone,
                format!("{}.{}", network.path, declared.name),
                declared.span,
            );
        }
    }
    for nat in &plan.ways.gateways {
        let span = network.nat.map_or(network.span, |it| it.1);
        one(nat.subnet, nat.zone, format!("{}.nat", network.path), span);
    }
}

/// A node in a smaller subnet than its kind can stand in.
fn too_small(topology: &Topology, plans: &[Plan], node: &Node, out: &mut Diagnostics) {
    let (Some(place), Some(least)) = (&node.placement, node.smallest_subnet) else {
        return;
    };
    let (Some(network), Some(plan)) = (
        topology.networks.get(place.network as usize),
        plans.get(place.network as usize),
    ) else {
        return;
    };
    let small = place.subnets.iter().find_map(|(subnet, zone)| {
        let block = plan.blocks.get(*subnet as usize, zone.slot)?;
        let declared = network.subnets.get(*subnet as usize)?;
        (block.prefix_len() > least).then_some((declared, block))
    });
    if let Some((declared, block)) = small {
        let message = format!("`{}` needs subnets of /{least} or larger", node.path);
        let report = Diagnostic::new(Code::E0517, message)
            .at(
                node.span,
                format!("stands in `{}.{}`", network.path, declared.name),
            )
            .because(
                size_of(declared),
                format!("its blocks are /{}, {block} for one", block.prefix_len()),
            );
        out.push(report.help(larger(declared, least)));
    }
}

/// More interfaces than a block has addresses.
fn no_room(
    network: &Network,
    subnet: &Subnet,
    block: Ipv4Net,
    count: u64,
    demands: &[Demand],
) -> Diagnostic {
    let path = format!("{}.{}", network.path, subnet.name);
    let message = format!(
        "`{path}` has room for {} interfaces in a zone, but {count} may stand there",
        room(block)
    );
    let label = format!(
        "{block} has {} addresses, of which AWS keeps {KEPT}",
        room(block) + KEPT
    );
    let mut report = Diagnostic::new(Code::E0517, message).at(size_of(subnet), label);
    let mut demands: Vec<&Demand> = demands.iter().collect();
    demands.sort_by_key(|it| {
        (
            std::cmp::Reverse(it.count),
            it.span.file,
            it.span.start,
            it.who.as_str(),
        )
    });
    for it in demands.iter().take(NAMED) {
        report = report.because(it.span, format!("`{}` may have {}", it.who, it.count));
    }
    if let Some(rest) = demands.get(NAMED..).filter(|it| !it.is_empty()) {
        let count: u64 = rest.iter().map(|it| it.count).sum();
        report = report.because(
            subnet.span,
            format!("{} others may have {count}", rest.len()),
        );
    }
    let bits = 64 - (count + KEPT - 1).leading_zeros();
    let fits = u8::try_from(32u32.saturating_sub(bits)).unwrap_or_default();
    if fits < 16 {
        return report.help("no subnet has so many addresses: place some of them in another one");
    }
    report.help(larger(subnet, fits))
}

/// The line that decides how large the blocks are.
fn size_of(subnet: &Subnet) -> Span {
    let stated = subnet.size.map(|it| it.1).or(subnet.from.map(|it| it.1));
    stated
        .or(subnet.cidrs.first().map(|it| it.2))
        .unwrap_or(subnet.span)
}

fn larger(subnet: &Subnet, size: u8) -> String {
    if subnet.from.is_some() || !subnet.cidrs.is_empty() {
        format!("state blocks of /{size}")
    } else {
        format!("size = {size}")
    }
}
