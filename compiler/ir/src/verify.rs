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

use crate::doc::{Doc, LateDoc};
use crate::ids::Ids;
use crate::spelled::Spelled;

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
    let uses = uses(&spelled);
    let mut found = names::clashes(&spelled, &ids, uses);
    let (graph, dangling) = graph::References::new(&spelled, &ids);
    found.extend(dangling);
    found.extend(graph.cycles(&spelled));
    found.extend(limits::check(&spelled));
    let refused = found.iter().any(is_error);
    found.into_iter().for_each(|it| out.push(it));
    if refused || out.has_errors() {
        return None;
    }
    graph.drop_implied_order(&mut spelled);
    Some(Verified { spelled, ids, uses })
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity() != Severity::Warning
}

fn uses(spelled: &Spelled) -> Uses {
    let mut uses = Uses::default();
    each_document(spelled, &mut |doc| {
        doc.each_late(&mut |late| match late {
            LateDoc::Account => uses.account = true,
            LateDoc::ZoneSlot(_) => uses.zones = true,
            LateDoc::Input(_)
            | LateDoc::Resource(..)
            | LateDoc::Lookup(..)
            | LateDoc::Resolve(_) => {}
        });
    });
    uses
}

/// Every document of a program, in the order of output.
fn each_document<'a>(spelled: &'a Spelled, see: &mut dyn FnMut(&'a Doc)) {
    let lookups = spelled.lookups.iter().flat_map(|it| &it.arguments);
    let resources = spelled.resources.iter().flat_map(|it| &it.properties);
    lookups.chain(resources).for_each(|(_, doc)| see(doc));
    spelled.outputs.iter().for_each(|it| see(&it.value));
}

#[cfg(test)]
mod tests;
