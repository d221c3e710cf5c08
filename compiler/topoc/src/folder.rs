//! Output folders: replaced as a whole, and only where topoc wrote the folder itself.
//!
//! INVARIANT (all or nothing): every folder is written completely beside its place before any is moved there. One that
//! holds already what it shall hold is left alone.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use topoc_driver::{OutputFile, Text};

use crate::exchange::{WAITING, exchange};
use crate::same;

/// The list of what topoc wrote, in each folder that it wrote.
pub const MANIFEST: &str = ".topoc";
/// What it is called until it is complete.
const PART: &str = ".topoc-part";
const HEAD: &str = "# topoc wrote these files and replaces them; others in this folder are kept.";

/// Why something was not written.
pub struct Refusal {
    /// What happened, as a message.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Refusal {
    /// The disk says no.
    pub fn unwritable(place: &Path, error: &io::Error) -> Refusal {
        let (place, why) = (place.display(), crate::disk::why(error));
        Refusal {
            message: format!("`{place}` cannot be written: {why}"),
            help: None,
        }
    }
}

/// A folder and what it shall hold.
pub type Printed = (PathBuf, Vec<OutputFile>);

/// Replaces all folders and then does `last`; if anything fails, every place is as it was. Says which of them changed.
pub fn replace(
    printed: &[Printed],
    last: impl FnOnce() -> Result<(), Refusal>,
) -> Result<Vec<bool>, Refusal> {
    let made: Result<Vec<MadeFolders>, Refusal> = printed.iter().map(room_for).collect();
    let _made = made?;
    let staged: Result<Vec<Option<Staged>>, Refusal> = printed.iter().map(stage).collect();
    let staged = staged?;
    let changed = staged.iter().map(Option::is_some).collect();
    let mut staged: Vec<Staged> = staged.into_iter().flatten().collect();
    let swapped = staged.iter_mut().try_for_each(Staged::swap);
    if let Err(refusal) = swapped.and_then(|()| last()) {
        while let Some(one) = staged.pop() {
            one.undo();
        }
        return Err(refusal);
    }
    staged.into_iter().try_for_each(Staged::finish)?;
    Ok(changed)
}

/// The folder that an output stands in.
fn room_for((place, _): &Printed) -> Result<MadeFolders, Refusal> {
    MadeFolders::to(&parent(place)).map_err(|it| Refusal::unwritable(place, &it))
}

/// A folder that is written completely, and whether it is in its place.
struct Staged {
    place: PathBuf,
    /// Where it is written; afterwards the former folder is here.
    beside: TempDir,
    foreign: Vec<PathBuf>,
    stands: Stands,
}

/// Where a folder that was written is.
#[derive(Clone, Copy)]
enum Stands {
    /// Beside its place, which is as it was.
    Beside,
    /// In its place, where nothing was.
    Placed,
    /// In its place, and the former folder is beside it.
    Exchanged,
}

/// Writes all files beside their place, where nothing changes. `None` if it holds them already.
fn stage((place, files): &Printed) -> Result<Option<Staged>, Refusal> {
    let failed = |it: io::Error| Refusal::unwritable(place, &it);
    let parent = parent(place);
    recover(place, &parent).map_err(failed)?;
    let foreign = foreign_files(place, files)?;
    if same::holds(place, files) {
        return Ok(None);
    }
    let fresh = beside(place, &parent).map_err(failed)?;
    fill(fresh.path(), files).map_err(failed)?;
    list(fresh.path(), files).map_err(failed)?;
    Ok(Some(Staged {
        place: place.to_owned(),
        beside: fresh,
        foreign,
        stands: Stands::Beside,
    }))
}

/// Writes the list at last and at once: a folder with a list is complete, and so is the list.
fn list(folder: &Path, files: &[OutputFile]) -> io::Result<()> {
    let part = folder.join(PART);
    fs::write(&part, manifest(files))?;
    fs::rename(part, folder.join(MANIFEST))
}

impl Staged {
    /// The new folder stands in its place, and the former one, if there was one, beside it.
    fn swap(&mut self) -> Result<(), Refusal> {
        let (beside, place) = (self.beside.path(), &self.place);
        let (moved, stands) = match place.exists() {
            true => (exchange(beside, place), Stands::Exchanged),
            false => (fs::rename(beside, place), Stands::Placed),
        };
        moved.map_err(|it| Refusal::unwritable(place, &it))?;
        self.stands = stands;
        Ok(())
    }

    /// The other way round, as far as it came.
    fn undo(self) {
        let (beside, place) = (self.beside.path(), &self.place);
        let undone = match self.stands {
            Stands::Beside => Ok(()),
            Stands::Placed => fs::rename(place, beside),
            Stands::Exchanged => exchange(beside, place),
        };
        if undone.is_err() {
            // What is there now must not be deleted.
            let _ = self.beside.keep();
        }
    }

    /// What others kept in the former folder is carried over; the rest of it is deleted.
    fn finish(self) -> Result<(), Refusal> {
        let place = self.place.clone();
        self.carry_over()
            .map_err(|it| Refusal::unwritable(&place, &it))
    }

