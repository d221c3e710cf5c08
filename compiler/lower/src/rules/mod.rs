//! Rules of groups: drafted in pairs, merged, counted, made.
//!
//! INVARIANT (stable ids): a rule is named after its two ends and its ports, never after an order or a count.

mod ends;
mod merge;
mod openings;
mod ways;

use rustc_hash::FxHashMap as HashMap;
use std::hash::BuildHasherDefault;

use indexmap::IndexMap;
use ipnet::IpNet;
use topoc_diagnostics::{Diagnostics, Span};
use topoc_ir::{Origin, Protocol, ResourceId, Transport, Value};
use ustr::{NameHasher, Ustr};

pub use self::ends::{End, What, name};
use self::merge::{Merged, covers, merge};
pub use self::openings::{Scene, openings};
use crate::errors;
use crate::groups::Wearing;
use crate::make::{Class, Frame, Maker, reference};
use crate::text::{label, plain};

/// Most rules of a group for each direction and family.
const MOST: u32 = 60;

/// Why a rule is there.
#[derive(Clone, Copy, Debug)]
pub struct Reason {
    /// For people; of AWS's characters.
    pub text: Ustr,
    /// The line.
    pub span: Span,
    /// Where it stands in source order.
    pub rank: u32,
    /// Whether the program says it; else a kind or a need does.
    pub declared: bool,
}

/// One side of what something opens.
#[derive(Clone, Debug)]
struct Draft {
    protocol: Protocol,
    reason: Reason,
}

/// Group, whether it is about what leaves, the other side.
type Key = (ResourceId, bool, Ustr);

type FastHash = BuildHasherDefault<NameHasher>;

/// Everything between one group and one peer in one direction.
struct Sheet {
    own: Wearing,
    peer: End,
    drafts: Vec<Draft>,
}

/// All rules before they are made.
#[derive(Default)]
pub struct Rules {
    sheets: IndexMap<Key, Sheet, FastHash>,
}

impl Rules {
    /// A pair between two groups.
    pub fn pair(&mut self, from: Wearing, to: Wearing, protocol: Protocol, reason: Reason) {
        self.add(from, true, End::group(to), protocol, reason);
        self.add(to, false, End::group(from), protocol, reason);
    }

    /// What may leave a group.
    pub fn egress(&mut self, from: Wearing, to: End, protocol: Protocol, reason: Reason) {
        self.add(from, true, to, protocol, reason);
    }

    /// What may enter a group.
    pub fn ingress(&mut self, to: Wearing, from: End, protocol: Protocol, reason: Reason) {
        self.add(to, false, from, protocol, reason);
    }

    fn add(&mut self, own: Wearing, leaves: bool, peer: End, protocol: Protocol, reason: Reason) {
        if own.assumed {
            return;
        }
        let sheet = self
            .sheets
            .entry((own.id, leaves, peer.key))
            .or_insert_with(|| Sheet {
                own,
                peer,
                drafts: Vec::new(),
            });
        sheet.drafts.push(Draft { protocol, reason });
    }

    /// Merges, drops what a group of the same node covers, counts, and makes what is left.
    ///
    /// `also_worn` says which named groups the wearer of an own group wears as well.
    pub fn make(
        mut self,
        maker: &mut Maker<'_>,
        also_worn: &HashMap<ResourceId, Vec<ResourceId>>,
        out: &mut Diagnostics,
    ) {
        for sheet in self.sheets.values_mut() {
            sheet
                .drafts
                .sort_by_key(|it| (!it.reason.declared, it.reason.rank, it.reason.span));
        }
        let mut merged: Vec<Vec<Merged>> =
            self.sheets.values().map(|it| it.merged(false)).collect();
        if !also_worn.is_empty() {
            self.drop_covered(&mut merged, also_worn);
        }
        self.count(&mut merged, out);
        for ((key, sheet), merged) in self.sheets.iter().zip(&merged) {
            for (protocol, from) in merged {
                sheet.make(maker, key, *protocol, from);
            }
        }
    }

