//! Nodes, groups and externals, and what their blocks give.

use topoc_syntax::ast::{self, Attribute, Body};
use ustr::Ustr;

use super::files::optional_field;
use crate::checker::Checker;
use crate::kinds::KindInfo;
use crate::names::Found;
use crate::ty::{FieldTy, Ty};
use crate::{errors, suggest};

impl<'a> Checker<'a, '_> {
    pub(super) fn node(&mut self, it: &'a ast::NodeDecl, existing: bool) {
        let kind_word = it
            .kind
            .as_ref()
            .map_or_else(|| "group".into(), ast::Path::text);
        self.declared(it.name, it.key.as_ref(), &kind_word);
        it.places.iter().for_each(|place| self.place(place));
        let Some(path) = &it.kind else {
            return self.free_body(&it.body);
        };
        if existing && matches!(kind_word.as_str(), "group" | "subnet" | "external") {
            return self.free_body(&it.body);
        }
        let number = match self.names.find_path(self.scope.file, path, |it| &it.kinds) {
            Found::One(number) => number,
            Found::Many(_) => {
                return self.report(errors::ambiguous_name(path.text(), path.span));
            }
            Found::None => return self.report_unknown_kind(path),
        };
        let Some(kind) = self.kind(number) else {
            return;
        };
        self.node_body(&kind, it, existing);
        if !existing {
            self.check_stages(&kind, &it.body);
        }
    }

    pub(super) fn report_unknown_kind(&mut self, path: &ast::Path) {
        let mut known = self.names.known(self.scope.file, |it| &it.kinds);
        known.extend(["group", "network", "external"].map(Ustr::from));
        let lower = |it: &Ustr| it.starts_with(|c: char| c.is_ascii_lowercase());
        known.extend(suggest::library_words(self.library).filter(lower));
        let near = suggest::nearest(&path.text(), known);
        self.report(errors::unknown_kind(path.text(), path.span, near));
    }

    fn node_body(&mut self, kind: &KindInfo<'a>, it: &'a ast::NodeDecl, existing: bool) {
        let mut fields = kind.attributes.clone();
        if existing {
            fields.extend(kind.existing.iter().flatten().cloned());
            // what exists keeps AWS's rules already
            fields
                .iter_mut()
                .for_each(|it| (it.required, it.refinement) = (false, None));
        }
        let mut collectors: Vec<(&Ustr, &Ty<'a>)> = kind.collectors.iter().collect();
        collectors.sort_by_key(|it| it.0.as_str());
        for (name, ty) in collectors {
            fields.push(optional_field(name, ty.clone()));
        }
        if kind.placed.is_some() && kind.attribute("groups".into()).is_none() {
            fields.push(optional_field("groups", Ty::Group.list()));
        }
        for (name, ty) in ALWAYS {
            if !fields.iter().any(|it| it.name == *name) {
                fields.push(optional_field(name, ty.clone()));
            }
        }
        for given in &it.body.attributes {
            self.entry(given, &fields, kind.decl.name.name.as_str());
        }
        self.check_repeated(&it.body.attributes);
        let missing = crate::expr::missing(&it.body.attributes, &fields);
        if let Some(first) = missing.first() {
            let declared = fields
                .iter()
                .find(|it| it.name == *first)
                .and_then(|it| it.span);
            let owner = format!("`{}`", it.name.name);
            let owner = format!("{} {owner}", kind.decl.name.name);
            self.report(errors::missing_attribute(
                it.name.span,
                &owner,
                &missing,
                declared,
            ));
        }
    }

    /// Checks a body against what it may give.
    pub fn check_body(&mut self, body: &'a Body, fields: &[FieldTy<'a>], owner: &str) {
        body.attributes
            .iter()
            .for_each(|it| self.entry(it, fields, owner));
        self.check_repeated(&body.attributes);
    }

    fn entry(&mut self, given: &'a Attribute, fields: &[FieldTy<'a>], owner: &str) {
        if let Some(field) = fields.iter().find(|it| it.name == given.name.name) {
            return self.check_attribute(given, field);
        }
        let known: Vec<Ustr> = fields
            .iter()
            .map(|it| it.name)
            .filter(|it| !is_always(it))
            .collect();
        let habit = habit(&given.name.name, &known);
        let near =
            suggest::nearest(&given.name.name, known.iter().copied()).filter(|_| habit.is_none());
        let report = errors::unknown_attribute(given.name, owner, near, &known);
        self.report(report.help_opt(habit));
    }

    /// A declaration: its key, and that it has one where it needs one.
    pub(super) fn declared(&mut self, name: ast::Ident, key: Option<&'a ast::Expr>, word: &str) {
        match key {
            Some(key) => self.check_key(key),
            None if self.scope.loops > 0 => {
                let head = self.scope.locals.iter().rev().find_map(|it| match it.what {
                    crate::scope::LocalWhat::Item(head) => Some(head.item.span.to(head.list.span)),
                    _ => None,
                });
                self.report(errors::family_without_key(
                    word,
                    name,
                    head.unwrap_or(name.span),
                ));
            }
            None => {}
        }
    }

    fn place(&mut self, place: &'a ast::Expr) {
        let ty = self.infer(place);
        if matches!(
            ty.present(),
            Ty::Node(_) | Ty::String | Ty::Int | Ty::Bool | Ty::Group | Ty::External | Ty::Cidr
        ) {
            self.report(errors::wrong_type(
                place.span,
                "a subnet",
                &self.print(&ty),
                None,
            ));
        }
    }

    pub(super) fn group(&mut self, it: &'a ast::NodeDecl) {
        self.declared(it.name, it.key.as_ref(), "group");
        self.free_body(&it.body);
    }

    pub(super) fn external(&mut self, it: &'a ast::NodeDecl) {
        self.declared(it.name, it.key.as_ref(), "external");
        for given in &it.body.attributes {
            match given.name.name.as_str() {
                "cidrs" => self.check(&given.value, &Ty::Cidr.list()),
                "listens" => self.check(&given.value, &Ty::Protocol.list()),
                _ => drop(self.infer_word(&given.value)),
            }
        }
        self.check_repeated(&it.body.attributes);
    }

    /// A block whose names are settled elsewhere: only what is wrong inside its values is reported.
    pub(super) fn free_body(&mut self, body: &'a Body) {
        body.attributes
            .iter()
            .for_each(|it| drop(self.infer_word(&it.value)));
        self.check_repeated(&body.attributes);
    }
}

/// What every node may say.
const ALWAYS: &[(&str, Ty<'static>)] = &[("tags", Ty::Tags)];

fn is_always(name: &Ustr) -> bool {
    ALWAYS.iter().any(|(it, _)| *it == name.as_str())
}

/// What to write instead of an attribute that people bring from other languages.
fn habit(name: &str, known: &[Ustr]) -> Option<String> {
    Some(match name {
        "count" if known.iter().any(|it| it == "tasks") => {
            "use `for i in 1..2` and a key, or `tasks`".to_owned()
        }
        "count" => "use `for i in 1..2` and a key: `name[\"{i}\"]`".to_owned(),
        "depends_on" => {
            "order follows from the references; `after = […]` for order without one".to_owned()
        }
        "security_groups" | "security_group_ids" => {
            "write an edge; `topoc explain` shows the rules it makes".to_owned()
        }
        "subnets" | "subnet_ids" | "vpc" | "vpc_id" => {
            "say where it stands: `KIND NAME in NETWORK.SUBNET`".to_owned()
        }
        _ => return None,
    })
}
