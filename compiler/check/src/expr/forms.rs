//! How a value of a type is written and how a node of a kind is declared, for messages.

use topoc_syntax::ast::{self, Expr};
use ustr::Ustr;

use crate::checker::Checker;
use crate::errors;
use crate::kinds::Placed;
use crate::names::What;
use crate::scope::Binding;
use crate::ty::{FieldTy, Shape, Ty};

impl<'a> Checker<'a, '_> {
    /// A value of this type as people write it; `…` where none is obvious.
    pub fn example(&mut self, ty: &Ty<'a>) -> String {
        let plain = match ty.present() {
            Ty::Bool => "true",
            Ty::Int | Ty::WholeNumber => "1",
            Ty::Float => "0.5",
            Ty::Duration => "30s",
            Ty::Size => "1GiB",
            Ty::Percent => "50%",
            Ty::Port => "443",
            Ty::Cidr => "10.0.0.0/16",
            Ty::Zone => "a",
            Ty::Zones => "[a, b]",
            Ty::Protocol => "tcp 443",
            Ty::Range(_) => "1..3",
            Ty::Shaped(Shape::Region) => "\"eu-central-1\"",
            Ty::Shaped(Shape::Schedule) => "\"rate(5 minutes)\"",
            Ty::Shaped(Shape::Image) => "\"nginx:1.27\"",
            Ty::String | Ty::Name | Ty::Shaped(Shape::Arn) => "\"…\"",
            Ty::Node(kind) => {
                let known = self.nodes_of(*kind);
                return known.first().map_or("NAME".to_owned(), |it| it.to_string());
            }
            Ty::List(item) => return format!("[{}]", self.example(item)),
            Ty::Map(item) => return format!("{{ NAME = {} }}", self.example(item)),
            Ty::Record(number) => {
                let fields = self.record_fields(*number);
                let needed: Vec<Ustr> = fields
                    .iter()
                    .filter(|it| it.required)
                    .map(|it| it.name)
                    .collect();
                return format!("{{ {} }}", self.given(&fields, &needed));
            }
            other => {
                let first = self.members_of(other).first().copied();
                return first.map_or("…".to_owned(), |it| it.to_string());
            }
        };
        plain.to_owned()
    }

    /// `engine = postgres, version = "…"`: these fields with examples.
    pub fn given(&mut self, fields: &[FieldTy<'a>], names: &[Ustr]) -> String {
        let mut shown = Vec::new();
        for name in names {
            let ty = fields.iter().find(|it| it.name == *name);
            let example = ty.map_or("…".to_owned(), |it| self.example_of(it));
            shown.push(format!("{name} = {example}"));
        }
        shown.join(", ")
    }

    /// A value of the program that is called like the field, else an example.
    fn example_of(&mut self, field: &FieldTy<'a>) -> String {
        if let Some(Binding::Top(number)) = self.lookup(field.name) {
            let ty = self.silently(|it| it.top_type(number));
            if self.fits(&ty, &field.ty) {
                return field.name.to_string();
            }
        }
        self.example(&field.ty)
    }

    /// What to write for fields that are missing: as their declarations say it, else with examples.
    pub fn lacking(&mut self, fields: &[FieldTy<'a>], missing: &[Ustr]) -> String {
        let field = |name: &Ustr| fields.iter().find(|it| it.name == *name);
        let said = missing.iter().filter_map(field);
        let said: Vec<String> = said
            .filter_map(|it| ast::help_for_value(it.notes, &self.node))
            .collect();
        match said.is_empty() {
            true => self.given(fields, missing),
            false => said.join("\n"),
        }
    }

    /// `topic ops`, `database NAME in main.data { engine = postgres, version = "…" }`
    pub fn declaration(&mut self, kind: u32, name: &str) -> String {
        let Some(kind) = self.kind(kind) else {
            return name.to_owned();
        };
        let place = match kind.placed {
            Some(Placed::Always) => format!(" in {}", self.some_subnet()),
            Some(Placed::Maybe) | None => String::new(),
        };
        let needed: Vec<Ustr> = kind
            .attributes
            .iter()
            .filter(|it| it.required)
            .map(|it| it.name)
            .collect();
        let body = match needed.is_empty() {
            true => String::new(),
            false => format!(" {{ {} }}", self.given(&kind.attributes, &needed)),
        };
        format!("{} {name}{place}{body}", kind.decl.name.name)
    }

    /// A subnet of the program.
    fn some_subnet(&self) -> String {
        let mut values = self.names.values.iter();
        let found = values.find_map(|it| match it.what {
            What::Network(network) if !self.names.is_library(it.file) => {
                let subnet = network.subnets.last()?;
                Some(format!("{}.{}", network.name.name, subnet.name.name))
            }
            _ => None,
        });
        found.unwrap_or_else(|| "NETWORK.SUBNET".to_owned())
    }

    /// A name that nothing introduces, where a node of this kind is expected.
    pub fn report_unknown_node(&mut self, expr: &Expr, name: Ustr, kind: u32) {
        let near = crate::suggest::nearest(&name, self.suggestions());
        let is_near = near.is_some_and(|it| self.may_stand_for(it, &Ty::Node(kind)));
        if is_near || crate::suggest::foreign_word(&name).is_some() {
            return self.report_unknown_name(expr, name);
        }
        let wanted = self.print(&Ty::Node(kind));
        let others: Vec<String> = self
            .nodes_of(kind)
            .iter()
            .take(3)
            .map(|it| format!("`{it}`"))
            .collect();
        let asked = self.asked.filter(|it| it.value == expr.id);
        let asker = asked.map_or("this".to_owned(), |it| format!("`{}`", it.name));
        let form = self.declaration(kind, &name);
        let there = match others.as_slice() {
            [] => String::new(),
            some => format!("; there is {}", some.join(", ")),
        };
        if !self.is_first_use(name, expr.span) {
            return;
        }
        let report = errors::unknown_name(name, expr.span, None, None);
        self.report(report.help(format!(
            "{asker} asks for {}: declare it, `{form}`{there}",
            errors::with_article(&wanted)
        )));
    }

    fn may_stand_for(&mut self, name: Ustr, wanted: &Ty<'a>) -> bool {
        let Some(binding) = self.lookup(name) else {
            return false;
        };
        let ty = self.silently(|it| it.binding_type(&binding));
        self.fits(ty.present(), wanted)
    }

    /// The nodes of a kind that this file sees, in source order.
    pub fn nodes_of(&self, kind: u32) -> Vec<Ustr> {
        let is_kind = |it: &ast::NodeDecl, file: usize| {
            let path = it.kind.as_ref();
            path.and_then(|it| self.names.find_path(file, it, |it| &it.kinds).first()) == Some(kind)
        };
        let values = self.names.values.iter();
        let found = values.filter(|it| it.file == self.scope.file);
        found
            .filter(|it| match it.what {
                What::Node(decl) | What::Existing(decl) => is_kind(decl, it.file),
                _ => false,
            })
            .map(|it| it.name.name)
            .collect()
    }
}
