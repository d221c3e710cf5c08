//! `@help(…)`: what a declaration says to people who write something else.
//!
//! `@help("…")` above an attribute answers whoever leaves it out or gives it a value that it does not take.
//! `@help(word = "…")` above a kind or an edge answers whoever tries that word there: as an attribute, as a verb, or
//! as something to read. In both `{self}` is the name of the node.

use super::{ExprKind, Note, TextPart};

/// What is said of a value that does not fit.
pub fn help_for_value(notes: &[Note], node: &str) -> Option<String> {
    said(notes, |name| name.is_none(), node)
}

/// What is said of a word that is none here.
pub fn help_for_word(notes: &[Note], word: &str, node: &str) -> Option<String> {
    said(notes, |name| name == Some(word), node)
}

fn said(notes: &[Note], is_meant: impl Fn(Option<&str>) -> bool, node: &str) -> Option<String> {
    let notes = notes.iter().filter(|it| it.name.name == "help");
    let mut args = notes.flat_map(|it| &it.args);
    let arg = args.find(|it| is_meant(it.name.as_ref().map(|it| it.name.as_str())))?;
    let ExprKind::Text(parts) = &arg.value.kind else {
        return None;
    };
    let text = parts.iter().map(|it| match it {
        TextPart::Text(text) => text.as_str(),
        TextPart::Code(_) => node,
    });
    Some(text.collect())
}
