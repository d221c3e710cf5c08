//! From types as written to types.

use std::rc::Rc;

use topoc_syntax::ast::{self, TypeKind};
use ustr::Ustr;

use crate::checker::Checker;
use crate::names::{Found, TypeName};
use crate::ty::{Shape, Ty};
use crate::{errors, suggest};

/// The compiler's own enumerations; a library type of the same name wins.
const WORDS: &[(&str, &[&str])] = &[
    ("Tier", &["public", "private", "isolated"]),
    ("NatMode", &["off", "single", "per_zone"]),
    ("Traffic", &["all", "accepted", "rejected"]),
    ("GroupRules", &["add", "assume"]),
];

/// Names that stand for types without a declaration, for suggestions.
const BUILT_IN: &[&str] = &[
    "Bool", "Int", "Float", "String", "Duration", "Size", "Percent", "Arn", "Image", "Region",
    "Schedule", "Name", "Cidr", "Port", "Protocol", "Zone", "Zones", "Secret", "Json", "Document",
    "Asset", "Tags", "Resource", "List", "Map", "Range", "Tier", "NatMode",
];

/// Enumerations of the compiler by name.
pub fn words<'a>(name: &str) -> Option<Ty<'a>> {
    WORDS
        .iter()
        .find(|(it, _)| *it == name)
        .map(|(name, members)| Ty::Words(name, members))
}

fn plain<'a>(name: &str) -> Option<Ty<'a>> {
    Some(match name {
        "Bool" => Ty::Bool,
        "Int" => Ty::Int,
        "Float" => Ty::Float,
        "String" => Ty::String,
        "Duration" => Ty::Duration,
        "Size" => Ty::Size,
        "Percent" => Ty::Percent,
        "Arn" => Ty::Shaped(Shape::Arn),
        "Image" => Ty::Shaped(Shape::Image),
        "Region" => Ty::Shaped(Shape::Region),
        "Schedule" => Ty::Shaped(Shape::Schedule),
        "Name" => Ty::Name,
        "Cidr" => Ty::Cidr,
        "Port" => Ty::Port,
        "Protocol" => Ty::Protocol,
        "Zone" => Ty::Zone,
        "Zones" => Ty::Zones,
        "Secret" => Ty::Secret,
        "Json" => Ty::Json,
        "Document" => Ty::Document,
        "Asset" => Ty::Asset,
        "Tags" => Ty::Tags,
        "Resource" => Ty::Resource,
        "subnet" => Ty::Subnet,
        "network" => Ty::Network,
        "group" => Ty::Group,
        "external" => Ty::External,
        _ => return None,
    })
}

