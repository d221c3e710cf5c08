//! Prints the tables of `docs/performance.md`: what whole processes take, and each phase.
//!
//! This process stays small: a child's peak memory begins with its parent's. So the phases come last.

mod json;
mod phases;
mod process;
mod table;

use std::io::{self, Write};

use topoc_benches::system::text;
use topoc_driver::Target;

use process::Topoc;
use table::{Table, bytes, time};

/// The compiler's own: the phases are measured here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PROGRAMS: [&str; 6] = ["notejam", "1", "10", "100", "1000", "10000"];
/// Under valgrind everything takes fifty times as long.
const COUNTED: [&str; 5] = ["notejam", "1", "10", "100", "1000"];

fn main() -> io::Result<()> {
    let topoc = Topoc::new()?;
    let out = &mut io::stdout();
    processes(&topoc, out)?;
    instructions(&topoc, out)?;
    phases::print(&COUNTED, out)
}

fn processes(topoc: &Topoc, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(
        out,
        [
            "program",
            "target",
            "wall, written",
            "wall, the same",
            "user CPU",
            "peak memory",
            "serde_json",
            "ratio",
        ],
    )?;
    for program in PROGRAMS {
        topoc.write(&text(program).0)?;
        topoc.build(Target::Cfn)?;
        let json = json::time(&topoc.template()?)?;
        for target in Target::ALL {
            let it = topoc.measure(target)?;
            let ratio = it.written.as_secs_f64() / json.as_secs_f64();
            table.row([
                program.to_owned(),
                target.word().to_owned(),
                time(it.written),
                time(it.same),
                time(it.user),
                bytes(it.peak),
                time(json),
                format!("{ratio:.1}"),
            ])?;
        }
    }
    Ok(())
}

fn instructions(topoc: &Topoc, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(out, ["program", "target", "instructions"])?;
    for program in COUNTED {
        topoc.write(&text(program).0)?;
        for target in Target::ALL {
            topoc.build(target)?;
            let count = topoc.instructions(target)?;
            let count = count.map_or("no valgrind".to_owned(), |it| {
                format!("{:.1} M", it as f64 / 1e6)
            });
            table.row([program.to_owned(), target.word().to_owned(), count])?;
        }
    }
    Ok(())
}
