//! The vault in memory.

use std::sync::Arc;
use std::time::SystemTime;

use okta_web::MemoryVault;

use crate::clock::Moved;
use crate::vaults::{SHORT, Store};

/// A vault, and what it takes for the time.
pub struct Memory {
    vault: Arc<MemoryVault>,
    clock: Moved,
}

impl Store for Memory {
    type Vault = Arc<MemoryVault>;

    const NAME: &str = "memory";

    async fn start() -> Self {
        let clock = Moved::new();
        let vault = Arc::new(MemoryVault::new().clock(clock.clock()));
        Self { vault, clock }
    }

    async fn vault(&self) -> Arc<MemoryVault> {
        Arc::clone(&self.vault)
    }

    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    async fn pass(&self) {
        self.clock.advance(SHORT);
    }
}
