use std::fmt;

/// A patient attribute. It prints as `<phi>`, so no log, panic or debug dump can hold it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Wraps an attribute.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The attribute itself: for the screen, for matching, for what the user asked to see.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<phi>")
    }
}

impl<T> fmt::Display for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<phi>")
    }
}

#[cfg(test)]
mod tests {
    use super::Phi;

    #[test]
    fn a_patient_attribute_never_prints_itself() {
        let name = Phi::new("Doe^Jane".to_owned());
        assert_eq!(format!("{name} {name:?} {:#?}", Some(&name)), "<phi> <phi> Some(\n    <phi>,\n)");
        assert_eq!(name.reveal(), "Doe^Jane");
    }
}
