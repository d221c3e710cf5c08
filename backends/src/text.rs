//! The text of a file: pieces that are written one behind the other, so that a long one is never copied whole.

use std::fmt;

/// A text in pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pieces: Vec<String>,
}

impl Text {
    /// The pieces, in order.
    pub fn pieces(&self) -> &[String] {
        &self.pieces
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(String::len).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { pieces: vec![text] }
    }
}

impl From<Vec<String>> for Text {
    fn from(pieces: Vec<String>) -> Self {
        Self { pieces }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|it| f.write_str(it))
    }
}
