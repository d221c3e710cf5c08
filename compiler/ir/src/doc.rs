//! Documents: what a target's printer prints. Property names are the target's; nothing is left to decide.

use rust_decimal::Decimal;
use ustr::Ustr;

use crate::resource::ResourceId;

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub enum Doc {
    /// `true`
    Bool(bool),
    /// `512`
    Int(i64),
    /// `0.5`
    Float(Decimal),
    /// Text without holes.
    Text(Ustr),
    /// Text with holes.
    Template(Vec<Piece>),
    /// A value of deployment alone.
    Late(LateDoc),
    /// The same of an output that is no text, with its type: `Int`, `List<String>`.
    Typed(LateDoc, Ustr),
    /// A package, by its path beside what is printed.
    Package(Ustr),
    /// Items.
    List(Vec<Doc>),
    /// A record: an object; in terraform a nested block (a list of them: repeated blocks).
    Block(Vec<(Ustr, Doc)>),
    /// A map, or a record that terraform takes as an attribute: an object everywhere.
    Object(Vec<(Ustr, Doc)>),
    /// A document encoded as JSON text in this target (`jsonencode`, `fn::toJSON`, in CloudFormation a text that is
    /// already encoded, with holes).
    Encoded(Box<Doc>),
    /// The n-th /64 of an IPv6 range that is known at deployment.
    Slice(LateDoc, u16),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As is.
    Text(Ustr),
    /// A hole.
    Late(LateDoc),
}

/// A value of deployment in one target.
#[derive(Clone, Debug, PartialEq)]
pub enum LateDoc {
    /// An input: a parameter, a variable, a config key.
    Input(Ustr),
    /// Something of a resource.
    Resource(ResourceId, Reference),
    /// Something of a lookup. In CloudFormation that is a parameter named after lookup and output.
    Lookup(ResourceId, Reference),
    /// The account that is deployed to.
    Account,
    /// The name of the n-th available zone (0 is the first).
    ZoneSlot(u8),
    /// A text pasted verbatim into CloudFormation's `{{resolve:…}}`; the text has its own holes.
    Resolve(Vec<Piece>),
}

/// How something of a resource is named.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference {
    /// CloudFormation's `Ref`; the others' `id`.
    Id,
    /// `Arn`, `Endpoint.Address`; `arn`, `master_user_secret[0].secret_arn`.
    Path(Ustr),
}

impl Doc {
    /// The entries of a record or map.
    pub fn fields(&self) -> Option<&[(Ustr, Doc)]> {
        if let Doc::Block(fields) | Doc::Object(fields) = self {
            Some(fields)
        } else {
            None
        }
    }

    /// Calls `see` with every value of deployment in it, in order, those inside [`LateDoc::Resolve`] included.
    pub fn each_late<'a>(&'a self, see: &mut dyn FnMut(&'a LateDoc)) {
        match self {
            Doc::Bool(_) | Doc::Int(_) | Doc::Float(_) | Doc::Text(_) | Doc::Package(_) => {}
            Doc::Template(pieces) => each_late_of_pieces(pieces, see),
            Doc::Late(late) | Doc::Typed(late, _) | Doc::Slice(late, _) => late.each_late(see),
            Doc::List(items) => items.iter().for_each(|it| it.each_late(see)),
            Doc::Block(fields) | Doc::Object(fields) => {
                fields.iter().for_each(|(_, it)| it.each_late(see));
            }
            Doc::Encoded(inner) => inner.each_late(see),
        }
    }
}

impl LateDoc {
    fn each_late<'a>(&'a self, see: &mut dyn FnMut(&'a LateDoc)) {
        see(self);
        if let LateDoc::Resolve(pieces) = self {
            each_late_of_pieces(pieces, see);
        }
    }
}

fn each_late_of_pieces<'a>(pieces: &'a [Piece], see: &mut dyn FnMut(&'a LateDoc)) {
    for piece in pieces {
        if let Piece::Late(late) = piece {
            late.each_late(see);
        }
    }
}
