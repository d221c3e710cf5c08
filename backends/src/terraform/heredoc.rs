//! Texts of several lines, as a person would write them: scripts, functions, messages.

use topoc_ir::{Doc, LateDoc, Piece};

use super::print::Hcl;
use super::value;
use crate::names::Names;

/// Whether a document is a text of several whole lines that needs no escapes.
///
/// Its first line begins at the margin, so that `<<-` takes away exactly what the printer adds.
pub fn suits(doc: &Doc) -> bool {
    match doc {
        Doc::Text(text) => suits_pieces(&[Piece::Text(*text)]),
        Doc::Template(pieces) => suits_pieces(pieces),
        Doc::Bool(_)
        | Doc::Int(_)
        | Doc::Float(_)
        | Doc::Late(_)
        | Doc::Typed(..)
        | Doc::Package(_)
        | Doc::List(_)
        | Doc::Block(_)
        | Doc::Object(_)
        | Doc::Slice(..)
        | Doc::Encoded(_) => false,
    }
}

fn suits_pieces(pieces: &[Piece]) -> bool {
    let ends = matches!(pieces.last(), Some(Piece::Text(it)) if it.ends_with('\n'));
    let begins = match pieces.first() {
        Some(Piece::Text(it)) => !it.starts_with(char::is_whitespace),
        Some(Piece::Late(_)) => true,
        None => false,
    };
    if !ends || !begins {
        return false;
    }
    let texts = pieces.iter().map(|it| match it {
        Piece::Text(text) => text.as_str(),
        Piece::Late(_) => "",
    });
    let several = texts
        .clone()
        .map(|it| it.matches('\n').count())
        .sum::<usize>()
        > 1;
    several && texts.into_iter().all(is_plain) && pieces.iter().all(|it| !is_resolve(it))
}

fn is_plain(text: &str) -> bool {
    let odd = |it: char| it.is_control() && it != '\n' && it != '\t';
    !text.contains(odd) && !text.lines().any(|line| line.trim() == "EOT")
}

fn is_resolve(piece: &Piece) -> bool {
    matches!(piece, Piece::Late(LateDoc::Resolve(_)))
}

/// Writes a text for which [`suits`] holds.
pub fn write(hcl: &mut Hcl, names: &Names<'_>, pieces: &[Piece]) {
    hcl.begin_heredoc();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => {
                let (before, dollars) = value::before_hole(text, at + 1 < pieces.len());
                hcl.heredoc_text(before);
                if !dollars.is_empty() {
                    hcl.heredoc_margin();
                }
                value::hold_back(hcl, dollars);
            }
            Piece::Late(late) => {
                hcl.heredoc_margin();
                hcl.push("${");
                value::late(hcl, names, late);
                hcl.push("}");
            }
        }
    }
    hcl.end_heredoc();
}
