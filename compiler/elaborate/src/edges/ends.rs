//! The ends of edges: what an expression left or right of an arrow stands for.

use std::rc::Rc;

use ipnet::IpNet;
use topoc_diagnostics::{Code, Span};
use topoc_ir::{NodeId, Peer, Value};
use topoc_syntax::ast::{self, Expr, ExprKind};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::Scope;
use crate::instance::Inst;
use crate::session::{Eval, Session};

/// One end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    Node(NodeId),
    Group(u32),
    External(u32),
    Endpoints(u32, Ustr),
    Cidr(IpNet),
    LateCidr(Value),
    Internet { v4: bool, v6: bool },
}

impl<'a> Session<'a> {
    /// Every end that the list names; absent ones give none.
    pub(crate) fn ends(&self, exprs: &'a [ast::End], scope: &Scope<'a>) -> Eval<Vec<(End, Span)>> {
        let mut ends = Vec::new();
        for expr in exprs {
            for end in self.end(expr, scope)? {
                self.check_members(&end, expr.span);
                ends.push((end, expr.span));
            }
        }
        Ok(ends)
    }

    /// Warns of a group that nothing is a member of; whom an existing group has, nobody here knows.
    fn check_members(&self, end: &End, span: Span) {
        let End::Group(index) = end else { return };
        let topology = self.topology.borrow();
        let group = topology.groups.get(*index as usize);
        let Some(group) = group.filter(|it| it.existing.is_none()) else {
            return;
        };
        let (path, declared) = (group.path, group.span);
        drop(topology);
        if self.members_of(*index).is_empty() {
            self.report(errors::group_without_members(path, declared, span));
        }
    }

    fn end(&self, expr: &'a Expr, scope: &Scope<'a>) -> Eval<Vec<End>> {
        if let ExprKind::Field(of, name) = &expr.kind
            && matches!(of.kind, ExprKind::Internet)
        {
            let v4 = name.name.as_str() == "v4";
            return Ok(vec![End::Internet { v4, v6: !v4 }]);
        }
        let value = self.eval(expr, scope)?;
        let mut ends = Vec::new();
        self.end_values(&value, expr.span, &mut ends)?;
        Ok(ends)
    }

    fn end_values(&self, value: &Value, span: Span, ends: &mut Vec<End>) -> Eval<()> {
        match value {
            Value::None => {}
            Value::Node(id) => ends.push(End::Node(*id)),
            Value::Group(index) => ends.push(End::Group(*index)),
            Value::External(index) => ends.push(End::External(*index)),
            Value::Endpoints(network, name) => ends.push(End::Endpoints(*network, *name)),
            Value::Internet => ends.push(End::Internet { v4: true, v6: true }),
            Value::Cidr(range) => ends.push(End::Cidr(*range)),
            Value::Late(_) => ends.push(End::LateCidr(value.clone())),
            Value::Map(family) => family
                .values()
                .try_for_each(|it| self.end_values(it, span, ends))?,
            Value::List(items) => items
                .iter()
                .try_for_each(|it| self.end_values(it, span, ends))?,
            Value::Network(network) => ends.extend(self.nodes_in(*network, None)),
            Value::Subnet(network, subnet, _) => {
                ends.extend(self.nodes_in(*network, Some(*subnet)))
            }
            Value::Word(word, _) => return Err(self.report(self.unknown_end(*word, span))),
            other => {
                let message = format!("{} cannot be the end of an edge", self.describe(other));
                return Err(self.report(errors::plain(Code::E0509, span, message, "named here")));
            }
        }
        Ok(())
    }

    fn unknown_end(&self, word: Ustr, span: Span) -> topoc_diagnostics::Diagnostic {
        let nearest =
            topoc_diagnostics::nearest(&word, self.index.user.values.keys().map(|it| it.as_str()));
        errors::unknown_name(span, word).help_opt(nearest.map(|it| format!("did you mean `{it}`?")))
    }

