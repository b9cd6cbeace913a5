//! How the emulator holds load: `cargo bench -p okta-emulator --bench load`, with `-- --users 1000000`
//! for another number of users. It needs Linux, whose `/proc` tells what the program uses.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss)]

#[path = "../tests/support/program.rs"]
mod program;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs};

use okta_emulator::{Emulator, Seed};
use program::Program;
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// How many entries the System Log has when queries are measured: as many as it keeps.
const EVENTS: u32 = 100_000;
/// A filter that matches nothing.
const NO_MATCH: &str = "/api/v1/logs?filter=eventType+eq+%22nothing%22";
/// A keyword that is nowhere.
const NO_WORD: &str = "/api/v1/logs?q=nowhere.to.be.found";

/// The program with many users.
struct Loaded {
    program: Program,
    http: Client,
}

impl Loaded {
    fn start(users: u32) -> Self {
        let users = users.to_string();
        let options = ["--users", &users, "--rate-limit", "1000000000"];
        let (program, lines) = Program::start(&options);
        // The last that it has to say: a key, which takes long to make.
        let mut lines = lines.map(Result::unwrap);
        assert!(lines.any(|line| line.starts_with("-----END")));
        Self {
            program,
            http: Client::builder().no_proxy().build().unwrap(),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let request = self
            .http
            .request(method, format!("{}{path}", self.program.org_url));
        let request = request.header("authorization", format!("SSWS {}", self.program.token));
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default()
    }

    async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, None).await
    }

    async fn group(&self, name: &str) -> String {
        let body = json!({ "profile": { "name": name } });
        let group = self.send(Method::POST, "/api/v1/groups", Some(body)).await;
        group["id"].as_str().unwrap().to_owned()
    }

    /// How long the program has used processors so far.
    fn cpu(&self) -> Duration {
        used(self.program.process.id())
    }

    /// How much memory the program has, in MiB.
    fn memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.program.process.id());
        let status = fs::read_to_string(Path::new(&status)).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        resident.and_then(first_number).unwrap() / 1024
    }

    /// What one of `count` requests costs the program.
    async fn cost(&self, count: u32, path: impl Fn(u32) -> String) -> Duration {
        let before = self.cpu();
        for number in 0..count {
            self.get(&path(number)).await;
        }
        (self.cpu() - before) / count
    }
}

fn first_number(text: &str) -> Option<u64> {
    text.split_whitespace().next()?.parse().ok()
}

fn print(what: &str, figure: impl std::fmt::Display) {
    println!("| {what} | {figure} |");
}

fn millis(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}

/// The numbers of users that are looked up, spread over all.
fn spread(number: u32, users: u32) -> u32 {
    1 + number.wrapping_mul(7919) % users
}

/// How long the threads of a process that still run have used processors so far.
fn used(process: u32) -> Duration {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let used = tasks.filter_map(|task| {
        let path = task.ok()?.path().join("schedstat");
        first_number(&fs::read_to_string(path).ok()?)
    });
    Duration::from_nanos(used.sum())
}

#[tokio::main]
async fn main() {
    let mut arguments = env::args().skip_while(|argument| argument != "--users");
    let users = arguments
        .nth(1)
        .map_or(100_000, |count| count.parse().unwrap());
    println!("| what, with {users} users | figure |\n|---|---|");

    let before = used(std::process::id());
    let empty = Emulator::builder()
        .seed(Seed::default())
        .start()
        .await
        .unwrap();
    print(
        "start of the org with the default seed, CPU",
        millis(used(std::process::id()) - before),
    );
    empty.shutdown().await;

    let start = Instant::now();
    let program = Loaded::start(users);
    print(
        "start of the program with all users",
        millis(start.elapsed()),
    );
    print("memory", format!("{} MiB", program.memory()));

    lookups(&program, users).await;
    pages(&program).await;
    groups(&program).await;
    log(program, users).await;
}

