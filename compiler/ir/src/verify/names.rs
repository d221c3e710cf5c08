//! Two things with one logical name.

use std::collections::{BTreeSet, HashMap};

use topoc_diagnostics::{Code, Diagnostic, Span};
use ustr::Ustr;

use super::Uses;
use crate::ids::{self, Ids};
use crate::spelled::{Spelled, Target};

/// The Pulumi variable that holds the account's facts, where they are used.
pub const PULUMI_ACCOUNT: &str = "callerIdentity";
/// The Pulumi variable that holds the zones' names, where they are used.
pub const PULUMI_ZONES: &str = "availableZones";

/// The Pulumi provider of a region that is not the topology's own.
pub fn pulumi_provider(region: Ustr) -> String {
    format!("aws-{region}")
}

/// Reports every pair that would bear one name.
pub fn clashes(spelled: &Spelled, ids: &Ids, uses: Uses) -> Vec<Diagnostic> {
    let mut room = Room::new(spelled);
    room.inputs();
    room.lookups(ids);
    room.compilers_own(uses);
    room.resources(ids);
    room.outputs();
    room.found
}

/// Names taken so far, each within its name space.
struct Room<'a> {
    spelled: &'a Spelled,
    taken: HashMap<(Ustr, String), (String, Span)>,
    found: Vec<Diagnostic>,
}

impl<'a> Room<'a> {
    fn new(spelled: &'a Spelled) -> Self {
        Self {
            spelled,
            taken: HashMap::with_capacity(spelled.resources.len()),
            found: Vec::new(),
        }
    }

    /// Terraform's resources have a name space for each type, the others one for the program.
    fn space(&self, name: &str) -> Ustr {
        match self.spelled.target {
            Target::Terraform => Ustr::from(name),
            Target::Cfn | Target::Pulumi => Ustr::from(""),
        }
    }

    fn inputs(&mut self) {
        let space = self.space("var");
        for it in &self.spelled.inputs {
            let name = ids::input(self.spelled.target, it.input.name);
            self.take(
                space,
                name,
                format!("input {}", it.input.name),
                it.input.span,
            );
        }
    }

    fn lookups(&mut self, ids: &Ids) {
        for it in &self.spelled.lookups {
            let Some(named) = ids.get(it.id) else {
                continue;
            };
            if self.spelled.target != Target::Cfn {
                let space = self.space(&format!("data.{}", it.ty));
                self.take(space, named.name.clone(), it.id.to_string(), it.origin.span);
                continue;
            }
            for (output, _, _) in &it.parameters {
                let name = ids::lookup_parameter(&named.name, output);
                let text = format!("{}.{output}", it.id);
                self.take(Ustr::from(""), name, text, it.origin.span);
            }
        }
    }

    fn compilers_own(&mut self, uses: Uses) {
        if self.spelled.target != Target::Pulumi {
            return;
        }
        for (used, name) in [(uses.account, PULUMI_ACCOUNT), (uses.zones, PULUMI_ZONES)] {
            if used {
                let text = "facts of the account".to_owned();
                self.take(Ustr::from(""), name.to_owned(), text, Span::default());
            }
        }
        let resources = self.spelled.resources.iter().map(|it| it.region);
        let lookups = self.spelled.lookups.iter().map(|it| it.region);
        let regions: BTreeSet<Ustr> = resources.chain(lookups).flatten().collect();
        for region in regions {
            let (name, text) = (pulumi_provider(region), format!("the provider of {region}"));
            self.take(Ustr::from(""), name, text, Span::default());
        }
    }

    fn resources(&mut self, ids: &Ids) {
        for it in &self.spelled.resources {
            let Some(named) = ids.get(it.id) else {
                continue;
            };
            let space = self.space(it.ty.as_str());
            self.take(space, named.name.clone(), it.id.to_string(), it.origin.span);
        }
    }

    /// Outputs have a name space of their own everywhere.
    fn outputs(&mut self) {
        for it in &self.spelled.outputs {
            let name = ids::output(self.spelled.target, it.name);
            self.take(
                Ustr::from("output"),
                name,
                format!("output {}", it.name),
                it.span,
            );
        }
    }

    fn take(&mut self, space: Ustr, name: String, text: String, span: Span) {
        let target = self.spelled.target.title();
        match self.taken.entry((space, name)) {
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert((text, span));
            }
            std::collections::hash_map::Entry::Occupied(used) => {
                let (before, at) = used.get();
                let name = &used.key().1;
                let message =
                    format!("`{before}` and `{text}` would both be called `{name}` in {target}");
                self.found.push(
                    Diagnostic::new(Code::E0602, message)
                        .at(span, "the second one")
                        .because(*at, "the first one")
                        .help("give one of them another name"),
                );
            }
        }
    }
}
