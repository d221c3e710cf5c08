//! Topology → resources: what networks derive, groups and their rules, ways to AWS services.
//!
//! In: the topology and the lock. Out: every resource in the order of output, and the new lock. Afterwards no value
//! holds a [`topoc_ir::Late::Block`], an alias of a table or gateway, or an id of an existing place that is not
//! what the program states.
//!
//! Reading order: `allot` (addresses), `routes` (tables, NAT), `network` (their resources), `groups`, `services`
//! (endpoints), `budget`, `rules`, `resolve`; `look` for programs with errors.

mod allot;
mod budget;
mod errors;
mod groups;
mod look;
mod make;
mod network;
mod order;
mod plan;
mod resolve;
mod routes;
mod rules;
mod services;
mod slices;
mod text;

use topoc_diagnostics::Diagnostics;
use topoc_ir::{Lock, Network, Output, Resource, ResourceId, Topology, Value};
use topoc_shares as shares;

pub use crate::allot::Blocks;
pub use crate::look::look;
pub use crate::network::internet_gateway_id;
pub use crate::plan::Plan;
pub use crate::routes::{Hop, Nat, Table, Ways};
pub use crate::services::{Offer, Services};

use crate::groups::Groups;
use crate::make::{Class, Maker};
use crate::resolve::Known;
use crate::rules::{Rules, Scene};

/// From how many resources on processors share what is done to each.
const MANY: usize = 2_000;

/// The format of the lock.
const LOCK_VERSION: u32 = 1;

/// A topology with everything it derives.
#[derive(Clone, Debug, Default)]
pub struct Lowered {
    /// The program. Its resources have moved to `resources`; lookups and outputs are resolved.
    pub topology: Topology,
    /// Every resource, the library's and the derived ones, in the order of output.
    pub resources: Vec<Resource>,
    /// Blocks and ways of each network.
    pub plans: Vec<Plan>,
    /// The endpoints of each network.
    pub services: Services,
}

/// Derives networks, groups, rules and endpoints; in a large program another processor begins, while this one does what is to be
/// done `beside`.
pub fn lower(
    topology: Topology,
    lock: &Lock,
    out: &mut Diagnostics,
    beside: impl FnOnce(),
) -> (Lowered, Lock) {
    let (plans, lock) = plans(&topology, &[], lock, out);
    (derived(topology, plans, out, beside), lock)
}

fn derived(
    mut topology: Topology,
    plans: Vec<Plan>,
    out: &mut Diagnostics,
    beside: impl FnOnce(),
) -> Lowered {
    let library = Library {
        resources: std::mem::take(&mut topology.resources),
        lookups: std::mem::take(&mut topology.lookups),
        outputs: std::mem::take(&mut topology.outputs),
    };
    let (services, library) = derive(&topology, &plans, library, out, beside);
    topology.lookups = library.lookups;
    topology.outputs = library.outputs;
    Lowered {
        topology,
        resources: library.resources,
        plans,
        services,
    }
}

/// Blocks and ways of every network, and the new lock; of `doubted` ones nothing is reported.
fn plans(
    topology: &Topology,
    doubted: &[u32],
    lock: &Lock,
    out: &mut Diagnostics,
) -> (Vec<Plan>, Lock) {
    let mut lock = lock.clone();
    lock.version = LOCK_VERSION;
    let env = topology.prefix.to_string();
    let before = lock.environments.remove(&env).unwrap_or_default();
    let mut after = before.clone();
    after.networks.clear();
    let mut silent = Diagnostics::default();
    let plan = |(index, network): (u32, &Network)| {
        let is_doubted = doubted.contains(&index);
        let out = if is_doubted { &mut silent } else { &mut *out };
        let ways = Ways::plan(network, out);
        if network.existing.is_some() {
            return Plan::new(network, Blocks::default(), ways);
        }
        let kept = before.networks.get(network.path.as_str());
        let rows = kept.map(|it| it.slices.clone()).unwrap_or_default();
        let (blocks, mut kept) = allot::allot(network, kept, out);
        let (slices, rows) = slices::allot(network, rows, out);
        kept.slices = rows;
        after.networks.insert(network.path.to_string(), kept);
        let mut plan = Plan::new(network, blocks, ways);
        plan.slices = slices;
        plan
    };
    let plans = (0..).zip(&topology.networks).map(plan).collect();
    if after != Default::default() {
        lock.environments.insert(env, after);
    }
    (plans, lock)
}

/// What the topology brings along and this phase adds to.
struct Library {
    resources: Vec<Resource>,
    lookups: Vec<Resource>,
    outputs: Vec<Output>,
}

fn derive(
    topology: &Topology,
    plans: &[Plan],
    library: Library,
    out: &mut Diagnostics,
    beside: impl FnOnce(),
) -> (Services, Library) {
    let Library {
        resources,
        mut lookups,
        mut outputs,
    } = library;
    let worn = Groups::new(topology);
    let known = Known::new(topology, plans, &worn);
    let work = || make(topology, plans, (&worn, &known), &resources, out);
    let derived = shares::beside(resources.len(), MANY, work, beside);
    lookups.extend(derived.lookups);
    let mut made = Vec::with_capacity(derived.made.len() + resources.len());
    made.extend(derived.made);
    made.extend(resources.into_iter().map(|it| (Class::Library, it)));
    let public = order::public_subnets(topology, plans);
    shares::each(&mut made, MANY, |(class, it)| {
        if *class == Class::Library {
            order::after_attachments(&public, it);
        }
        settle(&known, it);
    });
    lookups.iter_mut().for_each(|it| settle(&known, it));
    outputs
        .iter_mut()
        .for_each(|it| known.settle(&mut it.value));
    let library = Library {
        resources: order::sorted(made),
        lookups,
        outputs,
    };
    (derived.services, library)
}

/// What follows from a topology.
struct Derived {
    services: Services,
    lookups: Vec<Resource>,
    made: Vec<(Class, Resource)>,
}

fn make(
    topology: &Topology,
    plans: &[Plan],
    (worn, known): (&Groups<'_>, &Known<'_>),
    library: &[Resource],
    out: &mut Diagnostics,
) -> Derived {
    let mut maker = Maker::new(topology);
    let through = network::node_gateways(topology, library);
    for it in topology.networks.iter().zip(plans) {
        network::network(&mut maker, it, &through);
    }
    groups::groups(&mut maker, worn, out);
    let mut rules = Rules::default();
    let services = services::plan(topology, plans, worn, &mut rules, out);
    let lookups = services::make(&mut maker, &services);
    budget::check(topology, plans, &services, out);
    let scene = Scene::new(topology, plans, worn, &services, known);
    rules::openings(&scene, &mut rules, out);
    rules.make(&mut maker, &worn.also_worn(), out);
    Derived {
        services,
        lookups,
        made: maker.finish(out),
    }
}

fn settle(known: &Known<'_>, resource: &mut Resource) {
    let texts = resource
        .fields
        .iter_mut()
        .chain(&mut resource.tags)
        .chain(&mut resource.extra);
    texts.for_each(|(_, value)| known.settle(value));
    if !resource.after.is_empty() {
        resource.after = resource
            .after
            .iter()
            .filter_map(|it: &ResourceId| known.id(*it))
            .collect();
    }
}

/// A value with everything resolved that this phase knows; for values that are not part of a resource.
pub fn resolved(lowered: &Lowered, value: &Value) -> Value {
    let worn = Groups::new(&lowered.topology);
    let known = Known::new(&lowered.topology, &lowered.plans, &worn);
    known.value(value).unwrap_or_else(|| value.clone())
}
