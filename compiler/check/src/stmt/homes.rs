//! Kinds, traits and edge declarations, and the statements that stand in them.

use std::rc::Rc;

use topoc_syntax::ast::{self, Expr, ExprKind, Ident, Stmt, StmtKind};
use ustr::{Ustr, UstrMap};

use crate::checker::Checker;
use crate::kinds::{KindInfo, TraitInfo};
use crate::names::{Found, walk};
use crate::scope::{EdgeInfo, Home, HomeId, Scope};
use crate::ty::Ty;
use crate::{errors, suggest};

impl<'a> Checker<'a, '_> {
    pub(super) fn kind_body(&mut self, it: &'a ast::Kind) {
        let Some(kind) = self.own_kind(it) else {
            return;
        };
        self.check_traits(it);
        self.within(Scope::kind(Rc::clone(&kind)), |c| {
            c.members_once(&it.members, &kind.members);
            c.verbs_once(&it.members);
            c.learn_home(HomeId::Kind(kind.number), &it.members);
            c.statements(&it.members);
            c.outputs_have_values(&it.members);
        });
        self.promises(&kind);
    }

    fn outputs_have_values(&mut self, members: &[Stmt]) {
        for stmt in members {
            if let StmtKind::Output(output) = &stmt.kind
                && output.value.is_none()
            {
                let ty = output.ty.as_ref().map(|it| self.source(it.span));
                let value = self.part_with(output.name.name);
                self.report(errors::output_without_value(
                    output.name,
                    ty.as_deref(),
                    value,
                ));
            }
        }
    }

    /// `inbox.arn`: the first part of the kind around that has an output of this name.
    fn part_with(&mut self, output: Ustr) -> Option<String> {
        let Home::Kind(kind) = self.scope.home.clone() else {
            return None;
        };
        let mut parts = self.parts_of(&kind).into_iter();
        parts.find_map(|(part, number)| {
            let of = self.kind(number)?;
            let has = of.outputs.contains_key(&output);
            has.then(|| format!("{part}.{output}"))
        })
    }

    fn own_kind(&mut self, it: &'a ast::Kind) -> Option<Rc<KindInfo<'a>>> {
        let number = self
            .names
            .kinds
            .iter()
            .position(|entry| std::ptr::eq(entry.decl, it))?;
        self.kind(u32::try_from(number).ok()?)
    }

    fn check_traits(&mut self, it: &ast::Kind) {
        for (path, _) in &it.traits {
            let name = path.text();
            let is_own = matches!(
                name.as_str(),
                "placed" | "principal" | "relay" | "addressed"
            );
            if !is_own
                && self.names.find_path(self.scope.file, path, |it| &it.traits) == Found::None
            {
                let mut known = self.names.known(self.scope.file, |it| &it.traits);
                known.extend(["placed", "principal", "relay", "addressed"].map(Ustr::from));
                self.report(errors::unknown_type(
                    name,
                    path.span,
                    suggest::nearest(&name, known),
                ));
            }
        }
    }

    /// Reports members that are declared twice.
    fn members_once(&mut self, block: &'a [Stmt], members: &UstrMap<crate::names::Value<'a>>) {
        let mut twice = Vec::new();
        walk(block, self.scope.file, &mut |value| {
            if let Some(first) = members.get(&value.name.name)
                && first.name.span != value.name.span
                && !crate::names::exclusive(first, &value)
            {
                twice.push((value.name, first.name.span));
            }
        });
        twice
            .into_iter()
            .for_each(|(name, first)| self.report(errors::duplicate_name(name, first)));
    }

    /// What a verb means is clear without saying which: a protocol and an access verb of one name are not.
    fn verbs_once(&mut self, members: &'a [Stmt]) {
        let mut listens: Vec<Ident> = Vec::new();
        let mut accesses: Vec<Ident> = Vec::new();
        verbs_in(members, &mut listens, &mut accesses);
        for access in &accesses {
            if let Some(first) = listens.iter().find(|it| it.name == access.name) {
                self.report(errors::duplicate_name(*access, first.span));
            }
        }
    }

    fn promises(&mut self, kind: &KindInfo<'a>) {
        for number in &kind.traits {
            let Some(promised) = self.trait_info(*number) else {
                continue;
            };
            self.promised_types(kind, &promised);
            let kept = |name: Ustr| {
                kind.decl.members.iter().any(|it| match &it.kind {
                    StmtKind::Output(output) => output.name.name == name,
                    _ => false,
                })
            };
            let missing: Vec<Ustr> = promised
                .outputs
                .iter()
                .map(|(name, _)| *name)
                .filter(|it| !kept(*it))
                .collect();
            if !missing.is_empty() {
                let by = promised.decl.name;
                self.report(errors::missing_promise(
                    kind.decl.name,
                    &by.name,
                    &missing,
                    by.span,
                ));
            }
        }
    }

    /// Outputs whose own type is not the promised one.
    fn promised_types(&mut self, kind: &KindInfo<'a>, promised: &TraitInfo<'a>) {
        for stmt in &kind.decl.members {
            let StmtKind::Output(output) = &stmt.kind else {
                continue;
            };
            let promise = promised
                .outputs
                .iter()
                .find(|(name, _)| *name == output.name.name);
            let (Some(ty), Some((_, promise))) = (&output.ty, promise) else {
                continue;
            };
            let own = self.resolve(ty, kind.file);
            if !self.fits(&own, &promise.ty) {
                let (expected, got) = self.print_apart(&promise.ty, &own);
                let by = &promised.decl.name.name;
                self.report(errors::other_promise(
                    output.name,
                    by,
                    &expected,
                    &got,
                    ty.span,
                    promise.decl.name.span,
                ));
            }
        }
    }

    pub(super) fn trait_body(&mut self, it: &'a ast::Trait) {
        for stmt in &it.members {
            match &stmt.kind {
                StmtKind::Output(ast::Output { ty: Some(ty), .. }) => {
                    self.check_type(ty, self.scope.file)
                }
                StmtKind::Collect(it) => self.check_type(&it.ty, self.scope.file),
                _ => {}
            }
        }
    }

    pub(super) fn edge_body(&mut self, it: &'a ast::EdgeDecl) {
        for path in [&it.source, &it.target] {
            let file = self.scope.file;
            let known = self.names.find_path(file, path, |it| &it.kinds) != Found::None
                || self.names.find_path(file, path, |it| &it.traits) != Found::None
                || matches!(
                    path.text().as_str(),
                    "placed" | "principal" | "relay" | "addressed" | "internet"
                );
            if !known {
                self.report_unknown_kind(path);
            }
        }
        let number = self
            .names
            .edges
            .iter()
            .position(|entry| std::ptr::eq(entry.decl, it));
        let Some(edge) = number.and_then(|it| self.edge_info(u32::try_from(it).ok()?)) else {
            return;
        };
        self.taken_value(it.value, &it.members);
        if let Some(stmt) = implied_itself(it, &it.members) {
            self.report(errors::implies_itself(stmt.span, it.verb));
        }
        self.within(Scope::edge(Rc::clone(&edge)), |c| {
            c.members_once(&it.members, &edge.members);
            c.learn_home(HomeId::Edge(edge.number), &it.members);
            c.statements(&it.members);
        });
    }

    /// The value of a verb is an attribute of the body.
    fn taken_value(&mut self, value: Option<Ident>, members: &'a [Stmt]) {
        let Some(value) = value else { return };
        let fields: Vec<Ustr> = members
            .iter()
            .filter_map(|it| match &it.kind {
                StmtKind::Field(field) => Some(field.name.name),
                _ => None,
            })
            .collect();
        if !fields.contains(&value.name) {
            let near = suggest::nearest(&value.name, fields.iter().copied());
            self.report(errors::unknown_attribute(value, "edge", near, &fields));
        }
    }

    /// The edge declaration of that number.
    pub fn edge_info(&mut self, number: u32) -> Option<Rc<EdgeInfo<'a>>> {
        let index = number as usize;
        if let Some(Some(known)) = self.cache.edges.get(index) {
            return Some(Rc::clone(known));
        }
        let entry = self.names.edges.get(index)?;
        let (decl, file) = (entry.decl, entry.file);
        let mut fields = Vec::new();
        for stmt in &decl.members {
            if let StmtKind::Field(field) = &stmt.kind {
                fields.push(self.field(field, file).noted(&stmt.notes));
            }
        }
        let mut members = UstrMap::default();
        walk(&decl.members, file, &mut |value| {
            members.entry(value.name.name).or_insert(value);
        });
        let (source, target) = (
            self.end_type(&decl.source, file),
            self.end_type(&decl.target, file),
        );
        let info = Rc::new(EdgeInfo {
            number,
            decl,
            file,
            fields,
            members,
            source,
            target,
        });
        if let Some(slot) = self.cache.edges.get_mut(index) {
            *slot = Some(Rc::clone(&info));
        }
        Some(info)
    }

    fn end_type(&self, path: &ast::Path, file: usize) -> Ty<'a> {
        let kind = self.names.find_path(file, path, |it| &it.kinds).first();
        let role = self.names.find_path(file, path, |it| &it.traits).first();
        kind.map(Ty::Node)
            .or(role.map(Ty::Trait))
            .unwrap_or(Ty::Unknown)
    }

    pub(super) fn existing_block(&mut self, block: &'a ast::Block) {
        self.inner(|it| {
            it.push_block(block);
            it.learn_claims(block);
            it.statements(block);
        });
    }

    pub(super) fn acts_as(&mut self, part: Ident) {
        let Home::Kind(kind) = &self.scope.home else {
            return;
        };
        if !kind.members.contains_key(&part.name) && !kind.outputs.contains_key(&part.name) {
            let known: Vec<Ustr> = kind
                .members
                .keys()
                .chain(kind.outputs.keys())
                .copied()
                .collect();
            let near = suggest::nearest(&part.name, known);
            self.report(errors::unknown_name(part.name, part.span, near, None));
        }
    }

    pub(super) fn listens(&mut self, it: &'a ast::Listens) {
        match &it.on {
            Some(on) => self.check_protocols(on),
            None if self
                .names
                .find(self.scope.file, it.verb.name, |it| &it.protocols)
                .first()
                .is_none()
                && it.body.is_none()
                && !matches!(it.verb.name.as_str(), "all" | "icmp") =>
            {
                let known = self.names.known(self.scope.file, |it| &it.protocols);
                self.report(errors::unknown_protocol(
                    it.verb,
                    suggest::nearest(&it.verb.name, known),
                ));
            }
            None => {}
        }
        if let Some(body) = &it.body {
            self.end_block(body);
        }
    }

    pub(super) fn access(&mut self, it: &'a ast::Access) {
        let body = it.body.as_slice();
        self.taken_value(it.value, body);
        self.end_block(body);
    }

    /// The body of `listens` and `access`: an edge into this kind.
    fn end_block(&mut self, body: &'a [Stmt]) {
        self.inner(|it| {
            let ends = std::mem::replace(&mut it.scope.ends, true);
            it.push_block(body);
            it.learn_claims(body);
            it.statements(body);
            it.scope.ends = ends;
        });
    }

    pub(super) fn opens(&mut self, it: &'a ast::Opens) {
        self.check_protocols(&it.protocols);
        let in_kind = matches!(self.scope.home, Home::Kind(_)) && !self.scope.ends;
        if in_kind && it.from.is_none() && it.to.is_none() {
            self.report(errors::opens_nowhere(it.protocols.span));
        }
        for end in [&it.from, &it.to].into_iter().flatten() {
            self.infer(end);
        }
        it.because.iter().for_each(|it| self.message(it));
    }

    /// One protocol or a list of them.
    pub fn check_protocols(&mut self, protocols: &'a Expr) {
        match &protocols.kind {
            ExprKind::List(items) => items.iter().for_each(|it| self.check_protocols(it)),
            // a family of protocols may have a name, and values may be lists
            ExprKind::Name(_) | ExprKind::Protocol(..) => self.check(protocols, &Ty::Protocol),
            ExprKind::Int(port) => self.report(errors::bare_port(protocols.span, *port)),
            _ => drop(self.infer(protocols)),
        }
    }

    pub(super) fn grant(&mut self, it: &'a ast::Grant) {
        self.check(&it.actions, &Ty::String.list());
        let on = self.infer(&it.on);
        let is_list = matches!(on, Ty::List(_));
        if !is_list {
            self.fit(&it.on, &on, &Ty::String);
        }
        if let Some(to) = &it.to {
            self.infer(to);
        }
        if let Some(condition) = &it.condition {
            self.check(condition, &Ty::Document);
        }
    }
}

