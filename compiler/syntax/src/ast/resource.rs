//! Resources and their types.

use ustr::Ustr;

use super::{Block, Body, Expr, Field, Ident, Later, Note, Output, Path, Spelling};

/// `resource TYPE NAME [key] { … }`
#[derive(Clone, Debug)]
pub struct Resource {
    /// The resource or lookup type.
    pub ty: Path,
    /// Its name.
    pub name: Ident,
    /// `[e]`
    pub key: Option<Expr>,
    /// Its fields and `after`, `region`, `retain`, `ignore`, `tags`, `extra`.
    pub body: Body,
}

/// `resource raw NAME { cfn "T" { … } … }`
#[derive(Clone, Debug)]
pub struct RawResource {
    /// Its name.
    pub name: Ident,
    /// `[e]`
    pub key: Option<Expr>,
    /// One for each target.
    pub targets: Vec<RawTarget>,
    /// `opens` and `grant`.
    pub claims: Block,
}

/// `cfn "TYPE" { … }`, `cfn none "reason"`
#[derive(Clone, Debug)]
pub struct RawTarget {
    /// The word `cfn`, `terraform` or `pulumi`.
    pub target: Ident,
    /// The type, or the reason why there is none.
    pub form: Result<(Ustr, Body), Ustr>,
}

/// `resource type T { … }`, `lookup type T { … }`
#[derive(Clone, Debug)]
pub struct ResourceType {
    /// Whether it is a lookup type.
    pub lookup: bool,
    /// `ec2.subnet`
    pub path: Path,
    /// `cfn = …`, `terraform = …`, `pulumi = …`
    pub targets: Spelling,
    /// `means subnet { network, cidr, zone }`
    pub means: Vec<Means>,
    /// The fields, in source order; a `const` is a field with a default that nothing sets.
    pub fields: Later<Vec<TypedField>>,
    /// What others may read.
    pub outputs: Later<Vec<(Option<Ustr>, Output)>>,
}

/// A field of a resource type.
#[derive(Clone, Debug)]
pub struct TypedField {
    /// `const NAME = EXPR`: it cannot be set.
    pub constant: bool,
    /// `@shared`, `@within(field)` above it.
    pub notes: Vec<Note>,
    /// The field; a constant's type is `None`-like: [`super::TypeKind::Infer`].
    pub field: Field,
}

/// `means gateway(internet) { role = field, role }`
#[derive(Clone, Debug)]
pub struct Means {
    /// `gateway`
    pub name: Ident,
    /// `internet`
    pub argument: Option<Ident>,
    /// Role and the field that plays it.
    pub roles: Vec<(Ident, Ident)>,
}
