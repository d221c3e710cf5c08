//! Which subnet gets which addresses.
//!
//! In: the network as written, and what the lock keeps of it. Out: a block for each subnet and slot, and the new lock.
//! Holds afterwards, unless something was reported: blocks are aligned, inside a range of the network and disjoint.
//!
//! INVARIANT (nothing moves): a subnet owns a *row*, one block for each of four slots, so a new zone selects a block
//! that was reserved for it; new rows take only space that no fixed block and no row of the lock holds. Where there is
//! no other room, a row gives up slots that no zone uses, and stays where it is.

mod errors;
mod fixed;
mod rows;
mod shrink;
mod space;

use ipnet::{IpNet, Ipv4Net};
use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::lock::{NetworkLock, RowLock};
use topoc_ir::{Network, Zone};

use self::space::{Block, Space, masked};

/// The smallest and the largest prefix length of networks and subnets.
const SIZES: std::ops::RangeInclusive<u8> = 16..=28;

/// The blocks of one network: for each subnet declaration its zones and their blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks(Vec<Vec<(Zone, Ipv4Net)>>);

impl Blocks {
    /// The blocks of a subnet declaration, by ascending slot.
    pub fn of(&self, subnet: usize) -> &[(Zone, Ipv4Net)] {
        self.0.get(subnet).map_or(&[], Vec::as_slice)
    }

    /// The block of one slot.
    pub fn get(&self, subnet: usize, slot: u8) -> Option<Ipv4Net> {
        let mut blocks = self.of(subnet).iter();
        blocks.find(|(zone, _)| zone.slot == slot).map(|it| it.1)
    }
}

/// Allots the blocks of a network.
pub fn allot(
    network: &Network,
    lock: Option<&NetworkLock>,
    out: &mut Diagnostics,
) -> (Blocks, NetworkLock) {
    let mut plan = Plan::new(network, out);
    plan.check_zones(lock, out);
    if plan.ranges.is_empty() {
        return (Blocks::default(), lock.cloned().unwrap_or_default());
    }
    plan.take_fixed(out);
    plan.keep_rows(lock, out);
    plan.add_rows(out);
    plan.finish(lock)
}

/// A block that somebody holds, for messages.
#[derive(Clone, Debug)]
struct Held {
    block: Block,
    /// `main.app in zone a`, `the blocks of main.app`
    what: String,
    span: Span,
}

/// The work on one network.
struct Plan<'a> {
    network: &'a Network,
    ranges: Vec<(Block, Span)>,
    /// Free in each range, without what deleted rows held.
    open: Vec<Space>,
    /// Free in each range, with it.
    all: Vec<Space>,
    held: Vec<Held>,
    /// For each subnet, whether its text states its blocks.
    stated: Vec<bool>,
    /// For each subnet, its blocks by slot.
    blocks: Vec<Vec<(Zone, Block)>>,
    /// For each subnet, its rows.
    rows: Vec<Vec<RowLock>>,
    freed: Vec<RowLock>,
}

impl<'a> Plan<'a> {
    fn new(network: &'a Network, out: &mut Diagnostics) -> Self {
        let ranges = ranges(network, out);
        let open: Vec<Space> = ranges.iter().map(|it| Space::new(it.0)).collect();
        let count = network.subnets.len();
        Self {
            network,
            all: open.clone(),
            open,
            ranges,
            held: Vec::new(),
            stated: vec![false; count],
            blocks: vec![Vec::new(); count],
            rows: vec![Vec::new(); count],
            freed: Vec::new(),
        }
    }

    /// Letters do not become numbers, nor numbers letters.
    fn check_zones(&self, lock: Option<&NetworkLock>, out: &mut Diagnostics) {
        let now = letters(self.network);
        if let (Some(before), Some(now)) = (lock.and_then(|it| it.letters), now)
            && before != now
        {
            out.push(errors::zones_renamed(self.network, now));
        }
    }

    /// The range that a block lies in, and which one that is.
    fn range_of(&self, block: Block) -> Option<(usize, Block)> {
        let mut ranges = self.ranges.iter().map(|it| it.0).enumerate();
        ranges.find(|(_, range)| range.contains(block))
    }

    /// Takes a block out of what is free.
    fn hold(&mut self, range: usize, held: Held) {
        for spaces in [&mut self.open, &mut self.all] {
            if let Some(space) = spaces.get_mut(range) {
                space.take(held.block);
            }
        }
        self.held.push(held);
    }

    /// The lowest free block of a size, in the order of the ranges.
    fn lowest(spaces: &[Space], prefix: u8) -> Option<(usize, Block)> {
        let mut found = spaces
            .iter()
            .enumerate()
            .filter_map(|(range, space)| space.lowest(prefix).map(|block| (range, block)));
        found.next()
    }

    fn finish(self, lock: Option<&NetworkLock>) -> (Blocks, NetworkLock) {
        let blocks = self.blocks.into_iter().map(|mut blocks| {
            blocks.sort_by_key(|it| it.0);
            let nets = blocks.into_iter().filter_map(|it| Some((it.0, net(it.1)?)));
            nets.collect()
        });
        let rows = self.network.subnets.iter().zip(self.rows);
        let lock = NetworkLock {
            letters: letters(self.network).or(lock.and_then(|it| it.letters)),
            rows: rows
                .filter(|(_, rows)| !rows.is_empty())
                .map(|(subnet, rows)| (subnet.name.to_string(), rows))
                .collect(),
            freed: self.freed,
            ..NetworkLock::default()
        };
        (Blocks(blocks.collect()), lock)
    }
}

/// Whether the zones are letters; `None` without zones.
fn letters(network: &Network) -> Option<bool> {
    network.zones.first().map(|it| it.letter)
}

/// The ranges that may be used, `cidr` first.
fn ranges(network: &Network, out: &mut Diagnostics) -> Vec<(Block, Span)> {
    let mut ranges: Vec<(Block, Span)> = Vec::new();
    for (range, span) in std::iter::once(&network.cidr).chain(&network.more) {
        let Some(block) = block(*range).filter(|it| SIZES.contains(&it.prefix)) else {
            out.push(errors::unusable_range(*range, *span));
            continue;
        };
        match ranges.iter().find(|it| it.0.meets(block)) {
            Some(other) => out.push(errors::ranges_overlap((block, *span), *other)),
            None => ranges.push((block, *span)),
        }
    }
    ranges
}

fn block(range: IpNet) -> Option<Block> {
    match range {
        IpNet::V4(range) => Some(Block {
            start: masked(range.network().to_bits(), range.prefix_len()),
            prefix: range.prefix_len(),
        }),
        IpNet::V6(_) => None,
    }
}

fn net(block: Block) -> Option<Ipv4Net> {
    Ipv4Net::new(block.start.into(), block.prefix).ok()
}

/// A block as text, `10.0.0.0/22`.
fn text(block: Block) -> String {
    net(block).map_or_else(String::new, |it| it.to_string())
}
