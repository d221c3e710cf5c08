//! An output in pieces, each called by its heading, and what differs between two outputs.
//!
//! A piece is a resource, a parameter, an output. Its text is read as words: where lines break, how they are aligned and the commas
//! between entries say nothing. Nor do the comments between pieces.

use std::collections::BTreeMap;
use std::fmt;

use topoc_driver::OutputFile;

/// What one step changed.
#[derive(Debug)]
pub enum Change {
    /// A piece that was not there.
    New(String),
    /// A piece that is not there any more.
    Gone(String),
    /// Pieces that stand in another order; the first of them.
    Order(String),
    /// A piece with other words.
    Words {
        /// Its heading.
        of: String,
        /// In order.
        runs: Vec<Run>,
    },
}

/// Neighbouring words that only one side has.
#[derive(Debug)]
pub struct Run {
    /// Whether the second output has them.
    pub added: bool,
    /// The last name of an entry before them.
    pub key: String,
    /// The words.
    pub words: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New(it) => write!(f, "new {it}"),
            Self::Gone(it) => write!(f, "gone {it}"),
            Self::Order(it) => write!(f, "another order from {it}"),
            Self::Words { of, runs } => {
                write!(f, "in {of}")?;
                runs.iter().try_for_each(|it| {
                    let sign = if it.added { '+' } else { '-' };
                    write!(f, "\n      {}\n        {sign} {}", it.key, it.words)
                })
            }
        }
    }
}

/// A piece: its heading and its words.
type Piece = (String, Vec<String>);

