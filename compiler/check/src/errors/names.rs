//! Reports about names.

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_syntax::Hint;
use topoc_syntax::ast::{self, Ident};
use ustr::Ustr;

use super::{did_you_mean, listed, with_article};
use crate::suggest::{all, choices};

/// `near` is the closest visible name, `declared` what that is and where.
pub fn unknown_name(
    name: Ustr,
    span: Span,
    near: Option<Ustr>,
    declared: Option<(String, Span)>,
) -> Diagnostic {
    let report = Diagnostic::new(Code::E0201, format!("nothing here is called `{name}`"));
    match (near, declared) {
        (Some(near), Some((noun, at))) => report
            .at(span, format!("did you mean `{near}`?"))
            .because(at, format!("`{near}` is {}", with_article(&noun))),
        (Some(near), None) => report.at(span, format!("did you mean `{near}`?")),
        (None, _) => report.at(span, "used here"),
    }
}

/// `env` in a program without environments.
pub fn no_environment(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0201, "this program has no environments")
        .at(span, "`env` is the one that is chosen")
        .help("declare them, for instance `env dev { }` and `env prod { }`, and choose by `--env dev`; or write a text: `\"dev\"`")
}

/// A network where one of its subnets is meant.
pub fn not_a_subnet(span: Span, network: &ast::Network) -> Option<Diagnostic> {
    let name = network.name.name;
    let subnets = network.subnets.iter();
    let all: Vec<String> = subnets
        .map(|it| format!("`in {name}.{}`", it.name.name))
        .collect();
    (!all.is_empty()).then(|| {
        Diagnostic::new(Code::E0301, "expected a subnet, found a network")
            .at(span, format!("`{name}` is a network"))
            .help(format!("name a subnet of it: {}", all.join(", ")))
    })
}

/// A kind that nothing declares.
pub fn unknown_kind(name: Ustr, span: Span, near: Option<Ustr>) -> Diagnostic {
    Diagnostic::new(Code::E0202, format!("there is no kind `{name}`")).at(
        span,
        did_you_mean(near)
            .unwrap_or_else(|| "neither the program nor the library declares it".into()),
    )
}

