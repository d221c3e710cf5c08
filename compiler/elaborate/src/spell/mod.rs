//! Resources to one target's documents: conversions, paths, references, parts of other resources.
//!
//! Reading order: `plan` (a resource type, prepared for one target), `path` (where a field goes), `document` (values to
//! documents), `resource`, and here the whole.

mod document;
mod group;
mod list;
mod output;
mod path;
mod plan;
mod resource;

use rustc_hash::FxHashMap as HashMap;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::mpsc;

use indexmap::IndexMap;
use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::asset::BUCKET;
use topoc_ir::{
    Doc, Input, LateDoc, Resource, ResourceId, Spelled, SpelledInput, SpelledLookup, SpelledOutput,
    SpelledResource, Target, Topology,
};
use topoc_shares as shares;
use topoc_syntax::Program;
use typed_arena::Arena;
use ustr::{Ustr, UstrMap};

use crate::session::{Session, Settings};
use path::Path;
use plan::Plan;

/// From how many resources on the work is shared among processors.
const MANY: usize = 400;

/// One target's spelling of everything: `resources` in the order of output, `topology` for what is around them.
pub fn spell(
    program: &Program,
    members: &topoc_check::Members,
    topology: &Topology,
    resources: &[Resource],
    target: Target,
    out: &mut Diagnostics,
) -> Spelled {
    let known = resources.iter().chain(&topology.lookups);
    let known: HashMap<ResourceId, &Resource> = known.map(|it| (it.id, it)).collect();
    let lookups = topology.lookups.iter().map(|it| (it.id, it)).collect();
    let given = Given {
        program,
        members,
        topology,
        known: &known,
        lookups: &lookups,
        target,
    };
    let count = shares::count(resources.len(), MANY);
    if count == 1 {
        return given.spelling(resources, out, |it, all| it.whole(it.share(all)));
    }
    let share = |at| {
        let own = shares::range(resources.len(), at, count);
        resources.get(own).unwrap_or_default()
    };
    shares::scope(|scope| {
        let others = (1..count).map(|at| {
            let (done, spelled) = mpsc::channel();
            scope.spawn(move |_| {
                let mut out = Diagnostics::default();
                let share = given.spelling(share(at), &mut out, |it, share| it.share(share));
                // it is waited for
                let _ = done.send((share, out));
            });
            spelled
        });
        let others: Vec<_> = others.collect();
        given.spelling(share(0), out, |speller, first| {
            let mut all = speller.share(first);
            for (share, out) in others.into_iter().flatten() {
                speller.add(&mut all, share, &out);
            }
            speller.whole(all)
        })
    })
}

/// What the spelling of one target starts from.
#[derive(Clone, Copy)]
struct Given<'a> {
    program: &'a Program,
    members: &'a topoc_check::Members,
    topology: &'a Topology,
    known: &'a HashMap<ResourceId, &'a Resource>,
    lookups: &'a HashMap<ResourceId, &'a Resource>,
    target: Target,
}

impl Given<'_> {
    /// Does some work on resources with a session of its own.
    fn spelling<T>(
        self,
        resources: &[Resource],
        out: &mut Diagnostics,
        work: impl for<'a> FnOnce(&Speller<'_, 'a>, &'a [Resource]) -> T,
    ) -> T {
        let arena = Arena::new();
        let settings = Settings {
            env: self.topology.env,
            ..Settings::default()
        };
        let session = Session::new(self.program, self.members, &settings, out, &arena);
        {
            let mut header = session.topology.borrow_mut();
            header.name = self.topology.name;
            header.region = self.topology.region;
            header.region_facts = self.topology.region_facts.clone();
        }
        session.prefix.set(self.topology.prefix);
        session.stage.set(crate::gather::Stage::Fill);
        session.known.set(Some(self.known));
        let speller = Speller {
            session: &session,
            topology: self.topology,
            known: self.known,
            lookups: self.lookups,
            target: self.target,
            plans: RefCell::default(),
            recased: RefCell::default(),
            used: RefCell::default(),
        };
        work(&speller, resources)
    }
}

