//! Elaboration on several processors, for programs with much to fill.
//!
//! Each processor takes the first two steps by itself, which costs less than to share what they make; then each fills the
//! pieces that it has tickets for. The pieces put behind each other are what one processor would have made.

use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::sync::mpsc;

use indexmap::IndexMap;
use rustc_hash::FxHashMap as HashMap;
use topoc_check::Members;
use topoc_diagnostics::{Diagnostic, Diagnostics};
use topoc_ir::{Asset, NodeId, Output, Resource, ResourceId};
use topoc_shares::{self as shares, Tickets};
use topoc_syntax::{Origin, Program};
use typed_arena::Arena;
use ustr::UstrMap;

use crate::eval::allot::Allotments;
use crate::fill::After;
use crate::session::{Elaborated, Session, Settings};
use crate::types::RecordOf;

/// From how many statements of the program on the work is shared.
const MANY: usize = 2_000;

/// In how many pieces for each processor the third step is cut: one that is disturbed takes fewer of them.
const PIECES: usize = 8;

/// How many processors a program is worth.
fn processors(program: &Program) -> usize {
    let ours = |it: &&topoc_syntax::LoadedFile| !matches!(it.origin, Origin::Library { .. });
    let files = program.files.iter().filter(ours);
    let statements: usize = files.map(|it| it.ast.items.len()).sum();
    shares::count(statements, MANY)
}

/// Where a piece of `of` pieces begins that weigh about the same.
fn start<T>(items: &[T], at: usize, of: usize, weight: impl Fn(&T) -> usize) -> usize {
    let total: usize = items.iter().map(&weight).sum();
    let mut sum = 0;
    let mut starts = items.iter().map(|it| {
        sum += weight(it);
        sum - weight(it)
    });
    let start = starts.position(|it| it * of >= total * at);
    start.unwrap_or(items.len())
}

/// What a piece of the third step leaves.
#[derive(Default)]
struct Filled {
    reports: Vec<Diagnostic>,
    made: Vec<Resource>,
    lookups: IndexMap<ResourceId, Resource>,
    afters: HashMap<ResourceId, Vec<After>>,
    outputs: Vec<Output>,
    allot: Allotments,
}

/// What one processor filled.
struct Share {
    /// By their numbers.
    pieces: Vec<(usize, Filled)>,
    /// Nodes whose groups something asked for.
    worn: Vec<NodeId>,
    packed: UstrMap<Arc<Asset>>,
}

/// Elaborates in shares, or says `None`: the program is small, or has mistakes, which one processor alone finds in their
/// order.
pub(crate) fn elaborate<'a>(
    program: &'a Program,
    members: &Members,
    settings: &'a Settings<'a>,
    (out, arena): (&'a mut Diagnostics, &'a Arena<RecordOf<'a>>),
) -> Option<(Elaborated, Session<'a>)> {
    let processors = processors(program);
    if processors < 2 {
        return None;
    }
    let tickets = Tickets::new(processors * PIECES);
    shares::scope(|scope| {
        let others = (1..processors).map(|_| {
            let (done, share) = mpsc::channel();
            let tickets = &tickets;
            scope.spawn(move |_| fill(program, members, settings, tickets, &done));
            share
        });
        let others: Vec<_> = others.collect();
        let session = Session::new(program, members, settings, out, arena);
        let (before, mut share) = session.fills(&tickets)?;
        for other in others {
            // one that panics is told of at the end of the scope
            let other = other.recv().ok()??;
            share.pieces.extend(other.pieces);
            session.wear(&other.worn);
            session.packed.borrow_mut().extend(other.packed);
        }
        share.pieces.sort_unstable_by_key(|it| it.0);
        let pieces = share.pieces.into_iter().map(|it| it.1);
        for piece in std::iter::once(before).chain(pieces) {
            session.join(piece)?;
        }
        session.packed.borrow_mut().extend(share.packed);
        let done = session.finish();
        let is_sound = !session.out.borrow().has_errors();
        is_sound.then_some((done, session))
    })
}

/// Fills pieces on a processor of its own, and cleans up there.
fn fill(
    program: &Program,
    members: &Members,
    settings: &Settings<'_>,
    tickets: &Tickets,
    done: &mpsc::Sender<Option<Share>>,
) {
    let mut out = Diagnostics::default();
    let arena = Arena::new();
    let session = Session::new(program, members, settings, &mut out, &arena);
    // nobody waits for it if the others have failed
    let _ = done.send(session.fills(tickets).map(|it| it.1));
}

impl Session<'_> {
    /// Every step as far as there are no mistakes: what the first two leave, and the pieces of the third that this processor
    /// had tickets for. What files say themselves is the last piece.
    fn fills(&self, tickets: &Tickets) -> Option<(Filled, Share)> {
        self.gather_all();
        let instances = self.instances();
        let before = self.take();
        let start = |at| start(&instances, at, tickets.count(), |it| it.fills().len() + 1);
        let mut pieces = Vec::new();
        while let Some(at) = tickets.next().filter(|_| !self.failed.get()) {
            let own = instances.get(start(at)..start(at + 1));
            self.fill_instances(own.unwrap_or_default());
            if at + 1 == tickets.count() {
                self.fill_files();
            }
            pieces.push((at, self.take()));
        }
        if self.failed.get() {
            return None;
        }
        let nodes = self.nodes.borrow();
        let parts = nodes.iter().filter_map(|it| it.node());
        let share = Share {
            pieces,
            worn: parts.filter(|it| it.worn.get()).map(|it| it.id).collect(),
            packed: self.packed.take(),
        };
        Some((before, share))
    }

    fn take(&self) -> Filled {
        Filled {
            reports: std::mem::take(&mut **self.out.borrow_mut()).in_order(),
            made: self.made.take(),
            lookups: self.lookups.take(),
            afters: self.afters.take(),
            outputs: std::mem::take(&mut self.topology.borrow_mut().outputs),
            allot: self.allot.take(),
        }
    }

    /// Adds a piece; `None` if it does not agree with those before.
    fn join(&self, other: Filled) -> Option<()> {
        for (scope, wishes) in other.allot {
            for (key, wish) in wishes {
                match self
                    .allot
                    .borrow_mut()
                    .entry(scope.clone())
                    .or_default()
                    .entry(key)
                {
                    // a key that two ask for is a mistake
                    Entry::Occupied(own) if *own.get() != wish => return None,
                    Entry::Occupied(_) => {}
                    Entry::Vacant(place) => {
                        place.insert(wish);
                    }
                }
            }
        }
        // the same report is kept once, whoever makes it
        let mut out = self.out.borrow_mut();
        other.reports.into_iter().for_each(|it| out.push(it));
        self.made.borrow_mut().extend(other.made);
        self.afters.borrow_mut().extend(other.afters);
        self.topology.borrow_mut().outputs.extend(other.outputs);
        for (id, lookup) in other.lookups {
            self.lookups.borrow_mut().entry(id).or_insert(lookup);
        }
        Some(())
    }

    fn wear(&self, nodes: &[NodeId]) {
        for node in nodes {
            if let Some(part) = self.inst(*node).node() {
                part.worn.set(true);
            }
        }
    }
}
