//! The programs under `tests/golden` and `examples`, and how they are compiled.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use topoc_driver::{
    Compilation, Entry, Format, Options, OutputFile, Sources, Target, compile, emit,
};

/// A folder with a program, in one of its environments.
#[derive(Clone, Debug)]
pub struct Case {
    /// The folder.
    pub folder: PathBuf,
    /// The root file within it.
    pub root: String,
    /// The environment; `None` if the program has none.
    pub env: Option<String>,
}

/// The top of the repository.
pub fn home() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().map(Path::to_owned).unwrap_or_default()
}

/// Every case, sorted by folder, then environment in source order.
pub fn all() -> Vec<Case> {
    let tops = ["tests/golden", "examples"];
    tops.iter().flat_map(|it| below(&home().join(it))).collect()
}

/// The cases in a folder and below.
pub fn below(folder: &Path) -> Vec<Case> {
    let mut folders = Vec::new();
    collect(folder, &mut folders);
    folders
        .into_iter()
        .flat_map(|(folder, root)| environments(folder, root))
        .collect()
}

/// Folders hold one root: `main.topo`, or a file called like the folder. Beside a lesson's program stands the `solution` of its exercise.
fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    for root in ["main.topo".to_owned(), format!("{name}.topo")] {
        if folder.join(&root).is_file() {
            found.push((folder.to_owned(), root));
            return collect(&folder.join("solution"), found);
        }
    }
    for entry in entries(folder) {
        if entry.is_dir() {
            collect(&entry, found);
        }
    }
}

/// What a folder holds, sorted.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = listed.filter_map(|it| Some(it.ok()?.path())).collect();
    paths.sort();
    paths
}

/// The text of a file that must be there.
pub fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
}

fn environments(folder: PathBuf, root: String) -> Vec<Case> {
    let case = |env| Case {
        folder: folder.clone(),
        root: root.clone(),
        env,
    };
    let declared = case(None).compile().environments;
    if declared.is_empty() {
        return vec![case(None)];
    }
    declared.into_iter().map(|env| case(Some(env))).collect()
}

impl Case {
    /// `tests/golden/bucket`, `examples/systems/shop@prod`
    pub fn name(&self) -> String {
        let folder = self.folder.strip_prefix(home()).unwrap_or(&self.folder);
        let name = folder.display().to_string();
        self.env
            .iter()
            .fold(name, |name, env| format!("{name}@{env}"))
    }

    /// Compiles it with the `params.*` and the `topo.lock` of its folder; a lock that is there must fit.
    pub fn compile(&self) -> Compilation {
        let lock = fs::read_to_string(self.folder.join("topo.lock")).ok();
        let options = Options {
            env: self.env.clone(),
            params: self.params(),
            locked: lock.is_some(),
            lock,
            ..Options::default()
        };
        compile(&self.root, &Folder(self.folder.clone()), &options)
    }

    /// The `params.*` of its folder: names and texts.
    pub fn params(&self) -> Vec<(String, String)> {
        let names = ["params.yaml", "params.json", "params.toml"];
        let read = |it: &str| {
            Some((
                it.to_owned(),
                fs::read_to_string(self.folder.join(it)).ok()?,
            ))
        };
        names.into_iter().filter_map(read).collect()
    }
}

/// The files of a compilation for one target; fails the test if there are none.
pub fn files(compilation: &Compilation, target: Target, name: &str) -> Vec<OutputFile> {
    let reports = shown(compilation);
    assert!(
        compilation.succeeded(),
        "{name} does not compile:\n{reports}"
    );
    match emit(compilation, target, Format::Json) {
        Ok(it) => it.files,
        Err(found) => {
            let render = |it| topoc_driver::render(it, &compilation.files, false);
            let reports: String = found.iter().map(render).collect();
            panic!("{name} is refused for {}:\n{reports}", target.word())
        }
    }
}

/// All reports as text.
pub fn shown(compilation: &Compilation) -> String {
    let render = |it| topoc_driver::render(it, &compilation.files, false);
    compilation.diagnostics.iter().map(render).collect()
}

/// All files of one target as one text.
pub fn joined(files: &[OutputFile]) -> String {
    let part = |it: &OutputFile| format!("==> {} <==\n{}", it.path, it.text);
    files.iter().map(part).collect::<Vec<_>>().join("\n")
}

/// Sources in a folder.
pub struct Folder(pub PathBuf);

impl Sources for Folder {
    fn read(&self, path: &str) -> Result<Arc<str>, String> {
        let text = fs::read_to_string(self.0.join(path));
        text.map(Arc::from)
            .map_err(|_| "there is no such file".to_owned())
    }

    fn open(&self, path: &str) -> Result<Entry, String> {
        let path = self.0.join(path);
        if path.is_dir() {
            let name = |it: &PathBuf| it.file_name().unwrap_or_default().to_string_lossy().into();
            return Ok(Entry::Folder(entries(&path).iter().map(name).collect()));
        }
        let bytes = fs::read(&path).map_err(|_| "there is no such file".to_owned())?;
        Ok(Entry::File {
            bytes: bytes.into(),
            runs: false,
        })
    }
}

/// The folder of a program, with another root.
pub struct Changed<'a> {
    /// The root file within the folder.
    pub root: &'a str,
    /// What it says instead.
    pub text: &'a str,
    /// The folder.
    pub rest: Folder,
}

impl Sources for Changed<'_> {
    fn read(&self, path: &str) -> Result<Arc<str>, String> {
        if path == self.root {
            return Ok(self.text.into());
        }
        self.rest.read(path)
    }

    fn open(&self, path: &str) -> Result<Entry, String> {
        self.rest.open(path)
    }
}
