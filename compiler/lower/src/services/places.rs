//! Where endpoints stand: the tables of gateways, the subnets of interfaces.

use rustc_hash::FxHashSet as HashSet;

use topoc_diagnostics::Diagnostics;
use topoc_ir::{Endpoints, Network, Subnet, Topology, Zone};

use super::Offer;
use crate::errors;
use crate::groups::{Stand, stands_of};
use crate::plan::Plan;

/// What the places of a network's endpoints depend on.
pub struct Places<'a> {
    /// The network.
    pub network: &'a Network,
    /// The program.
    pub topology: &'a Topology,
    /// Its tables.
    pub plan: Option<&'a Plan>,
    /// Where those stand that edges to a block come from: index of the block, place.
    pub callers: &'a [(usize, Stand)],
}

impl Places<'_> {
    /// Decides for every endpoint; each block is reported once.
    pub fn settle(&self, offers: &mut [Offer], out: &mut Diagnostics) {
        let mut reported = HashSet::default();
        for index in 0..offers.len() {
            let Some(offer) = offers.get(index) else {
                continue;
            };
            let Some(block) = self.network.endpoints.get(offer.block) else {
                continue;
            };
            if offer.gateway {
                let tables = self.tables(block, offer);
                if let Some(offer) = offers.get_mut(index) {
                    offer.tables = tables;
                }
                continue;
            }
            match self.subnets(block, offer, offers) {
                Ok(subnets) => {
                    if let Some(offer) = offers.get_mut(index) {
                        offer.subnets = self.interfaces(&subnets);
                    }
                }
                Err(places) if reported.insert(offer.block) => {
                    let causes = &offer.causes;
                    out.push(errors::where_do_endpoints_stand(
                        self.network,
                        block,
                        &places,
                        causes,
                    ));
                }
                Err(_) => {}
            }
        }
    }

    /// Of the subnets that `in` names; else of the clients' subnets; without clients all.
    fn tables(&self, block: &Endpoints, offer: &Offer) -> Vec<topoc_ir::ResourceId> {
        let subnets: HashSet<u32> = if !block.subnets.is_empty() {
            block.subnets.iter().copied().collect()
        } else if offer.clients.is_empty() {
            (0..self.network.subnets.len() as u32).collect()
        } else {
            self.stands(offer).map(|it| it.1).collect()
        };
        let Some(ways) = self.plan.map(|it| &it.ways) else {
            return Vec::new();
        };
        let ids = subnets.iter().flat_map(|subnet| {
            let zones = self.zones(*subnet).iter();
            zones.filter_map(|zone| ways.table(*subnet, *zone))
        });
        let ids: HashSet<_> = ids.map(|it| it.id).collect();
        let tables = ways.tables.iter().map(|it| it.id);
        tables.filter(|it| ids.contains(it)).collect()
    }

    /// The subnets that `in` names; else the one subnet in which its clients sit, or without clients those of the
    /// block. `Err`: where they sit instead.
    fn subnets(
        &self,
        block: &Endpoints,
        offer: &Offer,
        offers: &[Offer],
    ) -> Result<Vec<u32>, Vec<&Subnet>> {
        if !block.subnets.is_empty() {
            return Ok(block.subnets.clone());
        }
        let mut subnets = self.narrowed(self.stands(offer));
        if subnets.is_empty() {
            let same = offers
                .iter()
                .filter(|it| it.block == offer.block && !it.gateway);
            let callers = self.callers.iter().filter(|it| it.0 == offer.block);
            let stands = same.flat_map(|it| self.stands(it));
            subnets = self.narrowed(stands.chain(callers.map(|it| it.1)));
        }
        if subnets.len() == 1 {
            return Ok(subnets);
        }
        let places = subnets.iter();
        Err(places
            .filter_map(|it| self.network.subnets.get(*it as usize))
            .collect())
    }

    /// Only those without another way, if there are any.
    fn narrowed(&self, stands: impl Iterator<Item = Stand>) -> Vec<u32> {
        let mut all: Vec<(u32, bool)> = stands
            .map(|(_, subnet, zone)| {
                let table = self.plan.and_then(|it| it.ways.table(subnet, zone));
                (subnet, table.is_some_and(|it| it.way_out().is_some()))
            })
            .collect();
        all.sort_unstable();
        all.dedup();
        if all.iter().any(|it| !it.1) {
            all.retain(|it| !it.1);
        }
        let mut subnets: Vec<u32> = all.into_iter().map(|it| it.0).collect();
        subnets.dedup();
        subnets
    }

    /// At most one subnet a zone.
    fn interfaces(&self, subnets: &[u32]) -> Vec<(u32, Zone)> {
        let mut interfaces: Vec<(u32, Zone)> = Vec::new();
        for subnet in subnets {
            for zone in self.zones(*subnet) {
                if !interfaces.iter().any(|it| it.1 == *zone) {
                    interfaces.push((*subnet, *zone));
                }
            }
        }
        interfaces
    }

    fn stands(&self, offer: &Offer) -> impl Iterator<Item = Stand> {
        let nodes = offer
            .clients
            .iter()
            .filter_map(|it| self.topology.node(*it));
        nodes.flat_map(stands_of)
    }

    fn zones(&self, subnet: u32) -> &[Zone] {
        let subnet = self.network.subnets.get(subnet as usize);
        subnet.map_or(&[], |it| &it.zones)
    }
}
