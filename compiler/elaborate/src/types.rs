//! Declared types, resolved once each.

use std::cell::OnceCell;
use std::rc::Rc;

use topoc_syntax::ast::{self, TypeKind};
use ustr::Ustr;

use crate::session::Session;

/// A type, as far as values need it: fitting, defaults, refinements of fields.
#[derive(Clone)]
pub(crate) enum Ty<'a> {
    Any,
    Bool,
    Int,
    Float,
    Text,
    Duration,
    Size,
    Percent,
    Cidr,
    Port,
    Protocol,
    Zone,
    Zones,
    Secret,
    Json,
    Document,
    Asset,
    Image,
    Name,
    Tags,
    /// Any resource: what `after` takes.
    Resource,
    /// A resource type, by its dotted name.
    ResourceOf(Ustr),
    List(Rc<Ty<'a>>),
    Map(Rc<Ty<'a>>),
    Range(Rc<Ty<'a>>),
    Optional(Rc<Ty<'a>>),
    Enum(&'a [ast::Member]),
    Record(&'a RecordOf<'a>),
    /// Nodes of a kind or trait, `subnet`, `network`, `group`, `external`.
    Node(Ustr),
}

/// A record type and the file it is written in.
pub(crate) struct RecordOf<'a> {
    pub(crate) record: &'a ast::RecordType,
    pub(crate) file: usize,
    pub(crate) exactly_one: bool,
    /// The types of its fields, each resolved when it is first asked for: a record may lead to itself.
    types: Box<[OnceCell<Ty<'a>>]>,
}

impl<'a> RecordOf<'a> {
    /// Its fields and their types, in order.
    pub(crate) fn fields(
        &'a self,
        session: &Session<'a>,
    ) -> impl Iterator<Item = (&'a ast::Field, &'a Ty<'a>)> {
        self.record
            .fields
            .iter()
            .zip(&self.types)
            .map(|(field, ty)| (field, ty.get_or_init(|| session.ty(&field.ty, self.file))))
    }
}

impl Ty<'_> {
    /// Whether `none` fits.
    pub(crate) fn is_optional(&self) -> bool {
        matches!(self, Ty::Optional(_))
    }

    /// The type without `?`.
    pub(crate) fn present(&self) -> &Self {
        match self {
            Ty::Optional(inner) => inner,
            _ => self,
        }
    }
}

impl<'a> Session<'a> {
    /// The type as the file at `file` means it.
    pub(crate) fn ty(&self, ty: &'a ast::Type, file: usize) -> Ty<'a> {
        if let Some(known) = self.types.borrow().get(&std::ptr::from_ref(ty)) {
            return known.clone();
        }
        let plain = self.plain_type(ty, file);
        let resolved = if ty.optional {
            Ty::Optional(Rc::new(plain))
        } else {
            plain
        };
        let place = std::ptr::from_ref(ty);
        self.types.borrow_mut().insert(place, resolved.clone());
        resolved
    }

    fn plain_type(&self, ty: &'a ast::Type, file: usize) -> Ty<'a> {
        match &ty.kind {
            TypeKind::Infer => Ty::Any,
            TypeKind::Enum(members) => Ty::Enum(members),
            TypeKind::Record(record) => Ty::Record(self.record_of(record, file, false)),
            TypeKind::Named(path, argument) => {
                let argument =
                    || Rc::new(argument.as_ref().map_or(Ty::Any, |it| self.ty(it, file)));
                match path.text().as_str() {
                    "List" => Ty::List(argument()),
                    "Map" => Ty::Map(argument()),
                    "Range" => Ty::Range(argument()),
                    word => builtin(word).unwrap_or_else(|| self.named_type(path.text(), file)),
                }
            }
        }
    }

    fn named_type(&self, name: Ustr, file: usize) -> Ty<'a> {
        if let Some((decl, at)) = self.index.type_of(file, name) {
            return Ty::Record(self.record_of(&decl.record, at, decl.exactly_one));
        }
        if let Some((decl, _)) = self.index.enum_of(file, name) {
            return Ty::Enum(&decl.members);
        }
        if let Some(info) = self.index.resource_type(file, name) {
            return Ty::ResourceOf(info.id);
        }
        if let Some(id) = self.index.node_type(file, name) {
            return Ty::Node(id);
        }
        match name.as_str() {
            "subnet" | "network" | "group" | "external" => Ty::Node(name),
            _ => Ty::Any,
        }
    }

    fn record_of(
        &self,
        record: &'a ast::RecordType,
        file: usize,
        exactly_one: bool,
    ) -> &'a RecordOf<'a> {
        self.arena.alloc(RecordOf {
            record,
            file,
            exactly_one,
            types: record.fields.iter().map(|_| OnceCell::new()).collect(),
        })
    }
}

fn builtin<'a>(word: &str) -> Option<Ty<'a>> {
    Some(match word {
        "Bool" => Ty::Bool,
        "Int" => Ty::Int,
        "Float" => Ty::Float,
        "String" | "Arn" | "Region" | "Schedule" => Ty::Text,
        "Duration" => Ty::Duration,
        "Size" => Ty::Size,
        "Percent" => Ty::Percent,
        "Cidr" => Ty::Cidr,
        "Port" => Ty::Port,
        "Protocol" => Ty::Protocol,
        "Zone" => Ty::Zone,
        "Zones" => Ty::Zones,
        "Secret" => Ty::Secret,
        "Json" => Ty::Json,
        "Document" => Ty::Document,
        "Asset" => Ty::Asset,
        "Image" => Ty::Image,
        "Name" => Ty::Name,
        "Tags" => Ty::Tags,
        "Resource" => Ty::Resource,
        _ => return None,
    })
}
