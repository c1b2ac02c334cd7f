//! The fitted trees, read from `trees.txt`: each adds to every class what one of its leaves says.

use super::class::{CLASSES, Class};
use super::sight::{self, Sight};
use std::sync::LazyLock;
use thiserror::Error;

/// Lanes of a leaf: the classes, filled up.
pub const LANES: usize = 16;
/// Leaves are written in this part of a logarithm of odds.
pub const UNIT: f32 = 1.0 / 64.0;

/// What is wrong with a file of trees.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("trees, line {line}: {fault}")]
pub struct TreesError {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: &'static str,
}

/// A question of a tree: is what column shows at a unit above `most`?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// Which of [`sight`]'s columns.
    pub column: u16,
    /// Of which unit: so many after this one.
    pub offset: i8,
    /// The left way is taken up to this value.
    pub most: u8,
    /// Where the answer leads.
    pub ways: [Way; 2],
}

/// What follows a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Another question, by its place in the forest.
    Split(u32),
    /// A leaf, by its place in the forest.
    Leaf(u32),
}

/// Trees that vote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forest {
    /// The first question of each tree.
    pub roots: Vec<Way>,
    /// All questions.
    pub splits: Vec<Split>,
    /// What each leaf adds to each class, in [`UNIT`]s.
    pub leaves: Vec<[i16; LANES]>,
    /// What each class is worth before any tree.
    pub base: [i16; LANES],
}

impl Forest {
    /// The trees that the program ships.
    pub fn fitted() -> &'static Self {
        static FITTED: LazyLock<Forest> =
            LazyLock::new(|| Forest::read(include_str!("trees.txt")).unwrap_or_default());
        &FITTED
    }

    /// The sum of all trees for unit `i`, in [`UNIT`]s.
    pub fn vote(&self, sight: &Sight, i: usize) -> [i32; CLASSES] {
        let mut sum = self.base.map(i32::from);
        for root in &self.roots {
            let leaf = &self.leaves[self.leaf(*root, sight, i)];
            for (sum, add) in sum.iter_mut().zip(leaf) {
                *sum += i32::from(*add);
            }
        }
        std::array::from_fn(|class| sum[class])
    }

    fn leaf(&self, mut way: Way, sight: &Sight, i: usize) -> usize {
        loop {
            match way {
                Way::Leaf(leaf) => return leaf as usize,
                Way::Split(at) => {
                    let split = &self.splits[at as usize];
                    let above = sight.value(i, split.offset, split.column) > split.most;
                    way = split.ways[usize::from(above)];
                }
            }
        }
    }

    /// What each question on the way of unit `i` did for `class`, summed up by column, in
    /// [`UNIT`]s, strongest first. A question does what its answer changes in the mean of the
    /// leaves that can still be reached.
    pub fn why(&self, sight: &Sight, i: usize, class: Class) -> Vec<(String, f32)> {
        let means = self.means(class);
        let mean = |way: Way| match way {
            Way::Leaf(leaf) => f32::from(self.leaves[leaf as usize][class as usize]),
            Way::Split(at) => means[at as usize],
        };
        let mut by_column: std::collections::BTreeMap<(u16, i8), f32> = Default::default();
        for root in &self.roots {
            let mut way = *root;
            while let Way::Split(at) = way {
                let split = &self.splits[at as usize];
                let above = sight.value(i, split.offset, split.column) > split.most;
                let next = split.ways[usize::from(above)];
                *by_column.entry((split.column, split.offset)).or_default() += mean(next) - mean(way);
                way = next;
            }
        }
        let mut out: Vec<(String, f32)> = by_column
            .into_iter()
            .map(|((column, offset), sum)| (sight::name(column, offset), sum * UNIT))
            .collect();
        out.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        out
    }

    /// The mean of the leaves under each question, for one class.
    fn means(&self, class: Class) -> Vec<f32> {
        let mut means = vec![0.0; self.splits.len()];
        // A question stands before those that it leads to.
        for (at, split) in self.splits.iter().enumerate().rev() {
            let mean = |way: Way| match way {
                Way::Leaf(leaf) => f32::from(self.leaves[leaf as usize][class as usize]),
                Way::Split(next) => means[next as usize],
            };
            means[at] = f32::midpoint(mean(split.ways[0]), mean(split.ways[1]));
        }
        means
    }
}

/// Reads the file of the trees. Lines, in this order:
///
/// ```text
/// # a comment, anywhere
/// classes headline standfirst …     as Class::ALL has them
/// base 12 -3 …                      one number a class
/// column Prose 0                    numbered from 0; a name, and the neighbour it is seen at
/// tree 0>3 1>0 =5,,-2 = 2>7 …       questions (column>most) and leaves, the way up to `most` first
/// ```
///
/// A leaf has a number a class; zeros are empty, and those at its end are left out.
impl Forest {
    /// Reads trees.
    ///
    /// # Errors
    ///
    /// The first line that is not as above, names an unknown class or column, or is incomplete.
    pub fn read(list: &str) -> Result<Self, TreesError> {
        let mut reader = Reader::default();
        let mut last = 0;
        for (at, line) in list.lines().enumerate() {
            last = at + 1;
            if !line.starts_with('#') && !line.is_empty() {
                reader.line(line).map_err(|fault| TreesError { line: at + 1, fault })?;
            }
        }
        if reader.base.is_none() {
            return Err(TreesError { line: last, fault: "the base is missing" });
        }
        Ok(reader.forest)
    }
}

