//! What stands on one line, and what on several.

use topoc_ir::{Doc, LateDoc, Piece, Reference};
use ustr::Ustr;

use super::heredoc;
use super::print::Shape;
use crate::names::Names;

/// A list stands on one line up to this width.
const WIDE: usize = 88;

/// An object of one entry stands on one line up to this width.
const NARROW: usize = 72;

/// How the value of an attribute or entry stands.
pub fn shape(names: &Names<'_>, doc: &Doc) -> Shape {
    if heredoc::suits(doc) {
        Shape::Heredoc
    } else if !is_flat(names, doc) {
        Shape::Brackets
    } else {
        Shape::Line
    }
}

/// Whether an expression stands on one line.
pub fn is_flat(names: &Names<'_>, doc: &Doc) -> bool {
    width(names, doc).is_some()
}

/// Whether a record stands on one line as an item of a list.
pub fn is_row(names: &Names<'_>, fields: &[(Ustr, Doc)]) -> bool {
    row_width(names, fields).is_some()
}

/// The width of what stands on one line, `None` for what needs several.
fn width(names: &Names<'_>, doc: &Doc) -> Option<usize> {
    match doc {
        Doc::Bool(_) | Doc::Int(_) | Doc::Float(_) => Some(6),
        Doc::Text(it) => Some(it.len() + 2),
        Doc::Package(path) => Some(path.len() + 17),
        Doc::Template(pieces) => Some(
            2 + pieces
                .iter()
                .map(|it| piece_width(names, it))
                .sum::<usize>(),
        ),
        Doc::Late(it) | Doc::Typed(it, _) => Some(late_width(names, it)),
        Doc::Slice(it, _) => Some(late_width(names, it) + 20),
        Doc::List(items) => list_width(names, items),
        Doc::Block(fields) | Doc::Object(fields) => object_width(names, fields),
        Doc::Encoded(inner) => width(names, inner).map(|it| it + 12),
    }
}

fn object_width(names: &Names<'_>, fields: &[(Ustr, Doc)]) -> Option<usize> {
    match fields {
        [] => Some(2),
        [(_, doc)] if heredoc::suits(doc) => None,
        [(key, doc)] => {
            let total = key.len() + width(names, doc)? + 9;
            (total <= NARROW).then_some(total)
        }
        _ => None,
    }
}

/// Two or three plain values.
fn row_width(names: &Names<'_>, fields: &[(Ustr, Doc)]) -> Option<usize> {
    if !matches!(fields.len(), 2 | 3) {
        return None;
    }
    let mut total = 2;
    for (key, doc) in fields {
        let plain =
            !matches!(doc, Doc::List(_) | Doc::Block(_) | Doc::Object(_)) && !heredoc::suits(doc);
        total += key.len() + 5 + width(names, doc).filter(|_| plain)?;
    }
    (total <= WIDE).then_some(total)
}

/// One item stays on the line of its brackets, however long it is; several records have a line each.
fn list_width(names: &Names<'_>, items: &[Doc]) -> Option<usize> {
    let mut total = 2;
    for doc in items {
        let row = doc.fields().filter(|_| items.len() == 1);
        let row = row.and_then(|it| row_width(names, it));
        total += row.or_else(|| width(names, doc))? + 2;
        if total > WIDE && items.len() > 1 {
            return None;
        }
    }
    Some(total)
}

fn piece_width(names: &Names<'_>, piece: &Piece) -> usize {
    match piece {
        Piece::Text(text) => text.len(),
        Piece::Late(it) => late_width(names, it) + 3,
    }
}

fn late_width(names: &Names<'_>, late: &LateDoc) -> usize {
    match late {
        LateDoc::Input(name) => name.len() + 4,
        LateDoc::Resource(id, reference) | LateDoc::Lookup(id, reference) => {
            let path = match reference {
                Reference::Id => 2,
                Reference::Path(path) => path.len(),
            };
            path + names
                .of(*id)
                .map_or(0, |it| it.ty.len() + it.name.len() + 2)
        }
        LateDoc::Account | LateDoc::ZoneSlot(_) | LateDoc::Resolve(_) => 45,
    }
}
