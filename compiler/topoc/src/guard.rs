//! Two runs that write to one place wait for each other.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// Held while one run writes; released when dropped, also when the process dies.
pub struct Guard {
    path: PathBuf,
    file: File,
}

impl Guard {
    /// Waits until no other run holds `place`. The file that is locked lies in the folder for temporary files: what
    /// stands in `place` is replaced, so a lock on it would be a lock on something that is gone.
    pub fn on(place: &Path) -> io::Result<Guard> {
        let path = guard_path(place)?;
        loop {
            let file = open(&path)?;
            file.lock()?;
            if stands_at(&file, &path) {
                return Ok(Guard { path, file });
            }
        }
    }
}

impl Drop for Guard {
    /// INVARIANT (no litter): the file goes while it is locked; whoever waits for it finds it gone and makes another.
    fn drop(&mut self) {
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    let options = options.read(true).write(true).create(true).truncate(false);
    let opened = options.open(path);
    // Another user may have made it; reading is enough to lock it.
    opened.or_else(|why| File::open(path).map_err(|_| why))
}

/// Whether the file is still the one of this path, and was not taken away while this run waited.
#[cfg(unix)]
fn stands_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |it: fs::Metadata| (it.dev(), it.ino());
    let (held, there) = (file.metadata().map(id), fs::metadata(path).map(id));
    matches!((held, there), (Ok(held), Ok(there)) if held == there)
}

/// Elsewhere the file stays.
#[cfg(not(unix))]
fn stands_at(_: &File, _: &Path) -> bool {
    true
}

fn guard_path(place: &Path) -> io::Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    real(&std::path::absolute(place)?).hash(&mut hasher);
    let name = format!("topoc-{:016x}.guard", hasher.finish());
    Ok(std::env::temp_dir().join(name))
}

/// The path without links, as far as it leads to something.
fn real(path: &Path) -> PathBuf {
    let found = path
        .ancestors()
        .find_map(|it| Some((it, it.canonicalize().ok()?)));
    let Some((there, real)) = found else {
        return path.to_owned();
    };
    let rest = path.strip_prefix(there).unwrap_or(Path::new(""));
    real.join(rest)
}
