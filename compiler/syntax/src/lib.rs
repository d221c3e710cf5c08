//! Text to tree: `lex`, `parse`, and the tree itself.

pub mod ast;
mod lex;

pub use lex::{Kind, Token, lex};
