//! Bylines and datelines as Chinese, Japanese and Korean wires print them, without spaces or
//! capitals:
//! `新华社大连11月3日电（记者李明、王芳）`, `(목포=연합뉴스) 김철수 기자 =`, `【東京共同】`, `记者 陈静 发自福州`.

use super::date::read_dates;
use super::dateline_reading::DatelineReading;
use crate::furniture::tokens::is_ideograph;
use crate::lexicon::LEXICON;
use crate::text::{boundary, fold};

/// A dateline never runs longer than this, in bytes.
const LONGEST: usize = 180;
/// A byline never runs longer than this, in bytes.
const LONGEST_BYLINE: usize = 120;
/// A place is not longer, in characters.
const LONGEST_PLACE: usize = 8;

/// Words before the names of reporters.
const BEFORE_NAMES: [&str; 36] = [
    "本报记者",
    "本報記者",
    "本网记者",
    "本刊记者",
    "见习记者",
    "特约记者",
    "实习记者",
    "记者",
    "記者",
    "通讯员",
    "特派员",
    "特派記者",
    "作者",
    "撰文",
    "撰稿",
    "文／",
    "文/",
    "文・",
    "文：",
    "文丨",
    "文｜",
    "文|",
    "著者",
    "執筆者",
    "執筆",
    "筆者",
    "文責",
    "取材・文",
    "取材",
    "ライター",
    "글쓴이",
    "글=",
    "글 ",
    "작성자",
    "특파원",
    "취재",
];
/// Words after the names of reporters.
const AFTER_NAMES: [&str; 8] = [
    "기자",
    "특파원",
    "선임기자",
    "記者",
    "特派員",
    "论说委员",
    "論説委員",
    "編集委員",
];
/// Words that say from where or in what form a reporter reports.
const AFTER_BYLINE: [&str; 9] = [
    "发自", "發自", "报道", "報導", "報道", "摄", "攝", "电", "電",
];

/// A byline of reporters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reporters {
    /// The names.
    pub names: Vec<String>,
    /// Where they write from.
    pub place: Option<String>,
}

/// Reads a whole line as a byline.
pub(crate) fn read_byline(line: &str) -> Option<Reporters> {
    if line.len() > LONGEST_BYLINE || line.is_ascii() {
        return None;
    }
    let is_bracketed = line.starts_with(['（', '(', '【', '[', '〔']);
    let line = without_address(without_office(line)).trim_matches([
        '（', '）', '(', ')', '【', '】', '[', ']', '〔', '〕', '■', '●', '=', ' ',
    ]);
    if let Some(reporters) = with_outlet(line, is_bracketed).or_else(|| with_report(line)) {
        return Some(reporters);
    }
    if let Some(names) = AFTER_NAMES
        .iter()
        .find_map(|word| line.strip_suffix(word))
        .and_then(names)
    {
        return Some(Reporters { names, place: None });
    }
    let rest = BEFORE_NAMES
        .iter()
        .find_map(|word| line.strip_prefix(word))?
        .trim_start_matches([':', '：', '/', '／', '|', '｜', '丨', '=', ' ', '\u{3000}']);
    // `記者会見`, `记者团`: what reporters attend and form.
    if rest.starts_with(['会', '會', '团', '團', '们', '們', '席', '节', '節']) {
        return None;
    }
    let (named, after) = AFTER_BYLINE
        .iter()
        .filter_map(|word| rest.split_once(word))
        .min_by_key(|(named, _)| named.len())
        .unwrap_or((rest, ""));
    let place = after.trim_matches([' ', '报', '道', '報', '導', '电', '電']);
    let names = names(named)?;
    // Chinese names have three letters at most: of more, some belong to the place that follows.
    let is_chinese = !line.chars().any(is_kana_or_hangul);
    if is_chinese && named != rest && names.iter().any(|name| name.chars().count() > 3) {
        return None;
    }
    Some(Reporters {
        names,
        place: is_place(place).then(|| place.to_owned()),
    })
}

/// `[서울=뉴시스] 김철수 기자` → `김철수 기자`.
fn without_office(line: &str) -> &str {
    let inside = line.trim_start().strip_prefix(['[', '(', '（']);
    inside
        .and_then(|inside| inside.split_once([']', ')', '）']))
        .filter(|(office, _)| office.contains(['=', '＝']))
        .map_or(line, |(_, rest)| rest.trim())
}

