//! A resource of the library, or one that `lower` makes: its type, its fields as values.

use topoc_diagnostics::Span;
use ustr::Ustr;

use crate::value::Value;

/// The path of a resource: node, part, name, key; unique in a program, never an order or a count.
///
/// `web.definition`, `main.app[a]`, `main/internet_gateway`, `alb->web:forward["/*"].targets`. See `ids` for the
/// logical ids that are made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId(pub Ustr);

impl std::fmt::Display for ResourceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// The lines that caused something: the declaration first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The declaration in the user's program, or in the library if there is no other.
    pub span: Span,
    /// Further lines: the resource in its kind, the edges that added to it.
    pub others: Vec<Span>,
}

/// What happens to the data when the resource leaves the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Retain {
    /// It is deleted.
    #[default]
    Delete,
    /// It is kept (`retain = true`).
    Keep,
    /// A snapshot is kept (`retain = snapshot`).
    Snapshot,
}

/// A resource or lookup before it is spelled.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its path.
    pub id: ResourceId,
    /// Its resource type, `sqs.queue`.
    pub ty: Ustr,
    /// Its fields by the names of the resource type; what is left out takes the default.
    pub fields: Vec<(Ustr, Value)>,
    /// Order without reference: these exist first.
    pub after: Vec<ResourceId>,
    /// A region of its own.
    pub region: Option<Ustr>,
    /// What happens to its data.
    pub retain: Retain,
    /// Fields that somebody else changes later.
    pub ignore: Vec<Ustr>,
    /// Tags of its own and of its node (without those of the topology).
    pub tags: Vec<(Ustr, Value)>,
    /// Properties outside the resource type: target (`cfn`, `terraform`, `pulumi`) and a record.
    pub extra: Vec<(Ustr, Value)>,
    /// The doc comment of the declaration it comes from.
    pub docs: Option<Ustr>,
    /// Reasons given with `@allow`: lint and reason.
    pub allows: Vec<(Ustr, Ustr)>,
    /// Where it comes from.
    pub origin: Origin,
    /// The place of its top-level declaration in source order; output follows it.
    pub rank: u32,
}
