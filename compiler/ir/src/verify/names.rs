//! Two things with one logical name.

use rustc_hash::FxHashMap as HashMap;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

use topoc_diagnostics::{Code, Diagnostic, Span};
use ustr::Ustr;

use super::Uses;
use crate::ids::{self, Ids};
use crate::resource::ResourceId;
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
pub fn clashes<'a>(spelled: &'a Spelled, ids: &'a Ids, uses: Uses) -> Vec<Diagnostic> {
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
    taken: HashMap<(Ustr, Cow<'a, str>), (Who, Span)>,
    found: Vec<Diagnostic>,
}

/// Who takes a name; told to people only where two meet.
#[derive(Clone)]
enum Who {
    Path(ResourceId),
    Input(Ustr),
    Output(Ustr),
    Parameter(ResourceId, Ustr),
    Provider(Ustr),
    Account,
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Who::Path(id) => write!(f, "`{id}`"),
            Who::Input(name) => write!(f, "input `{name}`"),
            Who::Output(name) => write!(f, "output `{name}`"),
            Who::Parameter(id, output) => write!(f, "`{output}` of `{id}`"),
            Who::Provider(region) => write!(f, "the provider of {region}"),
            Who::Account => f.write_str("what is known of the account"),
        }
    }
}

impl<'a> Room<'a> {
    fn new(spelled: &'a Spelled) -> Self {
        Self {
            spelled,
            taken: HashMap::with_capacity_and_hasher(spelled.resources.len(), Default::default()),
            found: Vec::new(),
        }
    }

    /// Terraform's resources have a name space for each type, the others one for the program.
    fn space(&self, name: Ustr) -> Ustr {
        match self.spelled.target {
            Target::Terraform => name,
            Target::Cfn | Target::Pulumi => ustr::name!(""),
        }
    }

    fn inputs(&mut self) {
        let space = self.space(ustr::name!("var"));
        for it in &self.spelled.inputs {
            let name = ids::input(self.spelled.target, it.input.name);
            self.take(space, name, Who::Input(it.input.name), it.input.span);
        }
    }

    fn lookups(&mut self, ids: &'a Ids) {
        for it in &self.spelled.lookups {
            let Some(named) = ids.get(it.id) else {
                continue;
            };
            if self.spelled.target != Target::Cfn {
                let space = self.space(Ustr::from(&format!("data.{}", it.ty)));
                self.take(space, &named.name, Who::Path(it.id), it.origin.span);
                continue;
            }
            for (output, _, _) in &it.parameters {
                let name = ids::lookup_parameter(&named.name, output);
                let who = Who::Parameter(it.id, *output);
                self.take(ustr::name!(""), name, who, it.origin.span);
            }
        }
    }

    /// What the Pulumi printer adds.
    fn compilers_own(&mut self, uses: Uses) {
        if self.spelled.target != Target::Pulumi {
            return;
        }
        let (space, nowhere) = (ustr::name!(""), Span::default());
        for (used, name) in [(uses.account, PULUMI_ACCOUNT), (uses.zones, PULUMI_ZONES)] {
            if used {
                self.take(space, name, Who::Account, nowhere);
            }
        }
        let resources = self.spelled.resources.iter().map(|it| it.region);
        let lookups = self.spelled.lookups.iter().map(|it| it.region);
        let regions: BTreeSet<Ustr> = resources.chain(lookups).flatten().collect();
        for region in regions {
            self.take(
                space,
                pulumi_provider(region),
                Who::Provider(region),
                nowhere,
            );
        }
    }

    fn resources(&mut self, ids: &'a Ids) {
        for it in &self.spelled.resources {
            let Some(named) = ids.get(it.id) else {
                continue;
            };
            let space = self.space(it.ty);
            self.take(space, &named.name, Who::Path(it.id), it.origin.span);
        }
    }

    /// Outputs have a name space of their own everywhere.
    fn outputs(&mut self) {
        for it in &self.spelled.outputs {
            let name = ids::output(self.spelled.target, it.name);
            self.take(ustr::name!("output"), name, Who::Output(it.name), it.span);
        }
    }

    fn take(&mut self, space: Ustr, name: impl Into<Cow<'a, str>>, who: Who, span: Span) {
        match self.taken.entry((space, name.into())) {
            Entry::Vacant(free) => {
                free.insert((who, span));
            }
            Entry::Occupied(used) => {
                let (before, at) = used.get();
                let name = &used.key().1;
                let target = self.spelled.target.title();
                let message =
                    format!("{before} and {who} would both be called `{name}` in {target}");
                let report = Diagnostic::new(Code::E0602, message);
                // what the printer adds has no place in the program
                self.found
                    .push(match [span, *at].map(|it| it == Span::default()) {
                        [false, false] => report
                            .at(span, "the second one")
                            .because(*at, "the first one")
                            .help("give one of them another name"),
                        [true, _] => report
                            .at(*at, "called so here")
                            .help("give it another name"),
                        [false, true] => report
                            .at(span, "called so here")
                            .help("give it another name"),
                    });
            }
        }
    }
}