    fn carry_over(self) -> io::Result<()> {
        for path in &self.foreign {
            if let Err(error) = carry(&self.beside.path().join(path), &self.place.join(path)) {
                // What could not be carried over must not be deleted with the old folder, by a later run neither.
                let kept = set_aside(&self.place, self.beside.keep())?;
                let told = format!("{error}; the former folder is kept as {}", kept.display());
                return Err(io::Error::new(error.kind(), told));
            }
        }
        Ok(())
    }
}

/// Folders that were not there before. When this is dropped, those that are empty are gone again.
pub struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes the folder and those above it.
    pub fn to(folder: &Path) -> io::Result<MadeFolders> {
        let above = folder.ancestors().filter(|it| !it.as_os_str().is_empty());
        let missing = above.take_while(|it| !it.exists());
        let made = MadeFolders(missing.map(Path::to_owned).collect());
        fs::create_dir_all(folder)?;
        Ok(made)
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            // One that holds something stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Finishes what a run left behind that was killed while it wrote: the former folder stands in its place again, or what
/// others kept in it is carried over, and nothing else is left.
fn recover(place: &Path, parent: &Path) -> io::Result<()> {
    let prefix = prefix(place);
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let is_left = |it: &fs::DirEntry| it.file_name().to_string_lossy().starts_with(&prefix);
    for entry in entries.filter(is_left) {
        let left = entry.path();
        let waiting = left.join(WAITING);
        // One without a list is not complete, or holds the former folder.
        let former = if left.join(MANIFEST).exists() {
            &left
        } else {
            &waiting
        };
        if former == &waiting && waiting.is_dir() && !place.exists() {
            fs::rename(&waiting, place)?;
        } else if let Some(written) = written_in(former) {
            carry_missing(former, place, &written)?;
        }
        fs::remove_dir_all(left)?;
    }
    Ok(())
}

/// Carries over what topoc did not write and what is not there yet.
fn carry_missing(former: &Path, place: &Path, written: &BTreeSet<PathBuf>) -> io::Result<()> {
    let mut kept = Vec::new();
    collect_foreign(former, Path::new(""), written, &mut kept)?;
    for path in kept.iter().filter(|it| !place.join(it).exists()) {
        carry(&former.join(path), &place.join(path))?;
    }
    Ok(())
}

/// Gives a folder that must not be lost a name that no later run takes for its own.
fn set_aside(place: &Path, kept: PathBuf) -> io::Result<PathBuf> {
    let name = kept.file_name().unwrap_or_default().to_string_lossy();
    let safe = parent(place).join(name.replace(".topoc-", ".kept-"));
    fs::rename(&kept, &safe)?;
    Ok(safe)
}

fn carry(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::rename(from, to)
}

/// A temporary folder in `parent`, for what shall stand in `place`.
pub fn beside(place: &Path, parent: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new()
        .prefix(&prefix(place))
        .permissions(standard())
        .tempdir_in(parent)
}

/// How temporary folders for `place` begin.
fn prefix(place: &Path) -> String {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    format!(".{name}.topoc-")
}

/// Temporary folders are private by default; this one becomes the user's.
#[cfg(unix)]
fn standard() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(0o777)
}

#[cfg(not(unix))]
fn standard() -> fs::Permissions {
    fs::metadata(".")
        .map(|it| it.permissions())
        .expect("the current folder has permissions")
}

/// The folder that `place` stands in.
pub fn parent(place: &Path) -> PathBuf {
    match place.parent() {
        Some(it) if it != Path::new("") => it.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Writes all files below `folder`.
pub fn fill(folder: &Path, files: &[OutputFile]) -> io::Result<()> {
    for file in files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        write(&path, &file.text)?;
    }
    Ok(())
}

fn write(path: &Path, text: &Text) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    text.bytes().try_for_each(|it| file.write_all(it))
}

/// What stands in the list.
pub fn manifest(files: &[OutputFile]) -> String {
    let lines = files.iter().map(|it| format!("{}\n", it.path));
    std::iter::once(format!("{HEAD}\n")).chain(lines).collect()
}

/// The files in `place` that topoc did not write, topmost ones, relative to it.
fn foreign_files(place: &Path, files: &[OutputFile]) -> Result<Vec<PathBuf>, Refusal> {
    if !place.exists() {
        return Ok(Vec::new());
    }
    let failed = |it: io::Error| Refusal::unwritable(place, &it);
    if !place.is_dir() {
        return Err(not_a_folder(place));
    }
    let empty = fs::read_dir(place).map_err(failed)?.next().is_none();
    let Some(ours) = written_in(place) else {
        return if empty {
            Ok(Vec::new())
        } else {
            Err(not_ours(place))
        };
    };
    let mut found = Vec::new();
    collect_foreign(place, Path::new(""), &ours, &mut found).map_err(failed)?;
    found.sort();
    match found.iter().find(|it| covers(it, files)) {
        Some(path) => Err(in_the_way(place, path)),
        None => Ok(found),
    }
}

