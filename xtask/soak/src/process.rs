//! What a process uses, by Linux; 0 elsewhere.

use std::fs::read_to_string;

/// Clock ticks of Linux take so many milliseconds.
const TICK: u64 = 10;

/// The most memory that a process had, in KiB. `process` is its id, or `self`.
pub fn peak_kib(process: &str) -> u64 {
    let status = read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|it| it.parse().ok()).unwrap_or_default()
}

/// Processor time of this process, in milliseconds.
pub fn cpu_millis() -> u64 {
    let stat = read_to_string("/proc/self/stat").unwrap_or_default();
    // The name before may have spaces in it.
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = rest.split_whitespace().skip(11).take(2);
    ticks.filter_map(|it| it.parse::<u64>().ok()).sum::<u64>() * TICK
}
