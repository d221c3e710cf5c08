//! The words of a file that may lead to library files, judged by the tokens around them.

use super::input::Tokens;
use crate::lex::{Kind, Token};

/// A word that may be declared by the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mention<'t> {
    /// Where a kind, a trait or a type stands.
    Kind(&'t str),
    /// Where a value or a verb stands: a protocol, a node of the library, a member of the own service.
    Value(&'t str),
    /// `iam.document`, `sqs.queue`
    Dotted(&'t str, &'t str),
    /// A network or a group: what the compiler builds from `means`.
    Network,
    /// A topology: its region is one of the library's.
    Topology,
}

/// Calls `found` for every mention, in order, with repetitions.
pub fn mentions<'t>(tokens: Tokens<'_>, text: &'t str, mut found: impl FnMut(Mention<'t>)) {
    let slice = |token: &Token| {
        text.get(token.start as usize..token.end as usize)
            .unwrap_or_default()
    };
    let (mut before, mut word_before, mut networks) = (Kind::Newline, "", false);
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        if token.kind == Kind::Name && !matches!(before, Kind::Dot | Kind::QuestionDot) {
            let word = slice(token);
            let next = after.first().map_or(Kind::End, |it| it.kind);
            match (next, after.get(1)) {
                (Kind::Dot, Some(part)) => found(Mention::Dotted(word, slice(part))),
                (Kind::Name, Some(_)) if matches!(word, "network" | "group") => {
                    networks = true;
                    found(Mention::Network);
                }
                (Kind::Name, Some(_)) if word == "topology" => found(Mention::Topology),
                _ => {}
            }
            let declares = matches!(next, Kind::Equals | Kind::Colon);
            let path_then_name = next == Kind::Name || after_std(word, after);
            let typed = matches!(before, Kind::Colon | Kind::Less | Kind::Arrow);
            if path_then_name
                || typed
                || begins_upper(word)
                || is_listed(word_before)
                || (networks && declares)
            {
                found(Mention::Kind(word));
            }
            if word == "std"
                && let [_, part, ..] = after
            {
                found(Mention::Kind(slice(part)));
            }
            if !declares {
                found(Mention::Value(word));
            }
            if !(is_listed(word_before) && matches!(next, Kind::Comma | Kind::Question)) {
                word_before = if word == "nodes" && next != Kind::LeftParen {
                    ""
                } else {
                    word
                };
            }
        } else if !matches!(token.kind, Kind::Comma | Kind::Question | Kind::LeftParen) {
            word_before = "";
        }
        before = token.kind;
    }
}

/// After these words a list of kinds or traits stands.
fn is_listed(word: &str) -> bool {
    matches!(word, "is" | "nodes" | "edge")
}

fn begins_upper(word: &str) -> bool {
    word.starts_with(|it: char| it.is_ascii_uppercase())
}

/// `std.queue jobs`
fn after_std(word: &str, after: &[Token]) -> bool {
    word == "std" && matches!(after, [_, _, third, ..] if third.kind == Kind::Name)
}
