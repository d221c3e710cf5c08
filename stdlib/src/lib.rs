//! The library of topo: everything the compiler does not know itself, as `.topo` files in the folders beside this one.
//! They are read when the compiler is built (`build`).

use topoc_syntax::{Declaration, Library};

/// The library that comes with the compiler.
pub const LIBRARY: Library = include!(concat!(env!("OUT_DIR"), "/library.rs"));
