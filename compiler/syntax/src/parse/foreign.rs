//! Habits of other languages, recognised where nothing else fits, only to say what to write instead.

use topoc_diagnostics::{Code, Diagnostic, Span};

use super::input::{In, Reading};
use crate::lex::Kind;

/// A statement of another language that begins with a name.
pub fn statement(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let word = inp.word()?;
    let (next, after) = (inp.ahead(1), inp.ahead(2));
    let help = match next.kind {
        Kind::TextStart => quoted(inp, word)?,
        Kind::LeftBrace => block(word)?.to_owned(),
        Kind::Name => match after.kind {
            Kind::Equals => assigned(inp, word)?,
            Kind::LeftParen => called(inp, word)?,
            Kind::LeftBrace if inp.ahead(4).kind == Kind::Colon => fields(inp, word)?,
            _ => return None,
        },
        Kind::Wrong | Kind::End => return None,
        _ => return None,
    };
    let (from, to) = (inp.ahead(0).start, next.end);
    let text = inp.state().text;
    let written = match next.kind {
        Kind::TextStart => line_of(text, from, " \t{"),
        _ => text.get(from as usize..to as usize).unwrap_or_default(),
    };
    let span = Span::new(inp.state().file, from, from + written.len() as u32);
    Some(report(span, written, help))
}

/// The text up to the end of the line or the brace, without trailing characters of `blank`.
pub fn line_of<'t>(text: &'t str, from: u32, blank: &str) -> &'t str {
    let rest = text.get(from as usize..).unwrap_or_default();
    let line = rest.split(['\n', '{']).next().unwrap_or_default();
    let line = line.split(" //").next().unwrap_or_default();
    line.trim_end_matches(|it: char| it == '\r' || blank.contains(it))
}

/// `variable "x"`, `import "./x"`, `queue "jobs"`
fn quoted(inp: &mut In<'_, '_>, word: &str) -> Option<String> {
    let start = inp.ahead(1).start as usize + 1;
    let rest = inp.state().text.get(start..).unwrap_or_default();
    let inner = rest.split(['"', '\n']).next().unwrap_or_default();
    let name = as_name(inner);
    Some(match word {
        "variable" => format!(
            "`param {name}: String = …` is known when compiling, `input {name}: String` only at deployment"
        ),
        "resource" => {
            "a node is `KIND NAME { … }`, for instance `queue jobs { visibility = 1m }`".to_owned()
        }
        "data" => "what exists already is `existing KIND NAME { … }`".to_owned(),
        "module" => format!(
            "what repeats is a kind, `kind {name} {{ … }}`; another file is used by `use \"./{name}.topo\"`"
        ),
        "output" => format!("output {name}: String = …"),
        "provider" | "terraform" | "backend" => {
            "the region stands in `topology NAME { region = \"eu-central-1\" }`; state and credentials belong to the tools that deploy"
                .to_owned()
        }
        "import" | "include" | "require" | "from" | "source" => {
            let path = if inner.starts_with('.') { inner } else { "./file.topo" };
            format!("use \"{path}\"")
        }
        _ => return None,
    })
}

/// `jobs-dead` as `jobs_dead`.
pub fn as_name(text: &str) -> String {
    let plain = |it: char| {
        if it.is_ascii_alphanumeric() {
            it.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let name: String = text.chars().map(plain).collect();
    if name.starts_with(|it: char| it.is_ascii_lowercase()) {
        name
    } else {
        "name".to_owned()
    }
}

fn block(word: &str) -> Option<&'static str> {
    Some(match word {
        "locals" => "one `let NAME = VALUE` a line",
        "terraform" | "provider" => {
            "the region stands in `topology NAME { region = \"eu-central-1\" }`; state and credentials belong to the tools that deploy"
        }
        "vpc" | "network" => "a network has a name: `network main { … }`",
        _ => return None,
    })
}

/// `const x = 1`
fn assigned(inp: &mut In<'_, '_>, word: &str) -> Option<String> {
    let token = inp.ahead(1);
    let name = inp.state().slice(token);
    matches!(
        word,
        "const" | "var" | "val" | "local" | "set" | "final" | "def" | "mut"
    )
    .then(|| format!("let {name} = …"))
}

/// `class worker { image: …`
fn fields(inp: &mut In<'_, '_>, word: &str) -> Option<String> {
    let token = inp.ahead(1);
    let name = inp.state().slice(token);
    match word {
        "class" | "component" | "construct" | "module" => {
            Some(format!("what repeats is a kind: `kind {name} {{ … }}`"))
        }
        "struct" | "interface" | "record" => {
            Some(format!("a record type is `type {name} = {{ … }}`"))
        }
        _ => None,
    }
}

/// What other languages call a kind.
pub fn is_kind(word: &str) -> bool {
    matches!(word, "class" | "component" | "construct")
}

/// `def f(x)`
fn called(inp: &mut In<'_, '_>, word: &str) -> Option<String> {
    let token = inp.ahead(1);
    let name = inp.state().slice(token);
    matches!(word, "def" | "fn" | "func" | "function" | "fun")
        .then(|| format!("a function is `let {name}(part: String): String = …`"))
}

/// `c ? a : b`, at the question mark.
pub fn ternary(span: Span) -> Diagnostic {
    report(span, "c ? a : b", "write `if c then a else b`".to_owned())
}

/// `elif`
pub fn else_if(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let token = inp.ahead(0);
    let (slice, span) = (inp.state().slice(token), inp.span_of(token));
    matches!(slice, "elif" | "elsif" | "elseif")
        .then(|| report(span, slice, "write `else if`".to_owned()))
}

/// `for (x in xs)`, `for x = 1 to 3`
pub fn loop_head(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let token = inp.ahead(0);
    let is_foreign = token.kind == Kind::LeftParen
        || matches!(token.kind, Kind::Equals | Kind::Colon)
        || inp.at_word("of");
    let (slice, span) = (inp.state().slice(token), inp.span_of(token));
    is_foreign.then(|| {
        report(
            span,
            &format!("for {slice}"),
            "write `for x in xs { … }`, or `for n in 1..3 { … }`".to_owned(),
        )
    })
}

fn report(span: Span, written: &str, help: String) -> Diagnostic {
    Diagnostic::new(Code::E0113, format!("`{written}` is not part of topo"))
        .at(span, "")
        .help(help)
}
