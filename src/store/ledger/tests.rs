use super::*;
use crate::store::story_id::StoryId;
use std::fs;

fn line(id: u64) -> Line {
    Line {
        n: 0,
        time: "2026-11-24T10:00:00Z".into(),
        event: Event::Stored,
        id: format!("{id:016x}"),
        sha256: "0".repeat(64),
        record: Some(format!("records/undated/a-{id:016x}.json")),
        record_sha256: Some("1".repeat(64)),
        record_bytes: Some(9),
        path: Some("in/a\n\"b\".txt".into()),
        member: None,
        program: "archive 0".into(),
        options: Some(ReadOptions {
            year: None,
            tz: None,
            format: None,
            facts: Default::default(),
        }),
        note: None,
        check: String::new(),
    }
}

fn add(root: &Path, ids: std::ops::Range<u64>) -> u64 {
    let (mut ledger, cut) = Ledger::open(root, &Files::default()).unwrap();
    let sealed = ledger.seal(&mut ids.map(line).collect::<Vec<_>>()).unwrap();
    ledger.append(sealed, &Files::default(), true).unwrap();
    cut
}

fn damages(root: &Path) -> Vec<u64> {
    let mut lines = Vec::new();
    check(root, true, |damage| lines.push(damage.line)).unwrap();
    lines
}

fn numbers(root: &Path, n: u64) -> Vec<u64> {
    lines_after(root, n)
        .unwrap()
        .map(|line| line.unwrap().n)
        .collect()
}

#[test]
fn lines_are_numbered_on_and_checked() {
    let dir = tempfile::tempdir().unwrap();
    add(dir.path(), 0..3);
    add(dir.path(), 3..5);
    assert_eq!(numbers(dir.path(), 0), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(dir.path(), 4), [5]);
    assert_eq!(numbers(dir.path(), 9), [0; 0]);
    assert_eq!(damages(dir.path()), [0; 0]);
    // Anybody can check it with sha256sum.
    let text = fs::read_to_string(dir.path().join("ledger/000001.jsonl")).unwrap();
    let first = text.lines().next().unwrap();
    let (body, check) = first.rsplit_once(",\"check\":\"").unwrap();
    let hash =
        crate::store::directory::fixity::Fixity::of(format!("0000000000000000{body}}}").as_bytes())
            .to_string();
    assert_eq!(check, format!("{}\"}}", &hash[..16]));
}

#[test]
fn a_line_is_found_by_jumping() {
    let dir = tempfile::tempdir().unwrap();
    add(dir.path(), 0..2000);
    for n in [1, 2, 777, 1500, 1998, 1999] {
        assert_eq!(numbers(dir.path(), n), (n + 1..=2000).collect::<Vec<_>>());
    }
}

#[test]
fn an_unfinished_last_line_is_cut() {
    let dir = tempfile::tempdir().unwrap();
    add(dir.path(), 0..3);
    let path = dir.path().join("ledger/000001.jsonl");
    let whole = fs::read(&path).unwrap();
    for torn in [&b"{\"n\":4,\"ti"[..], b"{", &[0; 9000]] {
        fs::write(&path, [&whole, torn].concat()).unwrap();
        assert_eq!(numbers(dir.path(), 0), [1, 2, 3]);
        assert_eq!(damages(dir.path()), [4]);
        let (ledger, cut) = Ledger::open(dir.path(), &Files::default()).unwrap();
        assert_eq!((ledger.last(), cut), (3, torn.len() as u64));
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    // Even the only line.
    fs::write(&path, "{\"n\":1").unwrap();
    assert_eq!(add(dir.path(), 0..1), 6);
    assert_eq!(damages(dir.path()), [0; 0]);
}

#[test]
fn every_kind_of_damage_is_named_once() {
    let dir = tempfile::tempdir().unwrap();
    add(dir.path(), 0..6);
    let path = dir.path().join("ledger/000001.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let cases: [(Vec<String>, &[u64]); 4] = [
        (
            lines
                .iter()
                .enumerate()
                .map(|(at, line)| {
                    if at == 2 {
                        line.replace("/a\\n", "/b\\n")
                    } else {
                        (*line).to_owned()
                    }
                })
                .collect(),
            &[3],
        ),
        (
            lines
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != 2)
                .map(|(_, line)| (*line).to_owned())
                .collect(),
            &[3],
        ),
        (
            lines
                .iter()
                .enumerate()
                .map(|(at, line)| {
                    if at == 2 {
                        "garbage\n".to_owned()
                    } else {
                        (*line).to_owned()
                    }
                })
                .collect(),
            &[3, 4],
        ),
        (
            [0, 1, 3, 2, 4, 5]
                .iter()
                .map(|at| lines[*at].to_owned())
                .collect(),
            &[3, 4, 5],
        ),
    ];
    for (damaged, expected) in cases {
        fs::write(&path, damaged.concat()).unwrap();
        assert_eq!(damages(dir.path()), expected);
    }
    // Every single bit counts.
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone().into_bytes();
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(!damages(dir.path()).is_empty(), "byte {at}");
    }
}