/// `김철수 기자 kim@example.com` → `김철수 기자`.
fn without_address(line: &str) -> &str {
    match line.trim_end().rsplit_once(' ') {
        Some((before, address)) if address.is_ascii() && address.contains('@') => before,
        _ => line,
    }
}

/// `[田中宏昌，Harbour Tech]`: a name and an outlet in brackets.
fn with_outlet(line: &str, is_bracketed: bool) -> Option<Reporters> {
    let (named, outlet) = line.split_once(['，', ',', '／', '、'])?;
    let is_outlet = outlet
        .trim_start()
        .starts_with(|c: char| c.is_ascii_alphabetic());
    let names = names(named).filter(|_| is_bracketed && is_outlet)?;
    Some(Reporters { names, place: None })
}

/// `王小明／台北報導`, `記者王小明／綜合報導`.
fn with_report(line: &str) -> Option<Reporters> {
    let (named, filed) = line.split_once(['／', '/'])?;
    let place = ["報導", "報道", "报道", "报导", "專訪", "专访"]
        .iter()
        .find_map(|word| filed.trim().strip_suffix(word))?;
    let named = named.trim();
    let named = BEFORE_NAMES
        .iter()
        .find_map(|word| named.strip_prefix(word))
        .unwrap_or(named);
    let is_anywhere = matches!(place, "綜合" | "综合" | "" | "整理");
    Some(Reporters {
        names: names(named.trim_start())?,
        place: (!is_anywhere && is_place(place)).then(|| place.to_owned()),
    })
}

/// Reads the dateline that a text begins with.
pub(crate) fn read_dateline(text: &str) -> Option<DatelineReading> {
    let head = &text[..boundary(text, LONGEST)];
    let mut out = match head.chars().next()? {
        '【' => bracketed(head)?,
        '［' => with_wide_spaces(head)?,
        '(' | '（' | '[' => with_equals_sign(head)
            .or_else(|| cable_in_brackets(head))
            .or_else(|| outlet_and_reporter(head))?,
        first if is_ideograph(first) => with_agency_first(head)?,
        _ => return None,
    };
    out.range = 0..out.body;
    out.body += text[out.body..].len() - text[out.body..].trim_start().len();
    out.sure = 0.9;
    Some(out)
}

/// `新华社大连11月3日电（记者李明、王芳）`.
fn with_agency_first(head: &str) -> Option<DatelineReading> {
    // `本报`: the paper itself.
    let (name, agency) = match ["本报", "本報"].iter().find(|own| head.starts_with(**own)) {
        Some(own) => (own.len(), None),
        None => agency_at_start(head).map(|(len, agency)| (len, Some(agency)))?,
    };
    let rest = &head[name..];
    let (at, cable) = rest
        .char_indices()
        .take(24)
        .find(|(_, c)| matches!(c, '电' | '電'))?;
    let filed = &rest[..at];
    let digit = filed.find(|c: char| c.is_ascii_digit()).unwrap_or(at);
    let place = filed[..digit].trim_matches([' ', '，', ',']);
    let mut out = DatelineReading {
        agency: agency.map(str::to_owned),
        place: is_place(place).then(|| place.to_owned()),
        date: read_dates(&filed[digit..]).dates.into_iter().next(),
        body: name + at + cable.len_utf8(),
        ..DatelineReading::default()
    };
    if out.place.is_none() && out.date.is_none() {
        return None;
    }
    let after = &head[out.body..];
    let open = after.trim_start();
    if let Some(inside) = open.strip_prefix(['（', '('])
        && let Some(close) = inside.find(['）', ')'])
        && let Some(reporters) = read_byline(&inside[..close])
    {
        out.authors = reporters.names;
        let inside_at = head.len() - inside.len();
        let mark = inside[close..].chars().next().map_or(0, char::len_utf8);
        out.body = inside_at + close + mark;
    }
    Some(out)
}

