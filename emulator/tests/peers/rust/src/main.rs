//! `peers okta` and `peers openidconnect`: each prints a line for each step.

mod okta_crate;
mod openidconnect_crate;
mod steps;

#[tokio::main]
async fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("okta") => okta_crate::run().await,
        Some("openidconnect") => openidconnect_crate::run().await,
        _ => {
            eprintln!("give okta or openidconnect");
            std::process::exit(2);
        }
    }
    println!("end");
}