/// What is shared while one target is spelled.
pub(crate) struct Speller<'s, 'a> {
    pub(crate) session: &'s Session<'a>,
    pub(crate) topology: &'a Topology,
    /// All resources and lookups.
    pub(crate) known: &'a HashMap<ResourceId, &'a Resource>,
    pub(crate) lookups: &'a HashMap<ResourceId, &'a Resource>,
    pub(crate) target: Target,
    pub(crate) plans: RefCell<HashMap<Ustr, Option<Rc<Plan<'a>>>>>,
    /// Names of fields as this target writes them.
    pub(crate) recased: RefCell<UstrMap<Ustr>>,
    /// Outputs of lookups in use.
    pub(crate) used: RefCell<Used>,
}

type Used = IndexMap<ResourceId, HashSet<Ustr>>;

/// A share of the resources, spelled.
#[derive(Default)]
struct Share {
    resources: Vec<SpelledResource>,
    parts: Vec<Part>,
    used: Used,
}

/// A resource that is a part of another in this target.
struct Part {
    id: ResourceId,
    owner: Option<ResourceId>,
    path: Path,
    properties: Vec<(Ustr, Doc)>,
    after: Vec<ResourceId>,
    span: Span,
}

impl<'a> Speller<'_, 'a> {
    fn share(&self, resources: &'a [Resource]) -> Share {
        let mut share = Share::default();
        share.resources.reserve(resources.len());
        for resource in resources {
            let Some(plan) = self.plan_of(resource) else {
                continue;
            };
            match &plan.part_of {
                Some((_, path)) => share.parts.extend(self.part(resource, &plan, path)),
                None => share.resources.extend(self.resource(resource, &plan)),
            }
        }
        share.used = self.used.take();
        share
    }

    fn part(&self, resource: &'a Resource, plan: &Plan<'a>, path: &Path) -> Option<Part> {
        Some(Part {
            id: resource.id,
            owner: self.owner(resource, plan),
            path: path.clone(),
            properties: self.properties(resource, plan)?,
            after: resource.after.clone(),
            span: resource.origin.span,
        })
    }

    /// Adds what another processor did.
    fn add(&self, all: &mut Share, share: Share, reports: &Diagnostics) {
        for report in reports.iter() {
            self.session.report(report.clone());
        }
        all.resources.extend(share.resources);
        all.parts.extend(share.parts);
        for (lookup, outputs) in share.used {
            all.used.entry(lookup).or_default().extend(outputs);
        }
    }

    fn whole(&self, all: Share) -> Spelled {
        let mut resources = all.resources;
        self.used.replace(all.used);
        fold(all.parts, &mut resources);
        let outputs = self.outputs();
        let lookups = self.used_lookups();
        let asked = !self.topology.inputs.is_empty() || !self.topology.assets.is_empty();
        let inputs = if asked {
            self.inputs(&used_inputs(self.target, &resources, &lookups, &outputs))
        } else {
            Vec::new()
        };
        Spelled {
            target: self.target,
            name: self.topology.name,
            docs: self.topology.docs,
            region: self.topology.region,
            env: self.topology.env,
            inputs,
            lookups,
            resources,
            outputs,
        }
    }

    fn outputs(&self) -> Vec<SpelledOutput> {
        let spell = |output: &'a topoc_ir::Output| {
            let value = self.document(&output.value, output.span)?;
            let value = match self.target {
                Target::Cfn => output::as_text(value),
                Target::Terraform | Target::Pulumi => value,
            };
            Some(SpelledOutput {
                name: output.name,
                docs: output.docs,
                value,
                span: output.span,
            })
        };
        self.topology.outputs.iter().filter_map(spell).collect()
    }

    /// Inputs that this target has a use for: nobody is asked for what a lookup alone would need where there is none.
    fn inputs(&self, used: &HashSet<Ustr>) -> Vec<SpelledInput> {
        let spell = |input: &'a topoc_ir::Input| {
            let default = input
                .default
                .as_ref()
                .and_then(|it| self.document(it, input.span));
            SpelledInput {
                input: input.clone(),
                default,
            }
        };
        let inputs = self.topology.inputs.iter();
        let wanted = inputs.filter(|it| used.contains(&it.name)).map(spell);
        let bucket = self
            .topology
            .assets
            .first()
            .filter(|_| self.target == Target::Cfn);
        wanted.chain(bucket.map(|_| bucket_of_packages())).collect()
    }

    /// Lookups that something refers to; their arguments may refer to further ones.
    fn used_lookups(&self) -> Vec<SpelledLookup> {
        let mut done: IndexMap<ResourceId, SpelledLookup> = IndexMap::new();
        loop {
            let used: Vec<ResourceId> = self.used.borrow().keys().copied().collect();
            let Some(next) = used.into_iter().find(|it| !done.contains_key(it)) else {
                break;
            };
            let Some(lookup) = self.lookups.get(&next).and_then(|it| self.lookup(it)) else {
                break;
            };
            done.insert(next, lookup);
        }
        let order = |id: &ResourceId| self.topology.lookups.iter().position(|it| it.id == *id);
        let mut lookups: Vec<SpelledLookup> = done.into_values().collect();
        lookups.sort_by_key(|it| order(&it.id));
        let used = self.used.borrow();
        for lookup in &mut lookups {
            let outputs = used.get(&lookup.id);
            // in one order, whatever reads them first
            let mut outputs: Vec<Ustr> = outputs.into_iter().flatten().copied().collect();
            outputs.sort_unstable();
            lookup.parameters = outputs
                .into_iter()
                .filter_map(|name| self.parameter(lookup.id, name))
                .collect();
        }
        lookups
    }
}

