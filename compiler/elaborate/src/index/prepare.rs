//! Kinds, edges and blocks, prepared: what they declare, by name.

use super::*;
use topoc_syntax::ast::{self, Stmt, StmtKind};
use ustr::{Ustr, UstrMap};

pub(crate) fn kind_info<'a>(file: usize, decl: &'a ast::Kind, library: bool) -> KindInfo<'a> {
    KindInfo {
        name: decl.name.name,
        id: identity(decl.name.name, file, library),
        file,
        decl,
        traits: decl.traits.iter().map(|(path, _)| path.text()).collect(),
        placed_optional: decl
            .traits
            .iter()
            .any(|(path, optional)| *optional && path.text().as_str() == "placed"),
        promised: Vec::new(),
        body: OnceCell::new(),
    }
}

pub(crate) fn kind_body<'a>(file: usize, decl: &'a ast::Kind) -> KindBody<'a> {
    let mut body = KindBody {
        steps: Steps::of(&decl.members),
        fields: UstrMap::default(),
        required: Vec::new(),
        sites: Sites::default(),
        outputs: UstrMap::default(),
        collectors: UstrMap::default(),
        listens: Vec::new(),
        access: UstrMap::default(),
        acts_as: None,
        existing: None,
    };
    collect_sites(&decl.members, file, 0, &[], &mut body.sites);
    kind_members(&decl.members, file, &[], &mut body);
    body
}

pub(crate) fn kind_members<'a>(
    members: &'a [Stmt],
    file: usize,
    guards: &[Guard<'a>],
    info: &mut KindBody<'a>,
) {
    for stmt in members {
        let site = || Site {
            stmt,
            guards: guards.into(),
            file,
            rank: 0,
        };
        match &stmt.kind {
            StmtKind::Field(field) => {
                info.fields.insert(field.name.name, field);
                if field.default.is_none() && !field.ty.optional {
                    info.required.push(field);
                }
            }
            StmtKind::Output(output) => {
                info.outputs.insert(output.name.name, output);
            }
            StmtKind::Collect(collect) => {
                info.collectors
                    .insert(collect.name.name, (&collect.ty, file));
            }
            StmtKind::ActsAs(part) => info.acts_as = Some(part.name),
            StmtKind::Listens(_) => info.listens.push(site()),
            StmtKind::Access(access) => info
                .access
                .entry(access.verb.name)
                .or_default()
                .push(site()),
            StmtKind::ExistingBlock(block) => info.existing = Some(existing_info(file, block)),
            StmtKind::If(stmt) => {
                let then = with_guard(guards, Guard::If(&stmt.condition, true, &stmt.then));
                kind_members(&stmt.then, file, &then, info);
                let block = stmt.otherwise.as_deref().unwrap_or(&[]);
                kind_members(
                    block,
                    file,
                    &with_guard(guards, Guard::If(&stmt.condition, false, block)),
                    info,
                );
            }
            StmtKind::For(stmt) => kind_members(
                &stmt.body,
                file,
                &with_guard(guards, Guard::For(&stmt.head, &stmt.body)),
                info,
            ),
            _ => {}
        }
    }
}

pub(crate) fn existing_info<'a>(file: usize, block: &'a ast::Block) -> ExistingInfo<'a> {
    let mut info = ExistingInfo {
        steps: Steps::of(block),
        fields: UstrMap::default(),
        sites: Sites::default(),
        outputs: UstrMap::default(),
    };
    collect_sites(block, file, 0, &[], &mut info.sites);
    for stmt in block {
        if let StmtKind::Field(field) = &stmt.kind {
            info.fields.insert(field.name.name, field);
        } else if let StmtKind::Output(output) = &stmt.kind {
            info.outputs.insert(output.name.name, output);
        }
    }
    info
}

/// Prepares the inside of an edge.
pub(crate) fn body_info<'a>(file: usize, members: &'a [Stmt]) -> BodyInfo<'a> {
    let mut info = BodyInfo {
        fields: UstrMap::default(),
        field_order: Vec::new(),
        sites: Sites::default(),
        steps: Steps::of(members),
    };
    collect_sites(members, file, 0, &[], &mut info.sites);
    for stmt in members {
        if let StmtKind::Field(field) = &stmt.kind {
            info.fields.insert(field.name.name, field);
            info.field_order.push(field);
        }
    }
    info
}

pub(crate) fn with_guard<'a>(guards: &[Guard<'a>], guard: Guard<'a>) -> Vec<Guard<'a>> {
    guards.iter().copied().chain([guard]).collect()
}

/// Adds every named declaration of a block that is a value, `if`s and `for`s included.
pub(crate) fn collect_sites<'a>(
    block: &'a [Stmt],
    file: usize,
    rank: u32,
    guards: &[Guard<'a>],
    sites: &mut Sites<'a>,
) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::If(inner) => {
                let then = with_guard(guards, Guard::If(&inner.condition, true, &inner.then));
                collect_sites(&inner.then, file, rank, &then, sites);
                let block = inner.otherwise.as_deref().unwrap_or(&[]);
                let otherwise = with_guard(guards, Guard::If(&inner.condition, false, block));
                collect_sites(block, file, rank, &otherwise, sites);
            }
            StmtKind::For(inner) => {
                collect_sites(
                    &inner.body,
                    file,
                    rank,
                    &with_guard(guards, Guard::For(&inner.head, &inner.body)),
                    sites,
                );
            }
            // a value of a block is its own; the block's frame finds it
            StmtKind::Let(_) if !guards.is_empty() => {}
            _ => {
                if let Some(name) = value_name(stmt) {
                    let site = Site {
                        stmt,
                        guards: guards.into(),
                        file,
                        rank,
                    };
                    sites.entry(name).or_default().push(site);
                }
            }
        }
    }
}

/// The name that a statement declares in the name space of values.
pub(crate) fn value_name(stmt: &Stmt) -> Option<Ustr> {
    match &stmt.kind {
        StmtKind::Param(field) | StmtKind::Input(field) => Some(field.name.name),
        StmtKind::Let(decl) => Some(decl.name.name),
        StmtKind::Network(decl) => Some(decl.name.name),
        StmtKind::Group(decl)
        | StmtKind::External(decl)
        | StmtKind::Existing(decl)
        | StmtKind::Node(decl) => Some(decl.name.name),
        StmtKind::Resource(decl) | StmtKind::Lookup(decl) => Some(decl.name.name),
        StmtKind::RawResource(decl) => Some(decl.name.name),
        _ => None,
    }
}