/// `(목포=연합뉴스) 김철수 기자 =`, `[서울=뉴시스]`.
fn with_equals_sign(head: &str) -> Option<DatelineReading> {
    let open = head.chars().next()?.len_utf8();
    let close = head.find([')', '）', ']'])?;
    let (place, agency) = head[open..close].split_once(['=', '＝'])?;
    let agency = agency.trim();
    let known = LEXICON.agencies.get(agency);
    if !is_place(place.trim()) || known.is_none() && !head[close..].contains(['=', '＝']) {
        return None;
    }
    let mut out = DatelineReading {
        place: Some(place.trim().to_owned()),
        agency: Some(known.unwrap_or(agency).to_owned()),
        body: close + head[close..].chars().next()?.len_utf8(),
        ..DatelineReading::default()
    };
    if let Some((named, _)) = head[out.body..].split_once(['=', '＝'])
        && let Some(reporters) = read_byline(named.trim())
    {
        out.authors = reporters.names;
        out.body += named.len() + 1;
    }
    (known.is_some() || !out.authors.is_empty()).then_some(out)
}

/// `【東京共同】`, `【ワシントン=田中太郎】`, `【ソウル聯合ニュース】`.
fn bracketed(head: &str) -> Option<DatelineReading> {
    let open = '【'.len_utf8();
    let close = head.find('】')?;
    let inside = &head[open..close];
    let mut out = DatelineReading {
        body: close + '】'.len_utf8(),
        ..DatelineReading::default()
    };
    let shared = inside.split_once(['=', '＝']).filter(|(first, second)| {
        LEXICON.agencies.has(&fold(second)) && first.ends_with(|c: char| c.is_ascii_alphabetic())
    });
    if let Some((first, _)) = shared {
        // `【パリAFP＝時事】`: one agency's copy, spread by another.
        let latin = first.find(|c: char| c.is_ascii_alphabetic())?;
        out.agency = LEXICON
            .agencies
            .get(&fold(&first[latin..]))
            .map(str::to_owned);
        out.place = is_place(&first[..latin]).then(|| first[..latin].to_owned());
    } else if let Some((place, name)) = inside.split_once(['=', '＝', '・']) {
        out.place = is_place(place).then(|| place.to_owned());
        out.authors = names(name).unwrap_or_default();
    } else {
        let (at, agency) = inside
            .char_indices()
            .find_map(|(at, _)| Some((at, LEXICON.agencies.get(&fold(&inside[at..]))?)))?;
        out.place = is_place(&inside[..at]).then(|| inside[..at].to_owned());
        out.agency = Some(agency.to_owned());
    }
    out.place.is_some().then_some(out)
}

/// `［東京　３日　ロイター］ - 雨が`: place, day and agency with wide spaces.
fn with_wide_spaces(head: &str) -> Option<DatelineReading> {
    let open = '［'.len_utf8();
    let close = head.find('］')?;
    let parts: Vec<&str> = head[open..close].split_whitespace().collect();
    let (place, agency) = (*parts.first()?, *parts.last()?);
    let agency = LEXICON.agencies.get(&fold(agency))?;
    let mut body = close + '］'.len_utf8();
    let after = head[body..].trim_start();
    if let Some(story) = after.strip_prefix(['-', '－', '―', '—']) {
        body = head.len() - story.len();
    }
    (parts.len() > 1 && is_place(place)).then(|| DatelineReading {
        place: Some(place.to_owned()),
        agency: Some(agency.to_owned()),
        body,
        ..DatelineReading::default()
    })
}

/// `（中央社記者王小明台北3日電）`: the name and the place stand together; most places have two
/// letters.
fn cable_in_brackets(head: &str) -> Option<DatelineReading> {
    let open = head.chars().next()?.len_utf8();
    let close = head.find(['）', ')'])?;
    let inside = &head[open..close];
    let filed = inside.strip_suffix(['電', '电'])?;
    let (len, agency) = agency_at_start(filed)?;
    let filed = filed[len..].trim_end_matches('日');
    let filed = filed.trim_end_matches(|c: char| c.is_ascii_digit() || c == '月' || c == '日');
    let (named, place) = match filed.strip_prefix("記者").or(filed.strip_prefix("记者")) {
        Some(both) => both.split_at(both.char_indices().rev().nth(1)?.0),
        None => ("", filed),
    };
    is_place(place).then(|| DatelineReading {
        place: Some(place.to_owned()),
        agency: Some(agency.to_owned()),
        authors: names(named).unwrap_or_default(),
        body: close + '）'.len_utf8(),
        ..DatelineReading::default()
    })
}

