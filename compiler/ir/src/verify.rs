//! The proof of shape: acyclic, no dangling reference, logical names unique, within the target's limits.
//!
//! In come one target's resources; out goes [`Verified`]. What holds afterwards:
//! INVARIANT (closed): every path that a document or `after` mentions is in [`Verified::ids`].
//! INVARIANT (acyclic): references and `after` together form no cycle.
//! INVARIANT (bare order): `after` names resources only, each once, and none that a reference already puts first.

mod graph;
mod limits;
pub mod names;

use topoc_diagnostics::{Diagnostic, Diagnostics, Severity};
use topoc_shares as shares;

use crate::ids::Ids;
use crate::resource::ResourceId;
use crate::spelled::Spelled;

/// From how many resources on processors share the checks.
const MANY: usize = 2_000;

/// Resources that every check has passed. Printers take only these and have nothing left to refuse.
#[derive(Clone, Debug)]
pub struct Verified {
    spelled: Spelled,
    ids: Ids,
    uses: Uses,
}

/// What of the account to deploy to is used; terraform and Pulumi ask for it once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// The account's number.
    pub account: bool,
    /// The names of its zones.
    pub zones: bool,
}

impl Verified {
    /// What was verified.
    pub fn spelled(&self) -> &Spelled {
        &self.spelled
    }

    /// The logical name of every path.
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    /// What of the account is used.
    pub fn uses(&self) -> Uses {
        self.uses
    }
}

/// Checks one target's resources; reports what the target would refuse.
pub fn verify(mut spelled: Spelled, out: &mut Diagnostics) -> Option<Verified> {
    let ids = Ids::new(&spelled);
    let (graph, uses, dangling) = graph::References::new(&spelled, &ids);
    let mut found: Vec<Diagnostic> = dangling.into_iter().map(|it| it.1).collect();
    found.extend(checks(&spelled, &ids, &graph, uses));
    let refused = found.iter().any(is_error);
    found.into_iter().for_each(|it| out.push(it));
    if refused || out.has_errors() {
        return None;
    }
    graph.drop_implied_order(&mut spelled);
    Some(Verified { spelled, ids, uses })
}

/// Reports what the target would refuse of a program with errors; only what was made can be missed.
pub fn look(spelled: &Spelled, is_made: impl Fn(ResourceId) -> bool, out: &mut Diagnostics) {
    let ids = Ids::new(spelled);
    let (graph, uses, dangling) = graph::References::new(spelled, &ids);
    let missed = dangling.into_iter().filter(|it| is_made(it.0));
    let found = missed
        .map(|it| it.1)
        .chain(checks(spelled, &ids, &graph, uses));
    found.for_each(|it| out.push(it));
}

fn checks(spelled: &Spelled, ids: &Ids, graph: &graph::References, uses: Uses) -> Vec<Diagnostic> {
    let count = shares::count(spelled.resources.len(), MANY).min(2);
    let checks = shares::all(count, |share| {
        let mut found = Vec::new();
        if share + 1 == count {
            found.extend(names::clashes(spelled, ids, uses));
        }
        if share == 0 {
            found.extend(graph.cycles(spelled));
        }
        found
    });
    let mut found: Vec<Diagnostic> = checks.into_iter().flatten().collect();
    found.extend(limits::check(spelled));
    found
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity() != Severity::Warning
}

#[cfg(test)]
mod tests;
