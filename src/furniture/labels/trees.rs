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
    /// The same trees, laid out for walking.
    walks: Vec<Walk>,
    steps: Vec<Step>,
}

/// A tree laid out for walking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Walk {
    /// Its first step.
    first: u32,
    /// Questions; its leaves come after them.
    questions: u8,
    /// Questions on its longest way.
    depth: u8,
    /// Its first leaf.
    leaf: u32,
}

/// A question, or a leaf, which leads back to itself: every way is as long as the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    place: u16,
    most: u8,
    ways: [u8; 2],
}

/// Units that go through a tree side by side, so that one need not wait for another's memory.
const ABREAST: usize = 4;
/// Trees that vote between two looks at who is sure.
const ROUND: usize = 40;
/// What wins is ahead of every other class by so many [`UNIT`]s.
const SURE: i16 = 3 * 64;
/// A tree has no more questions than this.
const QUESTIONS: usize = 100;

impl Forest {
    /// Returns the trees that the program ships, pass by pass.
    pub fn fitted() -> &'static [Self] {
        static FITTED: LazyLock<Vec<Forest>> =
            LazyLock::new(|| Forest::read(include_str!("trees.txt")).unwrap_or_default());
        &FITTED
    }

    /// Makes a forest of trees of which each has its questions in a row, the first one first.
    ///
    /// # Errors
    ///
    /// Says which tree has too many questions, or a question that leads backwards.
    pub fn new(
        roots: Vec<Way>,
        splits: Vec<Split>,
        leaves: Vec<[i16; LANES]>,
        base: [i16; LANES],
    ) -> Result<Self, &'static str> {
        let (walks, steps) = (Vec::with_capacity(roots.len()), Vec::new());
        let mut forest = Self {
            roots,
            splits,
            leaves,
            base,
            walks,
            steps,
        };
        for root in forest.roots.clone() {
            forest.lay(root)?;
        }
        Ok(forest)
    }

    /// Lays out one tree.
    fn lay(&mut self, root: Way) -> Result<(), &'static str> {
        let (mut questions, mut leaves) = (Vec::new(), Vec::new());
        let (mut open, mut longest) = (vec![(root, 0)], 0);
        while let Some((way, depth)) = open.pop() {
            longest = depth.max(longest);
            match way {
                Way::Leaf(leaf) => leaves.push(leaf),
                Way::Split(at) => {
                    questions.push(at);
                    let split = self
                        .splits
                        .get(at as usize)
                        .ok_or("a question that there is not")?;
                    open.extend(split.ways.map(|way| (way, depth + 1)));
                }
            }
            if questions.len() > QUESTIONS {
                return Err("a tree with too many questions");
            }
        }
        questions.sort_unstable();
        leaves.sort_unstable();
        let (first, leaf) = (self.steps.len() as u32, leaves[0]);
        let number = |way: Way| match way {
            Way::Split(at) => questions.binary_search(&at).unwrap_or(0) as u8,
            Way::Leaf(at) => (questions.len() + (at - leaf) as usize) as u8,
        };
        if number(root) != 0
            || leaves
                .iter()
                .zip(leaf..)
                .any(|(leaf, place)| *leaf != place)
        {
            return Err("a tree whose parts do not stand in a row");
        }
        for at in &questions {
            let split = &self.splits[*at as usize];
            let place = sight::place(split.column, split.offset);
            self.steps.push(Step {
                place,
                most: split.most,
                ways: split.ways.map(number),
            });
        }
        for place in 0..leaves.len() {
            let itself = (questions.len() + place) as u8;
            self.steps.push(Step {
                place: 0,
                most: 0,
                ways: [itself; 2],
            });
        }
        let questions = questions.len() as u8;
        self.walks.push(Walk {
            first,
            questions,
            depth: longest,
            leaf,
        });
        Ok(())
    }

    /// Returns the sums of the trees for each unit, in [`UNIT`]s. After every [`ROUND`] trees the
    /// units on which they agree by [`SURE`] leave: later trees would hardly change what wins.
    pub fn votes(&self, sight: &Sight) -> Vec<[i16; LANES]> {
        let mut sums = vec![self.base; sight.units()];
        let mut open: Vec<usize> = (0..sight.units()).collect();
        for round in self.walks.chunks(ROUND) {
            for walk in round {
                for units in open.chunks(ABREAST) {
                    self.walk(*walk, sight, units, &mut sums);
                }
            }
            open.retain(|unit| !is_sure(&sums[*unit]));
        }
        sums
    }

    fn walk(&self, walk: Walk, sight: &Sight, units: &[usize], sums: &mut [[i16; LANES]]) {
        let steps = &self.steps[walk.first as usize..];
        let around: [_; ABREAST] =
            std::array::from_fn(|place| sight.around(units.get(place).copied().unwrap_or(0)));
        let mut at = [0u8; ABREAST];
        for _ in 0..walk.depth {
            for (at, around) in at.iter_mut().zip(around) {
                let step = &steps[usize::from(*at)];
                let above = around[usize::from(step.place)] > step.most;
                *at = step.ways[usize::from(above)];
            }
        }
        for (unit, at) in units.iter().zip(at) {
            let leaf = &self.leaves[walk.leaf as usize + usize::from(at - walk.questions)];
            for (sum, add) in sums[*unit].iter_mut().zip(leaf) {
                *sum = sum.saturating_add(*add);
            }
        }
    }

    /// Returns what each question on the way of unit `i` did for `class`, summed up by column, in
    /// [`UNIT`]s, strongest first. A question does what its answer changes in the mean of the
    /// leaves that can still be reached.
    pub fn reasons(&self, sight: &Sight, i: usize, class: Class) -> Vec<(String, f32)> {
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
                *by_column.entry((split.column, split.offset)).or_default() +=
                    mean(next) - mean(way);
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

    /// Returns the mean of the leaves under each question, for one class.
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

/// The file of the trees, one forest a pass. Lines, in this order, again for each pass:
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
    /// Reads the forests of a file.
    ///
    /// # Errors
    ///
    /// The first line that is not as above, names an unknown class or column, or is incomplete.
    pub fn read(list: &str) -> Result<Vec<Self>, TreesError> {
        let mut reader = Reader::default();
        let mut last = 0;
        for (at, line) in list.lines().enumerate() {
            last = at + 1;
            if !line.starts_with('#') && !line.is_empty() {
                reader.line(line).map_err(|fault| TreesError {
                    line: at + 1,
                    fault,
                })?;
            }
        }
        reader
            .close()
            .map_err(|fault| TreesError { line: last, fault })?;
        Ok(reader.done)
    }
}

