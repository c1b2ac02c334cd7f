//! Takes structs apart into the columns of a row, as serde shows their fields: nothing is copied on
//! the way but the texts themselves.

use super::row_group::{Level, Mismatch, RowGroup};
use crate::export::columns::{Column, Shape};
use serde::ser::{self, Impossible, Serialize, Serializer};

/// A row that is being filled.
pub struct Row<'g> {
    group: &'g mut RowGroup,
    /// Columns that have no value yet.
    columns: &'static [Column],
    /// The first leaf of theirs.
    leaf: usize,
}

impl<'g> Row<'g> {
    pub(super) fn new(group: &'g mut RowGroup, columns: &'static [Column]) -> Self {
        Self {
            group,
            columns,
            leaf: 0,
        }
    }

    /// Fills the next columns with the fields of a struct, which stand in the order of the table.
    /// Fields that the table does not have are left out.
    ///
    /// # Errors
    ///
    /// A field has not what its column holds.
    pub fn fill(&mut self, part: &impl Serialize) -> Result<(), Mismatch> {
        let reached = part.serialize(Shredder {
            group: self.group,
            shape: Shape::Group(self.columns),
            is_optional: false,
            is_part: true,
            level: Level::default(),
            leaf: self.leaf,
        })?;
        self.columns = &self.columns[reached.columns..];
        self.leaf = reached.leaf;
        Ok(())
    }

    /// Fails if a column has no value.
    pub(super) fn end(&self) -> Result<(), Mismatch> {
        match self.columns.first() {
            Some(column) => Err(lacking(column)),
            None => Ok(()),
        }
    }
}

fn lacking(column: &Column) -> Mismatch {
    Mismatch(format!("the column `{}` has no value", column.name))
}

/// How far the columns are filled.
#[derive(Clone, Copy)]
struct Reached {
    /// The next leaf.
    leaf: usize,
    /// How many columns of a group have their value.
    columns: usize,
}

/// Puts one value into its leaves.
struct Shredder<'g> {
    group: &'g mut RowGroup,
    shape: Shape,
    is_optional: bool,
    /// Whether it is a part of a row, whose other columns another struct may fill.
    is_part: bool,
    level: Level,
    /// The first leaf of the value.
    leaf: usize,
}

impl Shredder<'_> {
    /// Returns the level of a value that is there.
    fn present(&self) -> Level {
        Level {
            definition: self.level.definition + i16::from(self.is_optional),
            ..self.level
        }
    }

    fn text(self, text: &str) -> Result<Reached, Mismatch> {
        let level = self.present();
        self.group.text(text, level, self.leaf)?;
        Ok(reached(self.leaf + 1))
    }

    fn number(self, number: Option<i64>) -> Result<Reached, Mismatch> {
        let level = self.present();
        let number = number.ok_or_else(|| unfit("a number of more than 63 bits"))?;
        self.group.number(number, level, self.leaf)?;
        Ok(reached(self.leaf + 1))
    }
}

impl<'g> Shredder<'g> {
    fn fields(self) -> Result<Fields<'g>, Mismatch> {
        let Shape::Group(columns) = self.shape else {
            return Err(unfit("a struct"));
        };
        let level = self.present();
        Ok(Fields {
            group: self.group,
            columns,
            filled: 0,
            is_part: self.is_part,
            level,
            leaf: self.leaf,
        })
    }
}

fn reached(leaf: usize) -> Reached {
    Reached { leaf, columns: 0 }
}

fn unfit(what: &str) -> Mismatch {
    Mismatch(format!("no column holds {what}"))
}

/// The fields of a struct, one by one.
struct Fields<'g> {
    group: &'g mut RowGroup,
    columns: &'static [Column],
    /// How many columns have their value.
    filled: usize,
    is_part: bool,
    level: Level,
    leaf: usize,
}

impl Fields<'_> {
    fn next<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Mismatch> {
        let Some(column) = self.columns.get(self.filled) else {
            return Err(unfit("one value more"));
        };
        let reached = value.serialize(Shredder {
            group: self.group,
            shape: column.shape,
            is_optional: column.is_optional,
            is_part: false,
            level: self.level,
            leaf: self.leaf,
        })?;
        self.leaf = reached.leaf;
        self.filled += 1;
        Ok(())
    }

    fn reached(&self) -> Reached {
        Reached {
            leaf: self.leaf,
            columns: self.filled,
        }
    }
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = Reached;
    type Error = Mismatch;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Mismatch> {
        match self.columns.get(self.filled) {
            Some(column) if column.name == key => self.next(value),
            // What is no column is left out. What is one, and comes late, shows at the end.
            _ => Ok(()),
        }
    }

    fn end(self) -> Result<Reached, Mismatch> {
        match self.columns.get(self.filled) {
            Some(column) if !self.is_part => Err(lacking(column)),
            _ => Ok(self.reached()),
        }
    }
}

/// Spans are two numbers.
impl ser::SerializeTuple for Fields<'_> {
    type Ok = Reached;
    type Error = Mismatch;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Mismatch> {
        self.next(value)
    }

    fn end(self) -> Result<Reached, Mismatch> {
        match self.columns.get(self.filled) {
            Some(column) => Err(lacking(column)),
            None => Ok(self.reached()),
        }
    }
}

/// The values of a map whose keys are columns, in their order. What it lacks is empty.
struct Keyed<'g> {
    fields: Fields<'g>,
    key: String,
}

