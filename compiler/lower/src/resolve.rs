//! Puts known values in the place of what only this phase knows: blocks, aliases, ids of existing places and groups.

use rustc_hash::FxHashMap as HashMap;
use std::sync::Arc;

use ipnet::IpNet;
use topoc_ir::topology::{attachment_id, nat_id, network_id, subnet_id, subnet_table_id};
use topoc_ir::{Late, Network, Part, Record, ResourceId, Secret, Topology, Value};
use ustr::Ustr;

use crate::groups::Groups;
use crate::plan::Plan;

/// What stands for what.
pub struct Known<'a> {
    topology: &'a Topology,
    plans: &'a [Plan],
    ids: HashMap<ResourceId, Value>,
}

impl<'a> Known<'a> {
    /// Everything that this phase knows.
    pub fn new(topology: &'a Topology, plans: &'a [Plan], groups: &Groups<'_>) -> Self {
        let groups = groups.existing().into_iter();
        let mut ids: HashMap<ResourceId, Value> =
            groups.map(|(id, value)| (id, stated(value))).collect();
        for (network, plan) in topology.networks.iter().zip(plans) {
            match &network.existing {
                Some(existing) => {
                    ids.insert(attachment_id(network.path), Value::None);
                    ids.insert(network_id(network.path), stated(existing.id.clone()));
                    existing_subnets(network, &existing.subnet_ids, &mut ids);
                }
                None => aliases(network, plan, &mut ids),
            }
        }
        Self {
            topology,
            plans,
            ids,
        }
    }

    /// Resolves in place; most values hold nothing of the kind and stay as they are.
    pub fn settle(&self, value: &mut Value) {
        if self.concerns(value)
            && let Some(new) = self.value(value)
        {
            *value = new;
        }
    }

    /// Whether something in a value may be resolved; to look takes no memory.
    fn concerns(&self, value: &Value) -> bool {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "other values name nothing that this phase knows"
        )]
        match value {
            Value::Resource(id) => self.ids.contains_key(id),
            Value::Late(late) => self.concerns_late(late),
            Value::Template(parts) => parts
                .iter()
                .any(|it| matches!(it, Part::Late(late) if self.concerns_late(late))),
            Value::List(items) => items.iter().any(|it| self.concerns(it)),
            Value::Record(fields) | Value::Map(fields) => {
                fields.values().any(|it| self.concerns(it))
            }
            Value::Document(inner) | Value::JsonText(inner) => self.concerns(inner),
            Value::Range(ends) => self.concerns(&ends.0) || self.concerns(&ends.1),
            Value::Secret(secret) => {
                matches!(secret.as_ref(), Secret::Kept { arn, .. } if self.concerns(arn))
            }
            _ => false,
        }
    }

    fn concerns_late(&self, late: &Late) -> bool {
        match late {
            Late::Block(..) | Late::Allotted(..) => true,
            Late::Output(id, _) => self.ids.contains_key(id),
            Late::Input(_)
            | Late::Item(..)
            | Late::Account
            | Late::ZoneSlot(_)
            | Late::Slice(..) => false,
        }
    }

    /// What an id stands for, if that is a resource that exists here.
    pub fn id(&self, id: ResourceId) -> Option<ResourceId> {
        match self.ids.get(&id) {
            Some(Value::Resource(id)) => Some(*id),
            Some(_) => None,
            None => Some(id),
        }
    }

    /// The new value; `None` where nothing changes.
    pub fn value(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Resource(id) => self.ids.get(id).cloned(),
            Value::Late(late) => self.late(late),
            Value::Template(parts) => self.template(parts),
            Value::List(items) => self.list(items),
            Value::Record(fields) => self.record(fields).map(|it| Value::Record(Arc::new(it))),
            Value::Map(entries) => self.record(entries).map(|it| Value::Map(Arc::new(it))),
            Value::Document(inner) => self.value(inner).map(|it| Value::Document(Arc::new(it))),
            Value::JsonText(inner) => self.value(inner).map(|it| Value::JsonText(Arc::new(it))),
            Value::Range(ends) => {
                let (low, high) = (self.value(&ends.0), self.value(&ends.1));
                (low.is_some() || high.is_some()).then(|| {
                    let low = low.unwrap_or_else(|| ends.0.clone());
                    Value::Range(Arc::new((low, high.unwrap_or_else(|| ends.1.clone()))))
                })
            }
            Value::Secret(secret) => match secret.as_ref() {
                Secret::Kept { arn, field } => {
                    let arn = self.value(arn)?;
                    Some(Value::Secret(Arc::new(Secret::Kept { arn, field: *field })))
                }
                Secret::Input(_) => None,
            },
            Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Percent(_)
            | Value::Duration(_)
            | Value::Size(_)
            | Value::Text(_)
            | Value::Word(..)
            | Value::Cidr(_)
            | Value::Protocol(_)
            | Value::Zone(_)
            | Value::Asset(_)
            | Value::Node(_)
            | Value::Network(_)
            | Value::Subnet(..)
            | Value::Group(_)
            | Value::External(_)
            | Value::Endpoints(..)
            | Value::Internet => None,
        }
    }

    fn late(&self, late: &Late) -> Option<Value> {
        match late {
            Late::Block(network, subnet, slot) => {
                let plan = self.plans.get(*network as usize)?;
                let block = plan.blocks.get(*subnet as usize, *slot)?;
                Some(Value::Cidr(IpNet::V4(block)))
            }
            Late::Allotted(scope, key) => {
                let number = self.topology.allotted.get(&(*scope, *key))?;
                Some(Value::Int(*number))
            }
            Late::Slice(..) => None,
            Late::Output(id, output) => {
                let known = self.ids.get(id)?;
                if let Value::Resource(id) = known {
                    return Some(Value::Late(Late::Output(*id, *output)));
                }
                field(known, *output)
            }
            Late::Input(_) | Late::Item(..) | Late::Account | Late::ZoneSlot(_) => None,
        }
    }

    /// Two aliases of one table are one table.
    fn list(&self, items: &[Value]) -> Option<Value> {
        let new: Vec<Option<Value>> = items.iter().map(|it| self.value(it)).collect();
        if new.iter().all(Option::is_none) {
            return None;
        }
        let mut list: Vec<Value> = Vec::with_capacity(items.len());
        for (new, old) in new.into_iter().zip(items) {
            let Some(new) = new else {
                list.push(old.clone());
                continue;
            };
            let alias = matches!(new, Value::Resource(_) | Value::Late(Late::Output(..)));
            if !alias || !list.contains(&new) {
                list.push(new);
            }
        }
        Some(Value::list(list))
    }

    fn record(&self, fields: &Record) -> Option<Record> {
        let new: Vec<Option<Value>> = fields.values().map(|it| self.value(it)).collect();
        if new.iter().all(Option::is_none) {
            return None;
        }
        let fields = fields.iter().zip(new);
        Some(
            fields
                .map(|((name, old), new)| (*name, new.unwrap_or_else(|| old.clone())))
                .collect(),
        )
    }

    fn template(&self, parts: &[Part]) -> Option<Value> {
        let changes = parts.iter().any(|it| match it {
            Part::Text(_) => false,
            Part::Late(late) => self.late(late).is_some(),
        });
        if !changes {
            return None;
        }
        let mut text = Pieces::default();
        for part in parts {
            match part {
                Part::Text(it) => text.text(it),
                Part::Late(late) => match self.late(late) {
                    Some(value) => text.value(&value),
                    None => text.late(late.clone()),
                },
            }
        }
        Some(text.finish())
    }
}

