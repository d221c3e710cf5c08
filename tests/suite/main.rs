//! The test binary: a case is a file, a runner is a room.
//!
//! Reading order: `cases` (what is compiled) and `library` (how the library spells), then the runners.

mod cases;
mod causes;
mod conformance;
mod determinism;
mod docs;
mod edits;
mod equality;
mod fmt;
mod golden;
mod library;
mod origins;
mod repairs;
mod schema;
mod slips;
mod tidy;
mod together;
mod truncation;
mod ui;
