//! Reports about types.

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_syntax::ast::{BinaryOp, Ident, Parameter};
use ustr::Ustr;

use super::listed;
use crate::suggest::{choices, nearest};

/// A value of another type than its place asks for.
pub fn wrong_type(span: Span, expected: &str, got: &str, help: Option<String>) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("expected {expected}, found {got}"))
        .at(span, format!("this is {got}"))
        .help_opt(help)
}

/// A text without its quotes.
pub fn bare_text(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::E0201, format!("nothing here is called `{written}`"))
        .at(span, "a text stands in quotes")
        .help(format!("\"{written}\""))
}

/// A bare word as the key of a declaration that stands in no loop.
pub fn key_without_loop(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::E0201, format!("nothing here is called `{written}`"))
        .at(span, "a key is a text in quotes, or what a loop goes through")
        .help(format!("`[\"{written}\"]` for this one; or `for {written} in [\"a\", \"b\"] {{ … }}` around it for one each"))
}

/// Says which attribute asks for the type, and where that is declared.
pub fn asked_by(report: Diagnostic, name: Ustr, expected: &str, declared: Span) -> Diagnostic {
    report.because(declared, format!("`{name}` is declared as {expected} here"))
}

/// `none` where something must be.
pub fn none_given(span: Span, expected: &str) -> Diagnostic {
    Diagnostic::new(Code::E0308, format!("expected {expected}, found none"))
        .at(span, "a value is needed here")
}

/// A text that lacks the shape of its type.
pub fn wrong_shape(span: Span, text: &str, ty: &str, example: &str) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("`{text}` is no {ty}"))
        .at(span, format!("for example \"{example}\""))
}

/// A range whose low end is above its high end.
pub fn empty_range(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0303, "this range is empty")
        .at(span, "the low end is above the high end")
}

/// A port outside what ports are.
pub fn not_a_port(span: Span, port: i64) -> Diagnostic {
    Diagnostic::new(Code::E0303, format!("`{port}` is no port"))
        .at(span, "ports go from 0 to 65535")
}

/// Something that cannot be counted through.
pub fn no_list(span: Span, got: &str) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("expected a list, found {got}"))
        .at(span, "neither a list nor a map nor a range")
}

/// Something that has no text.
pub fn not_text(span: Span, got: &str, help: Option<String>) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("{got} cannot be inserted into text"))
        .at(span, format!("this is {got}"))
        .help_opt(help)
}

/// `missing` are required attributes of a node or resource, or fields of a record; `help` gives them.
pub fn missing_attribute(span: Span, owner: &str, missing: &[Ustr], help: String) -> Diagnostic {
    Diagnostic::new(Code::E0302, format!("{owner} needs {}", listed(missing)))
        .at(span, "not given here")
        .help(help)
}

/// An output of a kind that gives nothing.
pub fn output_without_value(name: Ident, ty: Option<&str>, value: Option<String>) -> Diagnostic {
    let value = value.unwrap_or_else(|| "…".to_owned());
    let ty = ty.map_or(String::new(), |it| format!(": {it}"));
    let name_text = name.name;
    Diagnostic::new(Code::E0302, format!("output `{name_text}` needs a value"))
        .at(name.span, "not given here")
        .help(format!("output {name_text}{ty} = {value}"))
}

/// `1-10` where a range is expected.
pub fn range_by_minus(span: Span, low: &str, high: &str) -> Diagnostic {
    Diagnostic::new(Code::E0301, "expected a range, found a subtraction")
        .at(span, format!("write `{low}..{high}`"))
}

/// ` = 8000` below `image`
pub fn nameless_line(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0301,
        "this line has no name, and its value does not fit the one above",
    )
    .at(span, "write a name before the `=`")
}

/// `db..host`
pub fn doubled_dot(span: Span, low: &str, high: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0301,
        format!("`{low}` is no number, so no range begins with it"),
    )
    .at(span, format!("write `{low}.{high}`"))
}

/// A literal outside what its type allows.
pub fn refinement(span: Span, name: Ustr, reason: &str, declared: Span) -> Diagnostic {
    Diagnostic::new(Code::E0303, format!("`{name}` {reason}"))
        .at(span, "outside of what is allowed")
        .because(declared, "what is allowed")
}

/// An input whose own refinement does not imply what its place asks for. `needed` is the input as it would do.
pub fn unproved(
    span: Span,
    name: Ustr,
    input: Ustr,
    declared: Span,
    asked: Span,
    needed: &str,
) -> Diagnostic {
    Diagnostic::new(
        Code::E0303,
        format!("nothing says that `{input}` is what `{name}` allows"),
    )
    .at(span, "has its value only at deployment")
    .because(
        declared,
        "an input may be anything that its own `where` allows",
    )
    .because(asked, "what is allowed")
    .help(needed)
}

/// More arguments than parameters, or a name that is none.
pub fn extra_argument(
    span: Span,
    function: Ustr,
    params: &[Parameter],
    declared: Span,
) -> Diagnostic {
    let names: Vec<Ustr> = params.iter().map(|it| it.name.name).collect();
    let takes = if names.is_empty() {
        "nothing".to_owned()
    } else {
        listed(&names)
    };
    Diagnostic::new(Code::E0304, format!("`{function}` takes {takes}"))
        .at(span, "not one of its parameters")
        .because(declared, "declared here")
}