/// What topoc wrote into a folder; `None` if it did not write the folder.
fn written_in(place: &Path) -> Option<BTreeSet<PathBuf>> {
    let manifest = fs::read_to_string(place.join(MANIFEST)).ok()?;
    let lines = manifest.lines().filter(|it| !it.starts_with('#'));
    Some(lines.chain([MANIFEST]).map(PathBuf::from).collect())
}

fn collect_foreign(
    place: &Path,
    below: &Path,
    ours: &BTreeSet<PathBuf>,
    found: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for entry in fs::read_dir(place.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        let shared = entry.file_type()?.is_dir() && ours.iter().any(|it| it.starts_with(&path));
        if shared {
            collect_foreign(place, &path, ours, found)?;
        } else if !ours.contains(&path) {
            found.push(path);
        }
    }
    Ok(())
}

/// Whether a file of the new output would stand where a foreign file stands.
fn covers(foreign: &Path, files: &[OutputFile]) -> bool {
    let mut paths = files.iter().map(|it| Path::new(&it.path));
    paths.any(|it| it.starts_with(foreign) || foreign.starts_with(it))
}

fn not_a_folder(place: &Path) -> Refusal {
    Refusal {
        message: format!(
            "`{}` is a file, and the output is a folder",
            place.display()
        ),
        help: Some("name a folder: -o DIR".into()),
    }
}

fn not_ours(place: &Path) -> Refusal {
    Refusal {
        message: format!(
            "`{}` holds files that topoc did not write, and the output replaces the folder as a whole",
            place.display()
        ),
        help: Some("name a new or empty folder: -o DIR".into()),
    }
}

fn in_the_way(place: &Path, path: &Path) -> Refusal {
    Refusal {
        message: format!(
            "`{}` was not written by topoc, and the output has a file of that name",
            place.join(path).display()
        ),
        help: Some("move it away, or name another folder: -o DIR".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<OutputFile> {
        let file = |name: &&str| OutputFile {
            path: name.to_string(),
            text: format!("{name}\n").into(),
        };
        names.iter().map(file).collect()
    }

    fn write(place: &Path, names: &[&str]) -> Result<Vec<bool>, Refusal> {
        replace(&[(place.to_owned(), files(names))], || Ok(()))
    }

    fn names(place: &Path) -> Vec<String> {
        let mut found: Vec<String> = fs::read_dir(place)
            .unwrap()
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        found
    }

    #[test]
    fn replaces_what_it_wrote_and_keeps_the_rest() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("build/web");
        assert!(write(&out, &["main.tf", "old.tf", "files/a"]).is_ok());
        fs::create_dir(out.join(".terraform")).unwrap();
        fs::write(out.join("terraform.tfstate"), "state").unwrap();
        fs::write(out.join("files/mine"), "mine").unwrap();
        assert!(write(&out, &["main.tf", "new.tf", "files/b"]).is_ok());
        let expected = [
            ".terraform",
            ".topoc",
            "files",
            "main.tf",
            "new.tf",
            "terraform.tfstate",
        ];
        assert_eq!(names(&out), expected);
        assert_eq!(names(&out.join("files")), ["b", "mine"]);
        assert_eq!(names(out.parent().unwrap()), ["web"]);
    }

    #[test]
    fn leaves_alone_what_is_there_already() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("web");
        assert_eq!(write(&out, &["main.tf"]).ok(), Some(vec![true]));
        fs::write(out.join("mine"), "mine").unwrap();
        let file = fs::File::open(out.join("main.tf")).unwrap();
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
        assert_eq!(write(&out, &["main.tf"]).ok(), Some(vec![false]));
        let kept = fs::metadata(out.join("main.tf")).unwrap();
        assert_eq!(kept.modified().unwrap(), std::time::UNIX_EPOCH);
        fs::write(out.join("main.tf"), "main_tf\n").unwrap();
        assert_eq!(write(&out, &["main.tf"]).ok(), Some(vec![true]));
        assert_eq!(names(&out), [".topoc", "main.tf", "mine"]);
    }

    #[test]
    fn forgets_what_a_killed_run_had_not_listed() {
        let home = tempfile::tempdir().unwrap();
        let left = home.path().join(".web.topoc-left");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("main.tf"), "").unwrap();
        fs::write(left.join(PART), "").unwrap();
        let out = home.path().join("web");
        assert!(write(&out, &["main.tf"]).is_ok());
        assert_eq!(names(&out), [MANIFEST, "main.tf"]);
        assert_eq!(names(home.path()), ["web"]);
    }

    #[test]
    fn refuses_what_others_wrote() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("web");
        fs::create_dir(&out).unwrap();
        assert!(write(&out, &["main.tf"]).is_ok(), "an empty folder is fine");
        fs::write(out.join("new.tf"), "mine").unwrap();
        assert!(
            write(&out, &["new.tf"]).is_err(),
            "a foreign file is in the way"
        );
        assert_eq!(fs::read_to_string(out.join("new.tf")).unwrap(), "mine");
        fs::remove_file(out.join(MANIFEST)).unwrap();
        assert!(
            write(&out, &["main.tf"]).is_err(),
            "without the list nothing is ours"
        );
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(write(&file, &["main.tf"]).is_err());
    }
}
