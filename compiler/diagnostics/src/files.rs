//! The texts of one compilation, by number.

use std::ops::Deref;
use std::sync::Arc;

use crate::FileId;

/// A text that many hold: one that was read, or one that is part of the compiler and need not be copied.
#[derive(Clone, Debug)]
pub enum SharedText {
    /// It was read.
    Read(Arc<str>),
    /// It lives as long as the process.
    Lasting(&'static str),
}

impl Deref for SharedText {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            SharedText::Read(it) => it,
            SharedText::Lasting(it) => it,
        }
    }
}

impl<T: Into<Arc<str>>> From<T> for SharedText {
    fn from(text: T) -> SharedText {
        SharedText::Read(text.into())
    }
}

/// Every text that spans point into: the program, the library files in use, params files, the command line.
#[derive(Clone, Debug, Default)]
pub struct Files {
    list: Vec<(String, SharedText)>,
}

impl Files {
    /// Adds a text under the name that messages show.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<SharedText>) -> FileId {
        let id = FileId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push((name.into(), text.into()));
        id
    }

    /// The name of a file; empty if there is no such file.
    pub fn name(&self, id: FileId) -> &str {
        self.get(id).map_or("", |(name, _)| name)
    }

    /// The text of a file; empty if there is no such file.
    pub fn text(&self, id: FileId) -> &str {
        self.get(id).map_or("", |(_, text)| text)
    }

    /// Line and column, both from 1, columns in characters.
    pub fn line_column(&self, id: FileId, offset: u32) -> (usize, usize) {
        line_column(self.text(id), offset as usize)
    }

    fn get(&self, id: FileId) -> Option<&(String, SharedText)> {
        self.list.get(id.0 as usize)
    }
}

/// Line and column of a byte, both from 1.
pub(crate) fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..floor(text, offset)).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).map_or(0, |it| it.chars().count());
    (before.matches('\n').count() + 1, column + 1)
}

/// The last character boundary that is not behind `offset`.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
