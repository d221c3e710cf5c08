//! What the reference's resources are called in the compiler's output, and references as texts that can be compared.

use serde_json::{Map, Value};

/// The compiler's name.
pub fn ours(name: &str) -> String {
    if let Some((_, own)) = FIXED.iter().find(|(it, _)| *it == name) {
        return (*own).to_owned();
    }
    let (word, number) = parted(name);
    let zone = ["A", "B", "C"].get(number).copied().unwrap_or_default();
    match word.as_str() {
        "Public" | "Private" | "Isolated" => return format!("{}{zone}", subnet(&word)),
        "PublicAssoc" | "PrivateAssoc" | "IsolatedAssoc" => {
            let subnet = subnet(word.trim_end_matches("Assoc"));
            return format!("{subnet}{zone}Association");
        }
        "Eip" => return format!("MainNat{zone}Address"),
        "Nat" => return format!("MainNat{zone}"),
        "PrivateRt" => return format!("MainRoutesPrivate{zone}"),
        "PrivateRoute" => return format!("MainRoutesPrivate{zone}Default"),
        _ => {}
    }
    let (own, next) = (format!("Svc{number}"), format!("Svc{}", number + 1));
    match word.as_str() {
        "SvcSg" => format!("{own}Group"),
        "SvcSgHttps" => format!("{own}ToInternetTcp443Egress"),
        "AlbToSvcIn" => format!("AlbTo{own}Tcp8000Ingress"),
        "AlbToSvcOut" => format!("AlbTo{own}Tcp8000Egress"),
        "SvcToDbIn" => format!("{own}ToDbTcp5432Ingress"),
        "SvcToDbOut" => format!("{own}ToDbTcp5432Egress"),
        "SvcToNextIn" => format!("{own}To{next}Tcp8000Ingress"),
        "SvcToNextOut" => format!("{own}To{next}Tcp8000Egress"),
        "SvcLogs" => format!("{own}LogsMain"),
        "SvcRole" => format!("{own}TaskMain"),
        "SvcExecRole" => format!("{own}ExecutionMain"),
        "SvcTask" => format!("{own}Definition"),
        "SvcService" => format!("{own}Run"),
        "SvcTg" => format!("AlbTo{own}Forward{own}AnyTargets"),
        "SvcRule" => format!("AlbTo{own}Forward{own}AnyRule"),
        _ => name.to_owned(),
    }
}

const FIXED: [(&str, &str); 22] = [
    ("Vpc", "Main"),
    ("Igw", "MainInternetGateway"),
    ("IgwAttach", "MainAttachment"),
    ("PublicRt", "MainRoutesPublic"),
    ("PublicRoute", "MainRoutesPublicDefault"),
    ("IsolatedRt", "MainRoutesIsolated"),
    ("S3Endpoint", "MainAwsS3"),
    ("FlowLogs", "MainFlowLogsLinesMain"),
    ("FlowRole", "MainFlowLogsWriterMain"),
    ("FlowLog", "MainFlowLogsMain"),
    ("AlbSg", "AlbGroup"),
    ("AlbSg443", "InternetToAlbTcp443Ingress"),
    ("AlbSg80", "InternetToAlbTcp80Ingress"),
    ("Alb", "AlbMain"),
    ("Https", "AlbHttps"),
    ("Http", "AlbHttp"),
    ("DbSg", "DbGroup"),
    ("Db", "DbMain"),
    ("Bucket", "AssetsMain"),
    ("BucketPolicy", "AssetsPolicy"),
    ("Cluster", "DefaultClusterMain"),
    ("CertificateArn", "SiteFoundArn"),
];

/// The name without its number, and the number.
fn parted(name: &str) -> (String, usize) {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let rest = name.chars().filter(|it| !it.is_ascii_digit()).collect();
    (rest, digits.parse().unwrap_or_default())
}

fn subnet(tier: &str) -> &'static str {
    match tier {
        "Public" => "MainWeb",
        "Private" => "MainApp",
        _ => "MainData",
    }
}

/// A part of the reference with the compiler's names.
pub fn renamed(value: &Value) -> Value {
    walk(value, &|key, text| match key {
        "Ref" | "DependsOn" => ours(text),
        "Fn::GetAtt" if text.starts_with(char::is_uppercase) => ours(text),
        "Fn::Sub" => inserted(text, &|it| match it.split_once('.') {
            Some((name, attribute)) => format!("${{{}.{attribute}}}", ours(name)),
            None => format!("${{{}}}", ours(it)),
        }),
        _ => text.to_owned(),
    })
}

/// References as texts; those whose value the compiler knows, and prints, by their value.
pub fn resolved(value: &Value) -> Value {
    if let Some(text) = value["Ref"].as_str() {
        return known(text).into();
    }
    if let Some([name, attribute]) = value["Fn::GetAtt"].as_array().map(Vec::as_slice) {
        let (name, attribute) = (name.as_str(), attribute.as_str());
        return known(&format!(
            "{}.{}",
            name.unwrap_or_default(),
            attribute.unwrap_or_default()
        ))
        .into();
    }
    if let Some(text) = value["Fn::Sub"].as_str() {
        return inserted(text, &known).into();
    }
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, it)| (key.clone(), resolved(it)));
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.iter().map(resolved).collect(),
        other => other.clone(),
    }
}

fn known(reference: &str) -> String {
    match reference {
        "AWS::Region" => "eu-central-1".to_owned(),
        "AssetsMain" => "ref-assets".to_owned(),
        "AssetsMain.Arn" => "arn:aws:s3:::ref-assets".to_owned(),
        "MainFlowLogsLinesMain.Arn" => {
            let group = "log-group:/vpc/ref-main-flow-logs";
            format!("arn:aws:logs:eu-central-1:${{AWS::AccountId}}:{group}")
        }
        _ => match parted(reference) {
            (word, number) if word == "SvcLogsMain" => format!("/ecs/ref-svc{number}"),
            _ => format!("${{{reference}}}"),
        },
    }
}

/// The text with what `of` says in place of each `${…}`.
fn inserted(text: &str, of: &dyn Fn(&str) -> String) -> String {
    let mut parts = text.split("${");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        result.push_str(&of(name));
        result.push_str(rest);
    }
    result
}

/// Every text, changed by what its key and itself say.
fn walk(value: &Value, change: &dyn Fn(&str, &str) -> String) -> Value {
    fn at(key: &str, value: &Value, change: &dyn Fn(&str, &str) -> String) -> Value {
        match value {
            Value::String(text) => change(key, text).into(),
            Value::Array(items) => items.iter().map(|it| at(key, it, change)).collect(),
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(key, it)| (key.clone(), at(key, it, change)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }
    at("", value, change)
}
