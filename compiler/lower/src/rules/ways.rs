//! Whether the traffic of an opening has a way to go.

use ipnet::IpNet;
use topoc_diagnostics::Diagnostics;
use topoc_ir::{NodeId, Opening, Peer, Protocol, RouteVia};

use super::End;
use super::ends::{ranges, same_network};
use super::merge::covers;
use super::openings::{Scene, Stands};
use crate::errors;
use crate::groups::Wearing;
use crate::routes::{everything, everything6};

impl<'a> Scene<'a> {
    /// Each end needs a partner in its own network: nothing links networks.
    pub(super) fn check_links(
        &self,
        opening: &Opening,
        sides: [(&[Wearing], &Stands<'a>); 2],
        out: &mut Diagnostics,
    ) {
        let [(from, at), (to, there)] = sides;
        let alone = |one: &[Wearing], other: &[Wearing]| {
            let partnerless = |it: &&Wearing| !other.iter().any(|other| same_network(it, other));
            one.iter().find(partnerless).and_then(|it| it.network)
        };
        if from.is_empty() || to.is_empty() {
            return;
        }
        let first = |stands: &Stands<'a>| self.stands(stands).first().map(|it| it.0);
        if let Some(network) = alone(from, to) {
            out.push(errors::no_link(
                self.topology,
                opening,
                [Some(network), first(there)],
            ));
        } else if let Some(network) = alone(to, from) {
            out.push(errors::no_link(
                self.topology,
                opening,
                [first(at), Some(network)],
            ));
        }
    }

    /// From every subnet of the source there must be a route to what the ends name.
    pub(super) fn check_way_out(
        &self,
        opening: &Opening,
        at: &Stands<'a>,
        ends: &[End],
        internet: bool,
        out: &mut Diagnostics,
    ) {
        let ranges = ranges(ends);
        if ranges.is_empty() && !internet {
            return;
        }
        for stand in self.stands(at) {
            let Some(plan) = self.plans.get(stand.0 as usize) else {
                continue;
            };
            let table = plan.ways.table(stand.1, stand.2);
            let reaches = |range: IpNet| {
                plan.holds(range) || table.is_some_and(|it| it.way_to(range).is_some())
            };
            let blocked = if internet {
                !reaches(everything()) && !reaches(everything6())
            } else {
                !ranges.iter().all(|it| reaches(*it))
            };
            if blocked {
                out.push(errors::no_way_out(self.topology, opening, stand));
                return;
            }
        }
    }

    /// To every subnet of the target there must be a route inwards, not one that only leads out.
    pub(super) fn check_way_in(
        &self,
        opening: &Opening,
        at: &Stands<'a>,
        ends: &[End],
        internet: bool,
        out: &mut Diagnostics,
    ) {
        let ranges = ranges(ends);
        if ranges.is_empty() && !internet {
            return;
        }
        for stand in self.stands(at) {
            let Some(plan) = self.plans.get(stand.0 as usize) else {
                continue;
            };
            let table = plan.ways.table(stand.1, stand.2);
            let inwards = |range: IpNet| {
                let hop = table.and_then(|it| it.way_to(range));
                hop.is_some_and(|it| {
                    matches!(it.via, RouteVia::InternetGateway | RouteVia::Gateway(_))
                })
            };
            let open = if internet {
                inwards(everything()) || inwards(everything6())
            } else {
                ranges.iter().all(|it| plan.holds(*it) || inwards(*it))
            };
            if !open {
                out.push(errors::no_way_in(self.topology, opening, stand));
                return;
            }
        }
    }

    /// What stands nowhere comes from the internet: the target must be public and open to it.
    pub(super) fn check_unplaced(
        &self,
        opening: &Opening,
        node: NodeId,
        there: &Stands<'a>,
        out: &mut Diagnostics,
    ) {
        let stands = self.stands(there);
        let private = stands.iter().find(|stand| {
            let plan = self.plans.get(stand.0 as usize);
            !plan
                .and_then(|it| it.ways.table(stand.1, stand.2))
                .is_some_and(|it| it.is_public())
        });
        if let Some(stand) = private {
            out.push(errors::unplaced_source(
                self.topology,
                opening,
                node,
                *stand,
            ));
        } else if !self.open_to_internet(&opening.to, opening.protocol) {
            out.push(errors::closed_to_unplaced(self.topology, opening, node));
        }
    }

    fn open_to_internet(&self, peer: &Peer, protocol: Protocol) -> bool {
        match peer {
            Peer::Node(id) => self
                .open
                .get(id)
                .into_iter()
                .flatten()
                .any(|it| covers(*it, protocol)),
            Peer::Group(_)
            | Peer::Cidrs(_)
            | Peer::PrefixList { .. }
            | Peer::LateCidr(_)
            | Peer::Internet { .. }
            | Peer::Endpoints(..) => false,
        }
    }
}
