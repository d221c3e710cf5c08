//! A program: every file that its root reaches, and the library files it mentions.

use topoc_diagnostics::{FileId, SharedText};
use ustr::Ustr;

use crate::ast;

/// The files of a program: the root first, then what it uses, then the library's, each group in the order of loading.
#[derive(Clone, Debug)]
pub struct Program {
    /// INVARIANT (positions): `files[i].id == FileId(i)`.
    pub files: Vec<LoadedFile>,
    /// How many expressions there are: every [`ast::ExprId`] is below.
    pub exprs: usize,
}

/// A file with its tree.
#[derive(Clone, Debug)]
pub struct LoadedFile {
    /// Its number, equal to its position.
    pub id: FileId,
    /// The path for messages: relative to the root's folder; `std/…` for library files.
    pub path: String,
    /// Its text.
    pub text: SharedText,
    /// Its tree.
    pub ast: ast::File,
    /// Where it comes from.
    pub origin: Origin,
    /// The files it uses, with the alias, in source order.
    pub uses: Vec<(FileId, Option<Ustr>)>,
}

/// Where a file comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The file given on the command line.
    Root,
    /// A file that another one uses.
    User,
    /// A file of the library.
    Library {
        /// Its name space: the folder, `iam`.
        service: Ustr,
    },
}
