//! Where the system gives no thread, one is used.

use crate::program::archive;
use std::fs;

/// A stack that no system can give makes the start of every thread fail, as a limit on processes
/// does, and that for a privileged user, too.
const NO_THREADS: (&str, &str) = ("RUST_MIN_STACK", "4611686018427387904");

#[test]
fn every_command_does_its_work_on_one_thread() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for number in 0..40 {
        let story = format!(
            "Bridge number {number} opens\n\nLIMA, March 4, 2021 (AP) - \"It holds,\" said Ana \
             Ruiz, who crossed bridge {number}.\n"
        );
        fs::write(dir.path().join(format!("in/{number}.txt")), story).unwrap();
    }
    let alone = |arguments: &[&str]| {
        archive(&dir, arguments)
            .env(NO_THREADS.0, NO_THREADS.1)
            .succeeds()
    };
    let with_threads = archive(&dir, ["parse", "in"]).succeeds();
    assert_eq!(alone(&["parse", "in"]), with_threads);
    assert!(alone(&["ingest", "in"]).contains("40 stored in"));
    assert!(alone(&["verify", "--all"]).contains("all is well"));
    assert!(alone(&["rebuild"]).contains("40 records"));
    alone(&["reindex"]);
    let search = ["search", "bridge", "--json"];
    assert_eq!(alone(&search), archive(&dir, search).succeeds());
    alone(&["stats"]);
    archive(&dir, ["verify", "--all"]).succeeds();
}
