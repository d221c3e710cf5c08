//! Names: unknown, twice, hidden, outside.

use super::{expect, expect_files};

const SHOP: &str = r#"topology shop { region = "eu-central-1" }
network main { cidr = 10.0.0.0/16, zones = [a, b], subnet app { tier = private }, subnet data { tier = isolated } }
"#;

fn shop(text: &str) -> String {
    format!("{SHOP}{text}")
}

#[test]
fn an_unknown_end_is_one_report() {
    let text =
        shop("queue jobs\nservice web in main.app { image = \"nginx:1\" }\nweb -> jbos : send\n");
    expect(&text, "E0201 5:8 nothing here is called `jbos`");
}

#[test]
fn kinds_and_attributes() {
    expect(&shop("qeue jobs\n"), "E0202 3:1 there is no kind `qeue`");
    expect(
        &shop("queue jobs { visiblity = 30s }\n"),
        "E0203 3:14 a queue has no attribute `visiblity`",
    );
    expect(
        &shop("service web in main.app { count = 2, image = \"nginx:1\" }\n"),
        "E0203 3:27 a service has no attribute `count`",
    );
    expect(
        &shop("service web in main.app\n"),
        "E0302 3:9 service `web` needs `image`",
    );
    expect(
        &shop("service web in main.ap { image = \"nginx:1\" }\n"),
        "E0207 3:21 network `main` has no `ap`",
    );
}

#[test]
fn names_twice_and_names_hidden() {
    expect(
        &shop("queue jobs\nbucket jobs\n"),
        "E0204 4:8 `jobs` is declared twice",
    );
    expect(
        &shop("queue jobs { fifo = true, fifo = false }\n"),
        "E0204 3:27 `fifo` is given twice",
    );
    expect(
        &shop("param names: List<String> = []\nqueue jobs\nfor jobs in names { bucket b[jobs] }\n"),
        "E0205 5:5 `jobs` would hide another value of this name",
    );
    expect(
        &shop("let x = 1\nlet f(x: Int): Int = x\n"),
        "E0205 4:7 `x` would hide another value of this name",
    );
}

#[test]
fn types_fields_and_functions() {
    expect(
        &shop("param a: Strng = \"\"\n"),
        "E0206 3:10 there is no type `Strng`",
    );
    expect(
        &shop("param a: Statement?\n"),
        "E0206 3:10 there is no type `Statement`",
    );
    expect(
        &shop("type T = { a: Int }\nparam t: T = { a = 1, b = 2 }\n"),
        "E0207 4:23 T has no `b`",
    );
    expect(
        &shop("type T = { a: Int }\nparam t: T\nlet b = t.c\n"),
        "E0207 5:11 T has no `c`",
    );
    expect(
        &shop("param l: List<Int>\nlet n = lenght(l)\n"),
        "E0211 4:9 there is no function `lenght`",
    );
    expect(
        &shop("param l: List<Int>\nlet n = l.length()\n"),
        "E0207 4:11 `length` is not called with a dot",
    );
    expect(
        &shop("let a = length()\n"),
        "E0304 3:9 `length` takes one argument, not 0",
    );
    expect(
        &shop("let f(a: Int): Int = a\nlet b = f(1, 2)\nlet c = f()\n"),
        "E0304 4:14 `f` takes `a`\nE0304 5:9 `f` also needs `a`",
    );
}

#[test]
fn a_kind_does_not_see_the_program() {
    let text = shop(
        "queue jobs\nparam size: Int = 1\nlet two = 2\nkind team {\n  n: Int = size + two\n  output u: String = jobs.url\n}\n",
    );
    expect(
        &text,
        "E0208 7:12 a kind does not see the program around it\nE0208 8:22 a kind does not see the program around it",
    );
}

#[test]
fn used_files_show_their_own_names_only() {
    let root = "topology t { region = \"eu-central-1\" }\nuse \"./a.topo\"\nuse \"./b.topo\" as b\nlet x = one + b.two\nlet y = two\n";
    let files = [
        ("main.topo", root),
        ("a.topo", "let one = 1\n"),
        ("b.topo", "let two = 2\n"),
    ];
    expect_files(&files, "E0201 5:9 nothing here is called `two`");
    let root = "topology t { region = \"eu-central-1\" }\nuse \"./a.topo\"\nuse \"./b.topo\"\nlet x = one\n";
    let files = [
        ("main.topo", root),
        ("a.topo", "let one = 1\n"),
        ("b.topo", "let one = 2\n"),
    ];
    expect_files(&files, "E0210 4:9 `one` arrives from several files");
    let files = [
        (
            "main.topo",
            "topology t { region = \"eu-central-1\" }\nuse \"./a.topo\"\nuse \"./b.topo\"\n",
        ),
        ("a.topo", "queue jobs\n"),
        ("b.topo", "queue jobs\n"),
    ];
    expect_files(&files, "E0204 b.topo 1:7 `jobs` is declared twice");
}

#[test]
fn envs_bind_params() {
    let text = shop(
        "param size: Int = 1\ninput image: Image\nenv prod { size = 2, sise = 3 }\nenv dev { size = \"x\" }\nlet big = env == prd\n",
    );
    expect(
        &text,
        "E0407 5:22 there is no param `sise`\nE0301 6:18 expected Int, found String\n\
         E0306 7:18 `prd` is not a member of env",
    );
}

#[test]
fn promises_are_kept() {
    let text = shop(
        "trait speaker { output voice: String, output volume: Int }\nkind radio is speaker { output voice = \"fm\" }\nkind tv is speakr { output x: Int = 1 }\nkind mute is speaker { output voice: Bool = true, output volume = 0 }\n",
    );
    expect(
        &text,
        "E0311 4:6 kind `radio` does not keep the promise of `speaker`\nE0206 5:12 there is no type `speakr`\n\
         E0311 6:38 `speaker` promises String for `voice`, not Bool",
    );
}

#[test]
fn verbs_are_known_somewhere() {
    let text = shop(
        "queue jobs\nservice web in main.app { image = \"nginx:1\" }\nweb -> jobs : sned\nweb -> jobs : send, consume\n",
    );
    expect(&text, "E0506 5:15 no edge is called `sned`");
    let text = shop("queue jobs\nbucket data\ndata -> jobs : on created { sufix = \".txt\" }\n");
    expect(
        &text,
        "E0203 5:29 an `on created` edge has no attribute `sufix`",
    );
}

#[test]
fn topology_and_envs_stand_in_the_root() {
    let files = [
        (
            "main.topo",
            "topology t { region = \"eu-central-1\" }\nuse \"./a.topo\"\n",
        ),
        (
            "a.topo",
            "topology u { region = \"eu-central-1\" }\nenv prod\n",
        ),
    ];
    expect_files(
        &files,
        "E0110 a.topo 1:10 `topology` stands in the root file only\n\
         E0204 a.topo 1:10 a program has one topology\n\
         E0110 a.topo 2:5 `env` stands in the root file only",
    );
}

#[test]
fn kinds_and_functions_do_not_recurse() {
    let text = shop(
        "kind a { b inner }\nkind b { a inner, queue jobs }\nkind c { if true { c more } }\nlet f(n: Int): Int = g(n)\nlet g(n: Int): Int = if n > 0 then f(n - 1) else 0\n",
    );
    expect(
        &text,
        "E0401 4:12 kind `a` would contain itself: a → b → a\n\
         E0401 5:22 kind `c` would contain itself: c → c\n\
         E0401 7:36 function `f` would call itself: f → g → f",
    );
}
