//! What the lexer reports.

use topoc_diagnostics::{Code, Diagnostic, Span};

use super::Kind;

pub fn unknown_character(span: Span, text: &str) -> Diagnostic {
    let help = match text {
        "%" => Some("`%` only ends a number, as in `50%`"),
        _ if text.starts_with(['\'', '“', '”', '„', '‘', '’', '`', '«', '»']) => {
            Some("texts stand in straight double quotes: `\"text\"`")
        }
        "&" => Some("write `and`"),
        "|" => Some("write `or`"),
        "→" | "⟶" | "⇒" => Some("write `->`"),
        "–" | "—" | "−" => Some("write `-`"),
        "…" => Some("a range is `1..3`"),
        "≤" => Some("write `<=`"),
        "≥" => Some("write `>=`"),
        "≠" => Some("write `!=`"),
        "$" => Some("a name stands as it is, without `$`"),
        "~" | "^" | "\\" => None,
        _ if text
            .chars()
            .all(|it| it.is_whitespace() || it == '\u{200b}') =>
        {
            Some("this is an unusual white space; write a plain one")
        }
        _ if text.chars().all(char::is_alphanumeric) => Some(
            "names consist of the letters a to z, digits and `_`; all others may stand in texts",
        ),
        _ => None,
    };
    Diagnostic::new(Code::E0103, format!("`{text}` has no meaning here"))
        .at(span, "unknown character")
        .help_opt(help.map(str::to_owned))
}

pub fn unknown_escape(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0103, format!("`{text}` is not an escape"))
        .at(span, r#"escapes are \" \\ \n \t \{"#)
        .help(r#"patterns are easiest as raw text: r"…""#)
}

pub fn empty_insertion(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0102, "`{` in text begins an inserted expression")
        .at(span, "nothing to insert")
        .help(r"for the braces themselves write `\{}`")
}

/// `rest` is what follows the brace.
pub fn dollar_insertion(span: Span, rest: &str) -> Diagnostic {
    let inner = rest.split(['}', '"', '\n']).next().unwrap_or_default();
    foreign_with(
        span,
        "${",
        &format!("an insertion has no `$`: `{{{inner}}}`"),
    )
}

pub fn unclosed_text(span: Span) -> Diagnostic {
    match span.end - span.start {
        3 => Diagnostic::new(Code::E0101, "this text is not closed")
            .at(span, "no closing `\"\"\"` follows"),
        _ => Diagnostic::new(Code::E0101, "this text is not closed on its line")
            .at(span, "no closing `\"` follows")
            .help("text of several lines stands between `\"\"\"` and `\"\"\"`"),
    }
}

/// `text` is what seems to be meant.
pub fn unopened_text(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0101, "this text is not opened").at(span, format!("write `\"{text}\"`"))
}

/// The same for signs that close a text of several lines, which most likely begins behind `before`, with `text`.
pub fn unopened_block(span: Span, before: Span, text: &str) -> Diagnostic {
    let label = match text.starts_with('"') {
        true => "write three quotes behind this, `\"\"\"`",
        false => "write `\"\"\"` behind this",
    };
    Diagnostic::new(Code::E0101, "this text is not opened")
        .at(before, label)
        .because(span, "the text that ends here")
}

pub fn spare_quotes(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, "one `\"\"\"` too many")
        .at(span, "take it away, or the one before it")
}

/// `missing` are the brackets that would close it and all in it.
pub fn unclosed(span: Span, kind: Kind, missing: &str) -> Diagnostic {
    let (open, close) = signs(kind);
    let inside = missing.len() - 1;
    let label = match inside {
        0 => format!("no `{close}` belongs to it"),
        1 => format!("no `{close}` belongs to it, and one bracket in it is open, too"),
        _ => format!("no `{close}` belongs to it, and {inside} brackets in it are open, too"),
    };
    Diagnostic::new(Code::E0109, format!("`{open}` is not closed")).at(span, label)
}

/// Where the indentation says that the brackets should have been closed.
pub fn missing_before(missing: &str) -> String {
    match missing.len() {
        0..9 => format!("`{missing}` is missing before this"),
        _ => "closing brackets are missing before this".to_owned(),
    }
}

pub fn signs(kind: Kind) -> (&'static str, &'static str) {
    if kind == Kind::LeftBracket {
        ("[", "]")
    } else if kind == Kind::LeftParen {
        ("(", ")")
    } else {
        ("{", "}")
    }
}

pub fn unclosed_insertion(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0101, "this insertion is not closed on its line")
        .at(span, "no closing `}` follows")
        .help(r"a single brace in text is `\{`")
}

pub fn missing_opener(span: Span, sign: &str, instead: &str) -> Diagnostic {
    let message = format!("`{sign}` is missing");
    Diagnostic::new(Code::E0109, message).at(span, format!("write `{instead}`"))
}

/// What is told where not even a guess says which bracket is missing.
pub const NOTHING_TO_CLOSE: &str = "nothing to close here";

pub fn nothing_to_close(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0109, NOTHING_TO_CLOSE)
        .at(span, "no open bracket belongs to it")
        .help("take it away, or the one above that closes too early")
}

/// Of two that would close the bracket at `opened`, the one where the text behind says that it is still open.
pub fn one_too_many(span: Span, opener: Kind, opened: Span) -> Diagnostic {
    let closing = signs(opener).1;
    Diagnostic::new(Code::E0109, format!("one `{closing}` too many"))
        .at(span, "take it away, or the one above that closes too early")
        .because(opened, "what follows still belongs to this")
}

/// Two brackets side by side that change places.
pub fn swapped(span: Span, [first, second]: [&str; 2]) -> Diagnostic {
    let message = format!("`{first}` and `{second}` are in the wrong order");
    Diagnostic::new(Code::E0109, message).at(span, format!("write `{second}{first}`"))
}

pub fn wrong_sort(span: Span, written: &str, opener: Kind, opened: Span) -> Diagnostic {
    let (opening, closing) = signs(opener);
    Diagnostic::new(
        Code::E0109,
        format!("`{written}` does not close `{opening}`"),
    )
    .at(span, format!("write `{closing}`"))
    .because(opened, "opened here")
}

pub fn hash_comment(span: Span) -> Diagnostic {
    foreign_with(span, "#", "comments begin with `//`")
}

pub fn block_comment(span: Span) -> Diagnostic {
    foreign_with(span, "/*", "comments begin with `//` and end with the line")
}

/// A report if `text` is how another language spells the token.
pub fn foreign(span: Span, text: &str) -> Option<Diagnostic> {
    let help = match text {
        "<-" => "turn it round: the arrow starts at the one that acts, `a -> b : verb`",
        "<->" => "write both edges; most protocols need only one, answers come back by themselves",
        "=>" => "edges are written `a -> b : verb`, values `name = value`",
        "&&" => "write `and`",
        "||" => "write `or`",
        "!" => "write `not`",
        ";" => "nothing is needed at the end of a line",
        _ if text.starts_with('\'') => "texts stand in double quotes: `\"text\"`",
        _ => return None,
    };
    let shown = if text.starts_with('\'') { "'" } else { text };
    Some(foreign_with(span, shown, help))
}

fn foreign_with(span: Span, text: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::E0113, format!("`{text}` is not part of topo"))
        .at(span, "")
        .help(help)
}
