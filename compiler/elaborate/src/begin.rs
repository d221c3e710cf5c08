//! The beginning: the facts of the topology itself, its environment.

use crate::errors;
use crate::eval::scope::Scope;
use crate::session::{Eval, Session};
use topoc_diagnostics::{Code, Span};
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
        let account = self.header(decl, "account");
        if let Ok(account) = account {
            self.stated_account.set(account);
        }
        let prefix = self.header(decl, "prefix");
        if let Ok(Some(prefix)) = prefix {
            self.prefix.set(prefix);
        }
        let tags = self.own_tags(&decl.body.attributes, &Scope::file(0));
        let is_known = region.is_ok() && account.is_ok() && prefix.is_ok() && tags.is_ok();
        if !is_known || self.topology.borrow().region.is_empty() {
            self.lose_header();
        }
        let tags = tags.unwrap_or_default();
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
                self.lose_environment();
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
}
