//! Logical names made of paths: what a resource is called inside one target's program.
//!
//! INVARIANT (own path): a name depends on the path alone, never on an order, a count or other resources. The characters
//! that a target cannot write become word borders (`*` becomes the word `any`, `->` becomes `to`); where that loses
//! something that keys may differ in, a short hash of the path follows. What still meets is reported by `verify`.

use topoc_shares as shares;
use ustr::{Ustr, UstrMap};

use crate::resource::ResourceId;
use crate::spelled::{Spelled, Target};

/// From how many resources on processors share the naming.
const MANY: usize = 2_000;

/// CloudFormation's limit; kept in all targets.
const LONGEST: usize = 255;

/// What a path is called in one target.
#[derive(Clone, Debug)]
pub struct Named {
    /// `WebDefinition`, `web_definition`, `web-definition`
    pub name: String,
    /// The resource's or lookup's type in this target.
    pub ty: Ustr,
    /// Whether it is looked up, and its index among the lookups; else its index among the resources.
    pub place: Place,
}

/// Where something stands in [`Spelled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Index in [`Spelled::resources`].
    Resource(usize),
    /// Index in [`Spelled::lookups`].
    Lookup(usize),
}

/// The names of everything that can be referred to by path, each computed once.
#[derive(Clone, Debug, Default)]
pub struct Ids(UstrMap<Named>);

impl Ids {
    /// Names all resources and lookups.
    pub fn new(spelled: &Spelled) -> Self {
        let mut all = Self(UstrMap::default());
        all.0
            .reserve(spelled.resources.len() + spelled.lookups.len());
        let named = shares::map(&spelled.resources, MANY, |share| {
            let mut words = Words::default();
            let named = share.iter();
            named
                .map(|it| logical_by(&mut words, spelled.target, it.id))
                .collect()
        });
        for ((index, it), name) in spelled.resources.iter().enumerate().zip(named) {
            all.add(it.id, name, it.ty, Place::Resource(index));
        }
        for (index, it) in spelled.lookups.iter().enumerate() {
            let name = logical(spelled.target, it.id);
            all.add(it.id, name, it.ty, Place::Lookup(index));
        }
        all
    }

    fn add(&mut self, id: ResourceId, name: String, ty: Ustr, place: Place) {
        self.0.insert(id.0, Named { name, ty, place });
    }

    /// What a path is called; `None` for paths that this target does not have.
    pub fn get(&self, id: ResourceId) -> Option<&Named> {
        self.0.get(&id.0)
    }
}

/// The logical name of a resource or lookup: `WebDefinition`, `web_definition`, `web-definition`.
pub fn logical(target: Target, id: ResourceId) -> String {
    logical_by(&mut Words::default(), target, id)
}

fn logical_by(words: &mut Words, target: Target, id: ResourceId) -> String {
    words.text.clear();
    words.ends.clear();
    words.path(id.0.as_str());
    let name = match target {
        Target::Cfn => words.pascal(),
        Target::Terraform => words.joined('_'),
        Target::Pulumi => words.joined('-'),
    };
    let name = match name.as_str() {
        "pulumi" if target == Target::Pulumi => "pulumi-resource".to_owned(),
        _ => name,
    };
    fitted(name, id.0.as_str(), target)
}

/// The name of an input: `DbName`, `db_name`, `dbName`.
pub fn input(target: Target, name: Ustr) -> String {
    match target {
        Target::Cfn => words_of(name).pascal(),
        Target::Terraform if RESERVED_VARIABLES.contains(&name.as_str()) => format!("input_{name}"),
        Target::Terraform => name.as_str().to_owned(),
        Target::Pulumi if name.as_str() == "pulumi" => "pulumiInput".to_owned(),
        // Legal in Pulumi; but one program then has one set of names, and bridges to terraform read it too.
        Target::Pulumi if RESERVED_VARIABLES.contains(&name.as_str()) => {
            words_of(Ustr::from(&format!("input_{name}"))).camel()
        }
        Target::Pulumi => words_of(name).camel(),
    }
}

/// The name of an output: `ServiceUrl`, `service_url`, `serviceUrl`.
pub fn output(target: Target, name: Ustr) -> String {
    match target {
        Target::Cfn => words_of(name).pascal(),
        Target::Terraform => name.as_str().to_owned(),
        Target::Pulumi => words_of(name).camel(),
    }
}