    /// A rule is left out where a group rule of the same node says as much.
    fn drop_covered(
        &self,
        merged: &mut [Vec<Merged>],
        also_worn: &HashMap<ResourceId, Vec<ResourceId>>,
    ) {
        let full: Vec<Vec<Protocol>> = merged
            .iter()
            .map(|it| it.iter().map(|it| it.0).collect())
            .collect();
        let none: Vec<ResourceId> = Vec::new();
        for ((group, leaves, peer), merged) in self.sheets.keys().zip(merged) {
            let owns = also_worn.get(group).unwrap_or(&none);
            let peers = also_worn.get(&ResourceId(*peer)).unwrap_or(&none);
            if owns.is_empty() && peers.is_empty() {
                continue;
            }
            let owns = || std::iter::once(group).chain(owns);
            let peers = || std::iter::once(*peer).chain(peers.iter().map(|it| it.0));
            let wider: Vec<Protocol> = owns()
                .flat_map(|own| peers().map(move |peer| (*own, *leaves, peer)))
                .filter(|key| *key != (*group, *leaves, *peer))
                .filter_map(|key| full.get(self.sheets.get_index_of(&key)?))
                .flatten()
                .copied()
                .collect();
            merged.retain(|(narrow, _)| !wider.iter().any(|wide| covers(*wide, *narrow)));
        }
    }

    /// Joins neighbouring ports where a group would not fit otherwise; reports it where that does not help.
    fn count(&self, merged: &mut [Vec<Merged>], out: &mut Diagnostics) {
        let mut by_group: IndexMap<(ResourceId, bool), Vec<usize>, FastHash> = IndexMap::default();
        for (index, (group, leaves, _)) in self.sheets.keys().enumerate() {
            by_group.entry((*group, *leaves)).or_default().push(index);
        }
        for ((_, leaves), sheets) in by_group {
            if self.weight(merged, &sheets) <= MOST {
                continue;
            }
            for index in &sheets {
                if let (Some((_, sheet)), Some(merged)) =
                    (self.sheets.get_index(*index), merged.get_mut(*index))
                {
                    sheet.join_neighbours(merged);
                }
            }
            let weight = self.weight(merged, &sheets);
            if weight > MOST {
                let sheets = sheets.iter().filter_map(|it| self.sheets.get_index(*it));
                let sheets: Vec<&Sheet> = sheets.map(|it| it.1).collect();
                let Some(own) = sheets.first().map(|it| it.own) else {
                    continue;
                };
                let reasons: Vec<Reason> = sheets
                    .iter()
                    .flat_map(|it| &it.drafts)
                    .map(|it| it.reason)
                    .collect();
                out.push(errors::too_many_rules(
                    own,
                    leaves,
                    (weight, MOST),
                    &reasons,
                ));
            }
        }
    }

    /// The rules of the fuller family.
    fn weight(&self, merged: &[Vec<Merged>], sheets: &[usize]) -> u32 {
        let (mut four, mut six) = (0, 0);
        for index in sheets {
            let rules = merged.get(*index).map_or(0, Vec::len) as u32;
            match self.sheets.get_index(*index).map(|it| &it.1.peer.what) {
                Some(What::Range(IpNet::V4(_)) | What::Late(_)) => four += rules,
                Some(What::Range(IpNet::V6(_))) => six += rules,
                Some(What::List(_, weight)) => {
                    four += rules * weight;
                    six += rules * weight;
                }
                Some(What::Group(_)) => {
                    four += rules;
                    six += rules;
                }
                None => {}
            }
        }
        four.max(six)
    }
}

impl Sheet {
    fn merged(&self, adjacent: bool) -> Vec<Merged> {
        let protocols: Vec<(Protocol, usize)> =
            self.drafts.iter().map(|it| it.protocol).zip(0..).collect();
        merge(&protocols, adjacent)
    }

