//! The beginning and the end: the topology's own facts, and the graph made of all instances.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use topoc_diagnostics::{Code, Diagnostic, Span, nearest};
use topoc_ir::topology::attachment_id;
use topoc_ir::{Asset, Input, InputFact, Meaning, Node, NodeId, Resource, ResourceId, Value};
use topoc_syntax::ast::{self, Fact, StmtKind};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::Scope;
use crate::fill::After;
use crate::instance::Inst;
use crate::session::{Elaborated, Session};
use crate::types::Ty;

/// How many resources a report names.
const LISTED: usize = 8;

impl<'a> Session<'a> {
    pub(crate) fn environments(&self) -> Vec<&'a ast::Env> {
        self.file_items(0)
            .iter()
            .filter_map(|stmt| {
                if let StmtKind::Env(decl) = &stmt.kind {
                    Some(decl)
                } else {
                    None
                }
            })
            .collect()
    }

    /// Everything as plain values.
    pub(crate) fn finish(&self) -> Elaborated {
        let nodes = self.nodes.borrow();
        let composite = composites(&nodes);
        let plain = nodes
            .iter()
            .filter_map(|it| self.plain_node(it, &composite));
        let mut plain: Vec<Node> = plain.collect();
        self.count_interfaces(&nodes, &mut plain);
        drop(nodes);
        self.topology.borrow_mut().nodes = plain;
        let mut made = std::mem::take(&mut *self.made.borrow_mut());
        self.adjust(&mut made);
        self.name_clashes(&made);
        self.resolve_afters(&mut made);
        let inputs = self.inputs();
        self.settle_numbers();
        let mut topology = self.topology.borrow_mut();
        topology.assets = self.assets(&made);
        topology.resources = made;
        topology.lookups = self.lookups.borrow().values().cloned().collect();
        topology.inputs = inputs;
        if self.doubts_header() {
            topology.region = Ustr::default();
        }
        drop(topology);
        self.meanings();
        Elaborated {
            doubted: self.losses.networks(),
            topology: self.topology.take(),
            lock: self.lock.take(),
        }
    }

    /// The packages that resources use, by key.
    fn assets(&self, made: &[Resource]) -> Vec<Arc<Asset>> {
        if self.packed.borrow().is_empty() {
            return Vec::new();
        }
        let mut found = BTreeMap::new();
        let fields = made.iter().flat_map(|it| it.fields.iter().chain(&it.extra));
        fields.for_each(|(_, value)| collect_assets(value, &mut found));
        found.into_values().collect()
    }

    fn plain_node(&self, inst: &Rc<Inst<'a>>, composite: &HashSet<NodeId>) -> Option<Node> {
        let part = inst.node()?;
        Some(Node {
            path: inst.path,
            kind: part.kind.name,
            owner: part.owner,
            placement: part.placement.borrow().clone(),
            groups: part.groups.borrow().clone(),
            own_group: self.wears_own_group(inst, composite),
            relay: part.kind.is("relay"),
            principal: part.kind.is("principal"),
            interfaces: 0,
            smallest_subnet: None,
            docs: inst.docs,
            tags: self.tags_of(inst).unwrap_or_default(),
            span: inst.span,
            rank: inst.rank,
        })
    }

    /// A group of its own is of no use to a node that leaves standing to its parts and gives it to no interface; neither is
    /// an edge to that node.
    fn wears_own_group(&self, inst: &Rc<Inst<'a>>, composite: &HashSet<NodeId>) -> bool {
        let Some(part) = inst.node().filter(|_| self.has_own_group(inst)) else {
            return false;
        };
        let worn = part.worn.get() || part.existing || !composite.contains(&part.id);
        if !worn && part.named.get() && !self.is_unmade(inst) {
            self.report(errors::without_interfaces(
                inst.path,
                part.kind.name,
                inst.span,
            ));
        }
        worn
    }

    /// `adjust db.main { … }`
    fn adjust(&self, made: &mut Vec<Resource>) {
        for file in self.user_files() {
            for stmt in self.file_items(file) {
                let StmtKind::Adjust(decl) = &stmt.kind else {
                    continue;
                };
                let path = self.former(reference_text(&decl.target));
                if self.refuses(stmt) {
                    // nobody knows what it makes of it
                    made.retain(|it| it.id.0 != path);
                    continue;
                }
                let Some(at) = made.iter().position(|it| it.id.0 == path) else {
                    if !self.may_be_made(path) {
                        self.report(nothing_to_adjust(path, decl.target.span, made));
                    }
                    continue;
                };
                let Some(resource) = made.get_mut(at) else {
                    continue;
                };
                let Some(info) = self.index.type_by_id(resource.ty).cloned() else {
                    continue;
                };
                for attribute in &decl.body.attributes {
                    let name = attribute.name.name;
                    let Some(field) = info.fields().get(&name) else {
                        let message = format!("`{path}` has no field `{name}`");
                        let at = attribute.name.span;
                        let report = errors::plain(Code::E0203, at, message, "adjusted here");
                        let near = nearest(&name, info.fields().keys().map(|it| it.as_str()));
                        let near = near.map(|it| format!("did you mean `{it}`?"));
                        self.report(report.help_opt(near));
                        continue;
                    };
                    let ty = self.ty(&field.field.ty, info.file);
                    resource.fields.retain(|(it, _)| *it != name);
                    if let Ok(value) = self.eval_as(&attribute.value, &ty, &Scope::file(file)) {
                        resource.fields.push((name, value));
                        resource.origin.others.push(stmt.span);
                    }
                }
            }
        }
    }

    /// Whether there may be a resource of this id although none was made: earlier mistakes are in the way.
    fn may_be_made(&self, path: Ustr) -> bool {
        if !self.in_doubt() {
            return false;
        }
        let owner = self.owners(ResourceId(path)).first().copied();
        owner.is_none_or(|it| self.is_unmade(&self.inst(NodeId(it))))
    }

    /// The id of what a reference names: what has moved, or stands in what has moved, keeps its old one.
    fn former(&self, path: Ustr) -> Ustr {
        let moved = self.moved.borrow();
        let inside = |new: &Ustr| {
            let rest = path.strip_prefix(new.as_str())?;
            (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
        };
        let found = moved
            .iter()
            .filter_map(|(new, old)| Some((old, inside(new)?)));
        let nearest = found.min_by_key(|it| it.1.len());
        nearest.map_or(path, |(old, rest)| Ustr::from(&format!("{old}{rest}")))
    }

    /// Nodes stand for their resources, places for what makes them reachable.
    fn resolve_afters(&self, made: &mut [Resource]) {
        let afters = self.afters.borrow();
        let wanted: HashSet<u32> = afters
            .values()
            .flatten()
            .filter_map(|it| {
                if let After::Node(id) = it {
                    Some(id.0)
                } else {
                    None
                }
            })
            .collect();
        let mut of_node: HashMap<u32, Vec<ResourceId>> = HashMap::default();
        if !wanted.is_empty() {
            for resource in made.iter() {
                for node in self.owners(resource.id) {
                    if wanted.contains(&node) {
                        of_node.entry(node).or_default().push(resource.id);
                    }
                }
            }
        }
        let topology = self.topology.borrow();
        for resource in made.iter_mut() {
            let Some(list) = afters.get(&resource.id) else {
                continue;
            };
            for after in list {
                match after {
                    After::Resource(id) => resource.after.push(*id),
                    After::Node(id) => resource
                        .after
                        .extend(of_node.get(&id.0).into_iter().flatten().copied()),
                    After::Network(index) => {
                        let network = topology
                            .networks
                            .get(*index as usize)
                            .map(|it| it.path)
                            .unwrap_or_default();
                        resource.after.push(attachment_id(network));
                    }
                }
            }
            let own = resource.id;
            resource.after.retain(|it| *it != own);
            resource.after.sort_unstable();
            resource.after.dedup();
        }
    }

    /// The node that made a resource, and its owners.
    pub(crate) fn owners(&self, id: ResourceId) -> Vec<u32> {
        let mut owners = Vec::new();
        let Some(split) = last_dot(id.0.as_str()) else {
            return owners;
        };
        // a path that nobody has kept is no node's
        let path = id.0.as_str().get(..split).and_then(Ustr::known);
        let mut next = path.and_then(|it| self.node_paths.borrow().get(&it).copied());
        while let Some(node) = next {
            owners.push(node.0);
            next = self.inst(node).node().and_then(|it| it.owner);
        }
        owners
    }

    fn inputs(&self) -> Vec<Input> {
        let mut inputs = Vec::new();
        for file in self.user_files() {
            for stmt in self.file_items(file) {
                let StmtKind::Input(field) = &stmt.kind else {
                    continue;
                };
                let ty = self.ty(&field.ty, file);
                let default = field
                    .default
                    .as_ref()
                    .and_then(|it| self.eval_as(it, &ty, &Scope::file(file)).ok());
                inputs.push(Input {
                    name: field.name.name,
                    docs: with_unit(stmt.docs, &ty),
                    ty: Ustr::from(&input_type(&ty)),
                    default: default.map(|it| match it {
                        Value::Record(record) => record
                            .get(&ustr::name!("uri"))
                            .cloned()
                            .unwrap_or(Value::None),
                        other => asked(other),
                    }),
                    refinement: field
                        .refinement
                        .as_ref()
                        .map(|it| self.input_facts(it))
                        .unwrap_or_default(),
                    span: field.name.span,
                });
            }
        }
        inputs
    }

    fn input_facts(&self, refinement: &'a ast::Refinement) -> Vec<InputFact> {
        let scope = Scope::file(0);
        let value = |expr: &'a ast::Expr| self.eval(expr, &scope).ok().map(asked);
        let whole = |expr: &'a ast::Expr| {
            if let Some(Value::Int(it)) = value(expr) {
                Some(it)
            } else {
                None
            }
        };
        let facts = refinement.facts.iter().filter_map(|fact| match fact {
            Fact::Between(low, high) => Some(InputFact::Between(value(low), value(high))),
            Fact::AtMost(high) => Some(InputFact::Between(None, value(high))),
            Fact::AtLeast(low) => Some(InputFact::Between(value(low), None)),
            Fact::Less(_) | Fact::More(_) => None,
            Fact::In(list) => value(list).map(|it| InputFact::In(it.items().to_vec())),
            Fact::Matches(pattern, _) => Some(InputFact::Matches(*pattern)),
            Fact::Chars(class, _) => Some(InputFact::Matches(Ustr::from(&format!("[{class}]*")))),
            Fact::LengthBetween(low, high) => Some(InputFact::Length(whole(low), whole(high))),
            Fact::LengthAtMost(high) => Some(InputFact::Length(None, whole(high))),
            Fact::LengthAtLeast(low) => Some(InputFact::Length(whole(low), None)),
        });
        facts.collect()
    }

    fn meanings(&self) {
        let mut meanings = Vec::new();
        for side in [&self.index.library, &self.index.user] {
            for (info, _) in side.resource_types.values().flatten() {
                for means in &info.decl.means {
                    let roles = means
                        .roles
                        .iter()
                        .map(|(role, field)| (role.name, field.name))
                        .collect();
                    let key = (means.name.name, means.argument.map(|it| it.name));
                    meanings.push((key, Meaning { ty: info.id, roles }));
                }
            }
        }
        meanings.sort_by(|a, b| {
            (a.0.0.as_str(), a.0.1.map(|it| it.as_str()))
                .cmp(&(b.0.0.as_str(), b.0.1.map(|it| it.as_str())))
        });
        let table = self.library_table("endpoints");
        let mut topology = self.topology.borrow_mut();
        topology.meanings = meanings.into_iter().collect();
        topology.endpoint_table = table;
    }
}

