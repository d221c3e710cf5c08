//! Reports about stages and expansion.

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_syntax::ast::Ident;
use ustr::Ustr;

use crate::stage::{Cause, Input};

/// A value of deployment where the program decides what exists.
pub fn late_decision(span: Span, cause: &Cause) -> Diagnostic {
    let report = Diagnostic::new(
        Code::E0312,
        "this decides what exists, so it must be known when compiling",
    )
    .at(span, "has its value only at deployment")
    .because(cause.span, cause.why());
    match cause.input {
        Some(Input { name, ty }) if ty == "Bool" => report.help(format!(
            "if it is the same for a whole environment, make it a `param`: `param {name}: Bool`"
        )),
        Some(Input { name, .. }) => report.help(format!(
            "if it is the same for a whole environment, make it a `param`; its value can stay an `input`, \
             for instance `param has_{name}: Bool`"
        )),
        None => report,
    }
}

/// A value of deployment for an attribute that its kind needs early. `used` is where the kind decides by it.
pub fn late_attribute(
    name: Ustr,
    owner: &str,
    span: Span,
    cause: &Cause,
    used: Span,
) -> Diagnostic {
    let report = Diagnostic::new(
        Code::E0313,
        format!("`{name}` of {owner} must be known when compiling"),
    )
    .at(span, "has its value only at deployment")
    .because(cause.span, cause.why())
    .because(used, "decides something here");
    match cause.input {
        Some(Input { name, ty }) => report.help(format!("param {name}: {ty}")),
        None => report,
    }
}

/// A declaration under `for` without a key.
/// `key` is one that differs in every turn.
pub fn family_without_key(kind: &str, name: Ident, head: Span, key: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0402,
        format!(
            "`{kind} {}` is declared once per turn of this loop, so it needs a key",
            name.name
        ),
    )
    .at(
        name.span,
        format!("every turn would declare `{}` again", name.name),
    )
    .because(head, "the loop")
    .help(format!(
        "{kind} {0}[{key}] …: then `{0}` is all of them, and `{0}[…]` is one",
        name.name
    ))
}

/// `+=` to something that collects nothing.
pub fn no_collector(name: Ident, owner: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0406,
        format!("`{}` of {owner} is no collector", name.name),
    )
    .at(name.span, "only a `collect` takes additions")
}

/// A collector that decides which nodes or edges exist.
pub fn collector_decides(span: Span, name: Ustr, declared: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0406,
        "a collector cannot decide which nodes or edges exist",
    )
    .at(span, format!("`{name}` is known only when all of them are"))
    .because(declared, format!("`{name}` is a collector"))
}
