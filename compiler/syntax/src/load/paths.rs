//! Paths of `use`: relative to the file that says so, with `/`.

/// The path that `used` means in the file `user`; `None` if it does not start with `./` or `../`.
pub fn join(user: &str, used: &str) -> Option<String> {
    if !used.starts_with("./") && !used.starts_with("../") {
        return None;
    }
    let folder = user
        .rfind('/')
        .and_then(|at| user.get(..=at))
        .unwrap_or_default();
    Some(normal(&format!("{folder}{used}")))
}

/// Without `.` and without `..` behind a name, so that equal files have equal paths.
pub fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn relative_to_the_user() {
        for (user, used, want) in [
            ("main.topo", "./a.topo", Some("a.topo")),
            ("x/main.topo", "../a.topo", Some("a.topo")),
            ("x/y.topo", "./z/../a.topo", Some("x/a.topo")),
            ("main.topo", "../../a.topo", Some("../../a.topo")),
            ("/p/main.topo", "./a.topo", Some("/p/a.topo")),
            ("main.topo", "kit", None),
        ] {
            assert_eq!(join(user, used).as_deref(), want);
        }
    }
}