/// A forest half read.
#[derive(Default)]
struct Reader {
    forest: Forest,
    named: bool,
    base: Option<()>,
    columns: Vec<(u16, i8)>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        let (kind, rest) = line.split_once(' ').ok_or("a word alone")?;
        match kind {
            "classes" => {
                self.named = rest.split(' ').eq(Class::ALL.iter().map(|class| class.name()));
                self.named.then_some(()).ok_or("not the classes that there are")
            }
            "base" if self.named && self.base.is_none() => {
                self.forest.base = leaf(rest, ' ')?;
                self.base = Some(());
                Ok(())
            }
            "column" if self.base.is_some() => self.column(rest),
            "tree" if self.base.is_some() => self.tree(rest),
            _ => Err("not what may stand here"),
        }
    }

    fn column(&mut self, rest: &str) -> Result<(), &'static str> {
        let (name, offset) = rest.split_once(' ').ok_or("a column without neighbour")?;
        let column = sight::column(name).ok_or("a column that there is not")?;
        let offset: i8 = offset.parse().map_err(|_| "not the number of a neighbour")?;
        if offset.abs() > sight::REACH {
            return Err("a neighbour out of reach");
        }
        self.columns.push((column, offset));
        Ok(())
    }

    fn tree(&mut self, rest: &str) -> Result<(), &'static str> {
        // Ways that are still to be given: the question's place and which of its ways.
        let mut open: Vec<Option<(usize, usize)>> = vec![None];
        for word in rest.split(' ') {
            let place = open.pop().ok_or("a tree with more than its leaves")?;
            let way = if let Some(values) = word.strip_prefix('=') {
                self.forest.leaves.push(leaf(values, ',')?);
                Way::Leaf((self.forest.leaves.len() - 1) as u32)
            } else {
                let at = self.forest.splits.len();
                let split = self.split(word)?;
                self.forest.splits.push(split);
                open.push(Some((at, 1)));
                open.push(Some((at, 0)));
                Way::Split(at as u32)
            };
            match place {
                Some((at, which)) => self.forest.splits[at].ways[which] = way,
                None => self.forest.roots.push(way),
            }
        }
        open.is_empty().then_some(()).ok_or("a tree without all its leaves")
    }

    fn split(&self, word: &str) -> Result<Split, &'static str> {
        let (column, most) = word.split_once('>').ok_or("neither question nor leaf")?;
        let column: usize = column.parse().map_err(|_| "not the number of a column")?;
        let (column, offset) = *self.columns.get(column).ok_or("a column not named")?;
        let most = most.parse().map_err(|_| "not a value that a column can have")?;
        // Both ways are given before the tree ends, or the tree is refused.
        let ways = [Way::Leaf(0); 2];
        Ok(Split { column, offset, most, ways })
    }
}

fn leaf(values: &str, comma: char) -> Result<[i16; LANES], &'static str> {
    let mut out = [0; LANES];
    if values.is_empty() {
        return Ok(out);
    }
    for (class, value) in values.split(comma).enumerate() {
        if class >= CLASSES {
            return Err("more numbers than classes");
        }
        if !value.is_empty() {
            out[class] = value.parse().map_err(|_| "not a number of a leaf")?;
        }
    }
    Ok(out)
}

/// The file of a forest, as [`Forest::read`] reads it.
impl std::fmt::Display for Forest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let classes: Vec<_> = Class::ALL.iter().map(|class| class.name()).collect();
        writeln!(out, "classes {}", classes.join(" "))?;
        let base: Vec<_> = self.base[..CLASSES].iter().map(i16::to_string).collect();
        writeln!(out, "base {}", base.join(" "))?;
        let used: std::collections::BTreeSet<(u16, i8)> =
            self.splits.iter().map(|split| (split.column, split.offset)).collect();
        for (column, offset) in &used {
            writeln!(out, "column {} {offset}", sight::column_name(*column))?;
        }
        let places: std::collections::BTreeMap<_, _> =
            used.iter().enumerate().map(|(place, column)| (*column, place)).collect();
        for root in &self.roots {
            write!(out, "tree")?;
            let mut open = vec![*root];
            while let Some(way) = open.pop() {
                match way {
                    Way::Leaf(leaf) => write!(out, " ={}", values(&self.leaves[leaf as usize]))?,
                    Way::Split(at) => {
                        let split = &self.splits[at as usize];
                        let place = places[&(split.column, split.offset)];
                        write!(out, " {place}>{}", split.most)?;
                        open.extend([split.ways[1], split.ways[0]]);
                    }
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

fn values(leaf: &[i16; LANES]) -> String {
    let all: Vec<String> = leaf[..CLASSES]
        .iter()
        .map(|value| if *value == 0 { String::new() } else { value.to_string() })
        .collect();
    all.join(",").trim_end_matches(',').to_owned()
}