/// The word for the type of a value of deployment.
pub(crate) fn input_type(ty: &Ty<'_>) -> String {
    match ty.present() {
        Ty::Int | Ty::Port | Ty::Duration | Ty::Size => "Int".into(),
        Ty::Float | Ty::Percent => "Float".into(),
        Ty::Bool => "Bool".into(),
        Ty::Secret => "Secret".into(),
        Ty::List(item) => format!("List<{}>", input_type(item)),
        _ => "String".into(),
    }
}

/// Deployment is asked for seconds and MiB.
fn asked(value: Value) -> Value {
    match value {
        Value::Duration(ms) => Value::Int(ms / 1000),
        Value::Size(bytes) => Value::Int(bytes / (1024 * 1024)),
        Value::List(items) => Value::list(items.iter().cloned().map(asked).collect()),
        other => other,
    }
}

/// What an input is for, and in which unit it is asked for.
fn with_unit(docs: Option<Ustr>, ty: &Ty<'_>) -> Option<Ustr> {
    let unit = match ty.present() {
        Ty::Duration => "seconds",
        Ty::Size => "MiB",
        _ => return docs,
    };
    Some(match docs {
        Some(docs) => Ustr::from(&format!("{docs} In {unit}.")),
        None => Ustr::from(&format!("In {unit}.")),
    })
}

