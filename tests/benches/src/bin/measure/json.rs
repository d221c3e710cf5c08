//! What the compiler is compared with: a process that reads the finished template with `serde_json` and writes it again.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::process::run;
use super::table::median;

const RUNS: usize = 11;

/// The wall time of the whole process.
pub fn time(template: &Path) -> io::Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let mut child = Command::new(std::env::current_exe()?);
        times.push(run(child.arg("json").arg(template))?.wall);
    }
    Ok(median(times))
}

/// That process; its output stands beside the folder of the template, which is the compiler's.
pub fn child(template: &Path) -> io::Result<()> {
    let value: Value = serde_json::from_str(&fs::read_to_string(template)?)?;
    fs::write(
        template.with_file_name("../again.json"),
        serde_json::to_string_pretty(&value)?,
    )?;
    // as the compiler does, it leaves its trees to the end of the process
    std::mem::forget(value);
    Ok(())
}