    /// Joins what is left of the rules.
    fn join_neighbours(&self, merged: &mut Vec<Merged>) {
        let left: Vec<(Protocol, usize)> = merged
            .iter()
            .flat_map(|(protocol, from)| from.iter().map(|it| (*protocol, *it)))
            .collect();
        if !left.is_empty() {
            *merged = merge(&left, true);
        }
    }

    fn make(
        &self,
        maker: &mut Maker<'_>,
        (group, leaves, _): &Key,
        protocol: Protocol,
        from: &[usize],
    ) {
        let mut reasons = from
            .iter()
            .filter_map(|it| self.drafts.get(*it))
            .map(|it| it.reason);
        let Some(first) = reasons.next() else { return };
        // where the first reason of all stands, so that one that comes later does not move the rule
        let ranks = from.iter().filter_map(|it| self.drafts.get(*it));
        let rank = ranks.map(|it| it.reason.rank).min().unwrap_or(first.rank);
        let mut frame = Frame::new(self.id(*leaves, protocol), Class::Rule, rank, first.span);
        let others = reasons.map(|it| it.span).filter(|it| *it != first.span);
        frame.origin = Origin {
            span: first.span,
            others: others.collect(),
        };
        frame.origin.others.dedup();
        let six = matches!(self.peer.what, What::Range(IpNet::V6(_)));
        let (name, low, high) = spelled(protocol, six);
        let peer = match &self.peer.what {
            What::Group(id) => ("peer", reference(*id)),
            What::Range(range @ IpNet::V4(_)) => ("cidr", Value::Cidr(*range)),
            What::Range(range @ IpNet::V6(_)) => ("cidr6", Value::Cidr(*range)),
            What::List(id, _) => ("prefix_list", id.clone()),
            What::Late(range) => ("cidr", range.clone()),
        };
        let roles = [
            ("group", reference(*group)),
            ("protocol", Value::Text(name)),
            ("from_port", low),
            ("to_port", high),
            ("description", Value::Text(first.text)),
            peer,
        ];
        let direction = if *leaves { "egress" } else { "ingress" };
        maker.make(("rule", Some(direction)), frame, &roles);
    }

    /// `web->db:tcp-5432/egress`
    fn id(&self, leaves: bool, protocol: Protocol) -> ResourceId {
        let (own, peer, ports) = (self.own.label, self.peer.label, label(protocol));
        ResourceId(if leaves {
            Ustr::joined(&[&own, "->", &peer, ":", &ports, "/egress"])
        } else {
            Ustr::joined(&[&peer, "->", &own, ":", &ports, "/ingress"])
        })
    }
}

/// The protocol's name and its ports as rules have them.
fn spelled(protocol: Protocol, six: bool) -> (Ustr, Value, Value) {
    let port = |it: u16| Value::Int(i64::from(it));
    let icmp = || {
        if six {
            ustr::name!("icmpv6")
        } else {
            ustr::name!("icmp")
        }
    };
    match protocol {
        Protocol::Ports(Transport::Tcp, low, high) => (ustr::name!("tcp"), port(low), port(high)),
        Protocol::Ports(Transport::Udp, low, high) => (ustr::name!("udp"), port(low), port(high)),
        Protocol::Icmp(None) => (icmp(), Value::Int(-1), Value::Int(-1)),
        Protocol::Icmp(Some(kind)) => (icmp(), Value::Int(i64::from(kind)), Value::Int(-1)),
        Protocol::Number(number) => (Ustr::from(&number.to_string()), Value::None, Value::None),
        Protocol::All => (ustr::name!("-1"), Value::None, Value::None),
    }
}

/// A reason in AWS's characters.
pub fn reason(text: &str, span: Span, rank: u32) -> Reason {
    Reason {
        text: Ustr::from(&plain(text)),
        span,
        rank,
        declared: false,
    }
}
