//! The library as the tests read it: every resource and lookup type as a [`Card`], with its three spellings worked out.
//!
//! This is a second reading of the conventions, on purpose: what the compiler spells is compared with it.

#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "a test: what is not listed is nothing it knows, and a panic is a failure"
)]

mod card;
mod names;
mod read;
pub mod shape;

pub use card::{
    Card, CardField, CardOutput, Conversion, Kind, Read, Seg, Spelled, Step, TARGETS, Taken,
    Target, text,
};
pub use names::{Names, recased};
pub use read::{read, read_texts, with_program};

/// All cards, in the order of the files, and what their conversions may call.
pub struct Library {
    /// Files that do not parse.
    pub broken: Vec<String>,
    /// The resource and lookup types.
    pub cards: Vec<Card>,
    /// Functions, record types and constants.
    pub names: Names,
}

impl Library {
    /// The card of `sqs.queue`.
    pub fn card(&self, path: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.path == path)
    }
}
