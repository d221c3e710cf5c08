//! Protocols by name, and edges that only open ports.

use crate::edges::Said;
use crate::edges::ends::End;
use crate::errors;
use crate::eval::scope::Scope;
use crate::session::{Eval, Session, Stop};
use topoc_diagnostics::{Code, Span};
use topoc_ir::{Opening, Peer, Protocol, Value};
use ustr::Ustr;

impl<'a> Session<'a> {
    /// `all`, `icmp`
    pub(crate) fn bare_protocol(&self, name: Ustr) -> Option<Vec<Protocol>> {
        match name.as_str() {
            "all" => Some(vec![Protocol::All]),
            "icmp" => Some(vec![Protocol::Icmp(None)]),
            _ => None,
        }
    }

    /// The protocols that a name stands for.
    pub(crate) fn protocol_list(&self, name: Ustr, span: Span) -> Eval<Option<Vec<Protocol>>> {
        if let Some(bare) = self.bare_protocol(name) {
            return Ok(Some(bare));
        }
        let Some((decl, file)) = self.index.protocol(0, name) else {
            return Ok(None);
        };
        let value = self.eval(&decl.value, &Scope::file(file))?;
        self.protocols(&value, span).map(Some)
    }

    pub(crate) fn protocol_named(&self, word: Ustr, span: Span) -> Eval {
        match self.protocol_list(word, span)?.as_deref() {
            Some([one]) => Ok(Value::Protocol(*one)),
            Some(many) => Ok(Value::list(
                many.iter().map(|it| Value::Protocol(*it)).collect(),
            )),
            None => Err(self.report(errors::unknown_name(span, word))),
        }
    }

    pub(crate) fn protocols(&self, value: &Value, span: Span) -> Eval<Vec<Protocol>> {
        match value {
            Value::Protocol(one) => Ok(vec![*one]),
            Value::Word(word, _) => match self.protocol_list(*word, span)? {
                Some(list) => Ok(list),
                None => Err(self.report(errors::unknown_name(span, *word))),
            },
            Value::List(items) => {
                let lists = items
                    .iter()
                    .map(|it| self.protocols(it, span))
                    .collect::<Eval<Vec<_>>>()?;
                Ok(lists.into_iter().flatten().collect())
            }
            Value::Int(port) => {
                let port = u16::try_from(*port).unwrap_or(0);
                Ok(vec![Protocol::Ports(topoc_ir::Transport::Tcp, port, port)])
            }
            other => Err(self.report(errors::wrong_type(
                span,
                "a protocol",
                &self.describe(other),
            ))),
        }
    }

    pub(crate) fn open_directly(
        &self,
        source: &End,
        target: &End,
        protocols: &[Protocol],
        name: Option<Ustr>,
        said: Said<'a, '_>,
    ) -> Eval<()> {
        let verb = name.map_or_else(|| protocol_text(protocols), |it| it.to_string());
        let (from, to) = (self.end_text(source), self.end_text(target));
        let id = Ustr::joined(&[&from, "->", &to, ":", &verb]);
        let from = self.peer(source, said.stmt.span)?;
        let to = self.peer(target, said.stmt.span)?;
        let edge = self.record_edge(id, &from, &to, Ustr::from(&verb), said)?;
        let mut topology = self.topology.borrow_mut();
        for protocol in protocols {
            topology.openings.push(Opening {
                from: from.clone(),
                to: to.clone(),
                protocol: *protocol,
                name,
                because: None,
                edge: Some(edge),
                span: said.by.map_or(said.stmt.span, |it| it.span),
                rank: said.rank,
            });
        }
        Ok(())
    }

    pub(crate) fn record_edge(
        &self,
        id: Ustr,
        from: &Peer,
        to: &Peer,
        verb: Ustr,
        said: Said<'a, '_>,
    ) -> Eval<u32> {
        let span = said.by.map_or(said.stmt.span, |it| it.span);
        if let Some(first) = self.edge_ids.borrow_mut().insert(id, span) {
            if said.by.is_some() {
                // the same wiring implied twice is one
                return Err(Stop::Reported);
            }
            let report = errors::plain(
                Code::E0508,
                said.verb.span,
                "this edge is there twice",
                "again here",
            );
            return Err(self.report(report.because(first, "first here")));
        }
        let text = match said.by.and_then(|it| it.edge().map(|_| it.path)) {
            Some(path) => path,
            None => edge_text(&id),
        };
        let mut topology = self.topology.borrow_mut();
        let index = topology.edges.len() as u32;
        topology.edges.push(topoc_ir::Edge {
            id,
            source: from.clone(),
            target: to.clone(),
            verb,
            text,
            docs: said.stmt.docs,
            span,
            rank: said.rank,
        });
        Ok(index)
    }
}

pub(crate) fn protocol_text(protocols: &[Protocol]) -> String {
    let one = |protocol: &Protocol| match protocol {
        Protocol::Ports(transport, low, high) => {
            let word = if *transport == topoc_ir::Transport::Tcp {
                "tcp"
            } else {
                "udp"
            };
            if low == high {
                format!("{word} {low}")
            } else {
                format!("{word} {low}..{high}")
            }
        }
        Protocol::Icmp(_) => "icmp".into(),
        Protocol::Number(number) => format!("protocol {number}"),
        Protocol::All => "all".into(),
    };
    protocols.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `web->db:postgres` as people write it.
pub(crate) fn edge_text(id: &str) -> Ustr {
    let (ends, verb) = id.split_once(':').unwrap_or((id, ""));
    let mut text = String::with_capacity(id.len() + 8);
    for (at, end) in ends.split("->").enumerate() {
        text.push_str(if at == 0 { "" } else { " -> " });
        text.push_str(end);
    }
    text.push_str(" : ");
    let mut last = ' ';
    for (at, it) in verb.char_indices() {
        let next = verb.as_bytes().get(at + 1);
        match it {
            '[' if next == Some(&b'"') => text.push(' '),
            ']' if last == '"' => {}
            _ => text.push(it),
        }
        last = it;
    }
    Ustr::from(&text)
}
