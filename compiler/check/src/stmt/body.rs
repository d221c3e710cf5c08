//! Nodes, groups and externals, and what their blocks give.

use topoc_diagnostics::Diagnostic;
use topoc_syntax::By;
use topoc_syntax::ast::{self, Attribute, Body};
use ustr::Ustr;

use super::files::optional_field;
use crate::checker::Checker;
use crate::kinds::KindInfo;
use crate::names::Found;
use crate::ty::{FieldTy, Ty};
use crate::{errors, suggest};

/// Whose attributes are given.
pub(super) struct Owner<'o> {
    /// What messages call it.
    pub word: &'o str,
    /// `@…` above its declaration.
    pub notes: &'o [ast::Note],
}

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
        self.node = it.name.name;
        if existing && kind_word.as_str() == "group" {
            let rules = crate::types::words("GroupRules").unwrap_or(Ty::Unknown);
            let fields = [("id", Ty::String), ("rules", rules), ("tags", Ty::Tags)];
            let fields = fields.map(|it| optional_field(it.0, it.1));
            return self.check_body(&it.body, &fields, "existing group");
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
        let name = path.text();
        let used = (self.names).behind_alias(self.scope.file, name, |it| &it.kinds);
        let near = used.or_else(|| suggest::nearest(&name, known.iter().copied()));
        self.tell_once(Ustr::from(&name));
        let hinted = near.is_some()
            || suggest::habit_of_kind(&name).is_some()
            || self.library.spelled(&name).is_some()
            || !self.library.kinds_about(&name).is_empty();
        if !hinted && self.is_turned(Ustr::from(&name)) {
            let told = format!(
                "`{}` is a kind, and stands first: write `{} {name}`",
                self.node, self.node
            );
            return self.report(errors::unknown_kind(name, path.span, None).at(path.span, told));
        }
        let report = errors::unknown_kind(name, path.span, near);
        self.report(match near {
            Some(_) => report,
            None => self.with_hints(report, &name, &known),
        });
    }

    /// What a kind that does not exist is called here.
    fn with_hints(&self, report: Diagnostic, name: &str, known: &[Ustr]) -> Diagnostic {
        let spelled = self.library.spelled(name);
        let plain = spelled.as_ref().map_or(name, |it| it.ty);
        if let Some(help) = suggest::habit_of_kind(plain) {
            return report.help(help);
        }
        let hints = match spelled.map(|it| it.by) {
            Some(By::Kinds(kinds)) => kinds,
            Some(By::Derived) => return report.help(suggest::DERIVED),
            None => self.library.kinds_about(name),
        };
        if !hints.is_empty() {
            return errors::with_kinds(report, &hints);
        }
        match (suggest::part_of(name, known), name.split_once('_')) {
            (Some(near), _) => errors::meant(report, near),
            // the first word of a name in another language is often that of its provider
            (None, Some((_, rest))) => errors::with_kinds(report, &self.library.kinds_about(rest)),
            (None, None) => report,
        }
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
        let takes = |ty: &Ty<'_>| matches!(ty.present(), Ty::Map(of) if matches!(**of, Ty::Secret));
        let secrets = fields.iter().find(|it| takes(&it.ty));
        let outer = std::mem::replace(&mut self.secrets, secrets.map(|it| it.name));
        let owner = Owner {
            word: &kind.decl.name.name,
            notes: kind.notes,
        };
        for given in &it.body.attributes {
            self.entry(given, &fields, &owner);
        }
        self.secrets = outer;
        self.check_repeated(&it.body.attributes);
        let mut missing = self.missing(&it.body.attributes, &fields);
        missing.retain(|name| !self.is_meant(*name, &it.body, &fields, kind.notes));
        if !missing.is_empty() {
            let owner = format!("{} `{}`", kind.decl.name.name, it.name.name);
            let help = self.lacking(&fields, &missing);
            let span = it.name.span;
            self.report(errors::missing_attribute(span, &owner, &missing, help));
        }
    }

    /// Whether an entry that does not exist was reported as this attribute by another name.
    fn is_meant(
        &self,
        name: Ustr,
        body: &Body,
        fields: &[FieldTy<'a>],
        notes: &[ast::Note],
    ) -> bool {
        let given = body.attributes.iter().map(|it| it.name.name);
        let mut wrong = given.filter(|it| !fields.iter().any(|field| field.name == *it));
        let told = format!("`{name} = ");
        wrong.any(|it| {
            let help = ast::help_for_word(notes, &it, &self.node);
            match help {
                Some(help) => help.contains(&told),
                None => self.near_attribute(it, fields) == Some(name),
            }
        })
    }

    /// Checks a body against what it may give.
    pub fn check_body(&mut self, body: &'a Body, fields: &[FieldTy<'a>], word: &str) {
        self.check_body_of(body, fields, &Owner { word, notes: &[] });
    }

    /// The same for an owner that may say something about words that are none of its attributes.
    pub(super) fn check_body_of(
        &mut self,
        body: &'a Body,
        fields: &[FieldTy<'a>],
        owner: &Owner<'_>,
    ) {
        body.attributes
            .iter()
            .for_each(|it| self.entry(it, fields, owner));
        self.check_repeated(&body.attributes);
    }

    fn entry(&mut self, given: &'a Attribute, fields: &[FieldTy<'a>], owner: &Owner<'_>) {
        if let Some(field) = fields.iter().find(|it| it.name == given.name.name) {
            return self.check_attribute(given, field);
        }
        if self.may_be_lost(given.name.name, given.name.span) {
            return;
        }
        let known: Vec<Ustr> = fields
            .iter()
            .map(|it| it.name)
            .filter(|it| !is_always(it))
            .collect();
        let habit = ast::help_for_word(owner.notes, &given.name.name, &self.node)
            .or_else(|| suggest::habit(&given.name.name, owner.word, &known));
        let near = self
            .near_attribute(given.name.name, fields)
            .filter(|it| habit.is_none() && self.may_mean(given, *it, fields));
        let report = errors::unknown_attribute(given.name, owner.word, near, &known);
        if near.is_none() || !self.is_unknown(given.name.name) {
            self.report(report.help_opt(habit));
        }
        // a short one is wrong as a value too, by the same letters
        let mut meant = fields.iter().filter(|it| Some(it.name) == near);
        if let Some(field) = meant.find(|it| !given.short && !it.ty.is_unknown()) {
            self.check_attribute(given, field);
        }
    }

    /// Whether an entry may mean an attribute: a name that is only a part of that does so with a value that fits.
    fn may_mean(&mut self, given: &'a Attribute, near: Ustr, fields: &[FieldTy<'a>]) -> bool {
        let known: Vec<Ustr> = fields.iter().map(|it| it.name).collect();
        let is_sure = suggest::nearest(&given.name.name, known).is_some()
            || given.name.name.contains(near.as_str())
            || self.spelled_attribute(&given.name.name, fields).is_some();
        let field = fields.iter().find(|it| it.name == near);
        is_sure || field.is_none_or(|it| self.passes(|checker| checker.check_attribute(given, it)))
    }

    /// The attribute that was meant: nearly the same word, how a target spells it, or a part of the word.
    fn near_attribute(&self, name: Ustr, fields: &[FieldTy<'a>]) -> Option<Ustr> {
        let known: Vec<Ustr> = fields.iter().map(|it| it.name).collect();
        suggest::nearest(&name, known.iter().copied())
            .or_else(|| self.spelled_attribute(&name, fields))
            .or_else(|| suggest::part_of(&name, &known))
    }

    /// The field whose spelling in a target is `name`, in the folder where the fields are declared.
    fn spelled_attribute(&self, name: &str, fields: &[FieldTy<'a>]) -> Option<Ustr> {
        let (_, program) = self.lost.as_ref()?;
        let home = fields.iter().find_map(|it| it.span)?.file;
        let folder = |path: &'a str| path.rsplit_once('/').map_or("", |it| it.0);
        let home = folder(&program.files.get(home.0 as usize)?.path);
        let files = program.files.iter().filter(|it| folder(&it.path) == home);
        files
            .filter_map(|it| suggest::spelled_as(&it.text, name))
            .find(|it| fields.iter().any(|field| field.name == *it))
    }

    /// A declaration: its key, and that it has one where it needs one.
    pub(super) fn declared(&mut self, name: ast::Ident, key: Option<&'a ast::Expr>, word: &str) {
        match key {
            Some(key) => self.check_keys(key),
            None if self.scope.loops > 0 => {
                let head = self.scope.locals.iter().rev().find_map(|it| match it.what {
                    crate::scope::LocalWhat::Item(head) => Some(head),
                    _ => None,
                });
                let key = head.map_or("key".to_owned(), |it| self.key_for(it));
                let place = head.map_or(name.span, |it| it.item.span.to(it.list.span));
                self.report(errors::family_without_key(word, name, place, &key));
            }
            None => {}
        }
    }

    /// A key that differs in every turn of a loop.
    fn key_for(&mut self, head: &'a ast::LoopHead) -> String {
        let item = head.item.name;
        let ty = self.silently(|it| it.infer(&head.list));
        match &ty {
            Ty::List(of) | Ty::Map(of) => match &**of {
                text if text.is_text() => item.to_string(),
                Ty::Record(number) => {
                    let fields = self.record_fields(*number);
                    let text = fields.iter().find(|it| it.required && it.ty.is_text());
                    text.map_or("key".to_owned(), |it| format!("{item}.{}", it.name))
                }
                _ => format!("\"{{{item}}}\""),
            },
            _ => format!("\"{{{item}}}\""),
        }
    }

    fn place(&mut self, place: &'a ast::Expr) {
        let ty = self.infer(place);
        if let Ty::NetworkOf(network) = ty.present()
            && let Some(report) = errors::not_a_subnet(place.span, network)
        {
            return self.report(report);
        }
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
        let fields = [optional_field("tags", Ty::Tags)];
        self.check_body(&it.body, &fields, "group");
    }

    pub(super) fn external(&mut self, it: &'a ast::NodeDecl) {
        self.declared(it.name, it.key.as_ref(), "external");
        let fields = [("cidrs", Ty::Cidr.list()), ("listens", Ty::Protocol.list())];
        let fields = fields.map(|it| optional_field(it.0, it.1));
        self.check_body(&it.body, &fields, "external");
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