/// CloudFormation fetches packages from a bucket, which no program names.
fn bucket_of_packages() -> SpelledInput {
    let docs = "The bucket that holds the packages of assets.json, under their keys.";
    let input = Input {
        name: Ustr::from(BUCKET),
        docs: Some(Ustr::from(docs)),
        ty: ustr::name!("String"),
        default: None,
        refinement: Vec::new(),
        span: Span::default(),
    };
    SpelledInput {
        input,
        default: None,
    }
}

/// Puts resources that are parts of others here into their owners. What `after` names and nothing made, such as the
/// gateway of a network without internet, is dropped.
fn fold(parts: Vec<Part>, spelled: &mut [SpelledResource]) {
    let places = spelled.iter().enumerate();
    let places: HashMap<ResourceId, usize> = places.map(|(at, it)| (it.id, at)).collect();
    let owners: HashMap<ResourceId, ResourceId> = parts
        .iter()
        .filter_map(|it| Some((it.id, it.owner?)))
        .collect();
    for part in parts {
        let place = part.owner.and_then(|it| places.get(&it));
        let Some(owner) = place.and_then(|at| spelled.get_mut(*at)) else {
            continue;
        };
        if part.path.is_empty() {
            for (name, doc) in part.properties {
                path::merge_field(&mut owner.properties, name, doc);
            }
        } else if !part.properties.is_empty() {
            let doc = Doc::Block(part.properties);
            path::put(&mut owner.properties, &part.path, doc);
        }
        owner.after.extend(part.after);
        owner.origin.others.push(part.span);
    }
    for resource in spelled.iter_mut().filter(|it| !it.after.is_empty()) {
        let own = resource.id;
        let after = &mut resource.after;
        after
            .iter_mut()
            .for_each(|it| *it = owners.get(it).copied().unwrap_or(*it));
        after.retain(|it| *it != own && places.contains_key(it));
        after.sort_unstable();
        after.dedup();
    }
}

/// The inputs that something printed refers to. CloudFormation prints no arguments of lookups.
fn used_inputs(
    target: Target,
    resources: &[SpelledResource],
    lookups: &[SpelledLookup],
    outputs: &[SpelledOutput],
) -> HashSet<Ustr> {
    let of_resources = resources.iter().flat_map(|it| &it.properties);
    let of_lookups = lookups.iter().flat_map(|it| &it.arguments);
    let of_lookups = of_lookups.filter(|_| target != Target::Cfn);
    let fields = of_resources.chain(of_lookups).map(|(_, doc)| doc);
    let mut found = HashSet::new();
    for doc in fields.chain(outputs.iter().map(|it| &it.value)) {
        doc.each_late(&mut |late| {
            if let LateDoc::Input(name) = late {
                found.insert(*name);
            }
        });
    }
    found
}
