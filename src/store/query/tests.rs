use super::*;

fn text(words: &str) -> Expr {
    Expr::Text(Text {
        column: None,
        words: words.to_owned(),
        prefix: false,
    })
}

fn parts(query: &str) -> Vec<Expr> {
    Query::parse(query).unwrap().parts
}

fn complaint(query: &str) -> String {
    let complaint = Query::parse(query).unwrap_err().to_string();
    assert!(!complaint.contains('\n'), "{complaint}");
    complaint
}

#[test]
fn words_phrases_prefixes_and_negations() {
    assert_eq!(parts("port strike"), [text("port"), text("strike")]);
    assert_eq!(parts("\"port strike\""), [text("port strike")]);
    assert_eq!(
        parts("“port strike” AND lima"),
        [text("port strike"), text("lima")]
    );
    assert_eq!(
        parts("strik*"),
        [Expr::Text(Text {
            column: None,
            words: "strik".to_owned(),
            prefix: true
        })]
    );
    assert_eq!(
        parts("\"port strik\"*"),
        [Expr::Text(Text {
            column: None,
            words: "port strik".to_owned(),
            prefix: true
        })]
    );
    assert_eq!(
        parts("strike -port"),
        [text("strike"), Expr::Not(Box::new(text("port")))]
    );
    assert_eq!(
        parts("地*"),
        [Expr::Text(Text {
            column: None,
            words: "地".to_owned(),
            prefix: true
        })]
    );
    assert_eq!(parts("strike NOT port"), parts("strike -port"));
    assert_eq!(parts("--port"), [text("port")]);
    assert_eq!(parts("write-through"), [text("write-through")]);
}

#[test]
fn or_binds_less_than_side_by_side() {
    assert_eq!(
        parts("a OR b c"),
        [Expr::Any(vec![
            text("a"),
            Expr::All(vec![text("b"), text("c")])
        ])]
    );
    assert_eq!(
        parts("(a OR b) c"),
        [Expr::Any(vec![text("a"), text("b")]), text("c")]
    );
    assert_eq!(
        parts("a -(b OR c)"),
        [
            text("a"),
            Expr::Not(Box::new(Expr::Any(vec![text("b"), text("c")])))
        ]
    );
    assert_eq!(
        parts("a or b"),
        [text("a"), text("or"), text("b")],
        "in small letters it is a word"
    );
}

#[test]
fn fields_have_values() {
    let column = |column, words: &str| {
        Expr::Text(Text {
            column: Some(column),
            words: words.to_owned(),
            prefix: false,
        })
    };
    assert_eq!(
        parts("speaker:lavrov"),
        [column(Column::Speakers, "lavrov")]
    );
    assert_eq!(
        parts("AUTHOR:\"ana ruiz\""),
        [column(Column::Authors, "ana ruiz")]
    );
    assert_eq!(parts("slug:BC-STRIKE place:lima headline:ferry").len(), 3);
    let agency = |name: &str, prefix| {
        Expr::Is(Condition::Agency {
            name: name.to_owned(),
            prefix,
        })
    };
    assert_eq!(
        parts("agency:\"Agence France-Presse\""),
        [agency("AFP", false)]
    );
    assert_eq!(parts("agency:reut*"), [agency("reut", true)]);
    assert_eq!(parts("language:pt"), parts("lang:pt"));
    assert_eq!(
        parts("id:1F3A"),
        [Expr::Is(Condition::Id("1f3a".to_owned()))]
    );
    assert_eq!(
        parts("12:30 https://example.org/a"),
        [text("12:30"), text("https://example.org/a")]
    );
}

