//! Which types fit which places.

use topoc_syntax::ast::{Expr, ExprKind};

use crate::checker::Checker;
use crate::errors;
use crate::ty::{FieldTy, Ty};

impl<'a> Checker<'a, '_> {
    /// Reports a value that does not fit its place.
    pub fn fit(&mut self, expr: &'a Expr, got: &Ty<'a>, expected: &Ty<'a>) {
        if self.fits(got, expected) {
            return;
        }
        if let Ty::Optional(inner) = got
            && self.fits(inner, expected)
        {
            let report = errors::optional_value(expr.span, &self.print(inner), &self.text_of(expr));
            let owner = self.owner_that_fits(expr, expected);
            return self.report(match owner {
                Some(owner) => report.help(format!("write `{owner}`, which stands for it")),
                None => report,
            });
        }
        if matches!(got.present(), Ty::Secret) {
            return self.report(errors::secret_shown(expr.span, self.secrets));
        }
        if matches!(got, Ty::Absent) {
            return self.report(errors::none_given(expr.span, &self.print(expected)));
        }
        let help = self
            .told(expr.id)
            .or_else(|| self.advice(expr, got, expected));
        let asked_for = if matches!(got, Ty::Optional(_)) {
            expected
        } else {
            expected.present()
        };
        let (expected, got) = self.print_apart(asked_for, got);
        let report = errors::wrong_type(expr.span, &expected, &got, help);
        let asked = self.asked.filter(|it| it.value == expr.id);
        self.report(match asked {
            Some(it) => errors::asked_by(report, it.name, &expected, it.declared),
            None => report,
        });
    }

    /// The node of which something is read, where the node itself would fit: `token` in place of `token.value`.
    fn owner_that_fits(&mut self, expr: &'a Expr, expected: &Ty<'a>) -> Option<String> {
        let ExprKind::Field(base, _) = &expr.kind else {
            return None;
        };
        let ty = self.silently(|it| it.infer(base));
        let is_node = matches!(ty, Ty::Node(_));
        (is_node && self.fits(&ty, expected)).then(|| self.text_of(base))
    }

    /// Whether a value of type `got` may stand where `expected` is asked for. Says yes where it is not sure.
    pub fn fits(&self, got: &Ty<'a>, expected: &Ty<'a>) -> bool {
        match (got, expected) {
            (Ty::Unknown, _) | (_, Ty::Unknown) => true,
            (Ty::Absent, Ty::Optional(_) | Ty::Json | Ty::Document) => true,
            (Ty::Optional(got), Ty::Optional(expected)) => self.fits(got, expected),
            (_, Ty::Json | Ty::Document) => !matches!(got.present(), Ty::Secret),
            (Ty::Optional(_) | Ty::Absent, _) => false,
            (_, Ty::Optional(inner)) => self.fits(got, inner),
            _ => self.fits_present(got, expected),
        }
    }

    fn fits_present(&self, got: &Ty<'a>, expected: &Ty<'a>) -> bool {
        match (got, expected) {
            (Ty::Bool, Ty::Bool)
            | (Ty::Int | Ty::WholeNumber, Ty::Int | Ty::Float | Ty::Zones)
            | (Ty::WholeNumber, Ty::Port)
            | (Ty::Float, Ty::Float)
            | (Ty::Duration, Ty::Duration)
            | (Ty::Size, Ty::Size)
            | (Ty::Percent, Ty::Percent)
            | (Ty::Cidr, Ty::Cidr)
            | (Ty::Port, Ty::Port | Ty::Int)
            | (Ty::Protocol, Ty::Protocol)
            | (Ty::Zone, Ty::Zone | Ty::Zones)
            | (Ty::Zones, Ty::Zones)
            | (Ty::Secret, Ty::Secret)
            | (Ty::Asset, Ty::Asset)
            | (Ty::Tags, Ty::Tags | Ty::Map(_))
            | (Ty::Env, Ty::String | Ty::Name | Ty::Env) => true,
            // text with a shape, or of which we only know that it is text: elaboration looks at the text itself
            _ if got.is_text() && expected.is_text() => true,
            (Ty::List(got), Ty::List(expected)) | (Ty::Map(got), Ty::Map(expected)) => {
                self.fits(got, expected)
            }
            (Ty::List(item), Ty::Zones) => self.fits(item, &Ty::Zone),
            (Ty::Map(item), Ty::Tags) => self.fits(item, &Ty::String),
            (Ty::Inline(_), Ty::Tags | Ty::Map(_)) => true,
            (Ty::Range(got), Ty::Range(expected)) => self.fits(got, expected),
            (_, Ty::Range(item)) => self.fits(got, item),
            (Ty::Record(a), Ty::Record(b)) => a == b,
            (Ty::Inline(got), Ty::Inline(expected)) => self.same_fields(got, expected),
            (Ty::Inline(_), Ty::Record(_)) | (Ty::Record(_), Ty::Inline(_)) => true,
            (Ty::Enum(a), Ty::Enum(b)) => a == b,
            (Ty::Members(a), Ty::Members(b)) => std::ptr::eq(*a, *b),
            (Ty::Words(a, _), Ty::Words(b, _)) => a == b,
            (_, Ty::Resource) => self.is_thing(got),
            (Ty::Node(a), Ty::Node(b)) if a == b => true,
            (Ty::Node(kind), _) => self.node_fits(*kind, expected),
            (Ty::AnyOf(_), Ty::Node(_) | Ty::Trait(_)) | (Ty::Trait(_), Ty::Node(_)) => true,
            (Ty::Trait(a), Ty::Trait(b)) => a == b,
            (Ty::ResourceOf(a), Ty::ResourceOf(b)) => a == b,
            // places stand for the resources that the compiler makes of them
            (Ty::Network | Ty::NetworkOf(_) | Ty::Subnet | Ty::Group, Ty::ResourceOf(_)) => true,
            // an image as the library makes it
            (Ty::Inline(_), Ty::Shaped(crate::ty::Shape::Image)) => true,
            (Ty::Network | Ty::NetworkOf(_), Ty::Network | Ty::Subnet)
            | (Ty::NetworkOf(_), Ty::NetworkOf(_))
            | (Ty::Subnet, Ty::Subnet)
            | (Ty::Group, Ty::Group)
            | (Ty::External, Ty::External)
            | (Ty::Endpoints, Ty::Endpoints)
            | (Ty::Topology, Ty::Topology)
            | (Ty::Aws, Ty::Aws)
            | (Ty::Internet, Ty::Internet) => true,
            _ => false,
        }
    }

    fn is_thing(&self, got: &Ty<'a>) -> bool {
        matches!(
            got,
            Ty::Node(_)
                | Ty::AnyOf(_)
                | Ty::Trait(_)
                | Ty::ResourceOf(_)
                | Ty::Resource
                | Ty::Network
                | Ty::NetworkOf(_)
                | Ty::Subnet
                | Ty::Group
                | Ty::External
                | Ty::Endpoints
        ) || matches!(got, Ty::Map(inner) | Ty::List(inner) if self.fits(inner, &Ty::Resource.optional()))
    }

    /// A node fits the traits of its kind; what it `acts as` stands in for it.
    fn node_fits(&self, number: u32, expected: &Ty<'a>) -> bool {
        let Some(entry) = self.names.kinds.get(number as usize) else {
            return true;
        };
        if let Ty::Trait(wanted) = expected {
            let kept = entry.decl.traits.iter().any(|(path, _)| {
                self.names
                    .find_path(entry.file, path, |it| &it.traits)
                    .first()
                    == Some(*wanted)
            });
            if kept {
                return true;
            }
        }
        // what a part or an output gives is settled when it is known
        entry
            .decl
            .members
            .iter()
            .any(|it| matches!(it.kind, topoc_syntax::ast::StmtKind::ActsAs(_)))
    }

    /// Inline records: each field that is there must fit, and nothing required may be missing.
    fn same_fields(&self, got: &[FieldTy<'a>], expected: &[FieldTy<'a>]) -> bool {
        let known = got.iter().all(|field| {
            expected
                .iter()
                .find(|it| it.name == field.name)
                .is_some_and(|it| self.fits(&field.ty, &it.ty))
        });
        known
            && expected
                .iter()
                .filter(|it| it.required)
                .all(|it| got.iter().any(|field| field.name == it.name))
    }
}