    /// The nodes placed in a network or a subnet; parts belong to their owners.
    fn nodes_in(&self, network: u32, subnet: Option<u32>) -> Vec<End> {
        let nodes = self.nodes.borrow();
        let here = |inst: &Rc<Inst<'a>>| {
            let part = inst.node()?;
            let placement = part.placement.borrow();
            let placement = placement.as_ref()?;
            let hit = placement.network == network
                && subnet
                    .is_none_or(|wanted| placement.subnets.iter().any(|(it, _)| *it == wanted));
            (hit && part.owner.is_none()).then_some(End::Node(part.id))
        };
        nodes.iter().filter_map(here).collect()
    }

    /// How an end is called.
    pub(crate) fn end_text(&self, end: &End) -> String {
        match end {
            End::Node(id) => self.node_path(*id).to_string(),
            End::Group(index) => self
                .topology
                .borrow()
                .groups
                .get(*index as usize)
                .map(|it| it.path.to_string())
                .unwrap_or_default(),
            End::External(index) => self
                .externals
                .borrow()
                .get(*index as usize)
                .map(|it| it.path.to_string())
                .unwrap_or_default(),
            End::Endpoints(network, name) => {
                let topology = self.topology.borrow();
                topology
                    .networks
                    .get(*network as usize)
                    .map(|it| format!("{}.{name}", it.path))
                    .unwrap_or_default()
            }
            End::Cidr(range) => range.to_string(),
            End::LateCidr(_) => "range".into(),
            End::Internet { v4: true, v6: true } => "internet".into(),
            End::Internet { v4, .. } => {
                if *v4 {
                    "internet.v4".into()
                } else {
                    "internet.v6".into()
                }
            }
        }
    }

    /// The end as rules see it.
    pub(crate) fn peer(&self, end: &End, span: Span) -> Eval<Peer> {
        Ok(match end {
            End::Node(id) => self.node_peer(*id, span)?,
            End::Group(index) => Peer::Group(*index),
            End::External(index) => Peer::Cidrs(
                self.externals
                    .borrow()
                    .get(*index as usize)
                    .map(|it| it.cidrs.clone())
                    .unwrap_or_default(),
            ),
            End::Endpoints(network, name) => Peer::Endpoints(*network, *name),
            End::Cidr(range) => Peer::Cidrs(vec![*range]),
            End::LateCidr(value) => Peer::LateCidr(value.clone()),
            End::Internet { v4, v6 } => Peer::Internet { v4: *v4, v6: *v6 },
        })
    }

    /// A node, or the addresses of one that has no group but addresses.
    fn node_peer(&self, id: NodeId, span: Span) -> Eval<Peer> {
        let inst = self.inst(id);
        let Some(part) = inst.node() else {
            return Ok(Peer::Node(id));
        };
        part.named.set(true);
        if let Some(acting) = self.acting(&inst).and_then(|it| {
            it.node()
                .filter(|it| it.placement.borrow().is_some())
                .map(|it| it.id)
        }) {
            return self.node_peer(acting, span);
        }
        let addressed = part.kind.outputs.contains_key(&ustr::name!("addresses"));
        if part.placement.borrow().is_some() || !addressed {
            return Ok(Peer::Node(id));
        }
        let addresses = self
            .output(&inst, ustr::name!("addresses"), span)?
            .unwrap_or(Value::None);
        let ranges: Option<Vec<IpNet>> = addresses
            .items()
            .iter()
            .map(|it| {
                if let Value::Cidr(range) = it {
                    Some(*range)
                } else {
                    None
                }
            })
            .collect();
        if let (Value::List(_), Some(ranges)) = (&addresses, ranges) {
            return Ok(Peer::Cidrs(ranges));
        }
        let weight = match self.output(&inst, ustr::name!("weight"), span)? {
            Some(Value::Int(weight)) => weight.clamp(1, 1000) as u32,
            _ => 1,
        };
        Ok(Peer::PrefixList {
            node: Some(id),
            id: addresses,
            weight,
        })
    }

    /// The members of a group.
    pub(crate) fn members_of(&self, group: u32) -> Vec<NodeId> {
        let nodes = self.nodes.borrow();
        let member = |inst: &Rc<Inst<'a>>| {
            inst.node()
                .filter(|it| it.groups.borrow().contains(&group))
                .map(|it| it.id)
        };
        nodes.iter().filter_map(member).collect()
    }

    /// The nearest placed node from this one upwards: rules will name its group.
    pub(crate) fn placed_owner(&self, id: NodeId) -> Option<NodeId> {
        let inst = self.inst(id);
        let part = inst.node()?;
        if part.placement.borrow().is_some() {
            part.named.set(true);
            return Some(id);
        }
        self.placed_owner(part.owner?)
    }
}
