//! The order of output, and order that no reference says.

use rustc_hash::FxHashMap as HashMap;

use topoc_ir::topology::{attachment_id, subnet_id};
use topoc_ir::{Resource, ResourceId, Topology, Value};

use crate::make::Class;
use crate::plan::Plan;

/// By (stable order): source order; in one declaration networks, groups, the library's resources, rules.
pub fn sorted(mut made: Vec<(Class, Resource)>) -> Vec<Resource> {
    made.sort_by_cached_key(|(class, resource)| (resource.rank, *class));
    made.into_iter().map(|it| it.1).collect()
}

/// What stands in a public subnet may ask for a public address, so it comes after the gateway's attachment.
pub fn after_attachments(public: &Public, resource: &mut Resource) {
    if public.is_empty() {
        return;
    }
    let fields = &mut resource.fields.iter();
    if let Some(attachment) = fields.find_map(|(_, value)| standing(value, public))
        && !resource.after.contains(&attachment)
    {
        resource.after.push(attachment);
    }
}

/// Each public subnet, and the attachment that makes it one.
pub type Public = HashMap<ResourceId, ResourceId>;

/// The public subnets of all networks.
pub fn public_subnets(topology: &Topology, plans: &[Plan]) -> Public {
    let mut public = Public::default();
    for (network, plan) in topology.networks.iter().zip(plans) {
        if network.existing.is_some() {
            continue;
        }
        for (index, subnet) in (0u32..).zip(&network.subnets) {
            for zone in &subnet.zones {
                if plan
                    .ways
                    .table(index, *zone)
                    .is_some_and(|it| it.is_public())
                {
                    let id = subnet_id(network.path, subnet.name, *zone);
                    public.insert(id, attachment_id(network.path));
                }
            }
        }
    }
    public
}

/// The attachment of the first public subnet that a field names.
fn standing(value: &Value, public: &Public) -> Option<ResourceId> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "other values name no subnet"
    )]
    match value {
        Value::Resource(id) => public.get(id).copied(),
        Value::Late(topoc_ir::Late::Output(id, _)) => public.get(id).copied(),
        Value::List(items) => items.iter().find_map(|it| standing(it, public)),
        Value::Record(fields) => fields.values().find_map(|it| standing(it, public)),
        _ => None,
    }
}
