//! How is a count said? Nouns that follow their number.

use std::fmt::Display;

/// `1 image`, `28 images`, `1 series`, `2 series`, `1 study`, `3 studies`: a number and its noun, given in the singular.
pub fn counted(number: impl TryInto<u64> + Display + Copy, one: &str) -> String {
    match number.try_into() {
        Ok(1) => format!("1 {one}"),
        Ok(_) | Err(_) => format!("{number} {}", plural(one)),
    }
}

/// The plural of an English noun as this program uses them; of several words the last one changes.
pub fn plural(one: &str) -> String {
    let vowel = |c: char| "aeiou".contains(c);
    let last = one.rsplit([' ', '-']).next().unwrap_or(one);
    if last == "series" {
        return one.to_owned();
    }
    if let Some(stem) = one.strip_suffix('y').filter(|stem| !stem.ends_with(vowel)) {
        return format!("{stem}ies");
    }
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|end| one.ends_with(end));
    format!("{one}{}", if hissing { "es" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn nouns_follow_their_number() {
        let said = [
            (0, "image", "0 images"),
            (1, "image", "1 image"),
            (2, "key image", "2 key images"),
            (1, "series", "1 series"),
            (2, "series", "2 series"),
            (1, "study", "1 study"),
            (3, "study", "3 studies"),
            (2, "day", "2 days"),
            (2, "mesh", "2 meshes"),
            (2, "box", "2 boxes"),
        ];
        for (number, one, expected) in said {
            assert_eq!(counted(number, one), expected);
        }
        assert_eq!(counted(1_usize, "entry"), "1 entry");
    }
}
