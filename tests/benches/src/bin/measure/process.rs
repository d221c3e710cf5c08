//! The compiler as people run it: a process that reads a program and its lock, and writes files.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use topoc_driver::Target;
use wait4::Wait4;

use super::table::median;

/// At least so often, and until this much time is spent.
const RUNS: (usize, Duration) = (5, Duration::from_secs(1));

/// The compiler beside this program, and the folder where it works.
pub struct Topoc {
    path: PathBuf,
    folder: TempDir,
}

/// What a process took.
pub struct Usage {
    pub wall: Duration,
    pub user: Duration,
    /// Bytes.
    pub peak: u64,
}

/// What several processes took.
pub struct Measured {
    /// Where the output changes, so that it is written.
    pub written: Duration,
    /// Where it is there already, so that it is only looked at.
    pub same: Duration,
    pub user: Duration,
    /// The highest.
    pub peak: u64,
}

impl Topoc {
    pub fn new() -> io::Result<Topoc> {
        let path = std::env::current_exe()?.with_file_name("topoc");
        let folder = tempfile::tempdir()?;
        Ok(Topoc { path, folder })
    }

    /// Puts a program there, without a lock.
    pub fn write(&self, text: &str) -> io::Result<()> {
        let lock = self.folder.path().join("topo.lock");
        if lock.exists() {
            fs::remove_file(lock)?;
        }
        fs::write(self.folder.path().join("main.topo"), text)
    }

    /// Builds once; afterwards the lock is there.
    pub fn build(&self, target: Target) -> io::Result<Usage> {
        run(&mut self.command(&[], target))
    }

    /// The template that was built last.
    pub fn template(&self) -> io::Result<PathBuf> {
        let files = fs::read_dir(self.folder.path().join("out"))?;
        let paths = files.filter_map(|it| Some(it.ok()?.path()));
        let mut templates = paths.filter(|it| it.to_string_lossy().ends_with(".template.json"));
        templates
            .next()
            .ok_or_else(|| io::Error::other("there is no template"))
    }

    /// The medians of several runs, in turn with an output that is there already and with one that is not.
    pub fn measure(&self, target: Target) -> io::Result<Measured> {
        self.build(target)?;
        let (runs, spent) = RUNS;
        let (start, mut same, mut written) = (Instant::now(), Vec::new(), Vec::new());
        while same.len() < runs || start.elapsed() < 2 * spent {
            same.push(self.build(target)?);
            self.spoil()?;
            written.push(self.build(target)?);
        }
        let walls = |all: &[Usage]| median(all.iter().map(|it| it.wall).collect());
        let all = || same.iter().chain(&written);
        Ok(Measured {
            written: walls(&written),
            same: walls(&same),
            user: median(all().map(|it| it.user).collect()),
            peak: all().map(|it| it.peak).max().unwrap_or_default(),
        })
    }

    /// Changes a file of the output.
    fn spoil(&self) -> io::Result<()> {
        let files = fs::read_dir(self.folder.path().join("out"))?;
        let mut paths = files.filter_map(|it| Some(it.ok()?.path()));
        let is_listed = |it: &PathBuf| it.is_file() && !it.ends_with(".topoc");
        let file = paths.find(is_listed).ok_or(io::ErrorKind::NotFound)?;
        fs::write(file, "")
    }

    /// How many instructions one run takes; `None` without valgrind.
    pub fn instructions(&self, target: Target) -> io::Result<Option<u64>> {
        let valgrind = [
            "valgrind",
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
        ];
        let output = match self
            .command(&valgrind, target)
            .stderr(Stdio::piped())
            .output()
        {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        let said = String::from_utf8_lossy(&output.stderr);
        let count = said
            .lines()
            .find_map(|it| it.split_once("Collected : ")?.1.parse().ok());
        Ok(count)
    }

    fn command(&self, before: &[&str], target: Target) -> Command {
        let topoc = self.path.to_string_lossy();
        let build = [
            "build",
            "main.topo",
            "--quiet",
            "-o",
            "out",
            "--target",
            target.word(),
        ];
        let mut words = before.iter().copied().chain([&*topoc]).chain(build);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).current_dir(self.folder.path());
        command
    }
}

/// Runs a process to its end.
pub fn run(command: &mut Command) -> io::Result<Usage> {
    let start = Instant::now();
    let it = command.spawn()?.wait4()?;
    let wall = start.elapsed();
    if !it.status.success() {
        return Err(io::Error::other("what is measured fails"));
    }
    Ok(Usage {
        wall,
        user: it.rusage.utime,
        peak: it.rusage.maxrss,
    })
}
