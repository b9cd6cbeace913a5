//! The fleet of a server.

use okta_provision::fleet::Fleet;

use crate::server::Server;

impl Server {
    pub async fn fleet(&self) -> Fleet {
        Fleet::open(self.pool()).await.unwrap()
    }
}
