//! Two runs that write to one place wait for each other.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// Held while one run writes; released when dropped, also when the process dies.
pub struct Guard {
    _file: File,
}

impl Guard {
    /// Waits until no other run holds `place`. The file that is locked lies in the folder for temporary files: the
    /// lock file itself is replaced, so a lock on it would be a lock on something that is gone.
    pub fn on(place: &Path) -> io::Result<Guard> {
        let path = lock_path(place)?;
        let mut options = File::options();
        let options = options.read(true).write(true).create(true).truncate(false);
        // Another user may have made it; reading is enough to lock it.
        let file = options.open(&path).or_else(|_| File::open(&path))?;
        file.lock()?;
        Ok(Guard { _file: file })
    }
}

fn lock_path(place: &Path) -> io::Result<PathBuf> {
    let absolute = place
        .canonicalize()
        .or_else(|_| std::path::absolute(place))?;
    let mut hasher = DefaultHasher::new();
    absolute.hash(&mut hasher);
    let name = format!("topoc-{:016x}.guard", hasher.finish());
    Ok(std::env::temp_dir().join(name))
}
