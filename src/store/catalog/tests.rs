use super::*;
use crate::options::ParseOptions;
use crate::parse::parse;
use crate::store::disk::durability::Durability;
use crate::store::query::Query;
use crate::store::story_id::StoryId;
use crate::store::writer::archive::Archive;
use crate::store::writer::open::OpenOptions;
use crate::store::writer::plan::Incoming;
use crate::story::Story;
use proptest::prelude::*;
use tempfile::TempDir;

const STRIKE: &str = "Port strike ends after nine days\nBy Ana Ruiz\n\nLIMA, March 3 (AP) - \
                      Dockers in the port of Callao went back to work on Monday.\n\n\"We are \
                      tired, and we have won,\" said Marta Solís, head of the union.\n";
const FERRY: &str = "Night ferry returns\nBy Jörg Šimůnek\n\nBERLIN, March 4, 2024 (Reuters) - \
                     The night ferry sails again.\n\n\"Nobody walked,\" Otto Brandt told \
                     reporters. A strike was called off.\n";

struct Made {
    dir: TempDir,
    catalog: Catalog,
    stories: Vec<Story>,
}

impl Made {
    fn root(&self) -> &Path {
        self.dir.path()
    }

    fn ids(&self, query: &str) -> Vec<String> {
        let mut ids = Vec::new();
        let query = if query.is_empty() {
            Query::default()
        } else {
            Query::parse(query).unwrap()
        };
        self.catalog
            .each_story::<ArchiveError>(&query, |story| {
                ids.push(story.headline.unwrap_or_default());
                Ok(())
            })
            .unwrap();
        ids
    }
}

fn id_of(story: &Story) -> StoryId {
    story.id.parse().unwrap()
}

/// Returns an archive with two stories, and its catalog.
fn made() -> Made {
    let dir = tempfile::tempdir().unwrap();
    let texts = [STRIKE, FERRY];
    let incoming = texts.map(|text| Incoming {
        bytes: text.as_bytes(),
        path: Some("in/a.txt"),
        member: None,
        facts: None,
    });
    let mut archive = Archive::open(
        dir.path(),
        &OpenOptions::default().durability(Durability::None),
        &mut (),
    )
    .unwrap()
    .archive;
    archive
        .ingest(&incoming, &ParseOptions::default(), &mut ())
        .unwrap();
    archive.finish(&mut ()).unwrap();
    let catalog = Catalog::open_existing(dir.path()).unwrap();
    assert!(catalog.is_current(dir.path()).unwrap());
    let stories = texts
        .map(|text| parse(text.as_bytes(), &ParseOptions::default()))
        .to_vec();
    Made {
        dir,
        catalog,
        stories,
    }
}

fn line(n: u64, story: &Story) -> Provenance<'_> {
    Provenance {
        ledger: n,
        id: &story.id,
        sha256: &story.source.sha256,
        path: Some("in/a.txt"),
        member: None,
        time: "2026-01-01T00:00:00Z",
        event: "stored",
        program: "archive 0.1.0",
        options: "{}",
        note: None,
    }
}

/// Fails if the full text and the tables disagree.
fn check_full_text(catalog: &Catalog) {
    let sql = "INSERT INTO fulltext (fulltext) VALUES ('integrity-check');
        CREATE VIRTUAL TABLE temp.anew
               USING fts5 (headline, subheadline, slug, authors, place, speakers, body,
            tokenize = 'unicode61 remove_diacritics 2');
        INSERT INTO temp.anew (rowid, headline, subheadline, slug, authors, place, speakers, body)
            SELECT story, searchable(headline), searchable(subheadline), searchable(slug),
                searchable(authors), searchable(place), searchable(speakers), searchable(body)
            FROM texts;
        CREATE VIRTUAL TABLE temp.\"is\" USING fts5vocab ('main', 'fulltext', 'instance');
        CREATE VIRTUAL TABLE temp.ought USING fts5vocab ('temp', 'anew', 'instance');";
    catalog.connection.execute_batch(sql).unwrap();
    for (these, those) in [("temp.\"is\"", "temp.ought"), ("temp.ought", "temp.\"is\"")] {
        let differing = catalog
            .one(&format!(
                "SELECT count(*) FROM (SELECT * FROM {these} EXCEPT SELECT * FROM {those})"
            ))
            .unwrap();
        assert_eq!(differing, 0, "words in {these} that are not in {those}");
    }
    assert!(catalog.one("SELECT count(*) FROM temp.ought").unwrap() > 0);
    catalog
        .connection
        .execute_batch("DROP TABLE temp.\"is\"; DROP TABLE temp.ought; DROP TABLE temp.anew")
        .unwrap();
}

