//! The test binary: a case is a file, a runner is a room.
//!
//! Reading order: `cases` (what is compiled), then the runners.

mod cases;
mod tidy;
mod truncation;
mod ui;
