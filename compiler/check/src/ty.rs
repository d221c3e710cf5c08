//! Types as the checker sees them. Cheap to clone.

use std::rc::Rc;

use topoc_diagnostics::Span;
use topoc_syntax::ast;
use ustr::Ustr;

/// A type. [`Ty::Unknown`] is what a mistake leaves behind; it fits everything and is never reported.
#[derive(Clone, Debug, Default)]
pub enum Ty<'a> {
    /// Reported already, or not decidable.
    #[default]
    Unknown,
    /// The type of `none`.
    Absent,
    /// `Bool`
    Bool,
    /// `Int`
    Int,
    /// A whole number as written: it fits `Int`, `Float` and `Port`.
    WholeNumber,
    /// `Float`
    Float,
    /// `String`
    String,
    /// `Duration`
    Duration,
    /// `Size`
    Size,
    /// `Percent`
    Percent,
    /// `Arn`, `Image`, `Region`, `Schedule`: text with a shape.
    Shaped(Shape),
    /// `Name`
    Name,
    /// `Cidr`
    Cidr,
    /// `Port`
    Port,
    /// `Protocol`
    Protocol,
    /// `Zone`
    Zone,
    /// `Zones`
    Zones,
    /// `Secret`
    Secret,
    /// `Json`
    Json,
    /// `Document`
    Document,
    /// `Asset`
    Asset,
    /// `Tags`
    Tags,
    /// `Resource`: any of them.
    Resource,
    /// `List<T>`
    List(Rc<Ty<'a>>),
    /// `Map<T>`, also a family of nodes.
    Map(Rc<Ty<'a>>),
    /// `T?`
    Optional(Rc<Ty<'a>>),
    /// `Range<T>`
    Range(Rc<Ty<'a>>),
    /// `type T = { … }`, by its number.
    Record(u32),
    /// `{ a: Int }`
    Inline(Rc<[FieldTy<'a>]>),
    /// `enum E { … }`, by its number.
    Enum(u32),
    /// `enum { a, b }` in place.
    Members(&'a [ast::Member]),
    /// An enumeration of the compiler's own: name and members.
    Words(&'static str, &'static [&'static str]),
    /// A node of a kind, by its number.
    Node(u32),
    /// A node of one of several kinds.
    AnyOf(Rc<[u32]>),
    /// A node that fulfils a trait, by its number.
    Trait(u32),
    /// A resource or lookup of a type, by its number.
    ResourceOf(u32),
    /// `network`
    Network,
    /// The network with its children known.
    NetworkOf(&'a ast::Network),
    /// `subnet`: all of its zones or one.
    Subnet,
    /// `group`
    Group,
    /// `external`
    External,
    /// An `endpoints` block.
    Endpoints,
    /// `topology`
    Topology,
    /// `env`
    Env,
    /// `aws`
    Aws,
    /// `internet`
    Internet,
}

/// Text with a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `arn:…`
    Arn,
    /// A container image.
    Image,
    /// `eu-central-1`
    Region,
    /// `rate(5 minutes)`, `cron(…)`
    Schedule,
}

impl Shape {
    /// The name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Arn => "Arn",
            Shape::Image => "Image",
            Shape::Region => "Region",
            Shape::Schedule => "Schedule",
        }
    }
}

/// A field of a record or resource type, an attribute of a kind or edge.
#[derive(Clone, Debug)]
pub struct FieldTy<'a> {
    /// Its name.
    pub name: Ustr,
    /// Its type.
    pub ty: Ty<'a>,
    /// Whether it must be given.
    pub required: bool,
    /// `where …`
    pub refinement: Option<&'a ast::Refinement>,
    /// Where it is declared; `None` for inferred ones.
    pub span: Option<Span>,
    /// `@…` above it.
    pub notes: &'a [ast::Note],
    /// `= …`
    pub default: Option<&'a ast::Expr>,
}

impl<'a> FieldTy<'a> {
    /// The same with what stands above it.
    pub fn noted(self, notes: &'a [ast::Note]) -> Self {
        Self { notes, ..self }
    }
}

impl<'a> Ty<'a> {
    /// `List<self>`
    pub fn list(self) -> Self {
        Ty::List(Rc::new(self))
    }

    /// `Map<self>`
    pub fn map(self) -> Self {
        Ty::Map(Rc::new(self))
    }

    /// `Range<self>`
    pub fn range(self) -> Self {
        Ty::Range(Rc::new(self))
    }

    /// `self?`; optional stays optional.
    pub fn optional(self) -> Self {
        match self {
            Ty::Optional(_) | Ty::Unknown | Ty::Absent => self,
            present => Ty::Optional(Rc::new(present)),
        }
    }

    /// The type without `?`.
    pub fn present(&self) -> &Ty<'a> {
        match self {
            Ty::Optional(inner) => inner,
            other => other,
        }
    }

    /// The type itself where a whole number as written stands for `Int`.
    pub fn widened(self) -> Self {
        match self {
            Ty::WholeNumber => Ty::Int,
            other => other,
        }
    }

    /// Whether nothing may be said about it.
    pub fn is_unknown(&self) -> bool {
        matches!(self.present(), Ty::Unknown)
    }

    /// Whether it is `T?`.
    pub fn is_optional(&self) -> bool {
        matches!(self, Ty::Optional(_) | Ty::Absent)
    }

    /// Whether bare words are members of it.
    pub fn has_members(&self) -> bool {
        matches!(
            self,
            Ty::Enum(_) | Ty::Members(_) | Ty::Words(..) | Ty::Zone | Ty::Protocol | Ty::Env
        )
    }

    /// Whether it is text, with or without a shape.
    pub fn is_text(&self) -> bool {
        matches!(self, Ty::String | Ty::Shaped(_) | Ty::Name)
    }

    /// Whether it counts or measures something.
    pub fn is_number(&self) -> bool {
        matches!(self, Ty::Int | Ty::WholeNumber | Ty::Float | Ty::Port) || self.is_measure()
    }

    /// `Duration`, `Size`, `Percent`
    pub fn is_measure(&self) -> bool {
        matches!(self, Ty::Duration | Ty::Size | Ty::Percent)
    }
}
