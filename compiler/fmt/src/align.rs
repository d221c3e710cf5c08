//! Neighbours of one form stand in columns, as do the comments behind neighbours.

use std::collections::BTreeSet;

use crate::flat::{SPELLED, WIDTH, width};

/// So many spaces at most for the sake of a column.
pub const MAX_PADDING: usize = 32;

/// An entry as lines.
pub struct Row {
    /// Comments, docs, notes and the blank line above it.
    pub above: Vec<String>,
    /// Its lines.
    pub lines: Vec<String>,
    /// What it looks like.
    pub form: Form,
    /// Where the columns of its first line begin.
    pub marks: Vec<Mark>,
    /// The comment behind it.
    pub comment: Option<String>,
}

/// Rows of one form may stand in one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// It stands in no table, and ends one.
    #[default]
    Alone,
    /// It stands in no table, and does not end one.
    Neutral,
    /// `name = value`
    Attribute,
    /// `a -> b : verb`
    Edge,
    /// A field or output of a resource type with its spelling.
    Spelled,
    /// A declaration that begins with this word.
    Word(String),
}

/// What begins a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// `=`
    Equals,
    /// `->`
    Arrow,
    /// `:`
    Verb,
    /// `in`, `via`
    Place,
    /// `{`
    Body,
}

/// A column of a line.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// What begins there.
    pub column: Column,
    /// After how many characters.
    pub at: usize,
}

/// Puts rows into columns, and the comments behind them.
pub fn align(rows: &mut [Row]) {
    for run in runs(rows) {
        columns(rows, run, 0);
    }
    comments(rows);
}

/// The numbers of neighbouring rows of one form, with nothing between them. Between fields of a resource type
/// docs may stand, but no blank line.
fn runs(rows: &[Row]) -> Vec<Vec<usize>> {
    let mut runs = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    let mut form = &Form::Alone;
    for (number, row) in rows.iter().enumerate() {
        let apart = match row.form {
            Form::Spelled | Form::Neutral => row.above.iter().any(String::is_empty),
            Form::Alone | Form::Attribute | Form::Edge | Form::Word(_) => !row.above.is_empty(),
        };
        if apart || (row.form != Form::Neutral && row.form != *form) {
            runs.push(std::mem::take(&mut run));
        }
        if row.form != Form::Neutral {
            form = &row.form;
            run.push(number);
        }
    }
    runs.push(run);
    runs.retain(|it| it.len() > 1);
    runs
}

/// Puts these rows into one column, then into the next ones. Neighbours that do not fit make a table of their own.
fn columns(rows: &mut [Row], run: Vec<usize>, number: usize) {
    let mark = |it: &usize| rows.get(*it).and_then(|it| it.marks.get(number));
    let Some(column) = run.iter().find_map(mark).map(|it| it.column) else {
        return;
    };
    let run: Vec<usize> = run
        .into_iter()
        .filter(|it| mark(it).is_some_and(|it| it.column == column))
        .collect();
    let parts: Vec<Part> = run
        .iter()
        .filter_map(|it| Some(part(rows.get(*it)?, number)))
        .collect();
    let Some(place) = best(&parts) else { return };
    let mut aligned = Vec::new();
    let mut left: Vec<Vec<usize>> = vec![Vec::new()];
    for (it, part) in run.into_iter().zip(parts) {
        match rows.get_mut(it) {
            Some(row) if part.fits(place) => {
                pad(row, number, place - part.before);
                aligned.push(it);
                left.push(Vec::new());
            }
            _ => left.last_mut().into_iter().for_each(|left| left.push(it)),
        }
    }
    columns(rows, aligned, number + 1);
    for neighbours in left.into_iter().filter(|it| it.len() > 1) {
        columns(rows, neighbours, number);
    }
}

/// What counts of a row for a column.
pub struct Part {
    /// How wide it is before the column.
    pub before: usize,
    /// And behind.
    pub after: usize,
    /// How wide it may be.
    pub limit: usize,
    /// How much it may be padded.
    pub padding: usize,
}

impl Part {
    /// Whether its column can be there.
    pub fn fits(&self, column: usize) -> bool {
        self.before <= column
            && column - self.before <= self.padding
            && column + self.after <= self.limit
    }
}

fn part(row: &Row, number: usize) -> Part {
    let at = row.marks.get(number).map_or(0, |it| it.at);
    let line = row.lines.first().map_or(0, |it| width(it));
    let spelled = row.form == Form::Spelled;
    Part {
        before: at,
        after: line.saturating_sub(at),
        limit: if spelled { SPELLED } else { WIDTH },
        padding: if spelled { SPELLED } else { MAX_PADDING },
    }
}

/// The column in which most of them fit, of several the first; `None` if none fits anywhere.
pub fn best(parts: &[Part]) -> Option<usize> {
    let own = parts.iter().filter(|it| it.fits(it.before));
    let places: BTreeSet<usize> = own.map(|it| it.before).collect();
    let count = |place: usize| parts.iter().filter(|it| it.fits(place)).count();
    places.into_iter().rev().max_by_key(|it| count(*it))
}

fn pad(row: &mut Row, number: usize, by: usize) {
    let Some(at) = row.marks.get(number).map(|it| it.at) else {
        return;
    };
    if let Some(line) = row.lines.first_mut() {
        let byte = line.char_indices().nth(at).map_or(line.len(), |(at, _)| at);
        line.insert_str(byte, &" ".repeat(by));
    }
    for mark in row.marks.iter_mut().skip(number) {
        mark.at += by;
    }
}

/// Writes the comments behind the rows, in a column where neighbours have some.
fn comments(rows: &mut [Row]) {
    let mut run: Vec<usize> = Vec::new();
    let mut widest = 0;
    for number in 0..rows.len() {
        let Some(row) = rows.get(number) else { break };
        let own = row.lines.last().map_or(0, |it| width(it));
        let apart = !row.above.is_empty() || row.lines.len() > 1 || row.comment.is_none();
        if apart || own.abs_diff(widest) > MAX_PADDING {
            place(rows, &std::mem::take(&mut run), widest);
            widest = 0;
        }
        if rows.get(number).is_some_and(|it| it.comment.is_some()) {
            run.push(number);
            widest = widest.max(own);
        }
    }
    place(rows, &run, widest);
}

fn place(rows: &mut [Row], run: &[usize], widest: usize) {
    for number in run {
        let Some(row) = rows.get_mut(*number) else {
            continue;
        };
        let (Some(line), Some(comment)) = (row.lines.last_mut(), &row.comment) else {
            continue;
        };
        let padding = widest.saturating_sub(width(line)) + 2;
        line.push_str(&" ".repeat(padding));
        line.push_str(comment);
    }
}
