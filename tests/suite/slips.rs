//! One slip of the hand is a few reports, each at a place: every program, with one token deleted, doubled or swapped
//! with the next one, at places that are the same in every run.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use topoc_driver::{Compilation, Options, Severity, compile, judge};

use crate::cases::{self, Case, Changed, Folder, shown};
use crate::truncation::token_starts;

/// Slips for each program; `TOPOC_SLIPS` asks for more.
const SLIPS: usize = 5;
/// More reports than these are a cascade.
const MOST: usize = 6;

#[test]
fn one_slip_is_few_reports() {
    let count = std::env::var("TOPOC_SLIPS").ok();
    let count = count.and_then(|it| it.parse().ok()).unwrap_or(SLIPS);
    let mut random = Random(7);
    let mut seen = BTreeSet::new();
    let mut bad = Vec::new();
    for case in cases::all() {
        if !seen.insert(case.folder.clone()) {
            continue;
        }
        let text = fs::read_to_string(case.folder.join(&case.root)).unwrap_or_default();
        let starts = token_starts(&text);
        for _ in 0..count {
            let Some(slip) = Slip::new(&text, &starts, &mut random) else {
                continue;
            };
            bad.extend(slip.judge(&case, MOST));
        }
    }
    assert!(bad.is_empty(), "{} of them:\n{}", bad.len(), bad.join("\n"));
}

/// Reports of a quote that is missing: at its text, or one more where the rest of the line is strange.
const QUOTES: usize = 2;

#[test]
fn one_quote_is_few_reports() {
    let mut random = Random(3);
    let mut seen = BTreeSet::new();
    let mut bad = Vec::new();
    for case in cases::all() {
        if !seen.insert(case.folder.clone()) {
            continue;
        }
        let text = cases::text(&case.folder.join(&case.root));
        let quotes: Vec<usize> = quotes(&text);
        for _ in 0..SLIPS {
            let Some(at) = quotes.get(random.below(quotes.len())) else {
                continue;
            };
            let slip = Slip {
                what: format!("line {}: no quote", text[..*at].matches('\n').count() + 1),
                text: format!("{}{}", &text[..*at], &text[at + 1..]),
            };
            bad.extend(slip.judge(&case, QUOTES));
        }
    }
    assert!(bad.is_empty(), "{} of them:\n{}", bad.len(), bad.join("\n"));
}

/// Quotes of texts that stand on one line, outside of comments.
fn quotes(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or_default();
        if !line.contains("\"\"\"") && !code.contains(['\\', '{', '`']) {
            found.extend(code.match_indices('"').map(|it| start + it.0));
        }
        start += line.len();
    }
    found
}

/// A program with one mistake.
struct Slip {
    /// What was done, for people.
    what: String,
    text: String,
}

impl Slip {
    fn new(text: &str, starts: &[usize], random: &mut Random) -> Option<Slip> {
        let at = random.below(starts.len().checked_sub(2)?);
        let [a, b, c] = starts.get(at..at + 3)? else {
            return None;
        };
        let (before, one, two, after) = (&text[..*a], &text[*a..*b], &text[*b..*c], &text[*c..]);
        let line = before.matches('\n').count() + 1;
        let (word, text) = match random.below(3) {
            0 => ("deleted", format!("{before}{two}{after}")),
            1 => ("doubled", format!("{before}{one}{one}{two}{after}")),
            _ => ("swapped", format!("{before}{two}{one}{after}")),
        };
        let what = format!("line {line}: {one:?} {word}, before {two:?}");
        Some(Slip { what, text })
    }

    /// Says what is bad about the answer of the compiler.
    fn judge(&self, case: &Case, most: usize) -> Option<String> {
        let place = format!("{}, {}", case.name(), self.what);
        let run = AssertUnwindSafe(|| self.compile(case));
        let Ok(compilation) = catch_unwind(run) else {
            return Some(format!("{place}: panics"));
        };
        let errors = compilation.diagnostics.iter();
        let errors = errors.filter(|it| it.severity() != Severity::Warning);
        let (count, placeless) = errors.fold((0, false), |(count, placeless), it| {
            let is_placeless = it.primary.is_none() && !is_about_no_place(it.code.id());
            (count + 1, placeless | is_placeless)
        });
        let bad = count > most || placeless;
        bad.then(|| format!("{place}: {count} reports\n{}", shown(&compilation)))
    }

    fn compile(&self, case: &Case) -> Compilation {
        let sources = Changed {
            root: &case.root,
            text: &self.text,
            rest: Folder(case.folder.clone()),
        };
        let options = Options {
            env: case.env.clone(),
            ..Options::default()
        };
        let mut compilation = compile(&case.root, &sources, &options);
        judge(&mut compilation);
        compilation
    }
}

/// What is missing stands nowhere: the topology, an environment, a value.
fn is_about_no_place(code: &str) -> bool {
    matches!(code, "E0302" | "E0408" | "E0410")
}

/// The same numbers in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most.max(1)
    }
}
