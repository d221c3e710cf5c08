//! What others may read of places, and what `placed` gives.

use crate::errors;
use crate::eval::scope::Scope;
use crate::instance::Inst;
use crate::session::{Eval, Session, Stop};
use crate::types::Ty;
use std::rc::Rc;
use topoc_diagnostics::Code;
use topoc_ir::topology::{named_group_id, own_group_id, subnet_id, subnet_table_id};
use topoc_ir::{Late, Network, ResourceId, Subnet, Tier, Value, Zone};
use topoc_syntax::ast::{Expr, ExprKind, Ident, StmtKind};
use ustr::Ustr;

impl<'a> Session<'a> {
    /// The zones of one subnet declaration.
    pub(crate) fn subnet_zones(&self, network: u32, subnet: u32) -> Vec<Zone> {
        self.with_subnet(network, subnet, |_, it| it.zones.clone())
            .unwrap_or_default()
    }

    pub(crate) fn with_subnet<T>(
        &self,
        network: u32,
        subnet: u32,
        read: impl FnOnce(&Network, &Subnet) -> T,
    ) -> Option<T> {
        let topology = self.topology.borrow();
        let network = topology.networks.get(network as usize)?;
        Some(read(network, network.subnets.get(subnet as usize)?))
    }

    /// A subnet of the program where most things may stand; of several, all are named.
    pub(crate) fn some_place(&self) -> String {
        let mut all: Vec<(bool, String)> = Vec::new();
        let files = self.user_files().into_iter();
        for stmt in files.flat_map(|it| self.file_items(it)) {
            let StmtKind::Network(network) = &stmt.kind else {
                continue;
            };
            for subnet in &network.subnets {
                let tier = subnet
                    .body
                    .attributes
                    .iter()
                    .find(|it| it.name.name == "tier");
                let is_public = tier.is_some_and(
                    |it| matches!(&it.value.kind, ExprKind::Name(word) if word == "public"),
                );
                all.push((
                    is_public,
                    format!("{}.{}", network.name.name, subnet.name.name),
                ));
            }
        }
        // by (stable order): as they are declared
        all.sort_by_key(|it| it.0);
        match all.as_slice() {
            [] => "NETWORK.SUBNET".to_owned(),
            [(_, one)] => one.clone(),
            [(_, first), others @ ..] => {
                let others: Vec<String> = others.iter().map(|it| format!("`{}`", it.1)).collect();
                format!("{first}; or in {}", others.join(" or "))
            }
        }
    }

    /// The resource (or stated id) of a network.
    pub(crate) fn network_value(&self, index: u32) -> Value {
        let topology = self.topology.borrow();
        match topology.networks.get(index as usize) {
            Some(network) => match &network.existing {
                Some(existing) => stated(existing.id.clone()),
                None => Value::Resource(ResourceId(network.path)),
            },
            None => Value::None,
        }
    }

    /// The resource (or stated id) of one subnet.
    pub(crate) fn subnet_value(&self, network: u32, subnet: u32, zone: Zone) -> Value {
        let read = |network: &Network, it: &Subnet| match &network.existing {
            Some(existing) => {
                let position = it.zones.iter().position(|each| *each == zone).unwrap_or(0);
                let ids = existing
                    .subnet_ids
                    .get(subnet as usize)
                    .cloned()
                    .unwrap_or(Value::None);
                stated(ids.item(position))
            }
            None => Value::Resource(subnet_id(network.path, it.name, zone)),
        };
        self.with_subnet(network, subnet, read)
            .unwrap_or(Value::None)
    }

