//! What a service needs, from the library's table: its endpoints and those of the services it cannot do without.

use rustc_hash::FxHashMap as HashMap;
use std::rc::Rc;

use topoc_ir::{Topology, Value};
use ustr::Ustr;

/// One endpoint of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its short name, `ecr.api`.
    pub name: Ustr,
    /// Of the gateway type.
    pub gateway: bool,
}

/// All endpoints of one need; none where the service has no endpoint.
#[derive(Clone, Debug, Default)]
pub struct Closure {
    /// Each once, in the order of the table.
    pub services: Vec<Service>,
}

/// Closures, computed once each.
pub struct Closures<'a> {
    topology: &'a Topology,
    known: HashMap<Ustr, Rc<Closure>>,
}

impl<'a> Closures<'a> {
    /// None yet.
    pub fn new(topology: &'a Topology) -> Self {
        Self {
            topology,
            known: HashMap::default(),
        }
    }

    /// Whether the table has the service.
    pub fn has(&self, service: Ustr) -> bool {
        self.topology.endpoint_table.contains_key(&service)
    }

    /// The closure of a service.
    pub fn of(&mut self, service: Ustr) -> Rc<Closure> {
        if let Some(known) = self.known.get(&service) {
            return Rc::clone(known);
        }
        let mut closure = Closure::default();
        let mut seen = Vec::new();
        self.collect(service, &mut closure, &mut seen);
        let closure = Rc::new(closure);
        self.known.insert(service, Rc::clone(&closure));
        closure
    }

    /// `seen` ends circles of `also`.
    fn collect(&self, service: Ustr, closure: &mut Closure, seen: &mut Vec<Ustr>) {
        if seen.contains(&service) {
            return;
        }
        seen.push(service);
        let Some(Value::Record(entry)) = self.topology.endpoint_table.get(&service) else {
            return;
        };
        for (list, gateway) in [("gateways", true), ("interfaces", false)] {
            for name in words(entry.get(&Ustr::from(list))) {
                let service = Service { name, gateway };
                if !closure.services.contains(&service) {
                    closure.services.push(service);
                }
            }
        }
        for other in words(entry.get(&ustr::name!("also"))) {
            self.collect(other, closure, seen);
        }
    }
}

fn words(list: Option<&Value>) -> impl Iterator<Item = Ustr> + '_ {
    let items = list.map_or(&[][..], Value::items);
    items.iter().filter_map(|it| {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the table holds names")]
        match it {
            Value::Text(name) | Value::Word(_, name) => Some(*name),
            _ => None,
        }
    })
}
