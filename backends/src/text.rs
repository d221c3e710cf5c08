//! The content of a file: pieces of text that are written one behind the other, so that a long one is never copied whole; or
//! the bytes of a package.

use std::fmt;
use std::sync::Arc;

/// A text in pieces, or a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pieces: Vec<String>,
    package: Arc<[u8]>,
}

impl Text {
    /// The bytes of a package.
    pub fn package(bytes: Arc<[u8]>) -> Self {
        Self {
            pieces: Vec::new(),
            package: bytes,
        }
    }

    /// What is written, piece by piece.
    pub fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        let pieces = self.pieces.iter().map(String::as_bytes);
        pieces.chain(std::iter::once(&*self.package))
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.bytes().map(<[u8]>::len).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(vec![text])
    }
}

impl From<Vec<String>> for Text {
    fn from(pieces: Vec<String>) -> Self {
        Self {
            pieces,
            package: Arc::default(),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.package.len() {
            0 => self.pieces.iter().try_for_each(|it| f.write_str(it)),
            size => writeln!(f, "(a package of {size} bytes)"),
        }
    }
}
