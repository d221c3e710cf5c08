//! Networks, groups and externals: their attributes as values, and what others may read of places.

use std::rc::Rc;

use ipnet::IpNet;
use topoc_diagnostics::{Code, Span};
use topoc_ir::topology::{named_group_id, own_group_id, subnet_id, subnet_table_id};
use topoc_ir::{
    Endpoints, ExistingNetwork, Group, Late, NatMode, Network, ResourceId, Route, RouteVia, Subnet,
    Table, TableChoice, Tier, Value, Zone,
};
use topoc_syntax::ast::{self, Expr, ExprKind, Ident};
use ustr::Ustr;

use crate::errors;
use crate::index::Site;
use crate::instance::Inst;
use crate::scope::Scope;
use crate::session::{Eval, Session};
use crate::types::Ty;

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
        let zones = self
            .zone_list(&decl.body, "zones", scope)?
            .unwrap_or_else(|| default_zones(decl));
        let mut subnets = Vec::new();
        for subnet in &decl.subnets {
            subnets.push(self.subnet(subnet, &zones, scope)?);
        }
        let existing = if decl.existing {
            Some(self.existing_network(decl, scope)?)
        } else {
            None
        };
        let cidr = match self.cidr(&decl.body, "cidr", scope)? {
            Some(cidr) => cidr,
            None if decl.existing => (IpNet::V4(Default::default()), decl.name.span),
            None => {
                let report = errors::missing(
                    decl.name.span,
                    Ustr::from("cidr"),
                    &format!("network `{path}`"),
                    decl.name.span,
                );
                return Err(self.report(report.help("cidr = 10.0.0.0/16")));
            }
        };
        let network = Network {
            path,
            existing,
            cidr,
            more: self.cidr_list(&decl.body, "more", scope)?,
            ipv6: self.flag(&decl.body, "ipv6", scope)?.unwrap_or(false),
            zones,
            nat: self.nat(&decl.body, scope)?,
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
            endpoints: self.endpoint_blocks(decl, scope)?,
            defaults_closed: find(&decl.body, "defaults").map(|it| it.value.span),
            tags: self.own_tags(&decl.body.attributes, scope)?,
            docs: site.stmt.docs,
            span: decl.name.span,
            rank: owner.map_or(site.rank, |it| it.rank),
        };
        let mut topology = self.topology.borrow_mut();
        let index = topology.networks.len() as u32;
        topology.networks.push(network);
        drop(topology);
        self.networks.borrow_mut().insert(path, index);
        self.network_decls.borrow_mut().push((decl, scope.clone()));
        Ok(Value::Network(index))
    }

    fn known_attributes(&self, body: &'a ast::Body, known: &[&str], what: &str) {
        for attribute in &body.attributes {
            let name = attribute.name.name;
            if !known.contains(&name.as_str()) {
                let help = crate::builtins::nearest(&name, known.iter().copied());
                let report = errors::plain(
                    Code::E0203,
                    attribute.name.span,
                    format!("{what} has no attribute `{name}`"),
                    "given here",
                );
                self.report(report.help_opt(help.map(|it| format!("did you mean `{it}`?"))));
            }
        }
    }

    fn subnet(&self, decl: &'a ast::Subnet, zones: &[Zone], scope: &Scope<'a>) -> Eval<Subnet> {
        self.known_attributes(&decl.body, SUBNET, "a subnet");
        let tier = self.tier(decl, scope)?;
        let own = self.zone_list(&decl.body, "zones", scope)?;
        let zones_span = find(&decl.body, "zones").map(|it| it.value.span);
        if let (Some(own), Some(span)) = (&own, zones_span)
            && let Some(strange) = own.iter().find(|it| !zones.contains(it))
        {
            let names: Vec<String> = zones.iter().map(|it| it.name()).collect();
            let message = format!("zone `{}` is none of the network's", strange.name());
            let label = format!("the network has the zones {}", names.join(", "));
            self.report(errors::plain(Code::E0502, span, message, label));
        }
        Ok(Subnet {
            name: decl.name.name,
            tier,
            zones: own.unwrap_or_else(|| zones.to_vec()),
            zones_span,
            size: self.prefix_length(&decl.body, scope)?,
            from: self.cidr(&decl.body, "from", scope)?,
            cidrs: self.zone_cidrs(&decl.body, scope)?,
            table: table_choice(&decl.body),
            routes: Vec::new(),
            ipv6: self.flag(&decl.body, "ipv6", scope)?,
            ipv6_from: self
                .whole(&decl.body, "ipv6_from", scope)?
                .map(|(it, span)| (it as u16, span)),
            public_addresses: self
                .flag(&decl.body, "public_addresses", scope)?
                .unwrap_or(false),
            tags: self.own_tags(&decl.body.attributes, scope)?,
            docs: decl.docs,
            span: decl.name.span,
        })
    }

    fn tier(&self, decl: &'a ast::Subnet, scope: &Scope<'a>) -> Eval<Tier> {
        let Some(given) = find(&decl.body, "tier") else {
            let report = errors::missing(
                decl.name.span,
                Ustr::from("tier"),
                &format!("subnet `{}`", decl.name.name),
                decl.name.span,
            );
            return Err(self.report(report.help("tier = public, private or isolated")));
        };
        let members = ["public", "private", "isolated"];
        let word = match &given.value.kind {
            ExprKind::Name(word) if members.contains(&word.as_str()) => *word,
            _ => match self.eval(&given.value, scope)? {
                Value::Word(word) | Value::Text(word) => word,
                other => {
                    return Err(self.report(errors::wrong_type(
                        given.value.span,
                        "a tier",
                        &self.describe(&other),
                    )));
                }
            },
        };
        match word.as_str() {
            "public" => Ok(Tier::Public),
            "private" => Ok(Tier::Private),
            "isolated" => Ok(Tier::Isolated),
            _ => {
                let known = members.map(str::to_owned);
                Err(self.report(errors::unknown_member(given.value.span, word, &known)))
            }
        }
    }

    fn nat(&self, body: &'a ast::Body, scope: &Scope<'a>) -> Eval<Option<(NatMode, Span)>> {
        let Some(given) = find(body, "nat") else {
            return Ok(None);
        };
        let members = ["off", "single", "per_zone"];
        let word = match &given.value.kind {
            ExprKind::Name(word) if members.contains(&word.as_str()) && !given.short => *word,
            _ => match self.eval(&given.value, scope)? {
                Value::Word(word) | Value::Text(word) => word,
                other => {
                    return Err(self.report(errors::wrong_type(
                        given.value.span,
                        "off, single or per_zone",
                        &self.describe(&other),
                    )));
                }
            },
        };
        let mode = match word.as_str() {
            "off" => NatMode::Off,
            "single" => NatMode::Single,
            "per_zone" => NatMode::PerZone,
            _ => {
                return Err(self.report(errors::unknown_member(
                    given.value.span,
                    word,
                    &members.map(str::to_owned),
                )));
            }
        };
        Ok(Some((mode, given.value.span)))
    }

    fn zone_list(
        &self,
        body: &'a ast::Body,
        name: &str,
        scope: &Scope<'a>,
    ) -> Eval<Option<Vec<Zone>>> {
        let Some(given) = find(body, name) else {
            return Ok(None);
        };
        let value = self.eval_as(&given.value, &Ty::Zones, scope)?;
        let zones = value.items().iter().filter_map(|it| {
            if let Value::Zone(zone) = it {
                Some(*zone)
            } else {
                None
            }
        });
        Ok(Some(zones.collect()))
    }

    fn flag(&self, body: &'a ast::Body, name: &str, scope: &Scope<'a>) -> Eval<Option<bool>> {
        find(body, name)
            .map(|it| self.condition(&it.value, scope))
            .transpose()
    }

    fn whole(
        &self,
        body: &'a ast::Body,
        name: &str,
        scope: &Scope<'a>,
    ) -> Eval<Option<(i64, Span)>> {
        let Some(given) = find(body, name) else {
            return Ok(None);
        };
        match self.eval(&given.value, scope)? {
            Value::Int(number) => Ok(Some((number, given.value.span))),
            other => Err(self.report(errors::wrong_type(
                given.value.span,
                "a whole number",
                &self.describe(&other),
            ))),
        }
    }

    fn prefix_length(&self, body: &'a ast::Body, scope: &Scope<'a>) -> Eval<Option<(u8, Span)>> {
        let Some((size, span)) = self.whole(body, "size", scope)? else {
            return Ok(None);
        };
        if !(16..=28).contains(&size) {
            let message = format!("a subnet cannot have the size /{size}");
            return Err(self.report(errors::plain(
                Code::E0505,
                span,
                message,
                "AWS takes /16 to /28",
            )));
        }
        Ok(Some((size as u8, span)))
    }

    fn one_cidr(&self, expr: &'a Expr, scope: &Scope<'a>) -> Eval<IpNet> {
        match self.eval(expr, scope)? {
            Value::Cidr(range) => Ok(range),
            Value::Late(_) => Err(self.report(errors::late(
                expr.span,
                "addresses are allotted by the compiler",
            ))),
            other => Err(self.report(errors::wrong_type(
                expr.span,
                "an address range",
                &self.describe(&other),
            ))),
        }
    }

    fn cidr(
        &self,
        body: &'a ast::Body,
        name: &str,
        scope: &Scope<'a>,
    ) -> Eval<Option<(IpNet, Span)>> {
        let Some(given) = find(body, name) else {
            return Ok(None);
        };
        Ok(Some((
            self.one_cidr(&given.value, scope)?,
            given.value.span,
        )))
    }

    fn cidr_list(
        &self,
        body: &'a ast::Body,
        name: &str,
        scope: &Scope<'a>,
    ) -> Eval<Vec<(IpNet, Span)>> {
        let Some(given) = find(body, name) else {
            return Ok(Vec::new());
        };
        let value = self.eval(&given.value, scope)?;
        let cidrs = value.items().iter().filter_map(|it| {
            if let Value::Cidr(range) = it {
                Some(*range)
            } else {
                None
            }
        });
        Ok(cidrs.map(|it| (it, given.value.span)).collect())
    }

    fn zone_cidrs(&self, body: &'a ast::Body, scope: &Scope<'a>) -> Eval<Vec<(Zone, IpNet, Span)>> {
        let Some(given) = find(body, "cidrs") else {
            return Ok(Vec::new());
        };
        let ExprKind::Record(entries) = &given.value.kind else {
            return Err(self.report(errors::wrong_type(
                given.value.span,
                "a record like `{ a = 10.0.1.0/24 }`",
                "something else",
            )));
        };
        let mut cidrs = Vec::new();
        for entry in entries {
            let text = entry.name.name;
            let value = text.parse().map_or(Value::Text(text), Value::Int);
            if let Value::Zone(zone) = self.fit(value, &Ty::Zone, entry.name.span)? {
                cidrs.push((zone, self.one_cidr(&entry.value, scope)?, entry.value.span));
            }
        }
        Ok(cidrs)
    }

    fn existing_network(&self, decl: &'a ast::Network, scope: &Scope<'a>) -> Eval<ExistingNetwork> {
        let id = match find(&decl.body, "id") {
            Some(given) => self.eval(&given.value, scope)?,
            None => Value::None,
        };
        let mut subnet_ids = Vec::new();
        for subnet in &decl.subnets {
            subnet_ids.push(match find(&subnet.body, "ids") {
                Some(given) => self.eval(&given.value, scope)?,
                None => Value::None,
            });
        }
        Ok(ExistingNetwork { id, subnet_ids })
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

    /// Routes may go through nodes, so they are read when all nodes exist.
    pub(crate) fn routes(&self) {
        let decls: Vec<(&'a ast::Network, Scope<'a>)> = self.network_decls.borrow().clone();
        for (index, (decl, scope)) in decls.iter().enumerate() {
            let own = self.route_list(&decl.routes, scope);
            let subnets: Vec<_> = decl
                .subnets
                .iter()
                .map(|it| self.route_list(&it.routes, scope))
                .collect();
            let tables: Vec<_> = decl
                .tables
                .iter()
                .map(|it| self.route_list(&it.routes, scope))
                .collect();
            let mut topology = self.topology.borrow_mut();
            let Some(network) = topology.networks.get_mut(index) else {
                continue;
            };
            network.routes = own;
            network
                .subnets
                .iter_mut()
                .zip(subnets)
                .for_each(|(subnet, routes)| subnet.routes = routes);
            network
                .tables
                .iter_mut()
                .zip(tables)
                .for_each(|(table, routes)| table.routes = routes);
        }
    }

    fn route_list(&self, routes: &'a [ast::Route], scope: &Scope<'a>) -> Vec<Route> {
        routes
            .iter()
            .filter_map(|it| self.route(it, scope).ok())
            .collect()
    }

    fn route(&self, route: &'a ast::Route, scope: &Scope<'a>) -> Eval<Route> {
        let destination = self.one_cidr(&route.destination, scope)?;
        let via = match &route.via {
            None => RouteVia::None,
            Some(via) => self.next_hop(via, scope)?,
        };
        Ok(Route {
            destination,
            via,
            span: route.span,
        })
    }

    fn next_hop(&self, via: &'a Expr, scope: &Scope<'a>) -> Eval<RouteVia> {
        if let ExprKind::Name(word) = &via.kind {
            match word.as_str() {
                "internet_gateway" => return Ok(RouteVia::InternetGateway),
                "nat" => return Ok(RouteVia::Nat),
                "egress_only" => return Ok(RouteVia::EgressOnly),
                _ => {}
            }
        }
        let value = self.eval(via, scope)?;
        if let Value::Node(id) = value
            && let Some(Value::Resource(gateway)) =
                self.output(&self.inst(id), Ustr::from("gateway"), via.span)?
        {
            return Ok(RouteVia::Gateway(gateway));
        }
        let report = errors::wrong_type(via.span, "a gateway", &self.describe(&value));
        Err(self.report(
            report.help("internet_gateway, nat, egress_only, or a node with an output `gateway`"),
        ))
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
        let tags = self.own_tags(&decl.body.attributes, scope)?;
        let mut topology = self.topology.borrow_mut();
        let index = topology.groups.len() as u32;
        let docs = site.stmt.docs;
        topology.groups.push(Group {
            path,
            existing: id,
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

    /// `tags = { … }`
    pub(crate) fn own_tags(
        &self,
        attributes: &'a [ast::Attribute],
        scope: &Scope<'a>,
    ) -> Eval<Vec<(Ustr, Value)>> {
        let Some(given) = attributes.iter().find(|it| it.name.name.as_str() == "tags") else {
            return Ok(Vec::new());
        };
        match self.eval_as(&given.value, &Ty::Map(Rc::new(Ty::Text)), scope)? {
            Value::Map(map) => Ok(map
                .iter()
                .map(|(key, value)| (*key, value.clone()))
                .collect()),
            _ => Ok(Vec::new()),
        }
    }

    /// The zones of one subnet declaration.
    pub(crate) fn subnet_zones(&self, network: u32, subnet: u32) -> Vec<Zone> {
        self.with_subnet(network, subnet, |_, it| it.zones.clone())
            .unwrap_or_default()
    }

    fn with_subnet<T>(
        &self,
        network: u32,
        subnet: u32,
        read: impl FnOnce(&Network, &Subnet) -> T,
    ) -> Option<T> {
        let topology = self.topology.borrow();
        let network = topology.networks.get(network as usize)?;
        Some(read(network, network.subnets.get(subnet as usize)?))
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
                stated(ids.items().get(position).cloned().unwrap_or(ids))
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
        let path = ResourceId(network.path);
        Ok(match name.name.as_str() {
            "id" => Some(match &network.existing {
                Some(existing) => existing.id.clone(),
                None => Value::Late(Late::Output(path, Ustr::from("id"))),
            }),
            "cidr" => Some(Value::Cidr(network.cidr.0)),
            "ipv6_cidr" => Some(Value::Late(Late::Output(path, Ustr::from("ipv6_cidr")))),
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
            Value::Resource(id) => Value::Late(Late::Output(id, Ustr::from("id"))),
            Value::Record(record) => record
                .get(&Ustr::from("id"))
                .cloned()
                .unwrap_or(Value::None),
            other => other,
        };
        let block = |zone: Zone| Value::Late(Late::Block(network, subnet, zone.slot));
        let all =
            |read: &dyn Fn(Zone) -> Value| Value::list(zones.iter().map(|it| read(*it)).collect());
        Some(match (word, zone) {
            ("tier", _) => Value::Word(Ustr::from(match tier {
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
            ("tables", None) => all(&|zone| {
                self.table_of(network, subnet, zone)
                    .unwrap_or(Value::None)
            }),
            _ => return None,
        })
    }

    /// The id of the table of one subnet; of existing ones it is not known.
    fn table_of(&self, network: u32, subnet: u32, zone: Zone) -> Option<Value> {
        let id = self.with_subnet(network, subnet, |network, it| {
            let own = network.existing.is_none();
            own.then(|| subnet_table_id(network.path, it.name, zone))
        })??;
        Some(Value::Late(Late::Output(id, Ustr::from("id"))))
    }

    /// What `placed` gives: group, subnets, zones, place, network, wears.
    pub(crate) fn placed_field(&self, inst: &Rc<Inst<'a>>, name: Ustr) -> Eval<Option<Value>> {
        let Some(part) = inst.node().filter(|it| it.kind.is("placed")) else {
            return Ok(None);
        };
        let placement = part.placement.borrow().clone();
        let word = name.as_str();
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
    fn place_value(&self, network: u32, subnets: &[(u32, Zone)]) -> Value {
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
    fn wears(&self, inst: &Rc<Inst<'a>>, network: u32) -> Value {
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
fn stated(id: Value) -> Value {
    Value::record([(Ustr::from("id"), id)])
}

fn find<'b>(body: &'b ast::Body, name: &str) -> Option<&'b ast::Attribute> {
    body.attributes
        .iter()
        .find(|it| it.name.name.as_str() == name)
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

/// `main.app` or `app`: the last name.
fn subnet_name(expr: &Expr) -> Option<(Ustr, Span)> {
    match &expr.kind {
        ExprKind::Name(name) => Some((*name, expr.span)),
        ExprKind::Field(_, name) => Some((name.name, name.span)),
        _ => None,
    }
}

fn service_words(expr: &Expr) -> Vec<(Ustr, Span)> {
    let word = |expr: &Expr| match &expr.kind {
        ExprKind::Name(name) => Some((*name, expr.span)),
        _ => crate::lookup::plain_text(expr).map(|text| (text, expr.span)),
    };
    match &expr.kind {
        ExprKind::List(items) => items.iter().filter_map(word).collect(),
        _ => word(expr).into_iter().collect(),
    }
}

fn table_choice(body: &ast::Body) -> TableChoice {
    match find(body, "table").map(|it| (&it.value.kind, it.value.span)) {
        None => TableChoice::Tier,
        Some((ExprKind::Name(word), span)) => match word.as_str() {
            "own" => TableChoice::Own,
            "per_zone" => TableChoice::PerZone,
            _ => TableChoice::Named(*word, span),
        },
        Some((ExprKind::Field(_, name), span)) => TableChoice::Named(name.name, span),
        Some(_) => TableChoice::Tier,
    }
}