/// Forests half read.
#[derive(Default)]
struct Reader {
    done: Vec<Forest>,
    forest: Forest,
    named: bool,
    based: bool,
    columns: Vec<(u16, i8)>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        let (kind, rest) = line.split_once(' ').ok_or("a word alone")?;
        match kind {
            "classes" => {
                if self.named {
                    self.close()?;
                }
                self.named = rest
                    .split(' ')
                    .eq(Class::ALL.iter().map(|class| class.name()));
                self.named
                    .then_some(())
                    .ok_or("not the classes that there are")
            }
            "base" if self.named && !self.based => {
                self.forest.base = leaf(rest, ' ')?;
                self.based = true;
                Ok(())
            }
            "column" if self.based => self.column(rest),
            "tree" if self.based => self.tree(rest),
            _ => Err("not what may stand here"),
        }
    }

    /// Takes the forest that was read; the next may begin.
    fn close(&mut self) -> Result<(), &'static str> {
        if !self.based || self.forest.roots.is_empty() {
            return Err("a pass without base or trees");
        }
        let read = std::mem::take(&mut self.forest);
        self.done.push(Forest::new(
            read.roots,
            read.splits,
            read.leaves,
            read.base,
        )?);
        self.columns.clear();
        (self.named, self.based) = (false, false);
        Ok(())
    }

    fn column(&mut self, rest: &str) -> Result<(), &'static str> {
        let (name, offset) = rest.split_once(' ').ok_or("a column without neighbour")?;
        let column = sight::column(name).ok_or("a column that there is not")?;
        let offset: i8 = offset
            .parse()
            .map_err(|_| "not the number of a neighbour")?;
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
        open.is_empty()
            .then_some(())
            .ok_or("a tree without all its leaves")
    }

    fn split(&self, word: &str) -> Result<Split, &'static str> {
        let (column, most) = word.split_once('>').ok_or("neither question nor leaf")?;
        let column: usize = column.parse().map_err(|_| "not the number of a column")?;
        let (column, offset) = *self.columns.get(column).ok_or("a column not named")?;
        let most = most
            .parse()
            .map_err(|_| "not a value that a column can have")?;
        // Both ways are given before the tree ends, or the tree is refused.
        let ways = [Way::Leaf(0); 2];
        Ok(Split {
            column,
            offset,
            most,
            ways,
        })
    }
}

