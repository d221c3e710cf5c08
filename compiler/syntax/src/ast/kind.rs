//! What the library is made of: traits, kinds, edge declarations and their members.

use super::{Block, Expr, Ident, Later, Path, Ref, Type};

/// `trait t { … }`
#[derive(Clone, Debug)]
pub struct Trait {
    /// Its name.
    pub name: Ident,
    /// Outputs without value, and collectors.
    pub members: Block,
}

/// `kind k is t, u? { … }`
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its name.
    pub name: Ident,
    /// The traits it fulfils; `true` for `placed?`.
    pub traits: Vec<(Path, bool)>,
    /// Fields, collectors, outputs, parts, resources, edges …
    pub members: Later<Block>,
}

/// `edge a -> b : verb value { … }`
#[derive(Clone, Debug)]
pub struct EdgeDecl {
    /// Kind or trait.
    pub source: Path,
    /// Kind or trait.
    pub target: Path,
    /// `on` stood before the verb.
    pub on: bool,
    /// The verb.
    pub verb: Ident,
    /// The field that takes the verb's value.
    pub value: Option<Ident>,
    /// Fields, statements.
    pub members: Later<Block>,
}

/// `collect NAME: List<T>`
#[derive(Clone, Debug)]
pub struct Collect {
    /// Its name.
    pub name: Ident,
    /// `List<T>`, `Map<T>` or `T?`.
    pub ty: Type,
}

/// `listens V on P { … }`
#[derive(Clone, Debug)]
pub struct Listens {
    /// The verb.
    pub verb: Ident,
    /// `None`: the ports that `protocol V` declares.
    pub on: Option<Expr>,
    /// A body opens and grants exactly what it says.
    pub body: Option<Block>,
}

/// `access V value via S { … }`
#[derive(Clone, Debug)]
pub struct Access {
    /// The verb.
    pub verb: Ident,
    /// The field that takes the verb's value.
    pub value: Option<Ident>,
    /// The AWS service that must be reachable.
    pub via: Ident,
    /// Grants and what else.
    pub body: Block,
}

/// `opens P from A to B because "…"`
#[derive(Clone, Debug)]
pub struct Opens {
    /// One protocol or a list.
    pub protocols: Expr,
    /// Another end than the source.
    pub from: Option<Expr>,
    /// Another end than the target.
    pub to: Option<Expr>,
    /// What it is for, where the program does not say that.
    pub because: Option<Expr>,
}

/// `grant ACTIONS on ARNS to P where C`
#[derive(Clone, Debug)]
pub struct Grant {
    /// A list of texts.
    pub actions: Expr,
    /// A text, an ARN or a list.
    pub on: Expr,
    /// Another principal than the source.
    pub to: Option<Ref>,
    /// A map of maps.
    pub condition: Option<Expr>,
}
