//! What the compiler is compared with: a whole process of `json`, beside this program.

use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::process::run;
use super::table::median;

const RUNS: usize = 11;

/// The wall time that it takes. Its copy stands beside the folder of the template, which is the compiler's.
pub fn time(template: &Path) -> io::Result<Duration> {
    let json = std::env::current_exe()?.with_file_name("json");
    let copy = template.with_file_name("../copy.json");
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let mut process = Command::new(&json);
        times.push(run(process.arg(template).arg(&copy))?.wall);
    }
    Ok(median(times))
}
