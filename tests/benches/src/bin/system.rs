//! Prints the program of so many services: `cargo run -p topoc-benches -- 1000 > ref.topo`.

use std::io::{self, Write};
use std::process::ExitCode;

use topoc_benches::system;

fn main() -> io::Result<ExitCode> {
    let Some(services) = std::env::args().nth(1).and_then(|it| it.parse().ok()) else {
        writeln!(io::stderr(), "how many services?")?;
        return Ok(ExitCode::from(2));
    };
    io::stdout().write_all(system::program(services).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
