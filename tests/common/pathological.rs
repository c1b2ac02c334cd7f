//! Copy that no newsroom sends and that a program must survive: one small piece of text, repeated.

/// Which room of the program a kind of copy strains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strains {
    /// Character sets, envelopes, lines, units, labels and fields.
    Furniture,
    /// Passages, clauses and speakers.
    Quotes,
}

/// A kind of pathological copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// What it is called in reports.
    pub name: &'static str,
    /// Which room it strains.
    pub strains: Strains,
    /// What it begins with.
    head: &'static str,
    /// What is repeated; `#` stands for a number that counts on.
    piece: &'static str,
    /// What it ends with.
    tail: &'static str,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Kind {
    /// Makes copy of this kind, about `size` bytes of it.
    pub(crate) fn copy(&self, size: usize) -> Vec<u8> {
        let mut out = String::with_capacity(size + self.piece.len() + 16);
        out.push_str(self.head);
        let mut number = 1_usize;
        while out.len() < size {
            match self.piece.split_once('#') {
                Some((before, after)) => {
                    out.push_str(before);
                    out.push_str(&number.to_string());
                    out.push_str(after);
                }
                None => out.push_str(self.piece),
            }
            number += 1;
        }
        out.push_str(self.tail);
        out.into_bytes()
    }
}

const fn furniture(name: &'static str, piece: &'static str) -> Kind {
    Kind {
        name,
        strains: Strains::Furniture,
        head: "",
        piece,
        tail: "",
    }
}

const fn quotes(name: &'static str, piece: &'static str) -> Kind {
    Kind {
        name,
        strains: Strains::Quotes,
        head: "Harbour board meets\n\nOSTEND, March 4 - ",
        piece,
        tail: "\n",
    }
}

const fn around(kind: Kind, head: &'static str, tail: &'static str) -> Kind {
    Kind { head, tail, ..kind }
}

