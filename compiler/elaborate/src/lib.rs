//! Typed program to topology: unfold, gather, fill; and resources to one target's documents: spell.
//!
//! Reading order: `index` (declarations by name), `scope`, `types` (declared types), `fit` (values into types), `eval`
//! (expressions), `instance` (nodes and edges), `unfold`, `gather`, `fill`, `finish`; then `spell`.

mod builtins;
mod edges;
mod ends;
mod errors;
mod eval;
mod fields;
mod fill;
mod finish;
mod fit;
mod gather;
mod index;
mod instance;
mod lookup;
mod names;
mod ops;
mod params;
mod places;
mod refine;
mod scope;
mod session;
mod spell;
mod types;
mod unfold;

pub use session::{Elaborated, Settings, elaborate};
pub use spell::spell;
