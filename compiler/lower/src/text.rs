//! Text that AWS takes in descriptions of groups and rules.

use topoc_ir::{Protocol, Transport};

/// Most characters of a description.
const MOST: usize = 255;

/// What a description may hold besides letters and digits.
const ALLOWED: &str = " ._-:/()#,@[]+=&;{}!$*";

/// The text with everything left out that such a description may not hold; arrows become words.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        // what may stand as it is is copied whole
        let end = rest
            .bytes()
            .position(|it| !it.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let (word, from) = rest.split_at(end);
        plain.push_str(word);
        let mut others = from.chars();
        let Some(it) = others.next() else { break };
        rest = others.as_str();
        match it {
            '-' if rest.starts_with('>') => {
                rest = rest.get(1..).unwrap_or_default();
                plain.push_str("to");
            }
            ' ' if rest.starts_with(": ") => {}
            it if ALLOWED.contains(it) => plain.push(it),
            '"' | '\'' | '`' => {}
            it if it.is_whitespace() => plain.push(' '),
            _ => plain.push('-'),
        }
    }
    plain.truncate(MOST);
    plain
}

/// A protocol in the id of a rule: `tcp-5432`, `tcp-3000-to-3010`.
pub fn label(protocol: Protocol) -> String {
    match protocol {
        Protocol::Ports(it, 0, u16::MAX) => transport(it).to_owned(),
        Protocol::Ports(it, low, high) if low == high => {
            [transport(it), "-", &low.to_string()].concat()
        }
        Protocol::Ports(it, low, high) => format!("{}-{low}-to-{high}", transport(it)),
        Protocol::Icmp(None) => "icmp".to_owned(),
        Protocol::Icmp(Some(kind)) => format!("icmp-{kind}"),
        Protocol::Number(number) => format!("protocol-{number}"),
        Protocol::All => "all".to_owned(),
    }
}

/// `tcp`, `udp`
pub fn transport(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "tcp",
        Transport::Udp => "udp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_plain() {
        assert_eq!(
            plain("alb -> web : forward \"/a/*\""),
            "alb to web: forward /a/*"
        );
        assert_eq!(plain("größe\t->\u{1f600}"), "gr--e to-");
        assert_eq!(plain(&"x".repeat(300)).len(), 255);
    }
}
