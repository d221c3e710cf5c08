//! The compiler as a library: text and settings in, files out.
//!
//! ```text
//! compile(root, sources, options) -> Compilation, then emit(&compilation, target, format) -> files
//! ```
//!
//! Reading order: `options`, `road` (every phase in one function), `compilation`, `params`, `lock`; `lints` and
//! `origins` answer questions.

mod allows;
mod claims;
mod compilation;
mod levels;
mod lints;
mod lock;
mod options;
mod origins;
mod packages;
mod params;
mod road;

pub use compilation::Compilation;
pub use lints::{Lint, lints};
pub use options::Options;
pub use origins::Made;
pub use road::{Emitted, compile, emit, judge};
pub use topoc_backends::{Format, OutputFile, Text};
pub use topoc_diagnostics::{
    CATALOGUE, Code, Diagnostic, FAMILIES, Files, Label, Row, Severity, Span, json, nearest,
    render, show,
};
pub use topoc_ir::Target;
pub use topoc_syntax::{Entry, Sources};
