//! `archive parse --from jsonl`: stories as strings in JSON Lines, answered line by line.
//!
//! The contract for programs that feed stories through a pipe: one line out for each line in, in
//! order, whatever is wrong with it; flushed whenever no more input waits; flat memory.

use super::exit::Exit;
use super::screen::Screen;
use anyhow::{Context, Result};
use archive::{ParseOptions, Story};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Receiver, sync_channel};

/// The longest line that is read: the longest story, each of its bytes escaped.
const LINE_AT_MOST: u64 = 128 << 20;
/// Lines that are worked on together, if so many wait.
const BATCH: usize = 256;
/// Bytes of lines that are worked on together.
const BATCH_BYTES: usize = 16 << 20;

/// What to do about lines that cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Errors {
    /// Tell it in the line that answers, and exit with 0
    Inline,
    /// Tell it in the line that answers, and exit with 1 in the end
    Fail,
}

/// How lines are read.
#[derive(clap::Args)]
pub(crate) struct JsonlArgs {
    /// Key of the story's text in each line; `base64` holds bytes where there is none
    #[arg(long, value_name = "KEY", default_value = "text", requires = "from")]
    text_field: String,
    /// Key of what names the story; handed back in `given`
    #[arg(long, value_name = "KEY", default_value = "id", requires = "from")]
    id_field: String,
    /// Further keys to hand back in `given`
    #[arg(long, value_name = "KEYS", value_delimiter = ',', requires = "from")]
    keep: Vec<String>,
    /// What becomes of the exit status when a line cannot be answered
    #[arg(long, value_enum, default_value_t = Errors::Inline, requires = "from")]
    errors: Errors,
    /// Threads to work with [default: one for each processor]
    #[arg(long, value_name = "N", requires = "from")]
    threads: Option<usize>,
}

/// A line, or what is wrong with it.
type Line = Result<Vec<u8>, String>;

/// Answers every line of standard input.
pub(crate) fn run(args: &JsonlArgs, options: &ParseOptions, screen: &Screen) -> Result<Exit> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build()
        .context("threads: cannot be started; give a smaller `--threads`")?;
    let lines = read_lines();
    let mut out = screen.out();
    let mut any_failed = false;
    while let Ok(first) = lines.recv() {
        let mut size = first.as_ref().map_or(0, Vec::len);
        let mut batch = vec![first];
        while batch.len() < BATCH && size < BATCH_BYTES {
            let Ok(next) = lines.try_recv() else { break };
            size += next.as_ref().map_or(0, Vec::len);
            batch.push(next);
        }
        let answers: Vec<Result<Written>> = pool.install(|| {
            batch
                .par_iter()
                .map(|line| answer(line, args, options).written())
                .collect()
        });
        for answer in answers {
            let Written { line, failed } = answer?;
            any_failed |= failed;
            out.write_all(&line)?;
        }
        out.flush()?;
    }
    Ok(Exit::failed_if(any_failed && args.errors == Errors::Fail))
}

/// Reads lines on a thread of its own, a batch ahead at most.
fn read_lines() -> Receiver<Line> {
    let (sender, receiver) = sync_channel(BATCH);
    std::thread::spawn(move || {
        let mut input = BufReader::with_capacity(1 << 16, io::stdin());
        while let Some(line) = next_line(&mut input) {
            let is_last = matches!(&line, Err(problem) if problem.starts_with(UNREADABLE));
            if sender.send(line).is_err() || is_last {
                break;
            }
        }
    });
    receiver
}

const UNREADABLE: &str = "standard input cannot be read";

/// Returns the next line without its end; none at the end of input. A line that is too long is
/// passed over.
fn next_line(input: &mut impl BufRead) -> Option<Line> {
    let mut line = Vec::new();
    match input.take(LINE_AT_MOST).read_until(b'\n', &mut line) {
        Ok(0) => return None,
        Ok(_) => {}
        Err(error) => return Some(Err(format!("{UNREADABLE} ({error})"))),
    }
    if line.last() != Some(&b'\n') && line.len() as u64 >= LINE_AT_MOST {
        let skipped = input.skip_until(b'\n');
        let problem = format!("the line is longer than {} MiB", LINE_AT_MOST >> 20);
        return Some(Err(match skipped {
            Ok(_) => problem,
            Err(error) => format!("{UNREADABLE} ({error})"),
        }));
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Some(Ok(line))
}

/// The answer to a line.
#[derive(Serialize)]
struct Answer {
    given: Map<String, Value>,
    stories: Vec<Story>,
    error: Option<String>,
}

/// An answer as it is printed.
struct Written {
    line: Vec<u8>,
    failed: bool,
}

impl Answer {
    /// Writes the answer on the thread that made it.
    fn written(&self) -> Result<Written> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        let failed = self.error.is_some();
        Ok(Written { line, failed })
    }
}

fn answer(line: &Line, args: &JsonlArgs, options: &ParseOptions) -> Answer {
    let mut given = Map::new();
    let (stories, error) = match stories(line, args, options, &mut given) {
        Ok(stories) => (stories, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    Answer {
        given,
        stories,
        error,
    }
}

fn stories(
    line: &Line,
    args: &JsonlArgs,
    options: &ParseOptions,
    given: &mut Map<String, Value>,
) -> Result<Vec<Story>, String> {
    let line = line.as_ref().map_err(Clone::clone)?;
    let Value::Object(mut object) =
        serde_json::from_slice(line).map_err(|error| format!("the line is no JSON ({error})"))?
    else {
        return Err("the line is no JSON object; give one object a line".into());
    };
    for key in std::iter::once(&args.id_field).chain(&args.keep) {
        if let Some(value) = object.get(key) {
            given.insert(key.clone(), value.clone());
        }
    }
    let bytes = match (object.remove(&args.text_field), object.remove("base64")) {
        (Some(Value::String(text)), _) => text.into_bytes(),
        (_, Some(Value::String(text))) => {
            base64(&text).ok_or_else(|| "`base64` is no Base64".to_owned())?
        }
        _ => return Err(format!("no text under the key `{}`", args.text_field)),
    };
    let parts = archive::try_stories(&bytes, options).map_err(|error| error.to_string())?;
    let count = parts.parts.len();
    parts
        .each(&bytes)
        .enumerate()
        .map(|(index, bytes)| {
            let mut story =
                archive::try_parse(&bytes, options).map_err(|error| error.to_string())?;
            story.source.member = (count > 1).then(|| (index + 1).to_string());
            Ok(story)
        })
        .collect()
}

/// Bytes from Base64 with or without padding; none if it is something else.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ if byte.is_ascii_whitespace() => continue,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFF_FFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_whatever_their_end() {
        let mut input: &[u8] = b"one\r\n\ntwo";
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut input) {
            lines.push(line.unwrap());
        }
        assert_eq!(lines, [b"one".to_vec(), Vec::new(), b"two".to_vec()]);
    }

    #[test]
    fn base64_is_read_strictly() {
        assert_eq!(base64("VGhlIGZlcnJ5").unwrap(), b"The ferry");
        assert_eq!(base64("VGg=").unwrap(), b"Th");
        assert_eq!(base64("not base64!"), None);
    }
}