/// What it costs to find one user.
async fn lookups(program: &Loaded, users: u32) {
    let login = |number| format!("user{}@example.com", spread(number, users));
    let ways: [(&str, &dyn Fn(u32) -> String); 4] = [
        ("GET one user, CPU", &|number| {
            format!("/api/v1/users/{}", login(number))
        }),
        ("search by login, CPU", &|number| {
            format!(
                "/api/v1/users?search=profile.login+eq+%22{}%22",
                login(number)
            )
        }),
        ("filter by login, CPU", &|number| {
            format!(
                "/api/v1/users?filter=profile.login+eq+%22{}%22",
                login(number)
            )
        }),
        (
            "q with the beginning of an e-mail address, CPU",
            &|number| format!("/api/v1/users?q={}", login(number)),
        ),
    ];
    for (what, path) in ways {
        print(what, millis(program.cost(1_000, path).await));
    }
    let scanned =
        |number| format!("/api/v1/users?search=profile.employeeNumber+eq+%22E{number}%22");
    let cost = program.cost(10, scanned).await;
    print("search by an attribute without an index, CPU", millis(cost));
}

/// What the pages of a sorted search cost.
async fn pages(program: &Loaded) {
    let path = "/api/v1/users?search=status+eq+%22ACTIVE%22&sortBy=profile.lastName&limit=200";
    let mut next = format!("{}{path}", program.program.org_url);
    let mut costs = Vec::new();
    for _ in 0..20 {
        let before = program.cpu();
        let request = program.program.get(&program.http, &next);
        let answer = request.send().await.unwrap();
        let links = answer.headers().get_all("link").iter().cloned();
        let links: Vec<String> = links.map(|it| it.to_str().unwrap().to_owned()).collect();
        answer.bytes().await.unwrap();
        costs.push(program.cpu() - before);
        let Some(link) = links.iter().find(|link| link.contains("rel=\"next\"")) else {
            break;
        };
        next = link[1..link.find('>').unwrap()].to_owned();
    }
    let rest = u32::try_from(costs.len() - 1).unwrap().max(1);
    print("first page of a sorted search, CPU", millis(costs[0]));
    let later: Duration = costs[1..].iter().sum();
    print("each later page of 200, CPU", millis(later / rest));
}

/// What creating a group costs when there are few and when there are many.
async fn groups(program: &Loaded) {
    for hundred in 0..100 {
        let before = program.cpu();
        for number in 0..100 {
            program.group(&format!("Group {hundred}-{number}")).await;
        }
        let cost = millis((program.cpu() - before) / 100);
        match hundred {
            0 => print("creating one of the first 100 groups, CPU", cost),
            99 => print("creating one of the last 100 of 10,000 groups, CPU", cost),
            _ => {}
        }
    }
}

/// Queries of a full log, alone and beside other requests.
async fn log(program: Loaded, users: u32) {
    let program = Arc::new(program);
    let group = program.group("Everybody's").await;
    let numbers = Arc::new(AtomicU64::new(0));
    let writers = (0..8).map(|_| {
        let (program, group, numbers) = (program.clone(), group.clone(), numbers.clone());
        tokio::spawn(async move {
            loop {
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                if number >= u64::from(EVENTS) {
                    return;
                }
                let user = 1 + number / 2 % u64::from(users);
                let path = format!("/api/v1/groups/{group}/users/user{user}@example.com");
                let method = if number % 2 == 0 {
                    Method::PUT
                } else {
                    Method::DELETE
                };
                program.send(method, &path, None).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    print(
        "memory with a full log",
        format!("{} MiB", program.memory()),
    );
    for (what, path) in [
        ("log filter without a match, CPU", NO_MATCH),
        ("log keyword without a match, CPU", NO_WORD),
    ] {
        print(what, millis(program.cost(20, |_| path.to_owned()).await));
    }
    beside_queries(&program, users).await;
}

/// How long one user takes while eight clients query the log.
async fn beside_queries(program: &Arc<Loaded>, users: u32) {
    let over = Arc::new(AtomicBool::new(false));
    let queries = Arc::new(AtomicU64::new(0));
    let clients = (0..8).map(|_| {
        let (program, over, queries) = (program.clone(), over.clone(), queries.clone());
        tokio::spawn(async move {
            while !over.load(Ordering::Relaxed) {
                program.get(NO_MATCH).await;
                queries.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    let clients: Vec<_> = clients.collect();
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        let number = u32::try_from(times.len()).unwrap();
        let path = format!("/api/v1/users/user{}@example.com", spread(number, users));
        let asked = Instant::now();
        program.get(&path).await;
        times.push(asked.elapsed());
        // A client that does other things, too.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    over.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    times.sort_unstable();
    let at = |percent: usize| millis(times[times.len() * percent / 100]);
    print(
        "GET one user beside 8 clients with such filters, median",
        at(50),
    );
    print("the same, 99th percentile", at(99));
    let rate = queries.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
    print("log queries in a second meanwhile", format!("{rate:.0}"));
}
