//! Where texts come from. The compiler itself reads no files.

use std::sync::Arc;

/// The files around a program. Paths are relative to the root's folder and use `/`.
pub trait Sources {
    /// The text of a file, or why it cannot be read, as a short remark.
    fn read(&self, path: &str) -> Result<Arc<str>, String>;
}
