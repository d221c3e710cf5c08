//! Probe.
use std::sync::Arc;
use topoc_diagnostics::Diagnostics;
struct Disk(std::path::PathBuf);
impl topoc_syntax::Sources for Disk {
    fn read(&self, path: &str) -> Result<Arc<str>, String> {
        std::fs::read_to_string(self.0.join(path))
            .map(Into::into)
            .map_err(|e| e.to_string())
    }
}
fn main() {
    let deep = std::env::args().any(|a| a == "--deep");
    let time = std::env::args().any(|a| a == "--time");
    for arg in std::env::args().skip(1).filter(|a| !a.starts_with("--")) {
        let path = std::path::PathBuf::from(&arg);
        let disk = Disk(path.parent().unwrap().to_path_buf());
        let it = topoc_stdlib::LIBRARY;
        let library = topoc_syntax::Library {
            files: it.files,
            plain: it.plain,
            values: it.values,
            services: it.services,
            edges: it.edges,
            means: it.means,
        };
        let mut out = Diagnostics::default();
        let t = std::time::Instant::now();
        let program = topoc_syntax::load(
            path.file_name().unwrap().to_str().unwrap(),
            &disk,
            &library,
            &mut out,
        );
        let load = t.elapsed();
        let t = std::time::Instant::now();
        let checked = if deep {
            topoc_check::check_library(&program, &library, &mut out)
        } else {
            topoc_check::check(&program, &library, &mut out)
        };
        let check = t.elapsed();
        if time {
            println!(
                "{arg}: load {load:?} ({} files) check {check:?} members {}",
                program.files.len(),
                checked.members.len()
            );
            for _ in 0..5 {
                let t = std::time::Instant::now();
                let mut o = Diagnostics::default();
                topoc_check::check(&program, &library, &mut o);
                println!("  again {:?}", t.elapsed());
            }
        }
        for d in out.sorted() {
            let (file, at, label) = match &d.primary {
                Some(l) => {
                    let f = &program.files[l.span.file.0 as usize];
                    let before = &f.text[..l.span.start as usize];
                    let line = before.matches('\n').count() + 1;
                    let col = l.span.start as usize - before.rfind('\n').map_or(0, |i| i + 1) + 1;
                    (
                        f.path.clone(),
                        format!(
                            "{line}:{col} `{}`",
                            &f.text[l.span.start as usize
                                ..(l.span.end as usize).min(l.span.start as usize + 40)]
                                .replace('\n', " ")
                        ),
                        l.text.clone(),
                    )
                }
                None => (String::new(), String::new(), String::new()),
            };
            println!(
                "{} {file}:{at} {} | {label} {}",
                d.code.id(),
                d.message,
                d.help.map(|h| format!("| help: {h}")).unwrap_or_default()
            );
        }
    }
}
