//! The binary as its users meet it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod command;
mod disks;
mod environments;
mod explain;
mod faults;
mod help;
mod home;
mod levels;
mod new;
mod pages;
mod runs;
mod streams;
