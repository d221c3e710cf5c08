//! Types and expressions as people write them.

use topoc_syntax::ast::{Expr, ExprKind};

use crate::checker::Checker;
use crate::ty::Ty;

impl<'a> Checker<'a, '_> {
    /// A type as it is written.
    pub fn print(&self, ty: &Ty<'a>) -> String {
        match ty {
            Ty::Unknown => "?".to_owned(),
            Ty::Absent => "none".to_owned(),
            Ty::Bool => "Bool".to_owned(),
            Ty::Int | Ty::WholeNumber => "Int".to_owned(),
            Ty::Float => "Float".to_owned(),
            Ty::String => "String".to_owned(),
            Ty::Duration => "Duration".to_owned(),
            Ty::Size => "Size".to_owned(),
            Ty::Percent => "Percent".to_owned(),
            Ty::Shaped(shape) => shape.name().to_owned(),
            Ty::Name => "Name".to_owned(),
            Ty::Cidr => "Cidr".to_owned(),
            Ty::Port => "Port".to_owned(),
            Ty::Protocol => "Protocol".to_owned(),
            Ty::Zone => "Zone".to_owned(),
            Ty::Zones => "Zones".to_owned(),
            Ty::Secret => "Secret".to_owned(),
            Ty::Json => "Json".to_owned(),
            Ty::Document => "Document".to_owned(),
            Ty::Asset => "Asset".to_owned(),
            Ty::Tags => "Tags".to_owned(),
            Ty::Resource => "Resource".to_owned(),
            Ty::List(inner) => format!("List<{}>", self.print(inner)),
            Ty::Map(inner) => format!("Map<{}>", self.print(inner)),
            Ty::Optional(inner) => format!("{}?", self.print(inner)),
            Ty::Range(inner) => format!("Range<{}>", self.print(inner)),
            Ty::Record(number) => name_of(
                self.names
                    .records
                    .get(*number as usize)
                    .map(|it| it.decl.name),
            ),
            Ty::Enum(number) => name_of(
                self.names
                    .enums
                    .get(*number as usize)
                    .map(|it| it.decl.name),
            ),
            Ty::Node(number) => name_of(
                self.names
                    .kinds
                    .get(*number as usize)
                    .map(|it| it.decl.name),
            ),
            Ty::Trait(number) => name_of(
                self.names
                    .traits
                    .get(*number as usize)
                    .map(|it| it.decl.name),
            ),
            Ty::ResourceOf(number) => {
                let found = self.names.resource_types.get(*number as usize);
                found.map_or_else(|| "?".to_owned(), |it| it.decl.path.text().to_string())
            }
            Ty::AnyOf(numbers) => {
                let all: Vec<String> = numbers
                    .iter()
                    .map(|it| self.print(&Ty::Node(*it)))
                    .collect();
                all.join(" or ")
            }
            Ty::Inline(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|it| match &it.ty {
                        Ty::Unknown => it.name.to_string(),
                        ty => format!("{}: {}", it.name, self.print(ty)),
                    })
                    .collect();
                format!("{{ {} }}", fields.join(", "))
            }
            Ty::Members(members) => {
                let members: Vec<&str> = members.iter().map(|it| it.name.name.as_str()).collect();
                format!("enum {{ {} }}", members.join(", "))
            }
            Ty::Words(name, _) => (*name).to_owned(),
            Ty::Network | Ty::NetworkOf(_) => "network".to_owned(),
            Ty::Subnet => "subnet".to_owned(),
            Ty::Group => "group".to_owned(),
            Ty::External => "external".to_owned(),
            Ty::Endpoints => "endpoints".to_owned(),
            Ty::Topology => "topology".to_owned(),
            Ty::Env => "env".to_owned(),
            Ty::Aws => "aws".to_owned(),
            Ty::Internet => "internet".to_owned(),
        }
    }

    /// Two types; where both are called alike, the library's is told as such.
    pub fn print_apart(&self, a: &Ty<'a>, b: &Ty<'a>) -> (String, String) {
        let (first, second) = (self.print(a), self.print(b));
        if first != second {
            return (first, second);
        }
        let told = |ty: &Ty<'a>, name: String| {
            if self.is_of_library(ty.present()) {
                format!("std.{name}")
            } else {
                name
            }
        };
        (told(a, first), told(b, second))
    }

    fn is_of_library(&self, ty: &Ty<'a>) -> bool {
        let file = match ty {
            Ty::Record(number) => self.names.records.get(*number as usize).map(|it| it.file),
            Ty::Enum(number) => self.names.enums.get(*number as usize).map(|it| it.file),
            Ty::Node(number) => self.names.kinds.get(*number as usize).map(|it| it.file),
            _ => None,
        };
        file.is_some_and(|it| self.names.is_library(it))
    }

    /// A short expression as written; `…` for what is long.
    pub fn text_of(&self, expr: &Expr) -> String {
        text_of(expr)
    }
}

fn name_of(name: Option<topoc_syntax::ast::Ident>) -> String {
    name.map_or_else(|| "?".to_owned(), |it| it.name.to_string())
}

/// A short expression as written; `…` for what is long.
pub fn text_of(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::SelfNode => "self".to_owned(),
        ExprKind::Internet => "internet".to_owned(),
        ExprKind::Bool(it) => it.to_string(),
        ExprKind::Int(it) => it.to_string(),
        ExprKind::Float(it) => it.to_string(),
        ExprKind::Field(base, name) => format!("{}.{}", text_of(base), name.name),
        ExprKind::OptField(base, name) => format!("{}?.{}", text_of(base), name.name),
        ExprKind::Index(base, key) => format!("{}[{}]", text_of(base), text_of(key)),
        ExprKind::Text(parts) => match parts.as_slice() {
            [topoc_syntax::ast::TextPart::Text(it)] => format!("\"{it}\""),
            _ => "\"…\"".to_owned(),
        },
        ExprKind::Call(callee, _) => format!("{}(…)", text_of(callee)),
        ExprKind::Duration(_)
        | ExprKind::Size(_)
        | ExprKind::Percent(_)
        | ExprKind::None
        | ExprKind::Cidr(_)
        | ExprKind::List(_)
        | ExprKind::ListFor(..)
        | ExprKind::Record(_)
        | ExprKind::MapFor(..)
        | ExprKind::If(..)
        | ExprKind::Binary(..)
        | ExprKind::Not(_)
        | ExprKind::Negate(_)
        | ExprKind::Range(..)
        | ExprKind::Protocol(..)
        | ExprKind::Error => "…".to_owned(),
    }
}
