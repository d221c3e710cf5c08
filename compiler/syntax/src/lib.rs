//! Text to tree: `lex`, `parse`, `load`, and the tree itself. `frozen` keeps the library's trees as bytes.

pub mod ast;
mod frozen;
mod hints;
mod lex;
mod library;
mod load;
mod parse;
mod program;
mod sources;

pub use frozen::{FrozenNames, Thawing, freeze};
pub use hints::{By, Hint, Spelled};
pub use lex::{Comment, Kind, Token, lex, lex_with_comments};
pub use library::{Declaration, Library, Words};
pub use load::{load, load_library};
pub use parse::{Mention, mentions, parse};
pub use program::{LoadedFile, Origin, Program};
pub use sources::{Entry, Sources};
