//! Where texts come from. The compiler itself reads no files.

use std::sync::Arc;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file.
    File {
        /// What it holds.
        bytes: Arc<[u8]>,
        /// Whether it may be run.
        runs: bool,
    },
    /// A folder: the names in it, in any order.
    Folder(Vec<String>),
}

/// The files around a program. Paths are relative to the root's folder and use `/`. Several threads may ask.
pub trait Sources: Sync {
    /// The text of a file, or why it cannot be read, as a short remark.
    fn read(&self, path: &str) -> Result<Arc<str>, String>;

    /// What stands at a path, or why it cannot be read.
    fn open(&self, path: &str) -> Result<Entry, String> {
        let text = self.read(path)?;
        Ok(Entry::File {
            bytes: text.as_bytes().into(),
            runs: false,
        })
    }
}
