//! Categories that features are made of: each is an enum whose values have names.
//!
//! The name of a value stands in the weights file, in `archive parse --explain` and in the model
//! card, which also shows its example. Order is kept: a feature's number is made of its values'.

/// A category with named values.
pub(crate) trait Axis: Copy + 'static {
    /// What the values tell apart: the model card says it.
    #[cfg(test)]
    const MEANING: &'static str;
    /// The values' names, in order, each with an example.
    const VALUES: &'static [(&'static str, &'static str)];

    /// Returns the value's place among [`VALUES`](Self::VALUES).
    fn index(self) -> usize;
}

impl Axis for bool {
    #[cfg(test)]
    const MEANING: &'static str = "Whether it is so.";
    const VALUES: &'static [(&'static str, &'static str)] = &[("no", ""), ("yes", "")];

    #[inline]
    fn index(self) -> usize {
        usize::from(self)
    }
}

/// Declares enums that are axes: `Value = "name", "example";`, one line a value.
macro_rules! axes {
    ($(
        $(#[doc = $doc:literal])+
        $axis:ident {
            $($(#[doc = $value_doc:literal])* $value:ident = $name:literal, $example:literal;)+
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $axis {
            $(
                $(#[doc = $value_doc])*
                #[doc = concat!("`", $name, "`: ", $example)]
                $value,
            )+
        }

        impl $crate::quotes::axis::Axis for $axis {
            #[cfg(test)]
            const MEANING: &'static str = concat!($($doc),+);
            const VALUES: &'static [(&'static str, &'static str)] = &[$(($name, $example)),+];

            #[inline]
            fn index(self) -> usize {
                self as usize
            }
        }
    )+};
}
pub(crate) use axes;