#[test]
fn dates_are_days_months_or_years() {
    let range = |query: &str| match parts(query).pop() {
        Some(Expr::Is(Condition::Dates { from, until })) => {
            (from.unwrap_or_default(), until.unwrap_or_default())
        }
        other => panic!("{other:?}"),
    };
    let pair = |from: &str, until: &str| (from.to_owned(), until.to_owned());
    assert_eq!(range("after:2020-11"), pair("2020-11-01", ""));
    assert_eq!(range("before:2020"), pair("", "2020-01-01"));
    assert_eq!(range("on:2020-11-21"), pair("2020-11-21", "2020-11-22"));
    assert_eq!(range("on:2020-12"), pair("2020-12-01", "2021-01-01"));
    assert_eq!(range("on:2020"), pair("2020-01-01", "2021-01-01"));
    assert_eq!(range("on:9999"), pair("9999-01-01", "9999-99-99"));
    for bad in [
        "2020-13",
        "2021-02-29",
        "2020-1-1",
        "yesterday",
        "2020-11-21-01",
        "20201121",
        "2020-",
        "-2020",
        "2020*",
    ] {
        let complaint = complaint(&format!("on:\"{bad}\""));
        assert!(
            complaint.contains("is not a date; write a year, a month or a day"),
            "{bad}: {complaint}"
        );
    }
}

#[test]
fn mistakes_are_told_with_a_remedy() {
    for (query, start) in [
        ("", "`` has no word"),
        (" & -! ", "`& -!` has no word"),
        (
            "\"port strike",
            "the quotation mark before `port strike` is never closed",
        ),
        ("(a b", "a `(` is never closed"),
        ("a)", "a `)` closes nothing"),
        ("a OR", "`OR` has nothing to work on"),
        ("OR a", "`OR` has nothing to work on"),
        ("a OR OR b", "`OR` has nothing to work on"),
        ("(OR)", "`OR` has nothing to work on"),
        ("a AND", "`AND` has nothing to work on"),
        ("a NOT", "`NOT` has nothing to work on"),
        (
            "speaker: lavrov",
            "`speaker:` has no value; write it without a space, as in speaker:lavrov",
        ),
        ("speaker:\"\"", "`speaker:` has no value"),
        (
            "speaker:(a OR b)",
            "`speaker:` takes one value; write (speaker:one OR speaker:other)",
        ),
        (
            "spaeker:lavrov",
            "`spaeker:` is not a field; did you mean `speaker:`? (there are agency: speaker: ",
        ),
        ("s*", "`s*` is too short; write at least two letters"),
        ("speaker:\"sergei l\"*", "`sergei l*` is too short"),
        ("id:xyz", "`xyz` is not an id"),
    ] {
        let complaint = complaint(query);
        assert!(complaint.starts_with(start), "{query}: {complaint}");
        assert!(
            complaint.contains("; ") || complaint.contains("write"),
            "{complaint}"
        );
    }
    assert_eq!(Query::parse(&"a ".repeat(101)), Err(QueryError::TooLong));
    assert_eq!(
        Query::parse(&format!("\"{}\"", "a ".repeat(101))),
        Err(QueryError::TooLong),
        "words inside quotation marks are words"
    );
    assert!(Query::parse(&"a OR b ".repeat(50)).is_ok());
    let long = "a ".repeat(60);
    let narrowed = Query::parse(&long).unwrap().with(Field::Headline, &long);
    assert_eq!(narrowed, Err(QueryError::TooLong), "all fields together");
    assert_eq!(
        Query::default().with(Field::Version, &"a".repeat(60_000)),
        Err(QueryError::TooLong)
    );
    assert_eq!(Query::parse(&"(".repeat(3000)), Err(QueryError::TooDeep));
    assert!(Query::parse(&"-".repeat(100_000)).is_err());
}

#[test]
fn filters_are_fields() {
    let query = Query::default()
        .with(Field::Speaker, "lavr*")
        .unwrap()
        .with(Field::After, "2020")
        .unwrap();
    assert_eq!(query, Query::parse("speaker:lavr* after:2020").unwrap());
    assert!(Query::default().with(Field::Author, "…").is_err());
}

#[test]
fn every_field_has_its_name() {
    for known in Field::ALL {
        assert_eq!(known.field.name(), known);
        let query = format!("{}:{}", known.name, known.example);
        assert!(Query::parse(&query).is_ok(), "{query}");
    }
}
