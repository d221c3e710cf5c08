//! Text to tree: `lex`, `parse`, and the tree itself.

pub mod ast;
mod lex;
mod parse;
mod program;
mod sources;

pub use lex::{Kind, Token, lex};
pub use parse::parse;
pub use program::{LoadedFile, Origin, Program};
pub use sources::Sources;
