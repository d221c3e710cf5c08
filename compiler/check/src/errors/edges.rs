//! Reports about edges and their verbs.

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_syntax::ast::Ident;
use ustr::Ustr;

use super::{did_you_mean, names::output_name, with_article};
use crate::suggest::{all, choices};

/// An edge that stands the wrong way round.
///
/// `event` is what begins at its source.
pub fn turned_edge(
    (on, verb): (bool, Ident),
    (source, target): (&str, &str),
    event: Option<Ustr>,
) -> Diagnostic {
    let verb_text = match on {
        true => format!("on {}", verb.name),
        false => verb.name.to_string(),
    };
    let turned = format!("write `{target} -> {source} : {verb_text}`");
    Diagnostic::new(
        Code::E0506,
        format!("`{verb_text}` does not start at `{source}`"),
    )
    .at(verb.span, "the one that acts stands first")
    .help(match event {
        Some(event) => format!(
            "{turned}, and `{target}` acts by itself; or `{source} -> {target} : {event}`, and `{source}` starts it"
        ),
        None => turned,
    })
}

/// A protocol that begins at what only passes on. `value` says what stands behind the verb that passes on.
pub fn relay_starts(
    verb: Ident,
    ends: (&str, &str),
    way: Ustr,
    value: Option<String>,
) -> Diagnostic {
    let (source, target) = ends;
    let written = format!("write `{source} -> {target} : {way}");
    Diagnostic::new(
        Code::E0509,
        format!(
            "`{source}` passes on what reaches it, and starts no `{}` itself",
            verb.name
        ),
    )
    .at(verb.span, "nothing would be sent")
    .help(match value {
        Some(value) => format!("{written} …`: {value}"),
        None => format!("{written}`"),
    })
}

/// A verb that a part of the target offers. `output` shows that part.
pub fn verb_of_part(
    verb: Ident,
    ends: (&str, &str),
    kind: &str,
    part: &str,
    output: Result<Ustr, &str>,
) -> Diagnostic {
    let (source, target) = ends;
    let report = Diagnostic::new(
        Code::E0506,
        format!("{} does not offer `{}`", with_article(kind), verb.name),
    )
    .at(verb.span, format!("`{part}` inside of `{target}` does"));
    report.help(match output {
        Ok(output) => format!("write `{source} -> {target}.{output} : {}`", verb.name),
        Err(ty) => {
            let output = output_name(Ustr::from(part), ty);
            format!(
                "show it by an output of kind {kind}: `output {output}: {ty} = {part}`, \
                 then `{source} -> {target}.{output} : {}`",
                verb.name
            )
        }
    })
}

/// A verb that the library knows something about, though the target does not offer it.
pub fn verb_not_here(verb: Ident, target: &str, is_protocol: bool, help: String) -> Diagnostic {
    let (code, does) = match is_protocol {
        true => (Code::E0507, "understand"),
        false => (Code::E0506, "offer"),
    };
    Diagnostic::new(
        code,
        format!("{} does not {does} `{}`", with_article(target), verb.name),
    )
    .at(verb.span, "not offered here")
    .help(help)
}

/// A verb that no kind, edge or protocol declares.
pub fn unknown_verb(name: Ident, near: Option<Ustr>, offered: &[Ustr]) -> Diagnostic {
    let hint =
        did_you_mean(near).or_else(|| choices(offered).map(|it| format!("the target offers {it}")));
    let report = Diagnostic::new(Code::E0506, format!("no edge is called `{}`", name.name));
    match hint {
        Some(it) => report.at(name.span, it),
        None => report
            .at(name.span, "neither a protocol nor a verb of the target")
            .help_opt(all("the target offers", offered)),
    }
}

/// `listens V` without `on`, where `V` is no protocol.
pub fn unknown_protocol(name: Ident, near: Option<Ustr>) -> Diagnostic {
    Diagnostic::new(Code::E0201, format!("there is no protocol `{}`", name.name))
        .at(
            name.span,
            did_you_mean(near).unwrap_or_else(|| "nothing declares its ports".into()),
        )
        .help(format!("listens {} on tcp 8080", name.name))
}

/// An edge that its own declaration implies again.
pub fn implies_itself(span: Span, verb: Ident) -> Diagnostic {
    Diagnostic::new(Code::E0401, "an edge may not imply itself")
        .at(span, "the same verb between the same ends")
        .because(verb.span, "is declared here")
}

/// `opens` in a kind, where there is no source and no target.
pub fn opens_nowhere(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0509,
        "this opens nothing: a kind has no source and no target",
    )
    .at(span, "from where, or to where?")
    .help("opens tcp 443 to internet")
}

/// `80` where a protocol stands.
pub fn bare_port(span: Span, port: i64) -> Diagnostic {
    Diagnostic::new(Code::E0301, "a port alone is no protocol")
        .at(span, "of which protocol?")
        .help(format!("tcp {port}"))
}

/// A value behind a verb that takes none, or `next`, another verb or the same one again.
pub fn value_of_verb(verb: Ident, value: Span, next: Option<Ustr>) -> Diagnostic {
    let verb = verb.name;
    match next {
        Some(next) if next == verb => {
            Diagnostic::new(Code::E0100, format!("`{verb}` stands here twice"))
                .at(value, "leave one out")
        }
        Some(next) => {
            let message = format!("a comma is missing between `{verb}` and `{next}`");
            Diagnostic::new(Code::E0100, message).at(value, format!("write `{verb}, {next}`"))
        }
        None => Diagnostic::new(Code::E0301, format!("`{verb}` takes no value"))
            .at(value, "leave it out"),
    }
}
