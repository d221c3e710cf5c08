//! The nearest of the known names.

use topoc_syntax::Library;
use ustr::Ustr;

/// The known name that `name` most likely means; `None` if none is close.
pub fn nearest(name: &str, known: impl IntoIterator<Item = Ustr>) -> Option<Ustr> {
    let known = known.into_iter().map(|it| it.as_str());
    topoc_diagnostics::nearest(name, known).map(Ustr::from)
}

/// Kinds, traits and enumerations that the library declares, loaded or not.
pub fn library_words(library: &Library) -> impl Iterator<Item = Ustr> {
    library.plain.iter().map(|(word, _)| Ustr::from(word))
}

/// Protocols and other values that the library declares.
pub fn library_values(library: &Library) -> impl Iterator<Item = Ustr> {
    library.values.iter().map(|(word, _)| Ustr::from(word))
}

/// Types and functions of the library, as `iam.Statement`.
pub fn library_members(library: &Library) -> Vec<Ustr> {
    let services = library.services.iter();
    services
        .flat_map(|(service, names, _)| names.iter().map(|(word, _)| dotted(service, word)))
        .collect()
}

/// Resource and lookup types of the library, as `sqs.queue`.
pub fn library_resource_types(library: &Library) -> Vec<Ustr> {
    let services = library.services.iter();
    services
        .flat_map(|(service, _, types)| types.iter().map(|(word, _)| dotted(service, word)))
        .collect()
}

fn dotted(service: &str, word: &str) -> Ustr {
    Ustr::from(&format!("{service}.{word}"))
}

/// "`a`, `b`, `c`"; at most eight, else `None`.
pub fn choices(known: &[Ustr]) -> Option<String> {
    (!known.is_empty() && known.len() <= 8).then(|| {
        known
            .iter()
            .map(|it| format!("`{it}`"))
            .collect::<Vec<_>>()
            .join(", ")
    })
}

/// More than eight names, for a help: lines of them.
pub fn all(intro: &str, known: &[Ustr]) -> Option<String> {
    if known.len() <= 8 {
        return None;
    }
    let mut text = format!("{intro} ");
    let mut width = text.len();
    for (position, name) in known.iter().enumerate() {
        let comma = if position + 1 < known.len() { "," } else { "" };
        if width + name.len() > WIDTH {
            text.push('\n');
            width = 0;
        }
        let space = if text.ends_with([' ', '\n']) { "" } else { " " };
        text.push_str(&format!("{space}{name}{comma}"));
        width += name.len() + 2;
    }
    Some(text)
}

/// How long a line of names is.
const WIDTH: usize = 90;

/// What networks, groups and edges make.
pub const DERIVED: &str =
    "this follows from `network NAME { … }` and its subnets, from groups and edges";

/// What to write instead of a kind that people bring from other languages.
pub fn habit_of_kind(name: &str) -> Option<&'static str> {
    Some(match name {
        "vpc" => "a network: `network main { cidr = 10.0.0.0/16, zones = [a, b] }`",
        "subnet" => {
            "subnets stand in their network: `network main { …, subnet app { tier = private } }`"
        }
        "security_group" | "sg" | "security_group_rule" | "firewall_rule" => {
            "every placed node has a security group of its own, and edges open it: `web -> db : postgres`"
        }
        "nat_gateway" | "internet_gateway" | "route_table" | "nat" | "igw" | "vpc_endpoint" => {
            "this follows from the tiers of the subnets: `subnet app { tier = private }`"
        }
        "iam_role" | "role" | "iam_policy" | "policy" | "permission" | "iam_role_policy" => {
            "permissions follow from edges: `web -> pictures : read`"
        }
        "class" | "component" | "construct" | "module" => {
            "what repeats is a kind: `kind app { … }`"
        }
        "struct" | "interface" | "record" => "a record type is `type Spec = { name: String }`",
        "const" | "var" | "val" | "local" => "a value is `let NAME = …`",
        "variable" | "parameter" => {
            "`param NAME: Type = …` is known when compiling, `input NAME: Type` at deployment"
        }
        _ => return None,
    })
}

/// What to write instead of an attribute that people bring from other languages.
pub fn habit(name: &str, owner: &str, known: &[Ustr]) -> Option<String> {
    Some(match name {
        "count" | "desired_count" | "replicas" if known.iter().any(|it| it == "tasks") => {
            "`tasks = 2` runs two of it, `tasks = 2..6` as many as are needed".to_owned()
        }
        "count" | "for_each" => {
            format!("repeat the declaration: `for n in 1..2 {{ {owner} NAME[\"{{n}}\"] {{ … }} }}`")
        }
        "azs" | "availability_zone" | "availability_zones" if known.iter().any(|it| it == "zones") => {
            "zones are letters: `zones = [a, b]`".to_owned()
        }
        "cidr_block" | "cidr" if owner == "subnet" => {
            "blocks are allotted; `from = 10.0.0.0/22` says where those of all zones begin, `cidrs = { a = 10.0.0.0/24 }` states each".to_owned()
        }
        "type" | "public" | "private" | "map_public_ip_on_launch" if owner == "subnet" => {
            "`tier = public`, `tier = private` or `tier = isolated`".to_owned()
        }
        "depends_on" | "dependsOn" | "DependsOn" => {
            "nothing is needed: order follows from references and edges".to_owned()
        }
        "security_groups" | "security_group_ids" | "vpc_security_group_ids" | "ingress" | "egress"
        | "security_group" => "write edges, such as `web -> db : postgres`; they open what is needed, and nothing else".to_owned(),
        "subnets" | "subnet_ids" | "subnet_id" | "subnet" | "vpc" | "vpc_id" | "network"
            if !matches!(owner, "network" | "subnet") =>
        {
            "say where it stands: `KIND NAME in NETWORK.SUBNET`".to_owned()
        }
        "groups" if !matches!(owner, "network" | "subnet" | "endpoints" | "group" | "external") => {
            format!("a {owner} stands in no network, so no group holds it; edges say who may do what with it")
        }
        "role" | "iam_role" | "role_arn" | "execution_role_arn" | "task_role_arn" | "policy" | "permissions" => {
            "roles and permissions follow from edges, such as `web -> pictures : read`".to_owned()
        }
        "lifecycle" | "provider" => "resources of a kind are changed by `adjust NAME.PART { … }`".to_owned(),
        _ => return None,
    })
}

