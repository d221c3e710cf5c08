//! The types of named values: declared ones, and those of `let`s, inferred once.

use std::rc::Rc;

use topoc_syntax::ast;

use crate::checker::{Checker, Known};
use crate::names::{Guard, Value, What};
use crate::scope::{Binding, Home, HomeId, LocalWhat, Scope};
use crate::ty::Ty;

impl<'a> Checker<'a, '_> {
    /// The type of what a name stands for.
    pub fn binding_type(&mut self, binding: &Binding<'a>) -> Ty<'a> {
        match binding {
            Binding::Local(place) => self.local_type(*place),
            Binding::Member(value) => self.member_type(value),
            Binding::Output(output) => output.ty.clone(),
            Binding::Top(number) => self.top_type(*number),
            Binding::BuiltIn(ty) => ty.clone(),
            Binding::Outside(_) | Binding::Ambiguous => Ty::Unknown,
        }
    }

    fn local_type(&mut self, place: usize) -> Ty<'a> {
        let Some(local) = self.scope.locals.get_mut(place) else {
            return Ty::Unknown;
        };
        match std::mem::replace(&mut local.ty, Known::Busy) {
            Known::Busy => Ty::Unknown,
            Known::Ty(ty) => {
                local.ty = Known::Ty(ty.clone());
                ty
            }
            Known::Not => {
                let what = local.what.clone();
                let ty = match what {
                    LocalWhat::Value(value) => self.deeper(|it| it.declared_type(&value)),
                    LocalWhat::Item(_) | LocalWhat::Key | LocalWhat::Parameter => Ty::Unknown,
                };
                if let Some(local) = self.scope.locals.get_mut(place) {
                    local.ty = Known::Ty(ty.clone());
                }
                ty
            }
        }
    }

    fn member_type(&mut self, value: &Value<'a>) -> Ty<'a> {
        if !matches!(value.what, What::Let(_)) {
            return self.declared_type(value);
        }
        let (home, scope) = match &self.scope.home {
            Home::Kind(kind) => (HomeId::Kind(kind.number), Scope::kind(Rc::clone(kind))),
            Home::Edge(edge) => (HomeId::Edge(edge.number), Scope::edge(Rc::clone(edge))),
            Home::File => return Ty::Unknown,
        };
        let key = (home, value.name.name);
        match self.cache.members.get(&key) {
            Some(Known::Ty(ty)) => return ty.clone(),
            Some(Known::Busy) => return Ty::Unknown,
            Some(Known::Not) | None => {}
        }
        self.cache.members.insert(key, Known::Busy);
        let scope = self.with_claims(home, scope);
        let ty = self.deeper(|it| it.aloud(|it| it.within(scope, |it| it.declared_type(value))));
        self.cache.members.insert(key, Known::Ty(ty.clone()));
        ty
    }

    /// The type of a value of a file.
    pub fn top_type(&mut self, number: u32) -> Ty<'a> {
        let index = number as usize;
        let Some(value) = self.names.values.get(index) else {
            return Ty::Unknown;
        };
        if !matches!(value.what, What::Let(_)) {
            return self.declared_type(value);
        }
        match self.cache.values.get(index) {
            Some(Known::Ty(ty)) => return ty.clone(),
            Some(Known::Not) => {}
            Some(Known::Busy) | None => return Ty::Unknown,
        }
        self.set_value(index, Known::Busy);
        let scope = self.with_claims(HomeId::file(value.file), Scope::file(value.file));
        let ty = self.deeper(|it| it.aloud(|it| it.within(scope, |it| it.declared_type(value))));
        self.set_value(index, Known::Ty(ty.clone()));
        ty
    }

    /// A scope with what its home asserts.
    fn with_claims(&self, home: HomeId, scope: Scope<'a>) -> Scope<'a> {
        let facts = self.cache.claims.get(&home).cloned().unwrap_or_default();
        Scope { facts, ..scope }
    }

    /// Learns what a file, kind or edge asserts, and keeps it for its values.
    pub fn learn_home(&mut self, home: HomeId, block: &'a [ast::Stmt]) {
        self.learn_claims(block);
        if self.scope.facts.len() > 0 {
            self.cache.claims.insert(home, self.scope.facts.clone());
        }
    }

    fn set_value(&mut self, index: usize, known: Known<'a>) {
        if let Some(slot) = self.cache.values.get_mut(index) {
            *slot = known;
        }
    }

    /// The type of a value, with what `for` and `if` around its declaration make of it.
    pub fn declared_type(&mut self, value: &Value<'a>) -> Ty<'a> {
        let plain = self.plain_type(value);
        match value.depth() {
            0 if self.is_certain(value) => plain,
            0 => plain.optional(),
            depth => (0..depth).fold(plain, |of, _| of.map()),
        }
    }

    fn is_certain(&self, value: &Value<'a>) -> bool {
        value.guards.iter().all(|it| match it {
            Guard::If(condition, truth) => self.scope.facts.holds(condition, *truth),
            Guard::For(_) => true,
        })
    }

    fn plain_type(&mut self, value: &Value<'a>) -> Ty<'a> {
        match value.what {
            What::Param(it) | What::Input(it) | What::Attribute(it) => {
                self.resolve(&it.ty, value.file)
            }
            What::Collect(it) => self.resolve(&it.ty, value.file),
            What::Output(it) => it
                .ty
                .as_ref()
                .map_or(Ty::Unknown, |ty| self.resolve(ty, value.file)),
            What::Let(it) if it.params.is_some() => Ty::Unknown,
            What::Let(it) => match &it.ty {
                Some(ty) => self.resolve(ty, value.file),
                None => self.infer(&it.value),
            },
            What::Node(it) => self.kind_type(it.kind.as_ref(), value.file),
            What::Existing(it) => match it.kind.as_ref() {
                Some(path) if path.text() == "group" => Ty::Group,
                path => self.kind_type(path, value.file),
            },
            What::Network(it) => Ty::NetworkOf(it),
            What::Group(_) => Ty::Group,
            What::External(_) => Ty::External,
            What::Resource(it) | What::Lookup(it) => {
                let found = self
                    .names
                    .find(value.file, it.ty.text(), |it| &it.resource_types)
                    .first();
                found.map_or(Ty::Unknown, Ty::ResourceOf)
            }
            What::Raw(_) => Ty::Unknown,
        }
    }

    fn kind_type(&mut self, path: Option<&ast::Path>, file: usize) -> Ty<'a> {
        let found = path.and_then(|path| self.names.find_path(file, path, |it| &it.kinds).first());
        found.map_or(Ty::Unknown, Ty::Node)
    }
}