impl Keyed<'_> {
    /// Leaves columns empty up to the one with this name, or all that are left.
    fn skip_to(&mut self, name: Option<&str>) -> Result<(), Mismatch> {
        while let Some(column) = self.fields.columns.get(self.fields.filled) {
            if Some(column.name) == name {
                return Ok(());
            }
            self.fields.next(&None::<&str>)?;
        }
        match name {
            Some(name) => Err(unfit(&format!("the key `{name}`"))),
            None => Ok(()),
        }
    }
}

impl ser::SerializeMap for Keyed<'_> {
    type Ok = Reached;
    type Error = Mismatch;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Mismatch> {
        self.key = match serde_json::to_value(key) {
            Ok(serde_json::Value::String(key)) => key,
            _ => return Err(unfit("a key that is no text")),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Mismatch> {
        let key = std::mem::take(&mut self.key);
        self.skip_to(Some(&key))?;
        self.fields.next(value)
    }

    fn end(mut self) -> Result<Reached, Mismatch> {
        self.skip_to(None)?;
        Ok(self.fields.reached())
    }
}

/// The values of a list, one by one.
struct Elements<'g> {
    group: &'g mut RowGroup,
    element: &'static Shape,
    /// The level of the list.
    level: Level,
    first_leaf: usize,
    /// The leaf after the list, once it has an element.
    next_leaf: Option<usize>,
}

impl ser::SerializeSeq for Elements<'_> {
    type Ok = Reached;
    type Error = Mismatch;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Mismatch> {
        let depth = self.level.depth + 1;
        let reached = value.serialize(Shredder {
            group: self.group,
            shape: *self.element,
            is_optional: false,
            is_part: false,
            level: Level {
                definition: self.level.definition + 1,
                repetition: match self.next_leaf {
                    None => self.level.repetition,
                    Some(_) => depth,
                },
                depth,
            },
            leaf: self.first_leaf,
        })?;
        self.next_leaf = Some(reached.leaf);
        Ok(())
    }

    fn end(self) -> Result<Reached, Mismatch> {
        let leaf = match self.next_leaf {
            Some(leaf) => leaf,
            None => self.group.absent(self.element, self.level, self.first_leaf),
        };
        Ok(reached(leaf))
    }
}

impl<'g> Serializer for Shredder<'g> {
    type Ok = Reached;
    type Error = Mismatch;
    type SerializeSeq = Elements<'g>;
    type SerializeTuple = Fields<'g>;
    type SerializeStruct = Fields<'g>;
    type SerializeTupleStruct = Impossible<Reached, Mismatch>;
    type SerializeTupleVariant = Impossible<Reached, Mismatch>;
    type SerializeMap = Keyed<'g>;
    type SerializeStructVariant = Impossible<Reached, Mismatch>;

    fn serialize_none(self) -> Result<Reached, Mismatch> {
        if !self.is_optional {
            return Err(unfit("null where there must be a value"));
        }
        Ok(reached(self.group.absent(
            &self.shape,
            self.level,
            self.leaf,
        )))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Reached, Mismatch> {
        value.serialize(self)
    }

    fn serialize_str(self, text: &str) -> Result<Reached, Mismatch> {
        self.text(text)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Reached, Mismatch> {
        self.text(variant)
    }

    fn serialize_i8(self, number: i8) -> Result<Reached, Mismatch> {
        self.number(Some(number.into()))
    }

    fn serialize_i16(self, number: i16) -> Result<Reached, Mismatch> {
        self.number(Some(number.into()))
    }

    fn serialize_i32(self, number: i32) -> Result<Reached, Mismatch> {
        self.number(Some(number.into()))
    }

    fn serialize_i64(self, number: i64) -> Result<Reached, Mismatch> {
        self.number(Some(number))
    }

    fn serialize_u8(self, number: u8) -> Result<Reached, Mismatch> {
        self.number(Some(number.into()))
    }

    fn serialize_u16(self, number: u16) -> Result<Reached, Mismatch> {
        self.number(Some(number.into()))
    }

    fn serialize_u32(self, number: u32) -> Result<Reached, Mismatch> {
        self.number(Some(number.into()))
    }

    fn serialize_u64(self, number: u64) -> Result<Reached, Mismatch> {
        self.number(i64::try_from(number).ok())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'g>, Mismatch> {
        let Shape::List(element) = self.shape else {
            return Err(unfit("a list"));
        };
        let level = self.present();
        Ok(Elements {
            group: self.group,
            element,
            level,
            first_leaf: self.leaf,
            next_leaf: None,
        })
    }

    fn serialize_tuple(self, _: usize) -> Result<Fields<'g>, Mismatch> {
        self.fields()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'g>, Mismatch> {
        self.fields()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Reached, Mismatch> {
        value.serialize(self)
    }

    fn serialize_bool(self, _: bool) -> Result<Reached, Mismatch> {
        Err(unfit("yes or no"))
    }

    fn serialize_f32(self, _: f32) -> Result<Reached, Mismatch> {
        Err(unfit("a fraction"))
    }

    fn serialize_f64(self, _: f64) -> Result<Reached, Mismatch> {
        Err(unfit("a fraction"))
    }

    fn serialize_char(self, _: char) -> Result<Reached, Mismatch> {
        Err(unfit("one character"))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Reached, Mismatch> {
        Err(unfit("bytes"))
    }

    fn serialize_unit(self) -> Result<Reached, Mismatch> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Reached, Mismatch> {
        self.serialize_none()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Reached, Mismatch> {
        Err(unfit("an enum with values"))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Mismatch> {
        Err(unfit("a tuple"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Mismatch> {
        Err(unfit("an enum with values"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Keyed<'g>, Mismatch> {
        Ok(Keyed {
            fields: self.fields()?,
            key: String::new(),
        })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Mismatch> {
        Err(unfit("an enum with values"))
    }
}
