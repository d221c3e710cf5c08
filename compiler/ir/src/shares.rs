//! Work on many items, shared among processors. Nothing that comes out depends on how many there are.

use std::thread;

/// From how many items on work is shared.
const MANY: usize = 2_000;

/// Does `work` on every share of the items; what it gives is in their order.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let (first, others) = items.split_at(size(items.len()).min(items.len()));
    thread::scope(|scope| {
        let work = &work;
        let others = others.chunks(first.len().max(1));
        let others: Vec<_> = others.map(|it| scope.spawn(move || work(it))).collect();
        let mut all = work(first);
        for other in others {
            all.extend(joined(other));
        }
        all
    })
}

/// Changes every item.
pub fn each<T: Send>(items: &mut [T], change: impl Fn(&mut T) + Sync) {
    let (first, others) = items.split_at_mut(size(items.len()).min(items.len()));
    thread::scope(|scope| {
        let change = &change;
        for share in others.chunks_mut(first.len().max(1)) {
            scope.spawn(move || share.iter_mut().for_each(change));
        }
        first.iter_mut().for_each(change);
    });
}

/// Does both, at the same time if there is much to do.
pub fn both<A, B: Send>(
    items: usize,
    one: impl FnOnce() -> A,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if items < MANY {
        return (one(), other());
    }
    thread::scope(|scope| {
        let other = scope.spawn(other);
        (one(), joined(other))
    })
}

/// How many items a share has.
fn size(items: usize) -> usize {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    items.div_ceil((items / MANY + 1).min(processors))
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(it) => it,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_in_order() {
        for count in [0, 1, MANY - 1, MANY, 3 * MANY + 1] {
            let mut all: Vec<usize> = (0..count).collect();
            let doubled = map(&all, |share| share.iter().map(|it| it * 2).collect());
            each(&mut all, |it| *it *= 2);
            assert_eq!(all, doubled);
            assert_eq!(both(count, || 1, || 2), (1, 2));
        }
    }
}
