//! Rows: kept ones of the lock, then new ones, first fit.

use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::lock::{NetworkLock, RowLock};
use topoc_ir::{Subnet, Zone};

use super::space::{Block, Space};
use super::{Held, Plan, SIZES, errors};

/// Slots of one row.
const ROW: u8 = 4;

/// A run of 2^bits slots, aligned to its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slots {
    first: u8,
    bits: u8,
}

impl Slots {
    fn end(self) -> u8 {
        self.first + (1 << self.bits)
    }

    fn holds(self, slot: u8) -> bool {
        (self.first..self.end()).contains(&slot)
    }
}

impl Plan<'_> {
    /// Keeps the rows of the lock whose subnet is still there with the same size; the others become free, but last.
    pub(super) fn keep_rows(&mut self, lock: Option<&NetworkLock>, out: &mut Diagnostics) {
        let Some(lock) = lock else { return };
        let mut gone: Vec<RowLock> = lock.freed.clone();
        let mut known = std::collections::BTreeSet::new();
        for (index, subnet) in self.network.subnets.iter().enumerate() {
            known.insert(subnet.name.as_str());
            let size = self.size_of(subnet);
            let stated = self.stated.get(index).copied().unwrap_or_default();
            for row in lock.rows.get(subnet.name.as_str()).into_iter().flatten() {
                match self.row_block(row) {
                    Some(block) if row.size == size && !stated => self.keep(index, row, block, out),
                    Some(_) => gone.push(row.clone()),
                    None => {}
                }
            }
        }
        let deleted = lock
            .rows
            .iter()
            .filter(|(name, _)| !known.contains(name.as_str()));
        gone.extend(deleted.flat_map(|(_, rows)| rows.iter().cloned()));
        for row in gone {
            self.free_last(row);
        }
    }

    fn keep(&mut self, subnet: usize, row: &RowLock, block: Block, out: &mut Diagnostics) {
        let held = self.row_held(subnet, block);
        let free = self
            .all
            .get(row.range as usize)
            .is_some_and(|it| it.is_free(block));
        if !free && let Some(other) = self.held.iter().find(|it| it.block.meets(block)) {
            out.push(errors::row_overlaps(&held, other));
        }
        self.hold(row.range as usize, held);
        self.settle(subnet, row, block);
    }

    /// Out of `open`, still in `all`.
    fn free_last(&mut self, row: RowLock) {
        if let Some(block) = self.row_block(&row) {
            if let Some(space) = self.open.get_mut(row.range as usize) {
                space.take(block);
            }
            if !self.freed.contains(&row) {
                self.freed.push(row);
            }
        }
    }

    /// Where a row of the lock lies now, if it lies in its range.
    fn row_block(&self, row: &RowLock) -> Option<Block> {
        let (range, _) = self.ranges.get(row.range as usize)?;
        let prefix = row.size.checked_sub(row.bits).filter(|_| row.bits <= 2)?;
        let start = u64::from(range.start).checked_add(row.offset)?;
        let block = Block {
            start: u32::try_from(start).ok()?,
            prefix,
        };
        let aligned = super::masked(block.start, prefix) == block.start;
        (SIZES.contains(&row.size) && aligned && range.contains(block)).then_some(block)
    }

    /// Gives every slot in use a block: first rows in source order, then those of slots 4 to 7.
    pub(super) fn add_rows(&mut self, out: &mut Diagnostics) {
        for half in [0, ROW] {
            for (index, subnet) in self.network.subnets.iter().enumerate() {
                if self.stated.get(index).copied().unwrap_or_default() {
                    continue;
                }
                let size = self.size_of(subnet);
                if !SIZES.contains(&size) {
                    out.push(errors::unusable_size(size, size_span(subnet)));
                    continue;
                }
                let zones = subnet.zones.iter();
                let zones: Vec<Zone> = zones
                    .filter(|it| it.slot / ROW * ROW == half)
                    .copied()
                    .collect();
                self.add_missing(index, size, &zones, out);
            }
        }
    }

    /// `zones` lie in one half.
    fn add_missing(&mut self, index: usize, size: u8, zones: &[Zone], out: &mut Diagnostics) {
        for zone in zones {
            if self.has_slot(index, zone.slot) {
                continue;
            }
            let missing = zones.iter().filter(|it| !self.has_slot(index, it.slot));
            let last = missing.map(|it| it.slot).max().unwrap_or(zone.slot);
            let (wide, tight) = self.runs(index, zone.slot, last);
            if !self.add_row(index, size, wide, tight, out) {
                return;
            }
        }
    }

    /// The run of slots to reserve, and the shortest one that will do.
    fn runs(&self, index: usize, slot: u8, last: u8) -> (Slots, Slots) {
        let taken = self.rows.get(index).map_or(&[][..], Vec::as_slice);
        let meets = |run: Slots| {
            taken.iter().any(|row| {
                row.first_slot < run.end() && run.first < row.first_slot + (1 << row.bits)
            })
        };
        let run = |bits: u8| Slots {
            first: slot >> bits << bits,
            bits,
        };
        let bits = (0..=2).rev().find(|bits| !meets(run(*bits))).unwrap_or(0);
        let half = slot / ROW * ROW;
        let short = (0..=2).find(|bits| half + (1 << bits) > last).unwrap_or(2);
        let short = Slots {
            first: half,
            bits: short,
        };
        let tight = if meets(short) { run(0) } else { short };
        (run(bits), tight)
    }

    fn add_row(
        &mut self,
        index: usize,
        size: u8,
        wide: Slots,
        tight: Slots,
        out: &mut Diagnostics,
    ) -> bool {
        let Some(subnet) = self.network.subnets.get(index) else {
            return false;
        };
        let mut found = self.find(size, wide, tight);
        while found.is_none() && self.shrink_one(out) {
            found = self.find(size, wide, tight);
        }
        let Some(((range, block), slots)) = found else {
            let blocks = tight.end() - tight.first;
            out.push(errors::exhausted(self, subnet, size, blocks));
            return false;
        };
        if slots.bits < wide.bits {
            out.push(errors::tight(
                self.network,
                subnet,
                slots.first,
                slots.end(),
            ));
        }
        let start = self.ranges.get(range).map_or(0, |it| it.0.start);
        let row = RowLock {
            range: range as u32,
            offset: u64::from(block.start - start),
            size,
            bits: slots.bits,
            first_slot: slots.first,
        };
        self.freed = self.still_freed(block);
        let held = self.row_held(index, block);
        self.hold(range, held);
        self.settle(index, &row, block);
        true
    }

    /// The lowest block, preferably for all slots, preferably where no deleted row was.
    fn find(&self, size: u8, wide: Slots, tight: Slots) -> Option<((usize, Block), Slots)> {
        let tries = [
            (&self.open, wide),
            (&self.open, tight),
            (&self.all, wide),
            (&self.all, tight),
        ];
        tries.into_iter().find_map(|(spaces, slots)| {
            Self::lowest(spaces, size - slots.bits).map(|it| (it, slots))
        })
    }

    fn still_freed(&self, block: Block) -> Vec<RowLock> {
        let freed = self.freed.iter();
        let kept = freed.filter(|row| !self.row_block(row).is_some_and(|it| it.meets(block)));
        kept.cloned().collect()
    }

    /// The row belongs to the subnet: its used slots get their blocks.
    fn settle(&mut self, index: usize, row: &RowLock, block: Block) {
        let run = Slots {
            first: row.first_slot,
            bits: row.bits,
        };
        let Some(subnet) = self.network.subnets.get(index) else {
            return;
        };
        if let Some(blocks) = self.blocks.get_mut(index) {
            for zone in subnet.zones.iter().filter(|it| run.holds(it.slot)) {
                let step = 1u32 << (32 - row.size.clamp(16, 28));
                let start = block.start + u32::from(zone.slot - run.first) * step;
                blocks.push((
                    *zone,
                    Block {
                        start,
                        prefix: row.size,
                    },
                ));
            }
        }
        if let Some(rows) = self.rows.get_mut(index) {
            rows.push(row.clone());
        }
    }

    fn has_slot(&self, index: usize, slot: u8) -> bool {
        let rows = self.rows.get(index).into_iter().flatten();
        rows.into_iter().any(|row| {
            Slots {
                first: row.first_slot,
                bits: row.bits,
            }
            .holds(slot)
        })
    }

    /// Whether all subnets would fit into these ranges if no block were larger than `size`.
    pub(super) fn fits(&self, ranges: &[(Block, Span)], size: u8) -> bool {
        let mut spaces: Vec<Space> = ranges.iter().map(|it| Space::new(it.0)).collect();
        let stated = self.blocks.iter().zip(&self.stated).filter(|it| *it.1);
        for (_, block) in stated.flat_map(|it| it.0) {
            spaces.iter_mut().for_each(|it| it.take(*block));
        }
        self.unstated().all(|subnet| {
            let last = subnet.zones.iter().map(|it| it.slot).max().unwrap_or(0);
            let bits = (0..=3).find(|it| 1 << it > last).unwrap_or(3);
            let prefix = self.size_of(subnet).max(size) - bits;
            let Some((range, block)) = Self::lowest(&spaces, prefix) else {
                return false;
            };
            spaces
                .get_mut(range)
                .into_iter()
                .for_each(|it| it.take(block));
            true
        })
    }

    /// The subnets whose blocks are larger than that.
    pub(super) fn smaller_than(&self, size: u8) -> impl Iterator<Item = &str> {
        let large = self.unstated().filter(move |it| self.size_of(it) < size);
        large.map(|it| it.name.as_str())
    }

    fn unstated(&self) -> impl Iterator<Item = &Subnet> {
        let subnets = self.network.subnets.iter().zip(&self.stated);
        subnets.filter(|it| !it.1).map(|it| it.0)
    }

    fn row_held(&self, index: usize, block: Block) -> Held {
        let subnet = self.network.subnets.get(index);
        Held {
            block,
            what: format!(
                "the blocks of `{}.{}`",
                self.network.path,
                subnet.map(|it| it.name).unwrap_or_default()
            ),
            span: subnet.map_or(self.network.span, |it| it.span),
        }
    }

    /// As written, else six bits more than the network, at most 28.
    fn size_of(&self, subnet: &Subnet) -> u8 {
        let network = self.ranges.first().map_or(16, |it| it.0.prefix);
        subnet.size.map_or((network + 6).min(28), |it| it.0)
    }
}

fn size_span(subnet: &Subnet) -> Span {
    subnet.size.map_or(subnet.span, |it| it.1)
}
