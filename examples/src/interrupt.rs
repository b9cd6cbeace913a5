//! Ctrl-C.

use tokio::signal::ctrl_c;
use tokio::sync::oneshot;

use crate::program::note;

/// The status of a program that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// Ends with the first Ctrl-C. A second one ends the program at once.
pub fn interrupted() -> impl Future<Output = ()> {
    let (stop, stopped) = oneshot::channel();
    tokio::spawn(async move {
        if ctrl_c().await.is_err() {
            note("Ctrl-C cannot be caught here; it will end the program at once.");
            return std::future::pending().await;
        }
        note("Finishing what is under way. Another Ctrl-C ends it at once.");
        // Nobody waits any more if all is done.
        let _ = stop.send(());
        if ctrl_c().await.is_ok() {
            std::process::exit(INTERRUPTED);
        }
    });
    async {
        let _ = stopped.await;
    }
}
