//! Work that the processors share: on large programs each phase does a part of it on every one of them.
//!
//! INVARIANT (same bytes): nothing that comes out depends on how many processors there are, or on where shares end.
//! INVARIANT (no waiting): work that is spawned waits for no other; else several programs compiled at once could stop each other.
//! The threads stay from phase to phase, so that each has the memory at hand that it used before.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread::available_parallelism;

use rayon::{Scope, ThreadPool, ThreadPoolBuilder};

/// In how many pieces for each processor work is cut: one that is disturbed takes fewer of them.
const PIECES: usize = 4;

/// The processors beside the one that asks; none where the system gives no threads.
static OTHERS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let others = available_parallelism().map_or(0, |it| it.get() - 1);
    let builder = ThreadPoolBuilder::new().num_threads(others);
    (others > 0).then(|| builder.build().ok()).flatten()
});

/// How many shares some work is worth: one for each `many` items, and not more than there are processors.
pub fn count(items: usize, many: usize) -> usize {
    if items < many {
        return 1;
    }
    let others = OTHERS.as_ref().map_or(0, ThreadPool::current_num_threads);
    (items / many + 1).min(others + 1)
}

/// The items of one of `of` shares, all of about the same size.
pub fn range(items: usize, at: usize, of: usize) -> Range<usize> {
    items * at / of..items * (at + 1) / of
}

/// Numbers that several processors draw, each once: who has time takes the next one.
pub struct Tickets {
    next: AtomicUsize,
    count: usize,
}

impl Tickets {
    /// The numbers below `count`.
    pub fn new(count: usize) -> Self {
        let next = AtomicUsize::new(0);
        Self { next, count }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The next number, if there is one left.
    pub fn next(&self) -> Option<usize> {
        let own = self.next.fetch_add(1, Ordering::Relaxed);
        (own < self.count).then_some(own)
    }
}

/// Does some work that may spawn other work, and waits for all of it. To start the threads takes longer than a small program.
pub fn scope<'s, T>(work: impl FnOnce(&Scope<'s>) -> T) -> T {
    match &*OTHERS {
        Some(pool) => pool.in_place_scope(work),
        None => rayon::in_place_scope(work),
    }
}

/// Does the work of every share; what they give is in their order.
pub fn all<R: Send>(count: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let mut results: Vec<Option<R>> = (0..count).map(|_| None).collect();
    let Some((first, others)) = results.split_first_mut() else {
        return Vec::new();
    };
    if others.is_empty() {
        return vec![work(0)];
    }
    scope(|scope| {
        let work = &work;
        for (at, other) in others.iter_mut().enumerate() {
            scope.spawn(move |_| *other = Some(work(at + 1)));
        }
        *first = Some(work(0));
    });
    results.into_iter().flatten().collect()
}

/// Does `work` of `many` items and more on another processor, while this one does something `beside`.
pub fn beside<R: Send>(
    items: usize,
    many: usize,
    work: impl FnOnce() -> R + Send,
    beside: impl FnOnce(),
) -> R {
    if count(items, many) == 1 {
        beside();
        return work();
    }
    let mut result = None;
    scope(|scope| {
        scope.spawn(|_| result = Some(work()));
        beside();
    });
    result.expect("a scope ends with all of its work done")
}

/// Takes `many` items and more apart: what `work` gives for each piece is in the order of the items.
pub fn map<T: Sync, R: Send>(
    items: &[T],
    many: usize,
    work: impl Fn(&[T]) -> Vec<R> + Sync,
) -> Vec<R> {
    let of = count(items.len(), many);
    if of == 1 {
        return work(items);
    }
    let pieces: Vec<&[T]> = items.chunks(piece(items.len(), of)).collect();
    let tickets = Tickets::new(pieces.len());
    let done = drawn(of, |done| {
        while let Some(at) = tickets.next() {
            done.push((at, work(pieces.get(at).copied().unwrap_or_default())));
        }
    });
    done.into_iter().flatten().collect()
}

/// Does work for tickets on so many processors; what it gives is in the order of the tickets.
pub fn drawn<R: Send>(of: usize, work: impl Fn(&mut Vec<(usize, R)>) + Sync) -> Vec<R> {
    let own = |_| {
        let mut done = Vec::new();
        work(&mut done);
        done
    };
    let mut done: Vec<(usize, R)> = all(of, own).into_iter().flatten().collect();
    done.sort_unstable_by_key(|it| it.0);
    done.into_iter().map(|it| it.1).collect()
}

/// Changes every item; `many` and more in pieces.
pub fn each<T: Send>(items: &mut [T], many: usize, change: impl Fn(&mut T) + Sync) {
    let of = count(items.len(), many);
    let size = piece(items.len(), of);
    let pieces = Mutex::new(items.chunks_mut(size));
    let next = || pieces.lock().ok().and_then(|mut it| it.next());
    all(of, |_| {
        while let Some(piece) = next() {
            piece.iter_mut().for_each(&change);
        }
    });
}

/// How many items a piece has.
fn piece(items: usize, of: usize) -> usize {
    items.div_ceil(of * PIECES).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_in_order() {
        for count in [0, 1, 99, 100, 1001] {
            let mut items: Vec<usize> = (0..count).collect();
            let doubled = map(&items, 100, |share| share.iter().map(|it| it * 2).collect());
            each(&mut items, 100, |it| *it *= 2);
            assert_eq!(items, doubled);
        }
    }

    #[test]
    fn every_item_is_in_one_share() {
        for of in 1..8 {
            let ranges: Vec<usize> = (0..of).flat_map(|at| range(100, at, of)).collect();
            assert_eq!(ranges, (0..100).collect::<Vec<_>>());
        }
    }
}
