//! Expressions.

use std::cell::Cell;

use ipnet::IpNet;
use rust_decimal::Decimal;
use topoc_diagnostics::Span;
use ustr::Ustr;

use super::{Attribute, Ident, LoopHead};

/// The number of an expression, unique in one compilation: the key of side tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

/// Gives every expression of one compilation its number.
#[derive(Debug, Default)]
pub struct ExprIds(Cell<u32>);

impl ExprIds {
    /// Numbers from `first` on.
    pub fn from(first: usize) -> Self {
        Self(Cell::new(u32::try_from(first).unwrap_or(u32::MAX)))
    }

    /// Leaves the numbers before `next` to others.
    pub fn skip_to(&self, next: usize) {
        self.0.set(u32::try_from(next).unwrap_or(u32::MAX));
    }

    /// A number that no other expression has.
    pub fn next(&self) -> ExprId {
        let id = self.0.get();
        self.0.set(id + 1);
        ExprId(id)
    }

    /// How many there are: all ids are below.
    pub fn count(&self) -> usize {
        self.0.get() as usize
    }
}

/// An expression with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its number.
    pub id: ExprId,
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// A reference, `main.app[a]`: an [`Expr`] made of names, fields, indexes and `self` only.
pub type Ref = Expr;

/// Every expression of the language.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `true`
    Bool(bool),
    /// `512`
    Int(i64),
    /// `0.5`
    Float(Decimal),
    /// `15s`, in milliseconds
    Duration(i64),
    /// `512MiB`, in bytes
    Size(i64),
    /// `50%`
    Percent(Decimal),
    /// `none`
    None,
    /// `"text {expr} text"`, blocks and raw texts too
    Text(Vec<TextPart>),
    /// `10.0.0.0/16`
    Cidr(IpNet),
    /// A name: a value, or a member where an enumeration is expected.
    Name(Ustr),
    /// `self`
    SelfNode,
    /// `internet`
    Internet,
    /// `a.b`
    Field(Box<Expr>, Ident),
    /// `a?.b`
    OptField(Box<Expr>, Ident),
    /// `a[e]`
    Index(Box<Expr>, Box<Expr>),
    /// `f(x)`, `iam.f(x)`: the callee is a name or a field of a name.
    Call(Box<Expr>, Vec<Arg>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `[for x in xs if c: e]`
    ListFor(Vec<Loop>, Box<Expr>),
    /// `{ a = e, b }`
    Record(Vec<Attribute>),
    /// `{ for x in xs if c: "k" = e }`
    MapFor(Vec<Loop>, Box<Expr>, Box<Expr>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a + b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `a..b`
    Range(Box<Expr>, Box<Expr>),
    /// `tcp 443`, `udp 53`, `tcp 3000..3010`, `tcp all`
    Protocol(Transport, Box<Expr>),
    /// What could not be read; reported already.
    Error,
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub enum TextPart {
    /// As is, escapes resolved.
    Text(Ustr),
    /// `{expr}`
    Code(Expr),
}

/// `for x in xs if c` of a comprehension.
#[derive(Clone, Debug)]
pub struct Loop {
    /// `x in xs`
    pub head: LoopHead,
    /// `if c` (the grammar allows it behind the last loop only).
    pub condition: Option<Expr>,
}

/// An argument, maybe named.
#[derive(Clone, Debug)]
pub struct Arg {
    /// `name =`
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
}

/// `tcp` or `udp`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// `tcp`
    Tcp,
    /// `udp`
    Udp,
}

/// Operators with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `in`
    In,
    /// `??`
    Fallback,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
}
