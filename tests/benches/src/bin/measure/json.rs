//! What the compiler is compared with: `serde_json` reads the finished template and writes it again.

use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::table::median;

const RUNS: usize = 11;

/// The time it takes, in a process of its own.
pub fn time(template: &Path) -> io::Result<Duration> {
    let child = Command::new(std::env::current_exe()?)
        .arg("json")
        .arg(template)
        .output()?;
    let nanoseconds = String::from_utf8_lossy(&child.stdout);
    let nanoseconds = nanoseconds.trim().parse().map_err(io::Error::other)?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// That process: prints nanoseconds.
pub fn child(template: &Path) -> io::Result<()> {
    let text = fs::read_to_string(template)?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        let value: Value = serde_json::from_str(black_box(&text))?;
        black_box(serde_json::to_string_pretty(&value)?);
        times.push(start.elapsed());
    }
    writeln!(io::stdout(), "{}", median(times).as_nanos())
}
