//! Entries one below the other.

use topoc_syntax::Kind;

use crate::align::{self, MAX_PADDING, Part, Row};
use crate::entry::{Margin, Role, entry};
use crate::flat::{SPELLED, WIDTH, fitting, width};
use crate::form::{form, is_spelling};
use crate::out::Out;
use crate::tree::{Above, AboveKind, Entries, Entry, Group, Piece};

/// A whole file.
pub fn file(entries: &Entries<'_>) -> String {
    let lines = block(entries, 0, None);
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end_matches(' '));
        text.push('\n');
    }
    text
}

/// The lines of entries, in these brackets.
pub fn block(entries: &Entries<'_>, indent: usize, group: Option<&Group<'_>>) -> Vec<String> {
    let reserved = reserved(&entries.list);
    let rows = entries.list.iter().zip(reserved).enumerate();
    let rows = rows.map(|(number, (it, reserved))| {
        let next = entries.list.get(number + 1);
        row(it, next, indent, group, reserved)
    });
    let mut rows: Vec<Row> = rows.collect();
    if group.is_some_and(|it| it.of_type) {
        join_targets(&entries.list, &mut rows, indent);
    }
    align::align(&mut rows);
    let mut lines = Vec::new();
    for row in rows {
        lines.extend(row.above);
        lines.extend(row.lines);
    }
    above(&entries.tail, indent, &mut lines);
    if lines.first().is_some_and(String::is_empty) {
        lines.remove(0);
    }
    lines
}

/// How much room each attribute needs, so that the `=` of neighbours stand in a column whatever their values are.
fn reserved(entries: &[Entry<'_>]) -> Vec<usize> {
    let mut reserved = vec![0; entries.len()];
    let mut run: Vec<(usize, Part)> = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        if entry.blank || !entry.above.is_empty() {
            settle(&mut run, &mut reserved);
        }
        match entry.pieces.as_slice() {
            [_] => {}
            [Piece::Token(name), equals, ..] if equals.is(Kind::Equals) => run.push((
                number,
                Part {
                    before: width(name.text),
                    after: 0,
                    limit: WIDTH,
                    padding: MAX_PADDING,
                },
            )),
            _ => settle(&mut run, &mut reserved),
        }
    }
    settle(&mut run, &mut reserved);
    reserved
}

fn settle(run: &mut Vec<(usize, Part)>, reserved: &mut [usize]) {
    let (numbers, parts): (Vec<usize>, Vec<Part>) = std::mem::take(run).into_iter().unzip();
    let Some(place) = align::best(&parts) else {
        return;
    };
    for (number, part) in numbers.into_iter().zip(parts) {
        if let Some(width) = reserved.get_mut(number)
            && part.fits(place)
        {
            *width = place - part.before;
        }
    }
}

fn row(
    it: &Entry<'_>,
    next: Option<&Entry<'_>>,
    indent: usize,
    group: Option<&Group<'_>>,
    reserved: usize,
) -> Row {
    let open = group.map(|it| it.open);
    let role = match open {
        None | Some(Kind::LeftBrace) => Role::Statement,
        Some(_) => Role::Value,
    };
    let alone = open == Some(Kind::LeftParen) && group.is_some_and(|it| it.entries.list.len() == 1);
    let margin = if alone {
        Margin {
            indent,
            further: indent,
        }
    } else {
        Margin::at(indent)
    };
    let mut lines_above = Vec::new();
    above(&it.above, indent, &mut lines_above);
    let tied = matches!(
        it.above.last().map(|it| &it.kind),
        Some(AboveKind::Doc(_) | AboveKind::Note(_))
    );
    if it.blank && !tied {
        lines_above.push(String::new());
    }
    let mut out = Out::new(indent);
    let of_type = group.is_some_and(|it| it.of_type);
    let spelled = (of_type && is_spelling(it.pieces.last()))
        .then(|| fitting(&it.pieces, SPELLED.saturating_sub(indent)));
    match spelled.flatten() {
        Some(line) => out.push(&line),
        None => {
            out.reserve(reserved);
            entry(&it.pieces, margin, role, &mut out);
        }
    }
    if next.is_some_and(|next| open == Some(Kind::LeftParen) || goes_on(next)) && open.is_some() {
        out.push(",");
    }
    let mut row = Row {
        above: lines_above,
        lines: out.lines(),
        form: Default::default(),
        marks: Vec::new(),
        comment: it.trailing.map(str::to_owned),
    };
    if role == Role::Statement {
        (row.form, row.marks) = form(&it.pieces, &row.lines, indent, of_type);
    }
    row
}

