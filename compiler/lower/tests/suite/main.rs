//! Topologies built by hand, and everything that is derived from them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "tests may panic"
)]

mod addresses;
mod build;
mod networks;
mod plans;
mod rules;
mod services;
mod show;
