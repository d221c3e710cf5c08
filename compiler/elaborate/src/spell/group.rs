//! The top-level declaration that a resource stems from, as headings and file names show it.

use topoc_ir::ResourceId;
use ustr::Ustr;

/// `web` of `web.definition`; `alb -> web : forward "/*"` of `alb->web:forward["/*"].targets`; `web -> db : tcp 5432` of
/// a rule.
pub(super) fn group_of(id: ResourceId) -> Ustr {
    let path = id.0.as_str();
    match edge(path) {
        Some(text) => Ustr::from(&text),
        None => {
            let end = path.find(['.', '[', '/']).unwrap_or(path.len());
            Ustr::from(path.get(..end).unwrap_or(path))
        }
    }
}

fn edge(path: &str) -> Option<String> {
    let (source, rest) = path.split_once("->")?;
    let colon = last_bare(rest, ':')?;
    let (target, verb) = (rest.get(..colon)?, rest.get(colon + 1..)?);
    let end = first_bare(verb, ['.', '/']).unwrap_or(verb.len());
    let verb = verb.get(..end)?;
    let (word, rest) = match verb.split_once('[') {
        Some((word, key)) => (word, Some(key.trim_end_matches(']'))),
        None => verb
            .split_once('-')
            .map_or((verb, None), |(word, rest)| (word, Some(rest))),
    };
    let (blank, rest) = rest.map_or(("", ""), |it| (" ", it));
    Some([source, " -> ", target, " : ", word, blank, rest].concat())
}

/// Where the last one outside keys stands.
fn last_bare(text: &str, wanted: char) -> Option<usize> {
    bare(text)
        .filter(|(_, it)| *it == wanted)
        .last()
        .map(|(at, _)| at)
}

fn first_bare(text: &str, wanted: [char; 2]) -> Option<usize> {
    bare(text)
        .find(|(_, it)| wanted.contains(it))
        .map(|(at, _)| at)
}

/// The characters outside quotes.
fn bare(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut quoted = false;
    text.char_indices().filter(move |(_, it)| {
        quoted ^= *it == '"';
        !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_declarations() {
        for (path, group) in [
            ("web.definition", "web"),
            ("main.app[a]/association", "main"),
            ("api[\"x\"].run", "api"),
            (
                "alb->web:forward[\"/a:b.c\"].targets",
                "alb -> web : forward \"/a:b.c\"",
            ),
            ("web->db:tcp-5432/egress", "web -> db : tcp 5432"),
            ("web->::/0:tcp-443/egress", "web -> ::/0 : tcp 443"),
            ("api[\"x\"]->db:read", "api[\"x\"] -> db : read"),
        ] {
            assert_eq!(group_of(ResourceId(Ustr::from(path))).as_str(), group);
        }
    }
}
