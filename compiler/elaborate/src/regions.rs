//! What the library's tables say: of regions, their partitions and zones; of endpoints.

use topoc_diagnostics::{Code, Span};
use topoc_ir::{Record, Value, Zone};
use topoc_syntax::ast::{self, StmtKind};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::Scope;
use crate::session::Session;

impl<'a> Session<'a> {
    /// The table that some `let NAME means MEANING` holds.
    pub(crate) fn library_table(&self, meaning: &str) -> Record {
        let means = |decl: &ast::Let| decl.means.is_some_and(|it| it.name.as_str() == meaning);
        for (file, loaded) in self.index.files.iter().enumerate() {
            for stmt in &loaded.ast.items {
                let StmtKind::Let(decl) = &stmt.kind else {
                    continue;
                };
                if means(decl) {
                    let value = self.lookup(&Scope::file(file), decl.name.name, decl.name.span);
                    if let Ok(Some(Value::Map(map) | Value::Record(map))) = value {
                        return (*map).clone();
                    }
                }
            }
        }
        Record::default()
    }

    /// Whether there is such a region; notes what is known of it.
    pub(crate) fn check_region(&self, region: Ustr, span: Span) {
        let regions = self.library_table("regions");
        if let Some(Value::Record(facts)) = regions.get(&region) {
            self.topology.borrow_mut().region_facts = (**facts).clone();
            return;
        }
        if regions.is_empty() {
            return;
        }
        let known = regions.keys().map(|it| it.as_str());
        let nearest = topoc_diagnostics::nearest(&region, known);
        let message = format!("AWS has no region `{region}`");
        let report = errors::plain(
            Code::E0519,
            span,
            message,
            "not in the library's table of regions",
        );
        self.report(report.help_opt(nearest.map(|it| format!("did you mean `{it}`?"))));
        self.lose_header();
    }

    /// What the library says of the region.
    fn region_fact(&self, name: Ustr) -> Option<Value> {
        self.topology.borrow().region_facts.get(&name).cloned()
    }

    /// The part of AWS that the region belongs to.
    pub(crate) fn partition(&self) -> Value {
        let stated = self.region_fact(ustr::name!("partition"));
        stated.unwrap_or_else(|| Value::text("aws"))
    }

    /// Letters that no zone of the region has.
    pub(crate) fn check_zone_letters(&self, zones: &[Zone], span: Span) {
        let Some(known) = self.region_fact(ustr::name!("zones")) else {
            return;
        };
        let exists = |zone: &Zone| known.items().contains(&Value::Zone(*zone));
        let Some(strange) = zones.iter().find(|it| it.letter && !exists(it)) else {
            return;
        };
        let region = self.topology.borrow().region;
        let names: Vec<String> = known
            .items()
            .iter()
            .filter_map(|it| {
                if let Value::Zone(zone) = it {
                    Some(zone.name())
                } else {
                    None
                }
            })
            .collect();
        let message = format!("the region `{region}` has no zone `{}`", strange.name());
        let label = format!("its zones are {}", names.join(", "));
        self.report(errors::plain(Code::E0502, span, message, label));
    }
}