/// Parts of a text while they are put together. Keeps the invariant of [`Value::Template`].
#[derive(Default)]
struct Pieces {
    parts: Vec<Part>,
    open: String,
}

impl Pieces {
    fn text(&mut self, text: &str) {
        self.open.push_str(text);
    }

    fn late(&mut self, late: Late) {
        self.close();
        self.parts.push(Part::Late(late));
    }

    fn value(&mut self, value: &Value) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "nothing else stands for a hole"
        )]
        match value {
            Value::Text(it) => self.text(it),
            Value::Cidr(it) => self.text(&it.to_string()),
            Value::Int(it) => self.text(&it.to_string()),
            Value::Late(it) => self.late(it.clone()),
            Value::Template(parts) => {
                for part in parts.iter() {
                    match part {
                        Part::Text(it) => self.text(it),
                        Part::Late(it) => self.late(it.clone()),
                    }
                }
            }
            _ => {}
        }
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.parts.push(Part::Text(Ustr::from(&self.open)));
            self.open.clear();
        }
    }

    fn finish(mut self) -> Value {
        if self.parts.is_empty() {
            return Value::Text(Ustr::from(&self.open));
        }
        self.close();
        Value::Template(self.parts.into())
    }
}

fn existing_subnets(network: &Network, ids: &[Value], known: &mut HashMap<ResourceId, Value>) {
    for (subnet, ids) in network.subnets.iter().zip(ids) {
        for (index, zone) in subnet.zones.iter().enumerate() {
            let subnet = subnet_id(network.path, subnet.name, *zone);
            known.insert(subnet, stated(ids.item(index)));
        }
    }
}

fn field(stated: &Value, name: Ustr) -> Option<Value> {
    if let Value::Record(fields) = stated {
        return fields.get(&name).cloned();
    }
    None
}

/// A thing that exists already, as resources see it: it has an `id`.
fn stated(id: Value) -> Value {
    Value::record([(ustr::name!("id"), id)])
}

/// Tables by subnet, NAT gateways by zone; no attachment without internet gateway.
fn aliases(network: &Network, plan: &Plan, ids: &mut HashMap<ResourceId, Value>) {
    if !plan.ways.internet {
        ids.insert(attachment_id(network.path), Value::None);
    }
    for (index, subnet) in (0u32..).zip(&network.subnets) {
        for zone in &subnet.zones {
            if let Some(table) = plan.ways.table(index, *zone) {
                let alias = subnet_table_id(network.path, subnet.name, *zone);
                ids.insert(alias, Value::Resource(table.id));
            }
        }
    }
    for zone in &network.zones {
        if let Some(own) = plan.ways.gateway_of(*zone).filter(|own| own != zone) {
            let target = Value::Resource(nat_id(network.path, own));
            ids.insert(nat_id(network.path, *zone), target);
        }
    }
}
