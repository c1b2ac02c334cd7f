//! `docs/spark.py` with a real Spark: JSON Lines in, Parquet out. It runs where Java and PySpark
//! are, and is listed as ignored, with the reason in its name, where they are not.
//!
//! `ARCHIVE_PYTHON` names the Python that has PySpark; otherwise it is `python3`.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use libtest_mimic::{Arguments, Failed, Trial};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Output};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trial = match missing() {
        None => Trial::test("stories_come_out_as_parquet", stories_come_out_as_parquet),
        Some(what) => {
            let name = format!("stories_come_out_as_parquet (not run: {what})");
            Trial::test(name, || Ok(())).with_ignored_flag(true)
        }
    };
    libtest_mimic::run(&arguments, vec![trial]).exit_code()
}

fn python() -> Command {
    Command::new(std::env::var_os("ARCHIVE_PYTHON").unwrap_or_else(|| "python3".into()))
}

/// Returns what the test needs and the machine has not.
fn missing() -> Option<&'static str> {
    let runs = |command: &mut Command| command.output().is_ok_and(|run| run.status.success());
    if !runs(Command::new("java").arg("-version")) {
        Some("no Java")
    } else if !runs(python().args(["-c", "import pyspark"])) {
        Some("no PySpark")
    } else {
        None
    }
}

/// Runs a Python program to its end.
fn succeeds(command: &mut Command) -> Result<String, Failed> {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output()?;
    match status.success() {
        true => Ok(String::from_utf8_lossy(&stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&stderr).into_owned().into()),
    }
}

const READ: &str = "\
import sys
from pyspark.sql import SparkSession
rows = SparkSession.builder.getOrCreate().read.parquet(sys.argv[1])
for row in rows.orderBy('story.headline').collect():
    story = row.story
    speaker = story.quotes[0].speaker.name if story else None
    print(row.given.get('outlet'), story and story.headline, speaker, row.error is not None, sep='|')
";

fn stories_come_out_as_parquet() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let mut lines = String::new();
    for number in 1..=3 {
        let text = format!(
            "Bridge {number} opens\\n\\nBy Ana Ruiz\\n\\nOSTEND (INA) - The bridge is open.\\n\\n\
             \\\"It is open,\\\" said Peder Holm, the engineer.\\n"
        );
        writeln!(
            lines,
            "{{\"id\": {number}, \"outlet\": \"Gazette\", \"text\": \"{text}\"}}"
        )?;
    }
    lines.push_str("no JSON\n");
    let [input, output] = ["in.jsonl", "out.parquet"].map(|name| dir.path().join(name));
    fs::write(&input, lines)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/spark.py");
    let said = succeeds(
        python()
            .arg(script)
            .args([
                "--archive",
                env!("CARGO_BIN_EXE_archive"),
                "--keep",
                "outlet",
            ])
            .args(["--partitions", "2"])
            .args([&input, &output]),
    )?;
    assert_eq!(said.lines().last(), Some("3 stories, 1 lines without one"));
    let rows = succeeds(python().args(["-c", READ]).arg(&output))?;
    let rows: Vec<&str> = rows.lines().collect();
    assert_eq!(
        rows,
        [
            "None|None|None|True",
            "Gazette|Bridge 1 opens|Peder Holm|False",
            "Gazette|Bridge 2 opens|Peder Holm|False",
            "Gazette|Bridge 3 opens|Peder Holm|False",
        ]
    );
    Ok(())
}
