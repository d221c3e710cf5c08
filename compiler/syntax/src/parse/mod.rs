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
mod spelling;
mod stmt;
mod text;
mod types;

#[cfg(test)]
mod tests;

use chumsky::inspector::SimpleState;
use chumsky::prelude::*;
use topoc_diagnostics::{Diagnostics, FileId};

use crate::ast::{ExprIds, File};
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
    mentions::mentions(&tokens, text, found);
    let lexical = lexical.sorted();
    let broken = Broken::new(&lexical, &tokens);
    let mut state = SimpleState(Context::new(file, text, &tokens, ids, broken));
    let whole =
        custom::<_, Tokens<'_>, _, Extra<'_>>(|inp| Ok(stmt::statements(inp, stmt::Place::File)));
    let items = whole
        .parse_with_state(tokens.as_slice(), &mut state)
        .into_output();
    if let Some(token) = state.failed
        && state.reports.is_empty()
        && lexical.is_empty()
    {
        let (span, slice) = (state.span(token), state.slice(token));
        out.push(errors::unexpected(
            span,
            token.kind,
            slice,
            "something else",
        ));
    }
    let Context {
        reports,
        mut skipped,
        ..
    } = state.0;
    for report in lexical.into_iter().chain(reports) {
        out.push(report);
    }
    skipped.sort_by_key(|it| it.span);
    File {
        id: file,
        items: items.unwrap_or_default(),
        skipped,
    }
}
