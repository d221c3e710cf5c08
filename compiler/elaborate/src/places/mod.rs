//! Networks, groups and externals: their attributes as values, and what others may read of places.

mod attributes;
mod demand;
mod logs;
mod routes;
mod values;

use crate::places::attributes::find;
use crate::places::attributes::service_words;
use crate::places::attributes::subnet_name;
use crate::places::attributes::table_choice;
use std::rc::Rc;

use ipnet::IpNet;
use topoc_diagnostics::{Code, Span};
use topoc_ir::{Endpoints, ExistingNetwork, Group, Network, Subnet, Table, Tier, Value, Zone};
use topoc_syntax::ast::{self};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::Scope;
use crate::index::Site;
use crate::instance::Inst;
use crate::session::{Eval, Session};

/// What is outside and declared: its ranges and what it listens to.
pub(crate) struct ExternalPlace {
    pub(crate) path: Ustr,
    pub(crate) cidrs: Vec<IpNet>,
}

const NETWORK: &[&str] = &[
    "cidr",
    "more",
    "ipv6",
    "zones",
    "nat",
    "nat_in",
    "flow_logs",
    "defaults",
    "tags",
    "id",
    "acl",
];
const SUBNET: &[&str] = &[
    "tier",
    "zones",
    "size",
    "from",
    "cidrs",
    "table",
    "acl",
    "ipv6",
    "ipv6_from",
    "public_addresses",
    "tags",
    "ids",
    "nat64",
];

impl<'a> Session<'a> {
    /// A network, once for each path.
    pub(crate) fn network(
        &self,
        decl: &'a ast::Network,
        site: &Site<'a>,
        path: Ustr,
        scope: &Scope<'a>,
        owner: Option<&Rc<Inst<'a>>>,
    ) -> Eval {
        if let Some(index) = self.networks.borrow().get(&path) {
            return Ok(Value::Network(*index));
        }
        self.known_attributes(&decl.body, NETWORK, "a network");
        // by (one cause), what of it cannot be known is not asked for again
        let mut sure = !self.is_touched(site.stmt.span);
        let zones = sound(self.zone_list(&decl.body, "zones", scope), &mut sure)
            .unwrap_or_else(|| default_zones(decl));
        let written = find(&decl.body, "zones").map_or(decl.name.span, |it| it.value.span);
        self.check_zone_letters(&zones, written);
        let mut subnets = Vec::new();
        for subnet in &decl.subnets {
            subnets.push(self.subnet(subnet, &zones, scope, &mut sure));
        }
        let existing = if decl.existing {
            Some(self.existing_network(decl, scope, &mut sure))
        } else {
            None
        };
        let cidr = sound(self.own_cidr(decl, site.stmt.span, path, scope), &mut sure);
        let cidr = cidr.unwrap_or((IpNet::V4(Default::default()), decl.name.span));
        let network = Network {
            path,
            existing,
            cidr,
            more: sound(self.cidr_list(&decl.body, "more", scope), &mut sure),
            ipv6: sound(self.flag(&decl.body, "ipv6", scope), &mut sure).unwrap_or(false),
            zones,
            nat: sound(self.nat(&decl.body, scope), &mut sure),
            nat_in: find(&decl.body, "nat_in").and_then(|it| subnet_name(&it.value)),
            routes: Vec::new(),
            subnets,
            tables: decl
                .tables
                .iter()
                .map(|it| Table {
                    name: it.name.name,
                    routes: Vec::new(),
                    span: it.span,
                })
                .collect(),
            endpoints: sound(self.endpoint_blocks(decl, scope), &mut sure),
            defaults_closed: find(&decl.body, "defaults").map(|it| it.value.span),
            tags: sound(self.own_tags(&decl.body.attributes, scope), &mut sure),
            docs: site.stmt.docs,
            span: decl.name.span,
            rank: owner.map_or(site.rank, |it| it.rank),
        };
        let mut topology = self.topology.borrow_mut();
        let index = topology.networks.len() as u32;
        topology.networks.push(network);
        drop(topology);
        if !sure {
            self.lose_network(index);
        }
        self.networks.borrow_mut().insert(path, index);
        self.network_decls.borrow_mut().push((decl, scope.clone()));
        // a mistake in it is reported; the network goes on
        let _ = self.flow_logs(decl, site, (path, index), scope, owner);
        Ok(Value::Network(index))
    }

    fn own_cidr(
        &self,
        decl: &'a ast::Network,
        whole: Span,
        path: Ustr,
        scope: &Scope<'a>,
    ) -> Eval<Option<(IpNet, Span)>> {
        let given = self.cidr(&decl.body, "cidr", scope)?;
        if given.is_some() || decl.existing || self.is_touched(whole) {
            return Ok(given);
        }
        let owner = format!("network `{path}`");
        let report = errors::missing(decl.name.span, ustr::name!("cidr"), &owner);
        Err(self.report(report.help("cidr = 10.0.0.0/16")))
    }