/// What differs, in the order of the second output.
pub fn changes(before: &[OutputFile], after: &[OutputFile]) -> Vec<Change> {
    let (before, after) = (pieces(before), pieces(after));
    let (old, new) = (by_heading(&before), by_heading(&after));
    let mut found = Vec::new();
    for (of, words) in &after {
        match old.get(of.as_str()) {
            None => found.push(Change::New(of.clone())),
            Some(was) if *was != words => found.push(Change::Words {
                of: of.clone(),
                runs: difference(was, words),
            }),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|it| !new.contains_key(it.0.as_str()));
    found.extend(gone.map(|it| Change::Gone(it.0.clone())));
    found.extend(order(&before, &after, &old, &new));
    found
}

fn by_heading(pieces: &[Piece]) -> BTreeMap<&str, &Vec<String>> {
    let pieces = pieces.iter();
    pieces.map(|(of, it)| (of.as_str(), it)).collect()
}

/// The first of the pieces that stay as they are and stand in another order.
fn order(
    before: &[Piece],
    after: &[Piece],
    old: &BTreeMap<&str, &Vec<String>>,
    new: &BTreeMap<&str, &Vec<String>>,
) -> Option<Change> {
    let same = |(of, _): &&Piece| old.get(of.as_str()) == new.get(of.as_str());
    let mut pairs = before.iter().filter(same).zip(after.iter().filter(same));
    let moved = pairs.find(|(one, two)| one.0 != two.0);
    moved.map(|(one, _)| Change::Order(one.0.clone()))
}

/// The pieces of all files.
fn pieces(files: &[OutputFile]) -> Vec<Piece> {
    let mut found = Vec::new();
    for file in files {
        let depth = depth(&file.path);
        let mut section = String::new();
        for line in file.text.to_string().lines() {
            let indent = line.len() - line.trim_start().len();
            let words = words(line);
            let Some(first) = words.first() else { continue };
            let opens = indent <= depth && !["}", "]", ")"].contains(&first.as_str());
            if opens && indent < depth {
                section = heading(&words);
            }
            if opens && first.starts_with('#') {
                continue; // where the next pieces come from
            }
            if opens {
                let own = heading(&words);
                let own = if indent < depth { String::new() } else { own };
                let of = format!("{} {section} {own}", file.path);
                found.push((apart(of.trim_end(), &found), rest(words)));
            } else if let Some((_, all)) = found.last_mut().filter(|_| indent > depth) {
                all.extend(words);
            }
        }
    }
    found
}

/// A heading that no piece has yet: `provider "aws"` stands there once a region.
fn apart(heading: &str, found: &[Piece]) -> String {
    let mut own = heading.to_owned();
    while found.iter().any(|it| it.0 == own) {
        own.push('\'');
    }
    own
}

/// How far the entries are indented that are pieces.
fn depth(path: &str) -> usize {
    match path.rsplit_once('.') {
        Some((_, "json")) => 4,
        Some((_, "yaml")) => 2,
        _ => 0,
    }
}

/// What stands before the value: `"JobsMain":`, `resource "aws_sqs_queue" "jobs"`.
fn heading(words: &[String]) -> String {
    let end = words
        .iter()
        .position(|it| it == "{" || it == "=" || it.ends_with(':'));
    let with_colon = words.get(end.unwrap_or(0));
    match with_colon.filter(|it| it.ends_with(':')) {
        Some(it) => it.trim_matches([':', '"']).to_owned(),
        None => words[..end.unwrap_or(words.len())].join(" "),
    }
}

/// The words of a heading's line that belong to its piece: all but the bracket that opens it.
fn rest(mut words: Vec<String>) -> Vec<String> {
    let brackets = ["{", "}", "[", "]"];
    words.retain(|it| !brackets.contains(&it.as_str()));
    words
}

/// A line in words: texts in quotes, brackets, and what stands between spaces.
fn words(line: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut characters = line.trim().chars();
    while let Some(it) = characters.next() {
        match it {
            '"' => {
                word.push('"');
                while let Some(it) = characters.next() {
                    word.push(it);
                    match it {
                        '\\' => word.extend(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '$' => word.push('$'),
            '{' if word.ends_with('$') => {
                word.push('{');
                word.extend(characters.by_ref().take_while(|it| *it != '}'));
                word.push('}');
            }
            '{' | '}' | '[' | ']' | '(' | ')' => {
                found.push(std::mem::take(&mut word));
                found.push(it.to_string());
            }
            it if it.is_whitespace() || it == ',' => found.push(std::mem::take(&mut word)),
            it => word.push(it),
        }
    }
    found.push(word);
    found.retain(|it| !it.is_empty());
    found
}

/// The words that only one side has, by their longest common subsequence.
fn difference(before: &[String], after: &[String]) -> Vec<Run> {
    let mut common = vec![vec![0usize; after.len() + 1]; before.len() + 1];
    for (i, one) in before.iter().enumerate().rev() {
        for (j, two) in after.iter().enumerate().rev() {
            common[i][j] = if one == two {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut found, mut last) = (0, 0, Vec::new(), Vec::new());
    while i < before.len() || j < after.len() {
        if i < before.len() && j < after.len() && before[i] == after[j] {
            last.push(&before[i]);
            (i, j) = (i + 1, j + 1);
        } else if j == after.len() || i < before.len() && common[i + 1][j] >= common[i][j + 1] {
            add(&mut found, false, &last, &before[i]);
            i += 1;
        } else {
            add(&mut found, true, &last, &after[j]);
            j += 1;
        }
    }
    found
}

fn add(found: &mut Vec<Run>, added: bool, before: &[&String], word: &str) {
    let key = key(before);
    match found
        .last_mut()
        .filter(|it| it.added == added && it.key == key)
    {
        Some(it) => {
            it.words.push(' ');
            it.words.push_str(word);
        }
        None => found.push(Run {
            added,
            key,
            words: word.to_owned(),
        }),
    }
}

/// The last word that names an entry.
fn key(words: &[&String]) -> String {
    let named = |at: usize| {
        let equals = words.get(at + 1).is_some_and(|it| *it == "=");
        equals || words[at].ends_with(':') && !words[at].contains("::")
    };
    let at = (0..words.len()).rev().find(|at| named(*at));
    at.map_or("", |at| words[at])
        .trim_matches([':', '"'])
        .to_owned()
}
