//! Fills the index from the loaded files, and reports names declared twice.

use std::collections::hash_map::Entry as Slot;

use topoc_diagnostics::{Diagnostics, Span};
use topoc_syntax::ast::{self, Ident, StmtKind};
use topoc_syntax::{LoadedFile, Origin, Program};
use ustr::{Ustr, UstrMap};

use super::values::{Guard, Value, What, walk};
use super::{Entry, FileNames, Names, Table, TypeName, Used};
use crate::errors;

/// Values of the language's own.
const BUILT_IN: &[&str] = &["env", "topology", "aws"];

/// Words that begin a declaration in a file or a kind: a node of such a kind could not be told from one.
const DECLARATIONS: &[&str] = &[
    "topology", "use", "param", "input", "output", "env", "let", "type", "enum", "protocol",
    "network", "group", "external", "existing", "kind", "trait", "edge", "resource", "lookup",
    "rule", "test", "moved", "adjust", "acl", "collect", "key", "acts", "listens", "access",
    "opens", "grant", "needs",
];

/// Indexes every loaded file.
pub fn build<'a>(program: &'a Program, out: &mut Diagnostics) -> Names<'a> {
    let mut names = Names::default();
    for (position, file) in program.files.iter().enumerate() {
        let mut builder = Builder {
            names: &mut names,
            out,
            file: position,
            table: Table::default(),
            seen: Seen::default(),
        };
        builder.file(file);
        let table = builder.table;
        names.add_file(file, table);
    }
    unique_in_program(&names, out);
    unique_outputs(program, out);
    names
}

impl Names<'_> {
    fn add_file(&mut self, file: &LoadedFile, table: Table) {
        let service = match &file.origin {
            Origin::Library { service } => Some(*service),
            Origin::Root | Origin::User => None,
        };
        if let Some(service) = service {
            self.publish(service, &table);
        }
        let uses = file
            .uses
            .iter()
            .map(|it| Used {
                file: it.0.0 as usize,
                alias: it.1,
            })
            .collect();
        self.files.push(FileNames {
            own: table,
            uses,
            service,
            library: service.is_some(),
        });
    }

    /// Types, functions and nodes of the library stand under their service's name, all else is plain.
    fn publish(&mut self, service: Ustr, table: &Table) {
        let inside = self.services.entry(service).or_default();
        inside.types.extend(&table.types);
        for (name, number) in &table.values {
            let value = self.values.get(*number as usize);
            if value.is_some_and(|it| matches!(it.what, What::Let(_))) {
                inside.values.insert(*name, *number);
            } else {
                self.library_nodes.insert(*name, *number);
            }
        }
        let plain = &mut self.library;
        plain.kinds.extend(&table.kinds);
        plain.traits.extend(&table.traits);
        plain.protocols.extend(&table.protocols);
        plain.resource_types.extend(&table.resource_types);
        plain.types.extend(
            table
                .types
                .iter()
                .filter(|(_, it)| matches!(it, TypeName::Enum(_))),
        );
    }
}

#[derive(Default)]
struct Seen {
    types: UstrMap<Span>,
    kinds: UstrMap<Span>,
    envs: UstrMap<Span>,
    outputs: UstrMap<Span>,
    rules: UstrMap<Span>,
    protocols: UstrMap<Span>,
    resource_types: UstrMap<Span>,
}

struct Builder<'n, 'a> {
    names: &'n mut Names<'a>,
    out: &'n mut Diagnostics,
    file: usize,
    table: Table,
    seen: Seen,
}

