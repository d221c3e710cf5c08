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

/// Everything, and the reports of all processors.
type Whole = (Elaborated, Vec<Diagnostic>);

/// Elaborates in shares and goes on with `then`, or gives it back: the program is small, or has mistakes, which one
/// processor alone finds in their order. What a processor has evaluated is cleaned up there, and nobody waits for that.
pub(crate) fn elaborate<R, T: FnOnce(Elaborated, &mut Diagnostics) -> R>(
    given: Given<'_>,
    out: &mut Diagnostics,
    then: T,
) -> Result<R, T> {
    let shares: Vec<Share> = Share::all(given.program).collect();
    let [first, others @ .., last] = shares.as_slice() else {
        return Err(then);
    };
    shares::scope(|scope| {
        let (filled, all) = mpsc::channel();
        let (done, finished) = mpsc::channel();
        scope.spawn(move |_| given.aside(|it| it.fill_and_join(*first, all, &done)));
        for share in others {
            let filled = filled.clone();
            scope.spawn(move |_| given.aside(|it| it.fill_and_send(*share, &filled)));
        }
        given.aside(|it| it.fill_and_send(*last, &filled));
        drop(filled);
        // one that panics is told of at the end of the scope
        let Ok(Some((elaborated, reports))) = finished.recv() else {
            return Err(then);
        };
        reports.into_iter().for_each(|it| out.push(it));
        Ok(then(elaborated, out))
    })
}

/// What every processor starts from.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) program: &'a Program,
    pub(crate) members: &'a Members,
    pub(crate) settings: &'a Settings<'a>,
}

impl Given<'_> {
    /// Does some work with a session of its own.
    pub(crate) fn session<T>(
        self,
        out: &mut Diagnostics,
        work: impl FnOnce(&Session<'_>) -> T,
    ) -> T {
        let arena = Arena::new();
        work(&Session::new(
            self.program,
            self.members,
            self.settings,
            out,
            &arena,
        ))
    }

    /// The same, with reports of its own.
    fn aside(self, work: impl FnOnce(&Session<'_>)) {
        self.session(&mut Diagnostics::default(), work);
    }
}

impl Session<'_> {
    /// Every step as far as there are no mistakes.
    fn fills(&self, share: Share) -> Option<()> {
        let is_sound = self.gathered() && !self.failed.get();
        is_sound.then(|| self.fill(share))
    }

    /// Takes the other shares in their order, and gives the whole.
    fn fill_and_join(
        &self,
        share: Share,
        others: mpsc::Receiver<(Share, Filled)>,
        done: &mpsc::Sender<Option<Whole>>,
    ) {
        let whole = self.fills(share).and_then(|()| {
            let mut others: Vec<(Share, Filled)> = others.into_iter().collect();
            others.sort_by_key(|it| it.0.at);
            others.into_iter().try_for_each(|it| self.join(it.1))?;
            let elaborated = self.finish();
            (!self.failed.get()).then(|| (elaborated, self.reports()))
        });
        // it is waited for
        let _ = done.send(whole);
    }

    fn fill_and_send(&self, share: Share, filled: &mpsc::Sender<(Share, Filled)>) {
        self.fills(share);
        // nobody waits for it if the others have failed
        let _ = filled.send((share, self.take()));
    }

    fn reports(&self) -> Vec<Diagnostic> {
        self.out.borrow().iter().cloned().collect()
    }

    fn take(&self) -> Filled {
        let nodes = self.nodes.borrow();
        let parts = nodes.iter().filter_map(|it| it.node());
        Filled {
            failed: self.failed.get(),
            reports: self.reports(),
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
