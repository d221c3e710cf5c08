//! Free address space of one range, as aligned blocks: first fit and subtraction in logarithmic time.

use std::collections::BTreeSet;

/// An aligned block of IPv4 addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    /// Its first address.
    pub start: u32,
    /// Its prefix length.
    pub prefix: u8,
}

impl Block {
    /// How many addresses it holds.
    pub fn len(self) -> u64 {
        1 << (32 - self.prefix.min(32))
    }

    /// Its last address.
    pub fn last(self) -> u32 {
        (u64::from(self.start) + self.len() - 1) as u32
    }

    /// Whether all of `other` lies in it.
    pub fn contains(self, other: Block) -> bool {
        self.prefix <= other.prefix && masked(other.start, self.prefix) == self.start
    }

    /// Whether they share an address.
    pub fn meets(self, other: Block) -> bool {
        self.contains(other) || other.contains(self)
    }
}

/// What is free of one range.
///
/// INVARIANT (maximal): no two free blocks are the halves of one free block, so an aligned block is free exactly
/// when one free block contains it.
#[derive(Clone, Debug)]
pub struct Space {
    free: Vec<BTreeSet<u32>>,
}

impl Space {
    /// The whole range is free.
    pub fn new(range: Block) -> Self {
        let mut free = vec![BTreeSet::new(); 33];
        if let Some(blocks) = free.get_mut(usize::from(range.prefix)) {
            blocks.insert(range.start);
        }
        Self { free }
    }

    /// The lowest free aligned block of a prefix length.
    pub fn lowest(&self, prefix: u8) -> Option<Block> {
        self.free
            .iter()
            .take(usize::from(prefix) + 1)
            .filter_map(BTreeSet::first)
            .min()
            .map(|start| Block {
                start: *start,
                prefix,
            })
    }

    /// Whether all of a block is free.
    pub fn is_free(&self, block: Block) -> bool {
        (0..=block.prefix).any(|prefix| self.holds(masked(block.start, prefix), prefix))
    }

    /// Takes a block out, whatever part of it is free.
    pub fn take(&mut self, block: Block) {
        let around =
            (0..=block.prefix).find(|prefix| self.holds(masked(block.start, *prefix), *prefix));
        match around {
            Some(prefix) => self.split(block, prefix),
            None => self.drop_inside(block),
        }
    }

    /// All of a taken block becomes free again but the block of `prefix` at its start.
    ///
    /// Keeps (maximal): the first half of each half that becomes free stays taken.
    pub fn give_back(&mut self, block: Block, prefix: u8) {
        for inner in block.prefix + 1..=prefix {
            if let Some(starts) = self.free.get_mut(usize::from(inner)) {
                starts.insert(block.start | (1 << (32 - inner)));
            }
        }
    }

    /// Every free block, ascending.
    pub fn blocks(&self) -> Vec<Block> {
        let mut all: Vec<Block> = (0..=32u8)
            .zip(&self.free)
            .flat_map(|(prefix, starts)| {
                starts.iter().map(move |start| Block {
                    start: *start,
                    prefix,
                })
            })
            .collect();
        all.sort();
        all
    }

    fn holds(&self, start: u32, prefix: u8) -> bool {
        self.free
            .get(usize::from(prefix))
            .is_some_and(|it| it.contains(&start))
    }

    /// `prefix` is that of the free block around; its other halves stay free.
    fn split(&mut self, block: Block, prefix: u8) {
        if let Some(starts) = self.free.get_mut(usize::from(prefix)) {
            starts.remove(&masked(block.start, prefix));
        }
        for inner in prefix + 1..=block.prefix {
            let other = masked(block.start, inner) ^ (1 << (32 - inner));
            if let Some(starts) = self.free.get_mut(usize::from(inner)) {
                starts.insert(other);
            }
        }
    }

    fn drop_inside(&mut self, block: Block) {
        for starts in self.free.iter_mut().skip(usize::from(block.prefix) + 1) {
            let inside: Vec<u32> = starts.range(block.start..=block.last()).copied().collect();
            for start in inside {
                starts.remove(&start);
            }
        }
    }
}

/// An address with the host bits of a prefix length clear.
pub fn masked(address: u32, prefix: u8) -> u32 {
    if prefix == 0 {
        0
    } else {
        address & (u32::MAX << (32 - prefix.min(32)))
    }
}