impl<'a> Builder<'_, 'a> {
    fn file(&mut self, file: &'a LoadedFile) {
        for stmt in &file.ast.items {
            self.declaration(stmt);
        }
        let position = self.file;
        walk(&file.ast.items, position, &mut |value| self.value(value));
    }

    fn declaration(&mut self, stmt: &'a ast::Stmt) {
        let (file, notes) = (self.file, stmt.notes.as_slice());
        match &stmt.kind {
            StmtKind::Kind(it) => {
                first(&mut self.seen.kinds, it.name, self.out);
                self.refuse_words(it.name, DECLARATIONS, "a kind");
                self.table
                    .kinds
                    .entry(it.name.name)
                    .or_insert(len(&self.names.kinds));
                self.names.kinds.push(Entry {
                    decl: it,
                    notes,
                    file,
                });
            }
            StmtKind::Trait(it) => {
                first(&mut self.seen.kinds, it.name, self.out);
                self.refuse_words(it.name, DECLARATIONS, "a trait");
                self.table
                    .traits
                    .entry(it.name.name)
                    .or_insert(len(&self.names.traits));
                self.names.traits.push(Entry {
                    decl: it,
                    notes,
                    file,
                });
            }
            StmtKind::Type(it) => {
                first(&mut self.seen.types, it.name, self.out);
                let number = TypeName::Record(len(&self.names.records));
                self.table.types.entry(it.name.name).or_insert(number);
                self.names.records.push(Entry {
                    decl: it,
                    notes,
                    file,
                });
            }
            StmtKind::Enum(it) => {
                first(&mut self.seen.types, it.name, self.out);
                let number = TypeName::Enum(len(&self.names.enums));
                self.table.types.entry(it.name.name).or_insert(number);
                self.names.enums.push(Entry {
                    decl: it,
                    notes,
                    file,
                });
            }
            StmtKind::Protocol(it) => {
                first(&mut self.seen.protocols, it.name, self.out);
                self.table
                    .protocols
                    .entry(it.name.name)
                    .or_insert(len(&self.names.protocols));
                self.names.protocols.push(Entry {
                    decl: it,
                    notes,
                    file,
                });
            }
            StmtKind::ResourceType(it) => self.resource_type(it, notes),
            StmtKind::EdgeDecl(it) => {
                let [plain, events] = &mut self.names.edges_by_verb;
                let verbs = if it.on { events } else { plain };
                verbs
                    .entry(it.verb.name)
                    .or_default()
                    .push(len(&self.names.edges));
                self.names.edges.push(Entry {
                    decl: it,
                    notes,
                    file,
                });
            }
            StmtKind::Env(it) => {
                first(&mut self.seen.envs, it.name, self.out);
                self.names.envs.push(Entry {
                    decl: it,
                    notes,
                    file,
                });
            }
            StmtKind::Topology(it) => self.names.topology = self.names.topology.or(Some(it)),
            StmtKind::Output(it) => first(&mut self.seen.outputs, it.name, self.out),
            StmtKind::Rule(it) => first(&mut self.seen.rules, it.name, self.out),
            _ => {}
        }
    }

    fn resource_type(&mut self, it: &'a ast::ResourceType, notes: &'a [ast::Note]) {
        let name = Ident {
            name: it.path.text(),
            span: it.path.span,
        };
        first(&mut self.seen.resource_types, name, self.out);
        self.table
            .resource_types
            .entry(name.name)
            .or_insert(len(&self.names.resource_types));
        self.names.resource_types.push(Entry {
            decl: it,
            notes,
            file: self.file,
        });
    }

    /// Names that the language gives a meaning everywhere, or words that would begin a declaration.
    fn refuse_words(&mut self, name: Ident, words: &[&str], what: &str) {
        if words.contains(&name.name.as_str()) {
            self.out.push(errors::own_word(name, what));
        }
    }

    fn value(&mut self, value: Value<'a>) {
        self.refuse_words(value.name, BUILT_IN, "a value");
        let number = len(&self.names.values);
        match self.table.values.entry(value.name.name) {
            Slot::Vacant(slot) => {
                slot.insert(number);
            }
            Slot::Occupied(slot) => {
                let earlier = self.names.values.get(*slot.get() as usize);
                if let Some(earlier) = earlier.filter(|it| !exclusive(it, &value)) {
                    self.out
                        .push(errors::duplicate_name(value.name, earlier.name.span));
                }
            }
        }
        self.names.values.push(value);
    }
}

/// Whether two declarations stand in the two branches of one `if`.
pub fn exclusive(a: &Value<'_>, b: &Value<'_>) -> bool {
    a.guards.iter().any(|x| {
        b.guards.iter().any(|y| match (x, y) {
            (Guard::If(c, p), Guard::If(d, q)) => c.id == d.id && p != q,
            (Guard::If(..) | Guard::For(_), _) => false,
        })
    })
}

/// Nodes, networks, groups, params and inputs are unique in the whole program.
/// Outputs of two files; twice in one file is reported there.
fn unique_outputs(program: &Program, out: &mut Diagnostics) {
    let mut seen: UstrMap<(usize, Span)> = UstrMap::default();
    let user = program.files.iter().enumerate();
    for (position, file) in user.filter(|it| !matches!(it.1.origin, Origin::Library { .. })) {
        for stmt in &file.ast.items {
            let StmtKind::Output(it) = &stmt.kind else {
                continue;
            };
            let (home, first) = *seen.entry(it.name.name).or_insert((position, it.name.span));
            if home != position {
                out.push(errors::duplicate_name(it.name, first));
            }
        }
    }
}

fn unique_in_program(names: &Names<'_>, out: &mut Diagnostics) {
    let mut seen: UstrMap<&Value<'_>> = UstrMap::default();
    for value in names
        .values
        .iter()
        .filter(|it| it.what.has_identity() && !names.is_library(it.file))
    {
        match seen.entry(value.name.name) {
            Slot::Vacant(slot) => {
                slot.insert(value);
            }
            Slot::Occupied(slot) if slot.get().file != value.file => {
                out.push(errors::duplicate_name(value.name, slot.get().name.span));
            }
            Slot::Occupied(_) => {}
        }
    }
}

fn first(seen: &mut UstrMap<Span>, name: Ident, out: &mut Diagnostics) {
    match seen.entry(name.name) {
        Slot::Vacant(slot) => {
            slot.insert(name.span);
        }
        Slot::Occupied(slot) => out.push(errors::duplicate_name(name, *slot.get())),
    }
}

fn len<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
