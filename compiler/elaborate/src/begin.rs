//! The beginning: the facts of the topology itself, its environment, what was renamed.

use crate::errors;
use crate::eval::scope::Scope;
use crate::finish::reference_text;
use crate::session::{Eval, Session};
use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_syntax::ast::{self, StmtKind};
use ustr::Ustr;

impl<'a> Session<'a> {
    /// Name, region, environment, prefix, tags.
    pub(crate) fn begin(&self) {
        self.check_env();
        self.check_settings();
        self.read_moves();
        let Some((stmt, decl)) = self.file_items(0).iter().find_map(|stmt| match &stmt.kind {
            StmtKind::Topology(decl) => Some((stmt, decl)),
            _ => None,
        }) else {
            self.lose_header();
            // what names are made of; the shortest one breaks no limit
            self.prefix.set(Ustr::from("t"));
            if self.doubts_topology() {
                return;
            }
            let span = Span::default();
            let report = errors::plain(
                Code::E0302,
                span,
                "the program has no `topology`",
                "a program begins with it",
            );
            self.report(report.help("topology NAME { region = \"eu-central-1\" }"));
            return;
        };
        {
            let mut topology = self.topology.borrow_mut();
            topology.name = decl.name.name;
            topology.docs = stmt.docs;
            topology.env = self.settings.env;
        }
        let kebab = decl.name.name.as_str().replace('_', "-");
        self.prefix.set(Ustr::from(&match self.settings.env {
            Some(env) => format!("{kebab}-{env}"),
            None => kebab,
        }));
        let failed = self.failed.get();
        let region = self.header(decl, "region");
        if let Ok(Some(region)) = region {
            self.topology.borrow_mut().region = region;
            let given = decl
                .body
                .attributes
                .iter()
                .find(|it| it.name.name.as_str() == "region");
            self.check_region(region, given.map_or(decl.name.span, |it| it.value.span));
        } else if region.is_ok() && !self.doubts_header() {
            let report = errors::missing(decl.name.span, ustr::name!("region"), "the topology");
            self.report(report.help("topology NAME { region = \"eu-central-1\" }"));
        }
        if let Ok(account) = self.header(decl, "account") {
            self.stated_account.set(account);
        }
        if let Ok(Some(prefix)) = self.header(decl, "prefix") {
            self.prefix.set(prefix);
        }
        let tags = self
            .own_tags(&decl.body.attributes, &Scope::file(0))
            .unwrap_or_default();
        if self.failed.get() && !failed {
            self.lose_header();
        }
        let mut topology = self.topology.borrow_mut();
        topology.prefix = self.prefix.get();
        topology.tags = tags;
        // what was read before is settled only now
        self.facts.borrow_mut().clear();
    }

    pub(crate) fn header(&self, decl: &'a ast::Topology, name: &str) -> Eval<Option<Ustr>> {
        match decl
            .body
            .attributes
            .iter()
            .find(|it| it.name.name.as_str() == name)
        {
            Some(given) => self.early_text(&given.value, &Scope::file(0)).map(Some),
            None => Ok(None),
        }
    }

    /// The environment that was asked for is one of the program's; none is asked for where there is none.
    pub(crate) fn check_env(&self) {
        let envs = self.environments();
        let names: Vec<&str> = envs.iter().map(|it| it.name.name.as_str()).collect();
        let report = match (envs.first(), self.settings.env) {
            (None, None) => return,
            (Some(_), Some(env)) if names.contains(&env.as_str()) => return,
            (None, Some(env)) => {
                let message = format!("the program has no environment `{env}`");
                errors::plain(Code::E0410, Span::default(), message, "")
                    .help("leave `--env` out, or declare `env` blocks")
            }
            (Some(first), env) => {
                let message = match env {
                    Some(env) => format!("there is no environment `{env}`"),
                    None => "the program has environments, so one must be chosen".to_owned(),
                };
                let label = format!("the environments are: {}", names.join(", "));
                let known = names.iter().copied();
                let near = env.and_then(|env| topoc_diagnostics::nearest(&env, known));
                errors::plain(Code::E0410, first.name.span, message, label)
                    .help(format!("--env {}", near.unwrap_or(&first.name.name)))
            }
        };
        self.report(report);
    }

    /// `moved old to new`: what is called new keeps the ids of the old.
    pub(crate) fn read_moves(&self) {
        for file in self.user_files() {
            for stmt in self.file_items(file) {
                let StmtKind::Moved(decl) = &stmt.kind else {
                    continue;
                };
                let old = reference_text(&decl.from);
                if self.index.value(file, old).is_some() {
                    self.report(errors::still_declared(old, decl.from.span));
                } else if let Some(report) = self.refused_move(decl, file, old) {
                    self.report(report);
                } else {
                    let mut moved = self.moved.borrow_mut();
                    moved.insert(reference_text(&decl.to), old);
                    self.left.borrow_mut().insert(old, decl.from.span);
                }
            }
        }
    }

    /// What has moved is here under its new name, was one thing before, and is one now.
    fn refused_move(&self, decl: &'a ast::Moved, file: usize, old: Ustr) -> Option<Diagnostic> {
        let new = reference_text(&decl.to);
        if self.moved.borrow().contains_key(&new) {
            let message = format!("`{new}` has two former names");
            let report = errors::plain(Code::E0204, decl.to.span, message, "moved a second time");
            return Some(report.help("a chain of moves is said by its first name"));
        }
        if let Some(first) = self.left.borrow().get(&old) {
            let message = format!("`{old}` has moved to two places");
            let label = "can be only one of them";
            let report = errors::plain(Code::E0204, decl.from.span, message, label);
            return Some(report.because(*first, "moved here already"));
        }
        let mut root = &decl.to;
        while let ast::ExprKind::Field(base, _) | ast::ExprKind::Index(base, _) = &root.kind {
            root = base;
        }
        let name = reference_text(root);
        let Some(sites) = self.index.value(file, name) else {
            let message = format!("nothing here is called `{name}`");
            let label = "a move leads to what is declared now";
            return Some(errors::plain(Code::E0201, decl.to.span, message, label));
        };
        let in_network = sites
            .iter()
            .any(|it| matches!(it.stmt.kind, StmtKind::Network(_)));
        let message = if in_network && matches!(decl.to.kind, ast::ExprKind::Field(..)) {
            "what stands in a network keeps its name".to_owned()
        } else if sites.iter().all(|it| has_no_id(&it.stmt.kind)) {
            format!("`{name}` has no id that it could keep")
        } else {
            return None;
        };
        let label = "only networks, groups, nodes, their parts and their resources can have moved";
        Some(errors::plain(Code::E0201, decl.to.span, message, label))
    }
}

fn has_no_id(kind: &StmtKind) -> bool {
    matches!(
        kind,
        StmtKind::Param(_) | StmtKind::Input(_) | StmtKind::Let(_)
    )
}