/// CloudFormation: the parameter that asks for one output of a lookup, `SiteFoundArn`.
pub fn lookup_parameter(lookup: &str, output: &str) -> String {
    let mut name = lookup.to_owned();
    name.push_str(&words_of(Ustr::from(output)).pascal());
    name
}

/// Names that terraform keeps for the arguments of a module.
const RESERVED_VARIABLES: &[&str] = &[
    "source",
    "version",
    "providers",
    "count",
    "for_each",
    "lifecycle",
    "depends_on",
    "locals",
];

/// Where `["` stands.
fn key_in(path: &str) -> Option<usize> {
    let mut brackets = path.bytes().enumerate().filter(|it| it.1 == b'[');
    let found = brackets.find(|(at, _)| path.as_bytes().get(at + 1) == Some(&b'"'));
    found.map(|it| it.0)
}

fn words_of(name: Ustr) -> Words {
    let mut words = Words::default();
    words.path(name.as_str());
    words
}

/// Cuts a name that is too long; the hash keeps it apart.
fn fitted(mut name: String, path: &str, target: Target) -> String {
    if name.len() > LONGEST {
        name.truncate(LONGEST - 8);
        if target != Target::Cfn {
            name.push('-');
        }
        name.push_str(&short_hash(path));
    }
    name
}

/// Six hexadecimal digits of FNV-1a.
fn short_hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{:06x}", (hash ^ (hash >> 32)) & 0x00ff_ffff)
}

/// The words of a path: lower case letters and digits, one after the other; `ends` says where each ends.
#[derive(Default)]
struct Words {
    text: String,
    ends: Vec<usize>,
}

impl Words {
    /// Takes a path apart.
    fn path(&mut self, path: &str) {
        if path.starts_with(|first: char| !first.is_ascii_alphabetic()) {
            self.word("from");
        }
        let mut lost = false;
        let mut rest = path;
        while let Some(at) = key_in(rest) {
            let (before, from) = rest.split_at(at);
            let key = from.get(2..).unwrap_or_default();
            let end = key.find("\"]").unwrap_or(key.len());
            lost |= self.plain(before);
            lost |= self.key(key.get(..end).unwrap_or_default());
            rest = key.get(end + 2..).unwrap_or_default();
        }
        lost |= self.plain(rest);
        if lost || self.ends.is_empty() {
            self.word(&short_hash(path));
        }
    }

    /// The part outside keys; whether it loses something.
    fn plain(&mut self, text: &str) -> bool {
        let mut lost = false;
        let mut last = b' ';
        // words are copied whole; a byte that is no part of one ends it
        let mut word = 0;
        for (at, byte) in text.bytes().enumerate() {
            if !byte.is_ascii_lowercase() && !byte.is_ascii_digit() {
                self.text.push_str(text.get(word..at).unwrap_or_default());
                word = at + 1;
                lost |= self.border(byte, last);
            }
            last = byte;
        }
        self.text.push_str(text.get(word..).unwrap_or_default());
        self.end();
        lost
    }

    /// What stands between words; whether it loses something.
    fn border(&mut self, byte: u8, last: u8) -> bool {
        match byte {
            b'A'..=b'Z' => self.text.push(char::from(byte.to_ascii_lowercase())),
            b'>' if last == b'-' => self.word("to"),
            b'*' => self.word("any"),
            b'.' | b'/' | b'_' | b'-' | b':' | b' ' | b'[' | b']' | b'"' | b',' => self.end(),
            _ => {
                self.end();
                return true;
            }
        }
        false
    }

    /// A key; whether it loses something that another key of the same family may differ in.
    ///
    /// Nothing is lost of lower case words with single borders: `admin`, `a-b`, `/api/v1/*`, `*.example.com`.
    fn key(&mut self, key: &str) -> bool {
        if key == "/" {
            self.word("root");
            return false;
        }
        let mut lost = key.is_empty();
        let mut last = '/';
        for (at, char) in key.char_indices() {
            match char {
                'a'..='z' | '0'..='9' => {
                    lost |= last == '*';
                    self.text.push(char);
                }
                'A'..='Z' => {
                    lost = true;
                    self.text.push(char.to_ascii_lowercase());
                }
                '*' => {
                    lost |= last != '/';
                    self.word("any");
                }
                '.' | '/' | '_' | '-' => {
                    lost |= at > 0 && matches!(last, '.' | '/' | '_' | '-');
                    self.end();
                }
                _ => {
                    lost = true;
                    self.end();
                }
            }
            last = char;
        }
        self.end();
        lost || matches!(last, '.' | '/' | '_' | '-')
    }

