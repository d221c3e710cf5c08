//! Edges: their ends, verbs, the values and blocks of verbs, and additions to collectors.

use topoc_diagnostics::Span;
use topoc_syntax::ast::{self, Expr, ExprKind, StmtKind, Verb, VerbKind};
use ustr::Ustr;

use super::body::Owner;
use super::verbs::Ends;
use crate::checker::Checker;
use crate::ty::{FieldTy, Ty};
use crate::{errors, suggest};

/// What the block and the value of a verb may be.
struct Offer<'a> {
    fields: Vec<FieldTy<'a>>,
    value: Option<Ustr>,
    notes: &'a [ast::Note],
}

impl<'a> Checker<'a, '_> {
    pub(super) fn edge(&mut self, it: &'a ast::Edge) {
        let sources: Vec<Ty<'a>> = it.sources.iter().map(|it| self.end(it)).collect();
        let targets: Vec<Ty<'a>> = it.targets.iter().map(|it| self.end(it)).collect();
        self.node = it
            .targets
            .first()
            .map_or(Ustr::default(), |it| Ustr::from(&self.text_of(it)));
        for verb in &it.verbs {
            self.verb(verb, it, (sources.first(), targets.first()));
        }
    }

    /// An end of an edge or a claim.
    pub fn end(&mut self, end: &'a Expr) -> Ty<'a> {
        let mut ty = self.infer(end).present().clone();
        while let Ty::Map(inner) = &ty {
            ty = inner.present().clone();
        }
        ty
    }

    fn verb(&mut self, verb: &'a Verb, edge: &'a ast::Edge, ends: Ends<'_, 'a>) {
        let (name, value) = match &verb.kind {
            VerbKind::Protocol(protocol) => {
                self.infer(protocol);
                return self.free_body(&verb.body);
            }
            VerbKind::Named { name, value } => (*name, value.as_ref()),
        };
        self.refuse_verb(verb.on, name, edge, ends);
        match self.offer(verb.on, name.name, ends) {
            Some(offer) => self.verb_body(verb, name.span, value, &offer),
            None => {
                if let Some(value) = value {
                    self.infer_word(value);
                    // an end that nobody knows may bring an edge that takes it
                    let (source, target) = ends;
                    let is_known = |it: Option<&Ty<'a>>| it.is_some_and(|it| !it.is_unknown());
                    if is_known(source) && is_known(target) {
                        self.refuse_value(verb, name, value);
                    }
                }
                self.free_body(&verb.body);
            }
        }
    }

    fn verb_body(
        &mut self,
        verb: &'a Verb,
        span: Span,
        value: Option<&'a Expr>,
        offer: &Offer<'a>,
    ) {
        let word = match &verb.kind {
            VerbKind::Named { name, .. } if verb.on => format!("`on {}` edge", name.name),
            VerbKind::Named { name, .. } => format!("`{}` edge", name.name),
            VerbKind::Protocol(_) => String::new(),
        };
        let taken = offer.fields.iter().find(|it| Some(it.name) == offer.value);
        if let Some(value) = value {
            match taken.filter(|_| self.next_verb(verb, value).is_none()) {
                Some(field) => self.check_against(value, field),
                None => {
                    self.infer_word(value);
                    if let VerbKind::Named { name, .. } = &verb.kind {
                        self.refuse_value(verb, *name, value);
                    }
                }
            }
        }
        let owner = Owner {
            word: &word,
            notes: offer.notes,
        };
        self.check_body_of(&verb.body, &offer.fields, &owner);
        let given = |name: Ustr| {
            (value.is_some() && Some(name) == offer.value)
                || verb.body.attributes.iter().any(|it| it.name.name == name)
        };
        let missing: Vec<Ustr> = offer
            .fields
            .iter()
            .filter(|it| it.required && !given(it.name))
            .map(|it| it.name)
            .collect();
        if !missing.is_empty() {
            let help = match (taken.filter(|it| missing.contains(&it.name)), &verb.kind) {
                (Some(field), VerbKind::Named { name, .. })
                    if ast::help_for_value(field.notes, &self.node).is_none() =>
                {
                    format!("{} {}", name.name, self.example(&field.ty))
                }
                _ => self.lacking(&offer.fields, &missing),
            };
            self.report(errors::missing_attribute(
                span,
                &format!("the {word}"),
                &missing,
                help,
            ));
        }
    }

    /// A value behind a verb that takes none: mostly the next verb, `read write`.
    fn refuse_value(&mut self, verb: &Verb, name: ast::Ident, value: &Expr) {
        let names = self.names;
        let declared = names.edges_of(verb.on, name.name).iter();
        let mut edges = declared.filter_map(|it| names.edges.get(*it as usize));
        let takes = |it: &ast::Stmt| match &it.kind {
            StmtKind::Access(it) => it.verb.name == name.name && it.value.is_some(),
            _ => false,
        };
        let mut kinds = names.kinds.iter();
        let is_taken = edges.any(|it| it.decl.value.is_some())
            || kinds.any(|it| it.decl.members.iter().any(takes));
        let next = self.next_verb(verb, value);
        let is_known = self.is_verb(verb.on, name.name);
        if is_known && (next.is_some() || !is_taken) {
            self.report(errors::value_of_verb(name, value.span, next));
        }
    }

    /// The word behind a verb that is a verb itself, and nothing else.
    fn next_verb(&mut self, verb: &Verb, value: &Expr) -> Option<Ustr> {
        let ExprKind::Name(word) = &value.kind else {
            return None;
        };
        let is_verb = self.is_verb(false, *word) || self.is_verb(verb.on, *word);
        (is_verb && self.lookup(*word).is_none()).then_some(*word)
    }

    /// The one declaration that gives the verb its meaning here; `None` if that is not clear.
    fn offer(&mut self, on: bool, verb: Ustr, (source, target): Ends<'_, 'a>) -> Option<Offer<'a>> {
        let names = self.names;
        let mut found = None;
        for number in names.edges_of(on, verb) {
            let entry = names.edges.get(*number as usize)?;
            let fits = self.speaks_for(source?, &entry.decl.source, entry.file)
                && self.speaks_for(target?, &entry.decl.target, entry.file);
            if fits && found.replace(*number).is_some() {
                return None;
            }
        }
        if let Some(info) = found.and_then(|it| self.edge_info(it)) {
            let entry = found.and_then(|it| names.edges.get(it as usize));
            return Some(Offer {
                fields: info.fields.clone(),
                value: info.decl.value.map(|it| it.name),
                notes: entry.map_or(&[], |it| it.notes),
            });
        }
        // an end that nobody knows may have an edge of its own
        if on || source.is_none_or(Ty::is_unknown) {
            return None;
        }
        self.kinds_behind(target?).into_iter().find_map(|number| {
            let kind = self.kind(number)?;
            let access = kind.decl.members.iter().find_map(|it| match &it.kind {
                StmtKind::Access(access) if access.verb.name == verb => Some(access),
                _ => None,
            })?;
            let mut fields = Vec::new();
            for stmt in &access.body {
                if let StmtKind::Field(field) = &stmt.kind {
                    fields.push(self.field(field, kind.file).noted(&stmt.notes));
                }
            }
            Some(Offer {
                fields,
                value: access.value.map(|it| it.name),
                notes: &[],
            })
        })
    }

    /// Whether a node of this type, or what it acts as, is of the kind or trait at `path`.
    pub(super) fn speaks_for(&mut self, ty: &Ty<'a>, path: &ast::Path, file: usize) -> bool {
        let names = self.names;
        let kind = names.find_path(file, path, |it| &it.kinds).first();
        let role = names.find_path(file, path, |it| &it.traits).first();
        self.kinds_behind(ty).into_iter().any(|number| {
            kind == Some(number)
                || role.is_some_and(|role| {
                    self.kind(number)
                        .is_some_and(|it| it.traits.contains(&role))
                })
        }) || matches!(ty, Ty::Trait(number) if role == Some(*number))
    }

    /// The kind of a node, and of what it acts as.
    pub(super) fn kinds_behind(&mut self, ty: &Ty<'a>) -> Vec<u32> {
        let mut found = Vec::new();
        let mut next = match ty {
            Ty::Node(number) => Some(*number),
            _ => None,
        };
        while let Some(number) = next.filter(|it| !found.contains(it)) {
            found.push(number);
            next = self.kind(number).and_then(|kind| {
                let part = kind.members.get(&kind.acts_as?)?;
                match part.what {
                    crate::names::What::Node(it) => it
                        .kind
                        .as_ref()
                        .and_then(|it| self.names.find_path(kind.file, it, |it| &it.kinds).first()),
                    _ => None,
                }
            });
        }
        found
    }

    pub(super) fn addition(&mut self, it: &'a ast::Addition) {
        let collector = match &it.target.kind {
            ExprKind::Field(base, name) => self.collector(base, *name),
            _ => self.infer(&it.target),
        };
        self.added(&it.value, &collector);
    }

    fn collector(&mut self, base: &'a Expr, name: ast::Ident) -> Ty<'a> {
        let of = match self.infer(base) {
            Ty::Optional(inner) => {
                self.report(errors::optional_value(
                    base.span,
                    &self.print(&inner),
                    &self.text_of(base),
                ));
                return Ty::Unknown;
            }
            present => present,
        };
        let (known, owner) = match &of {
            Ty::Node(number) => match self.kind(*number) {
                Some(kind) if kind.collectors.contains_key(&name.name) => {
                    if name.name != "grants"
                        && !crate::mentions::reads(&kind.decl.members, name.name)
                    {
                        self.report(errors::unread_collector(name, kind.decl.name));
                    }
                    return kind
                        .collectors
                        .get(&name.name)
                        .cloned()
                        .unwrap_or(Ty::Unknown);
                }
                Some(kind) => (
                    kind.collectors.keys().copied().collect::<Vec<_>>(),
                    self.print(&of),
                ),
                None => return Ty::Unknown,
            },
            Ty::Trait(number) => match self.trait_info(*number) {
                Some(info) if info.collectors.contains_key(&name.name) => {
                    return info
                        .collectors
                        .get(&name.name)
                        .cloned()
                        .unwrap_or(Ty::Unknown);
                }
                Some(info) => (info.collectors.keys().copied().collect(), self.print(&of)),
                None => return Ty::Unknown,
            },
            _ => return Ty::Unknown,
        };
        if name.name != "groups" {
            let near = suggest::nearest(&name.name, known);
            let report = errors::no_collector(name, &errors::with_article(&owner));
            self.report(report.help_opt(near.map(|it| format!("did you mean `{it}`?"))));
        }
        Ty::Unknown
    }

    /// One entry of a collector, or a list of them.
    fn added(&mut self, value: &'a Expr, collector: &Ty<'a>) {
        let Ty::List(item) = collector else {
            return self.check(value, collector.present());
        };
        match &value.kind {
            ExprKind::List(_) | ExprKind::ListFor(..) => self.check(value, collector),
            ExprKind::Name(_) if item.has_members() => self.check(value, item),
            ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::Call(..) | ExprKind::Binary(..) => {
                let got = self.infer(value);
                if !self.fits(&got, collector) {
                    self.fit(value, &got, item);
                }
            }
            _ => self.check(value, item),
        }
    }
}