/// All kinds.
pub(crate) const KINDS: &[Kind] = &[
    furniture("carriage returns", "\r"),
    around(furniture("carriage returns, then text", "\r"), "", "text"),
    furniture("teletype line ends", "a\r\r\n"),
    furniture("line ends", "\n"),
    furniture("form feeds", "\u{C}"),
    furniture("lines and form feeds", "a\u{C}"),
    furniture("blanks", " "),
    around(furniture("blanks in text", " "), "a", "b"),
    furniture("tabs", "\t"),
    furniture("wide gaps", "a    "),
    furniture("no-break spaces", "\u{A0}"),
    furniture("dots", "."),
    furniture("spaced dots", ". "),
    furniture("dashes", "-"),
    furniture("spaced dashes", "- "),
    furniture("long dashes", "a — "),
    furniture("underscores", "_"),
    furniture("stars", "*"),
    furniture("digits", "7"),
    furniture("figures", "7 "),
    furniture("capitals", "A"),
    furniture("spaced capitals", "A "),
    furniture("small letters", "a"),
    furniture("commas", ","),
    furniture("listed names", "Ana Ruiz, "),
    furniture("joined names", "Ana Ruiz and "),
    furniture("one-character lines", "a\n"),
    furniture("one-figure lines", "1\n"),
    furniture("one-mark lines", ".\n"),
    furniture("one-dash lines", "-\n"),
    furniture("one-character lines apart", "a\n\n"),
    furniture("indented characters", "  a\n"),
    furniture("one-ideograph lines", "海\n"),
    furniture("short words, a line each", "word\n"),
    furniture("lines of two words", "Some words\n"),
    furniture("lines of words", "Some more words that say little\n"),
    furniture("numbered lines", "Entry # of the list\n"),
    furniture("bylines", "By Ana Ruiz\n"),
    furniture(
        "long bylines",
        "By Ana Ruiz and Tom Lee in Ostend for AFP, Staff Writers\n",
    ),
    furniture("different bylines", "By Ana Ruiz#\n"),
    furniture("bylines apart", "By Ana Ruiz\n\n"),
    furniture("names, a line each", "Ana Ruiz\n"),
    furniture("dates, a line each", "March 4, 2025\n"),
    furniture("dates in a row", "March 4, 2025 "),
    furniture("updates, a line each", "Updated: 4.3.2025, 16:05 CET\n"),
    furniture("ages, a line each", "3 hours ago\n"),
    furniture("dateline-like lines", "OSTEND, March 4 (AP) - \n"),
    furniture("datelines in a row", "OSTEND, March 4 (AP) - "),
    furniture(
        "datelined paragraphs",
        "OSTEND, March 4 - The board of the harbour met again today.\n",
    ),
    furniture("addresses", "http://example.org/a "),
    furniture("addresses, a line each", "http://example.org/a/#\n"),
    furniture("scheme after scheme", "http"),
    furniture("mail addresses, a line each", "ana.ruiz@example.org\n"),
    furniture("entities", "&amp;"),
    furniture("open entities", "&amp"),
    furniture("ampersands", "&"),
    furniture("numeric entities", "&#160;a"),
    furniture("soft hyphens", "\u{AD}"),
    furniture("hyphenated letters", "a\u{AD}"),
    furniture("combining marks", "\u{301}"),
    furniture("letters with marks", "e\u{301}"),
    furniture("cedillas and acutes", "c\u{301}\u{327}"),
    furniture("Hangul in parts", "\u{1112}\u{1161}\u{11AB}"),
    furniture("controls", "\u{7}"),
    furniture("nulls", "\0"),
    furniture("zero-width spaces", "a\u{200B}"),
    furniture("replacement characters", "\u{FFFD}"),
    furniture("brackets that open", "("),
    furniture("brackets that close", ")"),
    furniture("bracketed letters", "(a) "),
    furniture("credits, a line each", "(AP Photo/Jo Doe)\n"),
    furniture("credits in a row", "Photo: Jo Doe "),
    furniture("copyright signs", "© "),
    furniture(
        "captions",
        "A ferry at the quay of Ostend on Monday. (AP Photo/Jo Doe)\n",
    ),
    furniture("links", "Read more: Board of the harbour closes the slip\n"),
    furniture("related labels", "Read more\n"),
    furniture("share buttons", "Facebook\n"),
    furniture("buttons in a row", "Facebook | Email | "),
    furniture("trails", "Home > News > "),
    furniture("bullets", "- item\n"),
    furniture("empty bullets", "•\n"),
    furniture("numbered items", "1) item\n"),
    furniture("tables", "Leeds  12 7 3 2  24\n"),
    furniture("table cells", "Leeds   12\n\n"),
    furniture(
        "hyphens at line ends",
        "a paragraph that some desk has set in lines by hand, inter-\n",
    ),
    furniture(
        "one word in many lines",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmn-\n",
    ),
    furniture(
        "double-spaced lines",
        "The board of the harbour met again today and said that\n\n",
    ),
    furniture("questions", "Is it?\n"),
    furniture("end marks", "-30-\n"),
    furniture("slug lines", "BC-PORT-STRIKE\n"),
    furniture("version labels", "UPDATE 2-UPDATE 3-"),
    furniture("notes", "(Reporting by Ana Ruiz; editing by Tom Lee)\n"),
    furniture("copyright lines", "Copyright 2025 Harbour Times\n"),
    furniture(
        "numbered members",
        "ZCZC ABC123\r\nHeadline\r\n\r\nText of it.\r\nNNNN\r\n",
    ),
    furniture("starts of members", "ZCZC\n"),
    furniture("ends of members", "NNNN\n"),
    furniture("starts of headers", "\u{1}"),
    furniture("starts and ends", "\u{1}\u{3}"),
    furniture("ends of text", "\u{3}"),
    around(
        furniture("ends of text after a header", "\u{3}"),
        "\u{1}f1769\u{1f}reute\nr f BC-A   10-20 0054\n\u{2}\nA\n Reuter\n",
        "",
    ),
    around(
        furniture("headers within a member", "\u{1}f1769\u{1f}"),
        "\u{1}f1769\u{1f}reute\nr f BC-A   10-20 0054\n\u{2}\nA\n Reuter\n\u{3}",
        "",
    ),
    furniture(
        "small transmissions",
        "\u{1}f1769\u{1f}reute\nr f BC-A   10-20 0054\n\u{2}\nA\n Reuter\n\u{3}\n",
    ),
    furniture("numbers of documents", "# of 9 DOCUMENTS\n"),
    furniture("numbers of documents apart", "1 of 9 DOCUMENTS\n\n"),
    furniture("ends of documents", "End of Document\n\n"),
    furniture(
        "labels of exports",
        "BYLINE: Ana Ruiz\n\nLENGTH: 9 words\n\n",
    ),
    around(
        furniture("labels of one story", "SUBJECT: FERRIES (90%); PORTS\n\n"),
        "1 of 1 DOCUMENT\n\nThe Gazette\n\nMarch 4, 2024\n\nFerry to sail\n\n",
        "",
    ),
    around(
        furniture(
            "paragraphs of documents",
            "<w:p><w:r><w:t>End of Document</w:t></w:r></w:p>",
        ),
        "<w:document><w:body>",
        "",
    ),
    around(
        furniture("codes of exports", "HD Ferry to sail\nNS a : b\n"),
        "",
        "\nDocument HARBGZ0020240304ek340002l\n",
    ),
    furniture(
        "accession numbers",
        "Document HARBGZ0020240304ek340002l\n\n",
    ),
    around(
        furniture(
            "small articles of pages",
            "<div class=\"article\"><p class=\"articleParagraph\">a",
        ),
        "<html><body>",
        "",
    ),
    around(
        furniture(
            "articles of pages",
            "<article><span class=\"DocPublicationName\">a</span></article>",
        ),
        "<html><body>",
        "",
    ),
    furniture("numbers of ProQuest", "ProQuest document ID: 123456789\n\n"),
    furniture("variables of exports", "**** *id_# *date_2024-03-04\na\n"),
    furniture(
        "sentences, a line each",
        "The board met again and said that nothing has changed since the last time at all.\n",
    ),
    around(
        furniture("one long sentence", "and the board "),
        "The board ",
        "met.",
    ),
    quotes("quoted letters", "\"a\" "),
    quotes("quoted letters and cues", "\"a\" said "),
    quotes("quoted letters and commas", "\"a\", "),
    quotes("curly marks", "“a” "),
    quotes("marks that open", "“"),
    quotes("marks that close", "”"),
    quotes("low marks", "„a“ "),
    quotes("guillemets", "«a» "),
    quotes("corner brackets", "「a」"),
    quotes("single marks", "'a' "),
    quotes("apostrophes", "'"),
    quotes("plain marks", "\""),
    quotes("speech dashes", "— No, — said Orlov.\n\n"),
    quotes("short quotes", "\"A,\" he said. "),
    quotes(
        "long quotes",
        "\"We will hold the line until the board meets again in spring,\" said Ana Ruiz, a \
         welder. ",
    ),
    quotes(
        "prose",
        "The board of the harbour met again on Tuesday and will pay for a new slip in Ostend. ",
    ),
    quotes("one surname again and again", "\"We looked,\" said Ruiz. "),
    quotes(
        "one surname, a paragraph each",
        "\"We looked at it,\" said Ruiz.\n\n",
    ),
    quotes(
        "thousands of speakers",
        "\"We looked at it,\" said Ana Ruiz#.\n\n",
    ),
    quotes(
        "thousands of speakers in one paragraph",
        "\"We looked,\" said Ana Ruiz#. ",
    ),
    quotes("names without quotes", "Ana Ruiz met Tom Lee and "),
    quotes("cues without quotes", "he said she said "),
    quotes(
        "an open quote a paragraph",
        "“We looked at it again and again.\n\n",
    ),
];
