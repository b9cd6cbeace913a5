//! Reading an answer to its end.

use bytes::{Bytes, BytesMut};
use reqwest::Response;

/// A server that announces more than this gets memory as it sends.
const MOST_ANNOUNCED: usize = 64 << 20;

/// The whole body. It is put together as it arrives: a page is in memory once, and not in the
/// pieces that it came in as well.
pub(super) async fn whole(mut response: Response) -> Result<Bytes, reqwest::Error> {
    let announced = response.content_length().unwrap_or(0);
    let Some(first) = response.chunk().await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = response.chunk().await? else {
        return Ok(first);
    };
    let announced = usize::try_from(announced).map_or(MOST_ANNOUNCED, |it| it.min(MOST_ANNOUNCED));
    let mut body = BytesMut::with_capacity(announced.max(first.len() + second.len()));
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    drop((first, second));
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
