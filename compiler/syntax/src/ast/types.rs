//! Types, refinements and spellings.

use topoc_diagnostics::Span;
use ustr::Ustr;

use super::{Body, Expr, Field, Ident, Member, Path};

/// A type as written.
#[derive(Clone, Debug)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// `?` stood behind it.
    pub optional: bool,
    /// Where it stands.
    pub span: Span,
}

/// Every form of a type.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `Int`, `Statement`, `iam.Statement`, `queue`, `ec2.subnet`, `List<T>`
    Named(Path, Option<Box<Type>>),
    /// `{ a: Int }`
    Record(RecordType),
    /// `enum { a, b }`
    Enum(Vec<Member>),
    /// Not written (`const`).
    Infer,
}

/// `{ a: Int, b: String = "x" }`
#[derive(Clone, Debug)]
pub struct RecordType {
    /// Its fields.
    pub fields: Vec<Field>,
    /// The braces.
    pub span: Span,
}

/// `where f and g`
#[derive(Clone, Debug)]
pub struct Refinement {
    /// All of them hold.
    pub facts: Vec<Fact>,
    /// From the first to the last.
    pub span: Span,
}

/// One fact of a refinement. Numbers are literal expressions (maybe negated).
#[derive(Clone, Debug)]
pub enum Fact {
    /// `1..65535`
    Between(Expr, Expr),
    /// `< 5`
    Less(Expr),
    /// `<= 5`
    AtMost(Expr),
    /// `> 5`
    More(Expr),
    /// `>= 5`
    AtLeast(Expr),
    /// `in [a, b]`
    In(Expr),
    /// `matches r"…"`
    Matches(Ustr, Span),
    /// `chars "A-Za-z"`
    Chars(Ustr, Span),
    /// `length 1..32`
    LengthBetween(Expr, Expr),
    /// `length <= 32`
    LengthAtMost(Expr),
    /// `length >= 1`
    LengthAtLeast(Expr),
}

/// How something is spelled in the targets; a target that is left out follows the convention.
#[derive(Clone, Debug, Default)]
pub struct Spelling {
    /// CloudFormation.
    pub cfn: Option<Form>,
    /// Terraform.
    pub terraform: Option<Form>,
    /// Pulumi.
    pub pulumi: Option<Form>,
    /// The braces.
    pub span: Span,
}

/// One target's spelling.
#[derive(Clone, Debug)]
pub struct Form {
    /// What it is.
    pub kind: FormKind,
    /// Where it stands.
    pub span: Span,
}

/// Every form of a spelling.
#[derive(Clone, Debug)]
pub enum FormKind {
    /// `"a.b[+].c" as EXPR`, the target's type or a path; `attribute` and `set` may stand before it.
    Path {
        /// How terraform takes it.
        shape: Shape,
        /// The path.
        path: Ustr,
        /// The conversion for this target.
        convert: Option<Expr>,
    },
    /// `as EXPR` is not needed here: `{ "Code.S3Bucket" = it.bucket }`
    Spread(Body),
    /// `ref`
    Ref,
    /// `part of FIELD at "PATH"`
    PartOf {
        /// The field that holds the owner.
        field: Ident,
        /// Where in it; `""` for its root.
        path: Ustr,
    },
    /// `parameter "T"`, `parameter { type = …, default = … }`
    Parameter {
        /// The type; `None` follows the output's type.
        ty: Option<Ustr>,
        /// `{ … }`
        body: Option<Body>,
    },
    /// `default` (of a lookup's parameter)
    Default,
    /// `none "reason"`
    None(Ustr),
}

/// How terraform takes a record or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Shape {
    /// Records are blocks, lists of records repeated blocks.
    #[default]
    Natural,
    /// `attribute "path"`: an object or a list of objects.
    Attribute,
    /// `set "path"`: sorted at printing.
    Set,
}
