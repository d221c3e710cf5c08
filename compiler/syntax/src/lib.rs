//! Text to tree: `lex`, `parse`, and the tree itself.

pub mod ast;