impl<'a> Checker<'a, '_> {
    /// The type as written in `file`; what is wrong with it is reported by [`Checker::check_type`].
    pub fn resolve(&mut self, ty: &'a ast::Type, file: usize) -> Ty<'a> {
        let resolved = match &ty.kind {
            TypeKind::Infer => Ty::Unknown,
            TypeKind::Enum(members) => Ty::Members(members),
            TypeKind::Record(record) => {
                let fields: Rc<[_]> = record
                    .fields
                    .iter()
                    .map(|it| self.field(it, file))
                    .collect();
                Ty::Inline(fields)
            }
            TypeKind::Named(path, argument) => self.resolve_named(path, argument.as_deref(), file),
        };
        if ty.optional {
            resolved.optional()
        } else {
            resolved
        }
    }

    fn resolve_named(
        &mut self,
        path: &'a ast::Path,
        argument: Option<&'a ast::Type>,
        file: usize,
    ) -> Ty<'a> {
        if let Some(argument) = argument {
            let inner = self.resolve(argument, file);
            return match path.text().as_str() {
                "List" => inner.list(),
                "Map" => inner.map(),
                "Range" => inner.range(),
                _ => Ty::Unknown,
            };
        }
        match self.named_type(path, file) {
            Found::One(ty) => ty,
            Found::None | Found::Many(_) => Ty::Unknown,
        }
    }

    fn named_type(&mut self, path: &'a ast::Path, file: usize) -> Found<Ty<'a>> {
        let names = self.names;
        let numbered = |it: TypeName| match it {
            TypeName::Record(number) => Ty::Record(number),
            TypeName::Enum(number) => Ty::Enum(number),
        };
        let found = map(names.find_path(file, path, |it| &it.types), numbered);
        let found = or(found, || {
            map(names.find_path(file, path, |it| &it.kinds), Ty::Node)
        });
        let found = or(found, || {
            map(names.find_path(file, path, |it| &it.traits), Ty::Trait)
        });
        let found = or(found, || {
            map(
                names.find(file, path.text(), |it| &it.resource_types),
                Ty::ResourceOf,
            )
        });
        or(found, || built_in(path))
    }

    /// Reports what is wrong with a type.
    pub fn check_type(&mut self, ty: &'a ast::Type, file: usize) {
        match &ty.kind {
            TypeKind::Infer | TypeKind::Enum(_) => {}
            TypeKind::Record(record) => self.check_record_type(record, file),
            TypeKind::Named(path, Some(argument)) => {
                if !matches!(path.text().as_str(), "List" | "Map" | "Range") {
                    self.report(errors::unknown_type(
                        path.text(),
                        path.span,
                        Some("List".into()),
                    ));
                }
                self.check_type(argument, file);
            }
            TypeKind::Named(path, None) => match self.named_type(path, file) {
                Found::One(_) => {}
                Found::Many(_) => self.report(errors::ambiguous_name(path.text(), path.span)),
                Found::None => self.report_unknown_type(path, file),
            },
        }
    }

    /// Reports what is wrong with the fields of a record type.
    pub fn check_record_type(&mut self, record: &'a ast::RecordType, file: usize) {
        let mut seen: Vec<ast::Ident> = Vec::new();
        for field in &record.fields {
            if let Some(first) = seen.iter().find(|it| it.name == field.name.name) {
                self.report(errors::duplicate_name(field.name, first.span));
            }
            seen.push(field.name);
            self.check_field(field, file);
        }
    }

    /// Reports what is wrong with the type, the refinement and the default of a field.
    pub fn check_field(&mut self, field: &'a ast::Field, file: usize) {
        self.check_type(&field.ty, file);
        let info = self.field(field, file);
        if let Some(default) = &field.default {
            self.check(default, &info.ty);
            self.check_refined(default, &info);
        }
    }

    fn report_unknown_type(&mut self, path: &'a ast::Path, file: usize) {
        if !self.is_first_use(Ustr::from(&path.text()), path.span) {
            return;
        }
        let name = path.text();
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_type = last.starts_with(|c: char| c.is_ascii_uppercase());
        let mut known: Vec<Ustr> = suggest::library_words(self.library).collect();
        if is_type {
            known.extend(self.names.known(file, |it| &it.types));
            known.extend(suggest::library_members(self.library));
        } else {
            known.extend(self.names.known(file, |it| &it.kinds));
            known.extend(self.names.known(file, |it| &it.traits));
            known.extend(suggest::library_resource_types(self.library));
        }
        known.extend(BUILT_IN.iter().map(|it| Ustr::from(it)));
        let foreign = suggest::foreign_type(&name).map(Ustr::from);
        let of_service = known
            .iter()
            .find(|it| it.rsplit('.').next() == Some(name.as_str()))
            .copied();
        let used = self.names.behind_alias(file, name, |it| &it.types);
        let near = used
            .or(of_service)
            .or(foreign)
            .or_else(|| suggest::nearest(&name, known));
        self.report(errors::unknown_type(name, path.span, near));
    }
}

fn built_in<'a>(path: &ast::Path) -> Found<Ty<'a>> {
    let name = path.text();
    let ty = plain(&name).or_else(|| words(&name)).or_else(|| {
        // the compiler's own traits and the table of endpoints
        matches!(
            name.as_str(),
            "placed" | "principal" | "relay" | "addressed" | "EndpointSet"
        )
        .then_some(Ty::Unknown)
    });
    ty.map_or(Found::None, Found::One)
}

fn map<T, U>(found: Found<T>, change: impl Fn(T) -> U) -> Found<U> {
    match found {
        Found::None => Found::None,
        Found::One(it) => Found::One(change(it)),
        Found::Many(all) => Found::Many(all.into_iter().map(change).collect()),
    }
}

fn or<T>(found: Found<T>, otherwise: impl FnOnce() -> Found<T>) -> Found<T> {
    match found {
        Found::None => otherwise(),
        known => known,
    }
}