    pub(crate) fn network_field(&self, index: u32, name: Ident) -> Eval<Option<Value>> {
        let topology = self.topology.borrow();
        let Some(network) = topology.networks.get(index as usize) else {
            return Ok(None);
        };
        if let Some(position) = network.subnets.iter().position(|it| it.name == name.name) {
            return Ok(Some(Value::Subnet(index, position as u32, None)));
        }
        if network.endpoints.iter().any(|it| it.name == name.name) {
            return Ok(Some(Value::Endpoints(index, name.name)));
        }
        if self.doubts_network(index) {
            return Err(Stop::Reported);
        }
        let path = ResourceId(network.path);
        Ok(match name.name.as_str() {
            "id" => Some(match &network.existing {
                Some(existing) => existing.id.clone(),
                None => Value::Late(Late::Output(path, ustr::name!("id"))),
            }),
            "cidr" => Some(Value::Cidr(network.cidr.0)),
            "ipv6_cidr" => Some(Value::Late(Late::Output(path, ustr::name!("ipv6_cidr")))),
            "zones" => Some(Value::list(
                network.zones.iter().map(|it| Value::Zone(*it)).collect(),
            )),
            "name" => Some(Value::Text(network.path)),
            _ => None,
        })
    }

    pub(crate) fn subnet_field(
        &self,
        network: u32,
        subnet: u32,
        zone: Option<Zone>,
        word: &str,
    ) -> Option<Value> {
        let (tier, zones) =
            self.with_subnet(network, subnet, |_, it| (it.tier, it.zones.clone()))?;
        let id_of = |zone: Zone| match self.subnet_value(network, subnet, zone) {
            Value::Resource(id) => Value::Late(Late::Output(id, ustr::name!("id"))),
            Value::Record(record) => record
                .get(&ustr::name!("id"))
                .cloned()
                .unwrap_or(Value::None),
            other => other,
        };
        let block = |zone: Zone| Value::Late(Late::Block(network, subnet, zone.slot));
        let all =
            |read: &dyn Fn(Zone) -> Value| Value::list(zones.iter().map(|it| read(*it)).collect());
        Some(match (word, zone) {
            ("tier", _) => Value::word(Ustr::from(match tier {
                Tier::Public => "public",
                Tier::Private => "private",
                Tier::Isolated => "isolated",
            })),
            ("zones", Some(zone)) => Value::list(vec![Value::Zone(zone)]),
            ("zones", None) => Value::list(zones.iter().map(|it| Value::Zone(*it)).collect()),
            ("id", Some(zone)) => id_of(zone),
            ("ids", None) => all(&id_of),
            ("cidr", Some(zone)) => block(zone),
            ("cidrs", None) => all(&block),
            ("table", Some(zone)) => self.table_of(network, subnet, zone)?,
            ("tables", None) => {
                all(&|zone| self.table_of(network, subnet, zone).unwrap_or(Value::None))
            }
            _ => return None,
        })
    }

    /// The id of the table of one subnet; of existing ones it is not known.
    fn table_of(&self, network: u32, subnet: u32, zone: Zone) -> Option<Value> {
        let id = self.with_subnet(network, subnet, |network, it| {
            let own = network.existing.is_none();
            own.then(|| subnet_table_id(network.path, it.name, zone))
        })??;
        Some(Value::Late(Late::Output(id, ustr::name!("id"))))
    }

    /// What `placed` gives: group, subnets, zones, place, network, wears.
    pub(crate) fn placed_field(&self, inst: &Rc<Inst<'a>>, name: Ustr) -> Eval<Option<Value>> {
        let Some(part) = inst.node().filter(|it| it.kind.is("placed")) else {
            return Ok(None);
        };
        let placement = part.placement.borrow().clone();
        let word = name.as_str();
        if matches!(word, "group" | "wears") {
            part.worn.set(true);
        }
        if !matches!(
            word,
            "group" | "groups" | "subnets" | "zones" | "place" | "network" | "wears"
        ) {
            return Ok(None);
        }
        let Some(placement) = placement else {
            return Ok(Some(if matches!(word, "place" | "network" | "group") {
                Value::None
            } else {
                Value::list(Vec::new())
            }));
        };
        let network = placement.network;
        if self.doubts_network(network) && matches!(word, "zones" | "subnets") {
            return Err(Stop::Reported);
        }
        Ok(Some(match word {
            "group" => Value::Resource(own_group_id(inst.path)),
            "groups" => Value::list(
                part.groups
                    .borrow()
                    .iter()
                    .map(|it| Value::Group(*it))
                    .collect(),
            ),
            "network" => Value::Network(network),
            "subnets" => Value::list(
                placement
                    .subnets
                    .iter()
                    .map(|(it, zone)| self.subnet_value(network, *it, *zone))
                    .collect(),
            ),
            "zones" => {
                let mut zones: Vec<Zone> =
                    placement.subnets.iter().map(|(_, zone)| *zone).collect();
                zones.sort_unstable();
                zones.dedup();
                Value::list(zones.into_iter().map(Value::Zone).collect())
            }
            "wears" => self.wears(inst, network),
            _ => self.place_value(network, &placement.subnets),
        }))
    }

