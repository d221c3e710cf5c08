//! What stands nearly right between the name of a declaration and its body, only to say what to write instead.

use topoc_diagnostics::{Code, Diagnostic};

use super::input::{In, Reading};
use super::names::reference_length;
use crate::ast::Ident;
use crate::lex::Kind;

/// `group admins in main.app`, `external vpn = 203.0.113.0/24`
pub fn plain(inp: &mut In<'_, '_>, word: &str, name: Ident) -> Option<Diagnostic> {
    let token = inp.ahead(0);
    let span = inp.span_of(token);
    let article = if word.starts_with('e') { "an" } else { "a" };
    let (message, label) = match token.kind {
        Kind::In => (
            format!("{article} {word} stands in no subnet"),
            "leave `in …` out".to_owned(),
        ),
        Kind::Equals => {
            let first = inp.ahead(1);
            let written = inp.state().slice(first);
            let body = match first.kind {
                Kind::Cidr => format!("{{ cidrs = [{written}] }}"),
                _ => "{ … }".to_owned(),
            };
            (
                format!("{article} {word} is not assigned"),
                format!("write `{word} {} {body}`", name.name),
            )
        }
        _ => return None,
    };
    Some(Diagnostic::new(Code::E0100, message).at(span, label))
}

/// `service job in main.app, other.app`: the places after the first, which begins at `from`.
pub fn several(inp: &mut In<'_, '_>, from: u32) -> Option<Diagnostic> {
    let comma = inp.ahead(0);
    let mut count = 0;
    while inp.ahead(count).kind == Kind::Comma {
        match reference_length(inp, count + 1) {
            0 => break,
            length => count += 1 + length,
        }
    }
    let last = inp.ahead(count.checked_sub(1)?);
    let written = (inp.state().text).get(from as usize..last.end as usize)?;
    let whole = inp.span_of(comma).to(inp.span_of(last));
    let report = Diagnostic::new(Code::E0100, "several subnets stand in brackets");
    Some(report.at(whole, format!("write `in [{written}]`")))
}