/// "a", "a or b", "a, b or c"
fn or(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Proposes one name.
pub fn meant(report: Diagnostic, near: Ustr) -> Diagnostic {
    let span = report
        .primary
        .as_ref()
        .map(|it| it.span)
        .unwrap_or_default();
    report.at(span, format!("did you mean `{near}`?"))
}

/// Proposes kinds, with what the library says about them.
pub fn with_kinds(report: Diagnostic, kinds: &[Hint]) -> Diagnostic {
    let Some(first) = kinds.first() else {
        return report;
    };
    let names: Vec<String> = kinds.iter().map(|it| format!("`{}`", it.kind)).collect();
    let span = report
        .primary
        .as_ref()
        .map(|it| it.span)
        .unwrap_or_default();
    let about = match kinds {
        [_] => format!("{}: {}", first.kind, first.about),
        several => several
            .iter()
            .map(|it| format!("{}: {}", it.kind, it.about))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    report
        .at(span, format!("did you mean {}?", or(&names)))
        .help(about)
}

/// `known` are the attributes of the kind, or of whatever `owner` is.
pub fn unknown_attribute(
    name: Ident,
    owner: &str,
    near: Option<Ustr>,
    known: &[Ustr],
) -> Diagnostic {
    let hint = did_you_mean(near).or_else(|| {
        choices(known).map(|it| match known {
            [_] => format!("there is {it}"),
            _ => format!("there are {it}"),
        })
    });
    let message = format!("{} has no attribute `{}`", with_article(owner), name.name);
    let report = Diagnostic::new(Code::E0203, message);
    match hint {
        Some(it) => report.at(name.span, it),
        None => report
            .at(name.span, "not one of its attributes")
            .help_opt(all("it has", known)),
    }
}

/// The second of two declarations.
pub fn duplicate_name(name: Ident, first: Span) -> Diagnostic {
    Diagnostic::new(Code::E0204, format!("`{}` is declared twice", name.name))
        .at(name.span, "the second time")
        .because(first, "the first time")
}

/// A declaration that is called like a word of the language.
pub fn own_word(name: Ident, what: &str) -> Diagnostic {
    let message = format!("{what} cannot be called `{}`", name.name);
    Diagnostic::new(Code::E0204, message)
        .at(name.span, "a word of the language")
        .help(format!(
            "choose another name, for instance `my_{}`",
            name.name
        ))
}

/// The second of two entries of one body.
pub fn given_twice(name: Ident, first: Span) -> Diagnostic {
    Diagnostic::new(Code::E0204, format!("`{}` is given twice", name.name))
        .at(name.span, "the second time")
        .because(first, "the first time")
}

/// A loop variable, parameter or local `let` that hides an outer value.
pub fn hidden_name(name: Ident, outer: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0205,
        format!("`{}` would hide another value of this name", name.name),
    )
    .at(name.span, "choose another name")
    .because(outer, "this one")
}

/// A type that nothing declares.
pub fn unknown_type(name: Ustr, span: Span, near: Option<Ustr>) -> Diagnostic {
    Diagnostic::new(Code::E0206, format!("there is no type `{name}`")).at(
        span,
        did_you_mean(near).unwrap_or_else(|| "nothing declares it".into()),
    )
}

/// `owner` as in "`alb`" or "Workload".
/// `known` is what can be read instead.
pub fn unknown_field(name: Ident, owner: &str, near: Option<Ustr>, known: &[Ustr]) -> Diagnostic {
    let mut known = known.to_vec();
    known.sort_by_key(|it| it.as_str());
    known.dedup();
    let hint = did_you_mean(near).or_else(|| choices(&known).map(|it| format!("it has {it}")));
    let report = Diagnostic::new(Code::E0207, format!("{owner} has no `{}`", name.name));
    match hint {
        Some(it) => report.at(name.span, it),
        None => report
            .at(name.span, "nothing of this name can be read here")
            .help_opt(all("it has", &known)),
    }
}

/// Something inside a kind, read from outside. `shown` is the type by which an output could show it.
pub fn inside_kind(name: Ident, node: &str, kind: &str, shown: Option<&str>) -> Diagnostic {
    let report = Diagnostic::new(
        Code::E0207,
        format!("`{}` is inside of kind {kind}", name.name),
    )
    .at(name.span, "others read only its outputs and attributes");
    let output = shown.map(|ty| {
        let output = output_name(name.name, ty);
        format!(
            "show it by an output of kind {kind}: `output {output}: {ty} = {}`, then `{node}.{output}`",
            name.name
        )
    });
    report.help_opt(output)
}

/// An output cannot be called like what it shows: `queue` for the queue `inbox`, else `inbox_out`.
pub(super) fn output_name(part: Ustr, ty: &str) -> String {
    let kind = ty.rsplit('.').next().unwrap_or(ty);
    match kind == part.as_str() {
        true => format!("{part}_out"),
        false => kind.to_owned(),
    }
}

/// A method of another language.
pub fn no_method(name: Ident, base: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0207,
        format!("`{}` is not called with a dot", name.name),
    )
    .at(name.span, "helpers are functions")
    .help(format!("write `{}({base})`", name.name))
}

/// A value of the program inside a kind or an edge. `ty` is the type by which a kind could ask for it.
pub fn outside_kind(
    name: Ustr,
    span: Span,
    noun: &str,
    ty: Option<String>,
    inside: &str,
) -> Diagnostic {
    if noun == "network" && inside.starts_with("kind ") {
        return outside_network(name, span, inside);
    }
    let who = if inside.starts_with("edge") {
        "an edge declaration"
    } else {
        "a kind"
    };
    Diagnostic::new(Code::E0208, format!("{who} does not see the program around it"))
        .at(span, format!("`{name}` is {} of this file", with_article(noun)))
        .help_opt(ty.map(|ty| {
            format!(
                "ask for it: `{name}: {ty}` as an attribute of `{inside}`, and give `{name} = {name}` where it is used"
            )
        }))
}

/// A network of the program inside a kind.
fn outside_network(name: Ustr, span: Span, inside: &str) -> Diagnostic {
    let kind = inside.trim_start_matches("kind ");
    Diagnostic::new(Code::E0208, "a kind does not see the program around it")
        .at(span, format!("`{name}` is a network of this file"))
        .help(format!(
            "let each {kind} stand somewhere itself: `{inside} is placed {{ … }}`, then `in self.place` here \
             and `{kind} NAME in {name}.SUBNET` where it is used"
        ))
}

/// `self` where there is none.
pub fn no_self(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0201, "`self` has a meaning only in kinds and edges")
        .at(span, "there is no node here")
}

/// Several used files bring the name.
pub fn ambiguous_name(name: Ustr, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0210, format!("`{name}` arrives from several files"))
        .at(span, "which one?")
        .help("give one of the files a name: `use \"./file.topo\" as file`, then `file.name`")
}

