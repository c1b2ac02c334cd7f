-- The catalog of an archive: what its records say, in tables that can be asked.
--
-- Everything here is made from records/ and ledger/ and can be made again (`archive reindex`).
-- Read it with any SQLite that has FTS5, of 2020 or later. What is documented here stays: later
-- versions of the program may add tables and columns. Nothing but `archive` should write to it.
--
--   sqlite3 catalog.sqlite "SELECT date, agency, headline FROM stories ORDER BY date, id"
--   sqlite3 catalog.sqlite "SELECT speaker, stories, quotes FROM speakers ORDER BY quotes DESC LIMIT 20"
--   sqlite3 catalog.sqlite "SELECT id, stories.headline FROM fulltext('strike NOT port') JOIN stories ON story = fulltext.rowid ORDER BY rank"
--
-- `story` joins the tables. It is the catalog's own number and may change with `archive reindex`;
-- `id` never does. `n` counts from 0 in the order of the record, so that quotes.block is paragraphs.n.

-- One row a story.
CREATE TABLE stories (
    story          INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,  -- first 16 hex digits of sha256
    date           TEXT,                  -- YYYY-MM-DD: the day of publication, else the dateline's if it is complete
    published      TEXT,                  -- RFC 3339 date or time, as in the record
    updated        TEXT,                  -- likewise
    headline       TEXT,
    subheadline    TEXT,
    slug           TEXT,                  -- the wire's keyword line
    byline         TEXT,                  -- as printed; its people are in authors
    dateline       TEXT,                  -- as printed
    place          TEXT,                  -- city, as printed
    region         TEXT,                  -- state, province or country, as printed
    agency         TEXT,                  -- normalised: AFP
    version        TEXT,                  -- label as printed: UPDATE 2-
    version_number INTEGER,
    language       TEXT,                  -- BCP 47 tag
    source_url     TEXT,
    service        TEXT,                  -- what the transmission's envelope said
    sequence       TEXT,
    priority       TEXT,
    category       TEXT,
    publication    TEXT,
    section        TEXT,
    paragraphs     INTEGER NOT NULL,      -- blocks of the body, of all kinds
    words          INTEGER NOT NULL,      -- words of the body, as white space parts them
    quotes         INTEGER NOT NULL,      -- passages that somebody said
    warnings       INTEGER NOT NULL,
    bytes          INTEGER NOT NULL,      -- of the raw copy
    encoding       TEXT NOT NULL,         -- of the raw copy
    format         TEXT NOT NULL,         -- plain, or the wire format
    sha256         TEXT NOT NULL,         -- of the raw copy, which is raw/<2 digits>/<sha256>
    record         TEXT NOT NULL,         -- the record's path below the archive directory, with /
    record_sha256  TEXT NOT NULL,         -- of the record's file
    record_bytes   INTEGER NOT NULL,      -- of the record's file
    record_ledger  INTEGER NOT NULL,      -- the last ledger line about the record: in sources, who made it and how
    first_ledger   INTEGER NOT NULL       -- the ledger line that brought the story
);
CREATE INDEX stories_by_date ON stories (date, published, id);

-- The people of the byline.
CREATE TABLE authors (
    story       INTEGER NOT NULL REFERENCES stories (story),
    n           INTEGER NOT NULL,
    name        TEXT NOT NULL,
    role        TEXT,
    affiliation TEXT,
    location    TEXT,
    contact     TEXT,
    PRIMARY KEY (story, n)
) WITHOUT ROWID;

-- Every passage between quotation marks.
CREATE TABLE quotes (
    story   INTEGER NOT NULL REFERENCES stories (story),
    n       INTEGER NOT NULL,
    kind    TEXT NOT NULL,     -- direct, mixed, indirect (reported without marks), or scare (marked words that nobody said)
    text    TEXT NOT NULL,     -- the words, marks excluded
    speaker TEXT,              -- fullest name that the story gives
    title   TEXT,              -- the speaker's title or description
    mention TEXT,              -- the speaker as mentioned beside the quote
    speaker_kind TEXT,         -- person, organisation, group, document, described (nobody named) or unresolved (a pronoun)
    gender  TEXT,              -- female or male
    gender_from TEXT,          -- what shows it: pronoun, title or given-name
    cue     TEXT,              -- the verb or phrase that attributes it
    block   INTEGER NOT NULL,  -- the paragraph it stands in
    start   INTEGER NOT NULL,  -- first code point in that paragraph's text
    "end"   INTEGER NOT NULL,  -- one past the last
    part_of INTEGER,           -- the quote that this one continues
    span_start INTEGER NOT NULL, -- first byte in the raw copy
    span_end   INTEGER NOT NULL, -- one past the last
    PRIMARY KEY (story, n)
) WITHOUT ROWID;

