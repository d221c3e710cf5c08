//! Declarations and statements.

use topoc_diagnostics::Span;
use ustr::Ustr;

use super::{Block, Expr, Ident, Later, Path, RecordType, Ref, Refinement, Spelling, Stmt, Type};

/// `{ name = value, short }`
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// In source order.
    pub attributes: Vec<Attribute>,
    /// The braces; empty if there are none.
    pub span: Span,
}

/// One entry of a body or record.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// `///` above it.
    pub docs: Option<Ustr>,
    /// `@…` above it.
    pub notes: Vec<super::Note>,
    /// The name, or what stands between the quotes of a quoted name.
    pub name: Ident,
    /// A quoted name that has insertions, `"{target}" = …`; without insertions `name` is all.
    pub text: Option<Box<Expr>>,
    /// Whether the name was quoted.
    pub quoted: bool,
    /// The value; for the short form `{ nat }` the name again, as a [`super::ExprKind::Name`].
    pub value: Expr,
    /// Whether it was the short form; then the word is always a name, never a member.
    pub short: bool,
}

/// `topology NAME { … }`
#[derive(Clone, Debug)]
pub struct Topology {
    /// Its name.
    pub name: Ident,
    /// `region`, `account`, `prefix`, `tags`.
    pub body: Body,
}

/// `use "./x.topo" as x`
#[derive(Clone, Debug)]
pub struct Use {
    /// The path as written.
    pub path: Ustr,
    /// Where it stands.
    pub path_span: Span,
    /// The name space.
    pub alias: Option<Ident>,
}

/// `name: T where … = default as EXPR { spelling }`: params, inputs, attributes of kinds and edges, fields of records
/// and resource types.
#[derive(Clone, Debug)]
pub struct Field {
    /// `///` above it (fields inside record types; statements carry their own).
    pub docs: Option<Ustr>,
    /// `key` stood before it (in edges).
    pub key: Option<Span>,
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
    /// `where …`
    pub refinement: Option<Refinement>,
    /// `= …`
    pub default: Option<Expr>,
    /// `as …`
    pub convert: Option<Expr>,
    /// `{ cfn = …, terraform = …, pulumi = … }`
    pub spelling: Option<Box<Spelling>>,
}

/// `output NAME: T = e { spelling }`
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Ident,
    /// Left out where a trait gives it.
    pub ty: Option<Type>,
    /// Absent in traits and resource types.
    pub value: Option<Expr>,
    /// In resource types.
    pub spelling: Option<Box<Spelling>>,
}

/// `env prod { … }`
#[derive(Clone, Debug)]
pub struct Env {
    /// Its name.
    pub name: Ident,
    /// The params it binds.
    pub body: Body,
}

/// `let x: T = e`, `let f(a: T): T = e`
#[derive(Clone, Debug)]
pub struct Let {
    /// Its name.
    pub name: Ident,
    /// `Some` for functions, possibly empty.
    pub params: Option<Vec<Parameter>>,
    /// `: T`
    pub ty: Option<Type>,
    /// `let endpoints: … means endpoints = …`: the meaning of a library table.
    pub means: Option<Ident>,
    /// The value or the function's body.
    pub value: Later<Expr>,
}

/// `a: T`
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
}

/// `type T = { … } where exactly_one`
#[derive(Clone, Debug)]
pub struct TypeDecl {
    /// Its name.
    pub name: Ident,
    /// Its fields.
    pub record: RecordType,
    /// `where exactly_one` stood behind it.
    pub exactly_one: bool,
}

/// `enum E { … }`
#[derive(Clone, Debug)]
pub struct EnumDecl {
    /// Its name.
    pub name: Ident,
    /// Its members.
    pub members: Vec<Member>,
}

/// `member = "spelling"`
#[derive(Clone, Debug)]
pub struct Member {
    /// `///` above it.
    pub docs: Option<Ustr>,
    /// The word.
    pub name: Ident,
    /// How it is spelled as text; the word itself if `None`.
    pub text: Option<Ustr>,
}

/// `protocol postgres = tcp 5432`
#[derive(Clone, Debug)]
pub struct ProtocolDecl {
    /// Its name.
    pub name: Ident,
    /// One protocol or a list of them.
    pub value: Expr,
}

/// `KIND NAME [key] in PLACE { … }`; `kind` is empty for `group` and `external`.
#[derive(Clone, Debug)]
pub struct NodeDecl {
    /// The kind; `None` for groups and externals.
    pub kind: Option<Path>,
    /// Its name.
    pub name: Ident,
    /// `[e]`
    pub key: Option<Expr>,
    /// `in …`; empty if not placed.
    pub places: Vec<Ref>,
    /// `{ … }`
    pub body: Body,
}

/// `network main { … }`
#[derive(Clone, Debug)]
pub struct Network {
    /// Whether `existing` stood before it.
    pub existing: bool,
    /// Its name.
    pub name: Ident,
    /// `[e]`
    pub key: Option<Expr>,
    /// `cidr`, `zones`, `nat`, …
    pub body: Body,
    /// In source order (that order counts for allotment).
    pub subnets: Vec<Subnet>,
    /// `endpoints aws in [..] { … }`
    pub endpoints: Vec<Endpoints>,
    /// `route C via G`, for every table.
    pub routes: Vec<Route>,
    /// `table inner { … }`
    pub tables: Vec<Table>,
}

/// `subnet app { … }`
#[derive(Clone, Debug)]
pub struct Subnet {
    /// `///` above it.
    pub docs: Option<Ustr>,
    /// `@…` above it.
    pub notes: Vec<super::Note>,
    /// Its name.
    pub name: Ident,
    /// `tier`, `zones`, `size`, `from`, `cidrs`, `table`, …
    pub body: Body,
    /// Its own routes.
    pub routes: Vec<Route>,
    /// The whole entry.
    pub span: Span,
}

