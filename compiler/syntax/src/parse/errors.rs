//! What the parser reports.

use topoc_diagnostics::{Code, Diagnostic, Span};

use super::nearly::is_one_off;
use crate::ast::{Ident, Note};
use crate::lex::Kind;

pub fn unexpected(span: Span, kind: Kind, text: &str, what: &str) -> Diagnostic {
    let message = match kind {
        Kind::End => "the file ends too early".to_owned(),
        Kind::Newline => "the line ends too early".to_owned(),
        Kind::TextStart | Kind::Raw => "a text does not fit here".to_owned(),
        Kind::Text | Kind::TextEnd => "this part of a text does not fit here".to_owned(),
        Kind::Doc => "a `///` comment does not fit here".to_owned(),
        _ => format!("`{text}` does not fit here"),
    };
    Diagnostic::new(Code::E0100, message).at(span, format!("expected {what}"))
}

/// What begins with a word as a node does, and holds what stands only behind the word that is meant.
pub fn body_of(span: Span, word: &str, meant: &str) -> Diagnostic {
    let message = match meant {
        "network" => "subnets stand in a network".to_owned(),
        _ => format!("`{word}` does not begin a block"),
    };
    Diagnostic::new(Code::E0110, message).at(span, format!("did you mean `{meant}`?"))
}

pub fn no_condition(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0100, "a condition is missing").at(span, "write it before this")
}

pub fn reserved_name(span: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::E0100, format!("`{word}` cannot be a name"))
        .at(span, "a word of the language")
}

pub fn hyphen(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0113, "names have no hyphens")
        .at(span, "read as a subtraction")
        .help(format!("write `{}`", text.replace('-', "_")))
}

pub fn upper_case(name: Ident) -> Diagnostic {
    Diagnostic::new(Code::E0113, "names are written in lower case")
        .at(name.span, "has capital letters")
        .help(format!("write `{}`", snake_case(&name.name)))
}

pub fn lower_case_type(name: Ident) -> Diagnostic {
    Diagnostic::new(Code::E0113, "types begin with a capital letter")
        .at(name.span, "read as a type")
        .help(format!("write `{}`", pascal_case(&name.name)))
}

/// `web_api` of `WebAPI` and `webApi`.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let is = |at: usize, what: fn(&char) -> bool| letters.get(at).is_some_and(what);
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let begins = at > 0
            && letter.is_ascii_uppercase()
            && (!is(at - 1, char::is_ascii_uppercase) || is(at + 1, char::is_ascii_lowercase));
        if begins && !text.ends_with('_') {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// `ServiceSpec` of `service_spec`.
fn pascal_case(name: &str) -> String {
    let word = |it: &str| -> String {
        let mut letters = it.chars();
        let first = letters.next().map(|it| it.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    };
    name.split('_').map(word).collect()
}

pub fn colon_for_equals(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0108, "attributes are set with `=`")
        .at(span, format!("`:` gives a type or a verb; write `{text}`"))
}

pub fn brace_in_text(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0102, "`{` in text begins an inserted expression")
        .at(span, format!("read as the expression `{text}`"))
        .help(r#"patterns are easiest as raw text: r"[a-z]{2,9}"; a single brace is `\{`"#)
}

pub fn brace_on_next_line(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0107, "a body begins on the line of its declaration")
        .at(span, "move `{` up")
}

pub fn space_before_equals(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0106, "`>=` is one sign").at(span, "put a space before `=`")
}

pub fn several_ends(span: Span, text: &str, whole: &str) -> Diagnostic {
    Diagnostic::new(Code::E0111, "several ends need brackets").at(
        span,
        format!("write `{}`", whole.replacen(text, &format!("[{text}]"), 1)),
    )
}

pub fn chained_arrow(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0112, "arrows do not chain")
        .at(span, "a second arrow")
        .help("one edge a line, since each has its own verb:\n  internet -> alb : https\n  alb      -> web : forward \"/*\"")
}

pub fn no_verb(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0100, "an edge says what it is for")
        .at(span, "no verb follows")
        .help(format!(
            "a verb stands behind a colon, for instance `{text} : https` or `{text} : read`"
        ))
}

/// `whole` is the edge as it should be.
pub fn no_colon(span: Span, whole: &str) -> Diagnostic {
    Diagnostic::new(Code::E0100, "a colon stands before the verb of an edge")
        .at(span, format!("write `{whole}`"))
}

pub fn bare_text(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0100, "text stands in quotes").at(span, format!("write `\"{text}\"`"))
}

/// `a - > b`
pub fn split_arrow(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0100, "an arrow is one sign").at(span, "write `->`")
}

/// `tcp 443-444`, `tcp 443-`
pub fn ports_by_minus(span: Span, low: &str, high: Option<&str>) -> Diagnostic {
    let report = Diagnostic::new(Code::E0100, "`-` makes no range of ports");
    match high {
        Some(high) => report.at(span, format!("write `{low}..{high}`")),
        None => report
            .at(span, format!("write `{low}`"))
            .help(format!("a range of ports names both ends: `{low}..65535`")),
    }
}

/// `timeout == 15m` in a body.
pub fn double_equals(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0100, "`==` compares").at(
        span,
        format!("an attribute is given by `=`: write `{name} = …`"),
    )
}

/// `[a b]`; `whole` is the list as it should be.
pub fn comma_in_list(span: Span, whole: &str) -> Diagnostic {
    Diagnostic::new(Code::E0100, "a comma is missing").at(span, format!("write `{whole}`"))
}