-- What a reader should know about how a record was made.
CREATE TABLE warnings (
    story   INTEGER NOT NULL REFERENCES stories (story),
    n       INTEGER NOT NULL,
    code    TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (story, n)
) WITHOUT ROWID;

-- Where stories came from: what the ledger says, line by line. A story that came twice has two
-- rows; one that was left out has a row here and none in stories.
CREATE TABLE sources (
    id      TEXT NOT NULL,
    ledger  INTEGER NOT NULL,  -- the ledger line
    sha256  TEXT NOT NULL,
    path    TEXT,              -- of the file it came in; null for standard input
    member  TEXT,              -- which story of that file, where it held several
    time    TEXT NOT NULL,     -- RFC 3339
    event   TEXT NOT NULL,     -- stored, updated, source, near-duplicate, recovered, rebuilt, removed, struck
    program TEXT NOT NULL,     -- the program that read it
    options TEXT NOT NULL,     -- what it was told, as JSON
    note    TEXT,
    PRIMARY KEY (id, ledger)
) WITHOUT ROWID;
CREATE INDEX removed_stories ON sources (id) WHERE event = 'removed';

-- What people say of stories, as the lines of annotations.jsonl add up. Verdicts are on a quote, by its
-- bytes in the raw copy and its speaker: they are on quotes with the same span and speaker.
CREATE TABLE annotations (
    id      TEXT NOT NULL,
    kind    TEXT NOT NULL,     -- collection, note, tag or verdict
    value   TEXT NOT NULL,     -- the collection's name, the note, the tag; right or wrong
    time    TEXT NOT NULL,     -- since when, RFC 3339
    start   INTEGER,           -- of a verdict: first byte of the quote in the raw copy
    "end"   INTEGER,           -- one past the last
    speaker TEXT               -- of a verdict: the speaker that the record named
);
CREATE INDEX annotations_by_id ON annotations (id, kind);
CREATE INDEX annotations_by_value ON annotations (kind, value);

-- Stories of the ledger that are not in stories, because their records could not be read.
CREATE TABLE unread (
    id     TEXT PRIMARY KEY,
    reason TEXT NOT NULL
) WITHOUT ROWID;

-- Which stories belong together, found out from what they say: leads, write-throughs, corrections and
-- kills of one story are a chain. Read it through versions.
CREATE TABLE kin (
    story INTEGER PRIMARY KEY REFERENCES stories (story),
    chain INTEGER NOT NULL,  -- the same for all stories of a chain
    text  INTEGER NOT NULL,  -- the same for all stories with the same text in other wrapping
    kills INTEGER NOT NULL   -- 1 for a notice that takes its story back
);
CREATE INDEX kin_by_chain ON kin (chain);
CREATE INDEX kin_by_text ON kin (text);

-- What kin are found by: what they are judged by, as numbers, and keys that kin have in common.
CREATE TABLE sketches (
    story    INTEGER PRIMARY KEY REFERENCES stories (story),
    features BLOB NOT NULL
);
CREATE TABLE kin_keys (
    key   INTEGER NOT NULL,
    story INTEGER NOT NULL REFERENCES stories (story),
    PRIMARY KEY (key, story)
) WITHOUT ROWID;

