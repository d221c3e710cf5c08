//! What the other side of a rule is, and what it is called.

use ipnet::IpNet;
use topoc_ir::{Late, Part, Peer, ResourceId, Topology, Value};
use ustr::Ustr;

use crate::groups::Wearing;
use crate::routes::{everything, everything6};

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// Equal for equal ends.
    pub key: Ustr,
    /// What it is called in ids.
    pub label: Ustr,
    /// What it is.
    pub what: What,
}

/// What a rule may name.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Whoever wears a group.
    Group(ResourceId),
    /// A range.
    Range(IpNet),
    /// A prefix list and the rules it counts for.
    List(Value, u32),
    /// A range known at deployment.
    Late(Value),
}

impl End {
    /// Whoever wears a group.
    pub fn group(worn: Wearing) -> Self {
        Self {
            key: worn.id.0,
            label: worn.label,
            what: What::Group(worn.id),
        }
    }

    /// A range; the whole internet has a name.
    pub fn range(range: IpNet) -> Self {
        let label = if range == everything() {
            ustr::name!("internet")
        } else if range == everything6() {
            ustr::name!("internet_v6")
        } else {
            Ustr::from(&range.to_string())
        };
        Self {
            key: label,
            label,
            what: What::Range(range),
        }
    }

    /// A prefix list.
    pub fn list(label: Ustr, id: Value, weight: u32) -> Self {
        Self {
            key: label,
            label,
            what: What::List(id, weight),
        }
    }

    /// A range known at deployment.
    pub fn late(label: Ustr, range: Value) -> Self {
        Self {
            key: label,
            label,
            what: What::Late(range),
        }
    }
}

pub(super) fn same_network(from: &Wearing, to: &Wearing) -> bool {
    from.network.is_none() || to.network.is_none() || from.network == to.network
}

pub(super) fn internet(v4: bool, v6: bool) -> Vec<End> {
    let four = v4.then(|| End::range(everything()));
    four.into_iter()
        .chain(v6.then(|| End::range(everything6())))
        .collect()
}

pub(super) fn ranges(ends: &[End]) -> Vec<IpNet> {
    let ranges = ends.iter().filter_map(|it| match it.what {
        What::Range(range) => Some(range),
        What::Group(_) | What::List(..) | What::Late(_) => None,
    });
    ranges.collect()
}

/// One end for each range that deployment fills in.
pub(super) fn late_ends(value: &Value) -> Vec<End> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every other value is one range"
    )]
    match value {
        Value::List(items) => items.iter().flat_map(late_ends).collect(),
        Value::Cidr(range) => vec![End::range(*range)],
        value => vec![End::late(key(value).unwrap_or_default(), value.clone())],
    }
}

/// What a value is called in an id.
pub(super) fn key(value: &Value) -> Option<Ustr> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "other values have no short name"
    )]
    match value {
        Value::Late(Late::Input(name)) => Some(*name),
        Value::Late(Late::Output(id, output)) if output.as_str() == "id" => Some(id.0),
        Value::Late(Late::Output(id, output)) => Some(Ustr::from(&format!("{}.{output}", id.0))),
        Value::Resource(id) => Some(id.0),
        Value::Text(text) => Some(*text),
        Value::Template(parts) => Some(template_key(parts)),
        _ => None,
    }
}

fn template_key(parts: &[Part]) -> Ustr {
    let words = parts.iter().map(|it| match it {
        Part::Text(text) => *text,
        Part::Late(late) => key(&Value::Late(late.clone())).unwrap_or_default(),
    });
    let words: Vec<&str> = words.map(|it| it.as_str()).collect();
    Ustr::from(&words.concat())
}

/// A peer as the program calls it.
pub fn name(topology: &Topology, peer: &Peer) -> String {
    match peer {
        Peer::Node(id) => topology
            .node(*id)
            .map(|it| it.path.to_string())
            .unwrap_or_default(),
        Peer::Group(index) => {
            let group = topology.groups.get(*index as usize);
            group.map(|it| it.path.to_string()).unwrap_or_default()
        }
        Peer::Cidrs(ranges) => {
            let ranges: Vec<String> = ranges.iter().map(IpNet::to_string).collect();
            ranges.join(", ")
        }
        Peer::PrefixList { node, id, .. } => {
            let node = node.and_then(|it| topology.node(it)).map(|it| it.path);
            node.or(key(id))
                .map(|it| it.to_string())
                .unwrap_or_default()
        }
        Peer::LateCidr(value) => key(value).map(|it| it.to_string()).unwrap_or_default(),
        Peer::Internet { .. } => "internet".to_owned(),
        Peer::Endpoints(network, name) => {
            let network = topology.networks.get(*network as usize).map(|it| it.path);
            format!("{}.{name}", network.unwrap_or_default())
        }
    }
}
