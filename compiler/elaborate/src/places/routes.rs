//! Routes, once all nodes exist.

use crate::errors;
use crate::eval::scope::Scope;
use crate::session::{Eval, Session};
use ipnet::IpNet;
use topoc_diagnostics::Span;
use topoc_ir::{Route, RouteVia, Value};
use topoc_syntax::ast::{self, Expr, ExprKind};

impl<'a> Session<'a> {
    /// Routes may go through nodes, so they are read when all nodes exist.
    pub(crate) fn routes(&self) {
        let decls: Vec<(&'a ast::Network, Scope<'a>)> = self.network_decls.borrow().clone();
        for (index, (decl, scope)) in decls.iter().enumerate() {
            let routes = |all: &'a [ast::Route]| self.route_list(all, index as u32, scope);
            let own = routes(&decl.routes);
            let subnets: Vec<_> = decl.subnets.iter().map(|it| routes(&it.routes)).collect();
            let tables: Vec<_> = decl.tables.iter().map(|it| routes(&it.routes)).collect();
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

    fn route_list(&self, routes: &'a [ast::Route], network: u32, scope: &Scope<'a>) -> Vec<Route> {
        let mut found = Vec::new();
        for route in routes {
            match self.route(route, scope) {
                Ok(routes) => found.extend(routes),
                Err(_) => self.lose_network(network),
            }
        }
        found
    }

    /// `route RANGE via …`, or one route for each range of a list.
    fn route(&self, route: &'a ast::Route, scope: &Scope<'a>) -> Eval<Vec<Route>> {
        let via = match &route.via {
            None => RouteVia::None,
            Some(via) => self.next_hop(via, scope)?,
        };
        let destinations = match self.eval(&route.destination, scope)? {
            Value::List(items) => self.range_list(&items, route.destination.span)?,
            _ => vec![self.one_cidr(&route.destination, scope)?],
        };
        let one = |destination| Route {
            destination,
            via: via.clone(),
            span: route.span,
        };
        Ok(destinations.into_iter().map(one).collect())
    }

    fn range_list(&self, items: &[Value], span: Span) -> Eval<Vec<IpNet>> {
        let range = |item: &Value| match item {
            Value::Cidr(range) => Ok(*range),
            other => {
                let found = self.describe(other);
                Err(self.report(errors::wrong_type(span, "a list of address ranges", &found)))
            }
        };
        items.iter().map(range).collect()
    }

    pub(crate) fn next_hop(&self, via: &'a Expr, scope: &Scope<'a>) -> Eval<RouteVia> {
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
                self.output(&self.inst(id), ustr::name!("gateway"), via.span)?
        {
            return Ok(RouteVia::Gateway(gateway));
        }
        let report = errors::wrong_type(via.span, "a gateway", &self.describe(&value));
        Err(self.report(
            report.help("internet_gateway, nat, egress_only, or a node with an output `gateway`"),
        ))
    }
}
