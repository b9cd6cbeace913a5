//! The program in a process of its own.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use reqwest::{Client, RequestBuilder};

/// The program, until it is dropped.
pub struct Program {
    pub process: Child,
    pub org_url: String,
    pub token: String,
}

impl Program {
    /// Starts the program. With it come the lines that it prints behind its URL and its token.
    pub fn start(options: &[&str]) -> (Self, Lines<BufReader<ChildStdout>>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_okta-emulator"));
        command.args(options);
        Self::start_by(command)
    }

    /// Starts the program by a command that becomes it.
    pub fn start_by(mut command: Command) -> (Self, Lines<BufReader<ChildStdout>>) {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut exported = |name: &str| {
            let start = format!("export {name}=");
            let mut lines = lines.by_ref().map(Result::unwrap);
            lines
                .find_map(|line| Some(line.strip_prefix(&start)?.to_owned()))
                .unwrap()
        };
        let program = Self {
            org_url: exported("OKTA_CLIENT_ORGURL"),
            token: exported("OKTA_CLIENT_TOKEN"),
            process,
        };
        (program, lines)
    }

    /// A request for a whole URL, with the token.
    pub fn get(&self, http: &Client, url: &str) -> RequestBuilder {
        let token = format!("SSWS {}", self.token);
        http.get(url).header("authorization", token)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL. The program may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