/// A function that nothing declares.
pub fn unknown_function(name: Ustr, span: Span, near: Option<Ustr>) -> Diagnostic {
    Diagnostic::new(Code::E0211, format!("there is no function `{name}`")).at(
        span,
        did_you_mean(near).unwrap_or_else(|| "nothing declares it".into()),
    )
}

/// A value that is called.
pub fn not_a_function(name: Ustr, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0211, format!("`{name}` is no function"))
        .at(span, "a value cannot be called")
}

/// A kind that breaks the promise of its trait.
pub fn missing_promise(
    kind: Ident,
    promised_by: &str,
    missing: &[Ustr],
    promise: Span,
) -> Diagnostic {
    Diagnostic::new(
        Code::E0311,
        format!(
            "kind `{}` does not keep the promise of `{promised_by}`",
            kind.name
        ),
    )
    .at(kind.span, format!("it has no output {}", listed(missing)))
    .because(promise, format!("`{promised_by}` promises it"))
}

/// An output of another type than the trait promises.
pub fn other_promise(
    name: Ident,
    promised_by: &str,
    expected: &str,
    got: &str,
    ty: Span,
    promise: Span,
) -> Diagnostic {
    Diagnostic::new(
        Code::E0311,
        format!(
            "`{promised_by}` promises {expected} for `{}`, not {got}",
            name.name
        ),
    )
    .at(ty, format!("this is {got}"))
    .because(promise, "the promise")
}

/// An output of the program without a type. `ty` is that of its value.
pub fn untyped_output(name: Ident, ty: &str) -> Diagnostic {
    Diagnostic::new(Code::E0100, "a type is missing")
        .at(name.span, format!("write `{}: {ty} = …`", name.name))
}

/// An entry of an environment or a test that is no param.
///
/// `ty` is the type of its value.
pub fn unknown_param(name: Ident, near: Option<Ustr>, ty: &str) -> Diagnostic {
    let report = Diagnostic::new(Code::E0407, format!("there is no param `{}`", name.name));
    match did_you_mean(near) {
        Some(meant) => report.at(name.span, meant),
        None => report
            .at(name.span, "nothing declares it")
            .help(format!("declare it: `param {}: {ty}`", name.name)),
    }
}

/// `topology` or `env` in a file that another one uses.
pub fn not_in_root(word: &str, name: Ident) -> Diagnostic {
    Diagnostic::new(
        Code::E0110,
        format!("`{word}` stands in the root file only"),
    )
    .at(name.span, "this file is used by another one")
}

/// The second topology of a program.
pub fn second_topology(name: Ident, first: Span) -> Diagnostic {
    Diagnostic::new(Code::E0204, "a program has one topology")
        .at(name.span, "the second one")
        .because(first, "the first one")
}

/// A kind that is a part of itself.
pub fn contains_itself(span: Span, cycle: &[Ustr]) -> Diagnostic {
    let first = cycle.first().copied().unwrap_or_default();
    Diagnostic::new(
        Code::E0401,
        format!("kind `{first}` would contain itself: {}", arrows(cycle)),
    )
    .at(span, "this part never ends")
}

/// A function that calls itself.
pub fn calls_itself(span: Span, cycle: &[Ustr]) -> Diagnostic {
    let first = cycle.first().copied().unwrap_or_default();
    Diagnostic::new(
        Code::E0401,
        format!("function `{first}` would call itself: {}", arrows(cycle)),
    )
    .at(span, "functions do not recurse")
    .help("go through a list: `[for x in xs: …]`")
}

/// `resource raw` that does not say what it is in every target.
pub fn raw_without(name: Ident, target: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0302,
        format!("`{}` does not say what it is in {target}", name.name),
    )
    .at(name.span, format!("`{target}` is not given"))
    .help(format!(
        "{target} \"TYPE\" {{ … }}, or {target} none \"reason\""
    ))
}

/// An addition that nothing would come of.
pub fn unread_collector(name: Ident, kind: Ident) -> Diagnostic {
    let message = format!("nothing reads what `{}` collects", name.name);
    Diagnostic::new(Code::E0406, message)
        .at(name.span, "this addition would be lost")
        .because(kind.span, format!("`{}` never reads it", kind.name))
}

fn arrows(cycle: &[Ustr]) -> String {
    let names: Vec<&str> = cycle.iter().map(|it| it.as_str()).collect();
    names.join(" → ")
}
