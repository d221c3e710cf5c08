//! Elaboration on several processors, for programs with much to fill.
//!
//! Each processor takes the first two steps by itself, which costs less than to share what they make; then each fills a
//! share of the instances. The shares put behind each other are what one processor would have made.

use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::sync::mpsc;

use indexmap::IndexMap;
use rustc_hash::FxHashMap as HashMap;
use topoc_check::Members;
use topoc_diagnostics::{Diagnostic, Diagnostics};
use topoc_ir::{Asset, NodeId, Output, Resource, ResourceId};
use topoc_shares as shares;
use topoc_syntax::{Origin, Program};
use typed_arena::Arena;
use ustr::UstrMap;

use crate::eval::allot::Allotments;
use crate::fill::After;
use crate::session::{Elaborated, Session, Settings};
use crate::types::RecordOf;

/// From how many statements of the program on the work is shared.
const MANY: usize = 2_000;

/// A part of the work.
#[derive(Clone, Copy)]
pub(crate) struct Share {
    at: usize,
    of: usize,
}

impl Share {
    pub(crate) const WHOLE: Share = Share { at: 0, of: 1 };

    /// Every share of a program.
    fn all(program: &Program) -> impl Iterator<Item = Share> {
        let ours = |it: &&topoc_syntax::LoadedFile| !matches!(it.origin, Origin::Library { .. });
        let files = program.files.iter().filter(ours);
        let statements: usize = files.map(|it| it.ast.items.len()).sum();
        let of = shares::count(statements, MANY);
        (0..of).map(move |at| Share { at, of })
    }

    pub(crate) fn is_last(self) -> bool {
        self.at + 1 == self.of
    }

    /// The items of this share; those of each share weigh about the same.
    pub(crate) fn of<T>(self, items: &[T], weight: impl Fn(&T) -> usize) -> &[T] {
        let total: usize = items.iter().map(&weight).sum();
        let start_of = |at: usize| {
            let mut sum = 0;
            let mut starts = items.iter().map(|it| {
                sum += weight(it);
                sum - weight(it)
            });
            let start = starts.position(|it| it * self.of >= total * at);
            start.unwrap_or(items.len())
        };
        items
            .get(start_of(self.at)..start_of(self.at + 1))
            .unwrap_or_default()
    }
}

/// What the third step leaves of one share.
#[derive(Default)]
struct Filled {
    failed: bool,
    reports: Vec<Diagnostic>,
    made: Vec<Resource>,
    lookups: IndexMap<ResourceId, Resource>,
    afters: HashMap<ResourceId, Vec<After>>,
    outputs: Vec<Output>,
    /// Nodes whose groups something asked for.
    worn: Vec<NodeId>,
    allot: Allotments,
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
    let mut shares = Share::all(program);
    let (first, second) = (shares.next()?, shares.next()?);
    shares::scope(|scope| {
        let others = std::iter::once(second).chain(shares).map(|share| {
            let (done, filled) = mpsc::channel();
            scope.spawn(move |_| fill(program, members, settings, share, &done));
            filled
        });
        let others: Vec<_> = others.collect();
        let session = Session::new(program, members, settings, out, arena);
        session.fills(first)?;
        for other in others {
            // one that panics is told of at the end of the scope
            session.join(other.recv().ok()?)?;
        }
        let done = session.finish();
        let is_sound = !session.out.borrow().has_errors();
        is_sound.then_some((done, session))
    })
}

/// Fills a share on a processor of its own, and cleans up there.
fn fill(
    program: &Program,
    members: &Members,
    settings: &Settings<'_>,
    share: Share,
    done: &mpsc::Sender<Filled>,
) {
    let mut out = Diagnostics::default();
    let arena = Arena::new();
    let session = Session::new(program, members, settings, &mut out, &arena);
    session.fills(share);
    // nobody waits for it if the others have failed
    let _ = done.send(session.take());
}

impl Session<'_> {
    /// Every step as far as there are no mistakes.
    fn fills(&self, share: Share) -> Option<()> {
        let is_sound = self.gathered() && !self.failed.get();
        is_sound.then(|| self.fill(share))
    }

    fn take(&self) -> Filled {
        let nodes = self.nodes.borrow();
        let parts = nodes.iter().filter_map(|it| it.node());
        Filled {
            failed: self.failed.get(),
            reports: self.out.borrow().iter().cloned().collect(),
            made: self.made.take(),
            lookups: self.lookups.take(),
            afters: self.afters.take(),
            outputs: std::mem::take(&mut self.topology.borrow_mut().outputs),
            worn: parts.filter(|it| it.worn.get()).map(|it| it.id).collect(),
            allot: self.allot.take(),
            packed: self.packed.take(),
        }
    }

    /// Adds what another processor filled; `None` if something is wrong with it.
    fn join(&self, other: Filled) -> Option<()> {
        if self.failed.get() || other.failed {
            return None;
        }
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
        self.packed.borrow_mut().extend(other.packed);
        self.topology.borrow_mut().outputs.extend(other.outputs);
        for (id, lookup) in other.lookups {
            self.lookups.borrow_mut().entry(id).or_insert(lookup);
        }
        for node in other.worn {
            if let Some(part) = self.inst(node).node() {
                part.worn.set(true);
            }
        }
        Some(())
    }
}
