//! What a file means by a name.

use std::rc::Rc;

use topoc_syntax::ast;
use topoc_syntax::{LoadedFile, Origin};
use ustr::Ustr;

use super::{Decls, EdgeInfo, Index, KindInfo, Side, Site, TypeInfo, is_library};

impl<'a> Index<'a> {
    /// What a file means by a name: its own declaration, else one of a file it uses, else the library's.
    fn find<T: Clone>(
        &self,
        file: usize,
        name: Ustr,
        decls: impl for<'s> Fn(&'s Side<'a>) -> &'s Decls<T>,
    ) -> Option<(T, usize)> {
        // `std.queue` is the library's, `kit.app` the one of a used file
        let (qualifier, plain) = match name.as_str().rsplit_once('.') {
            Some((qualifier, plain)) => (Some(Ustr::from(qualifier)), Ustr::from(plain)),
            None => (None, name),
        };
        let loaded = self.files.get(file)?;
        if !is_library(loaded)
            && let Some(known) = decls(&self.user).get(&plain)
        {
            let own = known
                .iter()
                .find(|(_, home)| qualifier.is_none() && *home == file);
            let used = |home: usize| {
                let mut uses = loaded.uses.iter();
                uses.any(|(id, alias)| id.0 as usize == home && *alias == qualifier)
            };
            if let Some(found) = own.or_else(|| known.iter().find(|(_, home)| used(*home))) {
                return Some(found.clone());
            }
        }
        match decls(&self.library).get(&plain)?.as_slice() {
            [only] => Some(only.clone()),
            several => {
                let service = qualifier.or_else(|| self.service(file));
                let own = several.iter().find(|(_, at)| self.service(*at) == service);
                own.or(several.first()).cloned()
            }
        }
    }

    /// The service that a file of the library belongs to: each has types of its own.
    fn service(&self, file: usize) -> Option<Ustr> {
        match &self.files.get(file)?.origin {
            Origin::Library { service } => Some(*service),
            Origin::Root | Origin::User => None,
        }
    }

    /// The kind of that name.
    pub(crate) fn kind(&self, file: usize, name: Ustr) -> Option<Rc<KindInfo<'a>>> {
        self.find(file, name, |side| &side.kinds).map(|it| it.0)
    }

    /// The trait of that name, and its file.
    pub(crate) fn trait_of(&self, file: usize, name: Ustr) -> Option<(&'a ast::Trait, usize)> {
        self.find(file, name, |side| &side.traits)
    }

    /// The enumeration of that name, and its file.
    pub(crate) fn enum_of(&self, file: usize, name: Ustr) -> Option<(&'a ast::EnumDecl, usize)> {
        self.find(file, name, |side| &side.enums)
    }

    /// The record type of that name, and its file.
    pub(crate) fn type_of(&self, file: usize, name: Ustr) -> Option<(&'a ast::TypeDecl, usize)> {
        self.find(file, name, |side| &side.types)
    }

    /// The protocol of that name, and its file.
    pub(crate) fn protocol(
        &self,
        file: usize,
        name: Ustr,
    ) -> Option<(&'a ast::ProtocolDecl, usize)> {
        self.find(file, name, |side| &side.protocols)
    }

    /// The resource or lookup type of that dotted name.
    pub(crate) fn resource_type(&self, file: usize, name: Ustr) -> Option<Rc<TypeInfo<'a>>> {
        let own = !self.files.get(file).is_some_and(is_library);
        let user = self.user.resource_types.get(&name).filter(|_| own);
        let home = user.and_then(|it| it.iter().find(|it| it.1 == file).or(it.first()));
        let found = home.or_else(|| self.library.resource_types.get(&name)?.first());
        found.map(|it| it.0.clone())
    }

    /// The resource or lookup type of that identity.
    pub(crate) fn type_by_id(&self, id: Ustr) -> Option<&Rc<TypeInfo<'a>>> {
        self.types_by_id.get(&id)
    }

    /// The edge declarations of a verb, the program's first.
    pub(crate) fn edges(&self, key: Ustr) -> impl Iterator<Item = &Rc<EdgeInfo<'a>>> {
        [&self.user, &self.library]
            .into_iter()
            .filter_map(move |side| side.edges.get(&key))
            .flatten()
    }

    /// The verbs of edges that are declared between just these two kinds, by [`identity`](super::identity).
    pub(crate) fn verbs_between(&self, source: Ustr, target: Ustr) -> Vec<Ustr> {
        let sides = [&self.user, &self.library].into_iter();
        let edges = sides.flat_map(|it| &it.edges);
        let fits = edges.filter(|(_, all)| all.iter().any(|it| it.ends == [source, target]));
        let mut verbs: Vec<Ustr> = fits.map(|(verb, _)| *verb).collect();
        verbs.sort_unstable();
        verbs
    }

    /// A top-level value that a file sees.
    pub(crate) fn value(&self, file: usize, name: Ustr) -> Option<&[Site<'a>]> {
        let loaded = self.files.get(file)?;
        let sites = match &loaded.origin {
            Origin::Library { service } => self
                .library
                .services
                .get(service)
                .and_then(|sites| sites.get(&name))
                .or_else(|| self.library.values.get(&name)),
            Origin::Root | Origin::User => return self.user_value(loaded, file, name),
        };
        sites.map(Vec::as_slice)
    }

    /// A value of the file itself, else of a file that it uses plainly.
    fn user_value(&self, loaded: &LoadedFile, file: usize, name: Ustr) -> Option<&[Site<'a>]> {
        let all = self.user.values.get(&name)?.as_slice();
        let used = loaded.uses.iter().filter(|(_, alias)| alias.is_none());
        let mut files = std::iter::once(file).chain(used.map(|(id, _)| id.0 as usize));
        files.find_map(|it| declared_in(all, it)).or(Some(all))
    }

    /// What stands under a qualifier: `kit.base` of a file used `as kit`, `iam.document` of a library service.
    pub(crate) fn qualified_value(
        &self,
        file: usize,
        qualifier: Ustr,
        name: Ustr,
    ) -> Option<&Site<'a>> {
        let uses = self
            .files
            .get(file)
            .map_or(&[][..], |it| it.uses.as_slice());
        let used = uses.iter().find(|(_, alias)| *alias == Some(qualifier));
        if let Some((id, _)) = used {
            return declared_in(self.user.values.get(&name)?, id.0 as usize)?.first();
        }
        self.library.services.get(&qualifier)?.get(&name)?.first()
    }
}

/// The declarations of one file: they stand in the order of their files.
fn declared_in<'s, 'a>(sites: &'s [Site<'a>], file: usize) -> Option<&'s [Site<'a>]> {
    let start = sites.partition_point(|it| it.file < file);
    let end = sites.partition_point(|it| it.file <= file);
    sites.get(start..end).filter(|it| !it.is_empty())
}