/// The field or output that a library text spells as `name` in a target.
pub fn spelled_as(text: &str, name: &str) -> Option<Ustr> {
    let targets = ["cfn", "terraform", "pulumi"];
    let mut places = targets
        .iter()
        .filter_map(|it| text.find(&format!("{it} = \"{name}\"")));
    let before = text.get(..places.next()?)?;
    let begins = |it: &&str| it.starts_with("  ") && !it.starts_with("   ");
    let line = before.rsplit('\n').find(begins)?.trim();
    let (field, _) = line
        .strip_prefix("output ")
        .unwrap_or(line)
        .split_once(':')?;
    let is_name = field
        .bytes()
        .all(|it| it.is_ascii_lowercase() || it == b'_');
    is_name.then(|| Ustr::from(field))
}

/// The known name that is a word of `name` or has it as a word or beginning: `memory` of `memory_size`, `environment` of
/// `env`; `None` if several are.
pub fn part_of(name: &str, known: &[Ustr]) -> Option<Ustr> {
    let has = |whole: &str, part: &str| part.len() > 2 && whole.split('_').any(|it| it == part);
    let begins = |whole: &str| name.len() > 2 && whole.starts_with(name);
    let meant = |it: &&Ustr| has(name, it) || has(it, name) || begins(it);
    match known.iter().filter(meant).collect::<Vec<_>>().as_slice() {
        [one] => Some(**one),
        _ => None,
    }
}

/// The one known name of which `name` is a word: `my_db` of `db`.
pub fn word_of(name: &str, known: &[Ustr]) -> Option<Ustr> {
    let mut found = known
        .iter()
        .filter(|it| it.contains('_') && it.split('_').any(|it| it == name));
    let first = found.next()?;
    found.all(|it| it == first).then_some(*first)
}

/// What a word of another language is called here.
pub fn foreign_word(name: &str) -> Option<&'static str> {
    Some(match name {
        "null" | "nil" | "None" | "undefined" | "NULL" => "none",
        "True" | "TRUE" | "yes" | "Yes" | "on" | "On" | "enabled" => "true",
        "False" | "FALSE" | "no" | "No" | "off" | "Off" | "disabled" => "false",
        "this" => "self",
        _ => return None,
    })
}

/// What to write instead of a function of another language.
pub fn foreign_function(name: &str) -> Option<&'static str> {
    Some(match name {
        "range" => "a range is written `1..3`",
        "len" | "size" | "count" => "write `length(xs)`",
        "format" | "sprintf" | "concat" | "str" | "tostring" | "string" => {
            "values are inserted into text: `\"{name}-{n}\"`"
        }
        "merge" | "append" | "push" => "lists and maps are joined by `+`",
        "map" | "filter" => "write `[for x in xs if condition: value]`",
        "contains" | "includes" => "write `x in xs`",
        "getenv" | "environ" => {
            "what differs between runs is a `param`, set by `--set` or a params file"
        }
        "print" | "println" | "log" => "what a program tells is an `output`",
        "jsonencode" => "write `json(value)`",
        "zip" | "archive" | "folder" | "directory" | "dir" | "bundle" | "package" | "pack"
        | "filebase64" => "write `asset(\"./folder\")`, which packs a file or folder",
        "templatefile" => "write `template(\"file\", { name = value })`",
        "cidrsubnet" => "write `block(range, size, number)`",
        _ => return None,
    })
}

/// What a type of another language is called here.
pub fn foreign_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "str" | "text" | "Text" | "Str" | "char" | "Url" | "URL" | "url" | "Uri" | "Host" => {
            "String"
        }
        "number" | "Number" | "integer" | "Integer" | "long" | "uint" | "i64" => "Int",
        "double" | "Double" | "decimal" | "Decimal" | "real" => "Float",
        "boolean" | "Boolean" => "Bool",
        "array" | "Array" | "set" | "Set" | "tuple" | "vec" | "Vec" => "List<String>",
        "object" | "Object" | "dict" | "Dict" | "record" | "Record" | "hash" => "Map<String>",
        "ip" | "IP" | "cidr_block" | "Ip" => "Cidr",
        "bytes" | "Bytes" | "Memory" => "Size",
        "time" | "Time" | "seconds" | "Seconds" | "interval" => "Duration",
        "password" | "Password" => "Secret",
        _ => return None,
    })
}
