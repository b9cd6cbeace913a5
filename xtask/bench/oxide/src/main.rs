//! oxide's `okta` crate, which has no place for custom attributes.
//!
//! Its `list_all` reads the first `Link` header alone, which is `self`, and so ends after a page:
//! pages are walked here.

use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args()
        .nth(1)
        .ok_or("write the server's address")?;
    let mut okta = okta::Client::new("00abc");
    okta.with_host_override(address);
    let (mut count, mut after) = (0, String::new());
    loop {
        let page = okta.users().list("", &after, 200, "", "", "", "").await?;
        count += page.body.len();
        let links = page
            .headers
            .get_all("link")
            .iter()
            .filter_map(|link| link.to_str().ok());
        let next = links
            .filter(|link| link.contains("rel=\"next\""))
            .find_map(|link| {
                let (_, rest) = link.split_once("after=")?;
                rest.split(['&', '>']).next().map(str::to_owned)
            });
        match next {
            Some(cursor) => after = cursor,
            None => break,
        }
    }
    println!("{count}");
    Ok(())
}
