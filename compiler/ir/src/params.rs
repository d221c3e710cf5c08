//! Values given from outside, for params: what `--params` files and `--set` say, with the places where they say it.
//!
//! Nothing is typed yet: the type of the param decides what `"15s"` means, so `elaborate` converts.

use rust_decimal::Decimal;
use topoc_diagnostics::Span;
use ustr::Ustr;

/// All settings from outside, weakest first: the `--params` files in order, then `--set`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    /// A later setting of one path replaces an earlier one.
    pub settings: Vec<Setting>,
}

/// `alb.enabled = true`: one path and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The param, then fields inside it; never empty. Files give paths of one name only, and so replace whole values.
    pub path: Vec<Key>,
    /// Its value.
    pub value: Given,
}

/// A name in a params file or on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name as written.
    pub name: Ustr,
    /// Where it stands.
    pub span: Span,
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: GivenKind,
}

/// Every form of a given value.
#[derive(Clone, Debug, PartialEq)]
pub enum GivenKind {
    /// `null`, for optional types only
    Null,
    /// `true`
    Bool(bool),
    /// `512`
    Int(i64),
    /// `0.5`
    Float(Decimal),
    /// Text; also members, measures, ranges and addresses in topo's spelling.
    Text(Ustr),
    /// What stands behind `--set k=`: read as the type asks, so `16` may be a number or text.
    Word(Ustr),
    /// In order.
    List(Vec<Given>),
    /// In order; no key twice.
    Map(Vec<(Key, Given)>),
}
