//! Links the command at a fixed address on Linux and, where the system has its C library as archives, without any shared
//! library: of a run of few milliseconds, moving it elsewhere would take a twentieth, finding and loading libraries a sixth.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What Rust's standard library asks the linker for, and the archive that has it.
const ARCHIVES: [(&str, &str); 7] = [
    ("libc.a", "libc.a"),
    ("libdl.a", "libdl.a"),
    ("libgcc_s.a", "libgcc_eh.a"),
    ("libm.a", "libm.a"),
    ("libpthread.a", "libpthread.a"),
    ("librt.a", "librt.a"),
    ("libutil.a", "libutil.a"),
];

/// Archives that need one another, for linkers that look into each only once.
const AROUND: &str = "-Wl,--start-group,-lgcc_eh,-lgcc,-lc,--end-group";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |key: &str, value: &str| env::var(key).is_ok_and(|it| it == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return;
    }
    say("-no-pie");
    if let Some(folder) = archives().filter(|_| env::var("HOST") == env::var("TARGET")) {
        say(&format!("-L{}", folder.display()));
        say("-static");
        say(AROUND);
    }
}

fn say(argument: &str) {
    println!("cargo::rustc-link-arg-bins={argument}");
}

/// A folder with the archives under the names that are asked for; the linker looks there first. (The feature `crt-static` would
/// say the same, but of procedural macros too, which are shared libraries themselves.)
fn archives() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("OUT_DIR")?);
    for (asked, archive) in ARCHIVES {
        link(&find(archive)?, &folder.join(asked))?;
    }
    Some(folder)
}

/// Where the C compiler finds an archive; of one that it lacks it repeats the name.
fn find(archive: &str) -> Option<PathBuf> {
    let asked = format!("-print-file-name={archive}");
    let answer = Command::new("cc").arg(asked).output().ok()?;
    let path = PathBuf::from(String::from_utf8(answer.stdout).ok()?.trim());
    path.is_absolute().then_some(path)
}

#[cfg(unix)]
fn link(archive: &Path, name: &Path) -> Option<()> {
    let _ = fs::remove_file(name);
    std::os::unix::fs::symlink(archive, name).ok()
}

#[cfg(not(unix))]
fn link(archive: &Path, name: &Path) -> Option<()> {
    fs::copy(archive, name).ok().map(drop)
}