fn verbs_in(block: &[Stmt], listens: &mut Vec<Ident>, accesses: &mut Vec<Ident>) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::Listens(it) => listens.push(it.verb),
            StmtKind::Access(it) => accesses.push(it.verb),
            StmtKind::If(it) => {
                verbs_in(&it.then, listens, accesses);
                verbs_in(it.otherwise.as_deref().unwrap_or(&[]), listens, accesses);
            }
            _ => {}
        }
    }
}

/// An edge between the two ends of the same verb: it would never end.
fn implied_itself<'e>(of: &ast::EdgeDecl, block: &'e [Stmt]) -> Option<&'e Stmt> {
    let is = |ends: &[Expr], word: &str| matches!(ends, [Expr { kind: ExprKind::Name(name), .. }] if name.as_str() == word);
    block.iter().find_map(|stmt| match &stmt.kind {
        StmtKind::Edge(edge) => {
            let between = is(&edge.sources, "source") && is(&edge.targets, "target");
            let same = |it: &ast::Verb| {
                let named = matches!(&it.kind, ast::VerbKind::Named { name, .. } if name.name == of.verb.name);
                it.on == of.on && named
            };
            (between && edge.verbs.iter().any(same)).then_some(stmt)
        }
        StmtKind::If(it) => implied_itself(of, &it.then)
            .or_else(|| implied_itself(of, it.otherwise.as_deref().unwrap_or(&[]))),
        StmtKind::For(it) => implied_itself(of, &it.body),
        _ => None,
    })
}
