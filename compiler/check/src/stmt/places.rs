//! Networks and what stands in them.

use topoc_syntax::ast;
use ustr::Ustr;

use super::files::optional_field;
use crate::checker::Checker;
use crate::ty::{FieldTy, Ty};
use crate::{errors, types};

impl<'a> Checker<'a, '_> {
    pub(super) fn network(&mut self, it: &'a ast::Network) {
        self.declared(it.name, it.key.as_ref(), "network");
        let mut fields = fields([
            ("cidr", Ty::Cidr),
            ("more", Ty::Cidr.list()),
            ("ipv6", Ty::Bool),
            ("zones", Ty::Zones),
            ("nat", self.named("NatMode")),
            ("nat_in", Ty::Unknown),
            ("flow_logs", self.flow_logs()),
            ("defaults", Ty::Unknown),
            ("acl", Ty::Unknown),
            ("tags", Ty::Tags),
        ]);
        if it.existing {
            fields.push(optional_field("id", Ty::String));
        }
        self.check_place(&it.body, &fields, "network");
        for subnet in &it.subnets {
            self.subnet(subnet, it.existing);
            self.zones_of_subnet(subnet, it);
        }
        for endpoints in &it.endpoints {
            endpoints.places.iter().for_each(|it| drop(self.infer(it)));
            let fields = self::fields([
                ("services", Ty::Unknown),
                ("policy", Ty::Document),
                ("private_dns", Ty::Bool),
                ("tags", Ty::Tags),
            ]);
            self.check_body(&endpoints.body, &fields, "endpoints block");
        }
        let routes = it
            .routes
            .iter()
            .chain(it.tables.iter().flat_map(|it| &it.routes));
        routes.for_each(|it| self.route(it));
        self.children(it);
    }

    fn children(&mut self, it: &'a ast::Network) {
        let subnets = it.subnets.iter().map(|it| it.name);
        let others = it
            .endpoints
            .iter()
            .map(|it| it.name)
            .chain(it.tables.iter().map(|it| it.name));
        let mut seen: Vec<ast::Ident> = Vec::new();
        for name in subnets.chain(others) {
            if let Some(first) = seen.iter().find(|it| it.name == name.name) {
                self.report(errors::duplicate_name(name, first.span));
            }
            seen.push(name);
        }
    }

    fn subnet(&mut self, it: &'a ast::Subnet, existing: bool) {
        let mut fields = fields([
            ("tier", self.named("Tier")),
            ("zones", Ty::Zones),
            ("size", Ty::Int),
            ("from", Ty::Cidr),
            ("cidrs", Ty::Cidr.map()),
            ("table", Ty::Unknown),
            ("acl", Ty::Unknown),
            ("ipv6", Ty::Bool),
            ("ipv6_from", Ty::Int),
            ("nat64", Ty::Bool),
            ("public_addresses", Ty::Bool),
            ("tags", Ty::Tags),
        ]);
        if existing {
            fields.push(optional_field("ids", Ty::String.list()));
        }
        self.check_place(&it.body, &fields, "subnet");
        it.routes.iter().for_each(|it| self.route(it));
    }

    /// Zones of a subnet are zones of its network, where both are written down.
    fn zones_of_subnet(&mut self, subnet: &ast::Subnet, network: &ast::Network) {
        let Some(known) = written_zones(&network.body) else {
            return;
        };
        let own = written_zones(&subnet.body).unwrap_or_default();
        if let Some(strange) = own
            .iter()
            .find(|it| known.iter().all(|zone| zone.name != it.name))
        {
            let known: Vec<Ustr> = known.iter().map(|it| it.name).collect();
            self.report(errors::zone_of_network(*strange, network.name.name, &known));
        }
    }

    fn check_place(&mut self, body: &'a ast::Body, fields: &[FieldTy<'a>], owner: &str) {
        self.check_body(body, fields, owner);
        for given in &body.attributes {
            let name = given.name.name;
            let is_field = fields.iter().any(|it| it.name == name);
            if is_field && !matches!(name.as_str(), "id" | "ids" | "tags" | "flow_logs") {
                self.must_be_early(&given.value);
            }
        }
    }

    fn route(&mut self, it: &'a ast::Route) {
        let destination = self.infer(&it.destination);
        if !matches!(destination, Ty::Unknown | Ty::Cidr | Ty::List(_)) {
            self.fit(&it.destination, &destination, &Ty::Cidr);
        }
        if let Some(via) = &it.via
            && !matches!(&via.kind, ast::ExprKind::Name(word) if GATEWAYS.contains(&word.as_str()))
        {
            self.infer(via);
        }
    }

    /// What the library's kind `flow_logs` takes.
    fn flow_logs(&mut self) -> Ty<'a> {
        let number = self.names.library.kinds.get(&"flow_logs".into()).copied();
        match number.and_then(|it| self.kind(it)) {
            Some(kind) => {
                let own = kind.attributes.iter().filter(|it| it.name != "network");
                Ty::Inline(own.cloned().collect())
            }
            None => Ty::Unknown,
        }
    }

    /// An enumeration of the library, or else the compiler's own of that name.
    fn named(&self, name: &str) -> Ty<'a> {
        use crate::names::TypeName;
        match self.names.library.types.get(&name.into()) {
            Some(TypeName::Enum(number)) => Ty::Enum(*number),
            Some(TypeName::Record(_)) | None => types::words(name).unwrap_or(Ty::Unknown),
        }
    }
}

/// `zones = [a, b]`
fn written_zones(body: &ast::Body) -> Option<Vec<ast::Ident>> {
    let given = body.attributes.iter().find(|it| it.name.name == "zones")?;
    let ast::ExprKind::List(items) = &given.value.kind else {
        return None;
    };
    let word = |it: &ast::Expr| match &it.kind {
        ast::ExprKind::Name(name) if name.len() == 1 => Some(ast::Ident {
            name: *name,
            span: it.span,
        }),
        _ => None,
    };
    items.iter().map(word).collect()
}

/// The words that `via` takes.
const GATEWAYS: &[&str] = &["internet_gateway", "nat", "egress_only", "local"];

fn fields<'a, const N: usize>(known: [(&str, Ty<'a>); N]) -> Vec<FieldTy<'a>> {
    known
        .into_iter()
        .map(|(name, ty)| optional_field(name, ty))
        .collect()
}
