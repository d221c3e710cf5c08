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
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use topoc_diagnostics::Diagnostics;
use topoc_ir::{
    Doc, Resource, ResourceId, Spelled, SpelledInput, SpelledLookup, SpelledOutput,
    SpelledResource, Target, Topology,
};
use topoc_syntax::Program;
use topoc_syntax::ast::ExprId;
use typed_arena::Arena;
use ustr::Ustr;

use crate::session::{Session, Settings};
use plan::Plan;

/// One target's spelling of everything: `resources` in the order of output, `topology` for what is around them.
pub fn spell(
    program: &Program,
    members: &std::collections::HashSet<ExprId>,
    topology: &Topology,
    resources: &[Resource],
    target: Target,
    out: &mut Diagnostics,
) -> Spelled {
    let arena = Arena::new();
    let settings = Settings {
        env: topology.env,
        ..Settings::default()
    };
    let session = Session::new(program, members, &settings, out, &arena);
    {
        let mut header = session.topology.borrow_mut();
        header.name = topology.name;
        header.region = topology.region;
    }
    session.prefix.set(topology.prefix);
    session.stage.set(crate::gather::Stage::Fill);
    let known: HashMap<ResourceId, &Resource> = resources
        .iter()
        .chain(&topology.lookups)
        .map(|it| (it.id, it))
        .collect();
    *session.resource_fields.borrow_mut() = known;
    let lookups = topology.lookups.iter().map(|it| (it.id, it)).collect();
    let speller = Speller {
        session: &session,
        topology,
        lookups,
        target,
        plans: RefCell::default(),
        used: RefCell::default(),
    };
    speller.run(resources)
}

/// What is shared while one target is spelled.
pub(crate) struct Speller<'s, 'a> {
    pub(crate) session: &'s Session<'a>,
    pub(crate) topology: &'a Topology,
    pub(crate) lookups: HashMap<ResourceId, &'a Resource>,
    pub(crate) target: Target,
    pub(crate) plans: RefCell<HashMap<Ustr, Option<Rc<Plan<'a>>>>>,
    /// Outputs of lookups in use.
    pub(crate) used: RefCell<IndexMap<ResourceId, IndexSet<Ustr>>>,
}

impl<'a> Speller<'_, 'a> {
    fn run(&self, resources: &'a [Resource]) -> Spelled {
        let mut spelled = Vec::with_capacity(resources.len());
        let mut parts = Vec::new();
        for resource in resources {
            let Some(plan) = self.plan_of(resource) else {
                continue;
            };
            match plan.part_of {
                Some(_) => parts.push((resource, plan)),
                None => spelled.extend(self.resource(resource, &plan)),
            }
        }
        self.fold(parts, &mut spelled);
        let outputs = self.outputs();
        let inputs = self.inputs();
        let lookups = self.used_lookups();
        Spelled {
            target: self.target,
            name: self.topology.name,
            docs: self.topology.docs,
            region: self.topology.region,
            env: self.topology.env,
            inputs,
            lookups,
            resources: spelled,
            outputs,
        }
    }

    /// Puts resources that are parts of others here into their owners. What `after` names and nothing made, such as the
    /// gateway of a network without internet, is dropped.
    fn fold(&self, parts: Vec<(&'a Resource, Rc<Plan<'a>>)>, spelled: &mut [SpelledResource]) {
        let positions: HashMap<ResourceId, usize> = spelled
            .iter()
            .enumerate()
            .map(|(at, it)| (it.id, at))
            .collect();
        let owners: HashMap<ResourceId, ResourceId> = parts
            .iter()
            .filter_map(|(part, plan)| Some((part.id, self.owner(part, plan)?)))
            .collect();
        for (part, plan) in &parts {
            let Some(properties) = self.properties(part, plan) else {
                continue;
            };
            let owner = owners
                .get(&part.id)
                .and_then(|it| positions.get(it))
                .and_then(|at| spelled.get_mut(*at));
            let (Some(owner), Some((_, path))) = (owner, &plan.part_of) else {
                continue;
            };
            if path.is_empty() {
                properties
                    .into_iter()
                    .for_each(|(name, doc)| path::merge_field(&mut owner.properties, name, doc));
            } else if !properties.is_empty() {
                path::put(&mut owner.properties, path, Doc::Block(properties));
            }
            owner.after.extend(&part.after);
            owner.origin.others.push(part.origin.span);
        }
        for resource in spelled {
            let own = resource.id;
            resource
                .after
                .iter_mut()
                .for_each(|it| *it = owners.get(it).copied().unwrap_or(*it));
            resource
                .after
                .retain(|it| *it != own && positions.contains_key(it));
            resource.after.sort_unstable();
            resource.after.dedup();
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

    fn inputs(&self) -> Vec<SpelledInput> {
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
        self.topology.inputs.iter().map(spell).collect()
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
            lookup.parameters = outputs
                .into_iter()
                .flatten()
                .filter_map(|name| self.parameter(lookup.id, *name))
                .collect();
        }
        lookups
    }
}
