//! The two notations of a template. Intrinsics are short in YAML and stand on one line in JSON.

use std::fmt::Arguments;

use crate::json::Json;
use crate::shares::Apart;
use crate::text::Text;
use crate::yaml::Yaml;

/// A notation that a template is written in, piece by piece.
pub trait Form: Apart {
    /// `{`
    fn begin_object(&mut self);
    /// `}`
    fn end_object(&mut self);
    /// `[`
    fn begin_list(&mut self);
    /// `]`
    fn end_list(&mut self);
    /// A key of an object.
    fn key(&mut self, key: &str);
    /// The next item of a list.
    fn item(&mut self);
    /// A text.
    fn text(&mut self, text: &str);
    /// Numbers and booleans.
    fn raw(&mut self, text: Arguments<'_>);
    /// `Ref`
    fn refer(&mut self, name: &str);
    /// `Fn::GetAtt`
    fn get_att(&mut self, name: &str, attribute: &str);
    /// `Fn::Sub` of one text.
    fn sub(&mut self, text: &str);
    /// The name of the n-th zone.
    fn zone(&mut self, slot: u8);
    /// A comment, where there are any.
    fn comment(&mut self, text: &str);
    /// An empty line between the parts of a template.
    fn blank(&mut self);
    /// The whole text.
    fn finish(self) -> Text;
    /// Whether docs need a place in the data, as there are no comments.
    const WITHOUT_COMMENTS: bool;
}

impl Form for Json {
    fn begin_object(&mut self) {
        Json::begin_object(self);
    }
    fn end_object(&mut self) {
        Json::end_object(self);
    }
    fn begin_list(&mut self) {
        Json::begin_list(self);
    }
    fn end_list(&mut self) {
        Json::end_list(self);
    }
    fn key(&mut self, key: &str) {
        Json::key(self, key);
    }
    fn item(&mut self) {
        Json::item(self);
    }
    fn text(&mut self, text: &str) {
        Json::text(self, text);
    }
    fn raw(&mut self, text: Arguments<'_>) {
        Json::raw(self, text);
    }
    fn refer(&mut self, name: &str) {
        self.pieces(&["{ \"Ref\": \"", name, "\" }"]);
    }
    fn get_att(&mut self, name: &str, attribute: &str) {
        self.pieces(&["{ \"Fn::GetAtt\": [\"", name, "\", \"", attribute, "\"] }"]);
    }
    fn sub(&mut self, text: &str) {
        self.pieces(&["{ \"Fn::Sub\": "]);
        Json::text(self, text);
        self.pieces(&[" }"]);
    }
    fn zone(&mut self, slot: u8) {
        Json::raw(
            self,
            format_args!("{{ \"Fn::Select\": [{slot}, {{ \"Fn::GetAZs\": \"\" }}] }}"),
        );
    }
    fn comment(&mut self, _: &str) {}
    fn blank(&mut self) {}
    fn finish(self) -> Text {
        Json::finish(self)
    }
    const WITHOUT_COMMENTS: bool = true;
}

impl Form for Yaml {
    fn begin_object(&mut self) {
        Yaml::begin_object(self);
    }
    fn end_object(&mut self) {
        Yaml::end_object(self);
    }
    fn begin_list(&mut self) {
        Yaml::begin_list(self);
    }
    fn end_list(&mut self) {
        Yaml::end_list(self);
    }
    fn key(&mut self, key: &str) {
        Yaml::key(self, key);
    }
    fn item(&mut self) {
        Yaml::item(self);
    }
    fn text(&mut self, text: &str) {
        Yaml::text(self, text);
    }
    fn raw(&mut self, text: Arguments<'_>) {
        Yaml::raw(self, text);
    }
    fn refer(&mut self, name: &str) {
        Yaml::raw(self, format_args!("!Ref {name}"));
    }
    fn get_att(&mut self, name: &str, attribute: &str) {
        Yaml::raw(self, format_args!("!GetAtt {name}.{attribute}"));
    }
    fn sub(&mut self, text: &str) {
        Yaml::tagged(self, "!Sub", text);
    }
    fn zone(&mut self, slot: u8) {
        Yaml::raw(self, format_args!("!Select [{slot}, !GetAZs \"\"]"));
    }
    fn comment(&mut self, text: &str) {
        Yaml::comment(self, text);
    }
    fn blank(&mut self) {
        Yaml::blank(self);
    }
    fn finish(self) -> Text {
        Yaml::finish(self)
    }
    const WITHOUT_COMMENTS: bool = false;
}
