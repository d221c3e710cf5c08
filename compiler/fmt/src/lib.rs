//! Text to text: the one layout of a `.topo` file. Only white space, commas and line breaks change, and the few
//! redundant things that `trim` names go.
//!
//! Reading order: `tree` (entries, pieces, groups), `read` (tokens and comments to that tree), `trim`, then the
//! layout: `gaps` between pieces, `flat` on one line, `entry` and `group` on several, `block` one below the other,
//! `align` in columns. `same` proves the result.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the layout names the tokens that it treats in their own way"
)]

mod align;
mod block;
mod broken;
mod chain;
mod entry;
mod flat;
mod form;
mod gaps;
mod group;
mod items;
mod out;
mod read;
mod same;
mod tree;
mod trim;

#[cfg(test)]
mod tests;

use topoc_diagnostics::{Code, Diagnostic, Diagnostics, FileId};
use topoc_syntax::{Token, ast::ExprIds, lex_with_comments, parse};

/// A text in its layout.
pub struct Formatted {
    /// The text; ends with a line break unless it is empty.
    pub text: String,
    /// Whether something could not be read; it stands as it was.
    pub broken: bool,
}

/// Lays `text` out. What cannot be read stays as it is.
///
/// INVARIANT (same meaning): the result has the tokens of `text`, in order and separated as they were, without what is
/// redundant, and all its comments, and a text with mistakes has the same ones. If that should not hold, the text comes back as it was.
pub fn format(text: &str) -> Formatted {
    let text = normal(text);
    let mut reports = Diagnostics::default();
    let (tokens, comments) = lex_with_comments(FileId(0), &text, &mut reports);
    if is_too_deep(&tokens) {
        return Formatted { text, broken: true };
    }
    let all = mistakes(&text);
    let codes = codes(&all);
    let broken = broken::Broken::new(reports.sorted(), all);
    let has_errors = broken.any();
    let mut tree = read::read(&text, &tokens, &comments, broken);
    let mut redundant = Vec::new();
    // Where something is wrong, what looks redundant may be what is wrong.
    if !has_errors {
        trim::trim(&mut tree, &mut redundant);
    }
    let laid_out = block::file(&tree);
    // Where a bracket is missing, indentation alone may say where.
    let kept = same::same(&text, &laid_out, &redundant)
        && (!has_errors || codes == self::codes(&mistakes(&laid_out)));
    Formatted {
        text: if kept { laid_out } else { text },
        broken: has_errors,
    }
}

fn mistakes(text: &str) -> Vec<Diagnostic> {
    let mut all = Diagnostics::default();
    parse(FileId(0), text, &ExprIds::default(), &mut all);
    all.sorted()
}

fn codes(reports: &[Diagnostic]) -> Vec<Code> {
    reports.iter().map(|it| it.code).collect()
}

/// How deep brackets may nest; the parser allows less.
const MAX_DEPTH: usize = 200;

fn is_too_deep(tokens: &[Token]) -> bool {
    let mut depth = 0_usize;
    tokens.iter().any(|it| {
        if it.kind.opens() {
            depth += 1;
        } else if it.kind.closes() {
            depth = depth.saturating_sub(1);
        }
        depth > MAX_DEPTH
    })
}

/// Without a byte order mark and carriage returns at the ends of lines.
fn normal(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.split('\n').map(|it| it.trim_end_matches('\r'));
    lines.collect::<Vec<_>>().join("\n")
}
