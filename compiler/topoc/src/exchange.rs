//! Two folders change places.

use std::fs;
use std::io;
use std::path::Path;

use crate::folder::{beside, parent};

/// What a folder is called while it waits where it does not belong.
pub const WAITING: &str = "old";

/// Gives each folder the place of the other: at once, or in steps where the system or the disk cannot do that.
pub fn exchange(fresh: &Path, place: &Path) -> io::Result<()> {
    match at_once(fresh, place) {
        Err(error) if is_unknown(&error) => in_steps(fresh, place),
        done => done,
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn at_once(fresh: &Path, place: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(
        CWD,
        fresh,
        CWD,
        place,
        RenameFlags::EXCHANGE,
    )?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn at_once(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether an exchange is not known here, rather than not possible now.
fn is_unknown(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
    )
}

/// A run that is killed here leaves the former folder waiting, and the next one finds it.
fn in_steps(fresh: &Path, place: &Path) -> io::Result<()> {
    let aside = beside(place, &parent(place))?;
    let waiting = aside.path().join(WAITING);
    fs::rename(place, &waiting)?;
    let moved = fs::rename(fresh, place);
    let home = if moved.is_ok() { fresh } else { place };
    if let Err(error) = fs::rename(&waiting, home) {
        let _ = aside.keep();
        return Err(error);
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchanged(by: impl Fn(&Path, &Path) -> io::Result<()>) {
        let home = tempfile::tempdir().unwrap();
        let (fresh, place) = (home.path().join("fresh"), home.path().join("place"));
        for folder in [&fresh, &place] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join(folder.file_name().unwrap()), "").unwrap();
        }
        by(&fresh, &place).unwrap();
        assert!(fresh.join("place").exists());
        assert!(place.join("fresh").exists());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[test]
    fn both_ways() {
        exchanged(exchange);
        exchanged(in_steps);
    }

    #[test]
    fn nothing_moves_without_a_fresh_folder() {
        let home = tempfile::tempdir().unwrap();
        let (fresh, place) = (home.path().join("fresh"), home.path().join("place"));
        fs::create_dir(&place).unwrap();
        assert!(in_steps(&fresh, &place).is_err());
        assert!(exchange(&fresh, &place).is_err());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        assert!(place.exists());
    }
}