    /// One whole declaration, or the single subnets.
    pub(crate) fn place_value(&self, network: u32, subnets: &[(u32, Zone)]) -> Value {
        let mut declarations: Vec<u32> = subnets.iter().map(|(it, _)| *it).collect();
        declarations.dedup();
        if let [one] = declarations.as_slice()
            && self.subnet_zones(network, *one).len() == subnets.len()
        {
            return Value::Subnet(network, *one, None);
        }
        if let [(subnet, zone)] = subnets {
            return Value::Subnet(network, *subnet, Some(*zone));
        }
        Value::list(
            subnets
                .iter()
                .map(|(it, zone)| Value::Subnet(network, *it, Some(*zone)))
                .collect(),
        )
    }

    /// All groups of a node, its own included where it is emitted.
    pub(crate) fn wears(&self, inst: &Rc<Inst<'a>>, network: u32) -> Value {
        let Some(part) = inst.node() else {
            return Value::None;
        };
        let topology = self.topology.borrow();
        let network_path = topology
            .networks
            .get(network as usize)
            .map(|it| it.path)
            .unwrap_or_default();
        let mut worn = Vec::new();
        if self.has_own_group(inst) {
            worn.push(Value::Resource(own_group_id(inst.path)));
        }
        for index in part.groups.borrow().iter() {
            let Some(group) = topology.groups.get(*index as usize) else {
                continue;
            };
            worn.push(match &group.existing {
                Some(id) => stated(id.clone()),
                None => Value::Resource(named_group_id(group.path, network_path)),
            });
        }
        Value::list(worn)
    }

    /// A placed node has a group of its own when an edge names it or it wears no other.
    pub(crate) fn has_own_group(&self, inst: &Rc<Inst<'a>>) -> bool {
        let passes = self
            .acting(inst)
            .is_some_and(|it| it.node().is_some_and(|it| it.placement.borrow().is_some()));
        !passes
            && inst.node().is_some_and(|part| {
                part.placement.borrow().is_some()
                    && (part.named.get() || part.groups.borrow().is_empty())
            })
    }

    pub(crate) fn zone_key(&self, network: u32, key: &'a Expr, scope: &Scope<'a>) -> Eval<Zone> {
        let value = self.eval_as(key, &Ty::Zone, scope)?;
        let Value::Zone(zone) = value else {
            return Err(self.report(errors::wrong_type(
                key.span,
                "a zone",
                &self.describe(&value),
            )));
        };
        let topology = self.topology.borrow();
        let known = topology
            .networks
            .get(network as usize)
            .is_some_and(|it| it.zones.contains(&zone));
        drop(topology);
        if known {
            return Ok(zone);
        }
        if self.doubts_network(network) {
            return Err(Stop::Reported);
        }
        let message = format!("the network has no zone `{}`", zone.name());
        Err(self.report(errors::plain(
            Code::E0502,
            key.span,
            message,
            "asked for here",
        )))
    }
}

/// A thing that exists already, as resources see it: it has an `id`.
pub(crate) fn stated(id: Value) -> Value {
    Value::record([(ustr::name!("id"), id)])
}
