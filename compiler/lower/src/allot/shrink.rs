//! Where a network is full, rows give up the slots at their end that no zone uses. No block moves by that.

use topoc_diagnostics::Diagnostics;
use topoc_ir::Subnet;
use topoc_ir::lock::RowLock;

use super::space::Block;
use super::{Plan, errors};

impl Plan<'_> {
    /// Shrinks the last row that has something to give; whether there was one.
    pub(super) fn shrink_one(&mut self, out: &mut Diagnostics) -> bool {
        let network = self.network;
        for (index, subnet) in network.subnets.iter().enumerate().rev() {
            let rows = self.rows.get(index).map_or(0, Vec::len);
            for number in (0..rows).rev() {
                let row = self.rows.get(index).and_then(|it| it.get(number)).cloned();
                let Some(row) = row else { continue };
                let bits = needed(subnet, &row);
                if bits < row.bits {
                    self.shrink(&row, bits);
                    let end = row.first_slot + (1 << bits);
                    out.push(errors::tight(network, subnet, row.first_slot, end));
                    if let Some(it) = self.rows.get_mut(index).and_then(|it| it.get_mut(number)) {
                        it.bits = bits;
                    }
                    return true;
                }
            }
        }
        false
    }

    fn shrink(&mut self, row: &RowLock, bits: u8) {
        let range = row.range as usize;
        let Some(start) = self
            .ranges
            .get(range)
            .map(|it| u64::from(it.0.start) + row.offset)
        else {
            return;
        };
        let Ok(start) = u32::try_from(start) else {
            return;
        };
        let old = Block {
            start,
            prefix: row.size - row.bits,
        };
        let new = Block {
            start,
            prefix: row.size - bits,
        };
        for spaces in [&mut self.open, &mut self.all] {
            if let Some(space) = spaces.get_mut(range) {
                space.give_back(old, new.prefix);
            }
        }
        for held in self.held.iter_mut().filter(|it| it.block == old) {
            held.block = new;
        }
    }
}

/// How many bits the slots in use take from the start of a row.
fn needed(subnet: &Subnet, row: &RowLock) -> u8 {
    let end = row.first_slot + (1 << row.bits);
    let slots = subnet.zones.iter().map(|it| it.slot);
    let used = slots.filter(|it| (row.first_slot..end).contains(it));
    let count = used.max().map_or(1, |it| it - row.first_slot + 1);
    (0..=row.bits)
        .find(|bits| 1 << bits >= count)
        .unwrap_or(row.bits)
}
