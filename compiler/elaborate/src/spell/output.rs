//! Outputs of CloudFormation are texts: lists are joined by commas, records are JSON.

use topoc_ir::{Doc, Piece};
use ustr::Ustr;

/// The same as one text.
pub(crate) fn as_text(doc: Doc) -> Doc {
    match doc {
        Doc::Bool(it) => Doc::Text(Ustr::from(&it.to_string())),
        Doc::Int(it) => Doc::Text(Ustr::from(&it.to_string())),
        Doc::Float(it) => Doc::Text(Ustr::from(&it.normalize().to_string())),
        Doc::List(items) => joined(items),
        Doc::Block(_) | Doc::Object(_) => Doc::Encoded(Box::new(doc)),
        Doc::Text(_)
        | Doc::Template(_)
        | Doc::Late(_)
        | Doc::Typed(..)
        | Doc::Slice(..)
        | Doc::Package(_)
        | Doc::Encoded(_) => doc,
    }
}

fn joined(items: Vec<Doc>) -> Doc {
    let mut pieces: Vec<Piece> = Vec::new();
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            push_text(&mut pieces, ",");
        }
        match as_text(item.clone()) {
            Doc::Text(text) | Doc::Package(text) => push_text(&mut pieces, &text),
            Doc::Late(late) | Doc::Typed(late, _) => pieces.push(Piece::Late(late)),
            Doc::Template(inner) => inner.into_iter().for_each(|it| match it {
                Piece::Text(text) => push_text(&mut pieces, &text),
                late @ Piece::Late(_) => pieces.push(late),
            }),
            Doc::Bool(_)
            | Doc::Int(_)
            | Doc::Float(_)
            | Doc::List(_)
            | Doc::Block(_)
            | Doc::Object(_)
            | Doc::Slice(..)
            | Doc::Encoded(_) => return Doc::Encoded(Box::new(Doc::List(items))),
        }
    }
    match pieces.as_slice() {
        [] => Doc::Text(ustr::name!("")),
        [Piece::Text(text)] => Doc::Text(*text),
        _ => Doc::Template(pieces),
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(last)) => *last = Ustr::from(&format!("{last}{text}")),
        _ => pieces.push(Piece::Text(Ustr::from(text))),
    }
}
