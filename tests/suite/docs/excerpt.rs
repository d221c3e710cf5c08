//! An excerpt: whole lines of a longer text, and a line `…` for what is left out between them.

/// The line that stands for what is left out.
pub const LEFT_OUT: &str = "…";

/// What an excerpt of `whole` should say: each of its parts as it stands there, one after the other.
///
/// A part that stands there no more is taken anew, from its first line to its last (which may occur in it several times);
/// `None` if these are gone too.
pub fn renewed(excerpt: &str, whole: &str) -> Option<String> {
    let lines: Vec<&str> = whole.lines().collect();
    let mut rest = lines.as_slice();
    let mut said = Vec::new();
    for (number, part) in parts(excerpt).into_iter().enumerate() {
        if number > 0 {
            said.push(LEFT_OUT);
        }
        let (from, to) = found(&part, rest)?;
        said.extend(rest.get(from..to)?);
        rest = rest.get(to..)?;
    }
    Some(said.iter().map(|it| format!("{it}\n")).collect())
}

/// The lines between the lines `…`; a part without lines stands for one at an end of the excerpt.
fn parts(excerpt: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = excerpt.lines().collect();
    lines
        .split(|it| it.trim() == LEFT_OUT)
        .map(<[&str]>::to_vec)
        .collect()
}

/// Where a part stands, as a range of lines.
fn found(part: &[&str], lines: &[&str]) -> Option<(usize, usize)> {
    let (Some(first), Some(last)) = (part.first(), part.last()) else {
        return Some((0, 0));
    };
    if let Some(at) = lines.windows(part.len()).position(|it| it == part) {
        return Some((at, at + part.len()));
    }
    let from = lines.iter().position(|it| it == first)?;
    let times = part.iter().skip(1).filter(|it| *it == last).count();
    let ends = lines.iter().enumerate().skip(from + 1);
    let mut ends = ends.filter(|(_, it)| *it == last);
    let (to, _) = ends.nth(times.checked_sub(1)?)?;
    Some((from, to + 1))
}

#[test]
fn excerpts_are_renewed() {
    let whole = "a {\n  x = 1\n  y = 2\n}\nb {\n  z = 3\n}\n";
    for (excerpt, said) in [
        (whole, Some(whole)),
        ("a {\n…\n  z = 3\n", Some("a {\n…\n  z = 3\n")),
        ("b {\n…\n", Some("b {\n…\n")),
        ("a {\n  x = 0\n}\n", Some("a {\n  x = 1\n  y = 2\n}\n")),
        ("a {\n}\nb {\n}\n", Some(whole)),
        ("b {\n…\na {\n", None),
        ("  z = 4\n", None),
    ] {
        assert_eq!(renewed(excerpt, whole).as_deref(), said, "{excerpt}");
    }
}
