//! Verbs: what two ends offer, and what to write instead of what they do not.

use std::rc::Rc;

use topoc_syntax::ast::{self, Expr, Ident, StmtKind};
use ustr::{Ustr, UstrSet};

use crate::checker::Checker;
use crate::kinds::KindInfo;
use crate::ty::Ty;
use crate::{errors, suggest};

/// The types of source and target, where they are known.
pub(super) type Ends<'t, 'a> = (Option<&'t Ty<'a>>, Option<&'t Ty<'a>>);

impl<'a> Checker<'a, '_> {
    /// Reports a verb that means nothing between these ends; where that is not sure, elaboration knows.
    pub(super) fn refuse_verb(
        &mut self,
        on: bool,
        verb: Ident,
        edge: &'a ast::Edge,
        ends: Ends<'_, 'a>,
    ) {
        let Some(target) = ends.1.filter(|it| !it.is_unknown()) else {
            return;
        };
        // what a verb means at an end that is not known, nobody knows
        if ends.0.is_some_and(Ty::is_unknown) {
            return;
        }
        let is_offered = match ends.0 {
            Some(source @ (Ty::Node(_) | Ty::Internet)) if matches!(target, Ty::Node(_)) => {
                self.offers(on, verb.name, source, target)
            }
            _ => true,
        };
        // the target first: it knows most verbs, and to ask all kinds is dear
        let is_near = !on && self.answered(target, true).contains(&verb.name);
        let is_known = is_near || self.is_verb(on, verb.name);
        if is_known && is_offered {
            return self.refuse_relay(on, verb, edge, ends);
        }
        if let Some(help) = self.said_of(verb.name, ends) {
            let kind = self.print(target);
            let is_protocol = is_known && !on && self.is_protocol(verb.name);
            let report = errors::verb_not_here(verb, &kind, is_protocol, help);
            return self.report(report);
        }
        if !is_known {
            return self.report_unknown_verb(on, verb, ends.0, target);
        }
        if let Some(source) = ends.0 {
            self.refuse_direction(on, verb, edge, (source, target));
        }
    }

    /// A relay starts nothing itself: where an edge says how it passes on to such a target, it does not talk to it.
    fn refuse_relay(&mut self, on: bool, verb: Ident, edge: &'a ast::Edge, ends: Ends<'_, 'a>) {
        let (Some(source @ Ty::Node(number)), Some(target @ Ty::Node(_))) = ends else {
            return;
        };
        let is_relay = |it: &KindInfo<'a>| {
            let mut traits = it.decl.traits.iter();
            traits.any(|(path, _)| path.text().as_str() == "relay")
        };
        if on || !self.is_protocol(verb.name) || !self.kind(*number).is_some_and(|it| is_relay(&it))
        {
            return;
        }
        let names = self.names;
        let passing = names.edges.iter().filter(|it| {
            !it.decl.on
                && self.speaks_for(source, &it.decl.source, it.file)
                && self.speaks_for(target, &it.decl.target, it.file)
        });
        let passing: Vec<&ast::EdgeDecl> = passing.map(|it| it.decl).collect();
        let [way] = passing.as_slice() else { return };
        if way.verb.name == verb.name {
            return;
        }
        let ends = (ends_text(&edge.sources), ends_text(&edge.targets));
        let value = way.members.iter().find(|it| match &it.kind {
            StmtKind::Field(field) => Some(field.name.name) == way.value.map(|it| it.name),
            _ => false,
        });
        let help = value.and_then(|it| ast::help_for_value(&it.notes, &self.node));
        self.report(errors::relay_starts(
            verb,
            (&ends.0, &ends.1),
            way.verb.name,
            help,
        ));
    }

    fn report_unknown_verb(
        &mut self,
        on: bool,
        verb: Ident,
        source: Option<&Ty<'a>>,
        target: &Ty<'a>,
    ) {
        let mut offered = self.offered(source, target);
        let event = Ustr::from(&format!("on {}", verb.name));
        let near = offered.iter().copied().find(|it| *it == event);
        if on {
            offered.retain(|it| it.starts_with("on "));
        }
        let near = near.or_else(|| match on {
            true => suggest::nearest(&event, offered.iter().copied())
                .map(|it| Ustr::from(it.trim_start_matches("on "))),
            false => suggest::nearest(&verb.name, self.verbs()),
        });
        self.report(errors::unknown_verb(verb, near, &offered));
    }

    /// What kinds at the ends and edges between them say of a verb that they do not offer.
    fn said_of(&mut self, verb: Ustr, (source, target): Ends<'_, 'a>) -> Option<String> {
        let names = self.names;
        for end in [target, source].into_iter().flatten() {
            for number in self.kinds_behind(end) {
                let notes = names
                    .kinds
                    .get(number as usize)
                    .map_or(&[][..], |it| it.notes);
                if let Some(help) = ast::help_for_word(notes, &verb, &self.node) {
                    return Some(help);
                }
            }
        }
        for entry in &names.edges {
            let Some(help) = ast::help_for_word(entry.notes, &verb, &self.node) else {
                continue;
            };
            if self.speaks_for(source?, &entry.decl.source, entry.file)
                && self.speaks_for(target?, &entry.decl.target, entry.file)
            {
                return Some(help);
            }
        }
        None
    }

    /// Reports an edge that would mean something the other way round, or to a part of its target.
    fn refuse_direction(
        &mut self,
        on: bool,
        verb: Ident,
        edge: &'a ast::Edge,
        (source, target): (&Ty<'a>, &Ty<'a>),
    ) {
        let (from, to) = (ends_text(&edge.sources), ends_text(&edge.targets));
        if matches!(source, Ty::Node(_)) && self.offers(on, verb.name, target, source) {
            let events = self.offered(Some(source), target);
            let event = events.into_iter().find(|it| it.starts_with("on ") && !on);
            return self.report(errors::turned_edge((on, verb), (&from, &to), event));
        }
        let Ty::Node(number) = target else { return };
        let Some(kind) = self.kind(*number) else {
            return;
        };
        let Some((part, ty)) = self.part_that_offers(on, verb.name, source, &kind) else {
            return;
        };
        let named = kind
            .outputs
            .iter()
            .find(|it| matches!((&it.1.ty, &ty), (Ty::Node(a), Ty::Node(b)) if a == b));
        let output = named.map(|it| *it.0);
        let ty = self.print(&ty);
        let name = kind.decl.name.name;
        let report =
            errors::verb_of_part(verb, (&from, &to), &name, &part, output.ok_or(ty.as_str()));
        self.report(report);
    }

    /// The part of a kind, in source order, that the verb may lead to.
    fn part_that_offers(
        &mut self,
        on: bool,
        verb: Ustr,
        source: &Ty<'a>,
        kind: &KindInfo<'a>,
    ) -> Option<(Ustr, Ty<'a>)> {
        let mut parts = self.parts_of(kind).into_iter();
        parts.find_map(|(part, number)| {
            let ty = Ty::Node(number);
            self.offers(on, verb, source, &ty).then_some((part, ty))
        })
    }

    /// Whether some declaration gives the verb a meaning between nodes of these types, maybe only under a condition.
    fn offers(&mut self, on: bool, verb: Ustr, source: &Ty<'a>, target: &Ty<'a>) -> bool {
        let names = self.names;
        for number in names.edges_of(on, verb) {
            let Some(entry) = names.edges.get(*number as usize) else {
                continue;
            };
            if self.may_be(source, &entry.decl.source, entry.file)
                && self.may_be(target, &entry.decl.target, entry.file)
            {
                return true;
            }
        }
        let is_bare = matches!(verb.as_str(), "all" | "icmp" | "protocol");
        !on && (is_bare || self.listed(target, source).contains(&verb))
    }

    /// Whether a node of this type is of the kind or trait at `path`; of the compiler's own traits, it may be.
    fn may_be(&mut self, ty: &Ty<'a>, path: &ast::Path, file: usize) -> bool {
        let own = ["placed", "principal", "relay", "addressed", "internet"];
        own.contains(&path.text().as_str()) || self.speaks_for(ty, path, file)
    }

    /// The verbs that a target's kind declares by `listens` and `access`, those under conditions included.
    fn listed(&mut self, target: &Ty<'a>, source: &Ty<'a>) -> UstrSet {
        let acts = self.has_role(source);
        self.answered(target, acts)
    }

    /// The verbs that a target's kind declares; those of `access` only if somebody `acts`.
    fn answered(&mut self, target: &Ty<'a>, acts: bool) -> UstrSet {
        let mut found = UstrSet::default();
        for number in self.kinds_behind(target) {
            if let Some(kind) = self.kind(number) {
                kind_verbs(&kind.decl.members, acts, &mut found);
            }
        }
        found
    }

    /// Whether a source can have permissions; where that is not sure, it can.
    fn has_role(&mut self, source: &Ty<'a>) -> bool {
        match source {
            Ty::Internet | Ty::Cidr | Ty::External => false,
            Ty::Node(_) => {
                let behind = self.kinds_behind(source);
                behind.into_iter().any(|it| {
                    self.kind(it)
                        .is_none_or(|it| it.principal || it.acts_as.is_some())
                })
            }
            _ => true,
        }
    }

    /// Whether any kind, edge or protocol knows the verb.
    pub(super) fn is_verb(&mut self, on: bool, verb: Ustr) -> bool {
        let is_word = matches!(verb.as_str(), "all" | "icmp" | "protocol");
        !self.names.edges_of(on, verb).is_empty()
            || !on && (is_word || self.is_protocol(verb) || self.kind_verbs().contains(&verb))
    }

    fn is_protocol(&self, verb: Ustr) -> bool {
        let file = self.scope.file;
        let found = self.names.find(file, verb, |it| &it.protocols);
        found.first().is_some()
    }

    /// Verbs that kinds declare by `listens` and `access`.
    fn kind_verbs(&mut self) -> Rc<UstrSet> {
        let names = self.names;
        let known = self.cache.verbs.get_or_insert_with(|| {
            let mut found = UstrSet::default();
            names
                .kinds
                .iter()
                .for_each(|it| kind_verbs(&it.decl.members, true, &mut found));
            Rc::new(found)
        });
        Rc::clone(known)
    }

    fn verbs(&mut self) -> Vec<Ustr> {
        let mut all: Vec<Ustr> = self.kind_verbs().iter().copied().collect();
        all.extend(self.names.known(self.scope.file, |it| &it.protocols));
        all.extend(suggest::library_values(self.library));
        all.extend(self.names.edges.iter().map(|it| it.decl.verb.name));
        all
    }

    /// What a target's kind declares for such a source, in source order, then what edges between the two ends declare.
    /// Where a kind acts by edges of its own, those to this target say all that it may do there.
    fn offered(&mut self, source: Option<&Ty<'a>>, target: &Ty<'a>) -> Vec<Ustr> {
        let mut found = Vec::new();
        let acts = source.is_none_or(|it| self.has_role(it) && !self.has_edges(it, target));
        for number in self.kinds_behind(target) {
            if let Some(kind) = self.kind(number) {
                for stmt in &kind.decl.members {
                    match &stmt.kind {
                        StmtKind::Listens(it) => found.push(it.verb.name),
                        StmtKind::Access(it) if acts => found.push(it.verb.name),
                        _ => {}
                    }
                }
            }
        }
        let names = self.names;
        for entry in &names.edges {
            let fits = source.is_some_and(|it| self.speaks_for(it, &entry.decl.source, entry.file))
                && self.speaks_for(target, &entry.decl.target, entry.file);
            let on = if entry.decl.on { "on " } else { "" };
            if fits {
                found.push(Ustr::from(&format!("{on}{}", entry.decl.verb.name)));
            }
        }
        let mut seen = UstrSet::default();
        found.retain(|it| seen.insert(*it));
        found
    }

    /// Whether edges are declared from just the kind of the source to just that of the target.
    fn has_edges(&self, source: &Ty<'a>, target: &Ty<'a>) -> bool {
        let is = |ty: &Ty<'a>, path: &ast::Path, file: usize| {
            let found = self.names.find_path(file, path, |it| &it.kinds).first();
            matches!((ty, found), (Ty::Node(ty), Some(found)) if *ty == found)
        };
        let mut edges = self.names.edges.iter();
        edges.any(|it| is(source, &it.decl.source, it.file) && is(target, &it.decl.target, it.file))
    }
}

/// Ends as they are written.
fn ends_text(ends: &[Expr]) -> String {
    let all: Vec<String> = ends.iter().map(crate::expr::text_of).collect();
    match all.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    }
}

fn kind_verbs(block: &[ast::Stmt], access: bool, found: &mut UstrSet) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::Listens(it) => {
                found.insert(it.verb.name);
            }
            StmtKind::Access(it) if access => {
                found.insert(it.verb.name);
            }
            StmtKind::If(it) => {
                kind_verbs(&it.then, access, found);
                kind_verbs(it.otherwise.as_deref().unwrap_or(&[]), access, found);
            }
            StmtKind::For(it) => kind_verbs(&it.body, access, found),
            _ => {}
        }
    }
}
