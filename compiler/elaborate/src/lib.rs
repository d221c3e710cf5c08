//! Typed program to topology: unfold, gather, fill; and resources to one target's documents: spell.
//!
//! Reading order: `index` (declarations by name), `scope`, `types` (declared types), `fit` (values into types), `eval`
//! (expressions), `doubt` (what errors leave open), `instance` (nodes and edges), `unfold`, `gather`, `fill`, `finish`;
//! `shares`; then `spell`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "values, expressions and statements have dozens of forms, and most places speak of two or three of them"
)]

mod allowed;
mod begin;
mod clashes;
mod doubt;
mod edges;
mod errors;
mod eval;
mod fill;
mod finish;
mod fit;
mod gather;
mod index;
mod instance;
mod memo;
mod moves;
mod names;
mod numbers;
mod params;
mod places;
mod refine;
mod regions;
mod session;
mod shares;
mod spell;
mod types;
mod unfold;

pub use session::{Elaborated, Rest, Settings, elaborate};
pub use spell::spell;
