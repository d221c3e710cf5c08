//! Resource types with their spellings resolved by the conventions.

use topoc_syntax::ast::{Expr, Type};

/// The words of the targets, in the order in which spellings are kept.
pub const TARGETS: [&str; 3] = ["cfn", "terraform", "pulumi"];

/// An index into [`TARGETS`].
pub type Target = usize;

/// A resource or lookup type.
#[derive(Debug)]
pub struct Card {
    /// The name space it is declared in: `sqs`.
    pub service: String,
    /// `sqs.queue`
    pub path: String,
    /// Whether it is a lookup type.
    pub lookup: bool,
    /// What it is in each target.
    pub kinds: [Kind; 3],
    /// Fields and constants, in source order.
    pub fields: Vec<CardField>,
    /// What can be read.
    pub outputs: Vec<CardOutput>,
}

/// What a card is in one target.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A type of that target.
    Type(String),
    /// A piece of the resource that `field` names.
    PartOf {
        /// The field that holds the owner.
        field: String,
        /// Where in it.
        path: Vec<Seg>,
    },
    /// One parameter for each output in use.
    Parameter,
    /// The target has no such thing.
    None,
}

/// A field or a constant.
#[derive(Debug)]
pub struct CardField {
    /// Its name.
    pub name: String,
    /// Its type; `Infer` for constants.
    pub ty: Type,
    /// Whether it is a `const`.
    pub constant: bool,
    /// Its default or the constant's value.
    pub default: Option<Expr>,
    /// Whether it has an `as` for all targets: the first step of each conversion.
    pub converted: bool,
    /// How it is spelled.
    pub spelled: [Spelled; 3],
}

/// How a field is spelled in one target.
#[derive(Clone, Debug)]
pub enum Spelled {
    /// At these paths.
    Paths(Vec<(Vec<Seg>, Conversion)>),
    /// Not at all, for the reason given.
    None,
    /// The default of a lookup's parameter.
    Default,
}

/// What a value goes through on its way to the path: each expression sees the one before as `it`.
#[derive(Clone, Debug, Default)]
pub struct Conversion {
    /// First the field's own `as`, then the target's.
    pub steps: Vec<Expr>,
    /// How a record or list is taken.
    pub taken: Taken,
}

/// How a target takes records and lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Taken {
    /// As blocks in terraform.
    #[default]
    Natural,
    /// As an attribute.
    Attribute,
    /// As a set.
    Set,
}

/// One name of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seg {
    /// The property.
    pub name: String,
    /// What follows it.
    pub step: Step,
}

/// How a path goes on behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a record, or nowhere.
    Plain,
    /// `[]`: the only element of a list.
    Only,
    /// `[+]`: one more element of a list.
    More,
    /// `[1]`: the element of that number, in what is read.
    Nth(usize),
}

/// An output.
#[derive(Debug)]
pub struct CardOutput {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Option<Type>,
    /// How it is read.
    pub reads: [Read; 3],
}

/// How an output is read in one target.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// CloudFormation's `Ref`.
    Ref,
    /// An attribute: `Endpoint.Address`, `master_user_secret[].secret_arn`.
    Path(Vec<Seg>),
    /// The parameter of a lookup.
    Parameter,
    /// Not at all.
    None,
}

/// Takes `a.b[].c[+]` apart.
pub fn path(text: &str) -> Vec<Seg> {
    // `a.*.b[0]` of a set is `a[].b`.
    let text = match text.contains(".*.") {
        true => text
            .replace(".*.", "[].")
            .trim_end_matches("[0]")
            .to_owned(),
        false => text.replace("[0]", "[]"),
    };
    let names = text.split('.').filter(|name| !name.is_empty());
    names
        .map(|name| {
            let (name, step) = match (name.strip_suffix("[]"), name.strip_suffix("[+]")) {
                (Some(name), _) => (name, Step::Only),
                (_, Some(name)) => (name, Step::More),
                (None, None) => numbered(name).unwrap_or((name, Step::Plain)),
            };
            Seg {
                name: name.to_owned(),
                step,
            }
        })
        .collect()
}

/// `tokens[1]`
fn numbered(name: &str) -> Option<(&str, Step)> {
    let (name, number) = name.strip_suffix(']')?.split_once('[')?;
    Some((name, Step::Nth(number.parse().ok()?)))
}

/// `a.b[]`
pub fn text(path: &[Seg]) -> String {
    let names = path.iter().map(|seg| {
        let step = match seg.step {
            Step::Plain => String::new(),
            Step::Only => "[]".to_owned(),
            Step::More => "[+]".to_owned(),
            Step::Nth(number) => format!("[{number}]"),
        };
        format!("{}{step}", seg.name)
    });
    names.collect::<Vec<_>>().join(".")
}