/// Whether an entry on a line of its own would go on with the line before: a comma has to stand between.
fn goes_on(entry: &Entry<'_>) -> bool {
    let word = entry.pieces.first().map(Piece::word).unwrap_or_default();
    let second = entry.pieces.get(1);
    matches!(word, "because" | "help" | "as" | "where" | "on")
        && second.is_some_and(|it| !it.is(Kind::Equals) && !it.is(Kind::Colon))
}

/// Comments, docs and notes; docs above notes.
fn above(all: &[Above<'_>], indent: usize, lines: &mut Vec<String>) {
    let mut ordered: Vec<&Above<'_>> = all.iter().collect();
    let docs = all.iter().filter(|it| matches!(it.kind, AboveKind::Doc(_)));
    let together = all
        .windows(2)
        .filter(|it| matches!(it, [a, b] if is_doc(a) != is_doc(b)))
        .count();
    let comments = all
        .iter()
        .any(|it| matches!(it.kind, AboveKind::Comment(_)));
    if docs.count() > 0 && together == 1 && !comments {
        ordered.sort_by_key(|it| !is_doc(it));
    }
    let mut tied = false;
    for (number, it) in ordered.into_iter().enumerate() {
        if it.blank && !(tied && number > 0) {
            lines.push(String::new());
        }
        let mut out = Out::new(indent);
        match &it.kind {
            AboveKind::Comment(text) | AboveKind::Doc(text) => out.push(text),
            AboveKind::Note(pieces) => {
                entry(pieces, Margin::at(indent), Role::Statement, &mut out);
            }
        }
        tied = !matches!(it.kind, AboveKind::Comment(_));
        lines.extend(out.lines());
    }
}

fn is_doc(it: &Above<'_>) -> bool {
    matches!(it.kind, AboveKind::Doc(_))
}

/// `cfn = …, terraform = …, pulumi = …` at the head of a type, on one line if they fit.
fn join_targets(entries: &[Entry<'_>], rows: &mut Vec<Row>, indent: usize) {
    let is_target = |it: &Entry<'_>| {
        let mut pieces = it.pieces.iter();
        let word = pieces.next().map(Piece::word).unwrap_or_default();
        matches!(word, "cfn" | "terraform" | "pulumi")
            && pieces.next().is_some_and(|it| it.is(Kind::Equals))
    };
    let Some(first) = entries.iter().position(is_target) else {
        return;
    };
    let count = entries
        .iter()
        .skip(first)
        .take_while(|it| is_target(it))
        .count();
    let Some(targets) = rows.get(first..first + count) else {
        return;
    };
    let plain = |(number, it): (usize, &Row)| {
        it.lines.len() == 1 && it.comment.is_none() && (number == 0 || it.above.is_empty())
    };
    if !targets.iter().enumerate().all(plain) {
        return;
    }
    let texts: Vec<&str> = targets
        .iter()
        .flat_map(|it| &it.lines)
        .map(|it| it.trim())
        .collect();
    let joined = texts.join(", ");
    if indent + width(&joined) > WIDTH {
        return;
    }
    let line = format!("{:indent$}{joined}", "");
    rows.drain(first + 1..first + count);
    if let Some(row) = rows.get_mut(first) {
        row.lines = vec![line];
        row.form = Default::default();
        row.marks.clear();
    }
}
