//! What is measured: programs of any size, and every phase by itself. `docs/performance.md` says how to measure.
//!
//! Reading order: `system` (the programs), `phases`; then `bin/measure`.

pub mod phases;
pub mod system;
