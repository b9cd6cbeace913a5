//! Parts of an API made up for tests.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::api::{Api, Facts, Lifecycle, Operation, Param, Success, TypeRef};
use crate::documents;

pub(super) fn param(name: &str, ident: &str, ty: TypeRef, required: bool) -> Param {
    Param {
        name: name.into(),
        ident: ident.into(),
        ty,
        in_path: false,
        required,
        explode: false,
        facts: Facts::default(),
    }
}

pub(super) fn path_param(name: &str, ident: &str, ty: TypeRef) -> Param {
    Param {
        in_path: true,
        ..param(name, ident, ty, true)
    }
}

/// An operation without parameters, of handle `roles`.
pub(crate) fn operation(id: &str, method: &str, http_method: &str, path: &str) -> Operation {
    Operation {
        document: documents::MANAGEMENT,
        id: id.into(),
        feature: "admin-roles".into(),
        handle: "roles".into(),
        method: method.into(),
        call: crate::case::pascal(id),
        path_struct: None,
        tag: "Role".into(),
        http_method: http_method.into(),
        path: path.into(),
        path_params: vec![],
        query_params: vec![],
        header_params: vec![],
        body: None,
        success: Success::Empty,
        accept: None,
        lifecycle: Lifecycle::default(),
        scopes: vec!["okta.roles.manage".into()],
        api_token: true,
        deprecated: false,
        bucket: None,
        two_step: false,
        ends_with: None,
        words: None,
        prose: None,
    }
}

pub(crate) fn api(operations: Vec<Operation>) -> Api {
    Api {
        documents: vec![(documents::MANAGEMENT, "2026.01.0".into())],
        features: BTreeMap::from([("admin-roles".into(), ["roles".into()].into())]),
        operations,
        types: BTreeMap::new(),
        words: BTreeMap::new(),
        examples: BTreeMap::new(),
        dropped: BTreeSet::new(),
    }
}

/// One of the files that an emitter gives.
pub(super) fn file(files: Result<BTreeMap<PathBuf, String>, Error>, path: &str) -> String {
    files.unwrap().remove(Path::new(path)).unwrap()
}
