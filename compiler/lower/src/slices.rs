//! IPv6 slices of subnets: an Amazon /56 holds 256 slices /64, known only at deployment, so subnets get numbers.

use std::collections::BTreeMap;

use topoc_diagnostics::Diagnostics;
use topoc_ir::{Network, Subnet};

use crate::errors;

/// Slices of one row: one for each slot.
const ROW: u16 = 8;
/// Rows of a /56.
const ROWS: u16 = 32;

/// The first slice of each subnet that has IPv6, in the order of subnets, and the rows to keep.
///
/// A row that the lock holds stays; a new subnet takes the lowest row that nobody holds and no `ipv6_from` meets.
pub fn allot(
    network: &Network,
    mut kept: BTreeMap<String, u16>,
    out: &mut Diagnostics,
) -> (Vec<Option<u16>>, BTreeMap<String, u16>) {
    if !network.ipv6 {
        return (vec![None; network.subnets.len()], kept);
    }
    let has = |it: &&Subnet| it.ipv6 != Some(false);
    let allotted = |name: &str| {
        let mut subnets = network.subnets.iter().filter(has);
        subnets.any(|it| it.name.as_str() == name && it.ipv6_from.is_none())
    };
    kept.retain(|name, _| allotted(name));
    check_written(network, out);
    let written: Vec<u16> = network
        .subnets
        .iter()
        .filter(has)
        .filter_map(|it| it.ipv6_from.map(|(first, _)| first))
        .collect();
    let mut slices = Vec::with_capacity(network.subnets.len());
    for subnet in &network.subnets {
        slices.push(match (has(&subnet), subnet.ipv6_from) {
            (false, _) => None,
            (true, Some((first, _))) => Some(first),
            (true, None) => row(subnet, &mut kept, &written).map(|row| row * ROW),
        });
    }
    (slices, kept)
}

fn row(subnet: &Subnet, kept: &mut BTreeMap<String, u16>, written: &[u16]) -> Option<u16> {
    if let Some(row) = kept.get(subnet.name.as_str()) {
        return Some(*row);
    }
    let free = |row: &u16| {
        let meets = |first: &u16| *first < (row + 1) * ROW && first + ROW > row * ROW;
        !kept.values().any(|it| it == row) && !written.iter().any(meets)
    };
    let row = (0..ROWS).find(free)?;
    kept.insert(subnet.name.to_string(), row);
    Some(row)
}

/// Two written rows may not share a slice that both use, nor lie outside of the range.
fn check_written(network: &Network, out: &mut Diagnostics) {
    let mut taken: Vec<(u16, &Subnet)> = Vec::new();
    for subnet in network.subnets.iter().filter(|it| it.ipv6 != Some(false)) {
        let Some((first, span)) = subnet.ipv6_from else {
            continue;
        };
        for zone in &subnet.zones {
            let slice = first.saturating_add(u16::from(zone.slot));
            let other = taken.iter().find(|(it, _)| *it == slice).map(|it| it.1);
            if slice >= ROW * ROWS || other.is_some() {
                out.push(errors::slice(slice, span, other));
                break;
            }
            taken.push((slice, subnet));
        }
    }
}
