//! Places in text, reports about them, and the catalogue of codes.

mod allow;
mod codes;
mod diagnostic;
mod excerpt;
mod files;
mod nearest;
mod render;
mod span;

pub use allow::Allow;
pub use codes::{CATALOGUE, Code, FAMILIES, Row, Severity};
pub use diagnostic::{Diagnostic, Diagnostics, Label};
pub use files::{Files, SharedText};
pub use nearest::nearest;
pub use render::{json, render, show};
pub use span::{FileId, Span};
