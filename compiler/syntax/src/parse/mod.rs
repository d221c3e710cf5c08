//! Tokens to tree, with chumsky. Never fails: what cannot be read is reported and becomes an `Error` node.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a rule names the tokens it knows; all others are one mistake"
)]

mod broken;
mod claim;
mod decl;
mod edge;
mod entries;
mod errors;
mod expr;
mod foreign;
mod input;
mod kind;
mod lists;
mod literal;
mod mentions;
mod names;
mod nearly;
mod network;
mod resource;
mod shares;
mod spelling;
mod stmt;
mod text;
mod types;
mod unplaced;

#[cfg(test)]
mod tests;

use chumsky::inspector::SimpleState;
use chumsky::prelude::*;
use topoc_diagnostics::{Diagnostic, Diagnostics, FileId};

use crate::ast::{Block, ExprIds, File, Skipped};
use crate::lex::lex;
use broken::Broken;
use input::{Context, Extra, Tokens};
pub use mentions::{Mention, mentions};

/// The tree of `text`. Expressions get their numbers from `ids`.
pub fn parse(file: FileId, text: &str, ids: &ExprIds, out: &mut Diagnostics) -> File {
    parse_with(file, text, ids, out, |_| {})
}

/// Parses, and calls `found` for what the file mentions of the library.
pub fn parse_with<'t>(
    file: FileId,
    text: &'t str,
    ids: &ExprIds,
    out: &mut Diagnostics,
    found: impl FnMut(Mention<'t>),
) -> File {
    let mut lexical = Diagnostics::default();
    let tokens = lex(file, text, &mut lexical);
    let lexical = lexical.sorted();
    let mentioned = || mentions::mentions(&tokens, text, found);
    match shares::starts(text, &tokens).filter(|_| lexical.is_empty()) {
        None => mentioned(),
        Some(starts) => {
            let read = (text, tokens.as_slice());
            if let Some(items) = shares::statements(file, read, &starts, ids, mentioned) {
                let skipped = Vec::new();
                return File {
                    id: file,
                    items,
                    skipped,
                };
            }
        }
    }
    let broken = Broken::new(&lexical, &tokens);
    let part = Part::read(file, text, &tokens, ids, broken);
    let silent = part.reports.is_empty() && lexical.is_empty();
    for report in lexical.into_iter().chain(part.reports) {
        out.push(report);
    }
    if let Some(report) = part.failed.filter(|_| silent) {
        out.push(report);
    }
    let mut skipped = part.skipped;
    skipped.sort_by_key(|it| it.span);
    File {
        id: file,
        items: part.items.unwrap_or_default(),
        skipped,
    }
}

/// What was read of some tokens.
struct Part {
    items: Option<Block>,
    reports: Vec<Diagnostic>,
    /// What is said of a mistake that nothing else was said of.
    failed: Option<Diagnostic>,
    skipped: Vec<Skipped>,
}

impl Part {
    fn read(file: FileId, text: &str, tokens: Tokens<'_>, ids: &ExprIds, broken: Broken) -> Self {
        let mut state = SimpleState(Context::new(file, text, tokens, ids, broken));
        let whole = custom::<_, Tokens<'_>, _, Extra<'_>>(|inp| {
            Ok(stmt::statements(inp, stmt::Place::File))
        });
        let items = whole.parse_with_state(tokens, &mut state).into_output();
        let failed = state.failed.map(|token| {
            let (span, slice) = (state.span(token), state.slice(token));
            errors::unexpected(span, token.kind, slice, "something else")
        });
        let Context {
            reports, skipped, ..
        } = state.0;
        Part {
            items,
            reports,
            failed,
            skipped,
        }
    }

    /// Whether nothing is wrong with it.
    fn is_sound(&self) -> bool {
        self.reports.is_empty() && self.failed.is_none() && self.skipped.is_empty()
    }
}
