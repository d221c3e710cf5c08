//! Blocks that the text states: `cidrs = { a = … }` and `from = …`.

use std::collections::HashSet;

use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::{Subnet, Zone};

use super::space::{Block, Space};
use super::{Held, Plan, SIZES, block, errors};

/// A stated block of a slot in use.
struct Fixed {
    subnet: usize,
    zone: Zone,
    block: Block,
    span: Span,
}

impl Plan<'_> {
    /// Takes every stated block, or reports it; what is written once is reported once, for all its blocks.
    pub(super) fn take_fixed(&mut self, out: &mut Diagnostics) {
        let mut fixed = self.stated_blocks(out);
        fixed.sort_by_key(|it| (it.block.start, it.block.prefix));
        let mut before: Vec<&Fixed> = Vec::new();
        let (mut refused, mut outside) = (Vec::new(), HashSet::new());
        for it in &fixed {
            before.retain(|other| other.block.last() >= it.block.start);
            match before.last() {
                Some(other) => refused.push((it, *other)),
                None if self.take_one(it) => {}
                None if outside.insert(it.span) => {
                    let free = self.free_block(it.block.prefix);
                    out.push(errors::outside(self.network, &self.held_by(it), free));
                }
                None => {}
            }
            before.push(it);
        }
        let mut overlaps = HashSet::new();
        for (it, other) in refused {
            let (first, second) = if it.span < other.span {
                (it, other)
            } else {
                (other, it)
            };
            if !overlaps.insert((first.span, second.span)) {
                continue;
            }
            let free = self.free_block(it.block.prefix);
            out.push(errors::overlap(
                &self.held_by(second),
                &self.held_by(first),
                free,
            ));
        }
        self.warn_collisions(&outside, out);
    }

    /// Whether a block lies in the network; then it is taken.
    fn take_one(&mut self, it: &Fixed) -> bool {
        let Some((range, _)) = self.range_of(it.block) else {
            return false;
        };
        let held = self.held_by(it);
        self.hold(range, held);
        if let Some(blocks) = self.blocks.get_mut(it.subnet) {
            blocks.push((it.zone, it.block));
        }
        true
    }

    fn held_by(&self, it: &Fixed) -> Held {
        let subnet = self.network.subnets.get(it.subnet);
        let name = subnet.map(|it| it.name).unwrap_or_default();
        Held {
            block: it.block,
            what: format!("`{}.{name}[{}]`", self.network.path, it.zone.name()),
            span: it.span,
        }
    }

    /// A free block to suggest.
    fn free_block(&self, prefix: u8) -> Option<Block> {
        Self::lowest(&self.open, prefix).map(|it| it.1)
    }

    fn stated_blocks(&mut self, out: &mut Diagnostics) -> Vec<Fixed> {
        let mut fixed = Vec::new();
        for (index, subnet) in self.network.subnets.iter().enumerate() {
            let stated = subnet.from.is_some() || !subnet.cidrs.is_empty();
            if let Some(it) = self.stated.get_mut(index) {
                *it = stated;
            }
            for zone in subnet.zones.iter().filter(|_| stated) {
                match stated_block(subnet, zone.slot) {
                    Some((block, span)) if SIZES.contains(&block.prefix) => fixed.push(Fixed {
                        subnet: index,
                        zone: *zone,
                        block,
                        span,
                    }),
                    Some((block, span)) => out.push(errors::unusable_size(block.prefix, span)),
                    None => out.push(errors::missing_block(self.network, subnet, *zone)),
                }
            }
            if let (Some((size, span)), Some((from, start))) = (subnet.size, subnet.from)
                && size != from.prefix_len()
            {
                out.push(errors::two_sizes(size, span, from, start));
            }
        }
        fixed
    }

    /// Warns where the next zone would not find its block free.
    fn warn_collisions(&self, outside: &HashSet<Span>, out: &mut Diagnostics) {
        for subnet in &self.network.subnets {
            let (Some((_, span)), Some(last)) = (subnet.from, subnet.zones.last()) else {
                continue;
            };
            let next = Zone {
                slot: last.slot + 1,
                letter: last.letter,
            };
            if next.slot > 3 || !subnet.cidrs.is_empty() || outside.contains(&span) {
                continue;
            }
            if let Some((block, _)) = stated_block(subnet, next.slot)
                && !self.open.iter().any(|space: &Space| space.is_free(block))
            {
                let other = self.held.iter().find(|it| it.block.meets(block));
                out.push(errors::next_collides(
                    self.network,
                    subnet,
                    next,
                    block,
                    span,
                    other,
                ));
            }
        }
    }
}

/// The block that the text gives a slot.
fn stated_block(subnet: &Subnet, slot: u8) -> Option<(Block, Span)> {
    let mut cidrs = subnet.cidrs.iter();
    if let Some((_, cidr, span)) = cidrs.find(|it| it.0.slot == slot) {
        return Some((block(*cidr)?, *span));
    }
    let (from, span) = subnet.from?;
    let first = block(from)?;
    let start = u64::from(first.start) + u64::from(slot) * first.len();
    let block = Block {
        start: u32::try_from(start).ok()?,
        prefix: first.prefix,
    };
    Some((block, span))
}
