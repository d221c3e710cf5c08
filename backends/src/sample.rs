//! A program built by hand for the tests of the printers: one of everything that notation can get wrong.

use topoc_ir::topology::Input;
use topoc_ir::verify::verify;
use topoc_ir::{
    Doc, InputFact, LateDoc, Origin, Piece, Reference, ResourceId, Retain, Spelled, SpelledInput,
    SpelledLookup, SpelledOutput, SpelledResource, Target, Value, Verified,
};
use ustr::Ustr;

pub fn u(text: &str) -> Ustr {
    Ustr::from(text)
}

pub fn id(path: &str) -> ResourceId {
    ResourceId(u(path))
}

pub fn text(it: &str) -> Doc {
    Doc::Text(u(it))
}

pub fn texts(all: &[&str]) -> Doc {
    Doc::List(all.iter().map(|it| text(it)).collect())
}

pub fn fields(all: &[(&str, Doc)]) -> Vec<(Ustr, Doc)> {
    all.iter().map(|(key, doc)| (u(key), doc.clone())).collect()
}

pub fn object(all: &[(&str, Doc)]) -> Doc {
    Doc::Object(fields(all))
}

pub fn block(all: &[(&str, Doc)]) -> Doc {
    Doc::Block(fields(all))
}

pub fn input(name: &str) -> LateDoc {
    LateDoc::Input(u(name))
}

pub fn id_of(path: &str) -> LateDoc {
    LateDoc::Resource(id(path), Reference::Id)
}

pub fn of(path: &str, attribute: &str) -> LateDoc {
    LateDoc::Resource(id(path), Reference::Path(u(attribute)))
}

pub fn found(path: &str, output: &str) -> LateDoc {
    LateDoc::Lookup(id(path), Reference::Path(u(output)))
}

/// Texts and holes by turns: the first is a text.
pub fn template(first: &str, rest: &[(LateDoc, &str)]) -> Doc {
    let mut pieces = vec![Piece::Text(u(first))];
    for (late, after) in rest {
        pieces.push(Piece::Late(late.clone()));
        pieces.push(Piece::Text(u(after)));
    }
    pieces.retain(|it| *it != Piece::Text(u("")));
    Doc::Template(pieces)
}

pub fn resource(path: &str, ty: &str, properties: &[(&str, Doc)]) -> SpelledResource {
    let end = path.find(['.', '[', '/']).unwrap_or(path.len());
    SpelledResource {
        id: id(path),
        ty: u(ty),
        properties: fields(properties),
        after: Vec::new(),
        region: None,
        retain: Retain::Delete,
        ignore: Vec::new(),
        docs: None,
        allows: Vec::new(),
        group: u(&path[..end]),
        origin: Origin::default(),
    }
}

pub fn lookup(path: &str, ty: &str, arguments: &[(&str, Doc)]) -> SpelledLookup {
    SpelledLookup {
        id: id(path),
        ty: u(ty),
        arguments: fields(arguments),
        parameters: Vec::new(),
        region: None,
        docs: None,
        origin: Origin::default(),
    }
}

fn declared(
    name: &str,
    ty: &str,
    docs: &str,
    facts: Vec<InputFact>,
    default: Option<Doc>,
) -> SpelledInput {
    SpelledInput {
        input: Input {
            name: u(name),
            docs: Some(u(docs)),
            ty: u(ty),
            default: None,
            refinement: facts,
            span: Default::default(),
        },
        default,
    }
}

/// Every type of input with every fact.
pub fn inputs() -> Vec<SpelledInput> {
    let word = |it: &str| Value::word(u(it));
    vec![
        declared(
            "password",
            "Secret",
            "Password of the\ndatabase.",
            vec![InputFact::Length(Some(8), Some(41))],
            None,
        ),
        declared(
            "tasks",
            "Int",
            "How many.",
            vec![InputFact::Between(
                Some(Value::Int(1)),
                Some(Value::Int(10)),
            )],
            Some(Doc::Int(2)),
        ),
        declared(
            "debug",
            "Bool",
            "Whether to log more.",
            vec![],
            Some(Doc::Bool(false)),
        ),
        declared(
            "version",
            "String",
            "Release.",
            vec![InputFact::Matches(u(r"\d+\.\d+"))],
            Some(text("1.0")),
        ),
        declared(
            "stage",
            "String",
            "Which.",
            vec![InputFact::In(vec![word("dev"), word("prod")])],
            None,
        ),
        declared(
            "subnet_ids",
            "List<String>",
            "Where.",
            vec![InputFact::Matches(u("subnet-[0-9a-f]+|vpc"))],
            Some(texts(&["subnet-1", "subnet-2"])),
        ),
    ]
}

/// A program around what is given.
pub fn program(
    target: Target,
    lookups: Vec<SpelledLookup>,
    resources: Vec<SpelledResource>,
    outputs: &[(&str, Doc)],
) -> Verified {
    let outputs = outputs.iter().map(|(name, value)| SpelledOutput {
        name: u(name),
        docs: Some(u("Where it is.")),
        value: value.clone(),
        span: Default::default(),
    });
    let spelled = Spelled {
        target,
        name: u("shop"),
        docs: Some(u("A shop: \"one\" of\neverything.")),
        region: u("eu-central-1"),
        env: None,
        inputs: inputs(),
        lookups,
        resources,
        outputs: outputs.collect(),
    };
    let mut out = topoc_diagnostics::Diagnostics::default();
    let verified = verify(spelled, &mut out);
    verified.unwrap_or_else(|| panic!("{:#?}", out.iter().collect::<Vec<_>>()))
}

/// A policy document with everything that templates and JSON escape.
pub fn policy(keys: [&str; 4], queue: LateDoc) -> Doc {
    let [version, statement, resource, condition] = keys;
    let one = object(&[
        ("Effect", text("Allow")),
        ("Action", texts(&["sqs:SendMessage"])),
        (resource, Doc::Late(queue)),
        (
            condition,
            object(&[(
                "StringLike",
                object(&[
                    ("aws:PrincipalTag/\"team\"", text("${aws:username}")),
                    (
                        "aws:SourceArn",
                        template(
                            "arn:aws:s3:::",
                            &[(LateDoc::Account, "-${x}-$$"), (input("stage"), "")],
                        ),
                    ),
                ]),
            )]),
        ),
    ]);
    object(&[
        (version, text("2012-10-17")),
        (statement, Doc::List(vec![one])),
    ])
}

/// Compares with the files that stand beside the tests; `TOPOC_UPDATE=1` writes them.
pub fn assert_files(folder: &str, files: &[crate::OutputFile]) {
    for file in files {
        let path = format!("{}/src/{folder}/{}", env!("CARGO_MANIFEST_DIR"), file.path);
        if std::env::var_os("TOPOC_UPDATE").is_some() {
            std::fs::write(&path, file.text.to_string()).expect("the folder exists");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(file.text.to_string(), expected, "{path}");
    }
}
