//! Many entries of one level, written by several processors at once.

/// From how many entries on a further processor pays.
const MANY: usize = 400;

/// What an entry takes, roughly: a resource of a template has some twenty lines.
const ENTRY: usize = 640;

/// A notation whose entries can be written apart and put together.
pub trait Apart: Send {
    /// An empty text at this depth, behind a first entry.
    fn apart(&self) -> Self;
    /// Makes room for so many bytes, so that a long text is not copied while it grows.
    fn reserve(&mut self, bytes: usize);
    /// Adds what was written apart.
    fn append(&mut self, other: Self);
}

/// Writes all entries in order. `write` gets a share of them and the entry before it; nothing that is written depends on
/// where shares end.
pub fn write<F: Apart, T: Sync>(
    form: &mut F,
    all: &[T],
    write: impl Fn(&mut F, Option<&T>, &[T]) + Sync,
) {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let count = (all.len() / MANY).clamp(1, processors);
    let size = all.len().div_ceil(count).max(1);
    let mut shares = all.chunks(size);
    let first = shares.next().unwrap_or_default();
    form.reserve(all.len() * ENTRY);
    std::thread::scope(|scope| {
        let others: Vec<_> = shares
            .enumerate()
            .map(|(at, share)| {
                let (mut apart, write) = (form.apart(), &write);
                apart.reserve(share.len() * ENTRY);
                let before = all.get((at + 1) * size - 1);
                scope.spawn(move || {
                    write(&mut apart, before, share);
                    apart
                })
            })
            .collect();
        write(form, None, first);
        for other in others {
            match other.join() {
                Ok(apart) => form.append(apart),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
}
