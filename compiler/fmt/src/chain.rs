//! `if … { … } else { … }` as a statement: a table of one-line branches, or all branches over several lines.

use topoc_syntax::Kind;

use crate::entry::anyhow;
use crate::flat::{WIDTH, fitting, flat_group, width};
use crate::group;
use crate::out::Out;
use crate::tree::{Group, Piece};

/// `else if c`, `{ … }`, and the comment behind it.
struct Branch<'p, 't> {
    head: &'p [Piece<'t>],
    body: &'p Group<'t>,
    comment: Option<&'t str>,
}

/// Writes it; `false` if comments stand where they cannot be kept so.
pub fn chain(pieces: &[Piece<'_>], indent: usize, out: &mut Out) -> bool {
    let Some(branches) = branches(pieces) else {
        return false;
    };
    match table(&branches, indent) {
        Some(lines) => {
            let mut lines = lines.into_iter();
            out.push(lines.next().unwrap_or_default().trim_start());
            out.below(lines.collect());
        }
        None => spread(&branches, indent, out),
    }
    true
}

fn branches<'p, 't>(pieces: &'p [Piece<'t>]) -> Option<Vec<Branch<'p, 't>>> {
    let mut found = Vec::new();
    let mut rest = pieces;
    while !rest.is_empty() {
        let end = rest.iter().skip(1).position(|it| it.is(Kind::Else));
        let (part, after) = match end {
            Some(at) => rest.split_at_checked(at + 1)?,
            None => (rest, Default::default()),
        };
        found.push(branch(part)?);
        rest = after;
    }
    Some(found)
}

fn branch<'p, 't>(part: &'p [Piece<'t>]) -> Option<Branch<'p, 't>> {
    let (part, comment) = match part {
        [rest @ .., Piece::Comment { text, own_line }] if !own_line => (rest, Some(*text)),
        _ => (part, None),
    };
    match part {
        [head @ .., Piece::Group(body)] if body.open == Kind::LeftBrace => {
            let quiet = !head.iter().any(|it| matches!(it, Piece::Comment { .. }));
            quiet.then_some(Branch {
                head,
                body,
                comment,
            })
        }
        _ => None,
    }
}

/// Each branch on its line, the bodies below each other.
fn table(branches: &[Branch<'_, '_>], indent: usize) -> Option<Vec<String>> {
    let room = WIDTH.saturating_sub(indent);
    let rows: Vec<(String, String, Option<&str>)> = branches
        .iter()
        .map(|it| Some((fitting(it.head, room)?, flat_group(it.body)?, it.comment)))
        .collect::<Option<_>>()?;
    let widest = rows.iter().map(|(head, _, _)| width(head)).max()?;
    let fits = |column: usize| {
        let mut rows = rows.iter();
        rows.all(|(head, body, _)| column.max(width(head)) + 1 + width(body) <= room)
    };
    let column = if fits(widest) { widest } else { 0 };
    if !fits(column) {
        return None;
    }
    let lines = rows.iter().map(|(head, body, comment)| {
        let comment = comment.map(|it| format!("  {it}")).unwrap_or_default();
        format!("{:indent$}{head:column$} {body}{comment}", "")
    });
    Some(lines.collect())
}

fn spread(branches: &[Branch<'_, '_>], indent: usize, out: &mut Out) {
    for (number, branch) in branches.iter().enumerate() {
        if number > 0 {
            out.space();
        }
        anyhow(branch.head, indent, out);
        out.space();
        group::tall(branch.body, indent, out);
        if let Some(comment) = branch.comment {
            out.push("  ");
            out.push(comment);
            if number + 1 < branches.len() {
                out.newline(indent);
            }
        }
    }
}
