//! A service behind hooks, on a loopback port: it answers the challenge of event hooks, and whatever is
//! posted to it with no command.

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The header of the challenge, in small letters.
const CHALLENGE: &str = "x-okta-verification-challenge:";
/// No head of a request is longer, in bytes.
const HEAD: usize = 16 * 1024;

/// The service; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Hook {
    pub(super) url: String,
    serving: JoinHandle<()>,
}

impl Hook {
    pub(super) async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.context("no port can be opened")?;
        let url = format!("http://{}/", listener.local_addr()?);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Who does not answer is not verified, which is what the caller sees.
                drop(answer(stream).await);
            }
        });
        Ok(Self { url, serving })
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(mut stream: TcpStream) -> Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < HEAD {
        let mut part = [0; 1024];
        let read = stream.read(&mut part).await?;
        if read == 0 {
            break;
        }
        head.extend_from_slice(&part[..read]);
    }
    // A connection that is closed with something unread may lose the answer.
    let mut unread = length(&head).saturating_sub(behind(&head));
    while unread > 0 {
        let mut part = [0; 1024];
        let read = stream.read(&mut part).await?;
        unread = match read {
            0 => 0,
            read => unread.saturating_sub(read),
        };
    }
    let body = match head.starts_with(b"POST") {
        true => serde_json::json!({ "commands": [] }),
        false => serde_json::json!({ "verification": challenge(&head) }),
    };
    let body = body.to_string();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    Ok(())
}

/// The value of the challenge in the head of a request; empty if there is none.
fn challenge(head: &[u8]) -> String {
    value(head, CHALLENGE)
}

/// How long the body of a request is, in bytes.
fn length(head: &[u8]) -> usize {
    value(head, "content-length:").parse().unwrap_or_default()
}

/// How many bytes stand behind the head.
fn behind(head: &[u8]) -> usize {
    let end = head.windows(4).position(|end| end == b"\r\n\r\n");
    end.map_or(0, |end| head.len() - end - 4)
}

/// The value of a header, whose name is in small letters; empty if there is none.
fn value(head: &[u8], name: &str) -> String {
    let head = String::from_utf8_lossy(head);
    let mut lines = head
        .lines()
        .filter(|line| line.to_lowercase().starts_with(name));
    let value = lines.next().map(|line| line[name.len()..].trim());
    value.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_a_header() {
        let head = b"GET / HTTP/1.1\r\nX-Okta-Verification-Challenge: abc\r\n\r\n";
        assert_eq!(challenge(head), "abc");
        assert_eq!(challenge(b"GET / HTTP/1.1\r\n\r\n"), "");
    }

    #[test]
    fn the_body_is_as_long_as_the_head_says() {
        let head = b"POST / HTTP/1.1\r\nContent-Length: 7\r\n\r\nabc";
        assert_eq!((length(head), behind(head)), (7, 3));
    }
}
