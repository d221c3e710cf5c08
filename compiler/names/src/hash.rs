//! Hashing: names once when they are kept, afterwards the number they got.

use std::hash::Hasher;

/// A fast hash of short texts; the same in every process.
#[derive(Default)]
pub struct NameHasher(u64);

/// Half the digits of the golden ratio, odd: spreads neighbouring numbers.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl NameHasher {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(SPREAD);
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.mix(u64::from_le_bytes(word.try_into().unwrap_or_default()));
        }
        let rest = words.remainder();
        self.mix(rest.iter().fold(rest.len() as u64 + 1, |all, byte| {
            all << 8 | u64::from(*byte)
        }));
    }

    fn write_u8(&mut self, _end_of_text: u8) {}

    fn finish(&self) -> u64 {
        self.0.wrapping_mul(SPREAD)
    }
}

/// The hash of a text.
pub fn of(text: &str) -> u64 {
    let mut hasher = NameHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Passes on a hash that is known already.
#[derive(Default)]
pub struct Precomputed(u64);

impl Hasher for Precomputed {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |all, byte| {
            (all.rotate_left(5) ^ u64::from(*byte)).wrapping_mul(SPREAD)
        });
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
