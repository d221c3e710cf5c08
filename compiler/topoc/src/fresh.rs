//! A folder that is made once and is the user's from then on: all of its files are written, or none.

use std::fs;
use std::io;
use std::path::Path;

use topoc_driver::OutputFile;

use crate::folder::{MadeFolders, Refusal, beside, fill, parent};

/// Refuses a place where something is already.
pub fn must_be_new(place: &Path) -> Result<(), Refusal> {
    if !place.exists() {
        return Ok(());
    }
    if !place.is_dir() {
        return Err(taken(place, "is a file"));
    }
    let mut entries = fs::read_dir(place).map_err(|it| Refusal::unwritable(place, &it))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(taken(place, "is not empty")),
    }
}

/// Makes the folder, or fills it if it is there and empty.
pub fn create(place: &Path, files: &[OutputFile]) -> Result<(), Refusal> {
    let made = match place.exists() {
        false => make(place, files),
        true => enter(place, files),
    };
    made.map_err(|it| Refusal::unwritable(place, &it))
}

fn make(place: &Path, files: &[OutputFile]) -> io::Result<()> {
    let parent = parent(place);
    let _made = MadeFolders::to(&parent)?;
    let fresh = beside(place, &parent)?;
    fill(fresh.path(), files)?;
    fs::rename(fresh.path(), place)
}

/// The folder stays itself, since somebody may stand in it.
fn enter(place: &Path, files: &[OutputFile]) -> io::Result<()> {
    let fresh = beside(Path::new("new"), place)?;
    fill(fresh.path(), files)?;
    let entries = fs::read_dir(fresh.path())?;
    let names: Vec<_> = entries
        .map(|it| Ok(it?.file_name()))
        .collect::<io::Result<_>>()?;
    for (done, name) in names.iter().enumerate() {
        if let Err(error) = fs::rename(fresh.path().join(name), place.join(name)) {
            for name in names.iter().take(done) {
                fs::rename(place.join(name), fresh.path().join(name))?;
            }
            return Err(error);
        }
    }
    Ok(())
}

fn taken(place: &Path, why: &str) -> Refusal {
    Refusal {
        message: format!(
            "`{}` {why}, and what is there shall not be touched",
            place.display()
        ),
        help: Some("name a new or empty folder".into()),
    }
}
