//! The programs that are measured: a web system of any size, and one that people read.

use std::fmt::{Error, Write};
use std::sync::Arc;

use topoc_driver::Sources;

/// The text of a program that stands in one file.
pub struct Single(pub Arc<str>);

impl Sources for Single {
    fn read(&self, _: &str) -> Result<Arc<str>, String> {
        Ok(self.0.clone())
    }
}

/// `notejam`, or the system of so many services: `1000`.
pub fn text(name: &str) -> Single {
    Single(match name.parse() {
        Ok(services) => program(services).into(),
        Err(_) => NOTEJAM.into(),
    })
}

const NOTEJAM: &str = include_str!("../../../examples/systems/notejam/notejam.topo");

/// How many services the addresses of the small plan hold: while a deployment runs, all four tasks of each may stand in
/// one zone.
const SMALL: usize = 60;
/// So many rules fit into a group; more need a raised quota.
const RULES: usize = 60;

/// The program of `services` services. Each has a group, a task definition, a log group, a role, a target group and a
/// listener rule of its own, and edges from the load balancer, to the database, to its part of a bucket, and to the next one.
pub fn program(services: usize) -> String {
    let mut text = String::new();
    let written = shared(&mut text, services)
        .and_then(|()| (1..=services).try_for_each(|it| service(&mut text, it, services)));
    written.map_or_else(|Error| String::new(), |()| text)
}

fn shared(out: &mut String, services: usize) -> Result<(), Error> {
    let large = services > SMALL;
    let more = if large {
        "\n  more      = [100.64.0.0/16, 100.65.0.0/16, 100.66.0.0/16]"
    } else {
        ""
    };
    let app = if large {
        "cidrs = { a = 100.64.0.0/16, b = 100.65.0.0/16, c = 100.66.0.0/16 }".to_owned()
    } else {
        cidrs(["a", "b", "c"], 10)
    };
    // what is too long for one line is not aligned
    let pad = if large { "" } else { " " };
    let quota = if services > RULES {
        "@allow(group_members, reason = \"the quota was raised\")\n"
    } else {
        ""
    };
    let (web, data) = (cidrs(["a", "b", "c"], 0), cidrs(["a", "b"], 20));
    write!(
        out,
        r#"/// A web system: svc1 to svc{services} behind one load balancer.
topology ref {{ region = "eu-central-1" }}

network main {{
  cidr      = 10.0.0.0/16{more}
  zones     = [a, b, c]
  flow_logs = {{ keep = 30d }}

  subnet web{pad} {{ tier = public, {web} }}
  subnet app{pad} {{ tier = private, {app} }}
  subnet data {{ tier = isolated, zones = [a, b], {data} }}
  endpoints aws {{ services = [s3] }}
}}

bucket assets {{ encryption = s3_managed }}

existing certificate site {{ domain = "example.com" }}

{quota}load_balancer alb in main.web {{ certificate = site }}

{quota}database db in main.data {{
  engine   = postgres
  version  = "17.6"
  size     = "db.t4g.medium"
  storage  = 100GiB
  multi_az = true
}}

internet -> alb : https

output alb_dns: String     = alb.host
output bucket_name: String = assets.name
output db_endpoint: String = db.host
"#
    )
}

/// `cidrs = { a = 10.0.20.0/24, b = 10.0.21.0/24 }`
fn cidrs<const N: usize>(zones: [&str; N], first: usize) -> String {
    let blocks = zones.iter().enumerate();
    let blocks: Vec<String> = blocks
        .map(|(at, zone)| format!("{zone} = 10.0.{}.0/24", first + at))
        .collect();
    format!("cidrs = {{ {} }}", blocks.join(", "))
}

fn service(out: &mut String, number: usize, services: usize) -> Result<(), Error> {
    let is_last = number == services;
    let (own, follower) = (format!("svc{number}"), format!("svc{}", number + 1));
    let next = if is_last {
        String::new()
    } else {
        format!(", NEXT = \"http://{follower}:8000\"")
    };
    let source = own.len();
    let target = if is_last { own.len() } else { follower.len() }.max("assets".len());
    write!(
        out,
        r#"
service {own} in main.app {{
  image       = "public.ecr.aws/topo/{own}:1"
  port        = 8000
  tasks       = 2..2
  health      = {{ path = "/health", codes = "200" }}
  environment = {{ DB_HOST = db.host, BUCKET = assets.name{next} }}
  secrets     = {{ DB_PASSWORD = db.secret.password }}
}}

{alb:source$} -> {own:target$} : forward "/{own}/*" {{ priority = {number} }}
{own} -> {db:target$} : postgres
{own} -> {assets:target$} : read "{own}/", write "{own}/"
"#,
        alb = "alb",
        db = "db",
        assets = "assets",
    )?;
    if is_last {
        return Ok(());
    }
    writeln!(out, "{own} -> {follower:target$} : tcp 8000")
}