-- The stories of each chain in the order in which they came out, n from 1. duplicate_of is the one
-- with the same text that came into the archive first, if that is another one; killed is 1 where a
-- notice of the chain takes it back.
CREATE VIEW versions (chain, n, story, id, date, published, version, agency, headline, duplicate_of, kills, killed) AS
    SELECT chain,
        row_number() OVER chained,
        story, id, date, published, version, agency, headline,
        nullif(first_value(id) OVER (PARTITION BY text ORDER BY first_ledger, id), id),
        kills,
        NOT kills AND max(kills) OVER (PARTITION BY chain)
    FROM kin JOIN stories USING (story)
    WINDOW chained AS (PARTITION BY chain ORDER BY date NULLS LAST, published, kills, version_number NULLS FIRST, id);

-- Bodies as JSON arrays of [kind, text]; read them through paragraphs.
CREATE TABLE bodies (
    story  INTEGER PRIMARY KEY REFERENCES stories (story),
    blocks TEXT NOT NULL
);

-- The body, block by block: kind is paragraph, crosshead, list_item, preformatted or block_quote.
CREATE VIEW paragraphs (story, n, kind, text) AS
    SELECT story, block.key, json_extract(block.value, '$[0]'), json_extract(block.value, '$[1]')
    FROM bodies, json_each(blocks) AS block;

-- Who is quoted, how often, and in which time. Names are as the stories print them.
CREATE VIEW speakers (speaker, quotes, stories, first_date, last_date) AS
    SELECT speaker, count(*), count(DISTINCT story), min(date), max(date)
    FROM quotes JOIN stories USING (story)
    WHERE speaker IS NOT NULL AND quotes.kind <> 'indirect'
    GROUP BY speaker;

-- What a person reads of a story, in one row: its people as one text, its body as paragraphs parted by
-- empty lines.
CREATE VIEW stories_full (id, date, headline, subheadline, authors, place, region, agency, language, slug, version, quotes, words, source_url, body) AS
    SELECT id, date, headline, subheadline,
        (SELECT group_concat(name, '; ') FROM authors WHERE authors.story = stories.story),
        place, region, agency, language, slug, version, quotes, words, source_url,
        (SELECT group_concat(json_extract(block.value, '$[1]'), char(10, 10)) FROM bodies, json_each(blocks) AS block
            WHERE bodies.story = stories.story)
    FROM stories;

-- Who said what, with the story that says so and its day in words; words that nobody said, and
-- what is reported without marks, are left out.
CREATE VIEW quotes_full (id, n, date, day, agency, headline, speaker, title, cue, text) AS
    SELECT id, n, date,
        CAST(substr(date, 9, 2) AS INTEGER) || ' '
            || rtrim(substr('January  February March    April    May      June     July     August   SeptemberOctober  November December ',
                CAST(substr(date, 6, 2) AS INTEGER) * 9 - 8, 9))
            || ' ' || substr(date, 1, 4),
        agency, headline, speaker, title, cue, text
    FROM quotes JOIN stories USING (story)
    WHERE kind IN ('direct', 'mixed');

-- The words of a story as fulltext has them.
CREATE VIEW texts (story, headline, subheadline, slug, authors, place, speakers, body) AS
    SELECT story, headline, subheadline, slug,
        (SELECT group_concat(name, char(10)) FROM authors WHERE authors.story = stories.story),
        coalesce(place || ', ' || region, place, region),
        (SELECT group_concat(who, char(10)) FROM
            (SELECT DISTINCT speaker || coalesce(', ' || title, '') AS who FROM quotes WHERE quotes.story = stories.story AND speaker IS NOT NULL)),
        (SELECT group_concat(json_extract(block.value, '$[1]'), char(10)) FROM bodies, json_each(blocks) AS block
            WHERE bodies.story = stories.story)
    FROM stories;

-- Full text: words in any case and without accents, with ß æ œ ø ł đ þ ı written ss ae oe o l d th i, which
-- is how they have to be asked for; rowid is stories.story. A word of the headline weighs ten of the body.
CREATE VIRTUAL TABLE fulltext USING fts5 (
    headline, subheadline, slug, authors, place, speakers, body,
    content = 'texts', content_rowid = 'story', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO fulltext (fulltext, rank) VALUES ('rank', 'bm25(10.0, 4.0, 4.0, 3.0, 2.0, 2.0, 1.0)');
-- Eight MiB of words in memory before they are written: a batch of stories in one piece.
INSERT INTO fulltext (fulltext, rank) VALUES ('hashsize', 8388608);