    fn subnet(
        &self,
        decl: &'a ast::Subnet,
        zones: &[Zone],
        scope: &Scope<'a>,
        sure: &mut bool,
    ) -> Subnet {
        self.known_attributes(&decl.body, SUBNET, "a subnet");
        let tier = self.tier(decl, scope);
        *sure &= tier.is_ok();
        let own = sound(self.zone_list(&decl.body, "zones", scope), sure);
        let zones_span = find(&decl.body, "zones").map(|it| it.value.span);
        if let (Some(own), Some(span)) = (&own, zones_span)
            && let Some(strange) = own.iter().find(|it| !zones.contains(it))
            && *sure
        {
            let names: Vec<String> = zones.iter().map(|it| it.name()).collect();
            let message = format!("zone `{}` is none of the network's", strange.name());
            let label = format!("the network has the zones {}", names.join(", "));
            self.report(errors::plain(Code::E0502, span, message, label));
            *sure = false;
        }
        let from = self.whole(&decl.body, "ipv6_from", scope);
        Subnet {
            name: decl.name.name,
            tier: tier.unwrap_or(Tier::Private),
            zones: own.unwrap_or_else(|| zones.to_vec()),
            zones_span,
            size: sound(self.prefix_length(&decl.body, scope), sure),
            from: sound(self.cidr(&decl.body, "from", scope), sure),
            cidrs: sound(self.zone_cidrs(&decl.body, scope), sure),
            table: table_choice(&decl.body),
            routes: Vec::new(),
            ipv6: sound(self.flag(&decl.body, "ipv6", scope), sure),
            ipv6_from: sound(from, sure).map(|(it, span)| (it as u16, span)),
            public_addresses: sound(self.flag(&decl.body, "public_addresses", scope), sure)
                .unwrap_or(false),
            tags: sound(self.own_tags(&decl.body.attributes, scope), sure),
            docs: decl.docs,
            span: decl.name.span,
        }
    }

    fn existing_network(
        &self,
        decl: &'a ast::Network,
        scope: &Scope<'a>,
        sure: &mut bool,
    ) -> ExistingNetwork {
        let mut stated = |body: &'a ast::Body, name: &str| match find(body, name) {
            Some(given) => sound(self.eval(&given.value, scope).map(Some), sure),
            None => None,
        };
        let id = stated(&decl.body, "id").unwrap_or(Value::None);
        let ids = decl.subnets.iter().map(|it| stated(&it.body, "ids"));
        let subnet_ids = ids.map(|it| it.unwrap_or(Value::None)).collect();
        ExistingNetwork { id, subnet_ids }
    }

    fn endpoint_blocks(&self, decl: &'a ast::Network, scope: &Scope<'a>) -> Eval<Vec<Endpoints>> {
        let mut blocks = Vec::new();
        for block in &decl.endpoints {
            self.known_attributes(
                &block.body,
                &["services", "policy", "private_dns"],
                "a block of endpoints",
            );
            let mut subnets = Vec::new();
            for place in &block.places {
                let name = subnet_name(place);
                let position = name
                    .and_then(|(name, _)| decl.subnets.iter().position(|it| it.name.name == name));
                match position {
                    Some(position) => subnets.push(position as u32),
                    None => {
                        let message = "endpoints stand in subnets of their own network";
                        self.report(errors::plain(
                            Code::E0501,
                            place.span,
                            message,
                            "this is none of them",
                        ));
                    }
                }
            }
            let services = find(&block.body, "services").map(|it| service_words(&it.value));
            let policy = match find(&block.body, "policy") {
                Some(given) => Some(crate::fit::document(self.eval(&given.value, scope)?)),
                None => None,
            };
            let private_dns = self
                .flag(&block.body, "private_dns", scope)?
                .unwrap_or(true);
            blocks.push(Endpoints {
                name: block.name.name,
                subnets,
                services,
                policy,
                private_dns,
                span: block.span,
            });
        }
        Ok(blocks)
    }

    /// A named group.
    pub(crate) fn group(
        &self,
        decl: &'a ast::NodeDecl,
        existing: bool,
        site: &Site<'a>,
        path: Ustr,
        scope: &Scope<'a>,
    ) -> Eval {
        let id = match find(&decl.body, "id").filter(|_| existing) {
            Some(given) => Some(self.eval(&given.value, scope)?),
            None => None,
        };
        let rules = match find(&decl.body, "rules").filter(|_| existing) {
            Some(given) => Some(self.eval(&given.value, scope)?),
            None => None,
        };
        let tags = self.own_tags(&decl.body.attributes, scope)?;
        let mut topology = self.topology.borrow_mut();
        let index = topology.groups.len() as u32;
        let docs = site.stmt.docs;
        topology.groups.push(Group {
            path,
            existing: id,
            assumed: rules == Some(Value::word(Ustr::from("assume"))),
            docs,
            tags,
            span: decl.name.span,
            rank: site.rank,
        });
        Ok(Value::Group(index))
    }

    /// What is outside.
    pub(crate) fn external(
        &self,
        decl: &'a ast::NodeDecl,
        site: &Site<'a>,
        path: Ustr,
        scope: &Scope<'a>,
    ) -> Eval {
        let _ = site;
        let cidrs = self
            .cidr_list(&decl.body, "cidrs", scope)?
            .into_iter()
            .map(|(it, _)| it)
            .collect();
        let mut externals = self.externals.borrow_mut();
        let index = externals.len() as u32;
        externals.push(ExternalPlace { path, cidrs });
        Ok(Value::External(index))
    }
}

/// A value, or what stands for it; then nobody is sure of the whole.
fn sound<T: Default>(value: Eval<T>, sure: &mut bool) -> T {
    *sure &= value.is_ok();
    value.unwrap_or_default()
}

fn default_zones(decl: &ast::Network) -> Vec<Zone> {
    let count = if decl.existing { 2 } else { 3 };
    (0..count)
        .map(|slot| Zone {
            slot,
            letter: false,
        })
        .collect()
}