/// `[하버뉴스 김철수 기자]`: the outlet and its reporter.
fn outlet_and_reporter(head: &str) -> Option<DatelineReading> {
    let open = head.chars().next()?.len_utf8();
    let close = head.find([']', '）', ')'])?;
    let (outlet, named) = head[open..close].split_once(' ')?;
    let reporters = AFTER_NAMES
        .iter()
        .find_map(|word| named.strip_suffix(word))
        .and_then(|named| names(named.trim()))?;
    is_place(outlet).then(|| DatelineReading {
        agency: Some(outlet.to_owned()),
        authors: reporters,
        body: close + head[close..].chars().next().map_or(0, char::len_utf8),
        ..DatelineReading::default()
    })
}

/// Returns the longest agency that a text begins with: its length and its name.
fn agency_at_start(text: &str) -> Option<(usize, &'static str)> {
    let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).take(8).collect();
    ends.reverse();
    ends.into_iter()
        .find_map(|end| Some((end, LEXICON.agencies.get(&fold(&text[..end]))?)))
}

fn is_place(text: &str) -> bool {
    let count = text.chars().count();
    (1..=LONGEST_PLACE).contains(&count) && text.chars().all(is_letter)
}

/// Returns names of two to four letters, parted by marks or spaces; none if anything else is among
/// them.
fn names(text: &str) -> Option<Vec<String>> {
    let names: Vec<String> = text
        .split([
            '、', ',', '，', '·', '・', ' ', '\u{3000}', '和', '与', '與',
        ])
        .map(str::trim)
        .filter(|name| !name.is_empty() && !AFTER_NAMES.contains(name))
        .map(str::to_owned)
        .collect();
    // Of a Japanese name, the given one may be in kana, which are longer.
    let longest = |name: &str| {
        if name.chars().any(is_kana_or_hangul) {
            7
        } else {
            5
        }
    };
    let is_name = |name: &String| {
        (2..=longest(name)).contains(&name.chars().count())
            && name.chars().all(|c| is_letter(c) || c == '々')
    };
    (!names.is_empty() && names.len() <= 6 && names.iter().all(is_name)).then_some(names)
}

/// Ideographs, kana and Hangul syllables.
fn is_letter(c: char) -> bool {
    is_ideograph(c) || is_kana_or_hangul(c)
}

fn is_kana_or_hangul(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{AC00}'..='\u{D7A3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines() {
        for (line, want, place) in [
            ("记者 陈静 发自福州", &["陈静"][..], Some("福州")),
            ("本报记者 王芳、李明", &["王芳", "李明"], None),
            ("记者王芳北京报道", &[], None),
            ("김철수 기자", &["김철수"], None),
            ("作者：张三", &["张三"], None),
            ("文丨王小明", &["王小明"], None),
            ("〔記者王小明／台北報導〕", &["王小明"], Some("台北")),
            ("王小明／綜合報導", &["王小明"], None),
            ("著者：小暮ひさのり", &["小暮ひさのり"], None),
            ("取材・文／山田太郎", &["山田太郎"], None),
            ("[田中宏昌，Harbour Tech]", &["田中宏昌"], None),
            ("[서울=뉴시스] 김철수 기자", &["김철수"], None),
            ("김철수 기자 kim@example.com", &["김철수"], None),
            ("記者会見", &[], None),
            ("这是一句话。", &[], None),
        ] {
            let read = read_byline(line);
            let names = read.as_ref().map_or(&[][..], |read| &read.names);
            assert_eq!(names, want, "{line}");
            assert_eq!(read.and_then(|read| read.place).as_deref(), place, "{line}");
        }
    }

    #[test]
    fn datelines_name_their_authors() {
        let read = read_dateline("新华社大连11月3日电（记者李明、王芳）交通部门").unwrap();
        assert_eq!(read.authors, ["李明", "王芳"]);
        assert_eq!(read.date.unwrap().month, 11);
        let read = read_dateline("(목포=연합뉴스) 김철수 기자 = 섬 의회는").unwrap();
        assert_eq!(read.authors, ["김철수"]);
        let read = read_dateline("[하버뉴스 김철수 기자] 섬 의회는").unwrap();
        assert_eq!(read.authors, ["김철수"]);
        let read = read_dateline("（中央社記者王小明台北3日電）下雨").unwrap();
        assert_eq!(read.authors, ["王小明"]);
        assert!(read_dateline("(목포) 김철수").is_none());
        assert!(read_dateline("北京的天气很好").is_none());
    }
}