/// `db.main`, `api["x"].run` as a path.
pub(crate) fn reference_text(expr: &ast::Expr) -> Ustr {
    match &expr.kind {
        ast::ExprKind::Name(name) => *name,
        ast::ExprKind::Field(of, name) => {
            Ustr::from(&format!("{}.{}", reference_text(of), name.name))
        }
        ast::ExprKind::Index(of, key) => {
            let key = crate::eval::lookup::plain_text(key).unwrap_or_else(|| reference_text(key));
            Ustr::from(&format!("{}[\"{key}\"]", reference_text(of)))
        }
        _ => ustr::name!(""),
    }
}

/// No resource of the id that is adjusted; one of the same node may be meant.
fn nothing_to_adjust(path: Ustr, span: Span, made: &[Resource]) -> Diagnostic {
    let message = format!("there is no resource `{path}`");
    let report = errors::plain(Code::E0201, span, message, "to be adjusted");
    let owner = last_dot(&path).map_or("", |it| path.split_at(it + 1).0);
    let known = made.iter().map(|it| it.id.0.as_str());
    let mut known = known.filter(|it| it.starts_with(owner));
    let near = nearest(&path, known.clone());
    if near.is_some() || owner.is_empty() {
        return report.help_opt(near.map(|it| format!("did you mean `{it}`?")));
    }
    let first: Vec<&str> = known.by_ref().take(LISTED).collect();
    if first.is_empty() {
        return report;
    }
    let more = if known.next().is_some() { ", …" } else { "" };
    report.help(format!("there are: {}{more}", first.join(", ")))
}

/// The last dot outside of brackets.
fn last_dot(path: &str) -> Option<usize> {
    let mut depth = 0i32;
    let mut found = None;
    for (position, c) in path.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            '.' if depth == 0 => found = Some(position),
            _ => {}
        }
    }
    found
}

fn collect_assets(value: &Value, found: &mut BTreeMap<Ustr, Arc<Asset>>) {
    match value {
        Value::Asset(asset) => {
            found.insert(asset.key, asset.clone());
        }
        Value::List(items) => items.iter().for_each(|it| collect_assets(it, found)),
        Value::Record(fields) | Value::Map(fields) => {
            fields.values().for_each(|it| collect_assets(it, found));
        }
        _ => {}
    }
}

/// The nodes of which a part stands somewhere.
fn composites(nodes: &[Rc<Inst<'_>>]) -> HashSet<NodeId> {
    let parts = nodes.iter().filter_map(|it| it.node());
    let placed = parts.filter(|it| it.placement.borrow().is_some());
    placed.filter_map(|it| it.owner).collect()
}
