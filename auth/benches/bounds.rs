//! `cargo bench -p okta-auth --bench bounds`: what hostile answers cost a program, in CPU time and
//! peak memory. Each runs in a process of its own, so that its peak is its own.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use futures::TryStreamExt;
use okta_auth::{ApiToken, Call, Error, OrgUrl, Pipeline};
use reqwest::{Method, Request};
use wait4::Wait4;

const GIB: usize = 1 << 30;
const CALL: Call = Call::new("listUsers", "/api/v1/users");

/// The process that asks has the address of the server there.
const ADDRESS: &str = "BOUNDS_ADDRESS";

type Answer = fn(&mut TcpStream) -> std::io::Result<()>;

const ANSWERS: [(&str, Answer); 8] = [
    ("an answer of two bytes, to compare", |stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]")
    }),
    ("body of 1 GiB, announced", |stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n")?;
        spaces(stream, GIB, |stream, chunk| stream.write_all(chunk))
    }),
    ("body of 1 GiB, in chunks", |stream| {
        chunks_of_a_gib(stream, "200 OK")
    }),
    ("body of 1 GiB of a 403", |stream| {
        chunks_of_a_gib(stream, "403 Forbidden")
    }),
    ("gzip of 1 MiB that is 1 GiB", |stream| {
        let mut bomb = GzEncoder::new(Vec::new(), Compression::default());
        spaces(&mut bomb, GIB, |bomb, chunk| bomb.write_all(chunk))?;
        let bomb = bomb.finish()?;
        let length = bomb.len();
        let head = format!("content-encoding: gzip\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}").as_bytes())?;
        stream.write_all(&bomb)
    }),
    ("Link header of 400 KB: `<,` again and again", |stream| {
        link(stream, &"<,".repeat(200_000))
    }),
    (
        "Link header of 400 KB: one link, 133,000 parameters",
        |stream| link(stream, &format!("<a>{}", ";a=".repeat(133_000))),
    ),
    ("429 until the year 9999", |stream| {
        stream.write_all(
            b"HTTP/1.1 429 Too Many Requests\r\nretry-after: Fri, 31 Dec 9999 23:59:59 GMT\r\n\
              x-rate-limit-limit: 600\r\nx-rate-limit-remaining: 0\r\n\
              x-rate-limit-reset: 253402300799\r\ncontent-length: 0\r\n\r\n",
        )
    }),
];

/// Writes `length` spaces by `write`.
fn spaces<W>(
    to: &mut W,
    length: usize,
    write: impl Fn(&mut W, &[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let chunk = vec![b' '; 1 << 16];
    (0..length / chunk.len()).try_for_each(|_| write(to, &chunk))
}

fn chunks_of_a_gib(stream: &mut TcpStream, status: &str) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    spaces(stream, GIB, |stream, chunk| {
        stream.write_all(format!("{:x}\r\n", chunk.len()).as_bytes())?;
        stream.write_all(chunk)?;
        stream.write_all(b"\r\n")
    })?;
    stream.write_all(b"0\r\n\r\n")
}

fn link(stream: &mut TcpStream, value: &str) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\nlink: {value}\r\ncontent-length: 2\r\n\r\n[]");
    stream.write_all(head.as_bytes())
}

/// Gives `answer` to the first request.
fn serve(answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept()?;
        if stream.read(&mut [0; 4096])? > 0 {
            answer(&mut stream)?;
        }
        Ok::<_, std::io::Error>(())
    });
    format!("http://{address}")
}

/// Reads the first page of a list.
async fn ask(address: &str) -> Result<usize, Error> {
    let org = OrgUrl::parse(address)?;
    let pipeline = Pipeline::builder(org, ApiToken::new("00abc")?).max_retries(1);
    let pipeline = pipeline.attempt_timeout(Duration::from_secs(300)).build()?;
    let url = pipeline.org_url().as_url().join("/api/v1/users");
    let request = Request::new(Method::GET, url.expect("a URL"));
    let page = pipeline.pages(request, CALL).try_next().await?;
    Ok(page.map_or(0, |page| page.body.len()))
}

fn main() {
    if let Ok(address) = std::env::var(ADDRESS) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        match runtime.expect("a runtime").block_on(ask(&address)) {
            Ok(length) => println!("{length} bytes"),
            Err(error) => println!("{error}"),
        }
        return;
    }
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let program = std::env::current_exe().expect("this program");
    println!("| answer | CPU s | wall s | peak MiB | outcome |\n|---|---|---|---|---|");
    for (name, answer) in ANSWERS {
        let mut command = Command::new(&program);
        let command = command
            .env(ADDRESS, serve(answer))
            .stdout(std::process::Stdio::piped());
        let started = Instant::now();
        let mut child = command.spawn().expect("this program again");
        let mut outcome = String::new();
        let mut stdout = child.stdout.take().expect("its output");
        stdout.read_to_string(&mut outcome).expect("text");
        let used = child.wait4().expect("its end").rusage;
        println!(
            "| {name} | {:.2} | {:.2} | {} | {} |",
            (used.utime + used.stime).as_secs_f64(),
            started.elapsed().as_secs_f64(),
            used.maxrss >> 20,
            outcome.trim(),
        );
    }
}
