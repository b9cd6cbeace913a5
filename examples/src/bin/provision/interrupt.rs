//! Ctrl-C.

use futures::channel::oneshot;
use okta_examples::note;

/// The status of a program that a shell's Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// Waits for the first Ctrl-C. A second one ends the program at once.
///
/// # Errors
/// If the system lets no handler be set.
pub fn interrupted() -> anyhow::Result<impl Future<Output = ()>> {
    let (stop, stopped) = oneshot::channel();
    let mut stop = Some(stop);
    ctrlc::set_handler(move || match stop.take() {
        Some(stop) => {
            note("Finishing what is under way. Another Ctrl-C ends it at once.");
            // Nobody waits any more if all is done.
            let _ = stop.send(());
        }
        None => std::process::exit(INTERRUPTED),
    })?;
    Ok(async {
        let _ = stopped.await;
    })
}
