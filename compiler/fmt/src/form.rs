//! Which entries stand in one table, and where its columns are.

use topoc_syntax::Kind;

use crate::align::{Column, Form, Mark};
use crate::flat::{flat, width};
use crate::gaps::gaps;
use crate::tree::Piece;

/// The form of an entry and the columns that its first line has.
pub fn form(
    pieces: &[Piece<'_>],
    lines: &[String],
    indent: usize,
    of_type: bool,
) -> (Form, Vec<Mark>) {
    let (form, columns) = shape(pieces, of_type, lines.len() == 1);
    let first = lines.first().map(String::as_str).unwrap_or_default();
    let gaps: Vec<bool> = gaps(pieces).collect();
    let mut marks = Vec::new();
    for (column, piece) in columns {
        let head = pieces.get(..piece).and_then(flat);
        let gap = gaps.get(piece).copied().unwrap_or_default();
        let Some(head) = head.filter(|it| gap && starts_with(first, indent, it)) else {
            break;
        };
        marks.push(Mark {
            column,
            at: indent + width(&head) + 1,
        });
    }
    (form, marks)
}

fn starts_with(line: &str, indent: usize, head: &str) -> bool {
    let rest = line.get(indent..).and_then(|it| it.strip_prefix(head));
    rest.is_some_and(|it| it.starts_with(' '))
}

/// The form, and which piece begins each column.
fn shape(pieces: &[Piece<'_>], of_type: bool, one_line: bool) -> (Form, Vec<(Column, usize)>) {
    let position = |kind: Kind| pieces.iter().position(|it| it.is(kind));
    let equals = position(Kind::Equals);
    let arrow = position(Kind::Arrow);
    let colon = position(Kind::Colon);
    let word = pieces.first().map(Piece::word).unwrap_or_default();
    let last = pieces.len().saturating_sub(1);
    let body = pieces
        .last()
        .is_some_and(|it| it.kind() == Some(Kind::LeftBrace))
        .then_some((Column::Body, last));
    if pieces.len() == 1 || (of_type && !is_spelling(pieces.last()) && equals != Some(1)) {
        return (Form::Neutral, Vec::new());
    }
    if equals == Some(1) {
        return (Form::Attribute, vec![(Column::Equals, 1)]);
    }
    if of_type {
        let form = if one_line {
            Form::Spelled
        } else {
            Form::Neutral
        };
        return (form, body.into_iter().collect());
    }
    if !one_line {
        return (Form::Alone, Vec::new());
    }
    match word {
        "let" | "output" | "type" | "protocol" => {
            let marks = equals.map(|it| (Column::Equals, it));
            (Form::Word(word.to_owned()), marks.into_iter().collect())
        }
        "edge" | "kind" | "trait" | "rule" | "test" | "param" | "input" | "grant" | "opens"
        | "needs" | "acts" | "use" | "moved" | "means" | "listens" | "collect" | "" => {
            let edge = arrow.zip(colon).filter(|_| word.is_empty());
            edge.map_or((Form::Alone, Vec::new()), edge_form)
        }
        _ => match (
            arrow.zip(colon),
            equals.or(position(Kind::PlusEquals)),
            colon,
        ) {
            (Some(edge), _, _) => edge_form(edge),
            (None, None, None) => {
                let via = pieces.iter().position(|it| it.word() == "via");
                let place = position(Kind::In).map(|it| (Column::Place, it));
                let via = via.filter(|_| matches!(word, "access" | "route"));
                let via = via.map(|it| (Column::Place, it));
                let marks = place.or(via).into_iter().chain(body);
                (Form::Word(word.to_owned()), marks.collect())
            }
            _ => (Form::Alone, Vec::new()),
        },
    }
}

fn edge_form((arrow, colon): (usize, usize)) -> (Form, Vec<(Column, usize)>) {
    let marks = vec![(Column::Arrow, arrow), (Column::Verb, colon)];
    (Form::Edge, marks)
}

/// `{ cfn = … }`
pub fn is_spelling(piece: Option<&Piece<'_>>) -> bool {
    let first = piece
        .and_then(Piece::group)
        .and_then(|it| it.entries.list.first());
    let Some([target, equals, ..]) = first.map(|it| it.pieces.as_slice()) else {
        return false;
    };
    matches!(target.word(), "cfn" | "terraform" | "pulumi") && equals.is(Kind::Equals)
}