#[test]
fn files_follow_each_other() {
    let dir = tempfile::tempdir().unwrap();
    add(dir.path(), 0..3);
    let (mut ledger, _) = Ledger::open(dir.path(), &Files::default()).unwrap();
    ledger.current.as_mut().unwrap().length = FILE_BYTES;
    let sealed = ledger.seal(&mut [line(3), line(4)]).unwrap();
    ledger.append(sealed, &Files::default(), false).unwrap();
    add(dir.path(), 5..6);
    assert!(dir.path().join("ledger/000002.jsonl").exists());
    for n in 0..6 {
        assert_eq!(numbers(dir.path(), n), (n + 1..=6).collect::<Vec<_>>());
    }
    assert_eq!(damages(dir.path()), [0; 0]);
    fs::write(dir.path().join("ledger/000003.jsonl"), "").unwrap();
    add(dir.path(), 6..7);
    assert_eq!(numbers(dir.path(), 6), [7]);
    assert_eq!(damages(dir.path()), [0; 0]);
    fs::remove_file(dir.path().join("ledger/000001.jsonl")).unwrap();
    assert_eq!(damages(dir.path()), [1], "a missing file is seen");
}

/// A line that removes a story.
fn removal(id: u64) -> Line {
    Line {
        event: Event::Removed,
        ..line(id).struck()
    }
}

/// Strikes all lines about these stories that a removal stands after.
fn strike_all(root: &Path, ids: std::ops::Range<u64>) -> usize {
    let mut files = 0;
    let ids = ids.map(StoryId::of).collect();
    strike(root, &ids, |StruckFile { path, bytes }| {
        files += 1;
        fs::write(path, bytes).unwrap();
        Ok(())
    })
    .unwrap();
    files
}

#[test]
fn struck_lines_keep_the_chain_and_say_nothing() {
    let dir = tempfile::tempdir().unwrap();
    add(dir.path(), 0..4);
    let end = last(dir.path()).unwrap();
    // Without a line that removes it, a story keeps its lines.
    assert_eq!(strike_all(dir.path(), 1..3), 0);
    let (mut ledger, _) = Ledger::open(dir.path(), &Files::default()).unwrap();
    let sealed = ledger.seal(&mut [removal(1), removal(2)]).unwrap();
    ledger.append(sealed, &Files::default(), true).unwrap();
    add(dir.path(), 1..2);
    assert_eq!(strike_all(dir.path(), 1..3), 1);
    assert_eq!(strike_all(dir.path(), 1..3), 0, "a second time");
    assert_eq!(damages(dir.path()), [0; 0]);
    assert_eq!(numbers(dir.path(), 0), [1, 2, 3, 4, 5, 6, 7]);
    let lines: Vec<Line> = lines_after(dir.path(), 0)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        lines[3].check, end.check,
        "the chain is the one that it was"
    );
    for line in &lines[1..3] {
        assert_eq!(
            (line.event, &line.record, &line.path),
            (Event::Struck, &None, &None)
        );
    }
    assert_eq!(lines[6].event, Event::Stored, "it came again later");
    // The lines around a struck one are still mended, and it is not taken for damage.
    let kept = &mut |path: &Path| Ok(path.to_owned());
    let mended = mend(dir.path(), None, &mut |_, _| Ok(None), kept).unwrap();
    assert_eq!((mended.lines, mended.kept.len()), (0, 0));
}

#[test]
fn a_line_that_was_struck_without_a_removal_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    add(dir.path(), 0..3);
    let path = dir.path().join("ledger/000001.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let second: Line = serde_json::from_str(lines[1]).unwrap();
    let check = second.check.clone();
    let struck = line::sealed(serde_json::to_vec(&second.struck()).unwrap(), &check);
    let struck = String::from_utf8(struck).unwrap();
    fs::write(&path, format!("{}\n{struck}{}\n", lines[0], lines[2])).unwrap();
    assert_eq!(damages(dir.path()), [2]);
}
