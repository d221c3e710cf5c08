//! Programs and params files on disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use topoc_driver::{Code, Entry, Options, Sources};

use crate::args;
use crate::folder::Refusal;
use crate::report::{Failed, fail};

/// The folder of the root file.
pub struct Disk {
    folder: PathBuf,
    root: String,
}

impl Disk {
    /// For a root file as given on the command line.
    pub fn new(file: &Path) -> Disk {
        Disk {
            folder: file.parent().map(Path::to_owned).unwrap_or_default(),
            root: file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into(),
        }
    }

    /// The root's name within its folder.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The lock beside the root.
    pub fn lock_path(&self) -> PathBuf {
        self.folder.join("topo.lock")
    }

    /// What a program is compiled with: the params files and the lock are read.
    pub fn options(&self, values: &args::Values) -> Result<Options, Failed> {
        let read = |path: &PathBuf| Ok((path.display().to_string(), text(path)?));
        let params: Result<_, Failed> = values.params.iter().map(read).collect();
        let lock = self.lock_path();
        Ok(Options {
            env: values.env.clone(),
            sets: values.set.clone(),
            params: params?,
            lock: if lock.exists() {
                Some(text(&lock)?)
            } else {
                None
            },
            today: Some(time::OffsetDateTime::now_utc().date().to_string()),
            locked: false,
            deny: Vec::new(),
            folder: shown(&self.folder),
        })
    }
}

impl Sources for Disk {
    fn read(&self, path: &str) -> Result<Arc<str>, String> {
        match fs::read_to_string(self.folder.join(path)) {
            Ok(text) if text.contains('\0') => Err("it is not text".to_owned()),
            Ok(text) => Ok(text.into()),
            Err(error) => Err(why(&error)),
        }
    }

    fn open(&self, path: &str) -> Result<Entry, String> {
        let path = self.folder.join(path);
        entry(&path).map_err(|it| why(&it))
    }
}

fn entry(path: &Path) -> io::Result<Entry> {
    let facts = fs::metadata(path)?;
    if facts.is_dir() {
        let names = fs::read_dir(path)?;
        let names = names.map(|it| Ok(it?.file_name().to_string_lossy().into_owned()));
        return names.collect::<io::Result<_>>().map(Entry::Folder);
    }
    Ok(Entry::File {
        bytes: fs::read(path)?.into(),
        runs: runs(&facts),
    })
}

#[cfg(unix)]
fn runs(facts: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    facts.permissions().mode() & 0o111 != 0
}

/// Where files have no such mark, all of them may be run, so that a function's `bootstrap` may.
#[cfg(not(unix))]
fn runs(_: &fs::Metadata) -> bool {
    true
}

/// `examples/web/`, as messages show it before a file's name.
fn shown(folder: &Path) -> String {
    let folder = folder.display().to_string();
    if folder.is_empty() || folder.ends_with('/') {
        return folder;
    }
    folder + "/"
}

/// A file as text.
pub fn text(path: &Path) -> Result<String, Failed> {
    fs::read_to_string(path).map_err(|error| {
        let message = format!("`{}` cannot be read: {}", path.display(), why(&error));
        fail(
            Code::E0901,
            Refusal {
                message,
                help: None,
            },
        )
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "an open enumeration of the standard library"
)]
pub fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        io::ErrorKind::PermissionDenied => "access is denied".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "your share of the disk is full".to_owned(),
        io::ErrorKind::FileTooLarge => "a file would be larger than is allowed here".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is a file".to_owned(),
        _ if is_loop(error) => "symbolic links lead back to themselves".to_owned(),
        _ => error.to_string(),
    }
}

/// The standard library has no stable name for it, and its number differs between systems.
#[cfg(unix)]
fn is_loop(error: &io::Error) -> bool {
    rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::LOOP)
}

#[cfg(not(unix))]
fn is_loop(_: &io::Error) -> bool {
    false
}
