//! Places in text, reports about them, and the catalogue of codes.

mod codes;
mod diagnostic;
mod span;

pub use codes::{CATALOGUE, Code, Row, Severity};
pub use diagnostic::{Diagnostic, Diagnostics, Label};
pub use span::{FileId, Span};
