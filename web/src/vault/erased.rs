//! Any vault.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use okta_auth::Error;

use super::{TokenVault, VaultEntry};

/// Any [`TokenVault`], shared.
pub(crate) type SharedVault = Arc<dyn ErasedVault>;

type Answer<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// The twin of [`TokenVault`] that can be a trait object.
pub(crate) trait ErasedVault: Debug + Send + Sync {
    fn insert<'a>(
        &'a self,
        id: &'a str,
        entry: VaultEntry,
        indexes: &'a [String],
        issued_at: SystemTime,
    ) -> Answer<'a, bool>;
    fn load<'a>(&'a self, id: &'a str) -> Answer<'a, Option<VaultEntry>>;
    fn replace_tokens<'a>(&'a self, id: &'a str, version: u64, tokens: Bytes) -> Answer<'a, bool>;
    fn touch<'a>(&'a self, id: &'a str, expires_at: SystemTime) -> Answer<'a, ()>;
    fn remove<'a>(&'a self, id: &'a str) -> Answer<'a, Option<VaultEntry>>;
    fn find<'a>(&'a self, index: &'a str) -> Answer<'a, Vec<String>>;
    fn bar<'a>(
        &'a self,
        index: &'a str,
        issued_until: SystemTime,
        life: Duration,
    ) -> Answer<'a, ()>;
    fn claim<'a>(&'a self, name: &'a str, holder: &'a str, life: Duration) -> Answer<'a, bool>;
    fn release<'a>(&'a self, name: &'a str, holder: &'a str) -> Answer<'a, ()>;
}

impl<T: TokenVault> ErasedVault for T {
    fn insert<'a>(
        &'a self,
        id: &'a str,
        entry: VaultEntry,
        indexes: &'a [String],
        issued_at: SystemTime,
    ) -> Answer<'a, bool> {
        TokenVault::insert(self, id, entry, indexes, issued_at).boxed()
    }

    fn load<'a>(&'a self, id: &'a str) -> Answer<'a, Option<VaultEntry>> {
        TokenVault::load(self, id).boxed()
    }

    fn replace_tokens<'a>(&'a self, id: &'a str, version: u64, tokens: Bytes) -> Answer<'a, bool> {
        TokenVault::replace_tokens(self, id, version, tokens).boxed()
    }

    fn touch<'a>(&'a self, id: &'a str, expires_at: SystemTime) -> Answer<'a, ()> {
        TokenVault::touch(self, id, expires_at).boxed()
    }

    fn remove<'a>(&'a self, id: &'a str) -> Answer<'a, Option<VaultEntry>> {
        TokenVault::remove(self, id).boxed()
    }

    fn find<'a>(&'a self, index: &'a str) -> Answer<'a, Vec<String>> {
        TokenVault::find(self, index).boxed()
    }

    fn bar<'a>(
        &'a self,
        index: &'a str,
        issued_until: SystemTime,
        life: Duration,
    ) -> Answer<'a, ()> {
        TokenVault::bar(self, index, issued_until, life).boxed()
    }

    fn claim<'a>(&'a self, name: &'a str, holder: &'a str, life: Duration) -> Answer<'a, bool> {
        TokenVault::claim(self, name, holder, life).boxed()
    }

    fn release<'a>(&'a self, name: &'a str, holder: &'a str) -> Answer<'a, ()> {
        TokenVault::release(self, name, holder).boxed()
    }
}