/// Returns whether one class is well ahead of all others.
fn is_sure(sums: &[i16; LANES]) -> bool {
    let (mut top, mut second) = (i16::MIN, i16::MIN);
    for sum in &sums[..CLASSES] {
        second = second.max(top.min(*sum));
        top = top.max(*sum);
    }
    top.saturating_sub(second) > SURE
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
        let used: std::collections::BTreeSet<(u16, i8)> = self
            .splits
            .iter()
            .map(|split| (split.column, split.offset))
            .collect();
        for (column, offset) in &used {
            writeln!(out, "column {} {offset}", sight::column_name(*column))?;
        }
        let places: std::collections::BTreeMap<_, _> = used
            .iter()
            .enumerate()
            .map(|(place, column)| (*column, place))
            .collect();
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
        .map(|value| {
            if *value == 0 {
                String::new()
            } else {
                value.to_string()
            }
        })
        .collect();
    all.join(",").trim_end_matches(',').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "classes headline standfirst byline date caption paragraph item crosshead \
                        url above between inside below\nbase 1 2 3 4 5 6 7 8 9 10 11 12 13\n";

    #[test]
    fn the_trees_of_the_program_can_be_read() {
        let passes = Forest::read(include_str!("trees.txt"));
        assert!(passes.is_ok_and(|passes| !passes.is_empty()));
    }

    #[test]
    fn a_file_comes_out_as_it_went_in() {
        let file = format!(
            "{HEAD}column Prose 0\ncolumn Weight -1\ntree 0>0 =5,,-2 1>40 =,7 =\ntree =1\n"
        );
        let passes = Forest::read(&file).expect("a good file");
        assert_eq!(passes.len(), 1);
        assert_eq!(passes[0].to_string(), file);
    }

    #[test]
    fn what_is_not_as_it_should_be_is_refused() {
        let tree = |tree: &str| format!("{HEAD}column Prose 0\n{tree}\n");
        for (file, line, fault) in [
            (String::new(), 0, "a pass without base or trees"),
            (
                "classes headline\n".into(),
                1,
                "not the classes that there are",
            ),
            ("base 1 2 3\n".into(), 1, "not what may stand here"),
            (
                format!("{HEAD}column Prosa 0\ntree =\n"),
                3,
                "a column that there is not",
            ),
            (
                format!("{HEAD}column Prose 9\ntree =\n"),
                3,
                "a neighbour out of reach",
            ),
            (tree("tree 1>0 = ="), 4, "a column not named"),
            (
                tree("tree 0>256 = ="),
                4,
                "not a value that a column can have",
            ),
            (tree("tree 0>0 ="), 4, "a tree without all its leaves"),
            (
                tree("tree 0>0 = = ="),
                4,
                "a tree with more than its leaves",
            ),
            (
                tree("tree =1,2,3,4,5,6,7,8,9,10,11,12,13,14"),
                4,
                "more numbers than classes",
            ),
            (tree("tree =x"), 4, "not a number of a leaf"),
            (tree("bush ="), 4, "not what may stand here"),
        ] {
            assert_eq!(
                Forest::read(&file),
                Err(TreesError { line, fault }),
                "{file}"
            );
        }
    }
}
