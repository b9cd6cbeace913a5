//! Fetches every page and reads none: what no client can do without.
#![allow(clippy::print_stdout, reason = "it is the answer")]

use anyhow::Context as _;
use xtask_bench::{address, first_page, next_page};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let http = reqwest::Client::new();
    let mut page = Some(first_page(&address()?));
    let users_on_a_page: usize = std::env::args()
        .nth(2)
        .context("write how many users come on a page")?
        .parse()?;
    let mut pages = 0;
    while let Some(url) = page {
        let response = http.get(url).send().await?.error_for_status()?;
        page = next_page(response.headers());
        response.bytes().await?;
        pages += 1;
    }
    println!("{}", xtask_bench::report(pages * users_on_a_page));
    Ok(())
}
