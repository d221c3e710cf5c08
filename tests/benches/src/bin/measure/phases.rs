//! How long each phase takes, within one process.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use topoc_benches::phases;
use topoc_benches::system::{Single, text};
use topoc_driver::Target;

use super::table::{Table, median, time};

const RUNS: usize = 7;
const HEADS: [&str; 9] = [
    "program",
    "target",
    "load",
    "check",
    "elaborate",
    "lower",
    "spell",
    "verify",
    "print",
];

pub fn print(programs: &[&str], out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(out, HEADS)?;
    for program in programs {
        let text = text(program);
        for target in Target::ALL {
            let walks: Vec<[Duration; 7]> = (0..RUNS).map(|_| walk(&text, target)).collect();
            let mut cells = HEADS.map(|_| String::new());
            let known = [(*program).to_owned(), target.word().to_owned()];
            let phases = (0..7).map(|phase| {
                let times = walks.iter().filter_map(|it| it.get(phase).copied());
                time(median(times.collect()))
            });
            let all = known.into_iter().chain(phases);
            cells.iter_mut().zip(all).for_each(|(cell, it)| *cell = it);
            table.row(cells)?;
        }
    }
    Ok(())
}

fn walk(text: &Single, target: Target) -> [Duration; 7] {
    let (load, program) = timed(|| phases::load(text));
    let (check, members) = timed(|| phases::check(&program));
    let (elaborate, elaborated) = timed(|| phases::elaborate(&program, &members));
    let (lower, lowered) = timed(|| phases::lower(elaborated));
    let (spell, spelled) = timed(|| phases::spell(&program, &members, &lowered, target));
    let (verify, verified) = timed(|| phases::verify(spelled));
    let (print, _files) = timed(|| phases::print(&verified));
    [load, check, elaborate, lower, spell, verify, print]
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}