/// `endpoints aws in [..] { … }`
#[derive(Clone, Debug)]
pub struct Endpoints {
    /// Its name.
    pub name: Ident,
    /// `in …`
    pub places: Vec<Ref>,
    /// `services`, `policy`, `private_dns`.
    pub body: Body,
    /// The whole entry.
    pub span: Span,
}

/// `route C via G`
#[derive(Clone, Debug)]
pub struct Route {
    /// Where to.
    pub destination: Expr,
    /// `None` for `via none`. The words `internet_gateway`, `nat`, `egress_only` are plain references here.
    pub via: Option<Ref>,
    /// The whole entry.
    pub span: Span,
}

/// `table inner { … }`
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: Ident,
    /// Its routes.
    pub routes: Vec<Route>,
    /// The whole entry.
    pub span: Span,
}

/// `ENDS -> ENDS : VERB, VERB`
#[derive(Clone, Debug)]
pub struct Edge {
    /// Left of the arrow; more than one in brackets.
    pub sources: Vec<End>,
    /// Right of it.
    pub targets: Vec<End>,
    /// Behind the colon.
    pub verbs: Vec<Verb>,
    /// The text of the edge, as written, white space folded.
    pub text: Ustr,
}

/// One end of an edge: a reference, a CIDR literal, `internet` or `internet.v4`.
pub type End = Expr;

/// A verb with its value and its block.
#[derive(Clone, Debug)]
pub struct Verb {
    /// `on` stood before it.
    pub on: bool,
    /// What it says.
    pub kind: VerbKind,
    /// `{ … }`
    pub body: Body,
    /// The whole verb.
    pub span: Span,
}

/// A verb by name, or a bare protocol.
#[derive(Clone, Debug)]
pub enum VerbKind {
    /// `forward "/*"`, `postgres`
    Named {
        /// The word.
        name: Ident,
        /// A string, whole number or reference.
        value: Option<Expr>,
    },
    /// `tcp 9000`, `udp 53`, `tcp 3000..3010`: a [`super::ExprKind::Protocol`].
    Protocol(Expr),
}

/// `target.collector += e`
#[derive(Clone, Debug)]
pub struct Addition {
    /// The collector.
    pub target: Ref,
    /// What is added.
    pub value: Expr,
}

/// `assert … because "…" help "…"`
#[derive(Clone, Debug)]
pub struct Assertion {
    /// What is claimed.
    pub claim: Claim,
    /// Why.
    pub because: Option<Expr>,
    /// What to type instead.
    pub help: Option<Expr>,
}

/// What an assertion claims.
#[derive(Clone, Debug)]
pub enum Claim {
    /// An expression.
    Holds(Expr),
    /// `only S can reach T`
    Only {
        /// These and nothing else.
        sources: Vec<End>,
        /// What of what.
        reach: Reach,
    },
    /// `A can reach B`, `A cannot reach B`
    Can {
        /// From.
        sources: Vec<End>,
        /// `cannot`.
        not: bool,
        /// What of what.
        reach: Reach,
    },
    /// `every path from A to B passes through C`
    EveryPath {
        /// From.
        sources: Vec<End>,
        /// To.
        targets: Vec<End>,
        /// Through.
        through: Vec<End>,
    },
}

/// `[directly] reach T : V`, `route to T`
#[derive(Clone, Debug)]
pub struct Reach {
    /// Which relation.
    pub relation: Relation,
    /// To.
    pub targets: Vec<End>,
    /// With what; empty for anything.
    pub verbs: Vec<Verb>,
}

/// The relation that a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `reach`
    Reach,
    /// `directly reach`
    DirectlyReach,
    /// `route to`
    RouteTo,
}

/// `if c { … } else { … }`; `else if` is an `otherwise` of one `If`.
#[derive(Clone, Debug)]
pub struct If {
    /// The condition.
    pub condition: Expr,
    /// If it holds.
    pub then: Block,
    /// If not.
    pub otherwise: Option<Block>,
}

/// `for i, x in xs { … }`
#[derive(Clone, Debug)]
pub struct For {
    /// `x in xs`.
    pub head: LoopHead,
    /// What is repeated.
    pub body: Block,
}

/// `for x in xs`, `for k, x in xs`
#[derive(Clone, Debug)]
pub struct LoopHead {
    /// The index or key; `None` with one name.
    pub key: Option<Ident>,
    /// The item (for a map with one name: the item).
    pub item: Ident,
    /// A list, map, range, zones or nodes.
    pub list: Expr,
}

/// `adjust db.main { … }`
#[derive(Clone, Debug)]
pub struct Adjust {
    /// The resource.
    pub target: Ref,
    /// Its fields.
    pub body: Body,
}

/// `moved a to b`
#[derive(Clone, Debug)]
pub struct Moved {
    /// The old name.
    pub from: Ref,
    /// The new one.
    pub to: Ref,
}

/// `rule r { … }`
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: Ident,
    /// Assertions, loops, conditions.
    pub body: Block,
}

/// `test "…" with a = e { … }`
#[derive(Clone, Debug)]
pub struct Test {
    /// What it shows.
    pub name: Ustr,
    /// `with …`
    pub with: Vec<(Ident, Expr)>,
    /// Statements and expectations.
    pub body: Vec<TestItem>,
}

/// A line of a test.
#[derive(Clone, Debug)]
pub enum TestItem {
    /// A statement.
    Stmt(Box<Stmt>),
    /// `expect E0512 { … }`
    Expect(Ident, Block),
}