pub fn bare_port(span: Span, port: &str) -> Diagnostic {
    Diagnostic::new(Code::E0100, "a port has a protocol").at(span, format!("write `tcp {port}`"))
}

pub fn quoted_verb(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0100, "verbs stand without quotes").at(span, format!("write `{text}`"))
}

pub fn misplaced_attribute(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0110, format!("`{name} = …` belongs in a body"))
        .at(span, "no attribute may stand here")
        .help(format!("a value of this file is `let {name} = …`"))
}

pub fn misplaced_field(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::E0110, format!("`{name}: …` may not stand here"))
        .at(span, "attributes are declared in kinds and edges")
        .help(format!(
            "a value that is set from outside is `param {name}: …` or `input {name}: …`"
        ))
}

pub fn nameless(span: Span, word: &str) -> Diagnostic {
    let message = match word {
        "endpoints" => "endpoints have a name".to_owned(),
        _ => format!("a {word} has a name"),
    };
    Diagnostic::new(Code::E0100, message).at(span, format!("write `{word} NAME {{ … }}`"))
}

/// What may stand behind `@`.
const NOTES: [&str; 6] = ["allow", "help", "key", "shared", "warning", "within"];

/// A report if there is no such note.
pub fn unknown_note(name: Ident) -> Option<Diagnostic> {
    if NOTES.contains(&name.name.as_str()) {
        return None;
    }
    let near = NOTES.iter().find(|it| is_one_off(&name.name, it));
    let label = match near {
        Some(near) => format!("did you mean `@{near}`?"),
        None => format!("there are @{}", NOTES.join(", @")),
    };
    let message = format!("there is no note `@{}`", name.name);
    Some(Diagnostic::new(Code::E0201, message).at(name.span, label))
}

pub fn misplaced_note(note: &Note) -> Diagnostic {
    Diagnostic::new(
        Code::E0110,
        format!("`@{}` may not stand here", note.name.name),
    )
    .at(note.span, "nothing here takes it")
    .help("write it above a network, a subnet, a node or an edge; it covers all that is in it")
}

pub fn misplaced(span: Span, what: &str, place: &str) -> Diagnostic {
    Diagnostic::new(Code::E0110, format!("{what} may not stand {place}"))
        .at(span, "does not belong here")
}

pub fn later(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0110,
        format!("{what} is not part of the language yet"),
    )
    .at(span, "kept for later")
}

pub fn comparison_chain(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0100, "comparisons do not chain")
        .at(span, "a second comparison")
        .help("join two comparisons with `and`")
}

pub fn number(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0115, format!("`{text}` is out of range"))
        .at(span, "whole numbers have 64 bits, others at most 28 digits")
}

pub fn unit(span: Span, number: &str, letters: &str) -> Diagnostic {
    let (what, units) = match letters.chars().next().map(|it| it.to_ascii_lowercase()) {
        Some('b' | 'k' | 'g' | 't') => ("size", "sizes are B, KiB, MiB, GiB, TiB"),
        Some('m') if letters.len() > 1 && letters != "min" && letters != "mins" => {
            ("size", "sizes are B, KiB, MiB, GiB, TiB")
        }
        Some('s' | 'm' | 'h' | 'd' | 'w') => ("duration", "durations are ms, s, m, h, d"),
        _ => ("measure", "units are ms s m h d, B KiB MiB GiB TiB, and %"),
    };
    let suggestion = better_unit(letters).map_or(String::new(), |it| {
        format!("; did you mean `{number}{it}`?")
    });
    Diagnostic::new(Code::E0104, format!("`{number}{letters}` is not a {what}"))
        .at(span, format!("{units}{suggestion}"))
}

/// The unit that is most likely meant.
pub fn better_unit(letters: &str) -> Option<&'static str> {
    Some(match letters.to_ascii_lowercase().as_str() {
        "k" | "kb" | "kib" => "KiB",
        "mb" | "mib" => "MiB",
        "g" | "gb" | "gib" => "GiB",
        "t" | "tb" | "tib" => "TiB",
        "sec" | "secs" | "second" | "seconds" => "s",
        "min" | "mins" | "minute" | "minutes" => "m",
        "hour" | "hours" | "hr" => "h",
        "day" | "days" => "d",
        _ => return None,
    })
}

pub fn not_whole(span: Span, text: &str, unit: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0115,
        format!("`{text}` is no whole number of {unit}"),
    )
    .at(span, "too precise")
}

pub fn no_prefix(span: Span, text: &str) -> Diagnostic {
    let length = if text.contains(':') { 128 } else { 32 };
    Diagnostic::new(Code::E0105, "an address needs its prefix length").at(
        span,
        format!("write `{text}/{length}` for this one address"),
    )
}

pub fn no_address(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{text}` is not a block of addresses")).at(
        span,
        "numbers go up to 255, prefix lengths to 32 (IPv6: 128)",
    )
}

pub fn host_bits(span: Span, text: &str, network: &str) -> Diagnostic {
    Diagnostic::new(Code::E0105, format!("`{text}` is not the start of a block")).at(
        span,
        format!("host bits are set; did you mean `{network}`?"),
    )
}

pub fn plain_text(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0102, "this text must be plain")
        .at(span, "nothing may be inserted here")
        .help(r"a single brace is `\{`")
}
