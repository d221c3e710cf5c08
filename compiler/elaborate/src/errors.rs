//! Reports of elaboration.

use topoc_diagnostics::{Code, Diagnostic, Span};
use ustr::Ustr;

/// A value of another type than its place asks for.
pub(crate) fn wrong_type(span: Span, expected: &str, found: &str) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("{expected} is expected here"))
        .at(span, format!("this is {found}"))
}

/// A bare word that nothing declares.
pub(crate) fn unknown_name(span: Span, name: Ustr) -> Diagnostic {
    Diagnostic::new(Code::E0201, format!("nothing here is called `{name}`")).at(span, "used here")
}

/// A word that is no member.
pub(crate) fn unknown_member(span: Span, word: Ustr, members: &[String]) -> Diagnostic {
    Diagnostic::new(
        Code::E0306,
        format!("`{word}` is not one of the possible values"),
    )
    .at(span, format!("one of: {}", members.join(", ")))
}

/// A field that a value does not have.
pub(crate) fn unknown_field(span: Span, name: Ustr, of: &str) -> Diagnostic {
    Diagnostic::new(Code::E0207, format!("{of} has no `{name}`")).at(span, "read here")
}

/// A required attribute that is not given.
pub(crate) fn missing(span: Span, name: Ustr, of: &str) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("{of} needs `{name}`"))
        .at(span, format!("`{name}` is not given"))
        .help(format!("{name} = …"))
}

/// Something that may be absent, used as if present.
pub(crate) fn absent(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0308, "this may be absent")
        .at(span, "it is `none` here")
        .help("give a value with `??`, or ask `if … != none`")
}

/// A late value where only an early one can stand.
pub(crate) fn late(span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0312,
        format!("{why}, so it must be known when compiling"),
    )
    .at(span, "has its value only at deployment")
    .help("make it a `param`, or a value that the program states")
}

/// Values that depend on each other.
pub(crate) fn cycle(span: Span, name: Ustr, trail: &[(Ustr, Span)]) -> Diagnostic {
    let names: Vec<&str> = trail
        .iter()
        .map(|(name, _)| name.as_str())
        .chain([name.as_str()])
        .collect();
    let start = Diagnostic::new(
        Code::E0401,
        format!("these depend on each other: {}", names.join(" → ")),
    )
    .at(span, format!("needs `{name}` again"));
    trail.iter().fold(start, |report, (name, at)| {
        report.because(*at, format!("`{name}` is needed here"))
    })
}

/// "a queue", "an alarm": a kind as people call it.
pub(crate) fn a(kind: &str) -> String {
    let vowel = kind.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!(
        "{} {}",
        if vowel { "an" } else { "a" },
        kind.replace('_', " ")
    )
}

/// A plain message.
pub(crate) fn plain(
    code: Code,
    span: Span,
    message: impl Into<String>,
    label: impl Into<String>,
) -> Diagnostic {
    Diagnostic::new(code, message).at(span, label)
}

/// `moved old to …`, and something that is called so.
pub fn still_declared(old: Ustr, span: Span) -> Diagnostic {
    let message = format!("`{old}` is still declared");
    plain(
        Code::E0204,
        span,
        message,
        "only what is gone can have moved",
    )
}

/// A range whose low end is above its high end.
pub fn empty_range(span: Span) -> Diagnostic {
    plain(
        Code::E0303,
        span,
        "this range is empty",
        "the low end is above the high end",
    )
}

/// An edge names a node that gives its group to nothing.
pub(crate) fn without_interfaces(path: Ustr, kind: Ustr, span: Span) -> Diagnostic {
    let message = format!("an edge names `{path}`, and nothing in it wears its group");
    Diagnostic::new(Code::E0509, message)
        .at(
            span,
            "has no interface that traffic could leave or enter by",
        )
        .help(format!(
            "say which part has them: `acts as PART` in `kind {kind}`"
        ))
}

/// An edge names a group that nothing is a member of.
pub(crate) fn group_without_members(path: Ustr, group: Span, span: Span) -> Diagnostic {
    let message = format!("no node is a member of `{path}`, so this edge allows nothing");
    Diagnostic::new(Code::W0712, message)
        .at(span, "an end without anybody")
        .because(group, "the group")
        .help(format!("`groups = [{path}]` makes a node a member"))
}
