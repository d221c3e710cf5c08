//! Files that the program reads: texts and JSON templates.

use crate::errors;
use crate::eval::Template;
use crate::eval::scope::Scope;
use crate::session::{Eval, Session};
use rust_decimal::Decimal;
use std::sync::Arc;
use topoc_diagnostics::{Code, Span};
use topoc_ir::{Record, Value};
use ustr::Ustr;

impl<'a> Session<'a> {
    pub(crate) fn read_file(&self, path: &str, span: Span, scope: &Scope<'a>) -> Eval<String> {
        let full = self.beside(path, scope);
        let text = self.settings.reader.as_ref().map(|read| read(&full));
        self.got(text, path, span)
    }

    /// A file or folder, packed once however often it is named.
    pub(crate) fn pack(&self, path: &str, span: Span, scope: &Scope<'a>) -> Eval {
        let full = Ustr::from(&self.beside(path, scope));
        if let Some(asset) = self.packed.borrow().get(&full) {
            return Ok(Value::Asset(asset.clone()));
        }
        let packed = self.settings.packer.as_ref().map(|pack| pack(&full));
        let asset = Arc::new(self.got(packed, path, span)?);
        self.packed.borrow_mut().insert(full, asset.clone());
        Ok(Value::Asset(asset))
    }

    /// The path from the root's folder of what a file names.
    fn beside(&self, path: &str, scope: &Scope<'a>) -> String {
        let from = self.index.files.get(scope.file_index());
        let from = from.map_or("", |it| it.path.as_str());
        match from.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path.to_owned(),
        }
    }

    /// What was read, unless it could not be.
    fn got<T>(&self, read: Option<Result<T, String>>, path: &str, span: Span) -> Eval<T> {
        let why = match read {
            Some(Ok(it)) => return Ok(it),
            Some(Err(why)) => format!(": {why}"),
            None => String::new(),
        };
        let message = format!("`{path}` cannot be read{why}");
        Err(self.report(errors::plain(Code::E0412, span, message, "read here")))
    }

    /// A JSON text with `${name}` holes, as a document with late leaves.
    pub(crate) fn template(&self, text: &str, holes: &Record, span: Span) -> Eval {
        let unknown = |message: String| {
            self.report(errors::plain(
                Code::E0412,
                span,
                message,
                "of this template",
            ))
        };
        let json: serde_json::Value = serde_json::from_str(text)
            .map_err(|error| unknown(format!("the file is not JSON: {error}")))?;
        for name in holes.keys() {
            if !text.contains(&format!("${{{name}}}")) {
                return Err(unknown(format!("the file has no `${{{name}}}`")));
            }
        }
        Ok(Value::Document(Arc::new(
            self.json_value(&json, holes, span)?,
        )))
    }

    pub(crate) fn json_value(&self, json: &serde_json::Value, holes: &Record, span: Span) -> Eval {
        Ok(match json {
            serde_json::Value::Null => Value::None,
            serde_json::Value::Bool(it) => Value::Bool(*it),
            serde_json::Value::Number(it) => match it.as_i64() {
                Some(whole) => Value::Int(whole),
                None => Value::Float(it.to_string().parse::<Decimal>().unwrap_or_default()),
            },
            serde_json::Value::String(text) => self.fill_holes(text, holes, span)?,
            serde_json::Value::Array(items) => Value::list(
                items
                    .iter()
                    .map(|it| self.json_value(it, holes, span))
                    .collect::<Eval<Vec<_>>>()?,
            ),
            serde_json::Value::Object(fields) => {
                let mut map = Record::default();
                for (key, value) in fields {
                    map.insert(Ustr::from(key), self.json_value(value, holes, span)?);
                }
                Value::Map(Arc::new(map))
            }
        })
    }

    pub(crate) fn fill_holes(&self, text: &str, holes: &Record, span: Span) -> Eval {
        // a hole that is all of a text gives the value as it is: `"Seconds": "${pause}"` is a number
        let whole = text.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
        if let Some(value @ (Value::Int(_) | Value::Float(_) | Value::Bool(_))) =
            whole.and_then(|name| holes.get(&Ustr::from(name)))
        {
            return Ok(value.clone());
        }
        let mut template = Template::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else {
                break;
            };
            template.push_text(before);
            match holes.get(&Ustr::from(name)) {
                Some(value) => self.insert(&mut template, value, span)?,
                None => {
                    let message = format!("the file asks for `${{{name}}}`, which is not given");
                    return Err(self.report(errors::plain(
                        Code::E0412,
                        span,
                        message,
                        "of this template",
                    )));
                }
            }
            rest = tail;
        }
        template.push_text(rest);
        Ok(template.finish())
    }
}