    /// A whole word of its own.
    fn word(&mut self, word: &str) {
        self.end();
        self.text.push_str(word);
        self.end();
    }

    /// Ends the word, if there is one.
    fn end(&mut self) {
        if self.ends.last().copied().unwrap_or(0) < self.text.len() {
            self.ends.push(self.text.len());
        }
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .filter_map(|(start, &end)| self.text.get(start..end))
    }

    fn joined(&self, border: char) -> String {
        let mut name = String::with_capacity(self.text.len() + self.ends.len());
        for word in self.iter() {
            if !name.is_empty() {
                name.push(border);
            }
            name.push_str(word);
        }
        name
    }

    /// `x` stands between two digits that would otherwise run together.
    fn pascal(&self) -> String {
        let mut name = String::with_capacity(self.text.len() + self.ends.len());
        for word in self.iter() {
            let mut chars = word.chars();
            let Some(first) = chars.next() else { continue };
            if first.is_ascii_digit() && name.ends_with(|last: char| last.is_ascii_digit()) {
                name.push('x');
            }
            name.push(first.to_ascii_uppercase());
            name.push_str(chars.as_str());
        }
        name
    }

    fn camel(&self) -> String {
        let mut name = self.pascal();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(path: &str) -> [String; 3] {
        Target::ALL.map(|target| logical(target, ResourceId(Ustr::from(path))))
    }

    #[test]
    fn paths_read_as_an_expert_would_write_them() {
        assert_eq!(
            all("web.definition"),
            ["WebDefinition", "web_definition", "web-definition"]
        );
        assert_eq!(all("main.app[a]"), ["MainAppA", "main_app_a", "main-app-a"]);
        assert_eq!(
            all("main/internet_gateway"),
            [
                "MainInternetGateway",
                "main_internet_gateway",
                "main-internet-gateway"
            ]
        );
        assert_eq!(
            all("api[\"admin\"].run"),
            ["ApiAdminRun", "api_admin_run", "api-admin-run"]
        );
        assert_eq!(
            all("alb->web:forward[\"/*\"].targets"),
            [
                "AlbToWebForwardAnyTargets",
                "alb_to_web_forward_any_targets",
                "alb-to-web-forward-any-targets"
            ]
        );
        assert_eq!(
            all("10.0.0.0/8->web:tcp")[0],
            "From10x0x0x0x8ToWebTcp",
            "digits do not run together"
        );
    }

    #[test]
    fn keys_that_lose_characters_get_a_hash() {
        assert_ne!(all("a[\"/api*\"]"), all("a[\"/api/*\"]"));
        assert_ne!(all("a[\"Admin\"]"), all("a[\"admin\"]"));
        assert_ne!(all("a[\"/api/\"]"), all("a[\"/api\"]"));
        assert_ne!(all("a[\"ü\"]"), all("a[\"ö\"]"));
        assert_ne!(all("a[\"\"]"), all("a"));
        assert_eq!(all("a[\"/\"]")[1], "a_root");
        assert_eq!(all("a[\"*.example.com\"]")[1], "a_any_example_com");
    }

    #[test]
    fn names_stay_within_the_limit() {
        let long = "x".repeat(300);
        for name in all(&long) {
            assert!(name.len() <= LONGEST, "{}", name.len());
        }
        assert_ne!(all(&long), all(&format!("{long}y")));
    }

    #[test]
    fn inputs_follow_each_target() {
        let name = Ustr::from("db_name");
        assert_eq!(input(Target::Cfn, name), "DbName");
        assert_eq!(input(Target::Terraform, name), "db_name");
        assert_eq!(input(Target::Pulumi, name), "dbName");
        assert_eq!(
            input(Target::Terraform, Ustr::from("version")),
            "input_version"
        );
    }
}
