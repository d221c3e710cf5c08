//! Text to tree: `lex`, `parse`, `load`, and the tree itself.

pub mod ast;
mod hints;
mod lex;
mod library;
mod load;
mod parse;
mod program;
mod sources;

pub use hints::{Hint, Spelled};
pub use lex::{Comment, Kind, Token, lex, lex_with_comments};
pub use library::{Library, Words};
pub use load::load;
pub use parse::parse;
pub use program::{LoadedFile, Origin, Program};
pub use sources::Sources;