#[test]
fn the_full_text_has_what_the_tables_have() {
    let mut made = made();
    check_full_text(&made.catalog);
    assert_eq!(made.catalog.position().unwrap(), 2);
    // The same batch again changes nothing, and an older position does not go back.
    let story = &made.stories[0];
    let located = made.catalog.locate(&story.id[..6]).unwrap();
    let entry = CatalogEntry::new(story.clone().into());
    let change = Change {
        entry: &entry,
        record: &located.record,
        record_sha256: "other",
        record_bytes: 9,
        ledger: 7,
        first_ledger: 7,
    };
    made.catalog
        .apply(&[change], &[], &[line(1, story)], 1, "")
        .unwrap();
    made.catalog
        .apply(&[change], &[], &[line(1, story)], 1, "")
        .unwrap();
    check_full_text(&made.catalog);
    assert_eq!(made.catalog.position().unwrap(), 2);
    assert_eq!(made.catalog.len().unwrap(), 2);
    let first: u64 = made
        .catalog
        .one("SELECT first_ledger FROM stories WHERE record_sha256 = 'other'")
        .unwrap();
    assert_eq!(first, 1, "the first line that brought the story stays");
    // A new reading replaces the old one everywhere.
    let mut better = story.clone();
    better.headline = Some("Zugspitze".to_owned());
    better.quotes.clear();
    let entry = CatalogEntry::new(better.into());
    let change = Change {
        entry: &entry,
        record: "records/x.json",
        record_sha256: "new",
        record_bytes: 9,
        ledger: 9,
        first_ledger: 9,
    };
    made.catalog.apply(&[change], &[], &[], 9, "").unwrap();
    check_full_text(&made.catalog);
    assert_eq!(made.ids("zugspitze"), ["Zugspitze"]);
    assert!(made.ids("headline:port").is_empty() && made.ids("speaker:solis").is_empty());
    for table in ["authors", "quotes", "bodies", "warnings"] {
        let left = made
            .catalog
            .one(&format!(
                "SELECT count(*) FROM {table} WHERE story NOT IN (SELECT story FROM stories)"
            ))
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

#[test]
fn arrivals_are_counted() {
    let made = made();
    assert_eq!(
        made.catalog.arrivals(id_of(&made.stories[0]), 5).unwrap().0,
        1
    );
}

#[test]
fn queries_find_what_they_say() {
    let made = made();
    let (strike, ferry) = ("Port strike ends after nine days", "Night ferry returns");
    for (query, found) in [
        ("strike", vec![ferry, strike]),
        ("strike port", vec![strike]),
        ("strike -port", vec![ferry]),
        ("-port", vec![ferry]),
        ("\"ends after nine\"", vec![strike]),
        ("\"after ends\"", vec![]),
        ("ferr*", vec![ferry]),
        ("ferr", vec![]),
        ("dockers OR sails", vec![ferry, strike]),
        ("author:simunek", vec![ferry]),
        ("speaker:SOLIS", vec![strike]),
        ("speaker:brandt strike", vec![ferry]),
        ("place:lima", vec![strike]),
        ("headline:strike", vec![strike]),
        ("agency:ap", vec![strike]),
        ("agency:\"associated press\"", vec![strike]),
        ("agency:reu*", vec![ferry]),
        ("-agency:ap", vec![ferry]),
        ("agency:ap OR sails", vec![ferry, strike]),
        ("lang:en -(dockers OR sails)", vec![]),
        ("on:2024", vec![ferry]),
        ("on:2024-03-04", vec![ferry]),
        ("after:2024-03-04", vec![ferry]),
        ("after:2024-03-05", vec![]),
        ("before:2024-03-04", vec![]),
        ("before:2024-03-05", vec![ferry]),
        ("-on:2024", vec![strike]),
    ] {
        assert_eq!(made.ids(query), found, "{query}");
        let mut hits = Vec::new();
        made.catalog
            .search::<ArchiveError>(&Query::parse(query).unwrap(), 10, |hit| {
                hits.push(hit.story.headline.unwrap());
                Ok(())
            })
            .unwrap();
        hits.sort();
        assert_eq!(hits, found, "search {query}");
    }
    let id = &made.stories[1].id;
    assert_eq!(made.ids(&format!("id:{}", &id[..5])), [ferry]);
}

#[test]
fn hits_are_ranked_as_the_full_text_ranks() {
    let made = made();
    let mut hits = Vec::new();
    let mut take = |hit: Hit| {
        hits.push((hit.story.id, hit.score.unwrap()));
        Ok::<_, ArchiveError>(())
    };
    made.catalog
        .search(&Query::parse("strike OR ferry").unwrap(), 5, &mut take)
        .unwrap();
    let sql = "SELECT id, -rank FROM fulltext('strike OR ferry') JOIN stories
               ON story = fulltext.rowid ORDER BY rank";
    let mut statement = made.catalog.connection.prepare(sql).unwrap();
    let ranked = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(
        hits,
        ranked.map(Result::unwrap).collect::<Vec<(StoryId, f64)>>()
    );
    assert_eq!(hits.len(), 2);
}

#[test]
fn hits_show_where_the_words_are() {
    let made = made();
    let mut hits = Vec::new();
    let mut take = |hit: Hit| {
        hits.push(hit);
        Ok::<_, ArchiveError>(())
    };
    assert!(
        made.catalog
            .search(&Query::parse("strike").unwrap(), 1, &mut take)
            .unwrap(),
        "there is one more"
    );
    assert!(
        !made
            .catalog
            .search(&Query::parse("agency:AP").unwrap(), 20, &mut take)
            .unwrap()
    );
    let [best, fielded] = hits.as_slice() else {
        panic!("{hits:?}")
    };
    assert_eq!(
        best.story.headline.as_deref(),
        Some("Port strike ends after nine days"),
        "the headline weighs more"
    );
    assert!(best.score.is_some() && fielded.score.is_none());
    assert_eq!(
        best.headline_marks.stretches(),
        [
            ("Port ", false),
            ("strike", true),
            (" ends after nine days", false)
        ]
    );
    assert!(
        fielded.snippet.text.starts_with("Dockers in the port") && fielded.snippet.marks.is_empty()
    );
}

#[test]
fn quotes_are_found_by_speaker_and_cue() {
    let made = made();
    let words = |said: QuoteQuery| {
        let mut words = Vec::new();
        made.catalog
            .each_quote::<ArchiveError>(&said, |quote| {
                words.push(quote.text);
                Ok(())
            })
            .unwrap();
        words
    };
    let all = || QuoteQuery::of(Query::default());
    assert_eq!(words(all()).len(), 2);
    assert_eq!(
        words(all().by("solis").unwrap()),
        ["We are tired, and we have won,"]
    );
    assert_eq!(words(all().by("bran*").unwrap()), ["Nobody walked,"]);
    assert_eq!(words(all().with_cue("told")), ["Nobody walked,"]);
    assert!(words(all().by("solis").unwrap().with_cue("told")).is_empty());
    assert!(all().by("…").is_err());
}

#[test]
fn ids_may_be_shortened_as_long_as_one_is_meant() {
    let made = made();
    let story = &made.stories[0];
    for given in [
        &story.id[..4],
        &story.id,
        &story.source.sha256,
        &story.id.to_uppercase(),
    ] {
        assert_eq!(made.catalog.locate(given).unwrap().id, id_of(story));
    }
    let other = format!("{}{}", story.id, "0".repeat(48));
    assert!(matches!(
        made.catalog.locate(&other),
        Err(ArchiveError::UnknownId { .. })
    ));
    for bad in ["", "abc", "xyz12", "12 34", "12%4", &"0".repeat(65)] {
        assert!(
            matches!(made.catalog.locate(bad), Err(ArchiveError::BadId { .. })),
            "{bad}"
        );
    }
}

#[test]
fn a_rebuilt_catalog_says_the_same() {
    let mut made = made();
    let dump = |catalog: &Catalog| {
        let mut rows = Vec::new();
        catalog
            .each_story::<ArchiveError>(&Query::default(), |story| {
                rows.push(serde_json::to_string(&story).unwrap());
                Ok(())
            })
            .unwrap();
        catalog
            .each_quote::<ArchiveError>(&QuoteQuery::all(Query::default()), |quote| {
                rows.push(serde_json::to_string(&quote).unwrap());
                Ok(())
            })
            .unwrap();
        rows
    };
    let before = dump(&made.catalog);
    // Also under the eyes of a reader, and with a writer's log beside it.
    let reader = Catalog::open_read_only(made.root()).unwrap();
    let stories = made.stories.clone();
    let rebuilt = rebuild(made.root(), |_| {}).unwrap();
    assert_eq!((rebuilt.stories, rebuilt.failures.len()), (2, 0));
    assert_eq!(
        dump(&reader),
        before,
        "who reads the old one goes on reading it"
    );
    drop(reader);
    made.catalog = Catalog::open_existing(made.root()).unwrap();
    assert_eq!(dump(&made.catalog), before);
    assert_eq!(made.catalog.position().unwrap(), 2);
    assert_eq!(made.catalog.arrivals(id_of(&stories[0]), 5).unwrap().0, 1);
    check_full_text(&made.catalog);
    drop(made.catalog);
    let mut names: Vec<_> = fs::read_dir(made.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    let all = [
        "README.txt",
        "archive.json",
        "catalog.sqlite",
        "ledger",
        "lock",
        "raw",
        "records",
    ];
    assert_eq!(names, all, "nothing is left lying about");
}

#[test]
fn a_stale_log_does_not_reach_the_new_catalog() {
    let mut made = made();
    let root = made.root().to_owned();
    let stray = Provenance {
        path: Some("stray"),
        ..line(3, &made.stories[0])
    };
    made.catalog.apply(&[], &[], &[stray], 3, "").unwrap();
    // A program that died with its work in the log: the files as they stand now, without a close.
    let log = fs::read(companion(&root.join(CATALOG), "-wal")).unwrap();
    assert!(!log.is_empty());
    let Made { dir, catalog, .. } = made;
    drop(catalog);
    fs::remove_file(root.join(CATALOG)).unwrap();
    fs::write(companion(&root.join(CATALOG), "-wal"), log).unwrap();
    assert_eq!(
        Archive::open(
            &root,
            &OpenOptions::default().durability(Durability::None),
            &mut ()
        )
        .unwrap()
        .catalog
        .made_anew,
        Some(2)
    );
    let catalog = Catalog::open_existing(&root).unwrap();
    check_full_text(&catalog);
    assert_eq!(
        catalog
            .one("SELECT count(*) FROM sources WHERE path = 'stray'")
            .unwrap(),
        0,
        "what only the log said is gone"
    );
    drop(dir);
}

#[test]
fn what_is_wrong_with_a_catalog_is_told_apart() {
    let made = made();
    let root = made.root().to_owned();
    let path = root.join(CATALOG);
    let Made {
        dir: _dir, catalog, ..
    } = made;
    catalog
        .connection
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    drop(catalog);
    assert!(matches!(
        Catalog::open_read_only(&root),
        Err(ArchiveError::CatalogOutdated { .. })
    ));
    assert_eq!(
        Archive::open(
            &root,
            &OpenOptions::default().durability(Durability::None),
            &mut ()
        )
        .unwrap()
        .catalog
        .made_anew,
        Some(2),
        "a writer makes it anew"
    );
    fs::write(&path, "no database at all").unwrap();
    for opened in [
        Catalog::open_existing(&root),
        Catalog::open_read_only(&root),
    ] {
        let error = opened.unwrap_err();
        assert!(
            matches!(error, ArchiveError::CatalogDamaged { .. }),
            "{error}"
        );
        assert!(error.to_string().contains("`archive reindex`"), "{error}");
    }
    assert!(
        Archive::open(
            &root,
            &OpenOptions::default().durability(Durability::None),
            &mut ()
        )
        .is_err(),
        "nobody writes beside a damaged one"
    );
    assert_eq!(Archive::reindex(&root, &mut ()).unwrap().catalog.stories, 2);
    fs::remove_file(&path).unwrap();
    let error = Catalog::open_read_only(&root).unwrap_err().to_string();
    assert!(
        error.contains("missing") && error.contains("`archive reindex`"),
        "{error}"
    );
}

#[test]
fn a_catalog_that_cannot_change_can_be_read() {
    let made = made();
    let odd = made.root().join("a ?b#c%41é");
    fs::create_dir(&odd).unwrap();
    made.catalog
        .connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    fs::copy(made.root().join(CATALOG), odd.join(CATALOG)).unwrap();
    let catalog = Catalog::open_immutable(&odd.join(CATALOG)).unwrap();
    assert_eq!(catalog.len().unwrap(), 2);
    assert_eq!(fs::read_dir(&odd).unwrap().count(), 1, "no files beside it");
}

/// Other programs rely on these.
#[test]
fn documented_tables_and_columns_are_there() {
    let made = made();
    let columns = |table: &str| {
        let mut statement = made
            .catalog
            .connection
            .prepare("SELECT name FROM pragma_table_info(?) ORDER BY cid")
            .unwrap();
        statement
            .query_map([table], |row| row.get::<_, String>(0))
            .unwrap()
            .map(Result::unwrap)
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (table, expected) in [
        (
            "stories",
            "story id date published updated headline subheadline slug byline dateline place \
             region agency version version_number language source_url service sequence priority \
             category publication section paragraphs words quotes warnings bytes encoding format \
             sha256 record record_sha256 record_bytes record_ledger first_ledger",
        ),
        ("authors", "story n name role affiliation location contact"),
        (
            "quotes",
            "story n kind text speaker title mention speaker_kind gender gender_from cue block \
             start end part_of span_start \
             span_end",
        ),
        ("paragraphs", "story n kind text"),
        ("warnings", "story n code message"),
        (
            "sources",
            "id ledger sha256 path member time event program options note",
        ),
        ("unread", "id reason"),
        ("kin", "story chain text kills"),
        (
            "versions",
            "chain n story id date published version agency headline duplicate_of kills killed",
        ),
        ("speakers", "speaker quotes stories first_date last_date"),
        (
            "stories_full",
            "id date headline subheadline authors place region agency language slug version \
             quotes words source_url body",
        ),
        (
            "quotes_full",
            "id n date day agency headline speaker title cue text",
        ),
        (
            "texts",
            "story headline subheadline slug authors place speakers body",
        ),
        (
            "fulltext",
            "headline subheadline slug authors place speakers body",
        ),
    ] {
        assert_eq!(columns(table), expected, "{table}");
    }
    let sql =
        "SELECT paragraphs.text FROM quotes JOIN paragraphs ON paragraphs.story = quotes.story
               AND paragraphs.n = block WHERE quotes.text = 'Nobody walked,'";
    let paragraph: String = made
        .catalog
        .connection
        .query_row(sql, [], |row| row.get(0))
        .unwrap();
    assert!(paragraph.contains("Nobody walked"), "{paragraph}");
}

/// What streams must not be sorted first, whatever the statistics of the catalog.
#[test]
fn lists_come_from_the_index() {
    let made = made();
    made.catalog.connection.execute_batch("ANALYZE").unwrap();
    for query in [
        "strike",
        "agency:ap",
        "after:2020",
        "-author:ruiz OR on:2024",
        "id:12ab",
    ] {
        let condition = condition::condition(&Query::parse(query).unwrap());
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT id FROM {} CROSS JOIN bodies USING (story) WHERE {}
             ORDER BY {}",
            find::IN_ORDER,
            condition.text,
            find::ORDER
        );
        let mut statement = made.catalog.connection.prepare(&sql).unwrap();
        let plan = statement
            .query_map(params_from_iter(condition.values), |row| {
                row.get::<_, String>(3)
            })
            .unwrap();
        let plan: Vec<String> = plan.map(Result::unwrap).collect();
        assert!(
            !plan.iter().any(|step| step.contains("FOR ORDER BY")),
            "{query}: {plan:?}"
        );
    }
}

#[test]
fn documented_examples_run() {
    let made = made();
    let examples = include_str!("schema.sql").lines().filter_map(|line| {
        line.strip_prefix("--   sqlite3 catalog.sqlite \"")?
            .strip_suffix('"')
    });
    let mut count = 0;
    for example in examples {
        let mut statement = made.catalog.connection.prepare(example).unwrap();
        assert!(statement.exists([]).unwrap(), "{example} finds something");
        count += 1;
    }
    assert_eq!(count, 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is typed is a query or a sentence that says why not; the database never complains.
    #[test]
    fn no_query_breaks_the_database(
        query in prop_oneof![
            any::<String>(),
            "[ab\"'()*:^+.\\-{}\u{0} ]{0,24}",
            "((-|NOT |OR |AND \
             |\\(|\\)|\"|speaker:|agency:|on:|id:|lang:)?(strike|port|2024|NEAR|é|地震|\\*|\"| \
             ){1,2}){0,8}",
        ]
    ) {
        thread_local! {
            static MADE: Made = made();
        }
        let Ok(query) = Query::parse(&query) else { return Ok(()) };
        MADE.with(|made| {
            made.catalog.each_story::<ArchiveError>(&query, |_| Ok(())).unwrap();
            made.catalog.search::<ArchiveError>(&query, 5, |_| Ok(())).unwrap();
            made.catalog.totals(&query).unwrap();
        });
    }
}