/// Fewer arguments than parameters.
pub fn missing_argument(
    span: Span,
    function: Ustr,
    missing: &[Ustr],
    declared: Span,
) -> Diagnostic {
    Diagnostic::new(
        Code::E0304,
        format!("`{function}` also needs {}", listed(missing)),
    )
    .at(span, "not given here")
    .because(declared, "declared here")
}

/// A helper with too many or too few arguments.
pub fn argument_count(
    span: Span,
    function: &str,
    least: usize,
    most: usize,
    got: usize,
) -> Diagnostic {
    let takes = match (least, most) {
        (1, 1) => "one argument".to_owned(),
        (a, b) if a == b => format!("{a} arguments"),
        (a, b) => format!("{a} to {b} arguments"),
    };
    Diagnostic::new(
        Code::E0304,
        format!("`{function}` takes {takes}, not {got}"),
    )
    .at(span, "called here")
}

/// An operator between types that it does not take.
pub fn operator(
    span: Span,
    op: BinaryOp,
    left: &str,
    right: &str,
    help: Option<String>,
) -> Diagnostic {
    let sign = match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::In => "in",
        BinaryOp::Fallback => "??",
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
    };
    Diagnostic::new(
        Code::E0305,
        format!("`{sign}` does not take {left} and {right}"),
    )
    .at(span, "these two do not go together")
    .help_opt(help)
}

/// A word that is neither a member nor a value.
pub fn unknown_word(name: Ident, ty: &str, members: &[Ustr]) -> Diagnostic {
    Diagnostic::new(
        Code::E0306,
        format!("`{}` is not a member of {ty}", name.name),
    )
    .at(name.span, one_of(name.name, members))
}

/// `Type.word` where there is no such member.
pub fn unknown_member(name: Ident, ty: &str, members: &[Ustr]) -> Diagnostic {
    Diagnostic::new(
        Code::E0306,
        format!("`{}` is not a member of {ty}", name.name),
    )
    .at(name.span, one_of(name.name, members))
}

fn one_of(name: Ustr, members: &[Ustr]) -> String {
    if let Some(near) = nearest(&name, members.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    if members.len() <= 8 && !members.is_empty() {
        let all: Vec<&str> = members.iter().map(Ustr::as_str).collect();
        return format!("one of: {}", all.join(", "));
    }
    choices(members).unwrap_or_else(|| "used here".to_owned())
}

/// A word that is no zone.
pub fn unknown_zone(name: Ident) -> Diagnostic {
    Diagnostic::new(Code::E0306, format!("`{}` is no zone", name.name))
        .at(name.span, "zones are a, b, c …")
}

/// A zone of a subnet that its network does not have.
pub fn zone_of_network(zone: Ident, network: Ustr, known: &[Ustr]) -> Diagnostic {
    let message = format!("`{}` is no zone of network `{network}`", zone.name);
    Diagnostic::new(Code::E0502, message)
        .at(zone.span, format!("the network has {}", listed(known)))
}

/// One zone where several are expected.
pub fn one_zone(word: Ustr, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0301, "expected Zones, found a zone")
        .at(span, "a list is needed")
        .help(format!("write `[{word}]`"))
}

/// A word that is a member and a value of the same type.
pub fn member_or_value(word: Ustr, span: Span, ty: &str, declared: Option<Span>) -> Diagnostic {
    let report = Diagnostic::new(
        Code::E0307,
        format!("`{word}` is both a member of {ty} and a value"),
    )
    .at(span, "which one is meant?")
    .help(format!(
        "rename the value, or write `{ty}.{word}` for the member"
    ));
    match declared {
        Some(at) => report.because(at, "the value"),
        None => report,
    }
}

/// A value that may be absent, used as if present.
pub fn optional_value(span: Span, ty: &str, text: &str) -> Diagnostic {
    let is_node = ty.starts_with(|c: char| c.is_ascii_lowercase());
    let help = match text {
        "…" | "\"…\"" => "give a fallback: `… ?? value`".to_owned(),
        path if is_node => format!("ask first: `if {path} != none`"),
        path => format!("ask first: `if {path} != none`, or give a fallback: `{path} ?? …`"),
    };
    Diagnostic::new(Code::E0308, format!("expected {ty}, found {ty}?"))
        .at(span, "may be absent")
        .help(help)
}

/// `x / 0`
pub fn division_by_zero(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0309, "division by zero").at(span, "this is zero")
}

/// A secret where text would show it; `taker` is an attribute of the same node that takes secrets by name.
pub fn secret_shown(span: Span, taker: Option<Ustr>) -> Diagnostic {
    Diagnostic::new(
        Code::E0310,
        "a secret may stand only where a Secret is expected",
    )
    .at(span, "this is a Secret")
    .help_opt(taker.map(|it| format!("put it under `{it}`: `{it} = {{ NAME = … }}`")))
}

/// A secret in a comparison.
pub fn secret_compared(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0310, "secrets cannot be compared").at(span, "one side is a Secret")
}

/// A secret as a param or an output.
pub fn secret_declared(span: Span, noun: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::E0310, format!("{noun} cannot be a Secret"))
        .at(span, "this would show it")
        .help(help)
}

/// An input that is made of several values, or is no value at all.
pub fn input_of_parts(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::new(Code::E0301, format!("an input cannot be {ty}"))
        .at(span, "deployment is asked for single values")
        .help("make it a `param`, and an `input` of each value that only deployment knows")
}

/// An input that may be absent.
pub fn optional_input(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0312, "an input is always there")
        .at(
            span,
            "whether something exists must be known when compiling",
        )
        .help("make it a `param`, or take the `?` away")
}
